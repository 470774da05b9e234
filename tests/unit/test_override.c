/* test_override.c - what an operator puts above a timeline, slot by slot. */

#include "world.h"

#include "air/override.h"

#define SINCE	INT64_C(20454)		/* 2026-01-01 */
#define FPS	25
#define DAY	(INT64_C(20468) * DAY_S * FPS)	/* a Thursday */
#define TURN	(7 * FPS)
#define LONG	INT64_C(1000000)

static struct world *w;
static struct timeline *t;
static struct overrides s;

/* Half an hour each, with a break in it, and filler of ten seconds. */
static int
setup(void **state)
{
	struct asset *a;

	(void)state;
	w = world_new(pal);
	a = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);
	world_marker(a, MARKER_avail, 11 * MINUTE, -1);
	world_asset(w, "/f/1", ASSET_filler, 10 * S);
	world_asset(w, "/s/1", ASSET_commercial, 30 * S);
	world_asset(w, "/s/2", ASSET_commercial, 20 * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	w->ch.filler = xstrdup("/f/1");
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	overrides_fini(&s);
	timeline_free(t);
	world_free(w);
	return 0;
}

static void
put_file(int64_t n0, int64_t n1)
{
	struct override o = { .kind = OVERRIDE_FILE, .n0 = n0, .n1 = n1,
	    .origin = n0, .frames = TURN, .why = "by me" };

	o.asset = xcalloc(1, sizeof *o.asset);
	o.asset->path = xstrdup("/alarm");
	overrides_put(&s, &o);
}

/* What is on at n is left for the next segment. */
static const struct override *
put_skip(int64_t n)
{
	struct override o = { .kind = OVERRIDE_SKIP, .n0 = n };

	o.n1 = timeline_item_end(t, n);
	o.ahead = timeline_at(t, n)->n1 - n;
	o.rest = o.n1 - o.ahead > n ? o.n1 - o.ahead : n;
	overrides_put(&s, &o);
	return overrides_find(&s, n);
}

static void
check_plan(int64_t n)
{
	struct segment plan = *timeline_at(t, n);
	struct sight is = overrides_at(&s, t, n);

	assert_null(is.by);
	assert_int_equal(is.ahead, 0);
	assert_int_equal(is.segment.n0, plan.n0);
	assert_int_equal(is.segment.n1, plan.n1);
	assert_ptr_equal(is.segment.asset, plan.asset);
}

/* The segments and the runs that children play say the same, slot by slot,
 * and runs tile the line. */
static void
check_runs(int64_t n0, int64_t n1)
{
	for (int64_t n = n0; n < n1;) {
		struct run r = overrides_run(&s, t, n, LONG);

		assert_true(r.n0 <= n && r.n1 > n);
		for (int64_t k = r.n0; k < r.n1; k += k + 97 < r.n1 ? 97 : 1) {
			struct sight is = overrides_at(&s, t, k);
			struct run same = overrides_run(&s, t, k, LONG);

			assert_ptr_equal(is.segment.asset, r.asset);
			assert_int_equal(same.n0, r.n0);
			if (r.asset != NULL)
				assert_int_equal(is.segment.in + k + is.ahead -
				    is.segment.n0, r.in + k - r.n0);
		}
		n = r.n1;
	}
}

static void
without_any_the_plan_is_seen(void **state)
{
	(void)state;
	for (int64_t n = DAY; n < DAY + 3600 * FPS; n += 501)
		check_plan(n);
	check_runs(DAY, DAY + 3600 * FPS);
}

static void
a_file_is_looped_from_where_it_began(void **state)
{
	const int64_t n0 = DAY + 1234, n1 = n0 + 3 * TURN + 5;

	(void)state;
	put_file(n0, n1);
	for (int64_t n = n0; n < n1; n++) {
		struct sight is = overrides_at(&s, t, n);

		assert_string_equal(is.segment.asset->path, "/alarm");
		assert_int_equal(is.segment.kind, SEGMENT_takeover);
		assert_int_equal(is.segment.in + n - is.segment.n0,
		    (n - n0) % TURN);
	}
	assert_int_equal(overrides_at(&s, t, n1 - 1).segment.n1, n1);
	check_plan(n0 - 1);
	check_plan(n1);
	check_runs(n0 - 2000, n1 + 2000);
}

static void
a_run_ends_where_a_takeover_begins_and_goes_on_where_it_ends(void **state)
{
	const int64_t n0 = DAY + 1000, n1 = n0 + 100;
	struct run r;

	(void)state;
	put_file(n0, n1);
	r = overrides_run(&s, t, n0 - 1, LONG);
	assert_int_equal(r.n1, n0);
	r = overrides_run(&s, t, n1, LONG);
	assert_int_equal(r.n0, n1);
	assert_int_equal(r.in, n1 - DAY);
	assert_false(r.fade_in);
}

static void
a_release_gives_the_rest_back(void **state)
{
	const int64_t n0 = DAY + 1000;

	(void)state;
	put_file(n0, OVERRIDE_EVER);
	assert_non_null(overrides_find(&s, n0 + LONG));
	overrides_end(&s, n0 + 50, "released");
	assert_string_equal(overrides_find(&s, n0 + 49)->end, "released");
	check_plan(n0 + 50);
	overrides_end(&s, n0, "never was");
	check_plan(n0);
	assert_int_equal(s.n, 0);
}

static void
the_later_one_counts(void **state)
{
	const int64_t n0 = DAY + 1000;

	(void)state;
	put_skip(n0);
	put_file(n0 + 100, n0 + 200);
	put_file(n0 + 150, OVERRIDE_EVER);
	assert_int_equal(overrides_find(&s, n0 + 99)->kind, OVERRIDE_SKIP);
	assert_int_equal(overrides_find(&s, n0 + 149)->n1, n0 + 150);
	assert_int_equal(overrides_find(&s, n0 + 150)->origin, n0 + 150);
	check_runs(n0 - 500, n0 + 1000);
	overrides_prune(&s, n0 + 150);
	assert_int_equal(s.n, 1);
}

/* Frame by frame the same as planned, so much earlier; filler for what was
 * skipped; and from the block's end on the plan. */
static void
a_skip_ends_where_the_block_does(void **state)
{
	const int64_t n = DAY + 4321;
	const struct override *o = put_skip(n);
	int64_t end = DAY + 1800 * FPS;

	(void)state;
	assert_int_equal(o->n1, end);
	assert_int_equal(o->ahead, 11 * 60 * FPS - 4321);
	for (int64_t k = n; k < o->rest; k += 13) {
		struct segment plan = *timeline_at(t, k + o->ahead);
		struct sight is = overrides_at(&s, t, k);

		assert_int_equal(is.segment.n0, plan.n0);
		assert_ptr_equal(is.segment.asset, plan.asset);
		assert_int_equal(is.ahead, o->ahead);
	}
	for (int64_t k = o->rest; k < end; k++) {
		struct sight is = overrides_at(&s, t, k);

		assert_int_equal(is.segment.kind, SEGMENT_filler);
		assert_int_equal(is.ahead, 0);
	}
	assert_int_equal(end - o->rest, o->ahead);
	check_plan(n - 1);
	check_plan(end);
	check_runs(DAY, end + 5000);
}

static void
a_skip_of_the_last_segment_is_filler_to_the_end(void **state)
{
	const int64_t end = DAY + 1800 * FPS;
	const struct override *o = put_skip(end - 30);

	(void)state;
	assert_int_equal(o->rest, end - 30);
	for (int64_t n = end - 30; n < end; n++)
		assert_int_equal(overrides_at(&s, t, n).ahead, 0);
	check_runs(end - 500, end + 500);
}

/* Off by as much as the clock, and the same picture of the file is on. */
static void
a_takeover_goes_with_the_clock_wherever_that_steps(void **state)
{
	static const int64_t by[] = { -600 * FPS, -1, 30, 86400 * FPS };
	const int64_t n0 = DAY + 1234, now = n0 + 2 * TURN + 3;
	const int64_t n1 = n0 + 900 * FPS;

	(void)state;
	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		struct sight is;

		put_file(n0, n1);
		overrides_shift(&s, by[i], now + by[i]);
		is = overrides_at(&s, t, now + by[i]);
		assert_int_equal(is.segment.kind, SEGMENT_takeover);
		assert_int_equal(is.segment.in + now + by[i] - is.segment.n0,
		    3);
		assert_non_null(overrides_find(&s, n1 - 1 + by[i]));
		check_plan(n0 - 1 + by[i]);
		check_plan(n1 + by[i]);
		overrides_end(&s, INT64_MIN, "");
		assert_int_equal(s.n, 0);
	}
}

static void
without_an_end_it_has_none_after_a_step(void **state)
{
	const int64_t n0 = DAY + 1000;

	(void)state;
	put_file(n0, OVERRIDE_EVER);
	overrides_shift(&s, 86400 * FPS, n0 + 50 + 86400 * FPS);
	overrides_shift(&s, -86400 * FPS, n0 + 50);
	assert_int_equal(s.v[0].n1, OVERRIDE_EVER);
	assert_int_equal(s.v[0].n0, n0);
}

static void
what_was_released_is_not_on_again_after_a_step(void **state)
{
	const int64_t n0 = DAY + 1000, back = -600 * FPS;

	(void)state;
	put_file(n0, OVERRIDE_EVER);
	overrides_end(&s, n0 + 50, "released");
	overrides_shift(&s, back, n0 + 50 + back);
	for (int64_t n = n0 + 50 + back; n < n0 + 1000; n += 10)
		check_plan(n);
}

static void
a_skip_stays_in_the_plan_or_is_forgotten(void **state)
{
	const int64_t n = DAY + 4321;

	(void)state;
	put_skip(n);
	overrides_shift(&s, 30, n + 40);
	assert_non_null(overrides_find(&s, n));
	assert_null(overrides_find(&s, n - 1));
	overrides_shift(&s, -60, n - 20);
	assert_int_equal(s.n, 0);
	put_skip(n);
	put_file(n + 100, OVERRIDE_EVER);
	overrides_shift(&s, -50, n + 60);
	assert_int_equal(s.n, 1);
	assert_int_equal(overrides_find(&s, n + 60)->kind, OVERRIDE_FILE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(without_any_the_plan_is_seen),
		T(a_file_is_looped_from_where_it_began),
		T(a_run_ends_where_a_takeover_begins_and_goes_on_where_it_ends),
		T(a_release_gives_the_rest_back),
		T(the_later_one_counts),
		T(a_skip_ends_where_the_block_does),
		T(a_skip_of_the_last_segment_is_filler_to_the_end),
		T(a_takeover_goes_with_the_clock_wherever_that_steps),
		T(without_an_end_it_has_none_after_a_step),
		T(what_was_released_is_not_on_again_after_a_step),
		T(a_skip_stays_in_the_plan_or_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
