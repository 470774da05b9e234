/* test_when.c - the days that a layer of the schedule is for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/tz.h"
#include "plan/when.h"

#define TEST(f) cmocka_unit_test(f)

static struct when
layer(const char *s)
{
	struct when w;

	assert_true(when_layer(s, &w));
	return w;
}

static struct when
date(const char *s)
{
	struct when w;
	const char *why;

	if (!when_date(s, &w, &why))
		fail_msg("%s: %s", s, why);
	return w;
}

/* How many days of the years [from, to] it has, and the first of them. */
static int
count(const struct when *w, int from, int to, int64_t *first)
{
	int n = 0;

	for (int64_t d = civil_to_days(from, 1, 1);
	    d < civil_to_days(to + 1, 1, 1); d++) {
		if (!when_has(w, d))
			continue;
		if (n++ == 0)
			*first = d;
	}
	return n;
}

static void
check_first(const char *s, int year, int days, int month, int day)
{
	struct when w = date(s);
	int64_t first = 0;

	assert_int_equal(count(&w, year, year, &first), days);
	assert_int_equal(first, civil_to_days(year, month, day));
}

static void
weekdays_and_weekends_share_the_week(void **state)
{
	struct when all = layer("all_day"), week = layer("weekdays");
	struct when end = layer("weekends"), monday = layer("monday");
	int64_t d = civil_to_days(2026, 11, 23);	/* a Monday */

	(void)state;
	for (int i = 0; i < 7; i++) {
		assert_true(when_has(&all, d + i));
		assert_int_equal(when_has(&week, d + i), i < 5);
		assert_int_equal(when_has(&end, d + i), i >= 5);
		assert_int_equal(when_has(&monday, d + i), i == 0);
	}
}

static void
only_the_words_of_the_language_are_layers(void **state)
{
	static const char *const others[] = {
		"", "weekday", "Monday", "mon", "dates", "all", "sundays",
	};
	struct when w;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(when_layer(others[i], &w));
}

/* From the tables of the Astronomical Society of South Australia. */
static void
easter_is_when_the_church_says(void **state)
{
	static const int known[][3] = {
		{ 1970, 3, 29 }, { 1981, 4, 19 }, { 2000, 4, 23 },
		{ 2008, 3, 23 }, { 2011, 4, 24 }, { 2024, 3, 31 },
		{ 2026, 4, 5 }, { 2038, 4, 25 }, { 2049, 4, 18 },
		{ 2076, 4, 19 }, { 2285, 3, 22 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_int_equal(when_easter(known[i][0]),
		    civil_to_days(known[i][0], known[i][1], known[i][2]));
	for (int y = 1970; y < 2600; y++) {
		int64_t d = when_easter(y);

		assert_int_equal(civil_weekday(d), 0);
		assert_in_range(d, civil_to_days(y, 3, 22),
		    civil_to_days(y, 4, 25));
	}
}

static void
dates_are_the_days_they_name(void **state)
{
	(void)state;
	check_first("2026-12-24", 2026, 1, 12, 24);
	check_first("12-25", 2031, 1, 12, 25);
	check_first("2026-07-01..2026-08-31", 2026, 62, 7, 1);
	check_first("2026-07-01..2026-07-01", 2026, 1, 7, 1);
	check_first("easter-2", 2026, 1, 4, 3);
	check_first("Easter", 2026, 1, 4, 5);
	check_first("easter+50", 2026, 1, 5, 25);
	check_first("4th thursday of november", 2026, 1, 11, 26);
	check_first("1st Monday of Sep", 2026, 1, 9, 7);
	check_first("last monday of may", 2026, 1, 5, 25);
	check_first("last monday  of may", 2027, 1, 5, 31);
	check_first("02-29", 2028, 1, 2, 29);
}

static void
a_season_may_go_over_new_year(void **state)
{
	struct when w = date("12-20..01-06");
	int64_t first = 0;

	(void)state;
	assert_int_equal(count(&w, 2026, 2026, &first), 18);
	assert_true(when_has(&w, civil_to_days(2027, 1, 6)));
	assert_false(when_has(&w, civil_to_days(2027, 1, 7)));
	assert_true(when_has(&w, civil_to_days(2026, 12, 20)));
	assert_false(when_has(&w, civil_to_days(2026, 12, 19)));
	w = date("06-01..06-01");
	assert_int_equal(count(&w, 2026, 2026, &first), 1);
}

static void
easter_of_another_year_counts(void **state)
{
	struct when w = date("easter+300");
	int64_t first = 0;

	(void)state;
	/* Easter 2025 is April 20: 300 days later it is 2026. */
	assert_int_equal(count(&w, 2026, 2026, &first), 1);
	assert_int_equal(first, civil_to_days(2026, 2, 14));
}

static void
a_fifth_weekday_is_not_in_every_month(void **state)
{
	struct when w = date("5th friday of may");
	int64_t first = 0;

	(void)state;
	assert_int_equal(count(&w, 2026, 2026, &first), 1);
	assert_int_equal(count(&w, 2027, 2027, &first), 0);
}

static void
a_day_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "2026-02-30", "13-01", "02-30", "1-1", "12/25", "2026",
		"2026-08-31..2026-07-01", "2026-07-01..08-31", "..", "a..b",
		"2026-07-01..", "easter-", "easter--2", "easter2",
		"easter+367", "6th monday of may", "4th thursday november",
		"thursday of november", "4th of november of may",
		"0th monday of may", "4th thursday of november x",
		"4th thursday of novembers", "first monday of may",
		"4th t of november", "2026-07-01...2026-08-31",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct when w = { .offset = 77 };
		const char *why = NULL;

		if (when_date(bad[i], &w, &why))
			fail_msg("'%s' was taken", bad[i]);
		assert_true(strlen(why) > 0);
		assert_int_equal(w.offset, 77);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(weekdays_and_weekends_share_the_week),
		TEST(only_the_words_of_the_language_are_layers),
		TEST(easter_is_when_the_church_says),
		TEST(dates_are_the_days_they_name),
		TEST(a_season_may_go_over_new_year),
		TEST(easter_of_another_year_counts),
		TEST(a_fifth_weekday_is_not_in_every_month),
		TEST(a_day_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
