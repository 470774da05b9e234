/* world.h - a channel, a library and a zone made by hand, for the planner's
 * tests; and what must hold of any day that is planned from them. */

#ifndef WORLD_H
#define WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/tz.h"
#include "base/xmem.h"
#include "plan/chan.h"
#include "plan/library.h"
#include "plan/plan.h"
#include "zones.h"

#define S		INT64_C(1000000)	/* us */
#define MINUTE		(60 * S)
#define HOUR_S		3600
#define DAY_S		INT64_C(86400)
#define ASSETS_MAX	512
#define MARKERS_MAX	64
#define BLOCKS_MAX	16
#define POOLS_MAX	8

struct world {
	struct chan ch;
	struct library lib;
	struct tz *z;
	struct asset assets[ASSETS_MAX];
	struct marker markers[ASSETS_MAX][MARKERS_MAX];
	struct pool pools[POOLS_MAX];
	char *patterns[POOLS_MAX];
	struct block blocks[BLOCKS_MAX];
	size_t block_pools[BLOCKS_MAX][POOLS_MAX];
	uint64_t seed;
};

static const struct rate pal = { 25, 1 };

/* Every rate that a house may have. */
static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 },
	{ 30, 1 }, { 50, 1 }, { 60000, 1001 }, { 60, 1 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

/* A network channel in UTC with days from midnight and a grid of 30 min. */
static inline struct world *
world_new(struct rate rate)
{
	struct world *w = xcalloc(1, sizeof *w);

	w->ch = (struct chan){
		.file = xstrdup("channels/one.yaml"), .slug = xstrdup("one"),
		.format = format_default(),
		.pools = w->pools, .blocks = w->blocks,
	};
	w->ch.format.rate = rate;
	w->lib.assets = w->assets;
	w->z = tz_utc();
	return w;
}

static inline void
world_free(struct world *w)
{
	for (size_t i = 0; i < w->lib.n; i++) {
		free(w->assets[i].path);
		free(w->assets[i].title);
	}
	for (size_t i = 0; i < w->ch.npools; i++) {
		free(w->pools[i].name);
		free(w->patterns[i]);
	}
	free(w->ch.file);
	free(w->ch.slug);
	free(w->ch.filler);
	tz_free(w->z);
	free(w);
}

static inline void
world_zone(struct world *w, size_t zone)
{
	const char *why;

	tz_free(w->z);
	w->z = tz_parse(zones[zone].data, zones[zone].len, &why);
	assert_non_null(w->z);
}

/* Assets must come in the order of their paths. */
static inline struct asset *
world_asset(struct world *w, const char *path, enum asset_type type,
    int64_t duration_us)
{
	struct asset *a = &w->assets[w->lib.n];

	assert_true(w->lib.n < ASSETS_MAX);
	assert_true(w->lib.n == 0 || strcmp(a[-1].path, path) < 0);
	*a = (struct asset){
		.path = xstrdup(path), .title = xstrdup(path), .type = type,
		.duration_us = duration_us, .has_video = true,
		.markers = w->markers[w->lib.n++],
	};
	return a;
}

/* Markers must come in order; end_us < 0 makes a point. */
static inline void
world_marker(struct asset *a, enum marker_kind kind, int64_t start_us,
    int64_t end_us)
{
	assert_true(a->nmarkers < MARKERS_MAX);
	a->markers[a->nmarkers++] = (struct marker){
		.kind = kind, .start_us = start_us,
		.end_us = end_us < 0 ? start_us : end_us, .range = end_us >= 0,
	};
}

/* A pool of all assets below a directory. */
static inline size_t
world_pool(struct world *w, const char *dir)
{
	size_t i = w->ch.npools++;

	assert_true(i < POOLS_MAX);
	w->patterns[i] = xstrdup(dir);
	w->pools[i] = (struct pool){
		.name = xstrdup(dir), .patterns = &w->patterns[i],
		.npatterns = 1, .line = 20 + (unsigned)i, .column = 3,
	};
	return i;
}

/* A block of one pool; others may be put behind it. */
static inline struct block *
world_block(struct world *w, int start_s, int length_s, size_t pool)
{
	size_t i = w->ch.nblocks++;

	assert_true(i < BLOCKS_MAX);
	w->block_pools[i][0] = pool;
	w->blocks[i] = (struct block){
		.start_s = start_s, .length_s = length_s,
		.pools = w->block_pools[i], .npools = 1,
		.line = 40 + (unsigned)i, .column = 7,
	};
	return &w->blocks[i];
}

/* A number in [0, n), the same ones for the same seed. */
static inline int64_t
world_random(struct world *w, int64_t n)
{
	uint64_t x = w->seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (int64_t)((x ^ x >> 31) % (uint64_t)n);
}

/* The day with cursors that have never moved. */
static inline struct day *
world_day(struct world *w, int64_t date)
{
	struct selection *s = selection_new(&w->ch, &w->lib);
	struct cursors c;
	struct day *d;

	cursors_init(&c, &w->ch);
	d = plan_day(&w->ch, s, w->z, &c, date);
	cursors_fini(&c);
	selection_free(s);
	return d;
}

static inline int64_t
seg_len(const struct segment *s)
{
	return s->n1 - s->n0;
}

/* Of one segment in its day. */
static inline void
check_segment(const struct world *w, const struct day *d,
    const struct segment *s)
{
	struct rate r = w->ch.format.rate;

	assert_true(s->n0 < s->n1);
	assert_true((s->asset == NULL) == (s->kind == SEGMENT_pad));
	assert_true(s->in >= 0);
	if (s->asset != NULL) {
		assert_null(s->asset->bad);
		assert_true(s->in + seg_len(s) <=
		    rate_frames_of_us(r, s->asset->duration_us));
	}
	if (s->programme == DAY_OFF_AIR) {
		assert_true(s->kind == SEGMENT_pad ||
		    s->kind == SEGMENT_filler ||
		    s->kind == SEGMENT_sign_off);
	} else {
		assert_true(s->programme < d->nprogrammes);
		assert_true(d->programmes[s->programme].n0 <= s->n0);
		assert_true(d->programmes[s->programme].n1 >= s->n1);
	}
}

/* What must hold of every day. */
static inline void
check_day(const struct world *w, const struct day *d)
{
	int64_t n = d->n0;

	for (size_t i = 0; i < d->nsegments; i++) {
		assert_int_equal(d->segments[i].n0, n);
		check_segment(w, d, &d->segments[i]);
		n = d->segments[i].n1;
	}
	assert_int_equal(n, d->n1);
	for (size_t i = 0; i < d->nprogrammes; i++) {
		assert_true(d->programmes[i].n0 < d->programmes[i].n1);
		assert_true(d->programmes[i].n1 > d->n0);
		assert_true(d->programmes[i].n0 < d->n1);
		if (i > 0)
			assert_true(d->programmes[i].n0 >=
			    d->programmes[i - 1].n1);
	}
}

/* Nothing but intro and outro, of whole seconds where it has some. */
static inline void
wild_ends(struct world *w, struct asset *a)
{
	int64_t half;

	if (a->duration_us >= 4 * S)
		a->duration_us -= a->duration_us % S;
	half = a->duration_us * world_random(w, 3) / 2;
	half -= half % S;
	world_marker(a, MARKER_intro, 0, half);
	world_marker(a, MARKER_outro, half, a->duration_us);
}

/* A library and a channel as wild as the seed: blocks anywhere, markers
 * anywhere, spots of all lengths. */
static inline void
wild_asset(struct world *w, const char *dir, int i, enum asset_type type,
    int64_t max_us)
{
	char *path = xasprintf("/%s/%03d", dir, i);
	struct asset *a = world_asset(w, path, type,
	    1 + world_random(w, max_us));
	int64_t at = 0;

	free(path);
	if (world_random(w, 10) == 0)
		wild_ends(w, a);
	for (int64_t k = a->nmarkers > 0 ? 0 : world_random(w, 12); k > 0;
	    k--) {
		int64_t end, left = a->duration_us - at;

		at += world_random(w, left / 3 + 1);
		end = at + world_random(w, (a->duration_us - at) / 6 + 1);
		world_marker(a, (enum marker_kind)world_random(w,
		    MARKER_NKINDS), at, world_random(w, 2) > 0 ? end : -1);
	}
	if (world_random(w, 10) == 0)
		a->bad = (char *)(uintptr_t)"cannot be read";
}

static inline void
wild_filler(struct world *w)
{
	switch (world_random(w, 3)) {
	case 0:
		w->ch.filler = xstrdup("/c/000");
		break;
	case 1:
		w->ch.filler_pool = &w->pools[world_pool(w, "/c")];
		break;
	default:
		break;
	}
}

static inline struct when
wild_when(struct world *w)
{
	static const char *const layers[] = {
		"all_day", "all_day", "all_day", "weekdays", "weekends",
		"monday", "thursday", "sunday",
	};
	struct when when;

	assert_true(when_layer(layers[world_random(w, 8)], &when));
	return when;
}

/* As a channel file's come: by layer. */
static inline void
sort_blocks(struct world *w)
{
	for (size_t i = 1; i < w->ch.nblocks; i++)
		for (size_t k = i; k > 0 && w->blocks[k].when.kind <
		    w->blocks[k - 1].when.kind; k--) {
			struct block b = w->blocks[k];

			w->blocks[k] = w->blocks[k - 1];
			w->blocks[k - 1] = b;
		}
}

static inline void
wild_block(struct world *w)
{
	struct block *b = world_block(w, (int)world_random(w, 96) * 900,
	    (int)(1 + world_random(w, 96)) * 900, (size_t)world_random(w, 3));

	b->when = wild_when(w);
	b->mode = (enum block_mode)world_random(w, 3);
	for (int64_t k = world_random(w, 3); k > 0; k--)
		b->pools[b->npools++] = (size_t)world_random(w, 3);
}

/* Bumpers, station ids, spots of few advertisers, and rules for them. */
static inline void
wild_traffic(struct world *w)
{
	static char cola[] = "Cola", soap[] = "Soap", cars[] = "Cars";
	char *const names[] = { cola, soap, cars, NULL, NULL, NULL };
	struct traffic_rules *r = &w->ch.traffic.rules;

	for (size_t i = 0; i < w->lib.n; i++) {
		if (w->assets[i].type != ASSET_commercial)
			continue;
		w->assets[i].about.advertiser = names[world_random(w, 6)];
		w->assets[i].about.category = names[world_random(w, 6)];
		if (world_random(w, 3) == 0)
			w->assets[i].type = ASSET_promo;
	}
	for (int i = (int)world_random(w, 4); i > 0; i--)
		wild_asset(w, "t", 10 - i, ASSET_bumper, 9 * S);
	for (int i = (int)world_random(w, 3); i > 0; i--)
		wild_asset(w, "u", 10 - i, ASSET_station_id, 9 * S);
	r->cooldown_s = world_random(w, 3) * world_random(w, 30000);
	r->typed = (unsigned)world_random(w, 2) << ASSET_promo;
	r->type_cooldown_s[ASSET_promo] = world_random(w, 100000);
	r->plays_max = world_random(w, 3) * world_random(w, 10);
	for (int p = 0; p < TRAFFIC_NPLACES; p++) {
		r->wanted[p].given = world_random(w, 2) > 0;
		r->wanted[p].ms = world_random(w, 4) * 2000;
	}
}

static inline struct world *
wild_world(uint64_t seed)
{
	static const int grids[] = { 1, 5, 10, 15, 30, 60 };
	struct world *w = world_new(rates[seed % NRATES]);

	w->seed = seed;
	world_zone(w, (size_t)world_random(w, NZONES));
	w->ch.day_start_s = (int)world_random(w, 96) * 900;
	w->ch.type = world_random(w, 4) == 0 ? CHAN_MOVIE : CHAN_NETWORK;
	w->ch.format.grid_minutes = grids[world_random(w, 6)];
	for (int i = 0; i < 30; i++)
		wild_asset(w, "a", i, ASSET_episode, 50 * MINUTE);
	for (int i = 0; i < 10; i++)
		wild_asset(w, "b", i, ASSET_movie, 200 * MINUTE);
	for (int i = 0; i < 8; i++)
		wild_asset(w, "c", i, ASSET_filler, i % 2 > 0 ? S :
		    20 * MINUTE);
	for (int i = (int)world_random(w, 60); i > 0; i--)
		wild_asset(w, "s", 100 - i, ASSET_commercial, 90 * S);
	wild_traffic(w);
	world_pool(w, "/a");
	world_pool(w, "/b");
	world_pool(w, "/a/01*");	/* of the first one, too */
	wild_filler(w);
	for (int64_t i = world_random(w, 8); i >= 0; i--)
		wild_block(w);
	sort_blocks(w);
	return w;
}

#endif
