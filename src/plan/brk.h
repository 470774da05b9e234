/* brk.h - what airs between and beside the programmes of one day: breaks,
 * filler, pad.
 *
 * A break is: a to-break bumper, spots, a station id, a from-break bumper.
 * Where there is not time for all and a spot, the id goes first, then the
 * from-break bumper, then the other.  Spots take turns, the least recently
 * aired first, as the channel's traffic rules allow. */

#ifndef PLAN_BRK_H
#define PLAN_BRK_H

#include <stddef.h>
#include <stdint.h>

#include "plan/cursors.h"
#include "plan/segs.h"
#include "plan/select.h"

struct brk;

/* For the day [n0, n1), after what cur says has aired.  s is borrowed. */
struct brk *brk_new(const struct selection *s, const struct cursors *cur,
    int64_t n0, int64_t n1);
void brk_free(struct brk *b);

/* Hand on what has aired until the day's end. */
void brk_store(const struct brk *b, struct cursors *cur);

/* Fill what of [n0, n1) is in the day with a break that belongs to a
 * programme: spots, none twice, so that the least is left over; then filler
 * if more than 10 s are, else pad spread over the spots.  Breaks must come
 * in order.  One over the day's edge is one on either side: each day fills
 * its own part, so that no spot is cut. */
void brk_fill(struct brk *b, struct segs *out, int64_t n0, int64_t n1,
    size_t programme);

/* The fewest frames that make a break where no marker asks for one: its
 * bumpers, its id and the shortest spot, and 30 s at least.  It does not
 * depend on the day. */
int64_t brk_least(const struct brk *b);

/* Fill [n0, n1), where no programme is: filler, else pad. */
void brk_idle(const struct brk *b, struct segs *out, int64_t n0, int64_t n1);

/* Once a day [n0, n1) is complete: make runs of filler that are too short to
 * start a child for pad.  One at the day's edge may go on beyond it and
 * stays. */
void brk_trim(const struct brk *b, struct segs *day, int64_t n0, int64_t n1);

#endif
