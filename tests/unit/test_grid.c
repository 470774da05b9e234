/* test_grid.c - time stamps against exact rationals, over a century. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ts/grid.h"
#include "ts/join.h"

#define CENTURY_S	INT64_C(3155760000)
#define SAMPLES		20000

__extension__ typedef __int128 wide;

static const struct rate rates[] = {
	{ 30000, 1001 }, { 25, 1 }, { 24000, 1001 }, { 60000, 1001 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

/* The k-th of the frames sampled: neighbours, then far apart. */
static int64_t
sample(struct rate r, int64_t k)
{
	int64_t all = CENTURY_S / r.den * r.num;

	return all / (SAMPLES / 4) * (k / 4) + k % 4;
}

static struct grid
house(size_t i)
{
	return grid_make(rates[i], 48000, 1024);
}

typedef void check_fn(const struct grid *g, int64_t n);

static void
everywhere(check_fn *check)
{
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = house(i);

		for (int64_t k = 0; k < SAMPLES; k++)
			check(&g, sample(g.rate, k));
	}
}

/* |2 * got * num - 2 * exact| <= num: within half a tick. */
static void
check_nearest(const struct grid *g, int64_t got, int64_t n, int64_t hz)
{
	wide d = (wide)got * g->rate.num - (wide)n * g->rate.den * hz;

	assert_true(2 * d <= g->rate.num && 2 * d >= -g->rate.num);
}

static void
check_stamps(const struct grid *g, int64_t n)
{
	check_nearest(g, grid_pts(g, n) - grid_delay(g), n, TS_HZ);
	check_nearest(g, grid_pcr(g, n), n, PCR_HZ);
	assert_true(grid_dts(g, n) == grid_pts(g, n - g->reorder));
	assert_true(grid_dts(g, n) < grid_dts(g, n + 1));
}

static void
stamps_are_the_nearest_ticks_for_a_century(void **state)
{
	(void)state;
	everywhere(check_stamps);
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
	everywhere(check_lead);
}

static void
check_audio(const struct grid *g, int64_t n)
{
	int64_t a = grid_audio(g, n), z = grid_audio(g, n + 1);
	wide begin = (wide)n * g->rate.den * g->sample_rate;
	wide frame = (wide)g->spf * g->rate.num;
	wide d;

	assert_true(a <= z && z - a <= JOIN_AUDIO_MAX);
	assert_true((wide)a * frame >= begin);
	assert_true((wide)(a - 1) * frame < begin);
	d = (wide)(grid_audio_pts(g, a) - grid_delay(g)) * g->sample_rate -
	    (wide)a * g->spf * TS_HZ;
	assert_true(2 * d <= g->sample_rate && 2 * d >= -g->sample_rate);
}

static void
audio_slots_tile_and_begin_in_time(void **state)
{
	(void)state;
	everywhere(check_audio);
}

static void
check_lag(const struct grid *g, int64_t n)
{
	int64_t lag = grid_audio_lag(g, n);
	wide d = ((wide)grid_audio(g, n) * g->spf - lag) * g->rate.num -
	    (wide)n * g->rate.den * g->sample_rate;

	assert_true(lag >= 0 && lag <= g->spf);
	assert_true(2 * d <= g->rate.num && 2 * d >= -g->rate.num);
}

static void
the_lag_of_sound_is_less_than_a_frame(void **state)
{
	(void)state;
	everywhere(check_lag);
}

static void
check_half(const struct grid *g, int64_t n)
{
	assert_true(grid_pcr(g, n) < grid_pcr_half(g, n));
	assert_true(grid_pcr_half(g, n) < grid_pcr(g, n + 1));
	assert_true(rate_frame_ns(g->rate, n) < grid_half_ns(g, n));
	assert_true(grid_half_ns(g, n) < rate_frame_ns(g->rate, n + 1));
}

static void
the_second_pcr_lies_between_two_pictures(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		struct grid g = house(i);

		for (int64_t k = 0; k < 100; k++)
			check_half(&g, k * INT64_C(478213));
	}
}

static void
slow_pictures_need_a_second_pcr(void **state)
{
	struct grid g;

	(void)state;
	g = house(0);
	assert_false(grid_needs_half(&g));
	g = house(1);
	assert_true(grid_needs_half(&g));
	g = house(2);
	assert_true(grid_needs_half(&g));
	g = house(3);
	assert_false(grid_needs_half(&g));
}

static void
a_group_is_two_seconds_of_the_rate_rounded_up(void **state)
{
	static const int64_t gops[NRATES] = { 60, 50, 48, 120 };

	(void)state;
	for (size_t i = 0; i < NRATES; i++)
		assert_int_equal(house(i).gop, gops[i]);
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
		cmocka_unit_test(the_lead_of_dts_over_pcr_is_constant),
		cmocka_unit_test(audio_slots_tile_and_begin_in_time),
		cmocka_unit_test(the_lag_of_sound_is_less_than_a_frame),
		cmocka_unit_test(the_second_pcr_lies_between_two_pictures),
		cmocka_unit_test(slow_pictures_need_a_second_pcr),
		cmocka_unit_test(a_group_is_two_seconds_of_the_rate_rounded_up),
		cmocka_unit_test(differences_cross_the_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
