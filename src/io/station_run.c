#include "io/station_run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/xmem.h"
#include "io/asrunlog.h"
#include "io/background.h"
#include "io/logfile.h"
#include "io/loopstart.h"
#include "io/station_parts.h"
#include "io/www.h"
#include "media/devicefile.h"

#define PROGRESS_NS	(5 * NS_PER_S)	/* between words about a long scan */
#define LOST_MS		60000		/* and between looks for that */

int64_t
station_clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t
station_now(void *ctx)
{
	struct station_run *s = ctx;

	return clock_read(&s->clock, station_clock_ns(CLOCK_MONOTONIC),
	    station_clock_ns(CLOCK_REALTIME), &s->stepped);
}

int64_t
station_stepped(void *ctx)
{
	const struct station_run *s = ctx;

	return s->clock.stepped;
}

/* The clock may be seen to step in the middle of anything: what follows from
 * it waits for the next round. */
static void
step_take(struct station_run *s)
{
	if (!s->stepped)
		return;
	s->stepped = false;
	s->pages.clock_steps++;
	logfile(LOG_WARN, "clock_step", "house=%" PRId64, station_now(s));
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_rejoin(s->feeds.v[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		feed_rejoin(s->retired.v[i]);
	takeovers_rejoin(s->takeovers);
	/* Where a machine without a clock has started in 1970 all that was
	 * planned is of another time: what is stored of now is to stand, and
	 * until then pad is all that the channels know of. */
	if (!s->ending)
		loader_step(s->loader);
}

static void on_timer(uv_timer_t *t);

void
station_wake(void *ctx)
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

/* What should have planned for now may have failed, or its time has passed
 * while nothing ran. */
static void
lost_look(struct station_run *s)
{
	if (s->ending || uv_now(&s->loop) < s->lost_at)
		return;
	s->lost_at = uv_now(&s->loop) + LOST_MS;
	if (station_is_lost(s) && !loader_state(s->loader).busy)
		loader_step(s->loader);
}

/* Until that instant, but no longer than a second, whatever the clock has done
 * meanwhile.  Never 0: libuv (before 1.45) would come back before it has looked
 * at sockets. */
static uint64_t
sleep_ms(const struct station_run *s, int64_t now, int64_t next)
{
	if (s->stepped || next <= now)
		return 1;
	if (next - now > NS_PER_S)
		return 1000;
	return (uint64_t)((next - now + 999999) / 1000000);
}

/* Both clocks are read once per wake-up; one timer, armed for the earliest
 * deadline of any channel. */
static void
on_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;
	int64_t now = station_now(s), next = now + NS_PER_S;

	step_take(s);
	next = feeds_step(&s->feeds, now, next);
	next = feeds_step(&s->retired, now, next);
	next = catchups_step(s->catchups, now, next);
	retired_bury(s);
	progress_say(s, now);
	planner_step(s->planner, now);
	lost_look(s);
	station_waits_say(s);
	if (s->ending && all_idle(&s->feeds) && s->retired.n == 0 &&
	    catchups_idle(s->catchups))
		uv_stop(&s->loop);
	now = station_now(s);
	uv_update_time(&s->loop);
	uv_timer_start(t, on_timer, sleep_ms(s, now, next), 0);
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
	station_end(s);
}

/* Once there is a loop the other handles, and those of the loader and the
 * measurer, need nothing that might not be had. */
static void
handles_init(struct station_run *s)
{
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
		.now = station_now,
		.on_begin = station_on_begin,
		.on_early = station_on_early,
		.on_loaded = station_on_loaded,
		.on_marked = station_on_marked,
		.ctx = s,
	};

	s->loader = loader_new(&env);
}

static void
measurer_init(struct station_run *s, const struct station *st)
{
	const struct measurer_env env = {
		.loop = &s->loop,
		.ffmpeg = s->options->ffmpeg,
		.shim = s->options->shim,
		.state_dir = st->state_dir,
		.on_measured = station_on_measured,
		.ctx = s,
	};

	s->measurer = measurer_new(&env);
}

static void
takeovers_init(struct station_run *s, const struct station *st)
{
	const struct takeovers_env env = {
		.loop = &s->loop,
		.now = station_now,
		.stepped = station_stepped,
		.ctx = s,
		.ffprobe = s->options->ffprobe,
		.shim = s->options->shim,
		.state_dir = st->state_dir,
		.pages = &s->pages,
	};

	s->takeovers = s->pages.takeovers = takeovers_new(&env);
}

static void
catchups_init(struct station_run *s, const struct station *st)
{
	const struct catchups_env env = {
		.feed = station_feed_env(s),
		.state_dir = st->state_dir,
	};

	s->catchups = s->pages.catchups = catchups_new(&env);
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

/* The identity is read here, before anything is on the air. */
static void
discovery_begin(struct station_run *s, const struct station *st)
{
	uint32_t id = st->hdhr.device_id;
	int rc = 0;

	if (id == 0 && (rc = devicefile_get(st->state_dir, &id)) < 0)
		logfile(LOG_WARN, "discovery", "text=%s", logfile_value("the "
		    "device id could not be kept in the state directory"));
	s->pages.device_id = id;
	s->discover = discover_new(&s->loop, &s->pages);
}

int
station_run(struct config *cfg, const struct station_options *o)
{
	struct station_run s = { .options = o, .starter = -1 };

	if (loopstart_init(&s.loop) < 0) {
		config_free(cfg);
		return EX_OSERR;
	}
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error, and not the end. */
	signal(SIGXFSZ, SIG_IGN);
	inheritance_end();
	clock_init(&s.clock, station_clock_ns(CLOCK_MONOTONIC),
	    station_clock_ns(CLOCK_REALTIME), o->start_ns);
	s.name = xstrdup(cfg->station->name);
	s.asrun_dir = xstrdup(cfg->station->asrun_dir);
	handles_init(&s);
	loader_init(&s, cfg->station);
	measurer_init(&s, cfg->station);
	s.guides = guides_new(&s.loop, station_now, &s);
	station_feeds_init(&s, cfg);
	takeovers_init(&s, cfg->station);
	catchups_init(&s, cfg->station);
	s.http = http_new(&s.loop, pages_answer, pages_count, &s.pages,
	    cfg->station);
	if ((s.rc = station_listen(&s, cfg->station)) == 0 && o->daemonize)
		s.rc = background(&s);
	if (s.rc == 0)
		s.rc = root_leave(o->user);
	if (s.rc == 0)
		s.rc = log_begin(&s);
	if (s.rc == 0) {
		loopstart_threads(&s.loop);
		if (s.starter >= 0)
			background_done(s.starter);
		discovery_begin(&s, cfg->station);
		s.planner = planner_new(&s.loop, cfg->station->state_dir,
		    s.guides);
		loader_start(s.loader, cfg);
		uv_timer_start(&s.timer, on_timer, 0, 0);
		uv_run(&s.loop, UV_RUN_DEFAULT);
	} else {
		config_free(cfg);
	}
	station_close(&s);
	return s.rc;
}
