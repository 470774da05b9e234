/* spawns.h - how many children the whole station may start in a second: where
 * all have died at once, their successors would only keep each other from
 * starting. */

#ifndef IO_SPAWNS_H
#define IO_SPAWNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arith.h"

#define SPAWNS_PER_S	10

/* A zeroed struct spawns has seen none. */
struct spawns {
	int64_t last[SPAWNS_PER_S];	/* monotonic, the oldest at `next` */
	size_t next;
};

/* True if one may be started now (monotonic, ns); it counts as started. */
static inline bool
spawns_take(struct spawns *s, int64_t now)
{
	if (s->last[s->next] != 0 && now - s->last[s->next] < NS_PER_S)
		return false;
	s->last[s->next] = now;
	s->next = (s->next + 1) % SPAWNS_PER_S;
	return true;
}

#endif
