#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/brk.h"
#include "plan/day.h"
#include "plan/layout.h"
#include "plan/select.h"

#define MINUTE_S	60

/* One programme's place: its content, and what is left is its breaks. */
struct slot {
	int64_t t0, t1;
	const struct choice *choice;
};

/* How a piece of a block is filled: choice after choice, each from where the
 * last one ended to the first grid point that it reaches.  The grid hangs on
 * the local time at the piece's begin and goes on in elapsed time. */
struct turn {
	const struct choices *choices;
	size_t next;
	int64_t t, t1;			/* what is left of the piece */
	int64_t anchor, grid;		/* some grid point, and its step */
};

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

void
cursors_init(struct cursors *c, const struct chan *ch)
{
	c->n = ch->nblocks;
	c->next = xcalloc(c->n, sizeof *c->next);
}

void
cursors_copy(struct cursors *to, const struct cursors *from)
{
	to->n = from->n;
	to->next = xcalloc(to->n, sizeof *to->next);
	memcpy(to->next, from->next, to->n * sizeof *to->next);
}

void
cursors_fini(struct cursors *c)
{
	free(c->next);
	*c = (struct cursors){ 0 };
}

static struct turn
turn_begin(const struct selection *sel, const struct tz *z,
    const struct piece *p, uint64_t cursor)
{
	const struct choices *c = &sel->blocks[p->block];
	int64_t grid = sel->ch->format.grid_minutes * MINUTE_S;
	int64_t local = p->t0 + tz_offset(z, p->t0);

	return (struct turn){
		.choices = c,
		.next = c->n > 0 ? cursor % c->n : 0,
		.t = p->t0,
		.t1 = p->t1,
		.anchor = p->t0 - mod_floor(local, grid),
		.grid = grid,
	};
}

/* The next slot, or false where the one whose turn it is does not fit any
 * more: then the rest stays empty and its turn comes next time. */
static bool
turn_next(struct turn *u, struct slot *s)
{
	const struct choice *c;
	int64_t end;

	if (u->choices->n == 0)
		return false;
	c = &u->choices->v[u->next];
	if (u->t + c->need_s > u->t1)
		return false;
	end = u->t + c->need_s + u->grid - 1;
	end -= (end - u->anchor) % u->grid;
	*s = (struct slot){ u->t, end < u->t1 ? end : u->t1, c };
	u->t = s->t1;
	if (++u->next == u->choices->n)
		u->next = 0;
	return true;
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
put_programme(struct work *w, const struct slot *s, const char *title)
{
	struct day *d = w->day;
	struct programme p = {
		.n0 = frame_at(w, s->t0),
		.n1 = frame_at(w, s->t1),
		.title = title != NULL ? title : s->choice->asset->title,
		.asset = s->choice->asset,
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

/* One piece, and how many choices it took. */
static uint64_t
put_piece(struct work *w, const struct tz *z, const struct piece *p,
    uint64_t cursor)
{
	struct turn u = turn_begin(w->sel, z, p, cursor);
	struct slot s;
	uint64_t n = 0;

	for (; turn_next(&u, &s); n++)
		put_programme(w, &s, w->ch->blocks[p->block].title);
	put_idle(w, u.t, u.t1);
	return n;
}

static uint64_t
skip_piece(const struct selection *sel, const struct tz *z,
    const struct piece *p, uint64_t cursor)
{
	struct turn u = turn_begin(sel, z, p, cursor);
	struct slot s;
	uint64_t n = 0;

	while (turn_next(&u, &s))
		n++;
	return n;
}

/* A piece that ends after the day leaves the cursor where it is: the next
 * day begins with the same piece from the same choice. */
static void
put_pieces(struct work *w, const struct tz *z, struct cursors *cur)
{
	int64_t end = day_begin(w->ch, z, w->day->date + 1);
	struct pieces ps;

	day_pieces(w->ch, z, w->day->date, &ps);
	for (size_t i = 0; i < ps.n; i++) {
		const struct piece *p = &ps.v[i];
		uint64_t n;

		if (p->block == PIECE_FREE) {
			put_idle(w, p->t0, p->t1);
			continue;
		}
		n = put_piece(w, z, p, cur->next[p->block]);
		if (p->t1 <= end)
			cur->next[p->block] += n;
	}
	free(ps.v);
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
			cur->next[p->block] += skip_piece(sel, z, p,
			    cur->next[p->block]);
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
