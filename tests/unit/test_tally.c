/* test_tally.c - what a channel has done, counted. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "air/tally.h"

#define MS	INT64_C(1000000)

static struct tally t;

static int
setup(void **state)
{
	(void)state;
	t = (struct tally){ 0 };
	return 0;
}

static void
join(int64_t slot, int64_t late_ns, bool cold)
{
	const struct channel_event e = {
		.kind = EVENT_ON_AIR, .segment.n0 = 100, .slot = slot,
		.late_ns = late_ns, .cold = cold,
	};

	tally_event(&t, &e);
}

static void
a_join_counts_where_its_error_belongs(void **state)
{
	(void)state;
	join(100, 0, false);
	join(100, 1 * MS, false);
	join(100, 1 * MS + 1, false);
	join(100, 1000 * MS, false);
	join(100, 5000 * MS, false);
	assert_int_equal(t.joins[0], 2);
	assert_int_equal(t.joins[1], 1);
	assert_int_equal(t.joins[TALLY_NJOINS - 2], 1);
	assert_int_equal(t.joins[TALLY_NJOINS - 1], 1);
	assert_int_equal(t.join_ns, 6002 * MS + 1);
}

static void
a_start_in_mid_segment_is_no_join(void **state)
{
	(void)state;
	join(101, 3 * MS, false);
	join(100, 3000 * MS, true);
	for (size_t i = 0; i < TALLY_NJOINS; i++)
		assert_int_equal(t.joins[i], 0);
}

static void
what_has_aired_adds_up(void **state)
{
	const struct channel_event e = {
		.kind = EVENT_OFF_AIR,
		.from = { .asset = 1, .pad = 2, .filler = 3, .slate = 4 },
	};

	(void)state;
	tally_event(&t, &e);
	tally_event(&t, &e);
	assert_int_equal(t.aired.asset, 2);
	assert_int_equal(t.aired.pad, 4);
	assert_int_equal(t.aired.filler, 6);
	assert_int_equal(t.aired.slate, 8);
}

static void
bounds_are_seconds_and_rise(void **state)
{
	char text[16];
	double last = 0, now;

	(void)state;
	for (size_t i = 0; i < TALLY_NJOINS - 1; i++, last = now) {
		tally_join_bound(text, i);
		now = strtod(text, NULL);
		assert_true(now > last);
	}
	tally_join_bound(text, TALLY_NJOINS - 1);
	assert_string_equal(text, "+Inf");
}

#define TEST(f)	cmocka_unit_test_setup(f, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_join_counts_where_its_error_belongs),
		TEST(a_start_in_mid_segment_is_no_join),
		TEST(what_has_aired_adds_up),
		TEST(bounds_are_seconds_and_rise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
