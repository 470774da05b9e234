/* test_jsontext.c - text of any origin, as JSON has it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/jsontext.h"

static void
check_text(const char *text, const char *wanted)
{
	json_t *j = json_text(text);

	assert_string_equal(json_string_value(j), wanted);
	json_decref(j);
}

static void
text_stays_as_it_is(void **state)
{
	(void)state;
	check_text("", "");
	check_text("Caf\xc3\xa9 \xf0\x9f\x93\xba\n",
	    "Caf\xc3\xa9 \xf0\x9f\x93\xba\n");
}

static void
each_byte_that_is_none_is_replaced_and_no_other(void **state)
{
	(void)state;
	check_text("Caf\xe9 \xc3\xa9", "Caf\xef\xbf\xbd \xc3\xa9");
	check_text("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
	check_text("a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd");
}

static void
no_text_is_null(void **state)
{
	json_t *j = json_text(NULL);

	(void)state;
	assert_true(json_is_null(j));
	json_decref(j);
}

static void
an_instant_has_milliseconds(void **state)
{
	json_t *j = json_instant(INT64_C(1768487400123000000));

	(void)state;
	assert_string_equal(json_string_value(j), "2026-01-15T14:30:00.123Z");
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stays_as_it_is),
		cmocka_unit_test(
		    each_byte_that_is_none_is_replaced_and_no_other),
		cmocka_unit_test(no_text_is_null),
		cmocka_unit_test(an_instant_has_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
