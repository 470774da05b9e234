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

/* The first from i on, round and round, that needs at most most_s and has not
 * aired ahead; n where there is none. */
static size_t
find_next(const struct turn *u, const struct list *l, size_t i,
    int64_t most_s)
{
	const struct choices *v = &l->choices;

	for (size_t k = 0; k < v->n; k++, i = (i + 1) % v->n)
		if (v->v[i].need_s <= most_s &&
		    !cursors_has_ahead(u->cur, l->cursor, v->v[i].id))
			return i;
	return v->n;
}

/* All that fit have aired ahead of one that does not: once more. */
static void
forget_ahead(struct turn *u, const struct list *l, int64_t most_s)
{
	for (size_t i = 0; i < l->choices.n; i++)
		if (l->choices.v[i].need_s <= most_s)
			cursors_drop_one(u->cur, l->cursor,
			    l->choices.v[i].id);
}

/* Take the one whose turn it is; those before it have had theirs. */
static void
take_head(struct turn *u, const struct list *l, size_t first, size_t head)
{
	const struct choices *v = &l->choices;

	for (size_t i = first; i != head; i = (i + 1) % v->n)
		cursors_drop_one(u->cur, l->cursor, v->v[i].id);
	u->cur->v[l->cursor] = (struct cursor){ head, v->v[head].id };
}

/* As many as the list has are not all of it, as the head is none of them:
 * some are gone. */
static void
take_ahead(struct turn *u, const struct list *l, size_t i)
{
	if (cursors_count_ahead(u->cur, l->cursor) >= l->choices.n)
		cursors_drop_ahead(u->cur, l->cursor, UINT64_MAX);
	cursors_put_ahead(u->cur, l->cursor, l->choices.v[i].id);
}

static const struct choice *
pick_next(struct turn *u, const struct list *l, int64_t room_s,
    int64_t whole_s)
{
	const struct choices *v = &l->choices;
	uint64_t last = u->cur->v[l->cursor].last;
	size_t first = sequential_head(v, &u->cur->v[l->cursor]);
	size_t head = find_next(u, l, first, INT64_MAX), i;

	if (head == v->n || v->v[head].id == last) {	/* all of them have */
		cursors_drop_ahead(u->cur, l->cursor, UINT64_MAX);
		head = first;
	}
	i = find_next(u, l, head, whole_s);
	if (i == v->n) {
		forget_ahead(u, l, whole_s);
		i = find_next(u, l, head, whole_s);
	}
	if (i == v->n || v->v[i].need_s > room_s || is_in_slot(u, &v->v[i]))
		return NULL;
	if (i == head)
		take_head(u, l, first, head);
	else
		take_ahead(u, l, i);
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

/* Where the last one aired is; l->n where it is not in the list. */
static size_t
find_last(const struct turn *u, const struct choices *l)
{
	uint64_t last = u->cur->v[u->entry->cursor].last;
	size_t i = 0;

	if (u->prev >= l->v && u->prev < l->v + l->n && u->prev->id == last)
		return (size_t)(u->prev - l->v);
	while (i < l->n && l->v[i].id != last)
		i++;
	return i;
}

/* Draw among those that fit; the rest close up over those that may not be:
 * what the slot has, and the last one aired, but where it is alone. */
static const struct choice *
pick_random(struct turn *u, const struct list *list, int64_t room_s,
    int64_t whole_s)
{
	const struct choices *l = &list->choices;
	bool alone = count_fitting(l, whole_s) == 1;
	size_t last = alone ? l->n : find_last(u, l), i;
	size_t n = count_fitting(l, room_s);
	size_t nout = count_below(u, n), before = count_below(u, last);
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

/* How many of those that are due need at most most_s: 0, 1 or, for more, 2. */
static int
deck_count(const struct deck *d, int64_t most_s)
{
	int n = 0;

	for (size_t i = d->head; i < d->n && n < 2; i = find_due(d, i + 1))
		n += d->list->choices.v[d->items[i].choice].need_s <= most_s;
	return n;
}

/* In which one is due that needs at most most_s, where the list has such. */
static struct deck
deck_of(const struct turn *u, const struct list *l, int64_t most_s)
{
	struct deck d = { .list = l, .n = l->choices.n, .cur = u->cur };
	struct cursor *c = &u->cur->v[l->cursor];

	deck_deal(&d);
	if (deck_count(&d, most_s) > 0)
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
 * now waits, unless it is all that the cycle has left for the piece. */
static const struct choice *
pick_shuffled(const struct turn *u, const struct list *l, int64_t room_s,
    int64_t whole_s)
{
	uint64_t last = u->cur->v[u->entry->cursor].last;
	struct deck d = deck_of(u, l, whole_s);
	bool alone = deck_count(&d, whole_s) == 1;

	for (size_t i = d.head; i < d.n; i = find_due(&d, i + 1)) {
		const struct choice *c = &l->choices.v[d.items[i].choice];

		if (c->need_s <= room_s && (alone || c->id != last) &&
		    !is_in_slot(u, c))
			return deck_take(&d, i);
	}
	return NULL;
}

const struct choice *
turn_pick(struct turn *u, const struct list *l, int64_t room_s,
    int64_t whole_s)
{
	if (l->choices.n == 0 || l->shortest_s > room_s)
		return NULL;
	switch (u->entry->block->mode) {
	case BLOCK_RANDOM:
		return pick_random(u, l, room_s, whole_s);
	case BLOCK_SHUFFLE:
		return pick_shuffled(u, l, room_s, whole_s);
	case BLOCK_SEQUENTIAL:
		break;
	}
	return pick_next(u, l, room_s, whole_s);
}
