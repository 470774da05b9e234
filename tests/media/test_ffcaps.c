/* test_ffcaps.c - what an ffmpeg says that it can do. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "media/ffcaps.h"

static const char list[] =
	"Filters:\n"
	"  T.. = Timeline support\n"
	" T.C drawtext          V->V       Draw text on top of a zscale.\n"
	" .S. tonemapx          V->V       Something else.\n"
	" ... fps               V->V       Force constant framerate.\n";

static void
a_filter_is_found_by_its_whole_name(void **state)
{
	(void)state;
	assert_true(ffcaps_has(list, "drawtext"));
	assert_true(ffcaps_has(list, "fps"));
	assert_false(ffcaps_has(list, "tonemap"));
	assert_false(ffcaps_has(list, "zscale"));
	assert_false(ffcaps_has("", "fps"));
	assert_false(ffcaps_has("\n\n", "fps"));
}

static void
an_ffmpeg_that_is_not_there_can_nothing(void **state)
{
	struct argv_caps c = { .tonemap = true };

	(void)state;
	ffcaps_find("/nonexistent/ffmpeg", NULL, NULL, &c);
	assert_false(c.tonemap);
	assert_null(c.font);
	ffcaps_fini(&c);
}

static void
the_installed_one_is_asked(void **state)
{
	static const char *const commands[] = {
		"ffmpeg -v quiet -h filter=zscale | grep -q AVOptions && "
		    "ffmpeg -v quiet -h filter=tonemap | grep -q AVOptions",
		"ffmpeg -v quiet -h filter=drawtext | grep -q AVOptions",
	};
	struct argv_caps c;

	(void)state;
	ffcaps_find("ffmpeg", NULL, NULL, &c);
	assert_int_equal(c.tonemap, system(commands[0]) == 0);
	if (c.font != NULL) {
		assert_int_equal(system(commands[1]), 0);
		assert_int_equal(access(c.font, R_OK), 0);
	}
	ffcaps_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_is_found_by_its_whole_name),
		cmocka_unit_test(an_ffmpeg_that_is_not_there_can_nothing),
		cmocka_unit_test(the_installed_one_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
