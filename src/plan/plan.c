#include "plan/plan.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/brk.h"
#include "plan/day.h"
#include "plan/layout.h"
#include "plan/select.h"
#include "plan/turn.h"

/* A day that is being planned. */
struct work {
	const struct chan *ch;
	const struct selection *sel;
	struct rate rate;
	struct brk *brk;
	struct day *day;
	struct segs segs;
	size_t cap;			/* of day->programmes */
};

static const char *const kind_names[SEGMENT_NKINDS] = {
#define X(name) [SEGMENT_##name] = #name,
	SEGMENT_KINDS(X)
#undef X
};

const char *
segment_kind_name(enum segment_kind k)
{
	return kind_names[k];
}

static int64_t
frame_at(const struct work *w, int64_t t)
{
	return rate_frame_from(w->rate, t * NS_PER_S);
}

static int64_t
clip(const struct work *w, int64_t n)
{
	return n < w->day->n0 ? w->day->n0 : n > w->day->n1 ? w->day->n1 : n;
}

/* The part of [n0, n1) that falls into the day: from row frame n0 on. */
static void
put_row(struct work *w, int64_t n0, int64_t n1, const struct layout_row *row,
    const struct asset *asset)
{
	segs_add(&w->segs, (struct segment){
		.n0 = clip(w, n0),
		.n1 = clip(w, n1),
		.kind = row->kind,
		.asset = asset,
		.in = row->in + clip(w, n0) - n0,
		.programme = w->day->nprogrammes - 1,
	});
}

/* A break over the end of the day is one on either side: each day fills its
 * own part, so that no spot is cut. */
static void
put_break(struct work *w, int64_t n0, int64_t n1)
{
	if (clip(w, n0) < clip(w, n1))
		brk_fill(w->brk, &w->segs, clip(w, n0), clip(w, n1),
		    w->day->nprogrammes - 1);
}

/* The rows of a programme, and the budget in equal parts at its avails, the
 * odd frames to the first ones; what has no avail comes after it. */
static void
put_rows(struct work *w, const struct programme *p, const struct layout *l)
{
	int64_t budget = p->n1 - p->n0 - l->frames;
	int64_t fit = budget > 0 ? budget / half_second(w->rate) : 0;
	int64_t breaks = (int64_t)l->navails < fit ? (int64_t)l->navails : fit;
	int64_t n = p->n0, end;

	for (size_t i = 0, k = 0; i < l->nrows; i++) {
		/* Rounding may leave the slot a frame short. */
		end = n + l->rows[i].frames;
		end = end < p->n1 ? end : p->n1;
		put_row(w, n, end, &l->rows[i], p->asset);
		n = end;
		if (!l->rows[i].avail || (int64_t)k == breaks)
			continue;
		end = n + budget / breaks + ((int64_t)k < budget % breaks);
		put_break(w, n, end);
		n = end;
		k++;
	}
	put_break(w, n, p->n1);
}

static void
put_programme(struct work *w, const struct slot *s, const struct block *b)
{
	struct day *d = w->day;
	struct programme p = {
		.n0 = frame_at(w, s->t0),
		.n1 = frame_at(w, s->t1),
		.title = b->title != NULL ? b->title : s->choice->asset->title,
		.asset = s->choice->asset,
		.block = b,
	};
	struct layout l;

	if (p.n1 <= d->n0 || p.n0 >= d->n1)
		return;
	xgrow(&d->programmes, &w->cap, d->nprogrammes + 1,
	    sizeof *d->programmes);
	d->programmes[d->nprogrammes++] = p;
	layout_make(&l, p.asset, w->rate, w->ch->type == CHAN_NETWORK);
	put_rows(w, &p, &l);
	layout_fini(&l);
}

static void
put_idle(struct work *w, int64_t t0, int64_t t1)
{
	int64_t n0 = clip(w, frame_at(w, t0)), n1 = clip(w, frame_at(w, t1));

	brk_idle(w->brk, &w->segs, n0, n1);
}

static void
put_piece(struct work *w, const struct tz *z, const struct piece *p,
    struct cursors *cur)
{
	struct turn u = turn_begin(w->sel, z, p, cur);
	struct slot s;

	while (turn_next(&u, &s))
		put_programme(w, &s, &w->ch->blocks[p->block]);
	put_idle(w, u.t, u.t1);
}

/* A piece that ends after the day leaves the cursors where they are: the
 * next day begins with the same piece from the same choice. */
static void
put_unfinished(struct work *w, const struct tz *z, const struct piece *p,
    const struct cursors *cur)
{
	struct cursors own;

	cursors_copy(&own, cur);
	put_piece(w, z, p, &own);
	cursors_fini(&own);
}

static void
put_pieces(struct work *w, const struct tz *z, struct cursors *cur)
{
	int64_t end = day_begin(w->ch, z, w->day->date + 1);
	struct pieces ps;

	day_pieces(w->ch, z, w->day->date, &ps);
	for (size_t i = 0; i < ps.n; i++) {
		const struct piece *p = &ps.v[i];

		if (p->block == PIECE_FREE)
			put_idle(w, p->t0, p->t1);
		else if (p->t1 > end)
			put_unfinished(w, z, p, cur);
		else
			put_piece(w, z, p, cur);
	}
	free(ps.v);
}

static void
skip_piece(const struct selection *sel, const struct tz *z,
    const struct piece *p, struct cursors *cur)
{
	struct turn u = turn_begin(sel, z, p, cur);
	struct slot s;

	while (turn_next(&u, &s))
		;
}

struct day *
plan_day(const struct chan *ch, const struct selection *sel,
    const struct tz *z, struct cursors *cur, int64_t date)
{
	struct day *d = xcalloc(1, sizeof *d);
	struct work w = {
		.ch = ch, .sel = sel, .rate = ch->format.rate,
		.brk = brk_new(sel, date), .day = d,
	};

	d->date = date;
	d->n0 = frame_at(&w, day_begin(ch, z, date));
	d->n1 = frame_at(&w, day_begin(ch, z, date + 1));
	put_pieces(&w, z, cur);
	brk_trim(w.brk, &w.segs, d->n0, d->n1);
	d->segments = w.segs.v;
	d->nsegments = w.segs.n;
	brk_free(w.brk);
	return d;
}

void
plan_skip_day(const struct chan *ch, const struct selection *sel,
    const struct tz *z, struct cursors *cur, int64_t date)
{
	int64_t end = day_begin(ch, z, date + 1);
	struct pieces ps;

	day_pieces(ch, z, date, &ps);
	for (size_t i = 0; i < ps.n; i++) {
		const struct piece *p = &ps.v[i];

		if (p->block != PIECE_FREE && p->t1 <= end)
			skip_piece(sel, z, p, cur);
	}
	free(ps.v);
}

void
day_free(struct day *d)
{
	if (d == NULL)
		return;
	free(d->segments);
	free(d->programmes);
	free(d);
}
