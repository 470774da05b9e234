#include "air/hdhr_parts.h"

#include <string.h>

#define HEAD		4	/* type and length */
#define CRC		4
#define SHORT_MAX	127	/* longer lengths take two bytes */
#define VALUE_MAX	1024	/* of ours: cut there */

/* IEEE 802.3 3.2.9: the polynomial reflected, all ones before and after. */
static uint32_t
crc32_of(const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	while (n-- > 0) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

static unsigned
get_u16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

int
hdhr_frame_size(const uint8_t *p, size_t n)
{
	size_t size;

	if (n < HEAD)
		return 0;
	size = HEAD + get_u16(p + 2) + CRC;
	if (size > HDHR_FRAME_MAX)
		return -1;
	return size <= n ? (int)size : 0;
}

static bool
is_sound(const uint8_t *p, size_t n)
{
	uint32_t crc = crc32_of(p, n - CRC), said = 0;

	for (size_t i = 0; i < CRC; i++)
		said |= (uint32_t)p[n - CRC + i] << 8 * i;
	return crc == said;
}

unsigned
hdhr_frame_open(const uint8_t *p, size_t n, struct hdhr_view *payload)
{
	int size = hdhr_frame_size(p, n);

	if (size <= 0 || (size_t)size != n || !is_sound(p, n))
		return 0;
	*payload = (struct hdhr_view){ p + HEAD, n - HEAD - CRC };
	return get_u16(p);
}

/* A length is a byte or two: seven bits, the low ones first. */
bool
hdhr_tag_take(struct hdhr_view *payload, unsigned *tag,
    struct hdhr_view *value)
{
	const uint8_t *p = payload->p;
	size_t head = 2, len;

	if (payload->n < head)
		return false;
	len = p[1] & SHORT_MAX;
	if (p[1] > SHORT_MAX) {
		if (payload->n < ++head)
			return false;
		len |= (size_t)p[2] << 7;
	}
	if (payload->n - head < len)
		return false;
	*tag = p[0];
	*value = (struct hdhr_view){ p + head, len };
	payload->p += head + len;
	payload->n -= head + len;
	return true;
}

uint32_t
hdhr_u32(struct hdhr_view value)
{
	uint32_t v = 0;

	for (size_t i = 0; value.n == 4 && i < 4; i++)
		v = v << 8 | value.p[i];
	return v;
}

static void
put_u16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

size_t
hdhr_frame_begin(struct buf *out, enum hdhr_type type)
{
	size_t at = out->len;

	put_u16(buf_extend(out, HEAD), type);
	return at;
}

void
hdhr_frame_end(struct buf *out, size_t at)
{
	uint32_t crc;

	put_u16(out->data + at + 2, out->len - at - HEAD);
	crc = crc32_of(out->data + at, out->len - at);
	for (size_t i = 0; i < CRC; i++)
		buf_add(out, &(uint8_t){ (uint8_t)(crc >> 8 * i) }, 1);
}

void
hdhr_tag_add(struct buf *out, enum hdhr_tag tag, const void *value,
    size_t len)
{
	uint8_t head[3] = { (uint8_t)tag };
	size_t n = 2;

	if (len > VALUE_MAX)
		len = VALUE_MAX;
	head[1] = (uint8_t)(len & SHORT_MAX);
	if (len > SHORT_MAX) {
		head[1] |= SHORT_MAX + 1;
		head[2] = (uint8_t)(len >> 7);
		n = 3;
	}
	buf_add(out, head, n);
	buf_add(out, value, len);
}

void
hdhr_tag_add_u32(struct buf *out, enum hdhr_tag tag, uint32_t value)
{
	uint8_t bytes[4];

	put_u16(bytes, value >> 16);
	put_u16(bytes + 2, value);
	hdhr_tag_add(out, tag, bytes, sizeof bytes);
}

void
hdhr_tag_add_string(struct buf *out, enum hdhr_tag tag, const char *s)
{
	hdhr_tag_add(out, tag, s, strlen(s) + 1);
}

void
hdhr_tag_add_text(struct buf *out, enum hdhr_tag tag, const char *s)
{
	hdhr_tag_add(out, tag, s, strlen(s));
}
