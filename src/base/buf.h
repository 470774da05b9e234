/* buf.h - bytes that grow at the end.  A zeroed struct buf is empty. */

#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data;		/* NULL until the first byte */
	size_t len;
	size_t cap;
};

void buf_fini(struct buf *b);

/* Forget the bytes, keep the memory. */
void buf_reset(struct buf *b);

/* Add n bytes, not yet written, and return where they stand.  The pointer
 * holds until the next call. */
uint8_t *buf_extend(struct buf *b, size_t n);

void buf_add(struct buf *b, const void *data, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The bytes as a string: a NUL stands behind them, not counted in len. */
const char *buf_str(struct buf *b);

/* Take n bytes off the front. */
void buf_drain(struct buf *b, size_t n);

#endif
