/* Where idr_pic_id stands in a slice header depends only on the length of
 * frame_num, which the SPS has (7.3.2.1.1, 7.3.3).  The code for 0 is one bit
 * long; that for 15 has nine.  So one takes the place of the other without
 * moving anything after it by less than a byte: whatever the slice is coded
 * with, it does not notice.  Any other code has a neighbour of its own length,
 * with another last bit. */

#include "ts/idr.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "ts/h264_read.h"

#define NAL_IDR		5	/* table 7-1 */
#define NAL_SPS		7
#define CODE_15		0x10u	/* 0000 10000 */
#define CODE_15_BITS	9

/* The first NAL unit that begins at or after `from`; false: there is none. */
static bool
nal_find(const uint8_t *data, size_t len, size_t from, struct h264_read *nal)
{
	const uint8_t *p = data + from, *end = data + len;

	while (end - p > 3) {
		if ((p = memchr(p + 2, 1, (size_t)(end - p - 3))) == NULL)
			return false;
		if (p[-1] == 0 && p[-2] == 0) {
			*nal = (struct h264_read){
				.p = p + 1, .len = (size_t)(end - p - 1),
				.at = 8, .escaped = true,
			};
			return true;
		}
		p--;
	}
	return false;
}

static bool
is_high(uint32_t profile)
{
	return profile == 100 || profile == 110 || profile == 122 ||
	    profile == 244;
}

/* The length of frame_num; 0 where it cannot be told. */
static unsigned
frame_num_bits(struct h264_read sps)
{
	uint32_t profile = h264_read_u(&sps, 8), log2;

	h264_read_u(&sps, 16);		/* constraints, level */
	h264_read_ue(&sps);		/* seq_parameter_set_id */
	if (is_high(profile)) {
		h264_read_ue(&sps);	/* chroma_format_idc */
		h264_read_ue(&sps);	/* bit depths */
		h264_read_ue(&sps);
		h264_read_u(&sps, 1);
		if (h264_read_u(&sps, 1) != 0)
			return 0;	/* seq_scaling_matrix: ours has none */
	}
	log2 = h264_read_ue(&sps) + 4;
	return sps.bad || log2 > 16 ? 0 : log2;
}

/* Go to the slice's idr_pic_id. */
static bool
slice_seek(struct h264_read *slice, unsigned frame_num)
{
	h264_read_ue(slice);		/* first_mb_in_slice */
	h264_read_ue(slice);		/* slice_type */
	h264_read_ue(slice);		/* pic_parameter_set_id */
	return frame_num != 0 && h264_read_u(slice, frame_num) == 0 &&
	    !slice->bad;
}

/* The next IDR slice from *from on, at its idr_pic_id; *frame_num is kept
 * from one to the next. */
static bool
slice_next(const uint8_t *data, size_t len, size_t *from,
    unsigned *frame_num, struct h264_read *slice)
{
	while (nal_find(data, len, *from, slice)) {
		int type = slice->p[0] & 0x1f;

		*from = (size_t)(slice->p - data);
		if (type == NAL_SPS)
			*frame_num = frame_num_bits(*slice);
		else if (type == NAL_IDR)
			return slice_seek(slice, *frame_num);
	}
	return false;
}

int64_t
idr_id(const uint8_t *data, size_t len)
{
	struct h264_read slice;
	unsigned frame_num = 0;
	size_t from = 0;
	uint32_t id;

	if (!slice_next(data, len, &from, &frame_num, &slice))
		return -1;
	id = h264_read_ue(&slice);
	return slice.bad ? -1 : (int64_t)id;
}

/* Three bytes that would be taken for a start code or an escape. */
static bool
is_odd(const struct buf *out, size_t at)
{
	for (size_t i = at > 2 ? at - 2 : 0; i <= at + 1 && i + 2 < out->len;
	    i++)
		if (out->data[i] == 0 && out->data[i + 1] == 0 &&
		    out->data[i + 2] <= 3)
			return true;
	return false;
}

/* Make the code of 0 that is bit `at` of out one of 15. */
static void
code_widen(struct buf *out, size_t at)
{
	size_t byte = at / 8;
	unsigned n = at % 8, old = out->data[byte], new;

	buf_extend(out, 1);
	memmove(out->data + byte + 2, out->data + byte + 1,
	    out->len - byte - 2);
	new = old >> (8 - n) << (16 - n) |
	    CODE_15 << (16 - CODE_15_BITS - n) | (old & ((1u << (7 - n)) - 1));
	out->data[byte] = (uint8_t)(new >> 8);
	out->data[byte + 1] = (uint8_t)new;
}

/* The slice's idr_pic_id is at bit `at` of out. */
static bool
slice_rename(struct buf *out, size_t at, struct h264_read *slice)
{
	size_t begin = slice->at, last;
	uint32_t id = h264_read_ue(slice);

	if (slice->bad)
		return false;
	last = at + (slice->at - begin) - 1;
	if (id == 0)
		code_widen(out, at);
	else
		out->data[last / 8] ^= (uint8_t)(0x80 >> last % 8);
	return true;
}

struct au *
idr_renamed(const struct au *u)
{
	struct buf out = { 0 };
	struct h264_read slice;
	unsigned frame_num = 0;
	size_t from = 0, at;
	struct au *copy = NULL;
	bool good = false;

	buf_add(&out, u->data, u->len);
	while (slice_next(out.data, out.len, &from, &frame_num, &slice)) {
		at = 8 * from + slice.at;
		good = slice_rename(&out, at, &slice) &&
		    !is_odd(&out, at / 8);
		if (!good)
			break;
	}
	if (good)
		copy = au_new(u->index, u->key, out.data, out.len);
	buf_fini(&out);
	return copy;
}
