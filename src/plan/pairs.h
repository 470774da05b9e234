/* pairs.h - texts by name: what is stored of something that may have changed
 * by the time that it is read. */

#ifndef PLAN_PAIRS_H
#define PLAN_PAIRS_H

#include <stddef.h>

struct pairs_item {
	char *key, *value;
};

/* Zeroed, there are none. */
struct pairs {
	struct pairs_item *v;
	size_t n, cap;
};

/* Copies of both. */
void pairs_add(struct pairs *p, const char *key, const char *value);

/* By key, then value: so that pairs_find() may be called. */
void pairs_sort(struct pairs *p);

/* The value of the first of that key, borrowed, or NULL. */
const char *pairs_find(const struct pairs *p, const char *key);

void pairs_fini(struct pairs *p);

#endif
