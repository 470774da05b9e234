/* h264_bits.h - writing H.264: bits, their Exp-Golomb codes, and NAL units
 * (ISO/IEC 14496-10 7.2, 9.1 and annex B). */

#ifndef TS_H264_BITS_H
#define TS_H264_BITS_H

#include <stdint.h>

#include "base/buf.h"

/* A payload in the making.  A zeroed one is empty; free with buf_fini() of
 * bytes. */
struct h264_bits {
	struct buf bytes;	/* the whole ones */
	uint32_t rest;		/* and what does not make one yet, in the ... */
	int n;			/* ... n < 8 bits at the low end */
};

/* n bits, at most 24, of a value that fits them: u(n). */
void h264_u(struct h264_bits *b, int n, uint32_t value);

/* The codes ue(v) and se(v), of values below 2^16. */
void h264_ue(struct h264_bits *b, uint32_t value);
void h264_se(struct h264_bits *b, int value);

/* A code word written as people do: "0010". */
void h264_code(struct h264_bits *b, const char *word);

/* Zero bits up to the next byte. */
void h264_align(struct h264_bits *b);

/* Append the payload, ended by its stop bit, as a NAL unit with a start code
 * before it; b is empty afterwards. */
void h264_nal_add(struct buf *out, uint8_t header, struct h264_bits *b);

/* Append a NAL unit as it stood in another stream, with a start code. */
void h264_nal_copy(struct buf *out, const uint8_t *nal, size_t len);

#endif
