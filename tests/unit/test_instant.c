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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_read_in_either_form),
		cmocka_unit_test(what_is_no_moment_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
