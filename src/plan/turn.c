#include "plan/turn.h"

#include "base/arith.h"
#include "plan/seed.h"
#include "plan/shuffle.h"

#define MINUTE_S	60

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
choose_sequential(struct turn *u)
{
	const struct choices *l = &u->entry->lists[0].choices;
	struct cursor *c = &u->cur->v[u->entry->cursor];
	size_t i;

	if (l->n == 0)
		return NULL;
	i = sequential_head(l, c);
	if (l->v[i].need_s > u->t1 - u->t)
		return NULL;
	*c = (struct cursor){ i, l->v[i].id };
	return &l->v[i];
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

/* Draw among those that fit but the last one, whose place the rest closes
 * up. */
static const struct choice *
choose_random(struct turn *u)
{
	const struct choices *l = &u->entry->lists[0].choices;
	struct cursor *c = &u->cur->v[u->entry->cursor];
	size_t n = count_fitting(l, u->t1 - u->t), last = n, i;

	for (i = 0; i < n && l->n > 1; i++)
		if (l->v[i].id == c->last)
			last = i;
	if (n - (last < n) == 0)
		return NULL;
	i = (size_t)seed_below(seed_add(u->seed, u->made), n - (last < n));
	i += i >= last;
	c->last = l->v[i].id;
	return &l->v[i];
}

/* A list of a block that shuffles, in its present cycle. */
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
choose_of_list(const struct turn *u, const struct list *l, uint64_t last)
{
	int64_t room_s = u->t1 - u->t;
	struct deck d;
	bool alone;

	if (l->choices.n == 0 || l->shortest_s > room_s)
		return NULL;
	d = deck_of(u, l);
	alone = find_due(&d, d.head + 1) == d.n;
	for (size_t i = d.head; i < d.n; i = find_due(&d, i + 1)) {
		const struct choice *c = &l->choices.v[d.items[i].choice];

		if (c->need_s <= room_s && (alone || c->id != last))
			return deck_take(&d, i);
	}
	return NULL;
}

/* The pools take turns; one that has nothing for this place is passed
 * over. */
static const struct choice *
choose_shuffle(struct turn *u)
{
	struct cursor *c = &u->cur->v[u->entry->cursor];
	size_t n = u->entry->nlists;

	for (size_t k = 0; k < n; k++) {
		size_t list = (size_t)((c->place + k) % n);
		const struct choice *x = choose_of_list(u,
		    &u->entry->lists[list], c->last);

		if (x == NULL)
			continue;
		*c = (struct cursor){ (list + 1) % n, x->id };
		return x;
	}
	return NULL;
}

static const struct choice *
choose(struct turn *u)
{
	switch (u->entry->mode) {
	case BLOCK_RANDOM:
		return choose_random(u);
	case BLOCK_SHUFFLE:
		return choose_shuffle(u);
	case BLOCK_SEQUENTIAL:
		break;
	}
	return choose_sequential(u);
}

/* The grid hangs on the local time at the piece's begin and goes on in
 * elapsed time. */
struct turn
turn_begin(const struct selection *sel, const struct tz *z,
    const struct piece *p, struct cursors *cur)
{
	const struct entry *e = &sel->entries[p->block];
	int64_t grid = sel->ch->format.grid_minutes * MINUTE_S;
	int64_t local = p->t0 + tz_offset(z, p->t0);

	return (struct turn){
		.entry = e,
		.cur = cur,
		.seed = seed_add(e->seed, (uint64_t)p->t0),
		.t = p->t0,
		.t1 = p->t1,
		.anchor = p->t0 - mod_floor(local, grid),
		.grid = grid,
	};
}

bool
turn_next(struct turn *u, struct slot *s)
{
	const struct choice *c = choose(u);
	int64_t end;

	if (c == NULL)
		return false;
	end = u->t + c->need_s + u->grid - 1;
	end -= (end - u->anchor) % u->grid;
	*s = (struct slot){ u->t, end < u->t1 ? end : u->t1, c };
	u->t = s->t1;
	u->made++;
	return true;
}
