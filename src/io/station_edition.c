#include "io/station_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/discard.h"
#include "io/logfile.h"
#include "io/www.h"
#include "media/tlogfile.h"

static void
feeds_add(struct feeds *f, struct feed *feed)
{
	xgrow(&f->v, &f->cap, f->n + 1, sizeof *f->v);
	f->v[f->n++] = feed;
}

/* Why a channel does not air yet. */
static void
wait_say(struct station_run *s, struct feed *f, const struct chan *ch,
    enum edition_wait w)
{
	struct loader_state l = loader_state(s->loader);
	char *why;

	if (w == EDITION_WAITS_PAD)
		why = xstrdup("its pad is still being encoded");
	else if (l.total == 0)
		why = xstrdup("the library is still being read");
	else
		why = xasprintf("the library is still being read: %zu of %zu "
		    "files", l.done, l.total);
	feed_wait(f, ch, why);
	free(why);
}

/* The feeds are in the order of the edition's channels. */
void
station_waits_say(struct station_run *s)
{
	for (size_t i = 0; i < s->feeds.n; i++) {
		enum edition_wait w = s->edition == NULL ?
		    EDITION_WAITS_LIBRARY : s->edition->waits[i];

		if (w != EDITION_GOES)
			wait_say(s, s->feeds.v[i], feed_chan(s->feeds.v[i]), w);
	}
}

/* True if what is wrong is so with the plan of a channel. */
static bool
is_of_chan(const struct edition *ed, const struct err_item *it)
{
	if (ed == NULL || it->file == NULL)
		return false;
	for (size_t i = 0; i < ed->cfg->nchans; i++)
		if (strcmp(ed->cfg->chans[i]->file, it->file) == 0)
			return true;
	return false;
}

/* The event of the i-th, of which the first nconfig are the configuration's. */
static const char *
event_of(const struct errs *e, size_t i, size_t nconfig,
    const struct edition *ed)
{
	const struct err_item *it = &e->items[i];

	if (i < nconfig || is_of_chan(ed, it))
		return "config";
	if (it->file != NULL && tlogfile_is_log(it->file))
		return "tlog_damaged";
	return "library";
}

/* What is wrong with files, one log line each. */
static void
errs_log(const struct errs *e, size_t nconfig, const struct edition *ed)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct err_item *it = &e->items[i];

		logfile(it->warning ? LOG_WARN : LOG_ERROR,
		    event_of(e, i, nconfig, ed), "file=%s line=%u text=%s",
		    it->file != NULL ? logfile_value(it->file) : "-", it->line,
		    logfile_value(it->text));
	}
}

static bool
may_spawn(void *ctx)
{
	struct station_run *s = ctx;

	return spawns_take(&s->spawns, station_clock_ns(CLOCK_MONOTONIC),
	    (size_t)s->pages.station->ffmpeg.spawns);
}

static void
bad_asset(void *ctx, const char *path, const char *why)
{
	struct station_run *s = ctx;

	loader_mark(s->loader, path, why);
}

void
station_on_marked(void *ctx, const struct errs *e)
{
	(void)ctx;
	errs_log(e, 0, NULL);
}

struct feed_env
station_feed_env(struct station_run *s)
{
	return (struct feed_env){
		.loop = &s->loop,
		.now = station_now,
		.stepped = station_stepped,
		.wake = station_wake,
		.may_spawn = may_spawn,
		.bad_asset = bad_asset,
		.ctx = s,
		.ffmpeg = s->options->ffmpeg,
		.shim = s->options->shim,
		.station = s->name,
		.asrun_dir = s->asrun_dir,
	};
}

static struct feed *
feed_make(struct station_run *s, const struct chan *ch)
{
	const struct feed_env env = station_feed_env(s);

	return feed_new(&env, ch);
}

/* The feed that airs ch's channel and can go on doing so: the stream of a
 * channel never changes its house format.  In *at is its place. */
static struct feed *
feed_find(const struct feeds *old, const struct chan *ch, size_t *at)
{
	for (*at = 0; *at < old->n; ++*at) {
		struct feed *f = old->v[*at];
		const struct chan *was = f != NULL ? feed_chan(f) : NULL;

		if (was != NULL && strcmp(was->slug, ch->slug) == 0 &&
		    format_equal(&was->format, &ch->format))
			return f;
	}
	return NULL;
}

/* One in another house format goes on with what the operator has said of the
 * channel. */
static struct feed *
feed_make_after(struct station_run *s, const struct chan *ch,
    const struct feeds *old)
{
	struct feed *f = feed_make(s, ch);

	for (size_t i = 0; i < old->n; i++)
		if (old->v[i] != NULL &&
		    strcmp(feed_chan(old->v[i])->slug, ch->slug) == 0)
			feed_order_as(f, old->v[i]);
	return f;
}

static struct feed *
feed_take(struct feeds *old, const struct chan *ch)
{
	size_t at;
	struct feed *f = feed_find(old, ch, &at);

	if (f != NULL)
		old->v[at] = NULL;
	return f;
}

/* Those that no channel took. */
static void
feeds_retire(struct station_run *s, struct feeds *old)
{
	for (size_t i = 0; i < old->n; i++) {
		struct feed *f = old->v[i];

		if (f == NULL)
			continue;
		logfile(LOG_WARN, "mpegts_stream", "channel=%s event=retired",
		    logfile_value(feed_chan(f)->number));
		feed_retire(f);
		feeds_add(&s->retired, f);
	}
	free(old->v);
}

/* By what a station may be found. */
struct found {
	bool search, ssdp;
};

static struct found
found_by(const struct station *st)
{
	return (struct found){
		.search = station_announces(st, st->hdhr.discovery),
		.ssdp = station_announces(st, st->hdhr.ssdp),
	};
}

/* The station is found, or not, as its file says by now: one that has a token
 * since must not go on telling it to everybody. */
static void
discovery_update(struct station_run *s, struct found was)
{
	struct found is = found_by(s->pages.station);

	if (was.search == is.search && was.ssdp == is.ssdp)
		return;
	discover_close(s->discover);
	s->discover = discover_new(&s->loop, &s->pages);
}

/* What the operator set holds until the file says something else: editions
 * come unasked, too. */
static void
log_update(const struct station *was, const struct station *is)
{
	if (strcmp(was->log_level, is->log_level) != 0)
		logfile_configure(is->log_level);
}

static void
edition_take(struct station_run *s, struct edition *ed)
{
	struct found was = found_by(s->pages.station);
	struct feeds old = s->feeds;

	log_update(s->pages.station, ed->cfg->station);
	s->feeds = (struct feeds){ 0 };
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		const struct chan *ch = ed->cfg->chans[i];
		struct feed *f = feed_take(&old, ch);

		if (f == NULL)
			f = feed_make_after(s, ch, &old);
		feed_tune(f, ed->cfg->station);
		if (!ed->unasked)
			feed_forgive(f);
		if (ed->waits[i] != EDITION_GOES)
			wait_say(s, f, ch, ed->waits[i]);
		else
			feed_update(f, ch, ed->timelines[i], ed->pads[i],
			    ed->slates[i], &ed->caps);
		takeovers_apply(s->takeovers, f);
		feeds_add(&s->feeds, f);
	}
	feeds_retire(s, &old);
	if (s->planner == NULL)
		discard_edition(&s->loop, s->edition);
	s->edition = ed;
	catchups_take(s->catchups, ed);
	if (s->planner != NULL)
		planner_take(s->planner, ed, station_now(s));
	http_rules(s->http, ed->cfg->station);
	s->pages.station = ed->cfg->station;
	s->pages.feeds = s->feeds.v;
	s->pages.nfeeds = s->feeds.n;
	s->pages.ready = true;
	s->pages.reading = ed->early;
	discovery_update(s, was);
}

/* How many have to wait in it. */
static size_t
waiting_count(const struct edition *ed)
{
	size_t n = 0;

	for (size_t i = 0; i < ed->cfg->nchans; i++)
		n += ed->waits[i] != EDITION_GOES || ed->pads[i] == NULL;
	return n;
}

/* Whether a channel that airs by now can go on in it, for its viewers without a
 * break. */
static bool
goes_on(const struct chan *was, const struct edition *ed)
{
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		const struct chan *ch = ed->cfg->chans[i];

		if (strcmp(ch->slug, was->slug) == 0)
			return format_equal(&ch->format, &was->format) &&
			    ed->waits[i] == EDITION_GOES &&
			    ed->pads[i] != NULL;
	}
	return false;
}

bool
station_is_lost(struct station_run *s)
{
	const struct edition *ed = s->edition;
	int64_t now = station_now(s);

	for (size_t i = 0; ed != NULL && i < ed->cfg->nchans; i++)
		if (!timeline_knows(ed->timelines[i], rate_frame_at(
		    ed->cfg->chans[i]->format.rate, now)))
			return true;
	return false;
}

/* Why an early edition is not put on the air, or NULL.  What airs is better
 * where that was whole and less is known by now; and a configuration may still
 * be refused. */
static const char *
wait_reason(struct station_run *s, const struct edition *ed)
{
	const struct edition *on = s->edition;

	if (on != NULL && !on->early && (on->cfg == ed->cfg ||
	    ed->library->n < on->library->n) && !station_is_lost(s))
		return "waits for the library: what airs is planned from all "
		    "of it";
	for (size_t i = 0; i < s->feeds.n; i++)
		if (!feed_waits(s->feeds.v[i]) &&
		    !goes_on(feed_chan(s->feeds.v[i]), ed))
			return "waits for the library: a channel could not "
			    "go on meanwhile";
	return NULL;
}

void
station_on_begin(void *ctx)
{
	struct station_run *s = ctx;

	if (s->edition != NULL)
		notify_reloading(s->notify);
	notify_status(s->notify, "reading the library");
}

/* What was on goes on, if there was anything. */
static void
refuse(struct station_run *s, const struct errs *e)
{
	logfile(LOG_ERROR, "reload_refused", "faults=%zu", e->faults);
	notify_status(s->notify, "configuration refused, %zu faults: see the "
	    "log", e->faults);
	if (s->edition != NULL)
		notify_ready(s->notify);
}

static void
put_on(struct station_run *s, struct edition *ed)
{
	edition_take(s, ed);
	logfile(LOG_INFO, "ready", "channels=%zu waiting=%zu assets=%zu "
	    "reading=%s", s->feeds.n, waiting_count(ed), ed->library->n,
	    ed->early ? "yes" : "no");
	notify_status(s->notify, "%zu channels, %zu assets", s->feeds.n,
	    ed->library->n);
	notify_ready(s->notify);
	station_wake(s);
}

bool
station_on_early(void *ctx, struct edition *ed)
{
	struct station_run *s = ctx;
	const char *why = wait_reason(s, ed);

	if (why != NULL) {
		logfile(LOG_INFO, "reload", "text=%s", logfile_value(why));
		return false;
	}
	put_on(s, ed);
	return true;
}

/* At once or not at all. */
void
station_on_loaded(void *ctx, struct edition *ed, const struct errs *e,
    size_t nconfig)
{
	struct station_run *s = ctx;

	errs_log(e, nconfig, ed);
	if (ed == NULL) {
		refuse(s, e);
		return;
	}
	put_on(s, ed);
	if (ed->cfg->station->measure)
		measurer_wake(s->measurer);
}

/* What has been measured since the last edition is in the next one. */
void
station_on_measured(void *ctx)
{
	struct station_run *s = ctx;

	loader_look(s->loader);
}

/* Channels are there, though they cannot air, before the library is. */
void
station_feeds_init(struct station_run *s, const struct config *cfg)
{
	for (size_t i = 0; i < cfg->nchans; i++)
		feeds_add(&s->feeds, feed_make(s, cfg->chans[i]));
	s->pages = (struct pages){
		.station = cfg->station,
		.feeds = s->feeds.v,
		.nfeeds = s->feeds.n,
		.reading = true,
		.loop = &s->loop,
		.now = station_now,
		.ctx = s,
		.started_ns = station_clock_ns(CLOCK_MONOTONIC),
		.loader = s->loader,
		.measurer = s->measurer,
		.guides = s->guides,
		.www = www_new(),
	};
}

