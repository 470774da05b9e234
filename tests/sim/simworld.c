#include "simworld.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "fakechild.h"
#include "plan/station.h"
#include "samplelib.h"

#define EPISODES	20
#define SPOTS		24
#define MINUTE_US	INT64_C(60000000)
#define DAY_S		86400
#define HOLE_S		600
#define MARKERS		3
#define READ_SIZE	65536

static struct asset *
asset_add(struct simworld *w, const char *dir, int i, enum asset_type type,
    int64_t duration_us)
{
	struct asset *a = &w->lib.assets[w->lib.n];

	*a = (struct asset){
		.path = xasprintf("/%s/%02d.mkv", dir, i),
		.title = xasprintf("%s %d", dir, i),
		.type = type,
		.duration_us = duration_us,
		.has_video = true,
		.has_audio = true,
		.audio_stream = 1,
	};
	w->hashes[w->lib.n++] = fakechild_hash(a->path);
	return a;
}

static void
episode_add(struct simworld *w, int i, int64_t avail_us)
{
	/* Odd ends: no duration here is a whole number of pictures. */
	struct asset *a = asset_add(w, "a", i, ASSET_episode,
	    22 * MINUTE_US + 12345 * i);
	int64_t at[MARKERS] = { avail_us, avail_us + 7 * MINUTE_US / 2,
	    avail_us + 6 * MINUTE_US + 333333 };

	a->markers = xcalloc(MARKERS, sizeof a->markers[0]);
	for (size_t k = 0; k < MARKERS; k++)
		a->markers[a->nmarkers++] = (struct marker){
			.kind = MARKER_avail,
			.start_us = at[k],
			.end_us = at[k],
		};
}

/* From one second of the day to another. */
static void
block_add(struct simworld *w, int start_s, int end_s)
{
	struct block *b = &w->chan.blocks[w->chan.nblocks++];

	*b = (struct block){
		.start_s = start_s,
		.length_s = end_s - start_s,
		.pools = xcalloc(1, sizeof b->pools[0]),
		.npools = 1,
	};
}

struct simworld *
simworld_new(struct rate rate, int64_t avail_us, int hole_s)
{
	static const int64_t spots_ms[] = { 15000, 20020, 30000, 9967, 29970,
	    5005 };
	struct simworld *w = xcalloc(1, sizeof *w);
	struct chan *c = &w->chan;

	c->file = xstrdup("sim.yaml");
	c->slug = xstrdup("sim");
	c->number = xstrdup("1");
	c->name = xstrdup("Simulation");
	c->format = format_default();
	c->format.rate = rate;
	w->zone = tz_utc();
	w->lib.assets = xcalloc(EPISODES + SPOTS + 1, sizeof *w->lib.assets);
	w->hashes = xcalloc(EPISODES + SPOTS + 1, sizeof *w->hashes);
	for (int i = 0; i < EPISODES; i++)
		episode_add(w, i, avail_us);
	if (hole_s < 0) {
		asset_add(w, "f", 0, ASSET_filler, 7 * MINUTE_US + 7777);
		c->filler = xstrdup("/f/00.mkv");
	}
	for (int i = 0; i < SPOTS; i++)
		asset_add(w, "s", i, ASSET_commercial, 1000 *
		    spots_ms[i % 6]);
	c->pools = xcalloc(1, sizeof c->pools[0]);
	c->pools[0].name = xstrdup("a");
	c->pools[0].patterns = xcalloc(1, sizeof c->pools[0].patterns[0]);
	c->pools[0].patterns[0] = xstrdup("/a");
	c->pools[0].npatterns = c->npools = 1;
	c->blocks = xcalloc(2, sizeof c->blocks[0]);
	if (hole_s < 0) {
		block_add(w, 0, DAY_S);
	} else {
		block_add(w, 0, hole_s);
		block_add(w, hole_s + HOLE_S, DAY_S);
	}
	return w;
}

/* node_read_fn. */
static int
read_file(void *ctx, const char *path, struct buf *out, const char **why)
{
	FILE *f = fopen(path, "r");
	size_t n;

	(void)ctx;
	buf_reset(out);
	*why = "cannot be read";
	if (f == NULL)
		return -1;
	do {
		n = fread(buf_extend(out, READ_SIZE), 1, READ_SIZE, f);
		out->len -= READ_SIZE - n;
	} while (n > 0);
	fclose(f);
	return 0;
}

static struct chan *
load_chan(const char *station, const char *channel)
{
	struct errs e = { 0 };
	struct buf text = { 0 };
	struct station *st = station_load(station, read_file, NULL, &e);
	struct chan *c = st != NULL ? chan_load(channel, st, read_file, NULL,
	    &e) : NULL;

	errs_print(&e, &text);
	fputs(buf_str(&text), stderr);
	buf_fini(&text);
	errs_fini(&e);
	station_free(st);
	return c;
}

struct simworld *
simworld_load(const char *station, const char *channel)
{
	struct chan *c = load_chan(station, channel);
	struct simworld *w;

	if (c == NULL)
		return NULL;
	w = xcalloc(1, sizeof *w);
	w->chan = *c;
	w->loaded = c;
	w->samples = samplelib_new();
	w->lib = *w->samples;
	w->zone = tz_utc();
	w->hashes = xcalloc(w->lib.n, sizeof *w->hashes);
	for (size_t i = 0; i < w->lib.n; i++)
		w->hashes[i] = fakechild_hash(w->lib.assets[i].path);
	return w;
}

static void
loaded_free(struct simworld *w)
{
	chan_free(w->loaded);
	library_free(w->samples);
	free(w->hashes);
	tz_free(w->zone);
	free(w);
}

void
simworld_free(struct simworld *w)
{
	struct chan *c = &w->chan;

	if (w->loaded != NULL) {
		loaded_free(w);
		return;
	}
	for (size_t i = 0; i < w->lib.n; i++) {
		free(w->lib.assets[i].path);
		free(w->lib.assets[i].title);
		free(w->lib.assets[i].markers);
	}
	free(w->lib.assets);
	free(w->hashes);
	for (size_t i = 0; i < c->nblocks; i++)
		free(c->blocks[i].pools);
	free(c->blocks);
	free(c->pools[0].patterns[0]);
	free(c->pools[0].patterns);
	free(c->pools[0].name);
	free(c->pools);
	free(c->filler);
	free(c->name);
	free(c->number);
	free(c->slug);
	free(c->file);
	tz_free(w->zone);
	free(w);
}
