/* spawns.h - how many children the whole station may start in a second: where
 * all have died at once, their successors would only keep each other from
 * starting. */

#ifndef IO_SPAWNS_H
#define IO_SPAWNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arith.h"
#include "plan/station.h"

/* A zeroed struct spawns has seen none. */
struct spawns {
	int64_t last[STATION_SPAWNS_MAX];	/* monotonic, the oldest at `next` */
	size_t next;
};

/* True if one may be started now (monotonic, ns), of per_s in a second; it
 * counts as started. */
static inline bool
spawns_take(struct spawns *s, int64_t now, size_t per_s)
{
	size_t before = s->next + STATION_SPAWNS_MAX - per_s;
	int64_t was = s->last[before % STATION_SPAWNS_MAX];

	if (was != 0 && now - was < NS_PER_S)
		return false;
	s->last[s->next] = now;
	s->next = (s->next + 1) % STATION_SPAWNS_MAX;
	return true;
}

#endif
