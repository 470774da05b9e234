#include "air/noc.h"

#include <stdlib.h>
#include <string.h>

#include "air/noc_draw.h"
#include "base/xmem.h"
#include "ts/h264_head.h"

#define IDR_ID		2	/* encoders use 0 and 1 by turns */

struct noc {
	struct grid grid;
	struct h264_sequence sequence;
	struct h264_sets sets;
	struct h264_picture shown, spare;
	char *text;		/* of what is shown; NULL: nothing yet */
	int64_t start;		/* of the stretch on show ... */
	int64_t n;		/* ... its last picture ... */
	int64_t key;		/* ... and its last IDR */
};

static struct h264_picture
picture_new(int width, int height)
{
	struct h264_picture p = {
		.width = (width + 15) / 16,
		.height = (height + 15) / 16,
	};

	p.mb = xcalloc((size_t)(p.width * p.height), sizeof p.mb[0]);
	return p;
}

struct noc *
noc_new(const struct grid *g, int width, int height)
{
	struct noc *s = xcalloc(1, sizeof *s);

	s->grid = *g;
	s->sequence = (struct h264_sequence){
		.width = width,
		.height = height,
		.rate = g->rate,
		.reorder = (int)g->reorder,
	};
	s->shown = picture_new(width, height);
	s->spare = picture_new(width, height);
	return s;
}

void
noc_free(struct noc *s)
{
	if (s == NULL)
		return;
	free(s->shown.mb);
	free(s->spare.mb);
	free(s->text);
	free(s);
}

void
noc_set_sets(struct noc *s, const struct h264_sets *sets)
{
	if (sets != NULL)
		s->sets = *sets;
	s->sequence.sets = sets != NULL ? &s->sets : NULL;
	s->n = INT64_MIN;		/* nothing follows that */
}

/* Returns what was shown before: the same picture if nothing changes. */
static const struct h264_picture *
show(struct noc *s, const char *text)
{
	struct h264_picture before = s->shown;

	if (s->text != NULL && strcmp(s->text, text) == 0)
		return &s->shown;
	free(s->text);
	s->text = xstrdup(text);
	s->shown = s->spare;
	s->spare = before;
	noc_draw(&s->shown, s->sequence.width, s->sequence.height, text);
	return &s->spare;
}

/* Neighbouring IDRs differ in idr_pic_id (ISO/IEC 14496-10 7.4.3): those on the
 * key-frame grid by their group, and where short stretches follow one another
 * a picture by its number.  It is not one of an encoder's either. */
static uint32_t
idr_id(const struct noc *s)
{
	int64_t group = div_floor(s->n, s->grid.gop);

	return (uint32_t)(IDR_ID + 2 * mod_floor(group, 2) +
	    mod_floor(s->n, 2));
}

static void
unit_add(struct buf *out, const struct noc *s,
    const struct h264_picture *before)
{
	struct h264_place place = {
		.since_idr = (uint32_t)(s->n - s->key),
		.idr_id = idr_id(s),
	};
	struct h264_bits b = { 0 };
	bool idr = s->n == s->key;

	h264_delimiter_add(out, idr);
	if (idr)
		h264_parameters_add(out, &s->sequence);
	h264_slice_header(&b, &s->sequence, &place);
	h264_picture_code(&b, &s->shown, idr ? NULL : before);
	h264_nal_add(out, idr ? H264_NAL_IDR : H264_NAL_SLICE, &b);
	buf_fini(&b.bytes);
}

struct au *
noc_picture(struct noc *s, int64_t start, int64_t n, const char *text)
{
	bool follows = s->text != NULL && start == s->start && n == s->n + 1;
	const struct h264_picture *before = show(s, text);
	struct buf out = { 0 };
	struct au *u;

	if (!follows || mod_floor(n, s->grid.gop) == 0)
		s->key = n;
	s->start = start;
	s->n = n;
	unit_add(&out, s, before);
	u = au_new(n, s->key == n, out.data, out.len);
	buf_fini(&out);
	return u;
}
