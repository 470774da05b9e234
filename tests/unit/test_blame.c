#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/blame.h"

static void
what_may_pass_is_the_system_s(void **state)
{
	static const char *const words[] = {
		"Input/output error", "Cannot allocate memory",
		"[h264 @ 0x5] Too many open files",
		"exit 1: Stale file handle", "Connection timed out",
		"moov atom not found; Resource temporarily unavailable",
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_int_equal(blame_words(words[i]), BLAME_SYSTEM);
}

static void
what_is_in_the_file_is_the_file_s(void **state)
{
	(void)state;
	assert_int_equal(blame_words("exit 1: Invalid data found when "
	    "processing input"), BLAME_FILE);
	assert_int_equal(blame_words("[mov @ 0x5] moov atom not found"),
	    BLAME_FILE);
	assert_int_equal(blame_words("End of file"), BLAME_FILE);
}

static void
what_is_not_known_is_nobody_s(void **state)
{
	(void)state;
	assert_int_equal(blame_words(""), BLAME_NOBODY);
	assert_int_equal(blame_words("\xff\n"), BLAME_NOBODY);
	/* Of a filter's, it may be. */
	assert_int_equal(blame_words("exit 1: Invalid argument"),
	    BLAME_NOBODY);
}

static void
what_was_not_started_has_said_nothing(void **state)
{
	(void)state;
	assert_int_equal(blame_exit(126, "moov atom not found"),
	    BLAME_SYSTEM);
	assert_int_equal(blame_exit(127, ""), BLAME_SYSTEM);
	assert_int_equal(blame_exit(1, ""), BLAME_NOBODY);
	assert_int_equal(blame_exit(1, "moov atom not found"), BLAME_FILE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_pass_is_the_system_s),
		cmocka_unit_test(what_is_in_the_file_is_the_file_s),
		cmocka_unit_test(what_is_not_known_is_nobody_s),
		cmocka_unit_test(what_was_not_started_has_said_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
