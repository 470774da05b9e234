/* day.h - the calendar of a channel: who has which part of a day.
 *
 * Blocks are painted in file order, so that every moment belongs to the last
 * block that covers it.  What is left is cut into pieces; a piece is planned
 * as a whole, from its begin to its end, and counts for the day in which it
 * ends: so a programme that crosses the start of a day carries on.
 *
 * Where a programme may run over the end of its piece, the pieces after it
 * begin late.  That is for who plans them (plan.c): here everything is when
 * the channel file says. */

#ifndef PLAN_DAY_H
#define PLAN_DAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/tz.h"
#include "plan/chan.h"

#define PIECE_FREE	SIZE_MAX	/* no block's */
#define DAY_REACH	3	/* days at most that are asked for at once */
#define BLEED_MAX_S	(12 * 3600)	/* nothing runs on for longer */

struct piece {
	int64_t t0, t1;			/* [t0, t1) in UTC seconds */
	int64_t hard;			/* when the next hard start after t0
					 * is, INT64_MAX: not before long */
	size_t block;			/* index into chan.blocks, PIECE_FREE */
};

struct pieces {
	struct piece *v;
	size_t n, cap;
};

/* What decides it, all borrowed.  at_s: by block, the seconds that what airs
 * at a time takes up, 0 where it is nothing; NULL: none does. */
struct calendar {
	const struct chan *ch;
	const struct tz *z;
	const int64_t *at_s;
};

/* Which pieces the broadcast days from `first` to `last` are made of, in
 * order.  They tile them; the first may begin before them and the last end
 * after them.  Free p->v. */
void day_pieces(const struct calendar *c, int64_t first, int64_t last,
    struct pieces *p);

/* When what bleeds out of the piece has ended. */
static inline int64_t
piece_limit(const struct piece *p)
{
	return p->hard < p->t1 + BLEED_MAX_S ? p->hard : p->t1 + BLEED_MAX_S;
}

/* Which block has the instant t (UTC seconds) by the channel file, whatever is
 * still on then: its index, or PIECE_FREE. */
size_t day_block_at(const struct calendar *c, int64_t t);

/* A stretch of local time that no block has, unless it begins where what airs
 * at a time ends. */
struct hole {
	int start_s, end_s;		/* end_s may be over 86400 */
	int64_t date;			/* the first day that has it */
};

#define HOLES_MAX	8		/* more are not told */

struct survey {
	int64_t *longest;	/* by block: its longest piece in seconds ... */
	int64_t *reach;		/* ... and the most with what bleeds */
	struct hole holes[HOLES_MAX];
	size_t nholes;
};

/* What there is on days of 24 hours.  Free with survey_fini(). */
void day_survey(const struct chan *ch, const int64_t *at_s,
    struct survey *s);
void survey_fini(struct survey *s);

#endif
