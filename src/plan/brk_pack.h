/* brk_pack.h - which of some spots fill a break best. */

#ifndef PLAN_BRK_PACK_H
#define PLAN_BRK_PACK_H

#include <stddef.h>
#include <stdint.h>

#define PACK_MAX	24	/* weighed against each other at a time */

struct pack_item {
	int64_t frames;			/* 1 or more */
	uint32_t clashes;		/* bit i: never together with item i;
					 * item i says the same */
};

/* The set of the n items (bit i: item i) that leaves the least of `room`
 * over; of equals, one that leaves the last items out.  Every item fits
 * into `room`.  Exact, but where more than
 * eight items hang together by clashes that do not hold between all of
 * them: then the best of many sets. */
uint32_t pack(const struct pack_item *v, size_t n, int64_t room);

#endif
