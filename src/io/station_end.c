/* How the station ends: everybody is told, children have their time, and what
 * a disk holds is left behind. */

#include "io/station_parts.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arith.h"
#include "io/logfile.h"
#include "io/www.h"

#define END_MS		1500	/* SIGTERM to the children's SIGKILL */
#define LEAVE_MS	300	/* ... and on to our own end */
#define GONE_MS		1950	/* SIGTERM to the end of all */
#define LOG_MS		250	/* at least, for what is left of the log */

static void
end_by(struct station_run *s)
{
	s->end_ns = station_clock_ns(CLOCK_MONOTONIC) +
	    GONE_MS * INT64_C(1000000);
}

/* What is left of the time to end in, but for the log's. */
static int64_t
left_ms(const struct station_run *s)
{
	int64_t ms = (s->end_ns - station_clock_ns(CLOCK_MONOTONIC)) /
	    1000000;

	return ms > LOG_MS ? ms - LOG_MS : 0;
}

static void
log_end(const struct station_run *s)
{
	logfile_close((int)left_ms(s) + LOG_MS);
}

/* A disk that does not answer holds what no signal ends: it is left to the
 * system, with all that it uses. */
static _Noreturn void
leave(struct station_run *s, const char *what)
{
	logfile(LOG_ERROR, "ending", "text=%s", logfile_value(what));
	log_end(s);
	pidfile_close(s->options->pidfile);
	_exit(s->rc);
}

/* Children that do not end are killed. */
static void
on_end_timer(uv_timer_t *t)
{
	struct station_run *s = t->data;

	if (s->killed) {
		http_close(s->http);
		leave(s, "children that cannot be killed are left behind");
	}
	s->killed = true;
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_kill(s->feeds.v[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		feed_kill(s->retired.v[i]);
	catchups_kill(s->catchups);
	uv_timer_start(t, on_end_timer, LEAVE_MS, 0);
}

void
station_end(struct station_run *s)
{
	s->ending = true;
	end_by(s);
	notify_stopping(s->notify);
	measurer_stop(s->measurer);
	loader_stop(s->loader);
	discover_close(s->discover);
	s->discover = NULL;
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_end(s->feeds.v[i]);
	catchups_end(s->catchups);
	uv_timer_start(&s->end_timer, on_end_timer, END_MS, 0);
	station_wake(s);
}

/* But for the timer. */
static void
close_walk(uv_handle_t *h, void *arg)
{
	if (h != arg && !uv_is_closing(h))
		uv_close(h, NULL);
}

static void
on_held(uv_timer_t *t)
{
	leave(t->data, "work that has not ended is left behind");
}

/* What is still to be closed, and what libuv's threads are at, which may be a
 * disk that does not answer. */
static void
loop_end(struct station_run *s)
{
	uv_handle_t *timer = (uv_handle_t *)&s->end_timer;

	uv_timer_start(&s->end_timer, on_held, (uint64_t)left_ms(s), 0);
	uv_unref(timer);
	uv_run(&s->loop, UV_RUN_NOWAIT);
	if (uv_run(&s->loop, UV_RUN_NOWAIT) != 0) {
		uv_walk(&s->loop, close_walk, timer);
		uv_run(&s->loop, UV_RUN_DEFAULT);
	}
	uv_close(timer, NULL);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	uv_loop_close(&s->loop);
}

/* They have been told to end when we were.  False: not all have. */
static bool
threads_end(struct station_run *s)
{
	return measurer_close(s->measurer, left_ms(s)) &&
	    loader_close(s->loader, left_ms(s)) &&
	    planner_close(s->planner, left_ms(s));
}

void
station_close(struct station_run *s)
{
	if (s->end_ns == 0)
		end_by(s);
	http_close(s->http);
	discover_close(s->discover);
	for (size_t i = 0; i < s->feeds.n; i++)
		feed_close(s->feeds.v[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		feed_close(s->retired.v[i]);
	catchups_close(s->catchups);
	takeovers_stop(s->takeovers);
	if (!threads_end(s))
		leave(s, "a thread that has not ended is left behind");
	guides_close(s->guides);
	notify_close(s->notify);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->sigterm, NULL);
	uv_close((uv_handle_t *)&s->sigint, NULL);
	uv_close((uv_handle_t *)&s->sighup, NULL);
	uv_close((uv_handle_t *)&s->sigusr1, NULL);
	loop_end(s);
	takeovers_free(s->takeovers);
	catchups_free(s->catchups);
	edition_free(s->edition);
	www_free(s->pages.www);
	free(s->feeds.v);
	free(s->retired.v);
	free(s->name);
	free(s->asrun_dir);
	routes_fini(&s->pages.routes);
	log_end(s);
}
