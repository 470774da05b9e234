#include "plan/show.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/skip.h"

static bool
is_content(const struct part *p)
{
	return p->kind == SEGMENT_programme;
}

/* The parts' layouts, and how many frames they have together. */
static struct layout *
make_layouts(const struct chan *ch, const struct block *b,
    const struct slot *s, int64_t *frames)
{
	struct rate rate = ch->format.rate;
	struct layout *l = xcalloc(s->nparts, sizeof *l);

	*frames = 0;
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];

		layout_make(&l[i], p->choice->asset, rate, is_content(p) &&
		    ch->type == CHAN_NETWORK);
		if (is_content(p))
			layout_skip(&l[i], rate, p->skip_intro,
			    b->skip_outro);
		*frames += l[i].frames;
	}
	return l;
}

static void
add_rows(struct show *w, const struct part *p, const struct layout *l,
    bool more)
{
	for (size_t i = 0; i < l->nrows; i++) {
		struct show_row r = { l->rows[i], p->choice->asset };

		if (!is_content(p))
			r.row.kind = p->kind;
		if (i + 1 == l->nrows)
			r.row.avail = more;
		xgrow(&w->rows, &w->cap, w->nrows + 1, sizeof *w->rows);
		w->rows[w->nrows++] = r;
		w->navails += r.row.avail;
	}
	w->frames += l->frames;
}

void
show_make(struct show *w, const struct chan *ch, const struct block *b,
    const struct slot *s, int64_t frames, int64_t least)
{
	int64_t own, most;
	struct layout *l = make_layouts(ch, b, s, &own);

	most = (frames - own) / (int64_t)s->ncontent / least;
	*w = (struct show){ 0 };
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];

		if (is_content(p) && ch->type == CHAN_NETWORK &&
		    l[i].navails == 0 && most > 0)
			layout_break(&l[i], p->choice->asset,
			    ch->format.rate, most);
		add_rows(w, p, &l[i], is_content(p) && i + 1 < s->nparts &&
		    is_content(p + 1));
		layout_fini(&l[i]);
	}
	free(l);
}

void
show_fini(struct show *w)
{
	free(w->rows);
	*w = (struct show){ 0 };
}
