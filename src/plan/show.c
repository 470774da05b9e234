#include "plan/show.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/skip.h"

static void
add_part(struct show *w, const struct chan *ch, const struct block *b,
    const struct part *p, bool more)
{
	struct rate rate = ch->format.rate;
	bool content = p->kind == SEGMENT_programme;
	struct layout l;

	layout_make(&l, p->choice->asset, rate, content &&
	    ch->type == CHAN_NETWORK);
	if (content)
		layout_skip(&l, rate, p->skip_intro, b->skip_outro);
	for (size_t i = 0; i < l.nrows; i++) {
		struct show_row r = { l.rows[i], p->choice->asset };

		if (!content)
			r.row.kind = p->kind;
		if (i + 1 == l.nrows)
			r.row.avail = more;
		xgrow(&w->rows, &w->cap, w->nrows + 1, sizeof *w->rows);
		w->rows[w->nrows++] = r;
		w->navails += r.row.avail;
	}
	w->frames += l.frames;
	layout_fini(&l);
}

void
show_make(struct show *w, const struct chan *ch, const struct block *b,
    const struct slot *s)
{
	*w = (struct show){ 0 };
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];

		add_part(w, ch, b, p, p->kind == SEGMENT_programme &&
		    i + 1 < s->nparts && p[1].kind == SEGMENT_programme);
	}
}

void
show_fini(struct show *w)
{
	free(w->rows);
	*w = (struct show){ 0 };
}
