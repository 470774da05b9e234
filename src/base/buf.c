#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

uint8_t *
buf_extend(struct buf *b, size_t n)
{
	uint8_t *at;

	/* One byte more than asked for: buf_str()'s NUL always fits. */
	xgrow(&b->data, &b->cap, b->len + n + 1, 1);
	at = b->data + b->len;
	b->len += n;
	return at;
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	uint8_t *at = buf_extend(b, n);

	if (n != 0)
		memcpy(at, data, n);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	if ((n = vsnprintf(NULL, 0, fmt, ap)) > 0) {
		char *at = (char *)buf_extend(b, (size_t)n);

		vsnprintf(at, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	va_end(ap);
}

const char *
buf_str(struct buf *b)
{
	buf_extend(b, 0);
	b->data[b->len] = '\0';
	return (const char *)b->data;
}

void
buf_drain(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
}
