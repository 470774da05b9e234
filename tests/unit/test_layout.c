#include "world.h"
#include "plan/layout.h"

static const struct rate ntsc = { 30000, 1001 };
static struct world *w;
static struct asset *a;		/* ten minutes */
static struct layout l;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	a = world_asset(w, "/a", ASSET_episode, 10 * MINUTE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	layout_fini(&l);
	world_free(w);
	return 0;
}

static void
check_row(size_t i, enum segment_kind kind, int64_t in, int64_t frames,
    bool avail)
{
	assert_true(i < l.nrows);
	assert_int_equal(l.rows[i].kind, kind);
	assert_int_equal(l.rows[i].in, in);
	assert_int_equal(l.rows[i].frames, frames);
	assert_int_equal(l.rows[i].avail, avail);
}

static void
an_asset_without_markers_is_one_row(void **state)
{
	(void)state;
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 1);
	check_row(0, SEGMENT_programme, 0, 15000, false);
	assert_int_equal(l.frames, 15000);
	assert_int_equal(l.length_us, 10 * MINUTE);
}

static void
an_avail_divides_the_programme(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 3 * MINUTE + S / 50, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.navails, 1);
	check_row(0, SEGMENT_programme, 0, 4501, true);
	check_row(1, SEGMENT_programme, 4501, 15000 - 4501, false);
}

static void
markers_round_to_the_nearest_frame(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 12500000, -1);
	layout_make(&l, a, ntsc, true);
	check_row(0, SEGMENT_programme, 0, 375, true);	/* of 374.6 */
}

static void
an_avail_with_an_end_is_cut_out(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 2 * MINUTE, 3 * MINUTE);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_programme, 0, 3000, true);
	check_row(1, SEGMENT_programme, 4500, 10500, false);
	assert_int_equal(l.frames, 13500);
	assert_int_equal(l.length_us, 9 * MINUTE);
}

static void
a_movie_channel_cuts_but_does_not_break(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 2 * MINUTE, 3 * MINUTE);
	world_marker(a, MARKER_avail, 5 * MINUTE, -1);
	layout_make(&l, a, pal, false);
	assert_int_equal(l.nrows, 3);
	assert_int_equal(l.navails, 0);
	check_row(1, SEGMENT_programme, 4500, 3000, false);
}

static void
a_cut_takes_what_is_too_short_to_play_with_it(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, S / 5, MINUTE);
	world_marker(a, MARKER_avail, 2 * MINUTE, 3 * MINUTE);
	world_marker(a, MARKER_avail, 3 * MINUTE + S / 5, 4 * MINUTE);
	world_marker(a, MARKER_avail, 9 * MINUTE, 10 * MINUTE - S / 5);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_programme, 1500, 1500, true);
	check_row(1, SEGMENT_programme, 6000, 7500, false);
}

static void
overlapping_cuts_are_one(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 2 * MINUTE, 4 * MINUTE);
	world_marker(a, MARKER_avail, 2 * MINUTE + S, 3 * MINUTE);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	assert_int_equal(l.frames, 12000);
}

static void
an_asset_that_is_cut_out_whole_has_no_frame(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 0, 10 * MINUTE);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 0);
	assert_int_equal(l.frames, 0);
}

static void
intro_outro_and_bumper_are_rows_of_their_own(void **state)
{
	(void)state;
	world_marker(a, MARKER_intro, 0, 4500000);
	world_marker(a, MARKER_bumper, 5 * MINUTE, 5 * MINUTE + 4 * S);
	world_marker(a, MARKER_outro, 9 * MINUTE, 10 * MINUTE);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 5);
	check_row(0, SEGMENT_intro, 0, 113, false);
	check_row(1, SEGMENT_programme, 113, 7387, false);
	check_row(2, SEGMENT_ident, 7500, 100, false);
	check_row(3, SEGMENT_programme, 7600, 5900, false);
	check_row(4, SEGMENT_outro, 13500, 1500, false);
}

static void
an_avail_in_an_intro_is_ignored(void **state)
{
	(void)state;
	world_marker(a, MARKER_intro, 0, MINUTE);
	world_marker(a, MARKER_avail, 30 * S, -1);
	world_marker(a, MARKER_avail, 50 * S, 70 * S);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.navails, 0);
	assert_int_equal(l.nrows, 2);
	assert_int_equal(l.frames, 15000);
}

static void
a_break_may_go_where_the_intro_ends(void **state)
{
	(void)state;
	world_marker(a, MARKER_intro, 0, MINUTE);
	world_marker(a, MARKER_avail, MINUTE, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_intro, 0, 1500, true);
	assert_int_equal(l.merged, 0);
}

static void
a_break_may_go_where_the_outro_begins(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 9 * MINUTE, -1);
	world_marker(a, MARKER_outro, 9 * MINUTE, 10 * MINUTE);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_programme, 0, 13500, true);
}

static void
a_range_within_another_does_not_end_it(void **state)
{
	(void)state;
	world_marker(a, MARKER_intro, 0, 2 * MINUTE);
	world_marker(a, MARKER_intro, 10 * S, 20 * S);
	world_marker(a, MARKER_avail, MINUTE, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.navails, 0);
	check_row(2, SEGMENT_intro, 500, 2500, false);
	check_row(3, SEGMENT_programme, 3000, 12000, false);
}

static void
a_row_is_what_most_of_it_is(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, 2 * MINUTE, -1);
	world_marker(a, MARKER_bumper, 2 * MINUTE + S / 5, 2 * MINUTE + 9 * S);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 3);
	check_row(1, SEGMENT_ident, 3000, 225, false);
}

static void
a_chapter_is_an_avail_where_there_is_none(void **state)
{
	(void)state;
	world_marker(a, MARKER_chapter, 0, 5 * MINUTE);
	world_marker(a, MARKER_chapter, 5 * MINUTE, 10 * MINUTE);
	world_marker(a, MARKER_chapter, 10 * MINUTE, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_programme, 0, 7500, true);
	check_row(1, SEGMENT_programme, 7500, 7500, false);
}

static void
a_chapter_beside_avails_only_begins_a_row(void **state)
{
	(void)state;
	world_marker(a, MARKER_chapter, 2 * MINUTE, -1);
	world_marker(a, MARKER_avail, 5 * MINUTE, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 3);
	check_row(0, SEGMENT_programme, 0, 3000, false);
	check_row(1, SEGMENT_programme, 3000, 4500, true);
}

static void
of_two_avails_too_close_the_first_stays(void **state)
{
	(void)state;
	world_marker(a, MARKER_avail, S / 5, -1);
	world_marker(a, MARKER_avail, 2 * MINUTE, -1);
	world_marker(a, MARKER_avail, 2 * MINUTE + 2 * S / 5, -1);
	world_marker(a, MARKER_avail, 10 * MINUTE - S / 5, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.navails, 1);
	check_row(0, SEGMENT_programme, 0, 3000, true);
	assert_true(l.merged >= 3);
}

static void
an_outro_that_ends_just_before_the_asset_is_no_merger(void **state)
{
	(void)state;
	world_marker(a, MARKER_outro, 9 * MINUTE, 10 * MINUTE - S / 5);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.merged, 0);
}

static void
a_name_gives_way_to_a_break(void **state)
{
	(void)state;
	world_marker(a, MARKER_chapter, 2 * MINUTE - S / 5, -1);
	world_marker(a, MARKER_avail, 2 * MINUTE, -1);
	layout_make(&l, a, pal, true);
	assert_int_equal(l.nrows, 2);
	check_row(0, SEGMENT_programme, 0, 3000, true);
	assert_int_equal(l.merged, 1);
}

/* Of any markers: rows ascend, are long enough, add up, and leave out
 * nothing but cuts. */
static void
rows_are_whole_whatever_the_markers(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct world *v = wild_world(seed);
		struct rate r = v->ch.format.rate;

		for (size_t i = 0; i < v->lib.n; i++) {
			int64_t sum = 0, end = 0;

			layout_make(&l, &v->assets[i], r, seed % 3 != 0);
			for (size_t k = 0; k < l.nrows; k++) {
				assert_true(l.rows[k].in >= end);
				assert_true(l.nrows == 1 ||
				    l.rows[k].frames >= half_second(r));
				end = l.rows[k].in + l.rows[k].frames;
				sum += l.rows[k].frames;
			}
			assert_int_equal(sum, l.frames);
			assert_true(end <= rate_frames_of_us(r,
			    v->assets[i].duration_us));
			if (l.nrows > 0)
				assert_false(l.rows[l.nrows - 1].avail);
			layout_fini(&l);
		}
		world_free(v);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_asset_without_markers_is_one_row),
		TEST(an_avail_divides_the_programme),
		TEST(markers_round_to_the_nearest_frame),
		TEST(an_avail_with_an_end_is_cut_out),
		TEST(a_movie_channel_cuts_but_does_not_break),
		TEST(a_cut_takes_what_is_too_short_to_play_with_it),
		TEST(overlapping_cuts_are_one),
		TEST(an_asset_that_is_cut_out_whole_has_no_frame),
		TEST(intro_outro_and_bumper_are_rows_of_their_own),
		TEST(an_avail_in_an_intro_is_ignored),
		TEST(a_break_may_go_where_the_intro_ends),
		TEST(a_break_may_go_where_the_outro_begins),
		TEST(a_range_within_another_does_not_end_it),
		TEST(a_row_is_what_most_of_it_is),
		TEST(a_chapter_is_an_avail_where_there_is_none),
		TEST(a_chapter_beside_avails_only_begins_a_row),
		TEST(of_two_avails_too_close_the_first_stays),
		TEST(an_outro_that_ends_just_before_the_asset_is_no_merger),
		TEST(a_name_gives_way_to_a_break),
		TEST(rows_are_whole_whatever_the_markers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
