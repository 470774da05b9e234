#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/devicefile.h"
#include "plan/device_id.h"
#include "tmptree.h"

static void
an_id_is_drawn_once_and_kept(void **state)
{
	struct tree *t = *state;
	uint32_t first = 0, again = 0;

	assert_int_equal(devicefile_get(t->dir, &first), 0);
	assert_true(device_id_check(first));
	assert_int_equal(devicefile_get(t->dir, &again), 0);
	assert_int_equal(again, first);
}

static void
two_installations_are_two(void **state)
{
	struct tree *t = *state;
	uint32_t a = 0, b = 0;
	char *other = tree_path(t, "other");

	mkdir(other, 0755);
	assert_int_equal(devicefile_get(t->dir, &a), 0);
	assert_int_equal(devicefile_get(other, &b), 0);
	assert_int_not_equal(a, b);
	free(other);
}

static void
a_kept_id_is_taken_as_it_is(void **state)
{
	uint32_t id = 0;

	tree_write(*state, "device-id", "1038A145\n");
	assert_int_equal(devicefile_get(((struct tree *)*state)->dir, &id), 0);
	assert_int_equal(id, 0x1038a145);
}

static void
what_is_no_id_is_replaced(void **state)
{
	static const char *const bad[] = { "", "1038A145", "1038A146\n",
		"1038A145\n\n", "1038A1455\n", "hello\n" };
	struct tree *t = *state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		uint32_t id = 0, again = 0;

		tree_write(t, "device-id", bad[i]);
		assert_int_equal(devicefile_get(t->dir, &id), 0);
		assert_true(device_id_check(id));
		assert_int_equal(devicefile_get(t->dir, &again), 0);
		assert_int_equal(again, id);
	}
}

static void
an_id_that_cannot_be_kept_is_told(void **state)
{
	uint32_t id = 0;

	(void)state;
	assert_true(devicefile_get("/nonexistent", &id) < 0);
	assert_true(device_id_check(id));
}

#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_id_is_drawn_once_and_kept),
		TEST(two_installations_are_two),
		TEST(a_kept_id_is_taken_as_it_is),
		TEST(what_is_no_id_is_replaced),
		TEST(an_id_that_cannot_be_kept_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
