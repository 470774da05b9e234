#include "world.h"
#include "plan/timeline.h"

#define SINCE	INT64_C(19723)		/* 2024-01-01 */

static struct world *w;
static struct timeline *t;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	t = NULL;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	timeline_free(t);
	world_free(w);
	return 0;
}

/* Three episodes in turn, each with a break in the middle, all day. */
static void
sitcoms(void)
{
	static const char *const paths[] = { "/a/1", "/a/2", "/a/3" };

	for (int i = 0; i < 3; i++) {
		struct asset *a = world_asset(w, paths[i], ASSET_episode,
		    22 * MINUTE);

		world_marker(a, MARKER_intro, 0, MINUTE);
		world_marker(a, MARKER_avail, 11 * MINUTE, -1);
	}
	world_asset(w, "/s/1", ASSET_commercial, 4 * MINUTE);
	world_asset(w, "/s/2", ASSET_commercial, 4 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
}

static void
start(void)
{
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
}

static int64_t
at(int64_t date, int hour, int min)
{
	return (date * 86400 + hour * 3600 + min * 60) * 25;
}

static void
every_frame_has_its_segment(void **state)
{
	int64_t n = at(SINCE + 100, 23, 0), end = at(SINCE + 102, 1, 0);

	(void)state;
	sitcoms();
	start();
	while (n < end) {
		const struct segment *s = timeline_at(t, n);
		int64_t n1 = s->n1;

		assert_int_equal(s->n0, n);
		assert_ptr_equal(timeline_at(t, n1 - 1), s);
		n = n1;
	}
}

static void
the_order_in_which_days_are_asked_for_does_not_matter(void **state)
{
	struct timeline *other;

	(void)state;
	sitcoms();
	start();
	other = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	timeline_at(other, at(SINCE + 500, 0, 0));
	for (int64_t d = -3; d < 500; d += 50) {
		int64_t n = at(SINCE + d, 12, 13);
		struct segment a = *timeline_at(t, n);
		struct segment b = *timeline_at(other, n);

		assert_int_equal(a.n0, b.n0);
		assert_ptr_equal(a.asset, b.asset);
		assert_int_equal(a.in, b.in);
	}
	timeline_free(other);
}

/* The spots' turns, too, hang on all days before; and of the most of these
 * nothing is kept. */
static void
a_day_long_past_is_planned_as_it_was(void **state)
{
	(void)state;
	sitcoms();
	for (int i = 3; i < 9; i++) {
		char *path = xasprintf("/s/%d", i);

		world_asset(w, path, ASSET_commercial, (50 + i) * S);
		free(path);
	}
	w->ch.traffic.rules.cooldown_s = 1800;
	start();
	for (int64_t d = 1; d < 80; d += 7) {
		struct timeline *other = timeline_new(&w->ch, &w->lib, w->z,
		    SINCE);

		timeline_at(t, at(SINCE + 200, 0, 0));
		for (int min = 0; min < 1440; min += 3) {
			struct segment a = *timeline_at(t,
			    at(SINCE + d, 0, min));
			struct segment b = *timeline_at(other,
			    at(SINCE + d, 0, min));

			assert_int_equal(a.n0, b.n0);
			assert_ptr_equal(a.asset, b.asset);
		}
		timeline_free(other);
	}
}

/* A break by rule after 6 and 11 parts of 15, in the middle of which there is
 * a name for a place. */
static void
a_run_fades_where_a_break_cuts_into_it(void **state)
{
	struct run r;

	(void)state;
	world_marker(world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE),
	    MARKER_bumper, 6 * MINUTE, 7 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	start();
	r = timeline_run(t, at(SINCE, 0, 7), 1 << 30);
	assert_int_equal(r.n1, at(SINCE, 0, 0) + 33000 * 6 / 15);
	assert_false(r.fade_in);
	assert_true(r.fade_out);
	r = timeline_run(t, r.n1 + 6000, 1 << 30);
	assert_true(r.fade_in);
	assert_true(r.fade_out);
	r = timeline_run(t, r.n0, 100);
	assert_true(r.fade_in);
	assert_false(r.fade_out);
	r = timeline_run(t, at(SINCE, 0, 29), 1 << 30);
	assert_true(r.fade_in);
	assert_false(r.fade_out);
}

/* Two choices a day out of three. */
static void
choices_count_from_since_on(void **state)
{
	(void)state;
	sitcoms();
	w->ch.nblocks = 0;
	world_block(w, 0, 3600, 0);
	start();
	assert_ptr_equal(timeline_at(t, at(SINCE - 5, 0, 0))->asset,
	    &w->assets[0]);
	assert_ptr_equal(timeline_at(t, at(SINCE, 0, 0))->asset,
	    &w->assets[0]);
	assert_ptr_equal(timeline_at(t, at(SINCE + 1, 0, 0))->asset,
	    &w->assets[2]);
	assert_ptr_equal(timeline_at(t, at(SINCE + 1000, 0, 0))->asset,
	    &w->assets[2000 % 3]);
}

static void
a_segment_knows_its_programme(void **state)
{
	const struct programme *p;

	(void)state;
	sitcoms();
	w->ch.nblocks = 0;
	world_block(w, 36000, 3600, 0);
	start();
	assert_null(timeline_programme(t, timeline_at(t, at(SINCE, 9, 0))));
	p = timeline_programme(t, timeline_at(t, at(SINCE, 10, 12)));
	assert_non_null(p);
	assert_int_equal(p->n0, at(SINCE, 10, 0));
	assert_int_equal(p->n1, at(SINCE, 10, 30));
	assert_string_equal(p->title, "/a/1");
}

static void
the_next_programme_is_found(void **state)
{
	(void)state;
	sitcoms();
	w->ch.nblocks = 0;
	world_block(w, 36000, 1800, 0);
	start();
	assert_int_equal(timeline_next(t, at(SINCE, 0, 0))->n0,
	    at(SINCE, 10, 0));
	assert_int_equal(timeline_next(t, at(SINCE, 10, 0))->n0,
	    at(SINCE, 10, 0));
	assert_int_equal(timeline_next(t, at(SINCE, 10, 0) + 1)->n0,
	    at(SINCE + 1, 10, 0));
}

static void
there_may_be_no_next_programme(void **state)
{
	(void)state;
	start();
	assert_null(timeline_next(t, at(SINCE, 10, 0)));
}

static void
a_run_goes_on_over_marker_rows(void **state)
{
	struct run r;

	(void)state;
	sitcoms();
	start();
	r = timeline_run(t, at(SINCE, 0, 5), INT64_C(1) << 30);
	assert_int_equal(r.n0, at(SINCE, 0, 0));
	assert_int_equal(r.n1, at(SINCE, 0, 11));
	assert_int_equal(r.in, 0);
	r = timeline_run(t, at(SINCE, 0, 20), INT64_C(1) << 30);
	assert_int_equal(r.n0, at(SINCE, 0, 19));
	assert_int_equal(r.n1, at(SINCE, 0, 30));
	assert_int_equal(r.in, 11 * 60 * 25);
}

static void
a_run_goes_on_over_midnight(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_movie, 180 * MINUTE);
	world_block(w, 82800, 4 * 3600, world_pool(w, "/a"));
	start();
	for (int min = 1; min < 180; min += 17) {
		struct run r = timeline_run(t, at(SINCE + 9, 23, min), 1 << 30);

		assert_int_equal(r.n0, at(SINCE + 9, 23, 0));
		assert_int_equal(r.n1, at(SINCE + 10, 2, 0));
		assert_int_equal(r.in, 0);
	}
}

static void
a_run_ends_at_most_max_frames_ahead(void **state)
{
	struct run r;

	(void)state;
	sitcoms();
	start();
	r = timeline_run(t, at(SINCE, 0, 5), 100);
	assert_int_equal(r.n0, at(SINCE, 0, 0));
	assert_int_equal(r.n1, at(SINCE, 0, 5) + 100);
}

/* No day before is asked for: where nothing is on that may take all days there
 * ever were. */
static void
pad_is_one_run_in_its_day(void **state)
{
	struct run r;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_block(w, 0, 3600, world_pool(w, "/a"));
	start();
	r = timeline_run(t, at(SINCE + 5, 5, 0), at(3, 0, 0));
	assert_null(r.asset);
	assert_int_equal(r.n0, at(SINCE + 5, 1, 0));
	assert_int_equal(r.n1, at(SINCE + 6, 0, 0));
	r = timeline_run(t, at(SINCE + 5, 5, 0), 100);
	assert_int_equal(r.n1, at(SINCE + 5, 5, 0) + 100);
}

static void
runs_of_one_asset_that_starts_again_are_two(void **state)
{
	struct run r;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	start();
	r = timeline_run(t, at(SINCE, 5, 31), 1 << 30);
	assert_int_equal(r.n0, at(SINCE, 5, 30));
	assert_int_equal(r.n1, at(SINCE, 6, 0));
}

/* Runs tile the line, and from wherever one looks into a run it is the same;
 * one that lasts for days is only sought two days back. */
static void
runs_are_the_same_from_everywhere_within(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct world *v = wild_world(seed);
		struct timeline *x = timeline_new(&v->ch, &v->lib, v->z,
		    20000);
		int64_t n = INT64_C(20001) * 86400 * 24, steps = 0;
		int64_t day = rate_frame_from(v->ch.format.rate, DAY_S *
		    NS_PER_S);

		n = timeline_run(x, n, 1 << 30).n1;
		for (; steps < 300; steps++) {
			struct run r = timeline_run(x, n, 1 << 30);
			struct run m = timeline_run(x, (r.n0 + r.n1) / 2,
			    1 << 30);

			assert_int_equal(r.n0, n);
			assert_true(r.n1 > n);
			assert_ptr_equal(m.asset, r.asset);
			if (r.asset != NULL)
				assert_int_equal(m.in - m.n0, r.in - r.n0);
			if ((r.n1 - r.n0) / 2 < 2 * day)
				assert_int_equal(m.n0, n);
			else
				assert_in_range(m.n0, n, (r.n0 + r.n1) / 2);
			n = r.n1;
		}
		timeline_free(x);
		world_free(v);
	}
}

static void
pointers_outlive_the_next_day_that_is_asked_for(void **state)
{
	const struct segment *s;
	struct segment copy;

	(void)state;
	sitcoms();
	start();
	for (int64_t d = 0; d < 40; d++) {
		s = timeline_at(t, at(SINCE + d, 12, 0));
		timeline_run(t, at(SINCE + d, 12, 0), 1000);
		copy = *s;
		timeline_run(t, at(SINCE + d * 7 % 100, 0, 0), 1000);
		timeline_next(t, at(SINCE + d * 7 % 100, 23, 59));
		assert_int_equal(s->n0, copy.n0);
		assert_ptr_equal(s->asset, copy.asset);
	}
}

/* Three hours off the air over midnight, and an hour of a block that has
 * nothing more to air: the reel is seen in whole assets all the while, but
 * for the first and the last. */
static void
a_reel_of_filler_runs_on_over_midnight_and_blocks(void **state)
{
	int64_t n = at(SINCE + 4, 21, 30), end = at(SINCE + 5, 2, 0);
	int whole = 0;

	(void)state;
	w->ch.type = CHAN_MOVIE;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 80 * MINUTE);
	world_asset(w, "/f/1", ASSET_filler, 7 * MINUTE + 13 * S / 25);
	world_asset(w, "/f/2", ASSET_filler, 40 * S + S / 25);
	w->ch.filler_pool = &w->pools[world_pool(w, "/f")];
	world_block(w, 21 * HOUR_S, 2 * HOUR_S, world_pool(w, "/a/1"))->mode =
	    BLOCK_RANDOM;
	w->blocks[0].pools[w->blocks[0].npools++] = world_pool(w, "/a/2");
	start();
	while (n < end) {
		struct run r = timeline_run(t, n, 1 << 30);
		int64_t frames = rate_frames_of_us(pal, r.asset->duration_us);

		if (r.asset->path[1] == 'f' && r.n1 < end && whole++ > 0) {
			assert_int_equal(r.in, 0);
			assert_int_equal(r.n1 - r.n0, frames);
		}
		n = r.n1;
	}
	assert_true(whole > 30);
}

static void
the_first_frame_ever_is_on_the_line(void **state)
{
	struct run r;

	(void)state;
	sitcoms();
	start();
	assert_int_equal(timeline_at(t, 0)->n0, 0);
	r = timeline_run(t, 0, 1000);
	assert_int_equal(r.n0, 0);
	assert_ptr_equal(timeline_chan(t), &w->ch);
}

static bool
is_same(struct timeline *a, struct timeline *b, int64_t n)
{
	struct segment p = *timeline_at(a, n), q = *timeline_at(b, n);

	return p.n0 == q.n0 && p.asset == q.asset && p.in == q.in;
}

static void
a_settled_timeline_goes_on_with_the_clock(void **state)
{
	struct timeline *other;

	(void)state;
	sitcoms();
	start();
	other = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	timeline_at(t, at(SINCE + 500, 12, 0));
	timeline_settle(t);
	for (int64_t d = 500; d < 560; d++) {
		int64_t n = at(SINCE + d, 12, 13);

		assert_true(timeline_knows(t, n));
		assert_true(is_same(t, other, n));
	}
	assert_int_equal(timeline_changes(t, at(SINCE + 560, 1, 0)),
	    timeline_changes(other, at(SINCE + 560, 1, 0)));
	timeline_free(other);
}

/* As on a channel that nobody watches. */
static void
a_settled_timeline_keeps_up_with_days_put(void **state)
{
	struct timeline *other;

	(void)state;
	sitcoms();
	start();
	other = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	timeline_at(t, at(SINCE + 500, 12, 0));
	timeline_settle(t);
	for (int64_t d = 501; d < 560; d++)
		timeline_put(t, timeline_plan(other, SINCE + d));
	assert_int_equal(timeline_changes(t, at(SINCE + 559, 1, 0)),
	    timeline_changes(other, at(SINCE + 559, 1, 0)));
	assert_true(is_same(t, other, at(SINCE + 562, 1, 0)));
	timeline_free(other);
}

static void
is_pad_around(int64_t n)
{
	struct run r = timeline_run(t, n, 25 * 3600);

	assert_false(timeline_knows(t, n));
	assert_int_equal(timeline_at(t, n)->kind, SEGMENT_pad);
	assert_true(timeline_at(t, n)->n0 <= n && timeline_at(t, n)->n1 > n);
	assert_null(timeline_programme(t, timeline_at(t, n)));
	assert_null(timeline_next(t, n));
	assert_int_equal(timeline_changes(t, n), 0);
	assert_null(r.asset);
	assert_true(r.n0 <= n && r.n1 > n);
}

static void
a_settled_timeline_has_pad_for_days_far_away(void **state)
{
	static const int64_t far[] = { 9000, 520, 480, 100, 0, -100, -9000 };

	(void)state;
	sitcoms();
	for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
		start();
		timeline_at(t, at(SINCE + 500, 12, 0));
		timeline_settle(t);
		is_pad_around(at(SINCE + far[i], 12, 0));
		assert_true(timeline_knows(t, at(SINCE + 501, 12, 0)));
		assert_non_null(timeline_next(t, at(SINCE + 499, 12, 0)));
		timeline_free(t);
	}
	t = NULL;
}

/* Each first position is at hand, but nobody was to ask for that. */
static void
years_are_far_before_the_first_day_too(void **state)
{
	(void)state;
	sitcoms();
	start();
	timeline_at(t, at(SINCE - 9000, 12, 0));
	timeline_settle(t);
	assert_true(timeline_knows(t, at(SINCE - 8999, 12, 0)));
	is_pad_around(at(SINCE - 5000, 12, 0));
	is_pad_around(at(SINCE + 900, 12, 0));
}

/* What is stored begins with yesterday; what is before that is years from the
 * first day. */
static void
nothing_is_played_to_just_before_stored_cursors(void **state)
{
	struct buf text = { 0 };

	(void)state;
	sitcoms();
	start();
	timeline_cursors(t, SINCE + 499, &text);
	timeline_free(t);
	start();
	assert_true(timeline_resume(t, SINCE + 499, buf_str(&text)));
	timeline_at(t, at(SINCE + 500, 12, 0));
	timeline_settle(t);
	assert_true(timeline_knows(t, at(SINCE + 499, 12, 0)));
	assert_false(timeline_knows(t, at(SINCE + 498, 12, 0)));
	buf_fini(&text);
}

static void
a_day_that_comes_too_late_does_not_cut_into_pad(void **state)
{
	struct timeline *other;

	(void)state;
	sitcoms();
	start();
	other = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	timeline_at(t, at(SINCE, 12, 0));
	timeline_settle(t);
	is_pad_around(at(SINCE + 100, 12, 0));
	timeline_put(t, timeline_plan(other, SINCE + 100));
	timeline_put(t, timeline_plan(other, SINCE + 102));
	assert_false(timeline_knows(t, at(SINCE + 100, 12, 1)));
	assert_true(is_same(t, other, at(SINCE + 102, 12, 1)));
	timeline_free(other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_frame_has_its_segment),
		TEST(the_order_in_which_days_are_asked_for_does_not_matter),
		TEST(a_day_long_past_is_planned_as_it_was),
		TEST(a_run_fades_where_a_break_cuts_into_it),
		TEST(choices_count_from_since_on),
		TEST(a_segment_knows_its_programme),
		TEST(the_next_programme_is_found),
		TEST(there_may_be_no_next_programme),
		TEST(a_run_goes_on_over_marker_rows),
		TEST(a_run_goes_on_over_midnight),
		TEST(a_run_ends_at_most_max_frames_ahead),
		TEST(pad_is_one_run_in_its_day),
		TEST(runs_of_one_asset_that_starts_again_are_two),
		TEST(runs_are_the_same_from_everywhere_within),
		TEST(pointers_outlive_the_next_day_that_is_asked_for),
		TEST(a_reel_of_filler_runs_on_over_midnight_and_blocks),
		TEST(the_first_frame_ever_is_on_the_line),
		TEST(a_settled_timeline_goes_on_with_the_clock),
		TEST(a_settled_timeline_keeps_up_with_days_put),
		TEST(a_settled_timeline_has_pad_for_days_far_away),
		TEST(years_are_far_before_the_first_day_too),
		TEST(nothing_is_played_to_just_before_stored_cursors),
		TEST(a_day_that_comes_too_late_does_not_cut_into_pad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
