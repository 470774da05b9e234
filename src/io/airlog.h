/* airlog.h - what happens on the air, as lines of playout.log.
 *
 * A child that fails again and again for the same reason in one segment is
 * told of at the 1st, 2nd, 4th, 8th ... time: counted, not repeated. */

#ifndef IO_AIRLOG_H
#define IO_AIRLOG_H

#include <stddef.h>
#include <stdint.h>

#include "air/channel.h"
#include "plan/chan.h"

#define AIRLOG_FAILURES	8	/* of different kinds, remembered */

/* One channel's; zeroed it has seen nothing. */
struct airlog {
	uint64_t failures;	/* of children, ever */
	struct airlog_failure {
		int64_t n0;	/* in which segment, */
		char text[sizeof ((struct channel_event *)0)->text];
		uint64_t times;	/* why, and how often so */
	} last[AIRLOG_FAILURES];
	size_t next;		/* the oldest of them */
};

void airlog_event(struct airlog *l, const struct chan *ch,
    const struct channel_event *e);

#endif
