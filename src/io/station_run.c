#include "io/station_run.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
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
#include "io/asrunlog.h"
#include "io/background.h"
#include "io/feed.h"
#include "io/http.h"
#include "io/loader.h"
#include "io/measurer.h"
#include "io/logfile.h"
#include "io/notify.h"
#include "io/pages.h"
#include "io/planner.h"
#include "io/spawns.h"
#include "media/edition.h"

#define END_MS		1500	/* SIGTERM to the children's SIGKILL */
#define LEAVE_MS	300	/* ... and on to our own end */
#define GONE_MS		1950	/* SIGTERM to the end of all */
#define LOG_MS		100	/* at least, for what is left of the log */
#define PROGRESS_NS	(5 * NS_PER_S)	/* between words about a long scan */
#define EXIT_RUNNING	75
#define GROUP		"retrovue"	/* may change things, where it exists */

/* Channels, in the order in which they are shown. */
struct feeds {
	struct feed **v;
	size_t n, cap;
};

struct station_run {
	const struct station_options *options;
	uv_loop_t loop;
	uv_timer_t timer;		/* the earliest deadline of all */
	uv_timer_t end_timer;
	uv_signal_t sigterm, sigint, sighup, sigusr1;
	struct clock clock;
	struct http *http;
	struct loader *loader;
	struct planner *planner;	/* NULL: there is none */
	struct measurer *measurer;
	struct notify *notify;
	struct edition *edition;	/* NULL until the first is there */
	struct feeds feeds;
	struct feeds retired;		/* their children are still ending */
	struct spawns spawns;
	struct pages pages;
	char *name;			/* the station's, as at the start */
	char *asrun_dir;
	int64_t progress_at;		/* when to say how far the scan is */
	bool stepped;			/* the clock has, not yet the channels */
	bool ending, killed;
	int64_t end_ns;			/* monotonic: be gone by then */
	int starter;			/* waits in the foreground; -1: none */
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

	return clock_read(&s->clock, clock_ns(CLOCK_MONOTONIC),
	    clock_ns(CLOCK_REALTIME), &s->stepped);
}

/* The clock may be seen to step in the middle of anything: what follows from
 * it waits for the next round. */
static void
step_take(struct station_run *s)
{
	if (!s->stepped)
		return;
	s->stepped = false;
	logfile(LOG_WARN, "clock_step", "house=%" PRId64, house_now(s));
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_rejoin(s->feeds.v[i]);
}

static void on_timer(uv_timer_t *t);

static void
wake(void *ctx)
{
	struct station_run *s = ctx;

	if (!uv_is_closing((uv_handle_t *)&s->timer))
		uv_timer_start(&s->timer, on_timer, 0, 0);
}

static bool
all_idle(const struct feeds *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!feed_idle(f->v[i]))
			return false;
	return true;
}

static void
feeds_add(struct feeds *f, struct feed *feed)
{
	xgrow(&f->v, &f->cap, f->n + 1, sizeof *f->v);
	f->v[f->n++] = feed;
}

/* Those whose last child is gone. */
static void
retired_bury(struct station_run *s)
{
	for (size_t i = s->retired.n; i-- > 0;) {
		if (!feed_idle(s->retired.v[i]))
			continue;
		feed_close(s->retired.v[i]);
		s->retired.v[i] = s->retired.v[--s->retired.n];
	}
}

static int64_t
feeds_step(const struct feeds *f, int64_t now, int64_t next)
{
	for (size_t i = 0; i < f->n; i++) {
		int64_t at = feed_step(f->v[i], now);

		if (at < next)
			next = at;
	}
	return next;
}

static void
progress_say(struct station_run *s, int64_t now)
{
	struct loader_state l = loader_state(s->loader);

	if (!l.busy || l.total == 0) {
		s->progress_at = now + PROGRESS_NS;
	} else if (now >= s->progress_at) {
		logfile(LOG_INFO, "scan", "done=%zu total=%zu", l.done,
		    l.total);
		notify_status(s->notify, "reading the library: %zu of %zu "
		    "files", l.done, l.total);
		s->progress_at = now + PROGRESS_NS;
	}
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
static void
waits_say(struct station_run *s)
{
	for (size_t i = 0; i < s->feeds.n; i++) {
		enum edition_wait w = s->edition == NULL ?
		    EDITION_WAITS_LIBRARY : s->edition->waits[i];

		if (w != EDITION_GOES)
			wait_say(s, s->feeds.v[i], feed_chan(s->feeds.v[i]), w);
	}
}

/* Both clocks are read once per wake-up; one timer, armed for the earliest
 * deadline of any channel. */
static void
on_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;
	int64_t now = house_now(s), next = now + NS_PER_S;

	step_take(s);
	next = feeds_step(&s->feeds, now, next);
	next = feeds_step(&s->retired, now, next);
	retired_bury(s);
	progress_say(s, now);
	planner_step(s->planner, now);
	waits_say(s);
	if (s->ending && all_idle(&s->feeds) && s->retired.n == 0)
		uv_stop(&s->loop);
	now = house_now(s);
	uv_update_time(&s->loop);
	uv_timer_start(t, on_timer, next <= now ? 0 :
	    (uint64_t)((next - now + 999999) / 1000000), 0);
}

/* What is left of the time to end in goes to the log. */
static void
log_end(const struct station_run *s)
{
	int64_t left_ms = (s->end_ns - clock_ns(CLOCK_MONOTONIC)) / 1000000;

	logfile_close(left_ms > LOG_MS ? (int)left_ms : LOG_MS);
}

/* Children that do not end are killed, and those that survive even that (in a
 * system call on a disk that does not answer) are left to the system. */
static void
on_end_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;

	if (s->killed) {
		logfile(LOG_ERROR, "ending", "text=%s", logfile_value(
		    "children that cannot be killed are left behind"));
		http_close(s->http);
		log_end(s);
		pidfile_close(s->options->pidfile);
		_exit(s->rc);
	}
	s->killed = true;
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_kill(s->feeds.v[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		feed_kill(s->retired.v[i]);
	uv_timer_start(t, on_end_timer, LEAVE_MS, 0);
}

static void
on_signal(uv_signal_t *h, int signum)
{
	struct station_run *s = h->data;

	if (s->ending)
		return;
	if (signum == SIGUSR1) {
		logfile_reopen();
		return;
	}
	if (signum == SIGHUP) {
		logfile(LOG_INFO, "reload", "signal=%d", signum);
		loader_ask(s->loader);
		return;
	}
	logfile(LOG_INFO, "ending", "signal=%d", signum);
	s->ending = true;
	s->end_ns = clock_ns(CLOCK_MONOTONIC) + GONE_MS * INT64_C(1000000);
	notify_stopping(s->notify);
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_end(s->feeds.v[i]);
	uv_timer_start(&s->end_timer, on_end_timer, END_MS, 0);
	wake(s);
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

/* What is wrong with files, one log line each. */
static void
errs_log(const struct errs *e, size_t nconfig, const struct edition *ed)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct err_item *it = &e->items[i];
		bool config = i < nconfig || is_of_chan(ed, it);

		logfile(it->warning ? LOG_WARN : LOG_ERROR,
		    config ? "config" : "library", "file=%s line=%u text=%s",
		    it->file != NULL ? logfile_value(it->file) : "-", it->line,
		    logfile_value(it->text));
	}
}

static bool
may_spawn(void *ctx)
{
	struct station_run *s = ctx;

	return spawns_take(&s->spawns, clock_ns(CLOCK_MONOTONIC));
}

static void
bad_asset(void *ctx, const char *path, const char *why)
{
	struct station_run *s = ctx;

	loader_mark(s->loader, path, why);
}

static void
on_marked(void *ctx, const struct errs *e)
{
	(void)ctx;
	errs_log(e, 0, NULL);
}

static struct feed *
feed_make(struct station_run *s, const struct chan *ch)
{
	struct feed_env env = {
		.loop = &s->loop,
		.now = house_now,
		.wake = wake,
		.may_spawn = may_spawn,
		.bad_asset = bad_asset,
		.ctx = s,
		.ffmpeg = s->options->ffmpeg,
		.shim = s->options->shim,
		.station = s->name,
		.asrun_dir = s->asrun_dir,
	};

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

/* preset and threads hold for the next child. */
static bool
ffmpeg_same(const struct station_ffmpeg *was, const struct station_ffmpeg *is)
{
	bool same = strcmp(was->ffmpeg, is->ffmpeg) == 0 &&
	    strcmp(was->ffprobe, is->ffprobe) == 0 &&
	    was->nice == is->nice && was->sandbox == is->sandbox &&
	    (was->user == NULL) == (is->user == NULL) &&
	    (was->user == NULL || strcmp(was->user, is->user) == 0) &&
	    was->nread == is->nread && was->nenv == is->nenv;

	for (size_t i = 0; same && i < is->nread; i++)
		same = strcmp(was->read[i], is->read[i]) == 0;
	for (size_t i = 0; same && i < is->nenv; i++)
		same = strcmp(was->env[i], is->env[i]) == 0;
	return same;
}

/* Keys that only a restart changes. */
static void
restart_check(const struct station *was, const struct station *is)
{
	bool same = was->nlistens == is->nlistens &&
	    strcmp(was->control_socket, is->control_socket) == 0 &&
	    strcmp(was->log_dir, is->log_dir) == 0 &&
	    strcmp(was->asrun_dir, is->asrun_dir) == 0 &&
	    ffmpeg_same(&was->ffmpeg, &is->ffmpeg);

	for (size_t i = 0; same && i < is->nlistens; i++)
		same = was->listens[i].port == is->listens[i].port &&
		    strcmp(was->listens[i].host, is->listens[i].host) == 0;
	if (!same)
		logfile(LOG_WARN, "reload", "text=%s", logfile_value("http."
		    "listen, paths, control and ffmpeg (but preset and "
		    "threads) change with a restart only"));
}

static void
drop_work(uv_work_t *w)
{
	edition_free(w->data);
}

static void
drop_done(uv_work_t *w, int status)
{
	(void)status;
	free(w);
}

/* A hundred thousand assets take their time to be freed: not on the loop. */
static void
edition_drop(struct station_run *s, struct edition *ed)
{
	uv_work_t *w = xcalloc(1, sizeof *w);

	w->data = ed;
	uv_queue_work(&s->loop, w, drop_work, drop_done);
}

static void
edition_take(struct station_run *s, struct edition *ed)
{
	struct feeds old = s->feeds;

	s->feeds = (struct feeds){ 0 };
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		const struct chan *ch = ed->cfg->chans[i];
		struct feed *f = feed_take(&old, ch);

		if (f == NULL)
			f = feed_make(s, ch);
		feed_tune(f, &ed->cfg->station->relay);
		if (ed->waits[i] != EDITION_GOES)
			wait_say(s, f, ch, ed->waits[i]);
		else
			feed_update(f, ch, ed->timelines[i], ed->pads[i],
			    ed->slates[i], &ed->caps);
		feeds_add(&s->feeds, f);
	}
	feeds_retire(s, &old);
	if (s->edition != NULL)
		restart_check(s->edition->cfg->station, ed->cfg->station);
	if (s->planner == NULL)
		edition_drop(s, s->edition);
	s->edition = ed;
	if (s->planner != NULL)
		planner_take(s->planner, ed, house_now(s));
	s->pages.station = ed->cfg->station;
	s->pages.feeds = s->feeds.v;
	s->pages.nfeeds = s->feeds.n;
	s->pages.ready = true;
	s->pages.reading = ed->early;
}

/* In whatever house format. */
static bool
airs_by_now(const struct station_run *s, const char *slug)
{
	for (size_t i = 0; i < s->feeds.n; i++)
		if (strcmp(feed_chan(s->feeds.v[i])->slug, slug) == 0)
			return !feed_waits(s->feeds.v[i]);
	return false;
}

/* How many have to wait in it; and whether one of them airs already. */
static size_t
waiting_count(const struct station_run *s, const struct edition *ed,
    bool *airs)
{
	size_t n = 0;

	*airs = false;
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		if (ed->waits[i] == EDITION_GOES && ed->pads[i] != NULL)
			continue;
		*airs |= airs_by_now(s, ed->cfg->chans[i]->slug);
		n++;
	}
	return n;
}

static void
on_begin(void *ctx)
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

/* At once or not at all. */
static void
on_loaded(void *ctx, struct edition *ed, const struct errs *e,
    size_t nconfig)
{
	struct station_run *s = ctx;
	size_t waiting;
	bool airs;

	errs_log(e, nconfig, ed);
	if (s->ending) {
		/* The first one's configuration is still in use. */
		if (s->edition == NULL)
			s->edition = ed;
		else
			edition_free(ed);
		return;
	}
	if (ed == NULL) {
		refuse(s, e);
		return;
	}
	waiting = waiting_count(s, ed, &airs);
	if (airs) {
		/* Better what airs now than an early edition. */
		logfile(LOG_INFO, "reload", "text=%s", logfile_value("waits "
		    "for the library: a channel would have nothing to air"));
		edition_drop(s, ed);
		return;
	}
	edition_take(s, ed);
	if (!ed->early && ed->cfg->station->measure)
		measurer_wake(s->measurer);
	logfile(LOG_INFO, "ready", "channels=%zu waiting=%zu assets=%zu "
	    "reading=%s", s->feeds.n, waiting, ed->library->n,
	    ed->early ? "yes" : "no");
	notify_status(s->notify, "%zu channels, %zu assets", s->feeds.n,
	    ed->library->n);
	notify_ready(s->notify);
	wake(s);
}

/* The control socket's group: the one named, which must be there, else the
 * usual one where it is and we may give files to it, else (-1) our own. */
static int
control_group(const struct station *st, gid_t *out)
{
	const char *name = st->control_group;
	const struct group *g = getgrnam(name != NULL ? name : GROUP);

	*out = (gid_t)-1;
	if (g != NULL && (name != NULL || geteuid() == 0 ||
	    group_member(g->gr_gid)))
		*out = g->gr_gid;
	if (g != NULL || name == NULL)
		return 0;
	fprintf(stderr, "retrovued: control socket: there is no group '%s'\n",
	    name);
	return -1;
}

static int
listen_all(struct station_run *s, const struct station *st)
{
	gid_t group;
	int rc;

	if (control_group(st, &group) < 0)
		return EX_CONFIG;
	if ((rc = http_listen_unix(s->http, st->control_socket,
	    (mode_t)st->control_mode, group)) < 0) {
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
	uv_signal_init(&s->loop, &s->sigusr1);
	s->timer.data = s->end_timer.data = s->sigterm.data = s->sigint.data =
	    s->sighup.data = s->sigusr1.data = s;
	uv_signal_start(&s->sigterm, on_signal, SIGTERM);
	uv_signal_start(&s->sigint, on_signal, SIGINT);
	uv_signal_start(&s->sighup, on_signal, SIGHUP);
	uv_signal_start(&s->sigusr1, on_signal, SIGUSR1);
	s->notify = notify_new(&s->loop, s->options->ready_fd);
}

static void
loader_init(struct station_run *s, const struct station *st)
{
	const struct loader_env env = {
		.loop = &s->loop,
		.config = s->options->config,
		.ffmpeg = s->options->ffmpeg,
		.ffprobe = s->options->ffprobe,
		.shim = s->options->shim,
		.state_dir = st->state_dir,
		.now = house_now,
		.on_begin = on_begin,
		.on_loaded = on_loaded,
		.on_marked = on_marked,
		.ctx = s,
	};

	s->loader = loader_new(&env);
}

/* What has been measured since the last edition is in the next one. */
static void
on_measured(void *ctx)
{
	struct station_run *s = ctx;

	loader_ask(s->loader);
}

static void
measurer_init(struct station_run *s, const struct station *st)
{
	const struct measurer_env env = {
		.loop = &s->loop,
		.ffmpeg = s->options->ffmpeg,
		.shim = s->options->shim,
		.state_dir = st->state_dir,
		.on_measured = on_measured,
		.ctx = s,
	};

	s->measurer = measurer_new(&env);
}

/* Channels are there, though they cannot air, before the library is. */
static void
feeds_init(struct station_run *s, const struct config *cfg)
{
	for (size_t i = 0; i < cfg->nchans; i++)
		feeds_add(&s->feeds, feed_make(s, cfg->chans[i]));
	s->pages = (struct pages){
		.station = cfg->station,
		.feeds = s->feeds.v,
		.nfeeds = s->feeds.n,
		.reading = true,
		.now = house_now,
		.ctx = s,
		.started_ns = clock_ns(CLOCK_MONOTONIC),
		.loader = s->loader,
		.measurer = s->measurer,
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
	bool planned;

	http_close(s->http);
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_close(s->feeds.v[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		feed_close(s->retired.v[i]);
	measurer_stop(s->measurer);
	loader_stop(s->loader);
	measurer_close(s->measurer);
	loader_close(s->loader);
	planned = planner_close(s->planner);
	notify_close(s->notify);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->end_timer, NULL);
	uv_close((uv_handle_t *)&s->sigterm, NULL);
	uv_close((uv_handle_t *)&s->sigint, NULL);
	uv_close((uv_handle_t *)&s->sighup, NULL);
	uv_close((uv_handle_t *)&s->sigusr1, NULL);
	uv_run(&s->loop, UV_RUN_NOWAIT);
	if (uv_run(&s->loop, UV_RUN_NOWAIT) != 0) {
		uv_walk(&s->loop, close_walk, NULL);
		uv_run(&s->loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&s->loop);
	if (planned)
		edition_free(s->edition);
	free(s->feeds.v);
	free(s->retired.v);
	free(s->name);
	free(s->asrun_dir);
}

/* Descriptors that we were started with are nobody's business but ours: no
 * child inherits them.  libuv's way stops at the first gap above 15. */
static void
inheritance_end(void)
{
	if (close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		uv_disable_stdio_inheritance();
}

/* Only now, so that who starts us sees what was in the way. */
static int
background(struct station_run *s)
{
	int rc;

	s->starter = background_begin();
	rc = s->starter < 0 ? -errno : uv_loop_fork(&s->loop);
	if (rc == 0)
		rc = pidfile_write(s->options->pidfile);
	if (rc == 0)
		return 0;
	fprintf(stderr, "retrovued: to the background: %s\n", strerror(-rc));
	return EX_OSERR;
}

/* In the process that stays: a thread does not outlive daemon(3). */
static int
log_begin(struct station_run *s)
{
	int rc;

	asrunlog_recover(s->asrun_dir);
	if ((rc = logfile_start()) == 0)
		return 0;
	fprintf(stderr, "retrovued: no thread for the log: %s\n",
	    strerror(-rc));
	return EX_OSERR;
}

/* What needed root is done. */
static int
root_leave(const struct privs *user)
{
	int rc;

	if (user == NULL)
		return EX_OK;
	if ((rc = privs_become(user)) < 0) {
		fprintf(stderr, "retrovued: cannot become %s: %s\n",
		    user->name, strerror(-rc));
		return EX_OSERR;
	}
	logfile(user->uid == 0 ? LOG_WARN : LOG_INFO, "user",
	    "name=%s uid=%u gid=%u", logfile_value(user->name),
	    (unsigned)user->uid, (unsigned)user->gid);
	return EX_OK;
}

int
station_run(struct config *cfg, const struct station_options *o)
{
	struct station_run s = { .options = o, .starter = -1 };

	signal(SIGPIPE, SIG_IGN);
	inheritance_end();
	clock_init(&s.clock, clock_ns(CLOCK_MONOTONIC),
	    clock_ns(CLOCK_REALTIME), o->start_ns);
	s.name = xstrdup(cfg->station->name);
	s.asrun_dir = xstrdup(cfg->station->asrun_dir);
	handles_init(&s);
	loader_init(&s, cfg->station);
	measurer_init(&s, cfg->station);
	feeds_init(&s, cfg);
	s.http = http_new(&s.loop, pages_answer, &s.pages);
	if ((s.rc = listen_all(&s, cfg->station)) == 0 && o->daemonize)
		s.rc = background(&s);
	if (s.rc == 0)
		s.rc = root_leave(o->user);
	if (s.rc == 0)
		s.rc = log_begin(&s);
	if (s.rc == 0) {
		if (s.starter >= 0)
			background_done(s.starter);
		s.planner = planner_new(&s.loop, cfg->station->state_dir);
		loader_start(s.loader, cfg);
		uv_timer_start(&s.timer, on_timer, 0, 0);
		uv_run(&s.loop, UV_RUN_DEFAULT);
	} else {
		config_free(cfg);
	}
	close_all(&s);
	log_end(&s);
	return s.rc;
}
