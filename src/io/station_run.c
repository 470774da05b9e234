#include "io/station_run.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "io/feed.h"
#include "io/http.h"
#include "io/logfile.h"
#include "io/pages.h"
#include "media/padfile.h"
#include "media/scan.h"

#define END_MS		1500	/* SIGTERM to the children's SIGKILL */
#define EXIT_RUNNING	75
#define PROBES		2

struct station_run {
	const struct config *cfg;
	const struct station_options *options;
	uv_loop_t loop;
	uv_timer_t timer;		/* the earliest deadline of all */
	uv_timer_t end_timer;
	uv_signal_t sigterm, sigint, sighup;
	uv_async_t scanned;
	struct clock clock;
	struct http *http;
	struct feed **feeds;
	size_t nfeeds;
	struct pages pages;

	/* Made by the scanning thread, the loop's once `scanned` fires. */
	pthread_t scanner;
	bool scanning;
	volatile int stop_scan;
	struct library *library;
	struct pad **pads;		/* by channel; some are the same */
	struct tz **zones;
	struct timeline **timelines;
	struct errs errs;

	bool ending;
	int rc;
};

static int64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static int64_t
house_now(void *ctx)
{
	struct station_run *s = ctx;
	bool stepped = false;
	int64_t now = clock_read(&s->clock, clock_ns(CLOCK_MONOTONIC),
	    clock_ns(CLOCK_REALTIME), &stepped);

	if (stepped) {
		logfile(LOG_WARN, "clock_step", "house=%" PRId64, now);
		for (size_t i = 0; i < s->nfeeds; i++)
			feed_rejoin(s->feeds[i]);
	}
	return now;
}

static void on_timer(uv_timer_t *t);

static void
wake(void *ctx)
{
	struct station_run *s = ctx;

	if (!uv_is_closing((uv_handle_t *)&s->timer))
		uv_timer_start(&s->timer, on_timer, 0, 0);
}

static void
end_check(struct station_run *s)
{
	for (size_t i = 0; i < s->nfeeds; i++)
		if (!feed_idle(s->feeds[i]))
			return;
	uv_stop(&s->loop);
}

/* Both clocks are read once per wake-up; one timer, armed for the earliest
 * deadline of any channel. */
static void
on_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;
	int64_t now = house_now(s), next = now + NS_PER_S;

	for (size_t i = 0; i < s->nfeeds; i++) {
		int64_t at = feed_step(s->feeds[i], now);

		if (at < next)
			next = at;
	}
	if (s->ending)
		end_check(s);
	now = house_now(s);
	uv_update_time(&s->loop);
	uv_timer_start(t, on_timer, next <= now ? 0 :
	    (uint64_t)((next - now + 999999) / 1000000), 0);
}

static void
on_end_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;

	for (size_t i = 0; i < s->nfeeds; i++)
		feed_kill(s->feeds[i]);
}

static void
on_signal(uv_signal_t *h, int signum)
{
	struct station_run *s = h->data;

	if (s->ending)
		return;
	logfile(LOG_INFO, "ending", "signal=%d", signum);
	s->ending = true;
	s->stop_scan = 1;
	for (size_t i = 0; i < s->nfeeds; i++)
		feed_stop(s->feeds[i]);
	uv_timer_start(&s->end_timer, on_end_timer, END_MS, 0);
	wake(s);
}

/* The errors of a scan, one log line each. */
static void
errs_log(const struct errs *e)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct err_item *it = &e->items[i];

		logfile(it->warning ? LOG_WARN : LOG_ERROR, "library",
		    "file=%s line=%u text=%s",
		    it->file != NULL ? logfile_value(it->file) : "-", it->line,
		    logfile_value(it->text));
	}
}

static void
on_progress(void *ctx, size_t done, size_t total)
{
	(void)ctx;
	if (done == total || done % 100 == 0)
		fprintf(stderr, "retrovued: library: %zu of %zu files\n", done,
		    total);
}

/* One pad per different house format. */
static struct pad *
pad_of(struct station_run *s, size_t i)
{
	const struct format *f = &s->cfg->chans[i]->format;

	for (size_t k = 0; k < i; k++)
		if (format_equal(f, &s->cfg->chans[k]->format))
			return s->pads[k];
	return padfile_load(s->options->ffmpeg, s->cfg->station->state_dir, f,
	    &s->errs);
}

static struct tz *
zone_of(struct station_run *s, const struct chan *ch)
{
	const char *name = ch->timezone != NULL ? ch->timezone :
	    s->cfg->station->timezone;
	struct errs *e = &s->errs;
	struct tz *z;

	if (name == NULL)
		name = "/etc/localtime";
	if ((z = config_zone(name, ch->file, e)) == NULL)
		z = tz_utc();
	return z;
}

/* Plan today now, so that the first viewer does not wait for it. */
static struct timeline *
timeline_of(struct station_run *s, size_t i)
{
	const struct chan *ch = s->cfg->chans[i];
	struct timeline *t;

	t = timeline_new(ch, s->library, s->zones[i],
	    s->cfg->station->since_days);
	timeline_check(t, &s->errs);
	timeline_at(t, rate_frame_at(ch->format.rate,
	    clock_ns(CLOCK_REALTIME) + s->clock.bias));
	return t;
}

static void *
scanner_main(void *arg)
{
	struct station_run *s = arg;
	const struct config *cfg = s->cfg;
	const char **extra = xcalloc(cfg->nchans, sizeof *extra);
	struct scan_options o = {
		.ffprobe = s->options->ffprobe,
		.jobs = PROBES,
		.extra = extra,
		.progress = on_progress,
		.stop = &s->stop_scan,
	};

	for (size_t i = 0; i < cfg->nchans; i++)
		if (cfg->chans[i]->filler != NULL)
			extra[o.nextra++] = cfg->chans[i]->filler;
	s->library = scan_library(cfg->station, &o, &s->errs);
	free(extra);
	for (size_t i = 0; i < cfg->nchans && !s->stop_scan; i++) {
		s->pads[i] = pad_of(s, i);
		s->zones[i] = zone_of(s, cfg->chans[i]);
		s->timelines[i] = timeline_of(s, i);
	}
	uv_async_send(&s->scanned);
	return NULL;
}

static void
on_scanned(uv_async_t *a)
{
	struct station_run *s = a->data;

	pthread_join(s->scanner, NULL);
	s->scanning = false;
	errs_log(&s->errs);
	if (s->ending)
		return;
	for (size_t i = 0; i < s->nfeeds; i++) {
		if (s->pads[i] == NULL)
			feed_set_reason(s->feeds[i],
			    "no pad could be made: see the log for why ffmpeg "
			    "failed");
		else
			feed_ready(s->feeds[i], s->timelines[i], s->pads[i]);
	}
	s->pages.ready = true;
	logfile(LOG_INFO, "ready", "channels=%zu assets=%zu", s->nfeeds,
	    s->library->n);
	wake(s);
}

static int
listen_all(struct station_run *s)
{
	const struct station *st = s->cfg->station;
	int rc;

	if ((rc = http_listen_unix(s->http, st->control_socket)) < 0) {
		fprintf(stderr, "retrovued: control socket %s: %s\n",
		    st->control_socket, rc == -EADDRINUSE ?
		    "another retrovued answers there" : strerror(-rc));
		return rc == -EADDRINUSE ? EXIT_RUNNING :
		    rc == -EACCES || rc == -EPERM ? EX_NOPERM : EX_OSERR;
	}
	for (size_t i = 0; i < st->nlistens; i++) {
		const struct station_listen *l = &st->listens[i];
		uint16_t port = l->port;

		if ((rc = http_listen(s->http, l->host, &port)) < 0) {
			fprintf(stderr, "retrovued: cannot listen on %s port "
			    "%u: %s\n", l->host, l->port, strerror(-rc));
			return rc == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
		}
		logfile(LOG_INFO, "listening", "host=%s port=%u", l->host,
		    port);
	}
	return 0;
}

static void
handles_init(struct station_run *s)
{
	uv_loop_init(&s->loop);
	uv_timer_init(&s->loop, &s->timer);
	uv_timer_init(&s->loop, &s->end_timer);
	uv_signal_init(&s->loop, &s->sigterm);
	uv_signal_init(&s->loop, &s->sigint);
	uv_signal_init(&s->loop, &s->sighup);
	uv_async_init(&s->loop, &s->scanned, on_scanned);
	s->timer.data = s->end_timer.data = s->sigterm.data = s->sigint.data =
	    s->sighup.data = s->scanned.data = s;
	uv_signal_start(&s->sigterm, on_signal, SIGTERM);
	uv_signal_start(&s->sigint, on_signal, SIGINT);
	/* A terminal that goes away must not leave children behind. */
	uv_signal_start(&s->sighup, on_signal, SIGHUP);
}

static void
feeds_make(struct station_run *s)
{
	struct feed_env env = {
		.loop = &s->loop,
		.now = house_now,
		.wake = wake,
		.ctx = s,
		.ffmpeg = s->options->ffmpeg,
		.station = s->cfg->station->name,
	};
	size_t n = s->cfg->nchans;

	s->feeds = xcalloc(n, sizeof *s->feeds);
	s->pads = xcalloc(n, sizeof *s->pads);
	s->zones = xcalloc(n, sizeof *s->zones);
	s->timelines = xcalloc(n, sizeof *s->timelines);
	for (size_t i = 0; i < n; i++)
		s->feeds[i] = feed_new(&env, s->cfg->chans[i]);
	s->nfeeds = n;
	s->pages = (struct pages){
		.station = s->cfg->station,
		.feeds = s->feeds,
		.nfeeds = n,
		.now = house_now,
		.ctx = s,
		.started_ns = clock_ns(CLOCK_MONOTONIC),
	};
}

static void
close_walk(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static void
close_all(struct station_run *s)
{
	http_close(s->http);
	for (size_t i = 0; i < s->nfeeds; i++)
		feed_close(s->feeds[i]);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->end_timer, NULL);
	uv_close((uv_handle_t *)&s->sigterm, NULL);
	uv_close((uv_handle_t *)&s->sigint, NULL);
	uv_close((uv_handle_t *)&s->sighup, NULL);
	uv_close((uv_handle_t *)&s->scanned, NULL);
	uv_run(&s->loop, UV_RUN_NOWAIT);
	if (uv_run(&s->loop, UV_RUN_NOWAIT) != 0) {
		uv_walk(&s->loop, close_walk, NULL);
		uv_run(&s->loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&s->loop);
}

static void
free_all(struct station_run *s)
{
	for (size_t i = 0; i < s->nfeeds; i++) {
		bool shared = false;

		for (size_t k = 0; k < i; k++)
			shared |= s->pads[k] == s->pads[i];
		if (!shared)
			pad_free(s->pads[i]);
		if (s->timelines[i] != NULL)
			timeline_free(s->timelines[i]);
		tz_free(s->zones[i]);
	}
	library_free(s->library);
	errs_fini(&s->errs);
	free(s->feeds);
	free(s->pads);
	free(s->zones);
	free(s->timelines);
}

/* Descriptors that we were started with are nobody's business but ours: no
 * child inherits them.  libuv's way stops at the first gap above 15. */
static void
inheritance_end(void)
{
	if (close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		uv_disable_stdio_inheritance();
}

int
station_run(const struct config *cfg, const struct station_options *o)
{
	struct station_run s = { .cfg = cfg, .options = o };

	signal(SIGPIPE, SIG_IGN);
	inheritance_end();
	clock_init(&s.clock, clock_ns(CLOCK_MONOTONIC),
	    clock_ns(CLOCK_REALTIME), o->start_ns);
	handles_init(&s);
	feeds_make(&s);
	s.http = http_new(&s.loop, pages_answer, &s.pages);
	if ((s.rc = listen_all(&s)) == 0) {
		s.scanning = pthread_create(&s.scanner, NULL, scanner_main,
		    &s) == 0;
		uv_timer_start(&s.timer, on_timer, 0, 0);
		uv_run(&s.loop, UV_RUN_DEFAULT);
	}
	if (s.scanning) {
		s.stop_scan = 1;
		pthread_join(s.scanner, NULL);
	}
	close_all(&s);
	free_all(&s);
	return s.rc;
}
