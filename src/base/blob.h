/* blob.h - bytes that never change and that several hold at once.
 *
 * Made once, on whatever thread, shown to many; the last one to let go frees
 * it.  References may be taken and dropped on any thread. */

#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct blob {
	const uint8_t *data;
	size_t len;
	/* private */
	struct buf bytes;
	int refs;		/* beside the first; atomic */
};

/* Take the bytes over from b, which is empty afterwards; one reference. */
struct blob *blob_new(struct buf *b);

/* One more reference; returns b. */
struct blob *blob_ref(struct blob *b);

/* True where others hold one, too. */
bool blob_is_shared(const struct blob *b);

/* Drop one; NULL is nothing. */
void blob_unref(struct blob *b);

#endif
