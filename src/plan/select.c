#include "plan/select.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/day.h"
#include "plan/layout.h"

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
compare_choice(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	return natural_cmp(a->asset->path, b->asset->path);
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
		if (s->pools[p].n > 0)
			qsort(s->pools[p].v, s->pools[p].n,
			    sizeof *s->pools[p].v, compare_choice);
}

/* What would never fit is never chosen, or the block's turn would stay with
 * it for ever. */
static void
select_block(struct selection *s, size_t b)
{
	const struct block *block = &s->ch->blocks[b];

	for (size_t k = 0; k < block->npools; k++) {
		const struct choices *pool = &s->pools[block->pools[k]];

		for (size_t i = 0; i < pool->n; i++)
			if (pool->v[i].need_s <= s->longest_s[b])
				choices_add(&s->blocks[b], pool->v[i]);
	}
}

/* Spots air whole, whatever their markers say. */
static void
select_spots(struct selection *s)
{
	struct rate rate = s->ch->format.rate;

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];
		struct choice c = { .asset = a };

		c.frames = rate_frames_of_us(rate, a->duration_us);
		if (a->bad == NULL && asset_is_spot(a) &&
		    c.frames >= half_second(rate))
			choices_add(&s->spots, c);
	}
}

static void
select_filler(struct selection *s)
{
	struct rate rate = s->ch->format.rate;
	const struct asset *a;

	if (s->ch->filler == NULL ||
	    (a = library_find(s->library, s->ch->filler)) == NULL ||
	    a->bad != NULL)
		return;
	s->filler_frames = rate_frames_of_us(rate, a->duration_us);
	if (s->filler_frames >= half_second(rate))
		s->filler = a;
}

struct selection *
selection_new(const struct chan *ch, const struct library *l)
{
	struct selection *s = xcalloc(1, sizeof *s);

	s->ch = ch;
	s->library = l;
	s->pools = xcalloc(ch->npools, sizeof *s->pools);
	s->blocks = xcalloc(ch->nblocks, sizeof *s->blocks);
	s->longest_s = day_longest(ch);
	select_pools(s);
	for (size_t b = 0; b < ch->nblocks; b++)
		select_block(s, b);
	select_spots(s);
	select_filler(s);
	return s;
}

void
selection_free(struct selection *s)
{
	if (s == NULL)
		return;
	for (size_t p = 0; p < s->ch->npools; p++)
		free(s->pools[p].v);
	for (size_t b = 0; b < s->ch->nblocks; b++)
		free(s->blocks[b].v);
	free(s->pools);
	free(s->blocks);
	free(s->longest_s);
	free(s->spots.v);
	free(s);
}

static void
check_pools(const struct selection *s, struct errs *e)
{
	for (size_t p = 0; p < s->ch->npools; p++) {
		const struct pool *pool = &s->ch->pools[p];

		if (s->pools[p].n == 0)
			errs_warn(e, s->ch->file, pool->line, pool->column,
			    "pool '%s' has nothing that can air", pool->name);
	}
}

static void
check_blocks(const struct selection *s, struct errs *e)
{
	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct block *block = &s->ch->blocks[b];

		if (s->longest_s[b] == 0)
			errs_warn(e, s->ch->file, block->line, block->column,
			    "later blocks cover all of this block");
		else if (s->blocks[b].n == 0)
			errs_warn(e, s->ch->file, block->line, block->column,
			    "nothing in its pools fits into this block");
	}
}

/* What the blocks do with each asset of the library. */
struct use {
	bool wanted;			/* in a pool of a block */
	bool chosen;			/* fits into such a block */
};

static struct use *
find_uses(const struct selection *s)
{
	const struct asset *first = s->library->assets;
	struct use *uses = xcalloc(s->library->n, sizeof *uses);

	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct block *block = &s->ch->blocks[b];

		for (size_t k = 0; k < block->npools; k++) {
			const struct choices *c = &s->pools[block->pools[k]];

			for (size_t i = 0; i < c->n; i++)
				uses[c->v[i].asset - first].wanted = true;
		}
		for (size_t i = 0; i < s->blocks[b].n; i++)
			uses[s->blocks[b].v[i].asset - first].chosen = true;
	}
	return uses;
}

static size_t
count_merged(const struct selection *s, const struct asset *a)
{
	struct layout l;
	size_t merged;

	layout_make(&l, a, s->ch->format.rate, s->ch->type == CHAN_NETWORK);
	merged = l.merged;
	layout_fini(&l);
	return merged;
}

static void
check_assets(const struct selection *s, struct errs *e)
{
	struct use *uses = find_uses(s);

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];

		if (uses[i].wanted && !uses[i].chosen)
			errs_warn(e, a->path, 0, 0, "too long for every block "
			    "of channel '%s' that may choose it", s->ch->slug);
		if (uses[i].chosen && count_merged(s, a) > 0)
			errs_warn(e, a->path, 0, 0, "markers less than 0.5 s "
			    "apart, or from the start or end: the later ones "
			    "do not count");
	}
	free(uses);
}

void
selection_check(const struct selection *s, struct errs *e)
{
	check_pools(s, e);
	check_blocks(s, e);
	check_assets(s, e);
}
