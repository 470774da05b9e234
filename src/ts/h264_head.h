/* h264_head.h - what stands before an H.264 picture's macroblocks: access unit
 * delimiter, parameter sets, slice header (ISO/IEC 14496-10 7.3).
 *
 * One coded sequence parameter set in the manner of the children's encoder:
 * High profile, the same reorder depth and the same decoded picture buffer,
 * so that a decoder need not begin anew where a stream turns from one to the
 * other.  Entropy coding is CAVLC, deblocking is off, one slice a picture. */

#ifndef TS_H264_HEAD_H
#define TS_H264_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rate.h"
#include "ts/h264_bits.h"
#include "ts/h264_sets.h"

#define H264_QP		49	/* of every macroblock; see h264_mb.c */

enum {
	H264_NAL_SLICE = 0x41,	/* nal_ref_idc and nal_unit_type */
	H264_NAL_IDR = 0x65,
	H264_NAL_SPS = 0x67,
	H264_NAL_PPS = 0x68,
	H264_NAL_AUD = 0x09,
};

struct h264_sequence {
	int width, height;	/* even */
	struct rate rate;
	int reorder;		/* pictures; declared, not made use of */
	const struct h264_sets *sets;	/* the encoder's own, whose SPS stands
				 * for the above; NULL: none */
};

/* Where a picture stands in its coded video sequence. */
struct h264_place {
	uint32_t since_idr;	/* pictures; 0: it is the IDR */
	uint32_t idr_id;	/* idr_pic_id */
};

void h264_delimiter_add(struct buf *out, bool idr);
/* Where there are sets: the SPS of these, and a PPS beside theirs. */
void h264_parameters_add(struct buf *out, const struct h264_sequence *s);

/* An I slice for the IDR, else a P slice: its data follow in b. */
void h264_slice_header(struct h264_bits *b, const struct h264_sequence *s,
    const struct h264_place *p);

#endif
