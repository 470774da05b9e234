#include "plan/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

struct kept_asset {
	const struct asset *from;	/* only compared, soon gone */
	struct asset *copy;
};

struct kept {
	struct day *day;
	struct kept_asset *assets;
	size_t nassets, cap_assets;
	size_t cap_segments, cap_programmes;
	const struct programme *last;	/* the one copied last */
};

static const struct asset *
asset_keep(struct kept *k, const struct asset *a)
{
	struct kept_asset *slot;

	if (a == NULL)
		return NULL;
	for (size_t i = k->nassets; i-- > 0;)
		if (k->assets[i].from == a)
			return k->assets[i].copy;
	xgrow(&k->assets, &k->cap_assets, k->nassets + 1, sizeof *k->assets);
	slot = &k->assets[k->nassets++];
	slot->from = a;
	slot->copy = xcalloc(1, sizeof *slot->copy);
	asset_copy(slot->copy, a);
	return slot->copy;
}

static const char *
text_keep(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

static void
text_free(const char *s)
{
	free((char *)(uintptr_t)s);
}

/* The index of p, which is the last one kept or a new one. */
static size_t
programme_keep(struct kept *k, const struct programme *p)
{
	struct day *d = k->day;
	const struct programme *last = d->nprogrammes > 0 ?
	    &d->programmes[d->nprogrammes - 1] : NULL;

	if (p == NULL)
		return DAY_OFF_AIR;
	if (last == NULL || last->n0 != p->n0) {
		xgrow(&d->programmes, &k->cap_programmes, d->nprogrammes + 1,
		    sizeof *d->programmes);
		d->programmes[d->nprogrammes++] = (struct programme){
			.n0 = p->n0,
			.n1 = p->n1,
			.title = xstrdup(p->title),
			.subtitle = text_keep(p->subtitle),
			.description = text_keep(p->description),
			.several = p->several,
			.first_run = p->first_run,
			.rerun_channel = text_keep(p->rerun_channel),
			.rerun_hours = p->rerun_hours,
			.asset = asset_keep(k, p->asset),
		};
	}
	return d->nprogrammes - 1;
}

static void
segment_keep(struct kept *k, struct segment s, const struct programme *p)
{
	struct day *d = k->day;

	s.programme = programme_keep(k, p);
	s.asset = asset_keep(k, s.asset);
	xgrow(&d->segments, &k->cap_segments, d->nsegments + 1,
	    sizeof *d->segments);
	d->segments[d->nsegments++] = s;
}

/* A segment's part in [n0, n1). */
static struct segment
segment_cut(struct segment s, int64_t n0, int64_t n1)
{
	if (s.n0 < n0) {
		s.in += s.asset != NULL ? n0 - s.n0 : 0;
		s.n0 = n0;
		s.fade_in = false;
	}
	if (s.n1 > n1) {
		s.n1 = n1;
		s.fade_out = false;
	}
	return s;
}

static struct kept *
kept_empty(int64_t n0, int64_t n1)
{
	struct kept *k = xcalloc(1, sizeof *k);

	k->day = xcalloc(1, sizeof *k->day);
	k->day->n0 = n0;
	k->day->n1 = n1;
	return k;
}

int64_t
kept_until(struct timeline *t, int64_t now, int64_t n)
{
	const struct segment *s = timeline_at(t, n);

	while (segment_is_idle(s)) {
		if (s->n0 <= now)
			return now;
		n = s->n0 - 1;
		s = timeline_at(t, n);
	}
	return timeline_item_end(t, n);
}

struct kept *
kept_new(struct timeline *t, int64_t n0, int64_t n1)
{
	struct kept *k = kept_empty(n0, n0);

	kept_extend(k, t, n1);
	return k;
}

void
kept_extend(struct kept *k, struct timeline *t, int64_t n1)
{
	int64_t n0 = k->day->n1;

	for (int64_t n = n0; n < n1;) {
		struct segment s = *timeline_at(t, n);

		n = s.n1;
		segment_keep(k, segment_cut(s, n0, n1),
		    timeline_programme(t, &s));
	}
	k->day->n1 = n1;
}

struct kept *
kept_of_day(const struct day *d, int64_t n0, int64_t n1)
{
	struct kept *k = kept_empty(n0, n1);

	for (size_t i = 0; i < d->nsegments; i++) {
		const struct segment *s = &d->segments[i];

		if (s->n1 > n0 && s->n0 < n1)
			segment_keep(k, *s, s->programme != DAY_OFF_AIR ?
			    &d->programmes[s->programme] : NULL);
	}
	day_trim(k->day, n0, n1);
	return k;
}

void
kept_free(struct kept *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->day->nprogrammes; i++) {
		const struct programme *p = &k->day->programmes[i];

		text_free(p->title);
		text_free(p->subtitle);
		text_free(p->description);
		text_free(p->rerun_channel);
	}
	for (size_t i = 0; i < k->nassets; i++) {
		asset_fini(k->assets[i].copy);
		free(k->assets[i].copy);
	}
	free(k->assets);
	day_free(k->day);
	free(k);
}

static bool
same_asset(const struct asset *a, const struct asset *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a->path, b->path) == 0;
}

static bool
same_programme(const struct kept *k, size_t i, const struct programme *p)
{
	const struct programme *q = i != DAY_OFF_AIR ?
	    &k->day->programmes[i] : NULL;

	if (p == NULL || q == NULL)
		return p == q;
	return p->n0 == q->n0 && p->n1 == q->n1 &&
	    strcmp(p->title, q->title) == 0;
}

bool
kept_agrees(const struct kept *k, struct timeline *t)
{
	for (size_t i = 0; i < k->day->nsegments; i++) {
		const struct segment *a = &k->day->segments[i];
		const struct segment *at = timeline_at(t, a->n0);
		struct segment b = segment_cut(*at, k->day->n0, k->day->n1);

		if (a->n0 != b.n0 || a->n1 != b.n1 || a->in != b.in ||
		    a->kind != b.kind || a->fade_in != b.fade_in ||
		    a->fade_out != b.fade_out ||
		    !same_asset(a->asset, b.asset) ||
		    !same_programme(k, a->programme,
		    timeline_programme(t, at)))
			return false;
	}
	return true;
}

struct day *
kept_day(struct kept *k)
{
	return k->day;
}

void
day_trim(struct day *d, int64_t n0, int64_t n1)
{
	size_t n = 0;

	for (size_t i = 0; i < d->nsegments; i++) {
		struct segment s = segment_cut(d->segments[i], n0, n1);

		if (s.n0 < s.n1)
			d->segments[n++] = s;
	}
	d->nsegments = n;
	if (d->n0 < n0)
		d->n0 = n0;
	if (d->n1 > n1)
		d->n1 = n1;
}
