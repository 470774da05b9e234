/* test_logfile.c - what a value looks like in the log, whatever it is. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "io/logfile.h"

static void
check(const char *value, const char *want)
{
	assert_string_equal(logfile_value(value), want);
}

static void
words_stand_as_they_are(void **state)
{
	(void)state;
	check("Fog.mkv", "Fog.mkv");
	check("Am\xc3\xa9lie.mkv", "Am\xc3\xa9lie.mkv");
	check("", "\"\"");
	check("a b", "\"a b\"");
	check("a\"b\\", "\"a\\\"b\\\\\"");
}

static void
nothing_steers_who_reads_the_log(void **state)
{
	(void)state;
	check("a\nb", "\"a\\x0ab\"");
	check("\x1b[2J", "\"\\x1b[2J\"");
	check("a\xc2\x9b" "b", "a\\xc2\\x9b" "b");
	check("x\xe2\x80\xae" "4pm", "x\\xe2\\x80\\xae" "4pm");
	check("x\xe2\x80\xa8", "x\\xe2\\x80\\xa8");
}

static void
bytes_that_are_no_text_are_numbers(void **state)
{
	(void)state;
	check("\xff\xfe.mkv", "\\xff\\xfe.mkv");
	check("\xc3", "\\xc3");
	check("\xed\xa0\x80", "\\xed\\xa0\\x80");
}

static void
a_long_value_is_cut_between_characters(void **state)
{
	char text[4001];
	const char *v;
	size_t n;

	(void)state;
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[4000] = '\0';
	v = logfile_value(text);
	n = strlen(v);
	assert_in_range(n, 400, 600);
	for (size_t i = 0; i < n; i += 2)
		assert_int_equal(utf8_len((const uint8_t *)v + i), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stand_as_they_are),
		cmocka_unit_test(nothing_steers_who_reads_the_log),
		cmocka_unit_test(bytes_that_are_no_text_are_numbers),
		cmocka_unit_test(a_long_value_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
