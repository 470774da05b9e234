/* simworld.h - a channel and a library made for a long run: episodes of 22
 * minutes in slots of 30, with breaks, spots and filler. */

#ifndef SIMWORLD_H
#define SIMWORLD_H

#include <stdint.h>

#include "base/tz.h"
#include "plan/chan.h"
#include "plan/library.h"

struct simworld {
	struct chan chan;
	struct library lib;
	struct tz *zone;
	uint32_t *hashes;	/* of the assets' paths, see fakechild.h */
	struct chan *loaded;	/* of which chan is a copy; NULL: made here */
	struct library *samples;	/* the same of lib */
};

/* Each episode's first break comes `avail_us` after its start.  Where
 * hole_s >= 0, nothing is scheduled for the ten minutes from that second of
 * the day on. */
struct simworld *simworld_new(struct rate rate, int64_t avail_us, int hole_s);

/* A channel file of the sample station, with a library that has what it
 * names, in UTC; NULL after a complaint. */
struct simworld *simworld_load(const char *station, const char *channel);
void simworld_free(struct simworld *w);

#endif
