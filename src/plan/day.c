#include "plan/day.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/plan.h"

#define DAY_S		86400
#define BEFORE		2	/* days back whose blocks may matter ... */
#define AROUND		3	/* ... and how many more than are asked for */
#define SPAN_MAX	(DAY_REACH + AROUND)

/* What pieces are found with.  Every instance of a block in the days around
 * those from `first` on is a piece that others may cover. */
struct canvas {
	const struct calendar *cal;
	int span;
	int64_t first;
	int64_t begin[SPAN_MAX];	/* of first - 1 and those after it */
	struct piece *inst;	/* by priority, the strongest last */
	size_t ninst;
	int64_t *cuts;		/* where anything begins or ends, ascending */
	size_t ncuts;
	size_t *owner;		/* instance on [cuts[i], cuts[i + 1]) */
	size_t *next;		/* union-find: the first unpainted one from i */
	int64_t *hard;		/* the first hard start at or after cuts[i] */
};

static int64_t
local_instant(const struct tz *z, int64_t date, int seconds)
{
	struct civil c = { .sec = seconds };

	civil_from_days(date, &c.year, &c.month, &c.day);
	return tz_instant(z, &c);
}

int64_t
day_begin(const struct chan *ch, const struct tz *z, int64_t date)
{
	return local_instant(z, date, ch->day_start_s);
}

int64_t
day_of(const struct chan *ch, const struct tz *z, int64_t t)
{
	int64_t date = div_floor(t + tz_offset(z, t), DAY_S);

	while (t < day_begin(ch, z, date))
		date--;
	while (t >= day_begin(ch, z, date + 1))
		date++;
	return date;
}

/* The i-th day's instance of a block, unless nothing of it can be seen.  It
 * lies within that day and the next: what starts before day_start belongs to
 * the night after. */
static void
canvas_add(struct canvas *c, size_t block, int i)
{
	const struct chan *ch = c->cal->ch;
	const struct block *b = &ch->blocks[block];
	int64_t on = c->first - BEFORE + i;
	int64_t day = on + (b->start_s < ch->day_start_s);
	int64_t from = c->begin[i > 0 ? i - 1 : 0];
	int64_t to = c->begin[i + 1 < c->span ? i + 1 : c->span - 1];
	int64_t t0 = local_instant(c->cal->z, day, b->start_s), t1;

	if (b->kind != BLOCK_AT)
		t1 = local_instant(c->cal->z, day, b->start_s + b->length_s);
	else
		t1 = t0 + (c->cal->at_s != NULL ? c->cal->at_s[block] : 0);
	if (t0 < from)
		t0 = from;
	if (t1 > to)
		t1 = to;
	if (t0 < t1 && when_has(&b->when, on))
		c->inst[c->ninst++] = (struct piece){
			.t0 = t0, .t1 = t1, .block = block,
		};
}

static int
compare_instant(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void
canvas_cut(struct canvas *c)
{
	size_t n = 0, kept = 0;

	c->cuts = xcalloc(2 * c->ninst + 2, sizeof *c->cuts);
	c->cuts[n++] = c->begin[0];
	c->cuts[n++] = c->begin[c->span - 1];
	for (size_t i = 0; i < c->ninst; i++) {
		c->cuts[n++] = c->inst[i].t0;
		c->cuts[n++] = c->inst[i].t1;
	}
	qsort(c->cuts, n, sizeof *c->cuts, compare_instant);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || c->cuts[i] != c->cuts[kept - 1])
			c->cuts[kept++] = c->cuts[i];
	c->ncuts = kept;
}

static size_t
cut_index(const struct canvas *c, int64_t t)
{
	int64_t *at = bsearch(&t, c->cuts, c->ncuts, sizeof t,
	    compare_instant);

	return (size_t)(at - c->cuts);
}

static size_t
first_unpainted(struct canvas *c, size_t i)
{
	while (c->next[i] != i) {
		c->next[i] = c->next[c->next[i]];
		i = c->next[i];
	}
	return i;
}

/* What airs at a time does so whole or not at all: where its begin is
 * another's it is not there, and what is stronger ends it. */
static void
paint_at(struct canvas *c, size_t k, size_t i, size_t end)
{
	for (; i < end && c->next[i] == i; i++) {
		c->owner[i] = k;
		c->next[i] = i + 1;
	}
}

/* The strongest first, each only where nothing is yet. */
static void
canvas_paint(struct canvas *c)
{
	c->owner = xcalloc(c->ncuts, sizeof *c->owner);
	c->next = xcalloc(c->ncuts, sizeof *c->next);
	for (size_t i = 0; i < c->ncuts; i++) {
		c->owner[i] = PIECE_FREE;
		c->next[i] = i;
	}
	for (size_t k = c->ninst; k-- > 0;) {
		size_t end = cut_index(c, c->inst[k].t1);
		size_t i = cut_index(c, c->inst[k].t0);

		if (c->cal->ch->blocks[c->inst[k].block].kind == BLOCK_AT) {
			paint_at(c, k, i, end);
			continue;
		}
		i = first_unpainted(c, i);
		for (; i < end; i = first_unpainted(c, i)) {
			c->owner[i] = k;
			c->next[i] = i + 1;
		}
	}
}

static void
canvas_harden(struct canvas *c)
{
	int64_t hard = INT64_MAX;

	c->hard = xcalloc(c->ncuts, sizeof *c->hard);
	for (size_t i = c->ncuts; i-- > 0;) {
		size_t k = c->owner[i];

		if (k != PIECE_FREE && (i == 0 || c->owner[i - 1] != k) &&
		    c->cal->ch->blocks[c->inst[k].block].hard)
			hard = c->cuts[i];
		c->hard[i] = hard;
	}
}

/* Neighbours of one owner are one piece. */
static void
canvas_pieces(const struct canvas *c, int64_t t0, int64_t t1,
    struct pieces *p)
{
	for (size_t i = 0, from; i + 1 < c->ncuts; i++) {
		size_t k = c->owner[i];

		for (from = i; i + 2 < c->ncuts && c->owner[i + 1] == k; i++)
			;
		if (c->cuts[i + 1] <= t0 || c->cuts[from] >= t1)
			continue;
		xgrow(&p->v, &p->cap, p->n + 1, sizeof *p->v);
		p->v[p->n++] = (struct piece){
			.t0 = c->cuts[from], .t1 = c->cuts[i + 1],
			.hard = c->hard[i + 1],
			.block = k == PIECE_FREE ? k : c->inst[k].block,
		};
	}
}

static void
canvas_fini(struct canvas *c)
{
	free(c->inst);
	free(c->cuts);
	free(c->owner);
	free(c->next);
	free(c->hard);
}

void
day_pieces(const struct calendar *cal, int64_t first, int64_t last,
    struct pieces *p)
{
	int span = (int)(last - first) + 1 + AROUND;
	struct canvas c = {
		.cal = cal, .span = span, .first = first,
		.inst = xcalloc(cal->ch->nblocks, (size_t)span *
		    sizeof *c.inst),
	};

	*p = (struct pieces){ 0 };
	for (int i = 0; i < span; i++)
		c.begin[i] = day_begin(cal->ch, cal->z, first - 1 + i);
	for (size_t b = 0; b < cal->ch->nblocks; b++)
		for (int i = 0; i < span; i++)
			canvas_add(&c, b, i);
	canvas_cut(&c);
	canvas_paint(&c);
	canvas_harden(&c);
	canvas_pieces(&c, c.begin[1], c.begin[span - 2], p);
	canvas_fini(&c);
}

size_t
day_block_at(const struct calendar *c, int64_t t)
{
	int64_t date = day_of(c->ch, c->z, t);
	size_t block = PIECE_FREE;
	struct pieces p;

	day_pieces(c, date, date, &p);
	for (size_t i = 0; i < p.n; i++)
		if (t >= p.v[i].t0 && t < p.v[i].t1)
			block = p.v[i].block;
	free(p.v);
	return block;
}
