/* bench_plan.c - how long planning takes, and how much memory: one channel's
 * day, a thousand days skipped, a hundred channels for a year; in seconds of
 * the processor, whoever else has it. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "../unit/zones.h"
#include "base/arith.h"
#include "base/tz.h"
#include "base/xmem.h"
#include "plan/plan.h"
#include "plan/timeline.h"

#define EPISODES	4000
#define FILMS		600
#define SPOTS		400
#define REELS		20
#define BUMPERS		10
#define ADVERTISERS	80
#define CHANNELS	100
#define FROM		INT64_C(20000)	/* 2024-10-04 */
#define S		INT64_C(1000000)
#define HOUR_S		3600

static struct library library;
static struct marker markers[EPISODES][4];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long
megabytes(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return r.ru_maxrss / 1024;
}

/* Deterministic, and spread a little. */
static void
add(char *path, enum asset_type type, int64_t us)
{
	library.assets[library.n++] = (struct asset){
		.path = path, .title = path, .type = type,
		.duration_us = us + (int64_t)(library.n * 7919 % 977) * 7000,
		.has_video = true,
	};
}

/* In the order of their paths. */
static void
make_library(void)
{
	static char advertisers[ADVERTISERS][4];

	for (int i = 0; i < ADVERTISERS; i++)
		snprintf(advertisers[i], sizeof *advertisers, "a%02d", i);
	library.assets = xcalloc(EPISODES + FILMS + SPOTS + REELS +
	    BUMPERS,
	    sizeof *library.assets);
	for (int i = 0; i < EPISODES; i++) {
		struct asset *a = &library.assets[library.n];

		add(xasprintf("/a/%03d/%04d", i / 200, i), ASSET_episode,
		    22 * 60 * S);
		for (int k = 0; k < 4; k++)
			markers[i][k] = (struct marker){
				.kind = MARKER_avail,
				.start_us = (k + 1) * 260 * S,
				.end_us = (k + 1) * 260 * S,
			};
		a->markers = markers[i];
		a->nmarkers = 4;
	}
	for (int i = 0; i < FILMS; i++)
		add(xasprintf("/f/%04d", i), ASSET_movie,
		    (80 + i % 60) * 60 * S);
	for (int i = 0; i < REELS; i++)
		add(xasprintf("/r/%04d", i), ASSET_filler, (30 + i) * S);
	for (int i = 0; i < SPOTS; i++) {
		struct asset *a = &library.assets[library.n];

		add(xasprintf("/s/%04d", i), ASSET_commercial,
		    (i % 3 + 1) * 10 * S);
		a->about.advertiser = advertisers[i * 31 % ADVERTISERS];
	}
	for (int i = 0; i < BUMPERS; i++)
		add(xasprintf("/t/%04d", i), i % 2 > 0 ? ASSET_bumper :
		    ASSET_station_id, (3 + i % 3) * S);
}

static void
add_block(struct chan *c, int start_h, int hours, enum block_mode mode,
    size_t pool, size_t second)
{
	struct block *b = &c->blocks[c->nblocks++];

	*b = (struct block){
		.start_s = start_h * HOUR_S, .length_s = hours * HOUR_S,
		.mode = mode, .npools = 2,
		.pools = xcalloc(2, sizeof *b->pools),
	};
	b->pools[0] = pool;
	b->pools[1] = second;
}

static struct pool
make_pool(char *pattern)
{
	struct pool p = { .name = pattern, .npatterns = 1 };

	p.patterns = xcalloc(1, sizeof *p.patterns);
	p.patterns[0] = pattern;
	return p;
}

static struct chan *
make_chan(int i)
{
	struct chan *c = xcalloc(1, sizeof *c);

	c->file = c->slug = xasprintf("c%d", i);
	c->format = format_default();
	c->day_start_s = 6 * HOUR_S;
	c->pools = xcalloc(4, sizeof *c->pools);
	c->npools = 4;
	c->pools[0] = make_pool(xasprintf("/a/%03d", i % 20));
	c->pools[1] = make_pool(xasprintf("/a/%03d", (i + 7) % 20));
	c->pools[2] = make_pool(xstrdup("/f"));
	c->pools[3] = make_pool(xstrdup("/r"));
	c->filler_pool = &c->pools[3];
	c->traffic.rules.cooldown_s = HOUR_S;
	c->traffic.rules.plays_max = 24;
	c->blocks = xcalloc(5, sizeof *c->blocks);
	add_block(c, 6, 6, BLOCK_SEQUENTIAL, 0, 1);
	add_block(c, 12, 8, BLOCK_SHUFFLE, 0, 1);
	add_block(c, 20, 5, BLOCK_RANDOM, 2, 2);
	add_block(c, 1, 3, BLOCK_SHUFFLE, 2, 0);
	return c;
}

static void
free_chan(struct chan *c)
{
	for (size_t b = 0; b < c->nblocks; b++)
		free(c->blocks[b].pools);
	for (size_t p = 0; p < c->npools; p++) {
		free(c->pools[p].name);
		free(c->pools[p].patterns);
	}
	free(c->blocks);
	free(c->pools);
	free(c->slug);
	free(c);
}

/* Plan so many days; the number of segments. */
static size_t
plan_days(const struct chan *c, const struct tz *z, int days)
{
	struct selection *sel = selection_new(c, &library);
	struct cursors cur;
	size_t n = 0;

	cursors_init(&cur, c);
	for (int i = 0; i < days; i++) {
		struct day *d = plan_day(c, sel, z, &cur, FROM + i);

		n += d->nsegments;
		day_free(d);
	}
	cursors_fini(&cur);
	selection_free(sel);
	return n;
}

static void
bench_one(const struct tz *z, int grid_minutes)
{
	struct chan *c = make_chan(0);
	struct selection *sel;
	struct cursors cur;
	double t0 = now(), t1, t2, t3;

	c->format.grid_minutes = grid_minutes;
	sel = selection_new(c, &library);
	t1 = now();
	cursors_init(&cur, c);
	for (int i = 0; i < 1000; i++)
		plan_skip_day(c, sel, z, &cur, FROM + i);
	t2 = now();
	for (int i = 0; i < 100; i++)
		day_free(plan_day(c, sel, z, &cur, FROM + 1000 + i));
	t3 = now();
	printf("one channel on %d min: selection %.1f ms, 1000 days skipped %.1f ms "
	    "(%.0f days/s), a day planned %.2f ms\n", grid_minutes, (t1 - t0) * 1e3,
	    (t2 - t1) * 1e3, 1000 / (t2 - t1), (t3 - t2) * 10);
	cursors_fini(&cur);
	selection_free(sel);
	free_chan(c);
}

static void
bench_year(const struct tz *z)
{
	double t0 = now(), t1;
	size_t segments = 0;

	for (int i = 0; i < CHANNELS; i++) {
		struct chan *c = make_chan(i);

		segments += plan_days(c, z, 365);
		free_chan(c);
	}
	t1 = now();
	printf("%d channels, a year each: %.2f s, %zu segments, peak %ld MB\n",
	    CHANNELS, t1 - t0, segments, megabytes());
}

/* As the daemon holds them: every channel's timeline at once, at a day two
 * years after the first. */
static void
bench_station(const struct tz *z)
{
	struct timeline *t[CHANNELS];
	struct chan *c[CHANNELS];
	double t0 = now(), t1;

	for (int i = 0; i < CHANNELS; i++) {
		c[i] = make_chan(i);
		t[i] = timeline_new(c[i], &library, z, FROM);
		timeline_at(t[i], muldiv_floor((FROM + 730) * 86400,
		    c[i]->format.rate.num, c[i]->format.rate.den));
	}
	t1 = now();
	printf("a station of %d channels two years after its first day: "
	    "%.2f s, peak %ld MB\n", CHANNELS, t1 - t0, megabytes());
	for (int i = 0; i < CHANNELS; i++) {
		timeline_free(t[i]);
		free_chan(c[i]);
	}
}

int
main(void)
{
	const char *why;
	struct tz *z = tz_parse(zones[0].data, zones[0].len, &why);

	if (z == NULL) {
		fprintf(stderr, "bench_plan: %s\n", why);
		return 1;
	}
	make_library();
	printf("library: %zu files\n", library.n);
	bench_one(z, 30);
	bench_one(z, 1);
	bench_year(z);
	bench_station(z);
	for (size_t i = 0; i < library.n; i++)
		free(library.assets[i].path);
	free(library.assets);
	tz_free(z);
	return 0;
}
