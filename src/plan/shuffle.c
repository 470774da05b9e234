#include "plan/shuffle.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/seed.h"

/* Where two keys are equal the one that comes later in the list is lost for
 * the cycle: once in 2^63 / n^2 cycles. */
static int
compare_item(const void *pa, const void *pb)
{
	const struct shuffle_item *a = pa, *b = pb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->choice > b->choice) - (a->choice < b->choice);
}

const struct shuffle_item *
shuffle_cycle(struct shuffle *s, const struct choices *c, uint64_t seed,
    uint64_t cycle)
{
	if (s->items != NULL && s->cycle == cycle)
		return s->items;
	if (s->items == NULL)
		s->items = xcalloc(c->n, sizeof *s->items);
	s->cycle = cycle;
	seed = seed_add(seed, cycle);
	for (size_t i = 0; i < c->n; i++)
		s->items[i] = (struct shuffle_item){
			.key = seed_add(seed, c->v[i].id) % SHUFFLE_END,
			.choice = i,
		};
	if (c->n > 0)
		qsort(s->items, c->n, sizeof *s->items, compare_item);
	return s->items;
}

void
shuffle_fini(struct shuffle *s)
{
	free(s->items);
	*s = (struct shuffle){ 0 };
}

size_t
shuffle_find(const struct shuffle_item *items, size_t n, uint64_t key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (items[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
