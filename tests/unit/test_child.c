/* test_child.c - a child's life: every order of six events is tried. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/child.h"
#include "base/arith.h"

#define DEPTH	6
#define TERM_NS	(2 * NS_PER_S)

/* What really happened, against which the table is held. */
struct truth {
	bool eof, exited, termed;
	int64_t term_at;
};

static void
check_step(const struct truth *t, const struct child *c,
    enum child_action act, int64_t now)
{
	if (act == CHILD_TERM || act == CHILD_KILL)
		assert_false(t->exited);
	if (act == CHILD_TERM)
		assert_false(t->termed);
	if (act == CHILD_KILL) {
		assert_true(t->termed);
		assert_true(now >= t->term_at + TERM_NS);
	}
	assert_int_equal(c->state == CHILD_GONE, t->eof && t->exited);
	if (t->termed && !t->exited)
		assert_true(c->deadline < INT64_MAX);
}

static void
walk(struct child c, struct truth t, int64_t now, int depth)
{
	for (int ev = 0; depth > 0 && ev < CHILD_NEVENTS; ev++) {
		struct child d = c;
		struct truth u = t;
		int64_t at = now + 1;
		enum child_action act;

		if (ev == CHILD_DEADLINE && c.deadline == INT64_MAX)
			continue;
		if ((ev == CHILD_EXIT && t.exited) ||
		    (ev == CHILD_EOF && t.eof) || (ev == CHILD_HEARD && t.eof))
			continue;
		if (ev == CHILD_DEADLINE)
			at = c.deadline;
		act = child_step(&d, (enum child_event)ev, at);
		u.eof |= ev == CHILD_EOF;
		u.exited |= ev == CHILD_EXIT;
		if (act == CHILD_TERM) {
			assert_false(u.termed);
			check_step(&u, &d, act, at);
			u.termed = true;
			u.term_at = at;
		}
		if (act != CHILD_TERM)
			check_step(&u, &d, act, at);
		walk(d, u, at, depth - 1);
	}
}

static void
only_the_living_are_signalled_and_the_gone_are_gone(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	walk(c, (struct truth){ 0 }, 0, DEPTH);
}

static void
a_stubborn_child_is_killed_after_two_seconds(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	assert_int_equal(child_step(&c, CHILD_STOP, 7), CHILD_TERM);
	assert_int_equal(c.deadline, 7 + TERM_NS);
	assert_int_equal(child_step(&c, CHILD_DEADLINE, c.deadline),
	    CHILD_KILL);
	assert_int_equal(c.state, CHILD_KILLED);
}

static void
a_kill_is_repeated(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	child_step(&c, CHILD_STOP, 0);
	child_step(&c, CHILD_DEADLINE, c.deadline);
	assert_int_equal(child_step(&c, CHILD_DEADLINE, c.deadline),
	    CHILD_KILL);
}

static void
a_child_that_never_speaks_has_five_seconds(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 3);
	assert_int_equal(c.deadline, 3 + 5 * NS_PER_S);
	assert_int_equal(child_step(&c, CHILD_DEADLINE, c.deadline),
	    CHILD_TERM);
}

static void
bytes_give_a_child_two_more_seconds(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	child_step(&c, CHILD_HEARD, 1);
	child_alive(&c, 50);
	assert_int_equal(c.deadline, 50 + 2 * NS_PER_S);
}

static void
bytes_do_not_put_off_the_kill(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	child_step(&c, CHILD_STOP, 0);
	child_step(&c, CHILD_HEARD, NS_PER_S);
	child_alive(&c, NS_PER_S);
	assert_int_equal(c.deadline, TERM_NS);
}

static void
the_end_of_output_does_not_put_off_the_kill(void **state)
{
	struct child c;

	(void)state;
	child_init(&c, 0);
	child_step(&c, CHILD_STOP, 0);
	child_step(&c, CHILD_EOF, NS_PER_S);
	assert_int_equal(c.deadline, TERM_NS);
}

static void
states_have_names(void **state)
{
	(void)state;
	assert_string_equal(child_state_name(CHILD_STARTING), "STARTING");
	assert_string_equal(child_state_name(CHILD_GONE), "GONE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    only_the_living_are_signalled_and_the_gone_are_gone),
		cmocka_unit_test(a_stubborn_child_is_killed_after_two_seconds),
		cmocka_unit_test(a_kill_is_repeated),
		cmocka_unit_test(a_child_that_never_speaks_has_five_seconds),
		cmocka_unit_test(bytes_give_a_child_two_more_seconds),
		cmocka_unit_test(bytes_do_not_put_off_the_kill),
		cmocka_unit_test(the_end_of_output_does_not_put_off_the_kill),
		cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
