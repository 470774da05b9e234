#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/tz.h"
#include "base/tz_posix.h"
#include "base/xmem.h"
#include "zones.h"

#define HOUR_S	3600
#define DAY_S	INT64_C(86400)

/* Seconds since the epoch of a UTC time. */
static int64_t
utc(int year, int month, int day, int hour, int min)
{
	return civil_to_days(year, month, day) * DAY_S + hour * HOUR_S +
	    min * 60;
}

static struct tz *
zone(const char *name)
{
	const char *why = NULL;
	struct tz *z = NULL;

	for (size_t i = 0; i < NZONES; i++)
		if (strcmp(zones[i].name, name) == 0)
			z = tz_parse(zones[i].data, zones[i].len, &why);
	assert_non_null(z);
	return z;
}

static int64_t
instant(const struct tz *z, int year, int month, int day, int hour, int min)
{
	struct civil c = { year, month, day, hour, min, 0 };

	return tz_instant(z, &c);
}

static void
dates_and_days_are_inverse(void **state)
{
	int y, m, d;

	(void)state;
	assert_int_equal(civil_to_days(1970, 1, 1), 0);
	assert_int_equal(civil_to_days(2000, 2, 29), 11016);
	assert_int_equal(civil_to_days(2024, 13, 1), civil_to_days(2025, 1, 1));
	assert_int_equal(civil_to_days(2024, 0, 1), civil_to_days(2023, 12, 1));
	for (int64_t day = -800000; day < 800000; day++) {
		civil_from_days(day, &y, &m, &d);
		assert_true(m >= 1 && m <= 12 && d >= 1 && d <= 31);
		assert_int_equal(civil_to_days(y, m, d), day);
	}
}

static void
weekdays_count_from_sunday(void **state)
{
	(void)state;
	assert_int_equal(civil_weekday(0), 4);
	assert_int_equal(civil_weekday(civil_to_days(2026, 7, 26)), 0);
	assert_int_equal(civil_weekday(civil_to_days(1969, 12, 31)), 3);
}

static void
utc_has_no_offset(void **state)
{
	struct tz *z = tz_utc(), *file = zone("UTC");

	(void)state;
	for (int64_t t = -DAY_S * 100000; t < DAY_S * 100000; t += 7654321) {
		assert_int_equal(tz_offset(z, t), 0);
		assert_int_equal(tz_offset(file, t), 0);
	}
	tz_free(z);
	tz_free(file);
}

static void
the_table_of_the_file_is_followed(void **state)
{
	struct tz *z = zone("America/New_York");

	(void)state;
	assert_int_equal(tz_offset(z, utc(1850, 1, 1, 0, 0)), -17762);
	assert_int_equal(tz_offset(z, utc(1944, 1, 1, 0, 0)), -4 * HOUR_S);
	assert_int_equal(tz_offset(z, utc(2006, 3, 20, 0, 0)), -5 * HOUR_S);
	assert_int_equal(tz_offset(z, utc(2007, 3, 20, 0, 0)), -4 * HOUR_S);
	tz_free(z);
}

static void
the_footer_goes_on_for_ever(void **state)
{
	struct tz *z = zone("America/New_York");

	(void)state;
	for (int y = 2008; y < 3500; y += 7) {
		int64_t first = civil_to_days(y, 3, 1);
		int64_t sunday = first + (7 - civil_weekday(first)) % 7 + 7;
		int64_t t = sunday * DAY_S + 7 * HOUR_S;

		assert_int_equal(tz_offset(z, t - 1), -5 * HOUR_S);
		assert_int_equal(tz_offset(z, t), -4 * HOUR_S);
		assert_int_equal(tz_offset(z, utc(y, 12, 31, 23, 0)),
		    -5 * HOUR_S);
		assert_int_equal(tz_offset(z, utc(y, 7, 1, 0, 0)),
		    -4 * HOUR_S);
	}
	tz_free(z);
}

static void
summer_is_in_january_in_the_south(void **state)
{
	struct tz *sydney = zone("Australia/Sydney");
	struct tz *howe = zone("Australia/Lord_Howe");

	(void)state;
	for (int y = 2010; y < 2800; y += 13) {
		assert_int_equal(tz_offset(sydney, utc(y, 1, 1, 0, 0)),
		    11 * HOUR_S);
		assert_int_equal(tz_offset(sydney, utc(y, 7, 1, 0, 0)),
		    10 * HOUR_S);
		assert_int_equal(tz_offset(howe, utc(y, 12, 31, 23, 59)),
		    11 * HOUR_S);
		assert_int_equal(tz_offset(howe, utc(y, 6, 1, 0, 0)),
		    10 * HOUR_S + 1800);
	}
	tz_free(sydney);
	tz_free(howe);
}

static void
local_time_is_read_off(void **state)
{
	struct tz *z = zone("America/New_York");
	struct civil c = tz_local(z, utc(2026, 1, 1, 4, 59) + 58);

	(void)state;
	assert_int_equal(c.year, 2025);
	assert_int_equal(c.month, 12);
	assert_int_equal(c.day, 31);
	assert_int_equal(c.hour, 23);
	assert_int_equal(c.min, 59);
	assert_int_equal(c.sec, 58);
	tz_free(z);
}

static void
a_time_that_comes_twice_is_the_first(void **state)
{
	struct tz *ny = zone("America/New_York");
	struct tz *howe = zone("Australia/Lord_Howe");

	(void)state;
	assert_int_equal(instant(ny, 2025, 11, 2, 1, 30),
	    utc(2025, 11, 2, 5, 30));
	assert_int_equal(instant(ny, 2025, 11, 2, 2, 0),
	    utc(2025, 11, 2, 7, 0));
	assert_int_equal(instant(howe, 2025, 4, 6, 1, 45),
	    utc(2025, 4, 5, 14, 45));
	tz_free(ny);
	tz_free(howe);
}

static void
a_time_that_never_comes_is_counted_by_the_offset_before(void **state)
{
	struct tz *ny = zone("America/New_York");
	struct tz *london = zone("Europe/London");
	struct civil c = tz_local(ny, instant(ny, 2025, 3, 9, 2, 30));

	(void)state;
	assert_int_equal(c.hour, 3);
	assert_int_equal(c.min, 30);
	assert_int_equal(instant(london, 2025, 3, 30, 1, 0),
	    utc(2025, 3, 30, 1, 0));
	assert_int_equal(instant(ny, 2025, 3, 9, 3, 0),
	    utc(2025, 3, 9, 7, 0));
	tz_free(ny);
	tz_free(london);
}

static void
fields_out_of_range_carry_over(void **state)
{
	struct tz *z = zone("Europe/London");
	struct civil c = { 2025, 12, 32, 24, 60, 0 };

	(void)state;
	assert_int_equal(tz_instant(z, &c), utc(2026, 1, 2, 1, 0));
	tz_free(z);
}

/* Of every instant: its local time leads back to it, or to the earlier of
 * two instants that bear the same. */
static void
every_local_time_leads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < NZONES; i++) {
		struct tz *z = zone(zones[i].name);

		for (int64_t t = utc(1960, 1, 1, 0, 0);
		    t < utc(2560, 1, 1, 0, 0); t += 12347) {
			struct civil c = tz_local(z, t);
			int64_t back = tz_instant(z, &c);

			if (back != t)
				assert_true(back < t && back >= t - HOUR_S &&
				    back + tz_offset(z, back) ==
				    t + tz_offset(z, t));
		}
		tz_free(z);
	}
}

static struct tz *
parse(const uint8_t *data, size_t len)
{
	const char *why = NULL;
	struct tz *z = tz_parse(data, len, &why);

	assert_true(z != NULL || why != NULL);
	return z;
}

static void
probe_and_free(struct tz *z)
{
	static const int64_t at[] = {
		INT64_MIN / 4, -1, 0, 1750000000, 32503680000,
	};

	for (size_t i = 0; z != NULL && i < sizeof at / sizeof at[0]; i++)
		assert_in_range(tz_offset(z, at[i]) + 26 * HOUR_S, 0,
		    52 * HOUR_S);
	tz_free(z);
}

static void
a_file_cut_short_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < NZONES; i++) {
		for (size_t len = 0; len < zones[i].len; len++) {
			uint8_t *data = xmalloc(len);

			memcpy(data, zones[i].data, len);
			assert_null(parse(data, len));
			free(data);
		}
	}
}

static void
garbage_is_harmless(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x80, 0xff };

	(void)state;
	for (size_t i = 1; i < NZONES; i++) {
		size_t len = zones[i].len;
		uint8_t *data = xmalloc(len);

		for (size_t k = 0; k < len * sizeof flips; k++) {
			memcpy(data, zones[i].data, len);
			data[k / sizeof flips] ^= flips[k % sizeof flips];
			probe_and_free(parse(data, len));
		}
		free(data);
	}
}

/* A version 1 file with one type and no transition. */
static const uint8_t tiny[] = {
	'T', 'Z', 'i', 'f', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 1, 0, 0, 0, 4,
	0, 0, 0x0e, 0x10, 0, 0, 'C', 'E', 'T', 0,
};

static void
version_1_is_read(void **state)
{
	struct tz *z = parse(tiny, sizeof tiny);

	(void)state;
	assert_non_null(z);
	assert_int_equal(tz_offset(z, 0), HOUR_S);
	assert_int_equal(tz_offset(z, utc(2200, 7, 1, 0, 0)), HOUR_S);
	tz_free(z);
}

static void
an_offset_of_more_than_26_hours_is_refused(void **state)
{
	uint8_t data[sizeof tiny];

	(void)state;
	memcpy(data, tiny, sizeof tiny);
	data[45] = 0x7f;
	assert_null(parse(data, sizeof data));
}

static bool
rule(const char *s, struct tz_posix *p)
{
	return tz_posix_parse(s, strlen(s), p);
}

static void
posix_strings_are_understood(void **state)
{
	struct tz_posix p;

	(void)state;
	assert_true(rule("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", &p));
	assert_int_equal(p.std, -3 * HOUR_S);
	assert_int_equal(p.dst, -2 * HOUR_S);
	assert_int_equal(p.begin.time_s, -2 * HOUR_S);
	assert_int_equal(tz_posix_begin(&p, 2025), utc(2025, 3, 30, 1, 0));
	assert_true(rule("IST-1GMT0,M10.5.0,M3.5.0/1", &p));
	assert_true(p.dst < p.std);
	assert_true(rule("<+0530>-5:30", &p));
	assert_int_equal(p.std, 19800);
	assert_false(p.has_dst);
}

static void
days_of_the_year_are_counted_both_ways(void **state)
{
	struct tz_posix p;

	(void)state;
	assert_true(rule("AAA0BBB,J60/0,60/0", &p));
	assert_int_equal(tz_posix_begin(&p, 2024), utc(2024, 3, 1, 0, 0));
	assert_int_equal(tz_posix_begin(&p, 2025), utc(2025, 3, 1, 0, 0));
	assert_int_equal(tz_posix_end(&p, 2024) + HOUR_S,
	    utc(2024, 3, 1, 0, 0));
	assert_int_equal(tz_posix_end(&p, 2025) + HOUR_S,
	    utc(2025, 3, 2, 0, 0));
	assert_true(rule("AAA0BBB,J59/0,J365/0", &p));
	assert_int_equal(tz_posix_begin(&p, 2024), utc(2024, 2, 28, 0, 0));
	assert_int_equal(tz_posix_end(&p, 2024) + HOUR_S,
	    utc(2024, 12, 31, 0, 0));
}

static void
strings_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "EST", "5", "ES5", "EST25", "EST5EDT", "EST5EDT,",
		"EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,",
		"EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
		"EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0",
		"EST5EDT,J0,J5", "EST5EDT,366,5", "<EST5", "EST5:60",
		"EST99999999999999999999", "EST5 ", "EST-",
		":America/New_York",
	};
	struct tz_posix p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (rule(bad[i], &p))
			fail_msg("'%s' was taken", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_days_are_inverse),
		cmocka_unit_test(weekdays_count_from_sunday),
		cmocka_unit_test(utc_has_no_offset),
		cmocka_unit_test(the_table_of_the_file_is_followed),
		cmocka_unit_test(the_footer_goes_on_for_ever),
		cmocka_unit_test(summer_is_in_january_in_the_south),
		cmocka_unit_test(local_time_is_read_off),
		cmocka_unit_test(a_time_that_comes_twice_is_the_first),
		cmocka_unit_test(
		    a_time_that_never_comes_is_counted_by_the_offset_before),
		cmocka_unit_test(fields_out_of_range_carry_over),
		cmocka_unit_test(every_local_time_leads_back),
		cmocka_unit_test(a_file_cut_short_is_refused),
		cmocka_unit_test(garbage_is_harmless),
		cmocka_unit_test(version_1_is_read),
		cmocka_unit_test(an_offset_of_more_than_26_hours_is_refused),
		cmocka_unit_test(posix_strings_are_understood),
		cmocka_unit_test(days_of_the_year_are_counted_both_ways),
		cmocka_unit_test(strings_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
