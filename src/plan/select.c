#include "plan/select.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/day.h"
#include "plan/layout.h"
#include "plan/seed.h"
#include "plan/shuffle.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of the number at s without the zeros it begins with, where *s
 * then stands. */
static size_t
number_len(const char **s)
{
	size_t n = 0;

	while (**s == '0')
		++*s;
	while (is_digit((*s)[n]))
		n++;
	return n;
}

/* Bytewise, but numbers as numbers: S01E2 comes before S01E10. */
static int
natural_cmp(const char *a, const char *b)
{
	const char *a0 = a, *b0 = b;

	while (*a != '\0' && *b != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			size_t na = number_len(&a), nb = number_len(&b);
			int c = na != nb ? (na < nb ? -1 : 1) :
			    memcmp(a, b, na);

			if (c != 0)
				return c;
			a += na;
			b += nb;
		} else if (*a == *b) {
			a++;
			b++;
		} else {
			break;
		}
	}
	if (*a != *b)
		return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
	return strcmp(a0, b0);		/* 01 and 1 */
}

static int
compare_path(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	return natural_cmp(a->asset->path, b->asset->path);
}

/* Episodes come under their series' name, all else under its own. */
static const char *
name_of(const struct asset *a)
{
	return a->about.series != NULL ? a->about.series :
	    a->title != NULL ? a->title : a->path;
}

static int
compare_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_name(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;
	const struct asset_about *x = &a->asset->about, *y = &b->asset->about;
	int c;

	if ((c = natural_cmp(name_of(a->asset), name_of(b->asset))) != 0 ||
	    (c = compare_int(x->series_year, y->series_year)) != 0 ||
	    (c = compare_int(x->season, y->season)) != 0 ||
	    (c = compare_int(x->episode, y->episode)) != 0)
		return c;
	return compare_path(pa, pb);
}

static int
compare_rank(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return compare_name(pa, pb);
}

/* In the order that the pool asks for. */
static void
pool_sort(const struct selection *s, size_t pool)
{
	const struct pool *p = &s->ch->pools[pool];
	struct choices *c = &s->pools[pool];
	uint64_t seed = seed_add(seed_text(s->ch->slug), seed_text(p->name));

	for (size_t i = 0; i < c->n; i++) {
		if (p->order == POOL_BY_YEAR)
			c->v[i].rank = (uint64_t)c->v[i].asset->about.year;
		else if (p->order == POOL_SHUFFLED)
			c->v[i].rank = seed_add(seed, c->v[i].id);
	}
	if (c->n > 0)
		qsort(c->v, c->n, sizeof *c->v,
		    p->order == POOL_BY_PATH ? compare_path : compare_rank);
}

static void
choices_add(struct choices *c, struct choice x)
{
	xgrow(&c->v, &c->cap, c->n + 1, sizeof *c->v);
	c->v[c->n++] = x;
}

/* As a programme: what airs is what no avail cuts out. */
static struct choice
choice_make(const struct asset *a, struct rate rate)
{
	struct choice c = { .asset = a };
	struct layout l;

	layout_make(&l, a, rate, false);
	c.frames = l.frames;
	c.need_s = muldiv_ceil(l.length_us, 1, US_PER_S);
	layout_fini(&l);
	c.id = seed_text(a->path);
	c.id += c.id == 0;
	return c;
}

static void
select_pools(struct selection *s)
{
	struct rate rate = s->ch->format.rate;

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];
		struct choice c;

		if (a->bad != NULL)
			continue;
		c = choice_make(a, rate);
		if (c.frames < half_second(rate))
			continue;
		for (size_t p = 0; p < s->ch->npools; p++)
			if (pool_has(&s->ch->pools[p], a))
				choices_add(&s->pools[p], c);
	}
	for (size_t p = 0; p < s->ch->npools; p++)
		pool_sort(s, p);
}

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

/* What would never fit is never chosen, or the block's turn would stay with
 * it for ever. */
static void
list_add_pool(struct list *l, const struct choices *pool, int64_t longest_s)
{
	for (size_t i = 0; i < pool->n; i++) {
		const struct choice *c = &pool->v[i];

		if (c->need_s > longest_s)
			continue;
		if (l->choices.n == 0 || c->need_s < l->shortest_s)
			l->shortest_s = c->need_s;
		choices_add(&l->choices, *c);
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

/* One list of all pools, one after the other. */
static void
select_joined(struct selection *s, const struct block *b, struct entry *e,
    int64_t longest_s)
{
	struct list *l = &e->lists[0];

	for (size_t k = 0; k < b->npools; k++) {
		size_t n = l->choices.n;

		list_add_pool(l, &s->pools[b->pools[k]], longest_s);
		if (b->mode == BLOCK_SEQUENTIAL)
			number_ids(&l->choices, n, k);
	}
	if (b->mode == BLOCK_RANDOM)
		sort_random(&l->choices);
}

/* A list per pool; a pool that is given twice goes on where it was. */
static void
select_shuffled(struct selection *s, const struct block *b, struct entry *e,
    int64_t longest_s)
{
	uint64_t start = seed_add(seed_text(s->ch->slug),
	    (uint64_t)b->start_s);

	for (size_t k = 0; k < b->npools; k++) {
		struct list *l = &e->lists[k];
		size_t first = 0;

		while (b->pools[first] != b->pools[k])
			first++;
		l->cursor = e->cursor + 1 + first;
		l->seed = seed_add(start,
		    seed_text(s->ch->pools[b->pools[k]].name));
		l->shuffle = xcalloc(1, sizeof *l->shuffle);
		list_add_pool(l, &s->pools[b->pools[k]], longest_s);
	}
}

/* A block's seed hangs on what the block is, not on where it stands in the
 * file: another one beside it changes nothing. */
static void
select_block(struct selection *s, size_t i, size_t cursor)
{
	const struct block *b = &s->ch->blocks[i];
	struct entry *e = &s->entries[i];

	e->mode = b->mode;
	e->cursor = cursor;
	e->seed = seed_add(seed_text(s->ch->slug), (uint64_t)b->start_s);
	for (size_t k = 0; k < b->npools; k++)
		e->seed = seed_add(e->seed,
		    seed_text(s->ch->pools[b->pools[k]].name));
	e->nlists = b->mode == BLOCK_SHUFFLE ? b->npools : 1;
	e->lists = xcalloc(e->nlists, sizeof *e->lists);
	if (b->mode == BLOCK_SHUFFLE)
		select_shuffled(s, b, e, s->longest_s[i]);
	else
		select_joined(s, b, e, s->longest_s[i]);
}

static void
select_blocks(struct selection *s)
{
	size_t cursor = 0;

	for (size_t b = 0; b < s->ch->nblocks; b++) {
		select_block(s, b, cursor);
		cursor += cursors_of_block(&s->ch->blocks[b]);
	}
}

/* What is too short to be played is left out. */
static void
add_whole(const struct selection *s, struct choices *c,
    const struct asset *a)
{
	struct rate rate = s->ch->format.rate;
	int64_t frames = rate_frames_of_us(rate, a->duration_us);

	if (a->bad == NULL && frames >= half_second(rate))
		choices_add(c, (struct choice){
			.asset = a, .frames = frames,
		});
}

/* Spots air whole, whatever their markers say. */
static void
select_spots(struct selection *s)
{
	for (size_t i = 0; i < s->library->n; i++)
		if (asset_is_spot(&s->library->assets[i]))
			add_whole(s, &s->spots, &s->library->assets[i]);
}

static void
reel_add(struct reel *r, const struct choice *c)
{
	xgrow(&r->v, &r->cap, r->n + 1, sizeof *r->v);
	r->v[r->n++] = (struct reel_part){ c->asset, r->frames, c->frames };
	r->frames += c->frames;
}

static bool
is_filler(const struct chan *ch, const struct asset *a)
{
	if (ch->filler_pool != NULL)
		return pool_has(ch->filler_pool, a);
	return ch->filler != NULL && strcmp(ch->filler, a->path) == 0;
}

/* Filler airs whole, too. */
static void
select_filler(struct selection *s)
{
	struct choices all = { 0 };

	for (size_t i = 0; i < s->library->n; i++)
		if (is_filler(s->ch, &s->library->assets[i]))
			add_whole(s, &all, &s->library->assets[i]);
	if (all.n > 0)
		qsort(all.v, all.n, sizeof *all.v, compare_path);
	for (size_t i = 0; i < all.n; i++)
		reel_add(&s->filler, &all.v[i]);
	free(all.v);
}

const struct reel_part *
reel_at(const struct reel *r, int64_t n)
{
	size_t lo = 0, hi = r->n - 1;

	while (lo < hi) {
		size_t mid = hi - (hi - lo) / 2;

		if (r->v[mid].begin <= n)
			lo = mid;
		else
			hi = mid - 1;
	}
	return &r->v[lo];
}

struct selection *
selection_new(const struct chan *ch, const struct library *l)
{
	struct selection *s = xcalloc(1, sizeof *s);

	s->ch = ch;
	s->library = l;
	s->pools = xcalloc(ch->npools, sizeof *s->pools);
	s->entries = xcalloc(ch->nblocks, sizeof *s->entries);
	s->longest_s = day_longest(ch);
	select_pools(s);
	select_blocks(s);
	select_spots(s);
	select_filler(s);
	return s;
}

static void
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

void
selection_free(struct selection *s)
{
	if (s == NULL)
		return;
	for (size_t p = 0; p < s->ch->npools; p++)
		free(s->pools[p].v);
	for (size_t b = 0; b < s->ch->nblocks; b++)
		entry_fini(&s->entries[b]);
	free(s->pools);
	free(s->entries);
	free(s->longest_s);
	free(s->spots.v);
	free(s->filler.v);
	free(s);
}
