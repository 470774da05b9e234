/* turn.h - how a piece of a block is filled: programme after programme, each
 * from where the last one ended to the first grid point that it reaches, or
 * in as many grid slots as its program says.
 *
 * Sequential: in the list's order.  The one whose turn it is keeps it where
 * it does not fit any more, and the rest of the piece stays empty.  Where it
 * would not fit even if nothing had aired in the piece it keeps its turn,
 * too, but those after it air meanwhile, in their order.
 * Shuffle: the pools in turn, each by its cycles; where the one whose turn
 * it is does not fit, the next of its cycle that does.  Where the cycle has
 * none left that would fit even if nothing had aired in the piece, the next
 * cycle begins.
 * Random: drawn anew each time among those that fit.
 * Neither of these airs a choice twice in a row while there is another for
 * the piece.
 * Programs take turns, but with random, where they are drawn, too.
 *
 * Programs begin on a point of their entry's grid, others where the piece
 * begins or the one before them ended.
 *
 * What fits ends within the piece or, where it may bleed, begins there and
 * ends before the next hard start. */

#ifndef PLAN_TURN_H
#define PLAN_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tz.h"
#include "plan/day.h"
#include "plan/plan.h"
#include "plan/select.h"

/* What airs in a slot besides breaks, one after the other. */
struct part {
	const struct choice *choice;
	enum segment_kind kind;		/* SEGMENT_programme: its content, in
					 * the rows that it has */
	bool skip_intro;
};

/* One programme's place: its parts, and what is left is its breaks. */
struct slot {
	int64_t t0, t1;			/* UTC seconds */
	const struct choice *choice;	/* the first of its content */
	const struct program *program;	/* NULL: none */
	const struct part *parts;	/* until the next turn_next() */
	size_t nparts;
	size_t ncontent;		/* of them */
	bool cut;			/* a hard start ends it too early */
};

struct turn {
	const struct selection *sel;
	const struct entry *entry;
	struct cursors *cur;
	uint64_t seed;			/* of the piece */
	uint64_t made;			/* choices so far */
	int64_t t0;			/* where the first may begin */
	int64_t t, t1;			/* what is left of the piece */
	int64_t limit;			/* nothing ends after that */
	int64_t anchor, grid;		/* some grid point, and its step */
	const struct choice *prev;	/* the last content, NULL: none */
	struct part *parts;
	size_t nparts, cap;
	size_t *out;			/* for turn_pick(): which of the list
					 * are in the slot, ascending */
	size_t nout, outcap;
};

/* sel and cur are borrowed; p is a block's.  busy: until when what is before
 * it is on; where that is after its begin it begins late, at the first grid
 * point.  Free with turn_end(). */
struct turn turn_begin(const struct selection *sel, const struct tz *z,
    const struct piece *p, int64_t busy, struct cursors *cur);
void turn_end(struct turn *u);

/* The next slot, moving the cursors; false where nothing more is to air in
 * the piece: from u->t on it stays empty. */
bool turn_next(struct turn *u, struct slot *s);

/* For turn.c: the next of a list that needs at most room_s and is not among
 * the parts yet, moving the list's cursor; or NULL.  whole_s: the room that
 * it would have had if nothing had aired in the piece; what needs more holds
 * nobody up. */
const struct choice *turn_pick(struct turn *u, const struct list *l,
    int64_t room_s, int64_t whole_s);

#endif
