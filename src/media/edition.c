/* A reading: configuration, pads and ffmpeg's abilities are shared by all its
 * editions and go with the last of them; library, zones and timelines are
 * each edition's own.  The thread that makes the editions and the one that
 * frees them are two. */

#include "media/edition.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/ffcaps.h"
#include "media/mono.h"
#include "media/padset.h"
#include "media/scan.h"
#include "media/tlogfile.h"

#define PROBES_MIN	2
#define PROBES_MAX	16
#define BAD_MAX		20		/* files that the log names */
#define WARM_NS		(86400 * NS_PER_S)	/* planned ahead */
#define EARLY_MS	10000	/* at least between two early editions */

struct edition_shared {
	struct config *cfg;
	struct padset *pads;
	struct argv_caps caps;
	int refs;			/* atomic */
};

/* On its way to the last of its editions. */
struct reading {
	struct edition_shared *shared;
	const struct edition_options *o;
	int64_t began_ms;
	struct scan_counts counts;	/* once the library is read */
	bool any;			/* early editions, and the last of */
	size_t assets, waiting;		/* ... them: how much, how many wait */
	int64_t now_ns;			/* ... when */
};

static bool
is_stopped(const struct edition_options *o)
{
	return o->stop != NULL &&
	    __atomic_load_n(o->stop, __ATOMIC_RELAXED) != 0;
}

/* Takes cfg. */
static struct edition_shared *
shared_new(struct config *cfg, const struct edition_options *o)
{
	struct edition_shared *s = xcalloc(1, sizeof *s);
	const struct padset_options po = {
		.ffmpeg = o->ffmpeg, .ffprobe = o->ffprobe, .shim = o->shim,
		.state_dir = o->state_dir, .stop = o->stop,
		.caps = &s->caps,
	};

	s->refs = 1;
	s->cfg = cfg;
	ffcaps_find(o->ffmpeg, o->shim, o->stop, &s->caps);
	s->caps.preset = cfg->station->ffmpeg.preset;
	s->caps.threads = cfg->station->ffmpeg.threads;
	s->pads = padset_new(cfg, &po);
	return s;
}

static void
shared_drop(struct edition_shared *s)
{
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	padset_free(s->pads);
	ffcaps_fini(&s->caps);
	config_free(s->cfg);
	free(s);
}

static struct tz *
zone_of(const struct config *cfg, const struct chan *ch, struct errs *e)
{
	const char *name = ch->timezone != NULL ? ch->timezone :
	    cfg->station->timezone;
	struct tz *z;

	if (name == NULL)
		name = "/etc/localtime";
	if ((z = config_zone(name, ch->file, e)) == NULL)
		z = tz_utc();
	return z;
}

/* Plan what is asked for first: the loop, which has it from then on, cannot
 * wait for more. */
static struct timeline *
timeline_of(const struct edition *ed, size_t i,
    const struct edition_options *o, struct errs *e)
{
	const struct chan *ch = ed->cfg->chans[i];
	bool strict = o->strict && !ed->early && ed->counts.whole;
	struct timeline *t = timeline_new(ch, ed->library, ed->zones[i],
	    ed->cfg->station->since_days);
	char *dir = tlogfile_dir(o->state_dir);
	int64_t edge;
	const struct tlogfile_start start = {
		.dir = dir, .library = ed->library, .now_ns = ed->now_ns,
		.lock_s = __atomic_load_n(o->resume, __ATOMIC_RELAXED) ?
		    TLOGFILE_LOCK_S : -1,
	};

	tlogfile_start(t, &start, e);
	free(dir);
	timeline_check(t, strict, e);
	/* Also just before today, where a run may have begun: without a log of
	 * that day all of them are played through. */
	edge = timeline_day(t, day_of(ch, ed->zones[i], ed->now_ns / NS_PER_S));
	if (edge > 0)
		timeline_at(t, edge - 1);
	timeline_at(t, rate_frame_at(ch->format.rate, ed->now_ns));
	timeline_at(t, rate_frame_at(ch->format.rate, ed->now_ns + WARM_NS));
	timeline_settle(t);
	return t;
}

/* True where the channel has programmes, and none of them is in l. */
static bool
lacks_all(const struct chan *ch, const struct library *l)
{
	bool any = false;

	for (size_t p = 0; p < ch->npools; p++) {
		if (&ch->pools[p] == ch->filler_pool)
			continue;
		any = true;
		for (size_t i = 0; i < l->n; i++)
			if (l->assets[i].bad == NULL &&
			    pool_has(&ch->pools[p], &l->assets[i]))
				return false;
	}
	return any;
}

static enum edition_wait
wait_of(const struct edition *ed, size_t i)
{
	if (!ed->early)
		return EDITION_GOES;
	if (lacks_all(ed->cfg->chans[i], ed->library))
		return EDITION_WAITS_LIBRARY;
	return ed->pads[i] == NULL ? EDITION_WAITS_PAD : EDITION_GOES;
}

/* Takes l. */
static struct edition *
edition_make(const struct reading *r, struct library *l, bool early,
    struct errs *e)
{
	struct edition *ed = xcalloc(1, sizeof *ed);
	size_t n = r->shared->cfg->nchans, faults = e->faults;

	__atomic_add_fetch(&r->shared->refs, 1, __ATOMIC_RELAXED);
	ed->shared = r->shared;
	ed->cfg = r->shared->cfg;
	ed->caps = r->shared->caps;
	ed->early = early;
	ed->now_ns = __atomic_load_n(r->o->now_ns, __ATOMIC_RELAXED);
	ed->counts = r->counts;
	ed->library = l;
	ed->zones = xcalloc(n, sizeof *ed->zones);
	ed->pads = xcalloc(n, sizeof *ed->pads);
	ed->slates = xcalloc(n, sizeof *ed->slates);
	ed->timelines = xcalloc(n, sizeof *ed->timelines);
	ed->waits = xcalloc(n, sizeof *ed->waits);
	for (size_t i = 0; i < n && !is_stopped(r->o); i++) {
		ed->pads[i] = padset_get(r->shared->pads, i);
		ed->slates[i] = padset_slate(r->shared->pads, i);
		ed->waits[i] = wait_of(ed, i);
		ed->zones[i] = zone_of(ed->cfg, ed->cfg->chans[i], e);
		ed->timelines[i] = timeline_of(ed, i, r->o, e);
	}
	ed->faults = e->faults - faults;
	if (!is_stopped(r->o))
		return ed;
	edition_free(ed);
	return NULL;
}

static size_t
count_waiting(const struct edition *ed)
{
	size_t n = 0;

	for (size_t i = 0; i < ed->cfg->nchans; i++)
		n += ed->waits[i] != EDITION_GOES;
	return n;
}

/* Takes l: the first in any case, later ones where that helps a channel or
 * the whole station, or the clock was set since.  What is wrong is said once
 * all is known. */
static void
offer(struct reading *r, struct library *l)
{
	struct errs unsaid = { 0 };
	struct edition *ed = edition_make(r, l, true, &unsaid);
	size_t waiting;

	errs_fini(&unsaid);
	if (ed == NULL)
		return;
	waiting = count_waiting(ed);
	if (r->any && waiting == r->waiting && l->n < 2 * r->assets &&
	    ed->now_ns == r->now_ns) {
		edition_free(ed);
		return;
	}
	r->any = true;
	r->waiting = waiting;
	r->assets = l->n;
	r->now_ns = ed->now_ns;
	r->o->early(r->o->ctx, ed);
}

static int
so_far(void *ctx, struct library *l)
{
	offer(ctx, l);
	return EARLY_MS;
}

static int
probes(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < PROBES_MIN ? PROBES_MIN : n > PROBES_MAX ? PROBES_MAX :
	    (int)n;
}

static struct library *
read_library(struct reading *r, struct errs *e)
{
	const struct config *cfg = r->shared->cfg;
	const struct edition_options *o = r->o;
	const char **extra = xcalloc(cfg->nchans, sizeof *extra);
	struct scan_options so = {
		.ffprobe = o->ffprobe,
		.shim = o->shim,
		.jobs = probes(),
		.extra = extra,
		.progress = o->progress,
		.ctx = o->ctx,
		.stop = o->stop,
		.bad_max = BAD_MAX,
		.counts = &r->counts,
		.so_far = o->early != NULL ? so_far : NULL,
		.so_far_ctx = r,
		.patience_ms = (int)(cfg->station->patience_ns / 1000000),
	};
	struct library *l;

	for (size_t i = 0; i < cfg->nchans; i++)
		if (cfg->chans[i]->filler != NULL)
			extra[so.nextra++] = cfg->chans[i]->filler;
	l = scan_library(cfg->station, &so, e);
	free(extra);
	return l;
}

static struct library *
library_copy(const struct library *from)
{
	struct library *l = xcalloc(1, sizeof *l);

	l->n = from->n;
	l->assets = xcalloc(l->n, sizeof *l->assets);
	for (size_t i = 0; i < l->n; i++)
		asset_copy(&l->assets[i], &from->assets[i]);
	return l;
}

/* Channels whose pad is there do not wait for the others. */
static void
await_pads(struct reading *r, const struct library *l)
{
	int64_t left = r->began_ms + r->shared->cfg->station->patience_ns /
	    1000000 - mono_ms();

	while (!padset_await(r->shared->pads, left > 0 ? (int)left : 0) &&
	    r->o->early != NULL && !is_stopped(r->o)) {
		offer(r, library_copy(l));
		left = EARLY_MS;
	}
}

struct edition *
edition_new(struct config *cfg, const struct edition_options *o,
    struct errs *e)
{
	struct reading r = { .o = o, .began_ms = mono_ms() };
	struct edition *ed;
	struct library *l;

	r.shared = shared_new(cfg, o);
	l = read_library(&r, e);
	await_pads(&r, l);
	padset_finish(r.shared->pads, e);
	ed = edition_make(&r, l, false, e);
	shared_drop(r.shared);
	return ed;
}

struct edition *
edition_ref(struct edition *ed)
{
	__atomic_add_fetch(&ed->refs, 1, __ATOMIC_RELAXED);
	return ed;
}

void
edition_free(struct edition *ed)
{
	if (ed == NULL || __atomic_fetch_sub(&ed->refs, 1,
	    __ATOMIC_ACQ_REL) != 0)
		return;
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		timeline_free(ed->timelines[i]);
		tz_free(ed->zones[i]);
	}
	library_free(ed->library);
	free(ed->timelines);
	free(ed->waits);
	free(ed->pads);
	free(ed->slates);
	free(ed->zones);
	shared_drop(ed->shared);
	free(ed);
}
