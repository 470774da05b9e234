#include "air/child.h"

#include "base/arith.h"

#define START_NS	(5 * NS_PER_S)	/* spawn to the first byte */
#define SILENT_NS	(2 * NS_PER_S)	/* no byte though we are reading */
#define TERM_NS		(2 * NS_PER_S)	/* SIGTERM to SIGKILL */
#define KILL_NS		(5 * NS_PER_S)	/* SIGKILL is repeated this often */

struct rule {
	enum child_action act;
	enum child_state next;
};

/* What is not listed changes nothing: CHILD_NOTHING is zero. */
#define ON(st, ev, act, next)						\
	[CHILD_##st][CHILD_##ev] = { CHILD_##act, CHILD_##next }

static const struct rule rules[CHILD_NSTATES][CHILD_NEVENTS] = {
	ON(ORDERED,	STARTED,	NOTE,	STARTING),
	ON(ORDERED,	EOF,		NOTE,	SENT),
	ON(ORDERED,	EXIT,		NOTE,	ENDED),
	ON(ORDERED,	STOP,		TERM,	TERMED),

	ON(STARTING,	HEARD,		NOTE,	UP),
	ON(STARTING,	EOF,		NOTE,	SENT),
	ON(STARTING,	EXIT,		NOTE,	ENDED),
	ON(STARTING,	STOP,		TERM,	TERMED),
	ON(STARTING,	DEADLINE,	TERM,	TERMED),

	ON(UP,		EOF,		NOTE,	SENT),
	ON(UP,		EXIT,		NOTE,	ENDED),
	ON(UP,		STOP,		TERM,	TERMED),
	ON(UP,		DEADLINE,	TERM,	TERMED),

	ON(SENT,	EXIT,		NOTE,	GONE),
	ON(SENT,	STOP,		TERM,	TERMED),
	ON(SENT,	DEADLINE,	TERM,	TERMED),

	ON(ENDED,	EOF,		NOTE,	GONE),
	ON(ENDED,	STOP,		CLOSE,	ENDED),

	ON(TERMED,	EOF,		NOTE,	TERMED),
	ON(TERMED,	EXIT,		NOTE,	ENDED),
	ON(TERMED,	DEADLINE,	KILL,	KILLED),

	ON(KILLED,	EOF,		NOTE,	KILLED),
	ON(KILLED,	EXIT,		NOTE,	ENDED),
	ON(KILLED,	DEADLINE,	KILL,	KILLED),
};

static int64_t
deadline_of(enum child_state s, int64_t now)
{
	switch (s) {
	case CHILD_STARTING:
		return now + START_NS;
	case CHILD_UP:
	case CHILD_SENT:
		return now + SILENT_NS;
	case CHILD_TERMED:
		return now + TERM_NS;
	case CHILD_KILLED:
		return now + KILL_NS;
	case CHILD_ORDERED:
	case CHILD_ENDED:
	case CHILD_GONE:
	case CHILD_NSTATES:
		break;
	}
	return INT64_MAX;
}

void
child_init(struct child *c)
{
	*c = (struct child){
		.state = CHILD_ORDERED,
		.deadline = INT64_MAX,
	};
}

enum child_action
child_step(struct child *c, enum child_event ev, int64_t now)
{
	const struct rule *rule = &rules[c->state][ev];
	enum child_state from = c->state;

	if (rule->act == CHILD_NOTHING)
		return CHILD_NOTHING;
	c->eof |= ev == CHILD_EOF;
	c->exited |= ev == CHILD_EXIT;
	c->state = c->eof && c->exited ? CHILD_GONE : rule->next;
	/* A signal's deadline stands while its halves of the end come in. */
	if (c->state != from || rule->act != CHILD_NOTE)
		c->deadline = deadline_of(c->state, now);
	return rule->act;
}

void
child_alive(struct child *c, int64_t now)
{
	if (c->state == CHILD_UP)
		c->deadline = deadline_of(CHILD_UP, now);
}

void
child_clock_stepped(struct child *c, int64_t now)
{
	int64_t most = deadline_of(c->state, now);

	if (c->deadline > most)
		c->deadline = most;
}

const char *
child_state_name(enum child_state s)
{
	static const char *const names[] = {
#define X(name) [CHILD_##name] = #name,
		CHILD_STATES(X)
#undef X
	};

	return names[s];
}
