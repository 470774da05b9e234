/* brk.h - what airs between and beside the programmes of one day: spots,
 * filler, pad.
 *
 * Spots take turns: the least recently aired goes first, and a hash of the
 * channel and the date says which one opens the day. */

#ifndef PLAN_BRK_H
#define PLAN_BRK_H

#include <stddef.h>
#include <stdint.h>

#include "plan/segs.h"
#include "plan/select.h"

struct brk;

/* s is borrowed. */
struct brk *brk_new(const struct selection *s, int64_t date);
void brk_free(struct brk *b);

/* Fill [n0, n1) with a break that belongs to a programme: spots, none twice,
 * so that the least is left over; then filler if more than 10 s are, else
 * pad spread over the spots. */
void brk_fill(struct brk *b, struct segs *out, int64_t n0, int64_t n1,
    size_t programme);

/* Fill [n0, n1), where no programme is: filler, else pad. */
void brk_idle(const struct brk *b, struct segs *out, int64_t n0, int64_t n1);

/* Once a day [n0, n1) is complete: make runs of filler that are too short to
 * start a child for pad.  One at the day's edge may go on beyond it and
 * stays. */
void brk_trim(const struct brk *b, struct segs *day, int64_t n0, int64_t n1);

#endif
