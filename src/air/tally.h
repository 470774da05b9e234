/* tally.h - what a channel has done since the daemon began, counted, for who
 * watches over it. */

#ifndef AIR_TALLY_H
#define AIR_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "air/channel.h"

/* How a child came to its end, and what that is called. */
#define TALLY_EXITS(X)							\
	X(done)		/* it had made all that it was to */		\
	X(failed)	/* it said that it could not */			\
	X(killed)	/* by a signal that was not ours */		\
	X(system)	/* the system failed it */			\
	X(stopped)	/* by us: it was not wanted any more, or late */\
	X(unborn)	/* it could not be started */

enum tally_exit {
#define X(name) TALLY_##name,
	TALLY_EXITS(X)
#undef X
	TALLY_NEXITS
};

const char *tally_exit_name(enum tally_exit e);

/* Upper bounds of the join error's buckets, in milliseconds; one more has all
 * that is beyond. */
#define TALLY_JOIN_MS	{ 1, 2, 5, 10, 20, 40, 100, 250, 500, 1000 }
#define TALLY_NJOINS	(sizeof (int[])TALLY_JOIN_MS / sizeof (int) + 1)

/* Zeroed it has seen nothing. */
struct tally {
	uint64_t bytes;			/* into the ring */
	struct channel_source aired;	/* of segments that are over */
	uint64_t joins[TALLY_NJOINS];	/* by how late the first picture left */
	int64_t join_ns;		/* the sum of that */
	uint64_t starts, exits[TALLY_NEXITS];	/* of children */
};

/* Take note of what the channel says.  A join is where a segment begins on
 * the air, but for those that a cold channel still has to catch up with. */
void tally_event(struct tally *t, const struct channel_event *e);

/* Slots that have aired. */
void tally_aired(struct tally *t, const struct channel_source *from);

/* The upper bound of bucket i in seconds, "+Inf" for the last. */
void tally_join_bound(char out[16], size_t i);

#endif
