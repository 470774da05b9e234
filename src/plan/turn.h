/* turn.h - how a piece of a block is filled: choice after choice, each from
 * where the last one ended to the first grid point that it reaches.
 *
 * Sequential: in the list's order.  The one whose turn it is keeps it where
 * it does not fit any more, and the rest of the piece stays empty.
 * Shuffle: the pools in turn, each by its cycles; where the one whose turn
 * it is does not fit, the next of its cycle that does.
 * Random: drawn anew each time among those that fit.
 * Neither of these airs a choice twice in a row while there is another. */

#ifndef PLAN_TURN_H
#define PLAN_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tz.h"
#include "plan/day.h"
#include "plan/select.h"

/* One programme's place: its content, and what is left is its breaks. */
struct slot {
	int64_t t0, t1;			/* UTC seconds */
	const struct choice *choice;
};

struct turn {
	const struct entry *entry;
	struct cursors *cur;
	uint64_t seed;			/* of the piece */
	uint64_t made;			/* choices so far */
	int64_t t, t1;			/* what is left of the piece */
	int64_t anchor, grid;		/* some grid point, and its step */
};

/* sel and cur are borrowed; p is a block's. */
struct turn turn_begin(const struct selection *sel, const struct tz *z,
    const struct piece *p, struct cursors *cur);

/* The next slot, moving the cursors; false where nothing more is to air in
 * the piece: [u->t, u->t1) stays empty. */
bool turn_next(struct turn *u, struct slot *s);

#endif
