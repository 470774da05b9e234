#include "media/edition.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "media/ffcaps.h"
#include "media/padfile.h"
#include "media/scan.h"
#include "media/tlogfile.h"

#define PROBES		2
#define WARM_NS		(86400 * NS_PER_S)	/* planned ahead */

static struct library *
library_make(const struct config *cfg, const struct edition_options *o,
    struct scan_counts *counts, struct errs *e)
{
	const char **extra = xcalloc(cfg->nchans, sizeof *extra);
	struct scan_options so = {
		.ffprobe = o->ffprobe,
		.shim = o->shim,
		.jobs = PROBES,
		.extra = extra,
		.progress = o->progress,
		.ctx = o->ctx,
		.stop = o->stop,
		.counts = counts,
	};
	struct library *l;

	for (size_t i = 0; i < cfg->nchans; i++)
		if (cfg->chans[i]->filler != NULL)
			extra[so.nextra++] = cfg->chans[i]->filler;
	l = scan_library(cfg->station, &so, e);
	free(extra);
	return l;
}

/* One pad per different house format. */
static struct pad *
pad_of(const struct edition *ed, size_t i, const struct edition_options *o,
    struct errs *e)
{
	const struct format *f = &ed->cfg->chans[i]->format;

	for (size_t k = 0; k < i; k++)
		if (format_equal(f, &ed->cfg->chans[k]->format))
			return ed->pads[k];
	return padfile_load(o->ffmpeg, o->shim, o->state_dir, f, o->stop,
	    e);
}

static struct tz *
zone_of(const struct edition *ed, const struct chan *ch, struct errs *e)
{
	const char *name = ch->timezone != NULL ? ch->timezone :
	    ed->cfg->station->timezone;
	struct tz *z;

	if (name == NULL)
		name = "/etc/localtime";
	if ((z = config_zone(name, ch->file, e)) == NULL)
		z = tz_utc();
	return z;
}

/* Plan what is asked for first, so that the loop does not have to. */
static struct timeline *
timeline_of(const struct edition *ed, size_t i,
    const struct edition_options *o, struct errs *e)
{
	const struct chan *ch = ed->cfg->chans[i];
	struct timeline *t = timeline_new(ch, ed->library, ed->zones[i],
	    ed->cfg->station->since_days);
	char *dir = tlogfile_dir(o->state_dir);
	const struct tlogfile_start start = {
		.dir = dir, .library = ed->library, .now_ns = o->now_ns,
		.lock_s = o->resume ? TLOGFILE_LOCK_S : -1,
	};

	tlogfile_start(t, &start, e);
	free(dir);
	timeline_check(t, e);
	timeline_at(t, rate_frame_at(ch->format.rate, o->now_ns));
	timeline_at(t, rate_frame_at(ch->format.rate, o->now_ns + WARM_NS));
	return t;
}

struct edition *
edition_new(struct config *cfg, const struct edition_options *o,
    struct errs *e)
{
	struct edition *ed = xcalloc(1, sizeof *ed);
	size_t n = cfg->nchans;

	ed->cfg = cfg;
	ed->zones = xcalloc(n, sizeof *ed->zones);
	ed->pads = xcalloc(n, sizeof *ed->pads);
	ed->timelines = xcalloc(n, sizeof *ed->timelines);
	ed->library = library_make(cfg, o, &ed->counts, e);
	ffcaps_find(o->ffmpeg, o->shim, o->stop, &ed->caps);
	ed->caps.preset = cfg->station->ffmpeg.preset;
	ed->caps.threads = cfg->station->ffmpeg.threads;
	for (size_t i = 0; i < n; i++) {
		if (o->stop != NULL &&
		    __atomic_load_n(o->stop, __ATOMIC_RELAXED) != 0) {
			edition_free(ed);
			return NULL;
		}
		ed->pads[i] = pad_of(ed, i, o, e);
		ed->zones[i] = zone_of(ed, cfg->chans[i], e);
		ed->timelines[i] = timeline_of(ed, i, o, e);
	}
	return ed;
}

void
edition_free(struct edition *ed)
{
	if (ed == NULL)
		return;
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		bool shared = false;

		for (size_t k = 0; k < i; k++)
			shared |= ed->pads[k] == ed->pads[i];
		if (!shared)
			pad_free(ed->pads[i]);
		timeline_free(ed->timelines[i]);
		tz_free(ed->zones[i]);
	}
	ffcaps_fini(&ed->caps);
	library_free(ed->library);
	config_free(ed->cfg);
	free(ed->timelines);
	free(ed->pads);
	free(ed->zones);
	free(ed);
}
