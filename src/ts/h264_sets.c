#include "ts/h264_sets.h"

#include <string.h>

#include "base/buf.h"
#include "ts/h264_bits.h"
#include "ts/h264_read.h"

#define NAL_SLICE	1	/* table 7-1 */
#define NAL_IDR		5
#define NAL_SPS		7
#define NAL_PPS		8
#define P_SLICE		0	/* slice_type, modulo 5 */
#define I_SLICE		2
#define BASELINE	66	/* profile_idc */
#define MAIN		77
#define HIGH		100	/* from here on there are more fields */
#define NUMBER_MAX	16	/* bits of frame_num and pic_order_cnt_lsb */
#define REFERENCES_MAX	32
#define ORDER_LSB	0	/* pic_order_cnt_type */
#define ORDER_NONE	2
#define MOD_LONG	2	/* modification_of_pic_nums_idc: long term */
#define MOD_END		3	/* no more */

/* ---- parameter sets */

static void
alike_add(struct h264_sets *s, uint32_t v)
{
	s->alike[s->nalike++] = v;
}

/* Where the payload's stop bit stands, in bits; 0: it has none. */
static size_t
stop_bit(const uint8_t *p, size_t len)
{
	size_t at;

	while (len > 0 && p[len - 1] == 0)
		len--;
	if (len == 0)
		return 0;
	for (at = 8 * len - 1; (p[at / 8] >> (7 - at % 8) & 1) == 0; at--)
		;
	return at;
}

/* How samples are stored: 8 bits, 4:2:0 where a profile does not say. */
static void
samples_read(struct h264_sets *s, struct h264_read *r, uint32_t profile)
{
	bool says = profile >= HIGH;

	alike_add(s, says ? h264_read_ue(r) : 1);	/* chroma_format_idc */
	alike_add(s, says ? h264_read_ue(r) : 0);	/* bit depths */
	alike_add(s, says ? h264_read_ue(r) : 0);
	alike_add(s, says ? h264_read_u(r, 1) : 0);	/* bypass */
	if (says && h264_read_u(r, 1) != 0)		/* scaling matrix */
		r->bad = true;
	if (s->alike[0] != 1 ||
	    (!says && profile != BASELINE && profile != MAIN))
		r->bad = true;
}

/* 7.3.2.1.1, up to where the rest is for decoders only. */
static void
sps_read(struct h264_sets *s, struct h264_read *r)
{
	uint32_t profile = h264_read_u(r, 8), type;

	h264_read_u(r, 16);			/* constraints, level */
	if (h264_read_ue(r) != 0)		/* seq_parameter_set_id */
		r->bad = true;
	samples_read(s, r, profile);
	s->frame_num_bits = h264_read_ue(r) + 4;
	type = h264_read_ue(r);
	s->order_bits = type == ORDER_LSB ? h264_read_ue(r) + 4 : 0;
	h264_read_ue(r);			/* max_num_ref_frames */
	h264_read_u(r, 1);			/* gaps */
	alike_add(s, h264_read_ue(r));		/* width, height */
	alike_add(s, h264_read_ue(r));
	if (h264_read_u(r, 1) == 0 ||		/* frame_mbs_only_flag */
	    s->frame_num_bits > NUMBER_MAX || s->order_bits > NUMBER_MAX ||
	    (type != ORDER_LSB && type != ORDER_NONE))
		r->bad = true;
}

/* 7.3.2.2.  What is for B slices only may differ. */
static void
pps_read(struct h264_sets *s, struct h264_read *r)
{
	bool more;

	if (h264_read_ue(r) != 0 || h264_read_ue(r) != 0)	/* ids */
		r->bad = true;
	s->cabac = h264_read_u(r, 1) != 0;
	if (h264_read_u(r, 1) != 0 || h264_read_ue(r) != 0)
		r->bad = true;			/* fields, slice groups */
	s->references = h264_read_ue(r) + 1;
	h264_read_ue(r);			/* those of list 1 */
	s->weighted = h264_read_u(r, 1) != 0;
	h264_read_u(r, 2);			/* weighted_bipred_idc */
	alike_add(s, h264_read_ue(r));		/* pic_init_qp */
	alike_add(s, h264_read_ue(r));		/* pic_init_qs */
	alike_add(s, h264_read_ue(r));		/* chroma_qp_index_offset */
	s->deblocking = h264_read_u(r, 1) != 0;
	alike_add(s, h264_read_u(r, 1));	/* constrained_intra_pred */
	if (h264_read_u(r, 1) != 0)		/* redundant pictures */
		r->bad = true;
	more = r->at < stop_bit(r->p, r->len);
	alike_add(s, more ? h264_read_u(r, 1) : 0);	/* transform_8x8 */
	if (more && h264_read_u(r, 1) != 0)	/* scaling matrix */
		r->bad = true;
	alike_add(s, more ? h264_read_ue(r) : s->alike[s->nalike - 3]);
	alike_add(s, s->references);
	alike_add(s, (uint32_t)(s->cabac << 2 | s->weighted << 1 |
	    s->deblocking));
}

static bool
set_take(struct h264_set *set, const uint8_t *nal, size_t len)
{
	if (len > sizeof set->nal)
		return false;
	memcpy(set->nal, nal, len);
	set->len = len;
	return true;
}

static bool
sets_read(struct h264_sets *s, const struct h264_set *set,
    void (*read)(struct h264_sets *, struct h264_read *))
{
	struct buf b = { 0 };
	struct h264_read r = { 0 };

	h264_unescape(&b, set->nal + 1, set->len - 1);
	r.p = b.data;
	r.len = b.len;
	read(s, &r);
	buf_fini(&b);
	return !r.bad;
}

bool
h264_sets_find(struct h264_sets *s, const uint8_t *data, size_t len)
{
	const uint8_t *nal;
	size_t at = 0, n;

	*s = (struct h264_sets){ 0 };
	while (h264_nal_next(data, len, &at, &nal, &n)) {
		int type = nal[0] & 0x1f;

		if ((type == NAL_SPS && !set_take(&s->sps, nal, n)) ||
		    (type == NAL_PPS && !set_take(&s->pps, nal, n)))
			return false;
	}
	return s->sps.len > 1 && s->pps.len > 1 &&
	    sets_read(s, &s->sps, sps_read) && sets_read(s, &s->pps, pps_read);
}

static bool
is_alike(const struct h264_sets *a, const struct h264_sets *b)
{
	return a->nalike == b->nalike &&
	    memcmp(a->alike, b->alike, a->nalike * sizeof a->alike[0]) == 0;
}

/* ---- slices */

struct change {
	const struct h264_sets *from, *to;
	uint32_t since_idr;
	struct h264_read r;
	struct h264_bits b;
};

static uint32_t
copy_u(struct change *c, int n)
{
	uint32_t v = h264_read_u(&c->r, (unsigned)n);

	h264_u(&c->b, n, v);
	return v;
}

static uint32_t
copy_ue(struct change *c)
{
	uint32_t v = h264_read_ue(&c->r);

	h264_ue(&c->b, v);
	return v;
}

static uint32_t
low_bits(uint32_t v, unsigned n)
{
	return v & ((UINT32_C(1) << n) - 1);
}

/* 7.3.3.1: by how much picture numbers differ, whatever their length. */
static void
copy_modification(struct change *c)
{
	uint32_t op = copy_u(c, 1) != 0 ? 0 : MOD_END;

	while (op != MOD_END && !c->r.bad) {
		if ((op = copy_ue(c)) < MOD_LONG)
			copy_ue(c);
		else if (op != MOD_END)
			c->r.bad = true;
	}
}

/* 7.3.3.2, of list 0 */
static void
copy_weights(struct change *c, uint32_t references)
{
	copy_ue(c);
	copy_ue(c);
	for (uint32_t i = 0; i < references && !c->r.bad; i++) {
		for (int n = copy_u(c, 1) != 0 ? 2 : 0; n > 0; n--)
			copy_ue(c);
		for (int n = copy_u(c, 1) != 0 ? 4 : 0; n > 0; n--)
			copy_ue(c);
	}
}

static void
copy_references(struct change *c)
{
	uint32_t n = c->from->references;

	if (copy_u(c, 1) != 0)		/* num_ref_idx_active_override_flag */
		n = copy_ue(c) + 1;
	if (n > REFERENCES_MAX)
		c->r.bad = true;
	copy_modification(c);
	if (c->from->weighted)
		copy_weights(c, n);
}

/* The picture's number and its place in the display order, which counts two a
 * frame (8.2.1). */
static void
change_numbers(struct change *c, bool idr)
{
	const struct h264_sets *from = c->from, *to = c->to;

	if (h264_read_u(&c->r, from->frame_num_bits) !=
	    low_bits(c->since_idr, from->frame_num_bits))
		c->r.bad = true;
	h264_u(&c->b, (int)to->frame_num_bits, low_bits(c->since_idr,
	    to->frame_num_bits));
	if (idr)
		copy_ue(c);		/* idr_pic_id */
	h264_read_u(&c->r, from->order_bits);
	if (to->order_bits != 0)
		h264_u(&c->b, (int)to->order_bits,
		    low_bits(2 * c->since_idr, to->order_bits));
}

/* 7.3.3 */
static void
change_header(struct change *c, bool idr)
{
	uint32_t type;

	copy_ue(c);			/* first_mb_in_slice */
	type = copy_ue(c) % 5;
	if ((type != P_SLICE && type != I_SLICE) ||
	    copy_ue(c) != 0)		/* pic_parameter_set_id */
		c->r.bad = true;
	change_numbers(c, idr);
	if (type == P_SLICE)
		copy_references(c);
	if (copy_u(c, idr ? 2 : 1) != 0)	/* all but a sliding window */
		c->r.bad = true;
	if (c->from->cabac && type == P_SLICE)
		copy_ue(c);		/* cabac_init_idc */
	copy_ue(c);			/* slice_qp_delta */
	if (c->from->deblocking && copy_ue(c) != 1) {
		copy_ue(c);		/* offsets */
		copy_ue(c);
	}
}

/* All bits up to `end`: by whole bytes where these fall together. */
static void
copy_rest(struct change *c, size_t end)
{
	struct h264_read *r = &c->r;

	while (r->at < end && r->at % 8 != 0)
		copy_u(c, 1);
	if (c->b.n == 0 && r->at < end) {
		buf_add(&c->b.bytes, r->p + r->at / 8, (end - r->at) / 8);
		r->at = end - end % 8;
	}
	for (; r->at + 8 <= end; r->at += 8)
		h264_u(&c->b, 8, r->p[r->at / 8]);
	while (r->at < end)
		copy_u(c, 1);
}

/* Arithmetic codes begin at a byte, after ones (7.3.4). */
static void
copy_data(struct change *c)
{
	size_t end = stop_bit(c->r.p, c->r.len);

	if (c->from->cabac) {
		while (c->r.at % 8 != 0 && !c->r.bad)
			if (h264_read_u(&c->r, 1) == 0)
				c->r.bad = true;
		while (c->b.n != 0)
			h264_u(&c->b, 1, 1);
	}
	if (c->r.at > end)
		c->r.bad = true;
	else
		copy_rest(c, end);
}

static bool
slice_change(struct buf *out, struct change *c, const uint8_t *nal, size_t len)
{
	bool idr = (nal[0] & 0x1f) == NAL_IDR;
	struct buf payload = { 0 };

	h264_unescape(&payload, nal + 1, len - 1);
	c->r = (struct h264_read){ .p = payload.data, .len = payload.len };
	if ((nal[0] & 0x60) == 0 || idr != (c->since_idr == 0))
		c->r.bad = true;	/* it would not be a reference */
	change_header(c, idr);
	if (!c->r.bad)
		copy_data(c);
	h264_nal_add(out, nal[0], &c->b);
	buf_fini(&payload);
	return !c->r.bad;
}

struct au *
h264_sets_change(const struct au *u, const struct h264_sets *from,
    const struct h264_sets *to, uint32_t since_idr)
{
	struct change c = { .from = from, .to = to, .since_idr = since_idr };
	struct buf out = { 0 };
	struct au *changed = NULL;
	const uint8_t *nal;
	size_t at = 0, len;
	bool good = is_alike(from, to);

	while (good && h264_nal_next(u->data, u->len, &at, &nal, &len)) {
		int type = nal[0] & 0x1f;

		if (type == NAL_SLICE || type == NAL_IDR)
			good = slice_change(&out, &c, nal, len);
		else if (type == NAL_SPS)
			h264_nal_copy(&out, to->sps.nal, to->sps.len);
		else if (type == NAL_PPS)
			h264_nal_copy(&out, to->pps.nal, to->pps.len);
		else
			h264_nal_copy(&out, nal, len);
	}
	if (good && out.len != 0)
		changed = au_new(u->index, u->key, out.data, out.len);
	buf_fini(&c.b.bytes);
	buf_fini(&out);
	return changed;
}
