#include "ts/h264_head.h"

#include <stddef.h>

#define HIGH		100	/* profile_idc */
#define DPB		4	/* frames: what the children's encoder wants */
#define NUMBER_BITS	8	/* frame_num, pic_order_cnt_lsb */
#define OWN_PPS		1	/* its id, where 0 is the encoder's */
#define I_SLICE		7	/* slice_type, of all slices of the picture */
#define P_SLICE		5
#define BT709		1	/* tables E-3, E-4, E-5 */
#define UNSPECIFIED	5	/* video_format */
#define MOTION_LOG2	10	/* of vectors: children's; ours are all 0 */

/* Table A-1: what a level allows, macroblocks.  None below 2, where a picture
 * of uncompressed macroblocks would not fit the coded picture buffer. */
static const struct level {
	uint8_t idc;
	int per_second, frame, dpb;
} levels[] = {
	{ 20, 11880, 396, 2376 },
	{ 21, 19800, 792, 4752 },
	{ 22, 20250, 1620, 8100 },
	{ 30, 40500, 1620, 8100 },
	{ 31, 108000, 3600, 18000 },
	{ 32, 216000, 5120, 20480 },
	{ 40, 245760, 8192, 32768 },
	{ 42, 522240, 8704, 34816 },
	{ 50, 589824, 22080, 110400 },
	{ 51, 983040, 36864, 184320 },
	{ 52, 2073600, 36864, 184320 },
};
#define NLEVELS	(sizeof levels / sizeof levels[0])

static int
in_mbs(int samples)
{
	return (samples + 15) / 16;
}

/* A.3.1: sides are bounded too, for odd shapes. */
static bool
level_allows(const struct level *l, const struct h264_sequence *s)
{
	int w = in_mbs(s->width), h = in_mbs(s->height);

	return w * h <= l->frame && w * w <= 8 * l->frame &&
	    h * h <= 8 * l->frame && DPB * w * h <= l->dpb &&
	    w * h * s->rate.num <= l->per_second * s->rate.den;
}

static uint32_t
level_for(const struct h264_sequence *s)
{
	for (size_t i = 0; i < NLEVELS; i++)
		if (level_allows(&levels[i], s))
			return levels[i].idc;
	return levels[NLEVELS - 1].idc;
}

void
h264_delimiter_add(struct buf *out, bool idr)
{
	struct h264_bits b = { 0 };

	h264_u(&b, 3, idr ? 0 : 1);	/* I slices, or P too */
	h264_nal_add(out, H264_NAL_AUD, &b);
	buf_fini(&b.bytes);
}

/* Units of two samples: 4:2:0, frames. */
static void
cropping_add(struct h264_bits *b, const struct h264_sequence *s)
{
	int right = in_mbs(s->width) * 16 - s->width;
	int bottom = in_mbs(s->height) * 16 - s->height;

	h264_u(b, 1, right != 0 || bottom != 0);
	if (right == 0 && bottom == 0)
		return;
	h264_ue(b, 0);			/* left */
	h264_ue(b, (uint32_t)right / 2);
	h264_ue(b, 0);			/* top */
	h264_ue(b, (uint32_t)bottom / 2);
}

static void
u32_add(struct h264_bits *b, int64_t value)
{
	h264_u(b, 16, (uint32_t)value >> 16);
	h264_u(b, 16, (uint32_t)value & 0xffff);
}

/* E.1.1; a tick is a field. */
static void
vui_add(struct h264_bits *b, const struct h264_sequence *s)
{
	h264_u(b, 1, 1);		/* aspect_ratio_info_present_flag */
	h264_u(b, 8, 1);		/* square */
	h264_u(b, 1, 0);		/* overscan_info_present_flag */
	h264_u(b, 1, 1);		/* video_signal_type_present_flag */
	h264_u(b, 3, UNSPECIFIED);
	h264_u(b, 1, 0);		/* video_full_range_flag */
	h264_u(b, 1, 1);		/* colour_description_present_flag */
	h264_u(b, 8, BT709);
	h264_u(b, 8, BT709);
	h264_u(b, 8, BT709);
	h264_u(b, 1, 0);		/* chroma_loc_info_present_flag */
	h264_u(b, 1, 1);		/* timing_info_present_flag */
	u32_add(b, s->rate.den);
	u32_add(b, 2 * s->rate.num);
	h264_u(b, 1, 1);		/* fixed_frame_rate_flag */
	h264_u(b, 3, 0);		/* no HRD's, no pic_struct */
	h264_u(b, 1, 1);		/* bitstream_restriction_flag */
	h264_u(b, 1, 1);	/* motion_vectors_over_pic_boundaries_flag */
	h264_ue(b, 0);			/* max_bytes_per_pic_denom: any */
	h264_ue(b, 0);			/* max_bits_per_mb_denom: any */
	h264_ue(b, MOTION_LOG2);
	h264_ue(b, MOTION_LOG2);
	h264_ue(b, (uint32_t)s->reorder);	/* max_num_reorder_frames */
	h264_ue(b, DPB);		/* max_dec_frame_buffering */
}

/* 7.3.2.1.1 */
static void
sps_add(struct buf *out, struct h264_bits *b, const struct h264_sequence *s)
{
	h264_u(b, 8, HIGH);
	h264_u(b, 8, 0);		/* constraint_set flags */
	h264_u(b, 8, level_for(s));
	h264_ue(b, 0);			/* seq_parameter_set_id */
	h264_ue(b, 1);			/* chroma_format_idc: 4:2:0 */
	h264_ue(b, 0);			/* 8 bits a sample, luma ... */
	h264_ue(b, 0);			/* ... and chroma */
	h264_u(b, 2, 0);	/* no transform bypass, no scaling matrix */
	h264_ue(b, NUMBER_BITS - 4);	/* frame_num */
	h264_ue(b, 0);			/* pic_order_cnt_type */
	h264_ue(b, NUMBER_BITS - 4);	/* pic_order_cnt_lsb */
	h264_ue(b, DPB);		/* max_num_ref_frames */
	h264_u(b, 1, 0);	/* gaps_in_frame_num_value_allowed_flag */
	h264_ue(b, (uint32_t)in_mbs(s->width) - 1);
	h264_ue(b, (uint32_t)in_mbs(s->height) - 1);
	h264_u(b, 1, 1);		/* frame_mbs_only_flag */
	h264_u(b, 1, 1);		/* direct_8x8_inference_flag */
	cropping_add(b, s);
	h264_u(b, 1, 1);		/* vui_parameters_present_flag */
	vui_add(b, s);
	h264_nal_add(out, H264_NAL_SPS, b);
}

static uint32_t
pps_id(const struct h264_sequence *s)
{
	return s->sets != NULL ? OWN_PPS : 0;
}

/* 7.3.2.2 */
static void
pps_add(struct buf *out, struct h264_bits *b, const struct h264_sequence *s)
{
	h264_ue(b, pps_id(s));
	h264_ue(b, 0);			/* seq_parameter_set_id */
	h264_u(b, 1, 0);		/* entropy_coding_mode_flag: CAVLC */
	h264_u(b, 1, 0);
	h264_ue(b, 0);			/* one slice group */
	h264_ue(b, 0);			/* one reference, list 0 ... */
	h264_ue(b, 0);			/* ... and 1 */
	h264_u(b, 3, 0);		/* no weighted prediction */
	h264_se(b, H264_QP - 26);	/* pic_init_qp_minus26 */
	h264_se(b, 0);			/* pic_init_qs_minus26 */
	h264_se(b, 0);			/* chroma_qp_index_offset */
	h264_u(b, 1, 1);	/* deblocking_filter_control_present_flag */
	h264_u(b, 1, 0);		/* constrained_intra_pred_flag */
	h264_u(b, 1, 0);		/* redundant_pic_cnt_present_flag */
	h264_nal_add(out, H264_NAL_PPS, b);
}

void
h264_parameters_add(struct buf *out, const struct h264_sequence *s)
{
	struct h264_bits b = { 0 };

	if (s->sets != NULL)
		h264_nal_copy(out, s->sets->sps.nal, s->sets->sps.len);
	else
		sps_add(out, &b, s);
	pps_add(out, &b, s);
	buf_fini(&b.bytes);
}

/* As much of a number as is coded: u(v). */
static void
number_add(struct h264_bits *b, unsigned bits, uint32_t value)
{
	h264_u(b, (int)bits, value & ((UINT32_C(1) << bits) - 1));
}

/* 7.3.3.  A frame counts two in the display order (8.2.1). */
void
h264_slice_header(struct h264_bits *b, const struct h264_sequence *s,
    const struct h264_place *p)
{
	bool idr = p->since_idr == 0;
	const struct h264_sets *sets = s->sets;

	h264_ue(b, 0);			/* first_mb_in_slice */
	h264_ue(b, idr ? I_SLICE : P_SLICE);
	h264_ue(b, pps_id(s));
	number_add(b, sets != NULL ? sets->frame_num_bits : NUMBER_BITS,
	    p->since_idr);
	if (idr)
		h264_ue(b, p->idr_id);
	number_add(b, sets != NULL ? sets->order_bits : NUMBER_BITS,
	    2 * p->since_idr);
	if (!idr)
		h264_u(b, 2, 0);	/* references: as many, in order */
	/* dec_ref_pic_marking(): an IDR's two flags, or sliding window. */
	h264_u(b, idr ? 2 : 1, 0);
	h264_se(b, 0);			/* slice_qp_delta */
	h264_ue(b, 1);			/* disable_deblocking_filter_idc */
}
