#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/retry.h"
#include "base/arith.h"

#define S	NS_PER_S

static void
the_first_child_may_come_at_once(void **state)
{
	struct retry r = { 0 };

	(void)state;
	assert_true(retry_may(&r, 100, 0));
	assert_true(retry_may(&r, 0, 0));
}

static void
each_failure_puts_the_next_one_off(void **state)
{
	static const int64_t delays_s[] = { 0, 1, 2, 4, 8, 16, 20, 20, 20 };
	struct retry r = { 0 };
	int64_t now = 7 * S;

	(void)state;
	for (size_t i = 0; i < sizeof delays_s / sizeof delays_s[0]; i++) {
		retry_failed(&r, 100, now, false, true);
		if (delays_s[i] != 0)
			assert_false(retry_may(&r, 100,
			    now + delays_s[i] * S - 1));
		now += delays_s[i] * S;
		assert_true(retry_may(&r, 100, now));
	}
}

static void
one_run_s_failures_are_not_another_s(void **state)
{
	struct retry r = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++) {
		retry_failed(&r, 100, 0, false, true);
		assert_true(retry_may(&r, 200, 0));
	}
	retry_failed(&r, 200, 0, false, true);
	assert_true(retry_may(&r, 200, 0));
	assert_false(retry_may(&r, 100, 0));
}

static void
a_child_that_was_useful_begins_the_count_anew(void **state)
{
	struct retry r = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		retry_failed(&r, 100, 0, false, true);
	retry_failed(&r, 100, 0, true, true);
	assert_true(retry_may(&r, 100, 0));
	retry_failed(&r, 100, 0, false, true);
	assert_false(retry_may(&r, 100, S - 1));
	assert_true(retry_may(&r, 100, S));
}

static void
what_no_child_can_fill_is_given_up(void **state)
{
	struct retry r = { 0 };

	(void)state;
	retry_give_up(&r, 100, 0);
	assert_true(retry_is_given_up(&r, 100));
	assert_false(retry_is_given_up(&r, 101));
	assert_true(retry_may(&r, 101, 0));
}

static void
of_many_runs_the_oldest_is_forgotten(void **state)
{
	struct retry r = { 0 };

	(void)state;
	for (int64_t end = 1; end <= RETRY_RUNS + 1; end++)
		retry_give_up(&r, end, 0);
	assert_true(retry_may(&r, 1, 0));
	for (int64_t end = 2; end <= RETRY_RUNS + 1; end++)
		assert_false(retry_may(&r, end, 0));
}

static void
what_was_given_up_is_tried_after_20_s_then_once_a_minute(void **state)
{
	struct retry r = { 0 };

	(void)state;
	retry_give_up(&r, 100, 0);
	assert_false(retry_may(&r, 100, 20 * S - 1));
	assert_true(retry_may(&r, 100, 20 * S));
	retry_give_up(&r, 100, 20 * S);
	assert_false(retry_may(&r, 100, 80 * S - 1));
	assert_true(retry_may(&r, 100, 80 * S));
	assert_true(retry_is_given_up(&r, 100));
}

static void
what_is_good_after_all_is_as_if_nothing_had_been(void **state)
{
	struct retry r = { 0 };

	(void)state;
	retry_give_up(&r, 100, 0);
	assert_false(retry_is_new(&r, 100));
	retry_forget(&r, 100);
	assert_true(retry_is_new(&r, 100));
	assert_false(retry_is_given_up(&r, 100));
	assert_true(retry_may(&r, 100, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_child_may_come_at_once),
		cmocka_unit_test(each_failure_puts_the_next_one_off),
		cmocka_unit_test(one_run_s_failures_are_not_another_s),
		cmocka_unit_test(
		    a_child_that_was_useful_begins_the_count_anew),
		cmocka_unit_test(what_no_child_can_fill_is_given_up),
		cmocka_unit_test(
		    what_was_given_up_is_tried_after_20_s_then_once_a_minute),
		cmocka_unit_test(
		    what_is_good_after_all_is_as_if_nothing_had_been),
		cmocka_unit_test(of_many_runs_the_oldest_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
