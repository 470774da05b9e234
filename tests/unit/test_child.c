/* test_child.c - a child's life: every state and event that can be is walked,
 * and held against what must be true whatever the table says. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/child.h"
#include "base/arith.h"

#define START_NS	(5 * NS_PER_S)
#define SILENT_NS	(2 * NS_PER_S)
#define TERM_NS		(2 * NS_PER_S)
#define HOUR_NS		(INT64_C(3600) * NS_PER_S)
#define KILL_NS		(5 * NS_PER_S)
#define LATER		(NS_PER_S / 10)	/* between two events */
#define DEPTH		8

/* What really happened, against which the table is held. */
struct truth {
	bool started, heard, eof, exited, termed, killed;
	int64_t last;		/* of its start, its end halves, our signals */
};

/* What a child in that position owes, and by when: the whole of the rules, as
 * one would tell them. */
static int64_t
deadline_due(const struct truth *t)
{
	if (t->exited)
		return INT64_MAX;
	if (t->killed)
		return t->last + KILL_NS;
	if (t->termed)
		return t->last + TERM_NS;
	if (!t->started && !t->eof)
		return INT64_MAX;
	if (!t->heard && !t->eof)
		return t->last + START_NS;
	return t->last + SILENT_NS;
}

static enum child_action
action_due(const struct truth *t, enum child_event ev)
{
	bool asked = ev == CHILD_STOP || ev == CHILD_DEADLINE;

	if (!asked || (t->exited && t->eof))
		return CHILD_NOTHING;
	/* Reaped, but somebody holds its output: only who wants no more of it
	 * lets go. */
	if (t->exited)
		return ev == CHILD_STOP ? CHILD_CLOSE : CHILD_NOTHING;
	if (!t->termed)
		return CHILD_TERM;
	return ev == CHILD_DEADLINE ? CHILD_KILL : CHILD_NOTHING;
}

static enum child_state
state_due(const struct truth *t)
{
	if (t->exited)
		return t->eof ? CHILD_GONE : CHILD_ENDED;
	if (t->killed)
		return CHILD_KILLED;
	if (t->termed)
		return CHILD_TERMED;
	if (t->eof)
		return CHILD_SENT;
	if (t->heard)
		return CHILD_UP;
	return t->started ? CHILD_STARTING : CHILD_ORDERED;
}

static bool
can_be(const struct truth *t, const struct child *c, enum child_event ev)
{
	switch (ev) {
	case CHILD_STARTED:
		return !t->started && !t->eof && !t->exited && !t->termed;
	case CHILD_HEARD:
		return t->started && !t->eof;
	case CHILD_EOF:
		return !t->eof;
	case CHILD_EXIT:
		return !t->exited;
	case CHILD_DEADLINE:
		return c->deadline != INT64_MAX;
	case CHILD_STOP:
	case CHILD_NEVENTS:
		break;
	}
	return true;
}

static void
truth_take(struct truth *t, enum child_event ev, enum child_action act,
    int64_t now)
{
	enum child_state from = state_due(t);

	t->started |= ev == CHILD_STARTED;
	t->heard |= ev == CHILD_HEARD;
	t->eof |= ev == CHILD_EOF;
	t->exited |= ev == CHILD_EXIT;
	t->termed |= act == CHILD_TERM;
	t->killed |= act == CHILD_KILL;
	/* A signal's time runs from the signal, whatever comes meanwhile. */
	if (state_due(t) != from || act == CHILD_KILL)
		t->last = now;
}

static bool
is_news(const struct truth *t, const struct truth *u)
{
	return state_due(t) != state_due(u) || t->eof != u->eof ||
	    t->exited != u->exited;
}

/* What cannot be does nothing. */
static void
check_ignored(const struct child *before, const struct child *after,
    enum child_action act)
{
	assert_true(act == CHILD_NOTHING || act == CHILD_NOTE);
	assert_int_equal(before->state, after->state);
	assert_true(before->deadline == after->deadline);
}

static void
walk(struct child c, struct truth t, int64_t now, int depth)
{
	assert_int_equal(c.state, state_due(&t));
	assert_true(c.deadline == deadline_due(&t));
	assert_int_equal(c.eof, t.eof);
	assert_int_equal(c.exited, t.exited);
	for (int ev = 0; depth > 0 && ev < CHILD_NEVENTS; ev++) {
		struct child d = c;
		struct truth u = t;
		int64_t at = ev == CHILD_DEADLINE ? c.deadline : now + LATER;
		enum child_action want = action_due(&t, (enum child_event)ev);
		enum child_action act;

		act = child_step(&d, (enum child_event)ev, at);
		if (!can_be(&t, &c, (enum child_event)ev)) {
			check_ignored(&c, &d, act);
			continue;
		}
		truth_take(&u, (enum child_event)ev, act, at);
		/* What is noted is news, and only that. */
		if (want == CHILD_NOTHING && is_news(&t, &u))
			want = CHILD_NOTE;
		assert_int_equal(act, want);
		walk(d, u, at, depth - 1);
	}
}

static void
every_life_of_eight_events_is_as_it_should_be(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	walk(c, (struct truth){ 0 }, 0, DEPTH);
}

/* Whatever comes after it is gone, even what cannot. */
static void
the_gone_stay_gone(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	child_step(&c, CHILD_STARTED, 0);
	child_step(&c, CHILD_EOF, 1);
	child_step(&c, CHILD_EXIT, 2);
	for (int ev = 0; ev < CHILD_NEVENTS; ev++) {
		assert_int_equal(child_step(&c, (enum child_event)ev, 3),
		    CHILD_NOTHING);
		assert_int_equal(c.state, CHILD_GONE);
		assert_true(c.deadline == INT64_MAX);
	}
}

static void
bytes_give_a_child_two_more_seconds(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	child_step(&c, CHILD_STARTED, 0);
	child_alive(&c, 50);
	assert_true(c.deadline == START_NS);
	child_step(&c, CHILD_HEARD, 1);
	child_alive(&c, 50);
	assert_true(c.deadline == 50 + SILENT_NS);
}

static void
a_clock_set_back_gives_nobody_longer_to_end(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	child_clock_stepped(&c, -HOUR_NS);
	assert_true(c.deadline == INT64_MAX);
	child_step(&c, CHILD_STARTED, 0);
	child_step(&c, CHILD_STOP, 0);
	child_clock_stepped(&c, -HOUR_NS);
	assert_true(c.deadline == TERM_NS - HOUR_NS);
	child_clock_stepped(&c, HOUR_NS);
	assert_true(c.deadline == TERM_NS - HOUR_NS);
}

static void
bytes_do_not_put_off_the_kill(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	child_step(&c, CHILD_STARTED, 0);
	child_step(&c, CHILD_STOP, 0);
	child_step(&c, CHILD_HEARD, NS_PER_S);
	child_alive(&c, NS_PER_S);
	assert_true(c.deadline == TERM_NS);
}

static void
what_waits_for_its_turn_has_no_deadline(void **state)
{
	struct child c;

	(void)state;
	child_init(&c);
	assert_true(c.deadline == INT64_MAX);
	child_step(&c, CHILD_STARTED, 60 * NS_PER_S);
	assert_true(c.deadline == 60 * NS_PER_S + START_NS);
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
		cmocka_unit_test(every_life_of_eight_events_is_as_it_should_be),
		cmocka_unit_test(the_gone_stay_gone),
		cmocka_unit_test(bytes_give_a_child_two_more_seconds),
		cmocka_unit_test(bytes_do_not_put_off_the_kill),
		cmocka_unit_test(a_clock_set_back_gives_nobody_longer_to_end),
		cmocka_unit_test(what_waits_for_its_turn_has_no_deadline),
		cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
