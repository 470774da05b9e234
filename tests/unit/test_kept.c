#include <stdio.h>

#include "world.h"
#include "plan/kept.h"
#include "plan/timeline.h"
#include "plan/tlog.h"

#define SINCE	INT64_C(19723)		/* 2024-01-01 */

static int64_t
at(int64_t date, int hour, int min)
{
	return (date * 86400 + hour * 3600 + min * 60) * 25;
}

/* Programmes of so many minutes under that directory, all day. */
static struct world *
world_of(const char *dir, int minutes)
{
	struct world *w = world_new(pal);
	char path[32];

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%d", dir, i);
		world_marker(world_asset(w, path, ASSET_episode,
		    minutes * MINUTE), MARKER_avail, 5 * MINUTE, -1);
	}
	world_asset(w, "/s/1", ASSET_commercial, 3 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, dir));
	return w;
}

struct pair {
	struct world *was, *is;
	struct timeline *t, *fresh;
};

/* A timeline of /b, with 20:03 to 21:00 kept of one of /a, which is gone. */
static struct pair
pair_new(void)
{
	struct pair p = { world_of("/a", 22), world_of("/b", 40), NULL, NULL };
	struct timeline *old = timeline_new(&p.was->ch, &p.was->lib,
	    p.was->z, SINCE);

	p.t = timeline_new(&p.is->ch, &p.is->lib, p.is->z, SINCE);
	p.fresh = timeline_new(&p.is->ch, &p.is->lib, p.is->z, SINCE);
	(void)timeline_at(p.t, at(SINCE, 20, 30));
	assert_true(timeline_keep(p.t, old, at(SINCE, 20, 3),
	    at(SINCE, 21, 0)));
	timeline_free(old);
	world_free(p.was);
	p.was = world_of("/a", 22);
	return p;
}

static void
pair_free(struct pair *p)
{
	timeline_free(p->t);
	timeline_free(p->fresh);
	world_free(p->was);
	world_free(p->is);
}

static void
same_segment(struct timeline *a, struct timeline *b, int64_t n)
{
	const struct segment *x = timeline_at(a, n), *y = timeline_at(b, n);

	assert_int_equal(x->kind, y->kind);
	assert_int_equal(x->asset == NULL, y->asset == NULL);
	if (x->asset == NULL)
		return;
	assert_string_equal(x->asset->path, y->asset->path);
	assert_int_equal(x->in - x->n0, y->in - y->n0);
}

static void
the_old_plan_stands_where_it_is_kept_and_nowhere_else(void **state)
{
	struct pair p = pair_new();
	struct timeline *old = timeline_new(&p.was->ch, &p.was->lib,
	    p.was->z, SINCE);

	(void)state;
	for (int64_t n = at(SINCE, 19, 0); n < at(SINCE, 23, 0); n += 97) {
		bool kept = n >= at(SINCE, 20, 3) && n < at(SINCE, 21, 0);

		same_segment(p.t, kept ? old : p.fresh, n);
	}
	timeline_free(old);
	pair_free(&p);
}

static void
when_the_old_plan_is_let_go_the_day_is_the_one_that_was_handed_over(
    void **state)
{
	struct pair p = pair_new();
	struct timeline *other;

	(void)state;
	timeline_let_go(p.t);
	for (int64_t n = at(SINCE, 19, 0); n < at(SINCE, 23, 0); n += 97)
		same_segment(p.t, p.fresh, n);
	/* of another plan, to tell it from one made here */
	other = timeline_new(&p.was->ch, &p.was->lib, p.was->z, SINCE);
	timeline_put(p.t, timeline_plan(other, SINCE + 1));
	assert_true(timeline_keep(p.t, p.fresh, at(SINCE + 1, 20, 3),
	    at(SINCE + 1, 21, 0)));
	same_segment(p.t, p.fresh, at(SINCE + 1, 20, 30));
	timeline_let_go(p.t);
	same_segment(p.t, other, at(SINCE + 1, 20, 30));
	same_segment(p.t, other, at(SINCE + 1, 22, 0));
	timeline_free(other);
	pair_free(&p);
}

static void
segments_tile_over_both_ends(void **state)
{
	struct pair p = pair_new();

	(void)state;
	for (int64_t n = at(SINCE, 19, 0), n1; n < at(SINCE + 1, 1, 0);
	    n = n1) {
		const struct segment *s = timeline_at(p.t, n);

		n1 = s->n1;
		if (n != at(SINCE, 19, 0))
			assert_int_equal(s->n0, n);
		assert_true(n1 > n);
		assert_ptr_equal(timeline_at(p.t, n1 - 1), s);
	}
	pair_free(&p);
}

static void
runs_end_where_the_plans_meet(void **state)
{
	struct pair p = pair_new();
	struct run before, after;

	(void)state;
	before = timeline_run(p.t, at(SINCE, 20, 3) - 1, 1000000);
	after = timeline_run(p.t, at(SINCE, 21, 0), 1000000);
	assert_int_equal(before.n1, at(SINCE, 20, 3));
	assert_int_equal(after.n0, at(SINCE, 21, 0));
	pair_free(&p);
}

/* 40 minutes in half-hour slots: /b is on from 20:00 to 21:00, 21:00 ... */
static void
the_next_programme_is_the_new_plans_when_the_kept_one_ends(void **state)
{
	struct pair p = pair_new();
	const struct programme *next;

	(void)state;
	next = timeline_next(p.t, at(SINCE, 20, 31));
	assert_int_equal(next->n0, at(SINCE, 21, 0));
	assert_memory_equal(next->asset->path, "/b", 2);
	assert_int_equal(timeline_kept_until(p.t), at(SINCE, 21, 0));
	pair_free(&p);
}

static void
a_programme_cut_by_what_is_kept_is_joined_in_progress(void **state)
{
	struct world *was = world_of("/a", 22), *is = world_of("/b", 50);
	struct timeline *old = timeline_new(&was->ch, &was->lib, was->z, SINCE);
	struct timeline *t = timeline_new(&is->ch, &is->lib, is->z, SINCE);
	const struct programme *p;

	(void)state;
	assert_true(timeline_keep(t, old, at(SINCE, 19, 59),
	    at(SINCE, 20, 30)));
	p = timeline_programme(t, timeline_at(t, at(SINCE, 20, 30)));
	assert_int_equal(p->n0, at(SINCE, 20, 30));
	assert_int_equal(p->n1, at(SINCE, 21, 0));
	assert_true(timeline_at(t, at(SINCE, 20, 30))->in > 0);
	timeline_free(old);
	timeline_free(t);
	world_free(was);
	world_free(is);
}

static void
a_plan_that_has_not_changed_keeps_nothing(void **state)
{
	struct world *was = world_of("/a", 22), *is = world_of("/a", 22);
	struct timeline *old = timeline_new(&was->ch, &was->lib, was->z, SINCE);
	struct timeline *t = timeline_new(&is->ch, &is->lib, is->z, SINCE);

	(void)state;
	assert_false(timeline_keep(t, old, at(SINCE, 19, 59),
	    at(SINCE, 20, 30)));
	assert_int_equal(timeline_kept_until(t), 0);
	timeline_free(old);
	timeline_free(t);
	world_free(was);
	world_free(is);
}

/* As where a log was stored of it. */
static void
what_was_kept_already_stands_behind_what_is_kept(void **state)
{
	struct pair p = pair_new();
	struct world *w = world_new(pal);	/* airs nothing */
	struct timeline *pad = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	struct timeline *was = timeline_new(&p.was->ch, &p.was->lib,
	    p.was->z, SINCE);
	int64_t n = at(SINCE, 20, 10);

	(void)state;
	assert_true(timeline_keep(p.t, pad, at(SINCE, 20, 5), n));
	assert_int_equal(timeline_kept_until(p.t), at(SINCE, 21, 0));
	assert_null(timeline_at(p.t, n - 1)->asset);
	assert_int_equal(timeline_at(p.t, n)->n0, n);
	same_segment(p.t, was, n);
	same_segment(p.t, was, at(SINCE, 20, 59));
	same_segment(p.t, p.fresh, at(SINCE, 21, 0));
	timeline_free(was);
	timeline_free(pad);
	world_free(w);
	pair_free(&p);
}

static void
what_is_on_ends_with_its_programme(void **state)
{
	struct world *w = world_of("/a", 22);
	struct timeline *t = timeline_new(&w->ch, &w->lib, w->z, SINCE);

	(void)state;
	assert_int_equal(timeline_item_end(t, at(SINCE, 20, 1)),
	    at(SINCE, 20, 30));
	timeline_free(t);
	world_free(w);
}

/* From 18:00 on there is nothing, but for a programme at 20:00. */
static void
of_idle_time_nothing_has_to_stand(void **state)
{
	struct world *w = world_new(pal);
	struct timeline *t;
	struct day *d;
	static const struct {
		int now_h, now_m, h, m, stands_h, stands_m;
	} of[] = {
		{ 19, 0, 19, 10, 19, 0 },	/* idle for hours */
		{ 19, 55, 20, 5, 20, 30 },	/* the programme is locked, */
		{ 20, 25, 20, 35, 20, 30 },	/* and its end, not what is
						 * behind it */
		{ 20, 10, 20, 20, 20, 30 },
		{ 20, 30, 20, 40, 20, 30 },
		{ 18, 0, 18, 10, 18, 0 },
	};

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_block(w, 20 * 3600, 1800, world_pool(w, "/a"));
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	d = timeline_plan(t, SINCE);
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		int64_t now = at(SINCE, of[i].now_h, of[i].now_m);
		int64_t n = at(SINCE, of[i].h, of[i].m);
		int64_t end = at(SINCE, of[i].stands_h, of[i].stands_m);

		assert_int_equal(kept_until(t, now, n), end);
		assert_int_equal(tlog_kept_until(d, now, n), end);
	}
	assert_int_equal(tlog_kept_until(d, d->n1 - 9, d->n1 + 9),
	    d->n1 + 9);
	day_free(d);
	timeline_free(t);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_old_plan_stands_where_it_is_kept_and_nowhere_else),
		cmocka_unit_test(when_the_old_plan_is_let_go_the_day_is_the_one_that_was_handed_over),
		cmocka_unit_test(segments_tile_over_both_ends),
		cmocka_unit_test(runs_end_where_the_plans_meet),
		cmocka_unit_test(
		    the_next_programme_is_the_new_plans_when_the_kept_one_ends),
		cmocka_unit_test(
		    a_programme_cut_by_what_is_kept_is_joined_in_progress),
		cmocka_unit_test(a_plan_that_has_not_changed_keeps_nothing),
		cmocka_unit_test(what_was_kept_already_stands_behind_what_is_kept),
		cmocka_unit_test(what_is_on_ends_with_its_programme),
		cmocka_unit_test(of_idle_time_nothing_has_to_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
