/* day.h - the calendar of a channel: who has which part of a day.
 *
 * Blocks are painted in file order, so that every moment belongs to the last
 * block that covers it.  What is left is cut into pieces; a piece is planned
 * as a whole, from its begin to its end, and counts for the day in which it
 * ends: so a programme that crosses the start of a day carries on. */

#ifndef PLAN_DAY_H
#define PLAN_DAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/tz.h"
#include "plan/chan.h"

#define PIECE_FREE	SIZE_MAX	/* no block's */

struct piece {
	int64_t t0, t1;			/* [t0, t1) in UTC seconds */
	size_t block;			/* index into chan.blocks, PIECE_FREE */
};

struct pieces {
	struct piece *v;
	size_t n, cap;
};

/* Which pieces the broadcast day `date` is made of, in order.  They tile
 * it; the first may begin before it and the last end after it.  Free p->v. */
void day_pieces(const struct chan *ch, const struct tz *z, int64_t date,
    struct pieces *p);

/* The longest piece that each block has on a day of 24 hours, in seconds, by
 * index; malloc'd. */
int64_t *day_longest(const struct chan *ch);

#endif
