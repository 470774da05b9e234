/* test_clock.c - the house clock against two fake ones. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arith.h"
#include "base/clock.h"
#include "base/instant.h"

#define UTC	(INT64_C(1790000000) * NS_PER_S)
#define MS	INT64_C(1000000)

static void
it_runs_with_both_clocks_when_they_agree(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 100, UTC, -1);
	for (int64_t t = 0; t < 1000; t++)
		assert_int_equal(clock_read(&c, 100 + t * MS, UTC + t * MS,
		    &stepped), UTC + t * MS);
	assert_false(stepped);
}

/* UTC is off_ns away from the start on: the house clock after s seconds. */
static int64_t
slewed(int64_t off_ns, int64_t s, int64_t *last)
{
	struct clock c;
	bool stepped = false;
	int64_t t, d = 0;

	clock_init(&c, 0, UTC, -1);
	*last = UTC;
	for (t = 10 * MS; t <= s * NS_PER_S; t += 10 * MS) {
		int64_t now = clock_read(&c, t, UTC + t + off_ns, &stepped);

		assert_false(stepped);
		d = now - *last - 10 * MS;
		assert_true(d >= -250 && d <= 250);	/* 25 ppm of 10 ms */
		*last = now;
	}
	return *last - UTC - s * NS_PER_S;
}

static void
a_small_difference_is_slewed_at_25_ppm(void **state)
{
	int64_t last;

	(void)state;
	assert_int_equal(slewed(500 * MS, 100, &last), 100 * 25000);
	assert_int_equal(slewed(-500 * MS, 100, &last), -100 * 25000);
}

static void
slewing_ends_where_the_clocks_agree(void **state)
{
	int64_t last;

	(void)state;
	assert_int_equal(slewed(MS, 100, &last), MS);
	assert_int_equal(slewed(-MS, 100, &last), -MS);
}

static void
frequent_reading_does_not_stop_the_slew(void **state)
{
	struct clock c;
	bool stepped = false;
	int64_t now = 0;

	(void)state;
	clock_init(&c, 0, UTC, -1);
	for (int64_t t = 0; t <= 100 * MS; t += 1000)
		now = clock_read(&c, t, UTC + t + MS, &stepped);
	assert_int_equal(now - UTC - 100 * MS, 2500);
}

static void
a_second_of_difference_is_a_step(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 0, UTC, -1);
	assert_int_equal(clock_read(&c, 10, UTC + NS_PER_S + 10, &stepped),
	    UTC + NS_PER_S + 10);
	assert_true(stepped);
	assert_int_equal(c.stepped, NS_PER_S);
	stepped = false;
	assert_int_equal(clock_read(&c, 20, UTC + 20, &stepped), UTC + 20);
	assert_true(stepped);
	assert_int_equal(c.stepped, 0);
}

static void
just_under_a_second_is_no_step(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 0, UTC, -1);
	clock_read(&c, 10, UTC + NS_PER_S + 9, &stepped);
	assert_false(stepped);
}

static void
a_rehearsal_begins_where_it_is_told(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 50, UTC, 1000);
	assert_int_equal(clock_read(&c, 50 + NS_PER_S, UTC + NS_PER_S,
	    &stepped), 1000 + NS_PER_S);
	assert_false(stepped);
}

static void
what_is_no_time_is_not_followed(void **state)
{
	static const int64_t none[] = {
		-1, -NS_PER_S, INT64_MIN, INSTANT_LAST_S * NS_PER_S + 1,
		INT64_MAX,
	};
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 0, UTC, -1);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(clock_read(&c, MS, none[i], &stepped),
		    UTC + MS);
	assert_false(stepped);
	assert_int_equal(clock_read(&c, MS, UTC + MS, &stepped), UTC + MS);
	/* Nor is it slewed for afterwards, all at once. */
	clock_read(&c, 100000 * NS_PER_S, -1, &stepped);
	assert_in_range(clock_read(&c, 100000 * NS_PER_S + MS,
	    UTC + 100000 * NS_PER_S + 500 * MS, &stepped),
	    UTC + 100000 * NS_PER_S, UTC + 100000 * NS_PER_S + 2 * MS);
	assert_false(stepped);
}

/* A bias may not take the house where there is no time either. */
static void
a_rehearsal_is_not_set_before_1970(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 0, UTC, 1000);
	assert_int_equal(clock_read(&c, MS, UTC - 1001, &stepped), 1000 + MS);
	assert_false(stepped);
	assert_int_equal(clock_read(&c, MS, 5, &stepped), 1000 + MS);
	clock_init(&c, 0, 5, INSTANT_LAST_S * NS_PER_S);
	assert_int_equal(clock_read(&c, 0, UTC, &stepped),
	    INSTANT_LAST_S * NS_PER_S);
	assert_false(stepped);
}

static void
it_begins_at_1970_where_there_was_no_time_before(void **state)
{
	struct clock c;
	bool stepped = false;

	(void)state;
	clock_init(&c, 50, INT64_MIN, -1);
	assert_int_equal(clock_read(&c, 60, INT64_MIN, &stepped), 10);
	clock_init(&c, 50, INT64_MAX, -1);
	assert_int_equal(clock_read(&c, 50, INT64_MAX, &stepped),
	    INSTANT_LAST_S * NS_PER_S);
	assert_false(stepped);
	assert_int_equal(clock_read(&c, 50, UTC, &stepped), UTC);
	assert_true(stepped);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_runs_with_both_clocks_when_they_agree),
		cmocka_unit_test(a_small_difference_is_slewed_at_25_ppm),
		cmocka_unit_test(slewing_ends_where_the_clocks_agree),
		cmocka_unit_test(frequent_reading_does_not_stop_the_slew),
		cmocka_unit_test(a_second_of_difference_is_a_step),
		cmocka_unit_test(just_under_a_second_is_no_step),
		cmocka_unit_test(a_rehearsal_begins_where_it_is_told),
		cmocka_unit_test(what_is_no_time_is_not_followed),
		cmocka_unit_test(a_rehearsal_is_not_set_before_1970),
		cmocka_unit_test(
		    it_begins_at_1970_where_there_was_no_time_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
