/* Moments as they are written. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arith.h"
#include "base/instant.h"
#include "base/length.h"

#define T	INT64_C(1768487400)	/* 2026-01-15T14:30:00Z */

static void
a_moment_is_read_in_either_form(void **state)
{
	(void)state;
	assert_int_equal(instant_parse("2026-01-15T14:30:00Z"), T * NS_PER_S);
	assert_int_equal(instant_parse("2026-01-15T14:30:00.25Z"),
	    T * NS_PER_S + NS_PER_S / 4);
	assert_int_equal(instant_parse("2026-01-15T14:30:00.0000000019Z"),
	    T * NS_PER_S + 1);
	assert_int_equal(instant_parse("1768487400012"),
	    T * NS_PER_S + 12 * NS_PER_S / 1000);
	assert_int_equal(instant_parse("0"), 0);
	assert_int_equal(instant_parse("1970-01-01T00:00:00Z"), 0);
}

static void
what_is_no_moment_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "-", "now", "2026-", "2026-01-15",
		"2026-01-15T14:30:00", "2026-01-15 14:30:00Z",
		"2026-13-15T14:30:00Z", "2026-01-15T24:00:00Z",
		"2026-01-15T14:30:00.Z", "2026-01-15T14:30:00Zx",
		"2026-01-15T+4:30:00Z", "1969-12-31T23:59:59Z",
		"2201-01-01T00:00:00Z", "2200-12-31T23:59:60Z",
		"2026-02-31T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-02-29T00:00:00Z", "-1", "+1", "1.5",
		"99999999999999999999999", "7289654400000",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_int_equal(instant_parse(texts[i]), -1);
}

static void
a_moment_may_be_written_as_players_do(void **state)
{
	const int64_t t = T * NS_PER_S;
	static const char *const wrong[] = {
		"", "now", "2026-01-15", "2026-01-15T14:30:00",
		"2026-01-15T14:30:00ZZ", "2026-01-15T24:30:00Z",
		"2026-01-15 14:30:00Z", "2026-02-30T14:30:00Z",
		"20260115143", "20261315143000", "20260115243000", "-5",
		"1768487400Z", "9999999999", "99991231235959",
		"9999-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
	};

	(void)state;
	assert_int_equal(instant_parse_player("2026-01-15T14:30:00Z"), t);
	assert_int_equal(instant_parse_player("2026-01-15T14:30Z"), t);
	assert_int_equal(instant_parse_player("2026-01-15T14:30:00.040Z"),
	    t + 40000000);
	assert_int_equal(instant_parse_player("2026-01-15T16:00:00+01:30"), t);
	assert_int_equal(instant_parse_player("2026-01-15T09:30:00-05:00"), t);
	assert_int_equal(instant_parse_player("20260115143000"), t);
	assert_int_equal(instant_parse_player("1768487400"), t);
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_int_equal(instant_parse_player(wrong[i]), -1);
}

static void
what_is_printed_is_cut_to_the_millisecond(void **state)
{
	char text[INSTANT_TEXT];

	(void)state;
	instant_print(text, 1768487400 * NS_PER_S + 123999999);
	assert_string_equal(text, "2026-01-15T14:30:00.123Z");
	assert_true(instant_parse(text) == 1768487400123 * (NS_PER_S / 1000));
	instant_print(text, -1);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	instant_print(text, INT64_MAX);
	assert_string_equal(text, "2262-04-11T23:47:16.854Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_read_in_either_form),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(a_moment_may_be_written_as_players_do),
		cmocka_unit_test(what_is_printed_is_cut_to_the_millisecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
