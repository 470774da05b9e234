/* segs.h - segments as they are put down one after the other. */

#ifndef PLAN_SEGS_H
#define PLAN_SEGS_H

#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

struct segs {
	struct segment *v;
	size_t n, cap;
};

/* Append one; one without a frame is none. */
void segs_add(struct segs *s, struct segment seg);

#endif
