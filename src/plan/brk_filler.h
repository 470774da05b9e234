/* brk_filler.h - the reel of filler that rolls on behind everything else: at
 * frame n its frame n modulo its length is due, wherever it is seen. */

#ifndef PLAN_BRK_FILLER_H
#define PLAN_BRK_FILLER_H

#include <stddef.h>
#include <stdint.h>

#include "plan/segs.h"
#include "plan/select.h"

/* Fill [n, n1) with what is due of r, which is not empty. */
void filler_put(const struct reel *r, struct segs *out, int64_t n,
    int64_t n1, size_t programme);

/* Make runs of filler in the day [n0, n1) that are too short to start a child
 * for pad, unless they may go on beyond its edge. */
void filler_trim(struct segs *day, struct rate rate, int64_t n0, int64_t n1);

#endif
