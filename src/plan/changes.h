/* changes.h - how often what is on has changed since the first day ever: the
 * same number on every node, of any moment. */

#ifndef PLAN_CHANGES_H
#define PLAN_CHANGES_H

#include <stdint.h>

struct day;

/* All zero before the first day. */
struct changes {
	uint64_t n;
	int64_t on;		/* the first frame of what was on at last;
				 * 0: nothing was */
};

/* Go on over what the day, or a part of one, has from frame n0 on up to n1,
 * and with that: a programme that begins is a change, and so is the end of one
 * that none follows. */
void changes_add(struct changes *c, const struct day *d, int64_t n0,
    int64_t n1);

#endif
