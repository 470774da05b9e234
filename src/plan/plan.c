#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/brk.h"
#include "plan/changes.h"
#include "plan/day.h"
#include "plan/layout.h"
#include "plan/naming.h"
#include "plan/select.h"
#include "plan/show.h"
#include "plan/turn.h"

#define OLD_S	(4 * 86400)	/* what began before that is over */

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
    const struct asset *asset, size_t programme)
{
	*segs_next(&w->segs) = (struct segment){
		.n0 = clip(w, n0),
		.n1 = clip(w, n1),
		.kind = row->kind,
		.asset = asset,
		.in = row->in + clip(w, n0) - n0,
		.programme = programme,
		.fade_in = row->fade_in && clip(w, n0) == n0,
		.fade_out = row->fade_out && clip(w, n1) == n1,
	};
	segs_take(&w->segs);
}

/* The end of a row that begins at frame n.  Rounding may leave the slot a
 * frame short; and what a hard start leaves of a row may be too short to be
 * played. */
static int64_t
row_end(const struct work *w, const struct programme *p, int64_t n,
    int64_t frames, bool cut)
{
	if (n + frames <= p->n1)
		return n + frames;
	return cut && p->n1 - n < half_second(w->rate) ? n : p->n1;
}

/* The rows of a programme, and the budget in equal parts at its avails, the
 * odd frames to the first ones; what has no avail comes after it. */
static void
put_rows(struct work *w, const struct programme *p, const struct show *s,
    bool cut)
{
	int64_t budget = p->n1 - p->n0 - s->frames;
	int64_t fit = budget > 0 ? budget / half_second(w->rate) : 0;
	int64_t breaks = (int64_t)s->navails < fit ? (int64_t)s->navails : fit;
	int64_t n = p->n0, end;

	for (size_t i = 0, k = 0; i < s->nrows; i++) {
		const struct layout_row *row = &s->rows[i].row;

		end = row_end(w, p, n, row->frames, cut);
		put_row(w, n, end, row, s->rows[i].asset,
		    w->day->nprogrammes - 1);
		n = end;
		if (!row->avail || (int64_t)k == breaks)
			continue;
		end = n + budget / breaks + ((int64_t)k < budget % breaks);
		brk_fill(w->brk, &w->segs, n, end, w->day->nprogrammes - 1);
		n = end;
		k++;
	}
	brk_fill(w->brk, &w->segs, n, p->n1, w->day->nprogrammes - 1);
}

/* True where the schedule has not named the very film, but what it is of. */
static bool
is_drawn_film(const struct chan *ch, const struct block *b,
    const struct asset *a)
{
	if (a->type != ASSET_movie || a->title == NULL ||
	    a->about.series != NULL)
		return false;
	for (size_t i = 0; i < b->npools; i++)
		if (b->pools[i] < ch->npools)	/* no file by its name */
			return true;
	return b->nprograms > 0;
}

/* What it is called: by the schedule, else by its series, else by itself.  A
 * film is looked for by its own name: what the schedule calls all that is
 * drawn there comes below, where a series has its episode. */
static void
set_titles(struct programme *p, const struct chan *ch, const struct block *b,
    const struct slot *s)
{
	const struct asset *a = p->asset;
	const char *above = b->title;

	if (above == NULL && s->program != NULL)
		above = s->program->title;
	if (above != NULL && !p->several && is_drawn_film(ch, b, a)) {
		p->title = a->title;
		if (strcmp(above, a->title) != 0)
			p->subtitle = above;
		return;
	}
	if (above == NULL)
		above = a->about.series;
	p->title = above != NULL ? above : a->title;
	if (!p->several && a->title != NULL &&
	    strcmp(a->title, p->title) != 0 && !naming_is_number(a))
		p->subtitle = a->title;
}

static void
set_guide(struct programme *p, const struct chan *ch, const struct block *b,
    const struct slot *s)
{
	p->several = s->ncontent > 1;
	set_titles(p, ch, b, s);
	p->description = b->description;
	if (p->description == NULL && !p->several)
		p->description = p->asset->about.plot;
	p->first_run = b->first_run;
	p->rerun_channel = b->rerun.channel;
	p->rerun_hours = b->rerun.hours;
}

static void
put_programme(struct work *w, const struct slot *s, const struct block *b)
{
	struct day *d = w->day;
	struct programme p = {
		.n0 = frame_at(w, s->t0),
		.n1 = frame_at(w, s->t1),
		.asset = s->choice->asset,
		.block = b,
	};
	struct show show;

	if (p.n1 <= d->n0 || p.n0 >= d->n1)
		return;
	set_guide(&p, w->ch, b, s);
	xgrow(&d->programmes, &w->cap, d->nprogrammes + 1,
	    sizeof *d->programmes);
	d->programmes[d->nprogrammes++] = p;
	show_make(&show, w->ch, b, s, p.n1 - p.n0, brk_least(w->brk));
	put_rows(w, &p, &show, s->cut);
	show_fini(&show);
}

static void
put_idle(struct work *w, int64_t t0, int64_t t1)
{
	int64_t n0 = clip(w, frame_at(w, t0)), n1 = clip(w, frame_at(w, t1));

	brk_idle(w->brk, &w->segs, n0, n1);
}

static void
put_sign_off(struct work *w, int64_t n, const struct choice *c)
{
	struct layout l;

	layout_make(&l, c->asset, w->rate, false);
	for (size_t i = 0; i < l.nrows; i++) {
		l.rows[i].kind = SEGMENT_sign_off;
		put_row(w, n, n + l.rows[i].frames, &l.rows[i], c->asset,
		    DAY_OFF_AIR);
		n += l.rows[i].frames;
	}
	layout_fini(&l);
}

/* The sign-off, if it fits, and then nothing. */
static void
put_off_air(struct work *w, const struct block *b, int64_t t0, int64_t t1)
{
	int64_t n = frame_at(w, t0), n1 = frame_at(w, t1);

	for (size_t k = 0; k < b->npools; k++) {
		const struct choices *c = &w->sel->pools[b->pools[k]];
		int64_t end;

		if (c->n == 0 || (end = n + c->v[0].frames) > n1)
			continue;
		put_sign_off(w, n, &c->v[0]);
		n = end;
	}
	*segs_next(&w->segs) = (struct segment){
		.n0 = clip(w, n), .n1 = clip(w, n1), .kind = SEGMENT_pad,
		.programme = DAY_OFF_AIR,
	};
	segs_take(&w->segs);
}

/* What a piece has.  busy: until when what is before it is on.  Until when it
 * is busy itself. */
static int64_t
run_piece(struct work *w, const struct selection *sel, const struct tz *z,
    const struct piece *p, int64_t busy, struct cursors *cur)
{
	int64_t from = busy > p->t0 ? busy : p->t0;
	struct turn u = turn_begin(sel, z, p, busy, cur);
	const struct block *b = u.entry->block;
	struct slot s;

	while (turn_next(&u, &s)) {
		put_idle(w, from, s.t0);
		put_programme(w, &s, b);
		from = s.t1;
	}
	turn_end(&u);
	if (from < p->t1) {
		if (b->kind == BLOCK_OFF_AIR)
			put_off_air(w, b, from, p->t1);
		else
			put_idle(w, from, p->t1);
	}
	return from;
}

/* A piece that ends after the day, or what begins in it does, leaves the
 * cursors where they are: the next day begins with the same piece from the
 * same choice.  True if the day is full. */
static bool
run_or_leave(struct work *w, const struct selection *sel,
    const struct tz *z, const struct piece *p, int64_t end, int64_t *busy,
    struct cursors *cur)
{
	struct cursors own;
	int64_t until;

	if (p->t1 <= end && !sel->entries[p->block].bleeds) {
		*busy = run_piece(w, sel, z, p, *busy, cur);
		return false;
	}
	cursors_copy(&own, cur);
	until = run_piece(w, sel, z, p, *busy, &own);
	if (p->t1 <= end && until <= end) {
		cursors_fini(cur);
		*cur = own;
		*busy = until;
		return false;
	}
	cursors_fini(&own);
	cur->from = p->t0;
	cur->busy = *busy > p->t0 ? *busy : 0;
	return true;
}

/* The day's pieces; where one of before it is not through, from that on.
 * Where nothing is left of that, it is as if all had been. */
static void
find_pieces(const struct calendar *cal, struct cursors *cur, int64_t date,
    struct pieces *ps)
{
	int64_t begin = day_begin(cal->ch, cal->z, date), first = date;

	if (cur->from >= begin || cur->from < begin - OLD_S)
		cur->from = cur->busy = 0;
	while (cur->from != 0 && first > date - DAY_REACH + 1 &&
	    cur->from < day_begin(cal->ch, cal->z, first))
		first--;
	day_pieces(cal, first, date, ps);
}

static void
run_day(struct work *w, const struct selection *sel, const struct tz *z,
    struct cursors *cur, int64_t date)
{
	const struct calendar cal = selection_calendar(sel, z);
	int64_t end = day_begin(cal.ch, z, date + 1);
	int64_t from, busy;
	struct pieces ps;

	find_pieces(&cal, cur, date, &ps);
	from = cur->from;
	busy = cur->busy;
	cur->from = cur->busy = 0;
	for (size_t i = 0; i < ps.n; i++) {
		const struct piece *p = &ps.v[i];

		if (p->t1 <= from)
			continue;
		if (p->block != PIECE_FREE) {
			if (run_or_leave(w, sel, z, p, end, &busy, cur))
				break;
		} else if (busy < p->t1) {
			put_idle(w, busy > p->t0 ? busy : p->t0, p->t1);
		}
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
		.day = d,
	};

	d->date = date;
	d->n0 = frame_at(&w, day_begin(ch, z, date));
	d->n1 = frame_at(&w, day_begin(ch, z, date + 1));
	w.brk = brk_new(sel, cur, d->n0, d->n1);
	run_day(&w, sel, z, cur, date);
	brk_store(w.brk, cur);
	brk_trim(w.brk, &w.segs, d->n0, d->n1);
	d->segments = w.segs.v;
	d->nsegments = w.segs.n;
	brk_free(w.brk);
	changes_add(&cur->changes, d, d->n0, d->n1);
	return d;
}

void
plan_skip_day(const struct chan *ch, const struct selection *sel,
    const struct tz *z, struct cursors *cur, int64_t date)
{
	day_free(plan_day(ch, sel, z, cur, date));
}

struct day *
day_copy(const struct day *d)
{
	struct day *c = xcalloc(1, sizeof *c);

	*c = *d;
	c->segments = xcalloc(d->nsegments, sizeof *c->segments);
	c->programmes = xcalloc(d->nprogrammes, sizeof *c->programmes);
	for (size_t i = 0; i < d->nsegments; i++)
		c->segments[i] = d->segments[i];
	for (size_t i = 0; i < d->nprogrammes; i++)
		c->programmes[i] = d->programmes[i];
	return c;
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
