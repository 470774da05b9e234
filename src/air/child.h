/* child.h - the life of one child process, as a table of states and events.
 *
 * Pure: it is told what happened and when, and answers which signal to send.
 * A child is gone only when its output has ended *and* it has been reaped,
 * in either order.  Times are nanoseconds of the house clock. */

#ifndef AIR_CHILD_H
#define AIR_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#define CHILD_STATES(X)							\
	X(ORDERED)	/* waits for its turn to be spawned */		\
	X(STARTING)	/* spawned, nothing heard from it yet */	\
	X(UP)		/* it is sending */				\
	X(SENT)		/* its output has ended, it not yet */		\
	X(ENDED)	/* reaped; its output is not yet at its end */	\
	X(TERMED)	/* SIGTERM sent */				\
	X(KILLED)	/* SIGKILL sent */				\
	X(GONE)		/* reaped, output at its end */

enum child_state {
#define X(name) CHILD_##name,
	CHILD_STATES(X)
#undef X
	CHILD_NSTATES
};

enum child_event {
	CHILD_STARTED,		/* it has been spawned */
	CHILD_HEARD,		/* bytes have come */
	CHILD_EOF,		/* its output has ended */
	CHILD_EXIT,		/* it has been reaped */
	CHILD_STOP,		/* it is not wanted any more */
	CHILD_DEADLINE,		/* child.deadline has passed */
	CHILD_NEVENTS
};

enum child_action {
	CHILD_NOTHING,
	CHILD_NOTE,		/* only the state changed */
	CHILD_TERM,
	CHILD_KILL,
	CHILD_CLOSE,		/* somebody else holds its output: let go */
};

struct child {
	enum child_state state;
	bool eof, exited;
	int64_t deadline;	/* INT64_MAX: none */
};

void child_init(struct child *c);
enum child_action child_step(struct child *c, enum child_event ev,
    int64_t now);

/* Bytes came, or were not asked for: it has 2 s more. */
void child_alive(struct child *c, int64_t now);

/* The clock may have gone back: its deadline is no farther away than where it
 * is set now. */
void child_clock_stepped(struct child *c, int64_t now);

const char *child_state_name(enum child_state s);

#endif
