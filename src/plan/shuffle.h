/* shuffle.h - the order of a list's cycles: every choice once, anew in every
 * cycle.
 *
 * A choice's key is a hash of the list's seed, the cycle and the choice's
 * name, and they air by key.  So a choice that joins the list finds a place
 * among the others and leaves them in their order, and what has aired is
 * told from what is due by one number. */

#ifndef PLAN_SHUFFLE_H
#define PLAN_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

#include "plan/select.h"

/* Keys are below this. */
#define SHUFFLE_END	(UINT64_C(1) << 63)

struct shuffle_item {
	uint64_t key;
	size_t choice;			/* index into the list */
};

/* The cycle asked for last.  It only saves time, as one day after the other
 * asks for the same cycle: it is in no answer.  Zeroed, it is empty. */
struct shuffle {
	uint64_t cycle;
	struct shuffle_item *items;	/* as many as choices; NULL: none */
};

/* The cycle's items by key; borrowed until the next call. */
const struct shuffle_item *shuffle_cycle(struct shuffle *s,
    const struct choices *c, uint64_t seed, uint64_t cycle);

void shuffle_fini(struct shuffle *s);

/* The index of the first of n items whose key is not below `key`. */
size_t shuffle_find(const struct shuffle_item *items, size_t n,
    uint64_t key);

#endif
