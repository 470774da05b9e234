/* gzip.h - documents as gzip (RFC 1952), in two parts: the second may be long
 * and is compressed once, the first is another for each who asks. */

#ifndef MEDIA_GZIP_H
#define MEDIA_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct gzip_part {
	struct buf deflated;		/* RFC 1951, ends at a whole byte */
	uint32_t crc;			/* of what it was ... */
	uint64_t len;			/* ... and how much */
};

/* Compress; last: nothing follows.  False where *stop (NULL: none) has become
 * non-zero meanwhile.  Free p->deflated either way. */
bool gzip_part(struct gzip_part *p, const struct buf *from, bool last,
    const volatile int *stop);

/* Append both as one file. */
void gzip_join(struct buf *out, const struct gzip_part *first,
    const struct gzip_part *last);

#endif
