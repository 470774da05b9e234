/* A channel file to its timeline: any bytes are refused with a place, or are
 * a channel whose days have no gap and no overlap. */

#include <string.h>

#include "base/xmem.h"
#include "fuzz.h"
#include "plan/chan.h"
#include "plan/timeline.h"

#define SINCE		INT64_C(20453)	/* 2026-01-01 */
#define SECOND		INT64_C(1000000)
#define ASSETS		24
#define SEGMENTS_MAX	4000	/* looked at */

static struct library library;
static struct asset assets[ASSETS];
static struct marker marks[2];
static struct station *station;
static const char station_text[] =
	"station: {since: 2026-01-01}\n"
	"libraries: [{path: media/shows}, {path: media/spots, type: "
	"commercial}]\nchannels: [one.yaml]\n";

struct file {
	const uint8_t *data;
	size_t size;
};

/* Whatever is asked for, and whatever it includes, is the input. */
static int
read_input(void *ctx, const char *path, struct buf *out, const char **why)
{
	const struct file *f = ctx;

	if (strstr(path, "missing") != NULL) {
		*why = "No such file or directory";
		return -1;
	}
	buf_add(out, f->data, f->size);
	return 0;
}

static void
setup(void)
{
	static const struct file f = {
		(const uint8_t *)station_text, sizeof station_text - 1,
	};
	struct errs e = { 0 };

	station = station_load("/tv/retrovued.yaml", read_input,
	    (void *)(uintptr_t)&f, &e);
	need(station != NULL);
	marks[0] = (struct marker){ .kind = MARKER_intro, .range = true,
	    .start_us = 10 * SECOND, .end_us = 40 * SECOND };
	marks[1] = (struct marker){ .kind = MARKER_avail, .range = true,
	    .start_us = 300 * SECOND, .end_us = 310 * SECOND };
	for (size_t i = 0; i < ASSETS; i++) {
		bool spot = i >= ASSETS / 2;
		struct asset *a = &assets[i];

		*a = (struct asset){
			.path = xasprintf(spot ? "/tv/media/spots/%02zu.mkv" :
			    "/tv/media/shows/Show S01E%02zu.mkv", i),
			.title = xasprintf("T%zu", i),
			.type = spot ? ASSET_commercial : ASSET_episode,
			.about = ASSET_ABOUT_NONE,
			.duration_us = (spot ? 15 + (int64_t)i % 4 * 15 :
			    1200 + 97 * (int64_t)i) * SECOND,
			.has_video = true, .video_stream = 0,
			.audio_stream = -1,
		};
		a->about.series = spot ? NULL : xstrdup("Show");
		a->about.episode = (int)i;
		a->about.season = 1;
		if (i % 3 == 0 && !spot) {
			a->markers = marks;
			a->nmarkers = 2;
		}
	}
	library = (struct library){ .assets = assets, .n = ASSETS };
	/* Ordered by path. */
	need(strcmp(assets[0].path, assets[ASSETS - 1].path) < 0);
}

static void
walk(const struct chan *ch)
{
	struct tz *z = tz_utc();
	struct timeline *t = timeline_new(ch, &library, z, SINCE);
	int64_t n = rate_frame_from(ch->format.rate,
	    (SINCE + 2) * 86400 * NS_PER_S);
	int64_t end = timeline_day(t, SINCE + 4);

	for (int i = 0; i < SEGMENTS_MAX && n < end; i++) {
		const struct segment *s = timeline_at(t, n);

		need(s->n0 <= n && n < s->n1);
		need(s->asset == NULL || s->in >= 0);
		n = s->n1;
		/* The one after it begins where it ends. */
		need(timeline_at(t, n)->n0 == n);
	}
	timeline_free(t);
	tz_free(z);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file f = { data, size };
	struct errs e = { 0 };
	struct chan *ch;

	if (station == NULL)
		setup();
	ch = chan_load("/tv/one.yaml", station, read_input, &f, &e);
	need(ch != NULL || e.faults > 0);
	for (size_t i = 0; i < e.n; i++)
		need(e.items[i].text[0] != '\0');
	if (ch != NULL)
		walk(ch);
	chan_free(ch);
	errs_fini(&e);
	return 0;
}
