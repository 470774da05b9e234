#include "media/gzip.h"

#include <zlib.h>

#include "base/xmem.h"

#define STEP	((size_t)1 << 18)	/* bytes between looks at stop */
#define WINDOW	(-15)			/* 32 KiB, no header of zlib's */
#define MEMORY	8			/* zlib's default */

static void
deflate_step(z_stream *z, struct buf *out, const uint8_t *from, size_t n,
    int flush)
{
	z->next_in = (Bytef *)(uintptr_t)from;
	z->avail_in = (uInt)n;
	do {
		z->next_out = buf_extend(out, STEP);
		z->avail_out = (uInt)STEP;
		(void)deflate(z, flush);
		out->len -= z->avail_out;
	} while (z->avail_out == 0);
}

bool
gzip_part(struct gzip_part *p, const struct buf *from, bool last,
    const volatile int *stop)
{
	z_stream z = { 0 };
	size_t at = 0, n;
	bool stopped = false;

	*p = (struct gzip_part){ .len = from->len };
	p->crc = (uint32_t)crc32_z(0, from->data, from->len);
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		xmem_exhausted();
	do {
		n = from->len - at < STEP ? from->len - at : STEP;
		stopped = stop != NULL &&
		    __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
		deflate_step(&z, &p->deflated, from->data + at, n,
		    at + n < from->len ? Z_NO_FLUSH : last ? Z_FINISH :
		    Z_SYNC_FLUSH);
		at += n;
	} while (at < from->len && !stopped);
	deflateEnd(&z);
	return !stopped;
}

static void
add_le32(struct buf *out, uint32_t v)
{
	const uint8_t b[] = {
		(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
		(uint8_t)(v >> 24),
	};

	buf_add(out, b, sizeof b);
}

/* RFC 1952 2.3: no name, no time, so that the same is always the same; made
 * on Unix.  The sizes are modulo 2^32. */
void
gzip_join(struct buf *out, const struct gzip_part *first,
    const struct gzip_part *last)
{
	static const uint8_t head[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

	buf_add(out, head, sizeof head);
	buf_add(out, first->deflated.data, first->deflated.len);
	buf_add(out, last->deflated.data, last->deflated.len);
	add_le32(out, (uint32_t)crc32_combine(first->crc, last->crc,
	    (z_off_t)last->len));
	add_le32(out, (uint32_t)(first->len + last->len));
}
