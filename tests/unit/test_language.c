/* test_language.c - the many names of a language. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/language.h"

static void
check_key(const char *s, const char *want)
{
	char key[4] = "";

	assert_int_equal(language_key(s, key), want != NULL);
	assert_string_equal(key, want != NULL ? want : "");
}

static void
all_names_of_a_language_are_one(void **state)
{
	static const char *const german[] = {
		"de", "deu", "ger", "German", "GERMAN", "DE", "de-AT", "de_CH",
		"ger-DE", " de", "German (stereo)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof german / sizeof german[0]; i++)
		check_key(german[i], "deu");
	check_key("en", "eng");
	check_key("fre", "fra");
	check_key("zu", "zul");
	check_key("Gaelic", "gla");
}

static void
a_code_out_of_the_table_stands_for_itself(void **state)
{
	(void)state;
	check_key("gsw", "gsw");
	check_key("GSW", "gsw");
}

static void
the_short_code_has_two_letters_where_there_are_such(void **state)
{
	static const char *const codes[][2] = {
		{ "deu", "de" }, { "English", "en" }, { "gsw", "gsw" },
		{ "fre", "fr" },
	};
	char key[4];

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		assert_true(language_short(codes[i][0], key));
		assert_string_equal(key, codes[i][1]);
	}
	assert_false(language_short("Klingonese", key));
}

static void
what_names_no_language_has_no_key(void **state)
{
	(void)state;
	check_key("", NULL);
	check_key("und", NULL);
	check_key("x", NULL);
	check_key("e1g", NULL);
	check_key("Klingonese", NULL);
	check_key("\xff\xfe\xfd", NULL);
	check_key("-", NULL);
}

static const struct asset_audio three[] = {
	{ .stream = 1, .language = "ger" }, { .stream = 2, .language = "eng" },
	{ .stream = 3, .language = "eng" },
};

static void
the_first_in_the_wanted_language_is_picked(void **state)
{
	(void)state;
	assert_int_equal(language_pick(three, 3, "English"), 1);
	assert_int_equal(language_pick(three, 3, "de"), 0);
}

static void
without_the_wanted_one_the_first_is_picked(void **state)
{
	static const struct asset_audio unknown[2] = { { .stream = 1 } };

	(void)state;
	assert_int_equal(language_pick(three, 3, "fr"), 0);
	assert_int_equal(language_pick(three, 3, NULL), 0);
	assert_int_equal(language_pick(three, 3, "nonsense"), 0);
	assert_int_equal(language_pick(unknown, 2, "und"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_names_of_a_language_are_one),
		cmocka_unit_test(a_code_out_of_the_table_stands_for_itself),
		cmocka_unit_test(what_names_no_language_has_no_key),
		cmocka_unit_test(
		    the_short_code_has_two_letters_where_there_are_such),
		cmocka_unit_test(the_first_in_the_wanted_language_is_picked),
		cmocka_unit_test(without_the_wanted_one_the_first_is_picked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
