/* segs.h - segments as they are put down one after the other. */

#ifndef PLAN_SEGS_H
#define PLAN_SEGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/xmem.h"
#include "plan/plan.h"

struct segs {
	struct segment *v;
	size_t n, cap;
};

/* Where the next one is to be written, which segs_take() then takes.  Both
 * inline and in place: there are thousands in a day, and one that is copied
 * costs as much as its choice. */
static inline struct segment *
segs_next(struct segs *s)
{
	xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
	return &s->v[s->n];
}

/* Take what has been written; a segment without a frame is none. */
static inline void
segs_take(struct segs *s)
{
	s->n += s->v[s->n].n0 < s->v[s->n].n1;
}

#endif
