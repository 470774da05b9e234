#include "plan/brk.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "plan/brk_filler.h"
#include "plan/brk_pack.h"
#include "plan/brk_stock.h"
#include "plan/layout.h"

#define FILLER_MIN_S	10	/* in a break, less is pad */
#define LEAST_S		30	/* of a break that no marker asks for */
#define NEVER		(-(INT64_C(1) << 62))

/* Of the stock, on this day. */
struct item {
	TAILQ_ENTRY(item) link;
	const struct stock_item *of;
	int64_t last;			/* frame that it began at, or NEVER */
	int64_t plays;			/* in the day */
};

TAILQ_HEAD(itemq, item);

struct brk {
	const struct selection *sel;
	const struct stock *stock;
	struct rate rate;
	int64_t n0, n1;			/* the day's frames */
	struct item *items;		/* as the stock's */
	struct itemq spots, pieces;	/* the least recently aired first */
	uint64_t *taken;		/* by label: the last break ... */
	uint64_t serial;		/* ... that has it; this one's number */
	uint32_t *have;			/* by label, all 0: see find_clashes() */
};

/* A break while it is filled: as much of it as is in the day. */
struct part {
	struct brk *brk;
	struct segs *out;
	size_t programme;
	int64_t begin, end;		/* of the whole break */
	int64_t n0, n1;			/* the part */
	struct item *pieces[TRAFFIC_NPLACES];	/* NULL: not taken */
	struct itemq chosen;		/* spots */
	size_t nchosen;
};

/* No two spots of an advertiser or of a category. */
static bool
has_label_taken(const struct brk *b, const struct stock_item *x)
{
	for (int k = 0; k < STOCK_NLABELS; k++)
		if (x->labels[k] != 0 && b->taken[x->labels[k]] == b->serial)
			return true;
	return false;
}

static void
take_labels(struct brk *b, const struct stock_item *x)
{
	for (int k = 0; k < STOCK_NLABELS; k++)
		b->taken[x->labels[k]] = b->serial;
}

static bool
has_rested(const struct part *p, const struct item *it)
{
	return p->n0 - it->last >= it->of->cooldown;
}

/* May it air in the break, beside what does already?  What began in it, on
 * the other side of midnight, does. */
static bool
may_air(const struct part *p, const struct item *it, int64_t room)
{
	int64_t max = p->brk->sel->ch->traffic.rules.plays_max;

	return it->of->frames <= room && it->last < p->begin &&
	    has_rested(p, it) && (max == 0 || it->plays < max) &&
	    !has_label_taken(p->brk, it->of);
}

/* Has it, or whatever comes behind it in its queue, aired too lately? */
static bool
is_too_late(const struct part *p, const struct item *it)
{
	return it->last >= p->begin ||
	    p->n0 - it->last < p->brk->stock->cooldown;
}

/* The first spots in turn that fit into `room` one by one. */
static size_t
find_candidates(const struct part *p, int64_t room, struct item **cand,
    int64_t *sum)
{
	struct item *it;
	size_t n = 0;

	*sum = 0;
	TAILQ_FOREACH(it, &p->brk->spots, link) {
		if (n == PACK_MAX || is_too_late(p, it))
			break;
		if (!may_air(p, it, room))
			continue;
		cand[n++] = it;
		*sum += it->of->frames;
	}
	return n;
}

/* Which of the candidates have a label with each: label by label, for most
 * pairs have nothing to do with each other. */
static void
find_clashes(struct brk *b, struct item **cand, size_t n,
    struct pack_item *v)
{
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < STOCK_NLABELS; k++)
			b->have[cand[i]->of->labels[k]] |= UINT32_C(1) << i;
	b->have[0] = 0;			/* none */
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < STOCK_NLABELS; k++)
			v[i].clashes |= b->have[cand[i]->of->labels[k]];
		v[i].clashes &= ~(UINT32_C(1) << i);
	}
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < STOCK_NLABELS; k++)
			b->have[cand[i]->of->labels[k]] = 0;
}

static uint32_t
pack_candidates(struct brk *b, struct item **cand, size_t n, int64_t room)
{
	struct pack_item v[PACK_MAX];

	for (size_t i = 0; i < n; i++)
		v[i] = (struct pack_item){ .frames = cand[i]->of->frames };
	if (b->stock->nlabels > 1)
		find_clashes(b, cand, n, v);
	return pack(v, n, room);
}

static void
take(struct part *p, struct item *it, int64_t *room)
{
	TAILQ_REMOVE(&p->brk->spots, it, link);
	TAILQ_INSERT_TAIL(&p->chosen, it, link);
	take_labels(p->brk, it->of);
	*room -= it->of->frames;
	p->nchosen++;
}

/* Move the spots of a break from the queue to `chosen`.  In a long break the
 * first is taken until there is room for half of the candidates: then there
 * are the most ways to choose.  Where clashes have left room, others may
 * have it. */
static void
choose(struct part *p, int64_t *room)
{
	struct item *cand[PACK_MAX];
	int64_t sum;
	size_t n;

	while (*room >= p->brk->stock->shortest &&
	    (n = find_candidates(p, *room, cand, &sum)) > 0) {
		uint32_t set = 1;

		if (n < PACK_MAX || sum >= 2 * *room)
			set = pack_candidates(p->brk, cand, n, *room);
		for (size_t i = 0; i < n; i++)
			if ((set >> i & 1) != 0)
				take(p, cand[i], room);
	}
}

/* What the shortest spot that may air needs; 0 if none may. */
static int64_t
shortest_spot(const struct part *p, int64_t room)
{
	const struct item *it;
	int64_t least = 0;

	TAILQ_FOREACH(it, &p->brk->spots, link) {
		if (least == p->brk->stock->shortest || is_too_late(p, it))
			break;
		if (may_air(p, it, least > 0 ? least - 1 : room))
			least = it->of->frames;
	}
	return least;
}

/* Room that the pieces leave to the spots: one at least, if there is one. */
static int64_t
room_for_spots(const struct part *p, int64_t room)
{
	const struct stock *s = p->brk->stock;
	int64_t most = s->longest;

	for (int i = 0; i < TRAFFIC_NPLACES; i++)
		most += s->most[i];
	return room >= most ? 0 : shortest_spot(p, room);
}

/* The one that takes the place: the least recently aired that fits. */
static struct item *
find_piece(const struct part *p, enum traffic_place place, int64_t room)
{
	struct item *it;

	TAILQ_FOREACH(it, &p->brk->pieces, link)
		if ((it->of->places >> place & 1) != 0 &&
		    it->of->frames <= room && has_rested(p, it))
			return it;
	return NULL;
}

/* A break over the day's edge begins in one day and ends in the other. */
static bool
has_place(const struct part *p, enum traffic_place place)
{
	return p->brk->stock->nplace[place] > 0 &&
	    (place == TRAFFIC_to_break_bumper ? p->begin == p->n0 :
	    p->end == p->n1);
}

/* When time is short the last place goes first: what there is no room for
 * takes those after it along. */
static void
choose_pieces(struct part *p, int64_t *room)
{
	struct itemq *q = &p->brk->pieces;
	int64_t spots = TAILQ_EMPTY(q) ? 0 : room_for_spots(p, *room);

	for (enum traffic_place i = 0; i < TRAFFIC_NPLACES; i++) {
		struct item *it;

		if (!has_place(p, i))
			continue;
		if ((it = find_piece(p, i, *room - spots)) != NULL) {
			TAILQ_REMOVE(q, it, link);
			TAILQ_INSERT_TAIL(q, it, link);
			p->pieces[i] = it;
			it->last = p->n0;
			*room -= it->of->frames;
		} else if (find_piece(p, i, INT64_MAX) != NULL) {
			break;
		}
	}
}

static int64_t
put_pad(struct segs *out, int64_t n0, int64_t n1, size_t programme)
{
	*segs_next(out) = (struct segment){
		.n0 = n0, .n1 = n1, .kind = SEGMENT_pad,
		.programme = programme,
	};
	segs_take(out);
	return n1;
}

/* The i-th of `parts` pads that `frames` are spread over. */
static int64_t
pad_share(int64_t frames, size_t parts, size_t i)
{
	return frames / (int64_t)parts + ((int64_t)i < frames % (int64_t)parts);
}

static int64_t
put_item(struct part *p, struct item *it, enum segment_kind kind, int64_t n)
{
	*segs_next(p->out) = (struct segment){
		.n0 = n, .n1 = n + it->of->frames, .kind = kind,
		.asset = it->of->asset, .programme = p->programme,
	};
	segs_take(p->out);
	it->last = n;
	it->plays++;
	return n + it->of->frames;
}

static int64_t
put_piece(struct part *p, enum traffic_place place, int64_t n)
{
	struct item *it = p->pieces[place];

	if (it == NULL)
		return n;
	TAILQ_REMOVE(&p->brk->pieces, it, link);
	TAILQ_INSERT_TAIL(&p->brk->pieces, it, link);
	return put_item(p, it, place == TRAFFIC_station_id ?
	    SEGMENT_station_id : SEGMENT_bumper, n);
}

/* Air the chosen spots from n on, a pad after each of the last ones: as many
 * pads as last half a second, but one at least. */
static int64_t
put_spots(struct part *p, int64_t n, int64_t pad)
{
	size_t parts = (size_t)(pad / half_second(p->brk->rate)), i = 0;
	struct item *it;

	parts = parts < 1 ? 1 : parts > p->nchosen ? p->nchosen : parts;
	TAILQ_FOREACH(it, &p->chosen, link) {
		n = put_item(p, it, SEGMENT_spot, n);
		if (i + parts >= p->nchosen)
			n = put_pad(p->out, n, n + pad_share(pad, parts,
			    i + parts - p->nchosen), p->programme);
		i++;
	}
	return n;
}

/* Spots, and what they leave over: pad, or filler behind them. */
static int64_t
put_middle(struct part *p, int64_t n, int64_t room, int64_t left)
{
	const struct brk *b = p->brk;
	int64_t end = n + room;
	bool filler = b->sel->filler.n > 0 &&
	    left * b->rate.den > FILLER_MIN_S * b->rate.num;

	n = put_spots(p, n, filler ? 0 : left);
	if (filler)
		filler_put(&b->sel->filler, p->out, n, end, p->programme);
	else
		put_pad(p->out, n, end, p->programme);	/* without a spot */
	return end;
}

/* The part of the break that other days have filled counts. */
static void
open_break(struct part *p)
{
	const struct item *it;

	p->brk->serial++;
	if (p->begin == p->n0)
		return;
	TAILQ_FOREACH_REVERSE(it, &p->brk->spots, itemq, link) {
		if (it->last < p->begin)
			break;
		take_labels(p->brk, it->of);
	}
}

void
brk_fill(struct brk *b, struct segs *out, int64_t n0, int64_t n1,
    size_t programme)
{
	struct part p = {
		.brk = b, .out = out, .programme = programme,
		.begin = n0, .end = n1,
		.n0 = n0 > b->n0 ? n0 : b->n0, .n1 = n1 < b->n1 ? n1 : b->n1,
		.chosen = TAILQ_HEAD_INITIALIZER(p.chosen),
	};
	int64_t room = p.n1 - p.n0, left, n;

	if (room <= 0)
		return;
	open_break(&p);
	choose_pieces(&p, &room);
	left = room;
	choose(&p, &left);
	n = put_piece(&p, TRAFFIC_to_break_bumper, p.n0);
	n = put_middle(&p, n, room, left);
	n = put_piece(&p, TRAFFIC_station_id, n);
	put_piece(&p, TRAFFIC_from_break_bumper, n);
	TAILQ_CONCAT(&b->spots, &p.chosen, link);
}

int64_t
brk_least(const struct brk *b)
{
	int64_t frames = b->stock->shortest;
	int64_t least = muldiv_ceil(LEAST_S, b->rate.num, b->rate.den);

	for (int i = 0; i < TRAFFIC_NPLACES; i++)
		frames += b->stock->most[i];
	return frames > least ? frames : least;
}

void
brk_idle(const struct brk *b, struct segs *out, int64_t n0, int64_t n1)
{
	if (b->sel->filler.n > 0)
		filler_put(&b->sel->filler, out, n0, n1, DAY_OFF_AIR);
	else
		put_pad(out, n0, n1, DAY_OFF_AIR);
}

void
brk_trim(const struct brk *b, struct segs *day, int64_t n0, int64_t n1)
{
	filler_trim(day, b->rate, n0, n1);
}

static struct itemq *
queue_of(struct brk *b, const struct item *it)
{
	return it->of->places == 0 ? &b->spots : &b->pieces;
}

/* What has aired comes behind what has not, and that in the order of its
 * ids, which differs from channel to channel.  Cursors may have been read
 * from a file: what is there twice counts once, what has not been yet not at
 * all. */
static void
load_aired(struct brk *b, const struct cursors *cur)
{
	const struct stock *s = b->stock;
	struct item *it;

	for (size_t i = 0; i < cur->naired; i++) {
		size_t k = stock_find(s, cur->aired[i].id,
		    cur->aired[i].hint);
		int64_t last = muldiv_ceil(cur->aired[i].at_ms, b->rate.num,
		    b->rate.den * 1000);

		if (k == s->n || b->items[k].last != NEVER || last >= b->n0)
			continue;
		it = &b->items[k];
		it->last = last;
		TAILQ_INSERT_TAIL(queue_of(b, it), it, link);
	}
	for (size_t i = s->n; i-- > 0;) {
		it = &b->items[i];
		if (it->last == NEVER)
			TAILQ_INSERT_HEAD(queue_of(b, it), it, link);
	}
}

struct brk *
brk_new(const struct selection *sel, const struct cursors *cur, int64_t n0,
    int64_t n1)
{
	struct brk *b = xcalloc(1, sizeof *b);
	const struct stock *s = sel->stock;

	b->sel = sel;
	b->stock = s;
	b->rate = sel->ch->format.rate;
	b->n0 = n0;
	b->n1 = n1;
	b->items = xcalloc(s->n, sizeof *b->items);
	b->taken = xcalloc(s->nlabels, sizeof *b->taken);
	b->have = xcalloc(s->nlabels, sizeof *b->have);
	TAILQ_INIT(&b->spots);
	TAILQ_INIT(&b->pieces);
	for (size_t i = 0; i < s->n; i++)
		b->items[i] = (struct item){ .of = &s->v[i], .last = NEVER };
	load_aired(b, cur);
	return b;
}

void
brk_free(struct brk *b)
{
	free(b->items);
	free(b->taken);
	free(b->have);
	free(b);
}

/* The first of two queues that has aired earlier. */
static const struct item *
earlier(const struct item *a, const struct item *b)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	return a->last <= b->last ? a : b;
}

void
brk_store(const struct brk *b, struct cursors *cur)
{
	struct aired *v = xcalloc(b->stock->n, sizeof *v);
	const struct item *spot = TAILQ_FIRST(&b->spots);
	const struct item *piece = TAILQ_FIRST(&b->pieces), *it;
	size_t n = 0;

	while ((it = earlier(spot, piece)) != NULL) {
		if (it->last != NEVER)
			v[n++] = (struct aired){
				.id = it->of->id,
				.at_ms = muldiv_floor(it->last,
				    b->rate.den * 1000, b->rate.num),
				.hint = (size_t)(it - b->items),
			};
		if (it == spot)
			spot = TAILQ_NEXT(spot, link);
		else
			piece = TAILQ_NEXT(piece, link);
	}
	cursors_set_aired(cur, v, n);
}
