/* What each block chooses from. */

#include "plan/select.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/seed.h"
#include "plan/shuffle.h"

#define MINUTE_S	60
#define DAY_S		86400

static int
compare_need(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	if (a->need_s != b->need_s)
		return a->need_s < b->need_s ? -1 : 1;
	return (a->asset > b->asset) - (a->asset < b->asset);
}

/* By length, so that those which fit are the first ones; each but once, in
 * how many pools it may be. */
static void
sort_random(struct choices *c)
{
	size_t kept = 0;

	if (c->n > 0)
		qsort(c->v, c->n, sizeof *c->v, compare_need);
	for (size_t i = 0; i < c->n; i++)
		if (kept == 0 || c->v[i].asset != c->v[kept - 1].asset)
			c->v[kept++] = c->v[i];
	c->n = kept;
}

/* What would never fit is never chosen, and can be warned of. */
static void
list_add_pool(const struct selection *s, struct list *l,
    const struct block *b, size_t pool, int64_t longest_s)
{
	const struct choices *from = &s->pools[pool];

	for (size_t i = 0; i < from->n; i++) {
		struct choice c = from->v[i];

		if (!match_has(&b->only, c.asset))
			continue;
		if (b->skip_outro)
			choice_skip_outro(&c, s->ch->format.rate);
		if (c.need_s > longest_s)
			continue;
		if (l->choices.n == 0 || c.need_s < l->shortest_s)
			l->shortest_s = c.need_s;
		choices_add(&l->choices, c);
	}
}

/* The same file in another of the list's pools is another choice. */
static void
number_ids(struct choices *c, size_t from, size_t pool)
{
	for (size_t i = from; pool > 0 && i < c->n; i++) {
		c->v[i].id = seed_add(c->v[i].id, pool);
		c->v[i].id += c->v[i].id == 0;
	}
}

/* One list of these pools, one after the other. */
static void
list_join(const struct selection *s, struct list *l, const struct block *b,
    const size_t *pools, size_t n, int64_t longest_s)
{
	for (size_t k = 0; k < n; k++) {
		size_t before = l->choices.n;

		list_add_pool(s, l, b, pools[k], longest_s);
		if (b->mode != BLOCK_RANDOM)
			number_ids(&l->choices, before, k);
	}
	if (b->mode == BLOCK_RANDOM)
		sort_random(&l->choices);
}

/* The least that one of them takes. */
static int64_t
shortest(const struct selection *s, const struct pool_list *l)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct choices *c = &s->pools[l->v[i]];
		int64_t min = c->n > 0 ? c->v[0].need_s : 0;

		for (size_t k = 1; k < c->n; k++)
			min = c->v[k].need_s < min ? c->v[k].need_s : min;
		sum += min;
	}
	return sum;
}

/* How long the content of a programme can ever be; less than 0 where there
 * is no room for any. */
static int64_t
longest_of(const struct selection *s, const struct program *p,
    int64_t longest_s)
{
	int64_t grid = s->ch->format.grid_minutes * MINUTE_S;

	if (p->grid_blocks * grid > longest_s)
		return -1;
	if (p->grid_blocks > 0)
		longest_s = p->grid_blocks * grid;
	if (p->grid_max > 0 && p->grid_max * grid < longest_s)
		longest_s = p->grid_max * grid;
	return longest_s - shortest(s, &p->presentation) -
	    shortest(s, &p->intro) - shortest(s, &p->outro);
}

static uint64_t
block_seed(const struct selection *s, const struct block *b)
{
	return seed_add(seed_text(s->ch->slug), (uint64_t)b->start_s);
}

static uint64_t
program_seed(const struct selection *s, const struct program *p,
    uint64_t seed)
{
	if (p->name != NULL)
		return seed_add(seed, seed_text(p->name));
	for (size_t k = 0; k < p->npools; k++)
		seed = seed_add(seed,
		    seed_text(s->ch->pools[p->pools[k]].name));
	return seed;
}

/* The i-th list goes on where the first of the same pool or program is. */
static void
list_begin(struct entry *e, size_t i, size_t first, uint64_t seed)
{
	struct list *l = &e->lists[i];

	l->cursor = e->cursor + 1 + first;
	l->seed = seed;
	if (e->block->mode == BLOCK_SHUFFLE)
		l->shuffle = xcalloc(1, sizeof *l->shuffle);
}

/* The most that a programme of the block has, from its begin on. */
static int64_t
room_of(const struct selection *s, size_t block, bool bleed)
{
	return bleed ? s->survey.reach[block] : s->survey.longest[block];
}

static void
select_programs(const struct selection *s, struct entry *e, size_t block)
{
	const struct block *b = e->block;

	for (size_t k = 0; k < b->nprograms; k++) {
		const struct program *p = &s->ch->programs[b->programs[k]];
		struct list *l = &e->lists[k];
		size_t first = 0;

		while (b->programs[first] != b->programs[k])
			first++;
		l->program = p;
		l->bleed = b->bleed || p->bleed;
		list_begin(e, k, first, program_seed(s, p, block_seed(s, b)));
		list_join(s, l, b, p->pools, p->npools, longest_of(s, p,
		    room_of(s, block, l->bleed)));
	}
}

/* A list per pool; a pool that is given twice goes on where it was. */
static void
select_shuffled(const struct selection *s, struct entry *e,
    int64_t longest_s)
{
	const struct block *b = e->block;

	for (size_t k = 0; k < b->npools; k++) {
		size_t first = 0;

		while (b->pools[first] != b->pools[k])
			first++;
		e->lists[k].bleed = b->bleed;
		list_begin(e, k, first, seed_add(block_seed(s, b),
		    seed_text(s->ch->pools[b->pools[k]].name)));
		list_add_pool(s, &e->lists[k], b, b->pools[k], longest_s);
	}
}

/* A block's seed hangs on what the block is, not on where it stands in the
 * file: another one beside it changes nothing. */
static void
seed_entry(const struct selection *s, struct entry *e)
{
	const struct block *b = e->block;

	e->seed = block_seed(s, b);
	for (size_t k = 0; k < b->npools; k++)
		e->seed = seed_add(e->seed,
		    seed_text(chan_pool(s->ch, b->pools[k])->name));
	for (size_t k = 0; k < b->nprograms; k++)
		e->seed = program_seed(s, &s->ch->programs[b->programs[k]],
		    e->seed);
}

static void
select_entry(const struct selection *s, struct entry *e, size_t block)
{
	const struct block *b = e->block;
	int64_t most = room_of(s, block, b->bleed);

	seed_entry(s, e);
	e->bleeds = block_bleeds(s->ch, b);
	if (b->kind != BLOCK_SHOWS)
		return;
	e->turns = b->nprograms > 0 || b->mode == BLOCK_SHUFFLE;
	e->nlists = b->nprograms > 0 ? b->nprograms :
	    b->mode == BLOCK_SHUFFLE ? b->npools : 1;
	e->lists = xcalloc(e->nlists, sizeof *e->lists);
	if (b->nprograms > 0) {
		select_programs(s, e, block);
	} else if (b->mode == BLOCK_SHUFFLE) {
		select_shuffled(s, e, most);
	} else {
		e->lists[0].cursor = e->cursor;
		e->lists[0].bleed = b->bleed;
		list_join(s, &e->lists[0], b, b->pools, b->npools, most);
	}
}

void
select_entries(struct selection *s)
{
	size_t cursor = 0;

	s->entries = xcalloc(s->ch->nblocks, sizeof *s->entries);
	for (size_t b = 0; b < s->ch->nblocks; b++) {
		struct entry *e = &s->entries[b];

		e->block = &s->ch->blocks[b];
		e->cursor = cursor;
		select_entry(s, e, b);
		cursor += cursors_of_block(e->block);
	}
}

void
entry_fini(struct entry *e)
{
	for (size_t k = 0; k < e->nlists; k++) {
		free(e->lists[k].choices.v);
		if (e->lists[k].shuffle != NULL)
			shuffle_fini(e->lists[k].shuffle);
		free(e->lists[k].shuffle);
	}
	free(e->lists);
}

int64_t
select_at_need(const struct selection *s, const struct block *b)
{
	int64_t sum = 0;

	for (size_t k = 0; k < b->npools; k++) {
		const struct choices *c = &s->pools[b->pools[k]];

		for (size_t i = 0; i < c->n; i++)
			sum += c->v[i].need_s;
	}
	return sum;
}

/* Up to the next grid point, and no more than a day. */
void
select_times(struct selection *s)
{
	int64_t grid = s->ch->format.grid_minutes * MINUTE_S;

	s->at_s = xcalloc(s->ch->nblocks, sizeof *s->at_s);
	for (size_t i = 0; i < s->ch->nblocks; i++) {
		const struct block *b = &s->ch->blocks[i];
		int64_t need = b->kind == BLOCK_AT ? select_at_need(s, b) : 0;
		int64_t end = b->start_s + need + grid - 1;

		if (need > 0)
			s->at_s[i] = end - end % grid - b->start_s;
		if (s->at_s[i] > DAY_S)
			s->at_s[i] = DAY_S;
	}
}
