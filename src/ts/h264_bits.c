#include "ts/h264_bits.h"

#include <string.h>

#define ESCAPE		0x03	/* emulation_prevention_three_byte */

static const uint8_t start_code[] = { 0, 0, 0, 1 };

void
h264_u(struct h264_bits *b, int n, uint32_t value)
{
	b->rest = b->rest << n | value;
	b->n += n;
	while (b->n >= 8) {
		b->n -= 8;
		*buf_extend(&b->bytes, 1) = (uint8_t)(b->rest >> b->n);
	}
	b->rest &= (1u << b->n) - 1;
}

void
h264_ue(struct h264_bits *b, uint32_t value)
{
	int n = 0;

	while ((value + 1) >> (n + 1) != 0)
		n++;
	h264_u(b, n, 0);
	h264_u(b, n + 1, value + 1);
}

void
h264_se(struct h264_bits *b, int value)
{
	h264_ue(b, (uint32_t)(value > 0 ? 2 * value - 1 : -2 * value));
}

void
h264_code(struct h264_bits *b, const char *word)
{
	for (; *word != '\0'; word++)
		h264_u(b, 1, *word == '1');
}

void
h264_align(struct h264_bits *b)
{
	if (b->n != 0)
		h264_u(b, 8 - b->n, 0);
}

/* No start code may be seen within: two zero bytes and one of 0 to 3 are kept
 * apart (7.4.1).  Zeros are few; what lies between is copied whole. */
static void
escaped_add(struct buf *out, const uint8_t *p, size_t len)
{
	size_t done = 0, zeros = 0;

	for (size_t i = 0; i < len; i++) {
		if (zeros >= 2 && p[i] <= ESCAPE) {
			buf_add(out, p + done, i - done);
			*buf_extend(out, 1) = ESCAPE;
			done = i;
			zeros = 0;
		}
		zeros = p[i] == 0 ? zeros + 1 : 0;
	}
	buf_add(out, p + done, len - done);
}

void
h264_nal_add(struct buf *out, uint8_t header, struct h264_bits *b)
{
	h264_u(b, 1, 1);		/* rbsp_stop_one_bit */
	h264_align(b);
	buf_add(out, start_code, sizeof start_code);
	*buf_extend(out, 1) = header;
	escaped_add(out, b->bytes.data, b->bytes.len);
	buf_reset(&b->bytes);
}

void
h264_nal_copy(struct buf *out, const uint8_t *nal, size_t len)
{
	buf_add(out, start_code, sizeof start_code);
	buf_add(out, nal, len);
}
