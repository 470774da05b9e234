#include "plan/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/brk_stock.h"
#include "plan/layout.h"
#include "plan/seed.h"
#include "plan/skip.h"

void
choices_add(struct choices *c, struct choice x)
{
	xgrow(&c->v, &c->cap, c->n + 1, sizeof *c->v);
	c->v[c->n++] = x;
}

/* An episode is itself in whatever file it is. */
static uint64_t
choice_id(const struct asset *a)
{
	const struct asset_about *b = &a->about;
	uint64_t id;

	if (b->series == NULL || b->season < 0 || b->episode < 0) {
		id = seed_text(a->path);
	} else {
		id = seed_add(seed_text(b->series), (uint64_t)b->series_year);
		id = seed_add(id, (uint64_t)b->season);
		id = seed_add(id, (uint64_t)b->episode);
	}
	return id + (id == 0);
}

/* What airs is what no avail cuts out, and of that without the outro, if so,
 * or without the intro too. */
static void
set_lengths(struct choice *c, struct rate rate, bool skip_outro)
{
	struct layout l;
	int64_t us;

	layout_make(&l, c->asset, rate, false);
	layout_skip(&l, rate, false, skip_outro);
	us = l.length_us;
	c->frames = l.frames;
	c->need_s = muldiv_ceil(us, 1, US_PER_S);
	layout_fini(&l);
	layout_make(&l, c->asset, rate, false);
	layout_skip(&l, rate, true, skip_outro);
	c->intro_s = (us - l.length_us) / US_PER_S;
	layout_fini(&l);
}

static struct choice
choice_make(const struct asset *a, struct rate rate)
{
	struct choice c = { .asset = a, .id = choice_id(a) };

	set_lengths(&c, rate, false);
	return c;
}

void
choice_skip_outro(struct choice *c, struct rate rate)
{
	set_lengths(c, rate, true);
}

static int
compare_id(const void *pa, const void *pb)
{
	const struct choice *const *a = pa, *const *b = pb;

	if ((*a)->id != (*b)->id)
		return (*a)->id < (*b)->id ? -1 : 1;
	return (*a > *b) - (*a < *b);
}

/* Files of one episode are told apart by the order of their paths. */
static void
number_twins(struct choices *all)
{
	struct choice **v = xcalloc(all->n, sizeof *v);
	uint64_t id = 0, nth = 0;

	for (size_t i = 0; i < all->n; i++)
		v[i] = &all->v[i];
	if (all->n > 0)
		qsort(v, all->n, sizeof *v, compare_id);
	for (size_t i = 0; i < all->n; i++) {
		nth = v[i]->id == id ? nth + 1 : 0;
		id = v[i]->id;
		if (nth > 0)
			v[i]->id = seed_add(id, nth);
		v[i]->id += v[i]->id == 0;
	}
	free(v);
}

static void
select_pools(struct selection *s)
{
	struct rate rate = s->ch->format.rate;
	struct choices all = { 0 };

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];
		struct choice c;

		if (a->bad != NULL)
			continue;
		c = choice_make(a, rate);
		if (c.frames >= half_second(rate))
			choices_add(&all, c);
	}
	number_twins(&all);
	for (size_t p = 0; p < s->npools; p++) {
		const struct pool *pool = chan_pool(s->ch, p);

		for (size_t i = 0; i < all.n; i++)
			if (pool_has(pool, all.v[i].asset))
				choices_add(&s->pools[p], all.v[i]);
		select_sort(s, p);
	}
	free(all.v);
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

/* Filler airs whole, whatever its markers say. */
static void
select_filler(struct selection *s)
{
	struct choices all = { 0 };

	for (size_t i = 0; i < s->library->n; i++)
		if (is_filler(s->ch, &s->library->assets[i]))
			add_whole(s, &all, &s->library->assets[i]);
	if (all.n > 0)
		qsort(all.v, all.n, sizeof *all.v, choice_compare_path);
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

struct calendar
selection_calendar(const struct selection *s, const struct tz *z)
{
	return (struct calendar){ s->ch, z, s->at_s };
}

struct selection *
selection_new(const struct chan *ch, const struct library *l)
{
	struct selection *s = xcalloc(1, sizeof *s);

	s->ch = ch;
	s->library = l;
	s->npools = ch->npools + ch->nfiles;
	s->pools = xcalloc(s->npools, sizeof *s->pools);
	select_pools(s);
	select_times(s);
	day_survey(ch, s->at_s, &s->survey);
	select_entries(s);
	s->stock = stock_new(ch, l);
	select_filler(s);
	return s;
}

void
selection_free(struct selection *s)
{
	if (s == NULL)
		return;
	for (size_t p = 0; p < s->npools; p++)
		free(s->pools[p].v);
	for (size_t b = 0; b < s->ch->nblocks; b++)
		entry_fini(&s->entries[b]);
	free(s->pools);
	free(s->entries);
	free(s->at_s);
	survey_fini(&s->survey);
	stock_free(s->stock);
	free(s->filler.v);
	free(s);
}
