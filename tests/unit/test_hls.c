/* test_hls.c - segments and playlists out of the ring's index, at every rate
 * that television knows. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ts/hls.h"

#define NOW_S		INT64_C(1768487406)	/* 2026-01-15T14:30:06Z */
#define NOW_NS		(NOW_S * NS_PER_S)
#define PICTURE_BYTES	1000

static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 }, { 30, 1 },
	{ 50, 1 }, { 60000, 1001 }, { 60, 1 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

static struct grid
grid_of(size_t i)
{
	return grid_make(rates[i], 48000, 1024);
}

/* The grid of 30 pictures in a second, of which 180 are a segment. */
static struct grid
grid_30(void)
{
	return grid_make((struct rate){ 30, 1 }, 48000, 1024);
}

static void
mark(const struct grid *g, struct ringidx *x, int64_t n, uint64_t pos)
{
	ringidx_add(x, n, rate_frame_ns(g->rate, n), pos);
}

/* The key frames of the grid from n0 on, up to that of n1: at n0 stands byte
 * 0, and a picture is PICTURE_BYTES long. */
static struct ringidx
filled(const struct grid *g, int64_t n0, int64_t n1)
{
	struct ringidx x = { 0 };

	for (int64_t n = n0; n <= n1; n += g->gop)
		mark(g, &x, n, (uint64_t)(n - n0) * PICTURE_BYTES);
	return x;
}

static void
drop(struct ringidx *x, int64_t n)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->marks[i].frame == n) {
			memmove(&x->marks[i], &x->marks[i + 1],
			    (--x->n - i) * sizeof x->marks[0]);
			return;
		}
	fail();
}

static bool
is_there(const struct grid *g, const struct ringidx *x, int64_t seq)
{
	struct hls_range r;

	return hls_find(g, x, seq, &r);
}

static void
assert_list(const struct grid *g, const struct ringidx *x, int64_t first,
    size_t n)
{
	struct hls_list l = hls_list(g, x);

	assert_int_equal(l.n, n);
	assert_int_equal(l.first, first);
	for (size_t i = 0; i < n; i++)
		assert_true(is_there(g, x, first + (int64_t)i));
}

static void
a_segment_is_three_key_frame_distances(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_of(i);
		int64_t ns = hls_segment_ns(&g);

		assert_int_equal(hls_frames(&g), 3 * g.gop);
		assert_int_equal(ns, g.rate.den == 1 ? 6000000000 :
		    6006000000);
		/* So EXTINF's three decimals are exact. */
		assert_int_equal(hls_frames(&g) * g.rate.den * 1000 %
		    g.rate.num, 0);
	}
}

static void
a_segment_is_whole_once_the_next_begins(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 180, 300);
	struct hls_range r;

	(void)state;
	assert_list(&g, &x, 0, 0);
	assert_false(is_there(&g, &x, 1));
	mark(&g, &x, 360, 180 * PICTURE_BYTES);
	assert_list(&g, &x, 1, 1);
	assert_true(hls_find(&g, &x, 1, &r));
	assert_int_equal(r.from, 0);
	assert_int_equal(r.to, 180 * PICTURE_BYTES);
	assert_false(is_there(&g, &x, 0));
	assert_false(is_there(&g, &x, 2));
	ringidx_fini(&x);
}

static void
what_begins_between_two_cuts_waits_for_the_next(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 240, 540);

	(void)state;
	assert_list(&g, &x, 2, 1);
	assert_false(is_there(&g, &x, 1));
	ringidx_fini(&x);
}

static void
the_newest_four_are_listed(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 180 * 9 + 60);

	(void)state;
	assert_list(&g, &x, 5, 4);
	assert_true(is_there(&g, &x, 0));
	assert_false(is_there(&g, &x, 9));
	ringidx_fini(&x);
}

static void
segments_lie_end_to_end_at_every_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_of(i);
		int64_t s = hls_frames(&g);
		int64_t seq = rate_frame_at(g.rate, NOW_NS) / s;
		struct ringidx x = filled(&g, (seq - 5) * s, seq * s);
		struct hls_range a, b;

		assert_list(&g, &x, seq - 4, 4);
		for (int64_t k = seq - 5; k < seq - 1; k++) {
			assert_true(hls_find(&g, &x, k, &a));
			assert_true(hls_find(&g, &x, k + 1, &b));
			assert_int_equal(a.to, b.from);
			assert_int_equal(a.to - a.from, s * PICTURE_BYTES);
		}
		ringidx_fini(&x);
	}
}

static void
numbers_do_not_depend_on_when_one_began(void **state)
{
	struct grid g = grid_of(3);
	int64_t n = rate_frame_at(g.rate, NOW_NS) / g.gop * g.gop;
	struct ringidx early = filled(&g, n - 30 * g.gop, n);
	struct ringidx late = filled(&g, n - 17 * g.gop, n);
	struct hls_list a = hls_list(&g, &early), b = hls_list(&g, &late);

	(void)state;
	assert_int_equal(a.n, 4);
	assert_int_equal(b.n, 4);
	assert_true(a.first == b.first && !a.broken && !b.broken);
	ringidx_fini(&early);
	ringidx_fini(&late);
}

static void
time_stamps_that_wrap_are_no_matter(void **state)
{
	struct grid g = grid_of(3);
	int64_t s = hls_frames(&g);
	/* The picture at which the 33 bits are full, once again. */
	int64_t n = TS_WRAP / 3003 * 7000, seq = n / s;
	struct ringidx x = filled(&g, (seq - 3) * s, (seq + 2) * s);

	(void)state;
	assert_list(&g, &x, seq - 2, 4);
	ringidx_fini(&x);
}

static void
a_child_that_begins_within_a_segment_does_not_cut_it(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 60);

	(void)state;
	mark(&g, &x, 77, 77 * PICTURE_BYTES);
	mark(&g, &x, 120, 120 * PICTURE_BYTES);
	mark(&g, &x, 179, 179 * PICTURE_BYTES);
	mark(&g, &x, 180, 180 * PICTURE_BYTES);
	assert_list(&g, &x, 0, 1);
	ringidx_fini(&x);
}

static void
without_a_key_frame_at_the_cut_neither_side_is_there(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 180 * 5);

	(void)state;
	drop(&x, 180 * 2);
	assert_false(is_there(&g, &x, 1));
	assert_false(is_there(&g, &x, 2));
	assert_list(&g, &x, 3, 2);
	ringidx_fini(&x);
}

static void
a_list_has_no_gap_and_older_segments_fill_none(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 180 * 5 - 60);

	(void)state;
	drop(&x, 180 * 4);
	assert_list(&g, &x, 0, 3);
	mark(&g, &x, 180 * 5, 180 * 5 * PICTURE_BYTES);
	mark(&g, &x, 180 * 6, 180 * 6 * PICTURE_BYTES);
	assert_list(&g, &x, 5, 1);
	ringidx_fini(&x);
}

static void
a_segment_in_which_the_clock_stepped_is_not_there(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 240);

	(void)state;
	/* Ten pictures are missing before 300, all key frames are there. */
	ringidx_break(&x);
	for (int64_t n = 300; n <= 540; n += g.gop)
		mark(&g, &x, n, (uint64_t)(n - 10) * PICTURE_BYTES);
	assert_true(is_there(&g, &x, 0));
	assert_false(is_there(&g, &x, 1));
	assert_list(&g, &x, 2, 1);
	ringidx_fini(&x);
}

static void
a_segment_may_begin_where_the_clock_stepped_but_not_end(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 120);

	(void)state;
	ringidx_break(&x);
	for (int64_t n = 180; n <= 360; n += g.gop)
		mark(&g, &x, n, (uint64_t)n * PICTURE_BYTES);
	assert_false(is_there(&g, &x, 0));
	assert_list(&g, &x, 1, 1);
	ringidx_fini(&x);
}

static void
after_a_step_back_the_newer_of_two_is_the_one(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 360);
	struct hls_range r;

	(void)state;
	ringidx_break(&x);
	mark(&g, &x, 180, 400000);
	assert_true(hls_find(&g, &x, 1, &r));
	assert_int_equal(r.from, 180 * PICTURE_BYTES);
	mark(&g, &x, 360, 500000);
	assert_true(hls_find(&g, &x, 1, &r));
	assert_int_equal(r.from, 400000);
	assert_int_equal(r.to, 500000);
	assert_list(&g, &x, 1, 1);
	ringidx_fini(&x);
}

static bool
playlist_has(const struct grid *g, const struct ringidx *x, const char *text)
{
	struct buf b = { 0 };
	bool has;

	hls_playlist(g, hls_list(g, x), &b);
	has = strstr(buf_str(&b), text) != NULL;
	buf_fini(&b);
	return has;
}

/* RFC 8216 4.3.2.3, 4.3.3.3: until the segment behind it has left the list,
 * and counted from then on. */
static void
a_step_of_the_clock_is_a_discontinuity_and_nothing_else_is(void **state)
{
	static const char tag[] = "\n#EXT-X-DISCONTINUITY\n";
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 360);

	(void)state;
	assert_false(playlist_has(&g, &x, "DISCONTINUITY"));
	/* It begins within a segment, which is not listed. */
	ringidx_break(&x);
	for (int64_t n = 3660; n <= 3780 + 4 * 180; n += g.gop) {
		mark(&g, &x, n, 1000000 + (uint64_t)n * PICTURE_BYTES);
		if (n < 3780 + 180)
			continue;
		assert_true(playlist_has(&g, &x, tag));
		assert_true(playlist_has(&g, &x,
		    "\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"));
	}
	mark(&g, &x, 3780 + 4 * 180 + 60, 9000000);
	mark(&g, &x, 3780 + 4 * 180 + 120, 9100000);
	mark(&g, &x, 3780 + 5 * 180, 9200000);
	assert_list(&g, &x, 22, 4);
	assert_false(playlist_has(&g, &x, tag));
	assert_true(playlist_has(&g, &x,
	    "\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
	ringidx_fini(&x);
}

/* RFC 8216 6.2.2: as long as it and the longest playlist with it last, after
 * it has left the list.  At the largest bit rate that a format takes. */
static void
what_has_left_the_list_is_there_for_thirty_seconds(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_of(i);
		int64_t s = hls_frames(&g);
		int64_t n0 = rate_frame_at(g.rate, NOW_NS) / s * s;
		uint64_t bytes = (uint64_t)(12500000 * 2 * 11 / 10), tail = 0;
		struct ringidx x = { 0 };

		for (int64_t k = 0; k < 100; k++) {
			int64_t n = n0 + k * g.gop;
			/* Just before the next key frame. */
			int64_t newest = (n + g.gop - 1) / s - 1;

			mark(&g, &x, n, (uint64_t)k * bytes);
			tail = ringidx_trim(&x, tail,
			    (uint64_t)(k + 1) * bytes);
			if (k < 50)
				continue;
			assert_list(&g, &x, newest - 3, 4);
			for (int64_t seq = newest - 8; seq <= newest; seq++)
				assert_true(is_there(&g, &x, seq));
		}
		ringidx_fini(&x);
	}
}

static void
a_ring_that_has_forgotten_has_nothing(void **state)
{
	struct grid g = grid_30();
	struct ringidx x = filled(&g, 0, 180 * 5);

	(void)state;
	ringidx_reset(&x);
	assert_list(&g, &x, 0, 0);
	assert_false(is_there(&g, &x, 4));
	ringidx_fini(&x);
}

static void
the_playlist_says_what_is_there_and_when(void **state)
{
	static const char want[] =
	    "#EXTM3U\n"
	    "#EXT-X-VERSION:3\n"
	    "#EXT-X-INDEPENDENT-SEGMENTS\n"
	    "#EXT-X-TARGETDURATION:6\n"
	    "#EXT-X-MEDIA-SEQUENCE:294453447\n"
	    "#EXT-X-PROGRAM-DATE-TIME:2026-01-15T14:30:02.682Z\n"
	    "#EXTINF:6.006,\n"
	    "294453447.ts\n"
	    "#EXT-X-PROGRAM-DATE-TIME:2026-01-15T14:30:08.688Z\n"
	    "#EXTINF:6.006,\n"
	    "294453448.ts\n";
	struct grid g = grid_of(3);
	struct buf out = { 0 };

	(void)state;
	hls_playlist(&g, (struct hls_list){ .first = 294453447, .n = 2 }, &out);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

static void
durations_are_exact_and_within_the_target(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_of(i);
		struct buf out = { 0 };
		const char *text;

		hls_playlist(&g, (struct hls_list){ .first = 7, .n = 1 }, &out);
		text = buf_str(&out);
		assert_non_null(strstr(text, g.rate.den == 1 ?
		    "#EXTINF:6.000,\n7.ts\n" : "#EXTINF:6.006,\n7.ts\n"));
		assert_non_null(strstr(text, "TARGETDURATION:6\n"));
		assert_null(strstr(text, "DISCONTINUITY"));
		buf_fini(&out);
	}
}

static void
a_segment_has_one_name(void **state)
{
	static const char *const bad[] = {
		"", ".ts", "7", "7.tsx", "7.m3u8", "-7.ts", "+7.ts", " 7.ts",
		"07.ts", "7.ts/", "7 .ts", "0x7.ts", "1234567890123456.ts",
		"99999999999999999999999.ts", "index.m3u8",
	};

	(void)state;
	assert_int_equal(hls_parse_name("0.ts"), 0);
	assert_int_equal(hls_parse_name("294453447.ts"), 294453447);
	assert_int_equal(hls_parse_name("999999999999999.ts"),
	    999999999999999);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(hls_parse_name(bad[i]), -1);
}

static void
no_number_is_too_large_to_look_for(void **state)
{
	struct grid g = grid_of(7);
	struct ringidx x = filled(&g, 0, hls_frames(&g));

	(void)state;
	assert_false(is_there(&g, &x, 999999999999999));
	ringidx_fini(&x);
}

static void
a_playlist_is_not_kept_over_the_next_segment(void **state)
{
	struct grid g = grid_30();
	struct hls_list l = { .first = 10, .n = 4 };	/* 14 is whole at 90 s */

	(void)state;
	assert_int_equal(hls_max_age_s(&g, l, 84 * NS_PER_S), 3);
	assert_int_equal(hls_max_age_s(&g, l, 87 * NS_PER_S), 3);
	assert_int_equal(hls_max_age_s(&g, l, 87 * NS_PER_S + 1), 2);
	assert_int_equal(hls_max_age_s(&g, l, 89 * NS_PER_S + 1), 0);
	assert_int_equal(hls_max_age_s(&g, l, 95 * NS_PER_S), 0);
}

static void
a_player_begins_with_two_or_while_more_is_coming_soon(void **state)
{
	struct grid g = grid_30();
	struct hls_list one = { .first = 10, .n = 1 };	/* which ends at 66 s */

	(void)state;
	assert_true(hls_suffices(&g, (struct hls_list){ .first = 10, .n = 2 },
	    72 * NS_PER_S));
	assert_false(hls_suffices(&g, one, 66 * NS_PER_S));
	assert_false(hls_suffices(&g, one, 72 * NS_PER_S - 1));
	assert_true(hls_suffices(&g, one, 72 * NS_PER_S));
	assert_false(hls_suffices(&g, (struct hls_list){ 0 }, NOW_NS));
}

static void
a_cold_channel_begins_at_a_cut_two_segments_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_of(i);
		int64_t s = hls_frames(&g), len = hls_segment_ns(&g);

		for (int64_t k = 0; k < 1000; k++) {
			int64_t now = NOW_NS + k * 8880001;
			int64_t back = hls_backlog_ns(&g, now);
			int64_t n = rate_frame_at(g.rate, now - back);

			assert_int_equal(n % s, 0);
			assert_true(back >= 2 * len && back <= 3 * len);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_segment_is_three_key_frame_distances),
		cmocka_unit_test(a_segment_is_whole_once_the_next_begins),
		cmocka_unit_test(
		    what_begins_between_two_cuts_waits_for_the_next),
		cmocka_unit_test(the_newest_four_are_listed),
		cmocka_unit_test(segments_lie_end_to_end_at_every_rate),
		cmocka_unit_test(numbers_do_not_depend_on_when_one_began),
		cmocka_unit_test(time_stamps_that_wrap_are_no_matter),
		cmocka_unit_test(
		    a_child_that_begins_within_a_segment_does_not_cut_it),
		cmocka_unit_test(
		    without_a_key_frame_at_the_cut_neither_side_is_there),
		cmocka_unit_test(
		    a_list_has_no_gap_and_older_segments_fill_none),
		cmocka_unit_test(
		    a_segment_in_which_the_clock_stepped_is_not_there),
		cmocka_unit_test(
		    a_segment_may_begin_where_the_clock_stepped_but_not_end),
		cmocka_unit_test(
		    after_a_step_back_the_newer_of_two_is_the_one),
		cmocka_unit_test(
		    a_step_of_the_clock_is_a_discontinuity_and_nothing_else_is),
		cmocka_unit_test(
		    what_has_left_the_list_is_there_for_thirty_seconds),
		cmocka_unit_test(a_ring_that_has_forgotten_has_nothing),
		cmocka_unit_test(the_playlist_says_what_is_there_and_when),
		cmocka_unit_test(durations_are_exact_and_within_the_target),
		cmocka_unit_test(a_segment_has_one_name),
		cmocka_unit_test(no_number_is_too_large_to_look_for),
		cmocka_unit_test(a_playlist_is_not_kept_over_the_next_segment),
		cmocka_unit_test(
		    a_player_begins_with_two_or_while_more_is_coming_soon),
		cmocka_unit_test(
		    a_cold_channel_begins_at_a_cut_two_segments_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
