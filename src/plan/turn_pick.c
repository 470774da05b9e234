/* The next one of a list: in order, drawn, or from a shuffled cycle. */

#include "plan/turn.h"

#include <string.h>

#include "base/xmem.h"
#include "plan/seed.h"
#include "plan/shuffle.h"

/* Is the asset in the slot that is being filled? */
static bool
is_in_slot(const struct turn *u, const struct choice *c)
{
	for (size_t i = 0; i < u->nparts; i++)
		if (u->parts[i].kind == SEGMENT_programme &&
		    u->parts[i].choice->asset == c->asset)
			return true;
	return false;
}

/* Where the one after the last choice is.  If that one is gone, another has
 * its place. */
static size_t
sequential_head(const struct choices *l, const struct cursor *c)
{
	size_t at = (size_t)(c->place % l->n);

	if (c->last == 0 || l->v[at].id == c->last)
		return c->last == 0 ? 0 : (at + 1) % l->n;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == c->last)
			return (i + 1) % l->n;
	return at;
}

static const struct choice *
pick_next(struct turn *u, const struct list *l, int64_t room_s)
{
	const struct choices *v = &l->choices;
	struct cursor *c = &u->cur->v[l->cursor];
	size_t i = sequential_head(v, c);

	if (v->v[i].need_s > room_s || is_in_slot(u, &v->v[i]))
		return NULL;
	*c = (struct cursor){ i, v->v[i].id };
	return &v->v[i];
}

/* How many of the list, which is by length here, fit. */
static size_t
count_fitting(const struct choices *l, int64_t room_s)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->v[mid].need_s <= room_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* How many of the slot's own are below index i. */
static size_t
count_below(const struct turn *u, size_t i)
{
	size_t lo = 0, hi = u->nout;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (u->out[mid] < i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
out_add(struct turn *u, size_t i)
{
	size_t at = count_below(u, i);

	xgrow(&u->out, &u->outcap, u->nout + 1, sizeof *u->out);
	memmove(u->out + at + 1, u->out + at, (u->nout - at) * sizeof *u->out);
	u->out[at] = i;
	u->nout++;
}

/* Where the last one aired is; l->n where it is not in the list, or is all of
 * it. */
static size_t
find_last(const struct turn *u, const struct choices *l)
{
	uint64_t last = u->cur->v[u->entry->cursor].last;
	size_t i = 0;

	if (l->n == 1)
		return l->n;
	if (u->prev >= l->v && u->prev < l->v + l->n && u->prev->id == last)
		return (size_t)(u->prev - l->v);
	while (i < l->n && l->v[i].id != last)
		i++;
	return i;
}

/* Draw among those that fit; the rest close up over those that may not be:
 * what the slot has, and the last one aired. */
static const struct choice *
pick_random(struct turn *u, const struct list *list, int64_t room_s)
{
	const struct choices *l = &list->choices;
	size_t n = count_fitting(l, room_s), last = find_last(u, l);
	size_t nout = count_below(u, n), before = count_below(u, last), i;
	bool more = last < n && (before == nout || u->out[before] != last);

	if (n == nout + more)
		return NULL;
	i = (size_t)seed_below(seed_add(u->seed, u->made), n - nout - more);
	for (size_t k = 0; k < nout; k++) {
		i += more && k == before && i >= last;
		i += i >= u->out[k];
	}
	i += more && before == nout && i >= last;
	out_add(u, i);
	u->cur->v[u->entry->cursor].last = l->v[i].id;
	return &l->v[i];
}

/* A list that is shuffled, in its present cycle. */
struct deck {
	const struct list *list;
	const struct shuffle_item *items;
	size_t n;
	struct cursors *cur;
	size_t head;			/* the first that is due */
};

/* The first one from i on that is due. */
static size_t
find_due(const struct deck *d, size_t i)
{
	while (i < d->n &&
	    cursors_has_ahead(d->cur, d->list->cursor, d->items[i].key))
		i++;
	return i;
}

/* The cycle that the list's cursor is in. */
static void
deck_deal(struct deck *d)
{
	const struct cursor *c = &d->cur->v[d->list->cursor];

	d->items = shuffle_cycle(d->list->shuffle, &d->list->choices,
	    d->list->seed, c->place);
	d->head = find_due(d, shuffle_find(d->items, d->n, c->last));
}

static struct deck
deck_of(const struct turn *u, const struct list *l)
{
	struct deck d = { .list = l, .n = l->choices.n, .cur = u->cur };
	struct cursor *c = &u->cur->v[l->cursor];

	deck_deal(&d);
	if (d.head < d.n)
		return d;
	*c = (struct cursor){ .place = c->place + 1 };
	cursors_drop_ahead(u->cur, l->cursor, SHUFFLE_END);
	deck_deal(&d);
	return d;
}

static const struct choice *
deck_take(struct deck *d, size_t i)
{
	uint64_t key = d->items[i].key;
	size_t cursor = d->list->cursor;

	if (i == d->head) {
		d->cur->v[cursor].last = key + 1;
		cursors_drop_ahead(d->cur, cursor, key + 1);
	} else {
		cursors_put_ahead(d->cur, cursor, key);
	}
	return &d->list->choices.v[d->items[i].choice];
}

/* The first that fits of those that are due in the cycle.  What aired just
 * now waits, unless it is all that the cycle has left. */
static const struct choice *
pick_shuffled(const struct turn *u, const struct list *l, int64_t room_s)
{
	uint64_t last = u->cur->v[u->entry->cursor].last;
	struct deck d = deck_of(u, l);
	bool alone = find_due(&d, d.head + 1) == d.n;

	for (size_t i = d.head; i < d.n; i = find_due(&d, i + 1)) {
		const struct choice *c = &l->choices.v[d.items[i].choice];

		if (c->need_s <= room_s && (alone || c->id != last) &&
		    !is_in_slot(u, c))
			return deck_take(&d, i);
	}
	return NULL;
}

const struct choice *
turn_pick(struct turn *u, const struct list *l, int64_t room_s)
{
	if (l->choices.n == 0 || l->shortest_s > room_s)
		return NULL;
	switch (u->entry->block->mode) {
	case BLOCK_RANDOM:
		return pick_random(u, l, room_s);
	case BLOCK_SHUFFLE:
		return pick_shuffled(u, l, room_s);
	case BLOCK_SEQUENTIAL:
		break;
	}
	return pick_next(u, l, room_s);
}
