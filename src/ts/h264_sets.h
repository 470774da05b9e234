/* h264_sets.h - the parameter sets that H.264 pictures were encoded under, and
 * such pictures brought under others (ISO/IEC 14496-10 7.3.2, 7.3.3).
 *
 * An encoder derives its sequence parameter set from how it is to encode:
 * without B pictures it declares another type of picture order count, fewer
 * frames to refer to, no reordering, at times another profile.  A decoder that
 * meets another such set begins anew.  But macroblocks of I and P slices know
 * nothing of it: the slices' headers are written anew, and what they say stays
 * the same, bit for bit. */

#ifndef TS_H264_SETS_H
#define TS_H264_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ts/au.h"

#define H264_SET_MAX	128	/* bytes of one; those of x264 have 40 */
#define H264_NALIKE	16

/* One NAL unit, as it stands in the stream, without its start code. */
struct h264_set {
	uint8_t nal[H264_SET_MAX];
	size_t len;
};

struct h264_sets {
	struct h264_set sps, pps;
	unsigned frame_num_bits;
	unsigned order_bits;	/* of pic_order_cnt_lsb; 0: it is not coded */
	bool cabac, weighted, deblocking;	/* flags of the PPS */
	uint32_t references;	/* num_ref_idx_l0_default_active */
	uint32_t alike[H264_NALIKE];	/* what macroblocks depend on */
	size_t nalike;
};

/* The sets that an access unit brings along.  False where one is missing, or
 * where they have something that is not known here. */
bool h264_sets_find(struct h264_sets *s, const uint8_t *data, size_t len);

/* The picture, encoded under `from`, as one under `to`, to be freed: it is the
 * so many-th after its IDR picture (0: it is that), in decoding and display,
 * and all before it are references.  Sets within it are replaced.  NULL where
 * that cannot be done. */
struct au *h264_sets_change(const struct au *u, const struct h264_sets *from,
    const struct h264_sets *to, uint32_t since_idr);

#endif
