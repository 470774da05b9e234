#include "io/measurer.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/xmem.h"
#include "io/logfile.h"
#include "media/measure.h"
#include "media/mono.h"
#include "media/worker.h"

#define PAUSE_MS	10000	/* from an edition to the first file */
#define SLICE_MS	900000	/* what is known by then is used */
#define JOBS		2

struct measurer {
	struct measurer_env env;
	char *state_dir;
	uv_timer_t pause;
	uv_async_t ended;
	int open;			/* handles */
	pthread_t thread;
	bool busy;
	bool again;			/* woken while busy */

	/* The thread's while it runs, else the loop's. */
	size_t measured;
	struct errs errs;

	volatile int stop;		/* shared */
	size_t done, total;		/* shared, atomic */
};

static void
on_progress(void *ctx, size_t done, size_t total)
{
	struct measurer *m = ctx;

	__atomic_store_n(&m->done, done, __ATOMIC_RELAXED);
	__atomic_store_n(&m->total, total, __ATOMIC_RELAXED);
}

static void *
thread_main(void *arg)
{
	struct measurer *m = arg;
	const struct measure_options o = {
		.ffmpeg = m->env.ffmpeg,
		.shim = m->env.shim,
		.state_dir = m->state_dir,
		.jobs = JOBS,
		.slice_ms = SLICE_MS,
		.progress = on_progress,
		.ctx = m,
		.stop = &m->stop,
	};

	m->measured = measure_all(&o, &m->errs);
	uv_async_send(&m->ended);
	return NULL;
}

static void
on_pause(uv_timer_t *t)
{
	struct measurer *m = t->data;

	on_progress(m, 0, 0);
	m->busy = worker_start(&m->thread, thread_main, m) == 0;
}

static void
on_ended(uv_async_t *a)
{
	struct measurer *m = a->data;
	struct measurer_state s = measurer_state(m);

	if (m->stop != 0 || !m->busy)
		return;
	pthread_join(m->thread, NULL);
	m->busy = false;
	for (size_t i = 0; i < m->errs.n; i++)
		logfile(LOG_WARN, "measure", "text=%s",
		    logfile_value(m->errs.items[i].text));
	errs_fini(&m->errs);
	if (s.done > 0)
		logfile(LOG_INFO, "measure", "measured=%zu of=%zu left=%zu",
		    m->measured, s.done,
		    s.total > s.done ? s.total - s.done : 0);
	if (m->measured > 0)
		m->env.on_measured(m->env.ctx);	/* which wakes us */
	else if (m->again)
		measurer_wake(m);
	m->again = false;
}

struct measurer *
measurer_new(const struct measurer_env *env)
{
	struct measurer *m = xcalloc(1, sizeof *m);

	m->env = *env;
	m->state_dir = xstrdup(env->state_dir);
	uv_timer_init(env->loop, &m->pause);
	uv_async_init(env->loop, &m->ended, on_ended);
	m->pause.data = m->ended.data = m;
	m->open = 2;
	return m;
}

static void
on_closed(uv_handle_t *h)
{
	struct measurer *m = h->data;

	if (--m->open > 0)
		return;
	free(m->state_dir);
	free(m);
}

void
measurer_stop(struct measurer *m)
{
	__atomic_store_n(&m->stop, 1, __ATOMIC_RELAXED);
}

bool
measurer_close(struct measurer *m, int64_t ms)
{
	measurer_stop(m);
	if (m->busy && !mono_join(m->thread, ms))
		return false;
	errs_fini(&m->errs);
	uv_close((uv_handle_t *)&m->pause, on_closed);
	uv_close((uv_handle_t *)&m->ended, on_closed);
	return true;
}

void
measurer_wake(struct measurer *m)
{
	m->again = m->busy;
	if (!m->busy)
		uv_timer_start(&m->pause, on_pause, PAUSE_MS, 0);
}

struct measurer_state
measurer_state(const struct measurer *m)
{
	return (struct measurer_state){
		.busy = m->busy,
		.done = __atomic_load_n(&m->done, __ATOMIC_RELAXED),
		.total = __atomic_load_n(&m->total, __ATOMIC_RELAXED),
	};
}
