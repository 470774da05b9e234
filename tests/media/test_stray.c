#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/stray.h"

/* What is told of names[0] among these (sorted but for it), which end with
 * NULL: NULL where it is no stray, "" where nobody knows what is meant. */
static const char *
told(const char *const *names)
{
	const char *near;
	size_t n = 0;

	while (names[n + 1] != NULL)
		n++;
	if (!stray_find(names[0], names + 1, n, &near))
		return NULL;
	return near != NULL ? near : "";
}
#define TOLD(...)	told((const char *const[]){ __VA_ARGS__, NULL })

static void
a_sidecar_beside_its_file_is_none(void **state)
{
	(void)state;
	assert_null(TOLD("a.mkv.yaml", "a.mkv", "a.mkv.yaml"));
	assert_null(TOLD("a.xyz.yaml", "a.xyz", "a.xyz.yaml"));
}

static void
other_yaml_is_none(void **state)
{
	(void)state;
	assert_null(TOLD("house.yaml", "a.mkv", "house.yaml"));
	assert_null(TOLD("house.yml", "a.mkv", "house.yml"));
	assert_null(TOLD("a.txt.yaml", "a.mkv", "a.txt.yaml"));
	assert_null(TOLD("a.mkv", "a.mkv"));
	assert_null(TOLD("yaml", "a.mkv", "yaml"));
}

static void
one_whose_file_is_gone_is_a_stray(void **state)
{
	(void)state;
	assert_string_equal(TOLD("a.mkv.yaml", "a.mkv.yaml"), "");
	assert_string_equal(TOLD("Gone.mkv.yaml", "Gone.mkv.yaml",
	    "Something Else.mkv"), "");
}

static void
a_misspelt_one_is_meant_for_what_is_near(void **state)
{
	(void)state;
	assert_string_equal(TOLD("Pilto.mkv.yaml", "Other.mkv", "Pilot.mkv",
	    "Pilto.mkv.yaml"), "Pilot.mkv");
	/* But not for what has one. */
	assert_string_equal(TOLD("Pilto.mkv.yaml", "Pilot.mkv",
	    "Pilot.mkv.yaml", "Pilto.mkv.yaml"), "");
}

#define LONG "A name that is too long for anybody to compare by its letters, " \
    "one by one"

static void
a_file_in_another_container_is_meant(void **state)
{
	(void)state;
	assert_string_equal(TOLD(LONG ".avi.yaml", LONG ".avi.yaml",
	    LONG ".mkv"), LONG ".mkv");
	assert_string_equal(TOLD("a.mkv.yaml", "a.MKV", "a.mkv.yaml"),
	    "a.MKV");
}

static void
one_that_is_not_called_as_sidecars_are_is_a_stray(void **state)
{
	(void)state;
	assert_string_equal(TOLD("a.yaml", "a.mkv", "a.yaml"), "a.mkv");
	assert_string_equal(TOLD("a.mkv.yml", "a.mkv", "a.mkv.yml"), "a.mkv");
	assert_string_equal(TOLD("a.yml", "a.mkv", "a.yml"), "a.mkv");
	assert_null(TOLD("a.yaml", "a.mkv", "a.mkv.yaml", "a.yaml"));
	assert_null(TOLD("a.mkv.yml", "a.mkv", "a.mkv.yaml", "a.mkv.yml"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sidecar_beside_its_file_is_none),
		cmocka_unit_test(other_yaml_is_none),
		cmocka_unit_test(one_whose_file_is_gone_is_a_stray),
		cmocka_unit_test(a_misspelt_one_is_meant_for_what_is_near),
		cmocka_unit_test(a_file_in_another_container_is_meant),
		cmocka_unit_test(
		    one_that_is_not_called_as_sidecars_are_is_a_stray),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
