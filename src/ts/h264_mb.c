/* Macroblocks are predicted from the row above them, in the first row from the
 * left: so a plane costs nothing but the prediction's name.  What differs by
 * whole 4x4 blocks is the DC part of Intra_16x16 (ISO/IEC 14496-10 8.5.10),
 * whose transform H is a Hadamard matrix: levels c give differences
 *
 *	f = H c H, so that c = H f H / 16
 *
 * and with QP 49 a picture's samples differ by 11 f: LevelScale is 16 * 11,
 * shifted left by 49/6 - 6, and 2^6 is taken off.  Chroma's QP is 39 then, and
 * a single level c gives 7 c.  So nothing is lost if the differences are
 * multiples of 16 * 11 and of 7. */

#include "ts/h264_mb.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ts/h264_cavlc.h"

#define LUMA_UNIT	11
#define PCM_TYPE	25	/* mb_type, table 7-11 ... */
#define P_TYPES		5	/* ... behind the types of P slices */
#define PCM_COEFFS	16	/* what they count as, 9.2.1 */

/* Names of the predictions: luma's in mb_type, intra_chroma_pred_mode. */
enum { LUMA_ABOVE = 0, LUMA_LEFT = 1, CHROMA_LEFT = 1, CHROMA_ABOVE = 2 };

struct coder {
	struct h264_bits *b;
	const struct h264_picture *now;
	bool *pcm;		/* a row: above from here on, left up to here */
	bool intra;		/* an I slice */
};

/* What the samples of a block of w x w differ from their prediction by. */
static void
difference(const uint8_t *now, const uint8_t *from, int w, bool left, int *d)
{
	const uint8_t *edge = from + w * (w - 1);

	for (int y = 0; y < w; y++)
		for (int x = 0; x < w; x++)
			*d++ = *now++ - (left ? from[y * w + w - 1] : edge[x]);
}

/* The 4x4 blocks' values; false where one is not flat. */
static bool
blocks_flat(const int *d, int value[16])
{
	for (int y = 0; y < 16; y++)
		for (int x = 0; x < 16; x++, d++) {
			int *v = &value[y / 4 * 4 + x / 4];

			if (y % 4 == 0 && x % 4 == 0)
				*v = *d;
			else if (*d != *v)
				return false;
		}
	return true;
}

/* H times a vector whose elements lie so far apart. */
static void
hadamard(int *v, int stride)
{
	int a = v[0], b = v[stride], c = v[2 * stride], d = v[3 * stride];

	v[0] = a + b + c + d;
	v[stride] = a + b - c - d;
	v[2 * stride] = a - b - c + d;
	v[3 * stride] = a - b + c - d;
}

/* The levels in zigzag order (figure 8-8); false where no levels give d. */
static bool
luma_levels(const int d[256], int level[16])
{
	static const uint8_t zigzag[16] = {
		0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15
	};
	int v[16];

	if (!blocks_flat(d, v))
		return false;
	for (int i = 0; i < 4; i++)
		hadamard(v + 4 * i, 1);
	for (int i = 0; i < 4; i++)
		hadamard(v + i, 4);
	for (int i = 0; i < 16; i++) {
		if (v[zigzag[i]] % (16 * LUMA_UNIT) != 0)
			return false;
		level[i] = v[zigzag[i]] / (16 * LUMA_UNIT);
	}
	return true;
}

static bool
chroma_level(const int d[64], int *level)
{
	for (int i = 1; i < 64; i++)
		if (d[i] != d[0])
			return false;
	*level = d[0] / H264_CHROMA_STEP;
	return d[0] % H264_CHROMA_STEP == 0;
}

static void
type_code(const struct coder *c, int type)
{
	h264_ue(c->b, (uint32_t)(type + (c->intra ? 0 : P_TYPES)));
}

/* The mean number of coefficients beside and above; most have none. */
static int
coeffs_near(const struct coder *c, int x, int y)
{
	int beside = x > 0 && c->pcm[x - 1] ? PCM_COEFFS : 0;
	int above = y > 0 && c->pcm[x] ? PCM_COEFFS : 0;

	return x > 0 && y > 0 ? (beside + above + 1) / 2 : beside + above;
}

/* Most of what is drawn: one colour, and the same colour before it. */
static bool
plane_goes_on(const struct h264_mb *mb, const struct h264_mb *from)
{
	return memcmp(mb, from, sizeof *mb) == 0 &&
	    memcmp(mb->y, mb->y + 1, sizeof mb->y - 1) == 0 &&
	    memcmp(mb->cb, mb->cb + 1, sizeof mb->cb - 1) == 0 &&
	    memcmp(mb->cr, mb->cr + 1, sizeof mb->cr - 1) == 0;
}

/* The levels that lead from the prediction to the macroblock; false where
 * none do. */
static bool
levels_of(const struct h264_mb *mb, const struct h264_mb *from, bool left,
    int level[16], int *cb, int *cr)
{
	int dy[256], db[64], dr[64];

	*cb = *cr = 0;
	memset(level, 0, 16 * sizeof level[0]);
	if (plane_goes_on(mb, from))
		return true;
	difference(mb->y, from->y, 16, left, dy);
	difference(mb->cb, from->cb, 8, left, db);
	difference(mb->cr, from->cr, 8, left, dr);
	return luma_levels(dy, level) && chroma_level(db, cb) &&
	    chroma_level(dr, cr);
}

/* False, with nothing written, if it cannot be done without loss. */
static bool
predicted_code(const struct coder *c, int x, int y)
{
	const struct h264_mb *mb = &c->now->mb[y * c->now->width + x];
	const struct h264_mb *from = y == 0 ? mb - 1 : mb - c->now->width;
	bool left = y == 0, chroma;
	int level[16], cb, cr;

	if (x == 0 && y == 0)
		return false;
	if (!levels_of(mb, from, left, level, &cb, &cr))
		return false;
	chroma = cb != 0 || cr != 0;
	type_code(c, 1 + (left ? LUMA_LEFT : LUMA_ABOVE) + (chroma ? 4 : 0));
	h264_ue(c->b, left ? CHROMA_LEFT : CHROMA_ABOVE);
	h264_se(c->b, 0);		/* mb_qp_delta */
	h264_luma_code(c->b, level, coeffs_near(c, x, y));
	if (chroma) {
		h264_chroma_code(c->b, cb);
		h264_chroma_code(c->b, cr);
	}
	return true;
}

static void
mb_code(const struct coder *c, int x, int y)
{
	const struct h264_mb *mb = &c->now->mb[y * c->now->width + x];

	c->pcm[x] = !predicted_code(c, x, y);
	if (!c->pcm[x])
		return;
	type_code(c, PCM_TYPE);
	h264_align(c->b);
	buf_add(&c->b->bytes, mb, sizeof *mb);
}

static bool
mb_same(const struct h264_picture *a, const struct h264_picture *b, int i)
{
	return a->mb == b->mb || memcmp(&a->mb[i], &b->mb[i],
	    sizeof a->mb[i]) == 0;
}

void
h264_picture_code(struct h264_bits *b, const struct h264_picture *now,
    const struct h264_picture *before)
{
	struct coder c = {
		.b = b,
		.now = now,
		.pcm = xcalloc((size_t)now->width, sizeof c.pcm[0]),
		.intra = before == NULL,
	};
	uint32_t skipped = 0;

	for (int i = 0; i < now->width * now->height; i++) {
		int x = i % now->width;

		if (before != NULL && mb_same(now, before, i)) {
			c.pcm[x] = false;
			skipped++;
			continue;
		}
		if (before != NULL)
			h264_ue(b, skipped);	/* mb_skip_run */
		skipped = 0;
		mb_code(&c, x, i / now->width);
	}
	if (skipped != 0)
		h264_ue(b, skipped);
	free(c.pcm);
}
