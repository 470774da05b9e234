#include "air/override.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"

static int64_t
min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
override_fini(struct override *o)
{
	if (o->asset != NULL)
		asset_fini(o->asset);
	free(o->asset);
}

static void
remove_at(struct overrides *s, size_t i)
{
	override_fini(&s->v[i]);
	s->n--;
	memmove(&s->v[i], &s->v[i + 1], (s->n - i) * sizeof *s->v);
}

void
overrides_end(struct overrides *s, int64_t n, const char *why)
{
	while (s->n > 0 && s->v[s->n - 1].n0 >= n)
		remove_at(s, s->n - 1);
	if (s->n > 0 && s->v[s->n - 1].n1 > n) {
		struct override *o = &s->v[s->n - 1];

		o->n1 = n;
		snprintf(o->end, sizeof o->end, "%s", why);
	}
}

void
overrides_put(struct overrides *s, const struct override *o)
{
	overrides_end(s, o->n0, o->why);
	xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
	s->v[s->n++] = *o;
}

void
overrides_shift(struct overrides *s, int64_t by, int64_t n)
{
	for (size_t i = s->n; i-- > 0;) {
		struct override *o = &s->v[i];

		if (o->kind == OVERRIDE_SKIP) {
			if (o->n0 > n || s->n > 1)
				remove_at(s, i);
			continue;
		}
		o->n0 += by;
		o->origin += by;
		if (o->n1 < OVERRIDE_EVER)
			o->n1 += by;
	}
}

void
overrides_prune(struct overrides *s, int64_t n)
{
	while (s->n > 0 && s->v[0].n1 <= n)
		remove_at(s, 0);
}

void
overrides_fini(struct overrides *s)
{
	overrides_prune(s, INT64_MAX);
	free(s->v);
	*s = (struct overrides){ 0 };
}

const struct override *
overrides_find(const struct overrides *s, int64_t n)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].n0 <= n && n < s->v[i].n1)
			return &s->v[i];
	return NULL;
}

/* A run's part in [n0, n1). */
static struct run
run_clip(struct run r, int64_t n0, int64_t n1)
{
	if (r.n0 < n0) {
		r.in += r.asset != NULL ? n0 - r.n0 : 0;
		r.n0 = n0;
		r.fade_in = false;
	}
	if (r.n1 > n1) {
		r.n1 = n1;
		r.fade_out = false;
	}
	return r;
}

/* The turn of a file, or of the slate, that slot n is in. */
static struct run
turn_at(const struct override *o, int64_t n)
{
	int64_t begin = n - mod_floor(n - o->origin, o->frames);

	return run_clip((struct run){
		.n0 = begin, .n1 = begin + o->frames, .asset = o->asset,
	}, o->n0, o->n1);
}

/* Where what was skipped to is over, filler waits for the plan. */
static struct run
rest_at(const struct override *o, const struct timeline *t, int64_t n)
{
	struct run r = timeline_filler(t, n);

	if (r.asset == NULL)
		r = (struct run){ .n0 = o->n0, .n1 = o->n1 };
	return run_clip(r, o->rest, o->n1);
}

static struct sight
sight_of_run(const struct override *o, const struct run *r,
    enum segment_kind kind)
{
	return (struct sight){
		.segment = {
			.n0 = r->n0, .n1 = r->n1, .kind = kind,
			.asset = r->asset, .in = r->in,
			.programme = DAY_OFF_AIR,
		},
		.by = o,
	};
}

struct sight
overrides_at(const struct overrides *s, struct timeline *t, int64_t n)
{
	const struct override *o = overrides_find(s, n);
	struct run r;

	if (o == NULL)
		return (struct sight){ .segment = *timeline_at(t, n) };
	if (o->kind != OVERRIDE_SKIP) {
		r = turn_at(o, n);
		return sight_of_run(o, &r, SEGMENT_takeover);
	}
	if (n < o->rest)
		return (struct sight){
			.segment = *timeline_at(t, n + o->ahead),
			.ahead = o->ahead, .by = o,
		};
	r = rest_at(o, t, n);
	return sight_of_run(o, &r, r.asset != NULL ? SEGMENT_filler :
	    SEGMENT_pad);
}

/* What is planned there, up to where an override has it otherwise. */
static struct run
planned_run(const struct overrides *s, struct timeline *t, int64_t n,
    int64_t max)
{
	struct run r = timeline_run(t, n, max);

	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].n0 > n)
			r = run_clip(r, INT64_MIN, s->v[i].n0);
		else
			r = run_clip(r, s->v[i].n1, INT64_MAX);
	}
	return r;
}

/* What is planned so many frames later. */
static struct run
ahead_run(const struct override *o, struct timeline *t, int64_t n,
    int64_t max)
{
	struct run r = timeline_run(t, n + o->ahead, max);

	r.n0 -= o->ahead;
	r.n1 -= o->ahead;
	return run_clip(r, o->n0, min64(o->rest, o->n1));
}

struct run
overrides_run(const struct overrides *s, struct timeline *t, int64_t n,
    int64_t max)
{
	const struct override *o = overrides_find(s, n);
	struct run r;

	if (o == NULL)
		return planned_run(s, t, n, max);
	if (o->kind != OVERRIDE_SKIP)
		r = turn_at(o, n);
	else if (n < o->rest)
		r = ahead_run(o, t, n, max);
	else
		r = rest_at(o, t, n);
	return run_clip(r, INT64_MIN, min64(n + max, OVERRIDE_EVER));
}
