/* h264_read.h - reading H.264: NAL units, their bits and Exp-Golomb codes
 * (ISO/IEC 14496-10 7.2, 7.3.1, 9.1 and annex B).  The writing side is
 * ts/h264_bits.h. */

#ifndef TS_H264_READ_H
#define TS_H264_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Bytes read bit by bit, borrowed.  Once something went wrong, bad stays set
 * and what is read is 0. */
struct h264_read {
	const uint8_t *p;
	size_t len;		/* bytes */
	size_t at;		/* bits */
	bool escaped;		/* they hold escapes, which cannot be read */
	bool bad;		/* beyond the end, or at an escape */
};

/* n bits, at most 32: u(n). */
uint32_t h264_read_u(struct h264_read *r, unsigned n);

/* The code ue(v), of at most 16 bits after its first 1: no field here is
 * longer. */
uint32_t h264_read_ue(struct h264_read *r);

/* The next NAL unit that begins at or after *at, without its start code and
 * any zeros behind it; *at is moved behind it.  False: there is none. */
bool h264_nal_next(const uint8_t *data, size_t len, size_t *at,
    const uint8_t **nal, size_t *nal_len);

/* Append its bytes without the escapes among them. */
void h264_unescape(struct buf *out, const uint8_t *nal, size_t len);

#endif
