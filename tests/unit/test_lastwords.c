#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/lastwords.h"

static void
check(const char *text, const char *want)
{
	char *words = last_words(text, 40);

	assert_string_equal(words, want);
	free(words);
}

static void
the_last_line_says_why(void **state)
{
	(void)state;
	check("one\ntwo\n", "two");
	check("one\ntwo", "two");
	check("only", "only");
	check("", "");
	check("\n\n", "");
}

static void
neither_path_nor_address_is_repeated(void **state)
{
	(void)state;
	check("[matroska,webm @ 0x55e211db1a80] EBML header parsing failed\n"
	    "file:/a/b: c.mkv: Invalid data found\n", "Invalid data found");
	check("[a @ 0x1] [b @ 0x2]  bad thing ", "bad thing");
	check("[not a context] stays", "[not a context] stays");
	check("file:/without/a/word", "file:/without/a/word");
	check("file:", "file:");
	check("[", "[");
	check("[x @ 0x1]", "");
}

static void
lines_that_say_nothing_are_passed_over(void **state)
{
	(void)state;
	check("File ended prematurely\n    Last message repeated 1 times\n"
	    "Conversion failed!\n", "File ended prematurely");
}

static void
what_a_terminal_obeys_is_shown_as_a_question_mark(void **state)
{
	(void)state;
	check("\033[2J\xff x", "?[2J? x");
}

static void
long_lines_are_cut(void **state)
{
	(void)state;
	check("0123456789012345678901234567890123456789and more",
	    "0123456789012345678901234567890123456789");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_says_why),
		cmocka_unit_test(neither_path_nor_address_is_repeated),
		cmocka_unit_test(lines_that_say_nothing_are_passed_over),
		cmocka_unit_test(
		    what_a_terminal_obeys_is_shown_as_a_question_mark),
		cmocka_unit_test(long_lines_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
