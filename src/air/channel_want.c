/* Which children a channel wants: one per run of the timeline, ordered before
 * its boundary; filler in place of a run that no child can play. */

#include "air/channel_child.h"

#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "base/xmem.h"
#include "plan/seed.h"

#define SAME_MAX	2		/* of one asset, ending */
#define RUN_MAX_S	86400		/* one child plays no longer */
#define TRIAL_MIN_S	3		/* less is not worth the change */
#define SHORTEST_S(g)	((g)->rate.num / (g)->rate.den / 2)

/* What a child is to play. */
struct want {
	struct run run;
	bool filler;		/* in place of what was planned */
	bool trial;		/* of what was given up */
	int64_t name;		/* of the run */
	int64_t retry;		/* in struct retry */
};

/* The first slot from n on that no child has or will bring. */
static int64_t
covered_until(const struct channel *c, int64_t n)
{
	for (size_t i = 0; i < c->nkids; i++) {
		const struct kid *k = &c->kids[i];
		int64_t end = k->over ? join_cut(k->join) : k->n1;

		if (!k->dropped && !k->trial && k->n0 <= n && n < end &&
		    (!k->over || join_head(k->join) <= n)) {
			n = end;
			i = SIZE_MAX;		/* look through all again */
		}
	}
	return n;
}

static void
kid_spawn(struct channel *c, const struct want *w, int64_t n, int64_t now,
    struct channel_out *o)
{
	const struct run *run = &w->run;
	struct argv_child spec = {
		.ffmpeg = c->ffmpeg,
		.caps = c->caps,
		.language = timeline_chan(c->timeline)->language,
		.format = &timeline_chan(c->timeline)->format,
		.asset = run->asset,
		.in = run->in + n - run->n0,
		.n0 = n,
		.n1 = run->n1,
		.fade_in = n == run->n0 || w->filler || w->trial,
		.fade_out = true,
		.dip_in = run->fade_in && n == run->n0,
		.dip_out = run->fade_out,
		.tells = true,
	};
	struct kid *k = &c->kids[c->nkids++];
	struct channel_order *order;

	*k = (struct kid){
		.id = ++c->last_id, .n0 = n, .n1 = run->n1,
		.filler = w->filler, .trial = w->trial, .run = w->name,
		.retry = w->retry,
		.path = xstrdup(run->asset->path), .in = spec.in,
		.kind = preroll_kind(&c->preroll, run->asset),
		.spawned_ns = now, .told = -1,
	};
	child_init(&k->child);
	k->join = join_new(&c->grid, n, run->n1);
	order = kids_order(o, ORDER_SPAWN, k->id);
	order->argv = argv_child(&spec);
	order->planned = n == run->n0 && !w->filler &&
	    rate_frame_ns(c->grid.rate, n) > now;
}

/* No more of them than there is room for, and of what two do not want to let
 * go of not another one. */
static bool
may_spawn(const struct channel *c, const struct asset *a)
{
	size_t stuck = 0, same = 0;

	for (size_t i = 0; i < c->nkids; i++) {
		const struct kid *k = &c->kids[i];

		stuck += kid_is_stuck(k);
		same += (kid_is_stuck(k) || k->child.state == CHILD_TERMED) &&
		    strcmp(k->path, a->path) == 0;
	}
	return c->nkids - stuck < KIDS_MAX && stuck < STUCK_MAX &&
	    same < SAME_MAX;
}

/* The name of filler's piece is that of its file: a bad one does not hold the
 * good ones.  Below that of all filler. */
static int64_t
piece_name(const struct asset *a)
{
	return KIDS_FILLER - 1 - (int64_t)(seed_text(a->path) >> 2);
}

/* What has failed before waits for its own time.  Filler also waits for all
 * filler's, so that of many bad pieces no more is tried than of one; and where
 * not even filler airs it takes turns with what was given up. */
static bool
may_try(const struct channel *c, const struct want *w, int64_t now)
{
	bool waits = w->filler ? !retry_is_new(&c->retry, w->retry) :
	    w->trial && c->faltering;

	return retry_may(&c->retry, w->retry, now) &&
	    (!waits || retry_may(&c->retry, KIDS_FILLER, now));
}

/* Order what it still lacks from slot n on, once it is time for that.  While
 * the slate airs in its place a new child begins a second ahead: what it
 * brings for now would be late. */
static void
want(struct channel *c, const struct want *w, int64_t n, int64_t now,
    struct channel_out *o)
{
	n = covered_until(c, n);
	if (rate_frame_ns(c->grid.rate, n) >= now +
	    preroll_ns(&c->preroll, w->run.asset))
		return;
	if (n >= w->run.n1 || !may_try(c, w, now))
		return;
	if (c->faltering && n == c->next) {
		n = covered_until(c, n + kids_seconds(c, 1));
		if (n + SHORTEST_S(&c->grid) >= w->run.n1)
			return;
	}
	if (may_spawn(c, w->run.asset))
		kid_spawn(c, w, n, now, o);
}

/* True while it is not known yet whether filler can be played at all. */
static bool
filler_begins(const struct channel *c)
{
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].filler && !c->kids[i].over &&
		    !join_started(c->kids[i].join))
			return true;
	return false;
}

/* Filler in place of a run, from slot n to its end; piece by piece, as far as
 * it is time for them. */
static void
filler_want(struct channel *c, const struct run *run, int64_t n, int64_t now,
    struct channel_out *o)
{
	while (n < run->n1 && !filler_begins(c)) {
		struct want w = {
			.run = timeline_filler(c->timeline, n),
			.filler = true,
			.name = kids_run_name(run),
		};

		if (w.run.asset == NULL || rate_frame_ns(c->grid.rate, n) >=
		    now + preroll_ns(&c->preroll, w.run.asset))
			return;
		if (w.run.n1 > run->n1)
			w.run.n1 = run->n1;
		w.retry = piece_name(w.run.asset);
		want(c, &w, n, now, o);
		n = w.run.n1;
	}
}

static bool
is_tried(const struct channel *c, int64_t run)
{
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].trial && c->kids[i].run == run &&
		    !c->kids[i].dropped)
			return true;
	return false;
}

/* Now and then another child of a run that was given up, as its disk may be
 * back: from a key frame on that is far enough ahead, where it can take over
 * from filler. */
static void
trial_want(struct channel *c, const struct want *w, int64_t n, int64_t now,
    struct channel_out *o)
{
	int64_t at = rate_frame_at(c->grid.rate, now +
	    preroll_ns(&c->preroll, w->run.asset));

	at = (div_floor(at, c->grid.gop) + 1) * c->grid.gop;
	at = at > n ? at : n;
	if (at + kids_seconds(c, TRIAL_MIN_S) >= w->run.n1 ||
	    !may_try(c, w, now) || is_tried(c, w->name) ||
	    !may_spawn(c, w->run.asset))
		return;
	retry_give_up(&c->retry, w->retry, now);
	if (c->faltering)
		retry_failed(&c->retry, KIDS_FILLER, now, false, false);
	kid_spawn(c, w, at, now, o);
}

static void
run_want(struct channel *c, const struct run *run, int64_t n, int64_t now,
    struct channel_out *o)
{
	const int64_t name = kids_run_name(run);
	struct want w = { .run = *run, .name = name, .retry = name };

	if (!retry_is_given_up(&c->retry, name)) {
		want(c, &w, n, now, o);
		return;
	}
	w.trial = true;
	trial_want(c, &w, n, now, o);
	filler_want(c, run, n, now, o);
}

void
kids_want(struct channel *c, int64_t now, struct channel_out *o)
{
	int64_t longest = preroll_longest_ns(&c->preroll), n = c->next, at;

	while ((at = rate_frame_ns(c->grid.rate, n)) < now + longest) {
		struct run run = channel_run(c, n,
		    kids_seconds(c, RUN_MAX_S));

		if (run.asset != NULL &&
		    at < now + preroll_ns(&c->preroll, run.asset))
			run_want(c, &run, n, now, o);
		n = run.n1;
	}
}
