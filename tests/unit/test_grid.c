/* test_grid.c - time stamps against exact rationals, over a century, at every
 * house rate and with every length of audio frame. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ts/grid.h"
#include "ts/join.h"

#define DAY_S		INT64_C(86400)
#define CENTURY_S	(36525 * DAY_S)
#define SAMPLES		20000	/* spread over the century, in fours */
#define AROUND		2	/* frames on either side of a wrap or day */

__extension__ typedef __int128 wide;

static const struct {
	struct rate rate;
	int64_t ticks[2];	/* from a picture to the next */
	int64_t gop;
	int half;		/* a second PCR is needed */
} house[] = {
	{ { 24000, 1001 }, { 3753, 3754 }, 48, 1 },
	{ { 24, 1 }, { 3750, 3750 }, 48, 1 },
	{ { 25, 1 }, { 3600, 3600 }, 50, 1 },
	{ { 30000, 1001 }, { 3003, 3003 }, 60, 0 },
	{ { 30, 1 }, { 3000, 3000 }, 60, 0 },
	{ { 50, 1 }, { 1800, 1800 }, 100, 0 },
	{ { 60000, 1001 }, { 1501, 1502 }, 120, 0 },
	{ { 60, 1 }, { 1500, 1500 }, 120, 0 },
};
#define NRATES	(sizeof house / sizeof house[0])

static const struct {
	int64_t samples, ticks;
} sound[] = { { 1024, 1920 }, { 1536, 2880 }, { 1152, 2160 } };
#define NSOUNDS	(sizeof sound / sizeof sound[0])

typedef void check_fn(const struct grid *g, int64_t n);

/* The frame on air `ticks` of hz after the epoch, exactly. */
static int64_t
frame_at(struct rate r, wide ticks, int64_t hz)
{
	return (int64_t)(ticks * r.num / ((wide)r.den * hz));
}

static void
around(check_fn *check, const struct grid *g, int64_t n)
{
	for (int64_t i = n - AROUND; i <= n + AROUND; i++)
		check(g, i < 0 ? 0 : i);
}

/* Neighbours all over a century, and all that stand where the PCR wraps, the
 * PTS wraps or a day ends. */
static void
century(check_fn *check, const struct grid *g)
{
	struct rate r = g->rate;
	int64_t all = CENTURY_S / r.den * r.num;

	for (int64_t k = 0; k < SAMPLES; k++)
		check(g, all / (SAMPLES / 4) * (k / 4) + k % 4);
	for (int64_t w = 0; w <= CENTURY_S * TS_HZ / TS_WRAP; w++) {
		int64_t wrap = w * TS_WRAP;

		around(check, g, frame_at(r, wrap, TS_HZ));
		if (w != 0)
			around(check, g, frame_at(r, wrap - grid_delay(g),
			    TS_HZ));
	}
	for (int64_t day = 0; day <= CENTURY_S / DAY_S; day++)
		around(check, g, frame_at(r, day * DAY_S, 1));
}

static void
every_rate(check_fn *check)
{
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_make(house[i].rate, 48000, 1024);

		century(check, &g);
	}
}

static void
every_grid(check_fn *check)
{
	for (size_t i = 0; i < NRATES * NSOUNDS; i++) {
		struct grid g = grid_make(house[i / NSOUNDS].rate, 48000,
		    sound[i % NSOUNDS].samples);

		century(check, &g);
	}
}

/* |2 * got * den - 2 * exact| <= den: within half a tick, halves up. */
static void
check_nearest(int64_t got, wide exact, int64_t den)
{
	wide d = 2 * ((wide)got * den - exact);

	assert_true(d <= den && d > -den);
}

static void
check_stamps(const struct grid *g, int64_t n)
{
	wide at = (wide)n * g->rate.den;

	check_nearest(grid_pts(g, n) - grid_delay(g), at * TS_HZ,
	    g->rate.num);
	check_nearest(grid_pcr(g, n), at * PCR_HZ, g->rate.num);
	assert_true(grid_dts(g, n) == grid_pts(g, n - g->reorder));
}

static void
stamps_are_the_nearest_ticks_for_a_century(void **state)
{
	(void)state;
	every_rate(check_stamps);
}

/* The delay is the lead and the reordered pictures, to the nearest tick. */
static void
the_delay_is_half_a_second_and_two_pictures(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct rate r = house[i].rate;
		struct grid g = grid_make(r, 48000, 1024);

		check_nearest(grid_delay(&g) - TS_HZ / 2,
		    (wide)2 * r.den * TS_HZ, r.num);
	}
}

/* One of the rate's two distances; seen[] tells that both occur. */
static int seen[2];

static void
check_distance(const struct grid *g, int64_t n)
{
	int64_t d = grid_pts(g, n + 1) - grid_pts(g, n);
	size_t i = 0;

	while (house[i].rate.num != g->rate.num ||
	    house[i].rate.den != g->rate.den)
		i++;
	assert_true(d == house[i].ticks[0] || d == house[i].ticks[1]);
	assert_true(grid_dts(g, n + 1) - grid_dts(g, n) > 0);
	seen[0] |= d == house[i].ticks[0];
	seen[1] |= d == house[i].ticks[1];
}

static void
pictures_have_one_distance_or_the_two_next_to_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_make(house[i].rate, 48000, 1024);

		seen[0] = seen[1] = 0;
		century(check_distance, &g);
		assert_true(seen[0] && seen[1]);
	}
}

/* The lead cannot vary by more than three roundings of half a tick. */
static void
check_lead(const struct grid *g, int64_t n)
{
	int64_t off = grid_dts(g, n) * 300 - grid_pcr(g, n) -
	    GRID_LEAD * 300;

	assert_true(off >= -451 && off <= 451);
}

static void
the_lead_of_dts_over_pcr_is_constant(void **state)
{
	(void)state;
	every_rate(check_lead);
}

/* Instants a nanosecond before, at and after a frame's first. */
static void
check_instants(const struct grid *g, int64_t n)
{
	struct rate r = g->rate;
	int64_t ns = rate_frame_ns(r, n);
	wide begin = (wide)n * r.den * NS_PER_S;

	assert_true((wide)ns * r.num >= begin);
	assert_true((wide)(ns - 1) * r.num < begin);
	assert_true(rate_frame_at(r, ns) == n);
	assert_true(rate_frame_at(r, ns - 1) == n - 1);
	assert_true(rate_frame_from(r, ns - 1) == n);
	assert_true(rate_frame_from(r, ns) ==
	    ((wide)ns * r.num == begin ? n : n + 1));
	assert_true(rate_frame_from(r, ns + 1) == n + 1);
}

static void
instants_and_frames_agree_to_the_nanosecond(void **state)
{
	(void)state;
	every_rate(check_instants);
}

static void
check_audio(const struct grid *g, int64_t n)
{
	int64_t a = grid_audio(g, n), z = grid_audio(g, n + 1);
	wide begin = (wide)n * g->rate.den * g->sample_rate;
	wide frame = (wide)g->spf * g->rate.num;

	assert_true(a <= z && z - a <= JOIN_AUDIO_MAX);
	assert_true((wide)a * frame >= begin);
	assert_true((wide)(a - 1) * frame < begin);
}

static void
audio_slots_tile_and_begin_in_time(void **state)
{
	(void)state;
	every_grid(check_audio);
}

static void
check_audio_pts(const struct grid *g, int64_t n)
{
	int64_t a = grid_audio(g, n), ticks = 0;

	for (size_t i = 0; i < NSOUNDS; i++)
		if (sound[i].samples == g->spf)
			ticks = sound[i].ticks;
	/* Exact, not only nearest: 90000 / 48000 is 15 / 8. */
	assert_true((wide)(grid_audio_pts(g, a) - grid_delay(g)) *
	    g->sample_rate == (wide)a * g->spf * TS_HZ);
	assert_true(grid_audio_pts(g, a + 1) - grid_audio_pts(g, a) ==
	    ticks);
}

static void
audio_frames_have_one_distance_for_ever(void **state)
{
	(void)state;
	every_grid(check_audio_pts);
}

static void
check_lag(const struct grid *g, int64_t n)
{
	int64_t lag = grid_audio_lag(g, n);

	assert_true(lag >= 0 && lag <= g->spf);
	check_nearest(grid_audio(g, n) * g->spf - lag,
	    (wide)n * g->rate.den * g->sample_rate, g->rate.num);
}

static void
the_lag_of_sound_is_less_than_a_frame(void **state)
{
	(void)state;
	every_grid(check_lag);
}

static void
check_half(const struct grid *g, int64_t n)
{
	int64_t before = grid_pcr_half(g, n) - grid_pcr(g, n);
	int64_t after = grid_pcr(g, n + 1) - grid_pcr_half(g, n);

	/* In the middle, to a tick. */
	assert_true(before > 0 && after - before >= 0 && after - before <= 1);
	assert_true(rate_frame_ns(g->rate, n) < grid_half_ns(g, n));
	assert_true(grid_half_ns(g, n) < rate_frame_ns(g->rate, n + 1));
}

static void
the_second_pcr_lies_between_two_pictures(void **state)
{
	(void)state;
	every_rate(check_half);
}

static void
check_pcr_distance(const struct grid *g, int64_t n)
{
	int64_t next = grid_needs_half(g) ? grid_pcr_half(g, n) :
	    grid_pcr(g, n + 1);

	assert_true(next - grid_pcr(g, n) < 36 * PCR_HZ / 1000);
	assert_true(grid_pcr(g, n + 1) - next < 36 * PCR_HZ / 1000);
}

static void
a_pcr_comes_every_36_ms_at_any_rate(void **state)
{
	(void)state;
	every_rate(check_pcr_distance);
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = grid_make(house[i].rate, 48000, 1024);

		assert_int_equal(grid_needs_half(&g), house[i].half);
	}
}

static void
a_group_is_two_seconds_of_the_rate_rounded_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++)
		assert_int_equal(grid_make(house[i].rate, 48000, 1024).gop,
		    house[i].gop);
}

static void
differences_cross_the_wrap(void **state)
{
	(void)state;
	assert_int_equal(ts_diff(5, TS_WRAP - 5), 10);
	assert_int_equal(ts_diff(TS_WRAP - 5, 5), -10);
	assert_int_equal(ts_diff(7, 7), 0);
	assert_int_equal(ts_diff(TS_WRAP / 2 - 1, 0), TS_WRAP / 2 - 1);
	assert_int_equal(ts_diff(TS_WRAP / 2, 0), -TS_WRAP / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_are_the_nearest_ticks_for_a_century),
		cmocka_unit_test(the_delay_is_half_a_second_and_two_pictures),
		cmocka_unit_test(
		    pictures_have_one_distance_or_the_two_next_to_it),
		cmocka_unit_test(the_lead_of_dts_over_pcr_is_constant),
		cmocka_unit_test(instants_and_frames_agree_to_the_nanosecond),
		cmocka_unit_test(audio_slots_tile_and_begin_in_time),
		cmocka_unit_test(audio_frames_have_one_distance_for_ever),
		cmocka_unit_test(the_lag_of_sound_is_less_than_a_frame),
		cmocka_unit_test(the_second_pcr_lies_between_two_pictures),
		cmocka_unit_test(a_pcr_comes_every_36_ms_at_any_rate),
		cmocka_unit_test(a_group_is_two_seconds_of_the_rate_rounded_up),
		cmocka_unit_test(differences_cross_the_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
