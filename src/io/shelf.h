/* shelf.h - documents that were made for somebody, for the next who asks for
 * the same.
 *
 * There are only so many: one that is still being sent is not thrown away for
 * another, so whoever asks for ever new ones, and reads them slowly, cannot
 * fill the memory. */

#ifndef IO_SHELF_H
#define IO_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "base/blob.h"

#define SHELF_ITEMS	8

struct shelf_item {
	char *key;
	struct blob *blob;	/* NULL: to be put there by who got it */
	uint64_t print;		/* the same of the same bytes only; likewise */
};

/* A zeroed one is empty. */
struct shelf {
	struct shelf_item v[SHELF_ITEMS];
	size_t next;			/* to be looked at for room */
};

/* The document of that key, or room for it; NULL: there is none now. */
struct shelf_item *shelf_get(struct shelf *s, const char *key);
void shelf_fini(struct shelf *s);

#endif
