#include "ts/h264_read.h"

#include <string.h>

#define GOLOMB_MAX	16

static bool
is_escape(const uint8_t *p, size_t i)
{
	return i >= 2 && p[i] == 3 && p[i - 1] == 0 && p[i - 2] == 0;
}

static unsigned
bit(struct h264_read *r)
{
	size_t i = r->at / 8;

	if (i >= r->len || (r->escaped && is_escape(r->p, i))) {
		r->bad = true;
		return 0;
	}
	return r->p[i] >> (7 - r->at++ % 8) & 1;
}

uint32_t
h264_read_u(struct h264_read *r, unsigned n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 1 | bit(r);
	return r->bad ? 0 : v;
}

uint32_t
h264_read_ue(struct h264_read *r)
{
	unsigned zeros = 0;

	while (!r->bad && bit(r) == 0)
		r->bad |= ++zeros > GOLOMB_MAX;
	return r->bad ? 0 : (UINT32_C(1) << zeros) + h264_read_u(r, zeros) - 1;
}

/* Where the next start code begins, or the end. */
static size_t
start_code(const uint8_t *data, size_t len, size_t from)
{
	const uint8_t *p = data + from, *end = data + len;

	while (end - p >= 3) {
		if ((p = memchr(p + 2, 1, (size_t)(end - p - 2))) == NULL)
			return len;
		if (p[-1] == 0 && p[-2] == 0)
			return (size_t)(p - 2 - data);
		p--;
	}
	return len;
}

bool
h264_nal_next(const uint8_t *data, size_t len, size_t *at,
    const uint8_t **nal, size_t *nal_len)
{
	size_t begin, end;

	do {
		if ((begin = start_code(data, len, *at)) == len)
			return false;
		begin += 3;
		*at = end = start_code(data, len, begin);
		while (end > begin && data[end - 1] == 0)
			end--;
	} while (end == begin);
	*nal = data + begin;
	*nal_len = end - begin;
	return true;
}

void
h264_unescape(struct buf *out, const uint8_t *nal, size_t len)
{
	size_t done = 0;

	for (size_t i = 2; i < len; i++) {
		if (!is_escape(nal, i))
			continue;
		buf_add(out, nal + done, i - done);
		done = i + 1;
	}
	buf_add(out, nal + done, len - done);
}
