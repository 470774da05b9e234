#include "plan/skip.h"

static bool
is_skipped(const struct layout_row *r, bool intro, bool outro)
{
	return (intro && r->kind == SEGMENT_intro) ||
	    (outro && r->kind == SEGMENT_outro);
}

static int64_t
length(const struct layout *l, bool intro, bool outro)
{
	int64_t frames = 0;

	for (size_t i = 0; i < l->nrows; i++)
		if (is_skipped(&l->rows[i], intro, outro))
			frames += l->rows[i].frames;
	return frames;
}

/* A break that was to follow what is gone follows what is before that. */
void
layout_skip(struct layout *l, struct rate rate, bool intro, bool outro)
{
	int64_t gone = length(l, intro, outro);
	size_t kept = 0;

	if (intro && gone == l->frames) {
		intro = false;
		gone = length(l, intro, outro);
	}
	if (gone == 0 || gone == l->frames)
		return;
	for (size_t i = 0; i < l->nrows; i++) {
		if (!is_skipped(&l->rows[i], intro, outro))
			l->rows[kept++] = l->rows[i];
		else if (l->rows[i].avail && kept > 0)
			l->rows[kept - 1].avail = true;
	}
	l->rows[kept - 1].avail = false;
	l->nrows = kept;
	l->navails = 0;
	for (size_t i = 0; i < kept; i++)
		l->navails += l->rows[i].avail;
	l->frames -= gone;
	l->length_us -= muldiv_floor(gone, rate.den * US_PER_S, rate.num);
}
