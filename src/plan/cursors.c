#include "plan/cursors.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

size_t
cursors_of_block(const struct block *b)
{
	if (b->kind != BLOCK_SHOWS)
		return 0;
	if (b->nprograms > 0)
		return 1 + b->nprograms;
	return b->mode == BLOCK_SHUFFLE ? 1 + b->npools : 1;
}

void
cursors_init(struct cursors *c, const struct chan *ch)
{
	*c = (struct cursors){ 0 };
	for (size_t b = 0; b < ch->nblocks; b++)
		c->n += cursors_of_block(&ch->blocks[b]);
	c->v = xcalloc(c->n, sizeof *c->v);
}

void
cursors_set_aired(struct cursors *c, struct aired *v, size_t n)
{
	free(c->aired);
	c->aired = v;
	c->naired = n;
}

/* An array of its own, or NULL for none. */
static void *
copy_of(const void *v, size_t n, size_t size)
{
	void *copy;

	if (n == 0)
		return NULL;
	copy = xcalloc(n, size);
	memcpy(copy, v, n * size);
	return copy;
}

void
cursors_copy(struct cursors *to, const struct cursors *from)
{
	*to = (struct cursors){
		.v = copy_of(from->v, from->n, sizeof *to->v),
		.n = from->n,
		.ahead = copy_of(from->ahead, from->nahead,
		    sizeof *to->ahead),
		.nahead = from->nahead, .cap = from->nahead,
		.aired = copy_of(from->aired, from->naired,
		    sizeof *to->aired),
		.naired = from->naired,
		.from = from->from,
		.busy = from->busy,
		.changes = from->changes,
	};
}

void
cursors_fini(struct cursors *c)
{
	free(c->v);
	free(c->ahead);
	free(c->aired);
	*c = (struct cursors){ 0 };
}

bool
cursors_equal(const struct cursors *a, const struct cursors *b)
{
	if (a->n != b->n || a->nahead != b->nahead ||
	    a->naired != b->naired || a->from != b->from ||
	    a->busy != b->busy || a->changes.n != b->changes.n ||
	    a->changes.on != b->changes.on)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].place != b->v[i].place ||
		    a->v[i].last != b->v[i].last)
			return false;
	for (size_t i = 0; i < a->nahead; i++)
		if (a->ahead[i].cursor != b->ahead[i].cursor ||
		    a->ahead[i].key != b->ahead[i].key)
			return false;
	for (size_t i = 0; i < a->naired; i++)
		if (a->aired[i].id != b->aired[i].id ||
		    a->aired[i].at_ms != b->aired[i].at_ms)
			return false;
	return true;
}

/* Where (cursor, key) is, or would be. */
static size_t
ahead_index(const struct cursors *c, size_t cursor, uint64_t key)
{
	size_t lo = 0, hi = c->nahead;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct ahead *a = &c->ahead[mid];

		if (a->cursor < cursor ||
		    (a->cursor == cursor && a->key < key))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
cursors_has_ahead(const struct cursors *c, size_t cursor, uint64_t key)
{
	size_t i = ahead_index(c, cursor, key);

	return i < c->nahead && c->ahead[i].cursor == cursor &&
	    c->ahead[i].key == key;
}

void
cursors_put_ahead(struct cursors *c, size_t cursor, uint64_t key)
{
	size_t i = ahead_index(c, cursor, key);

	xgrow(&c->ahead, &c->cap, c->nahead + 1, sizeof *c->ahead);
	memmove(c->ahead + i + 1, c->ahead + i,
	    (c->nahead - i) * sizeof *c->ahead);
	c->ahead[i] = (struct ahead){ cursor, key };
	c->nahead++;
}

size_t
cursors_count_ahead(const struct cursors *c, size_t cursor)
{
	return ahead_index(c, cursor + 1, 0) - ahead_index(c, cursor, 0);
}

/* Forget those with the indices [from, to). */
static void
drop(struct cursors *c, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(c->ahead + from, c->ahead + to,
	    (c->nahead - to) * sizeof *c->ahead);
	c->nahead -= to - from;
}

void
cursors_drop_one(struct cursors *c, size_t cursor, uint64_t key)
{
	size_t i = ahead_index(c, cursor, key);

	drop(c, i, i + cursors_has_ahead(c, cursor, key));
}

void
cursors_drop_ahead(struct cursors *c, size_t cursor, uint64_t key)
{
	drop(c, ahead_index(c, cursor, 0), ahead_index(c, cursor, key));
}
