#include "io/loader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/config.h"

struct loader {
	struct loader_env env;
	char *state_dir;
	uv_async_t loaded;
	pthread_t thread;
	bool busy;			/* from begin() to finish() */
	bool threaded;
	bool again;			/* asked while busy */
	struct loader_state last;	/* without what changes meanwhile */
	struct errs last_errs;

	/* The thread's while it runs, else the loop's. */
	struct config *cfg;		/* given, else to be read */
	int64_t now_ns;
	struct edition *edition;
	struct errs errs;
	size_t nconfig;			/* of these, from the configuration */

	volatile int stop;		/* shared: set by the loop */
	size_t done, total;		/* shared, atomic */
};

static void
on_progress(void *ctx, size_t done, size_t total)
{
	struct loader *l = ctx;

	__atomic_store_n(&l->done, done, __ATOMIC_RELAXED);
	__atomic_store_n(&l->total, total, __ATOMIC_RELAXED);
}

/* What a reload may not leave out: a channel that has no pad cannot air. */
static bool
lacks_pads(const struct edition *ed)
{
	for (size_t i = 0; i < ed->cfg->nchans; i++)
		if (ed->pads[i] == NULL)
			return true;
	return false;
}

/* The library stays where it is until a restart. */
static void
state_keep(struct loader *l, struct station *st)
{
	if (strcmp(st->state_dir, l->state_dir) == 0)
		return;
	errs_warn(&l->errs, l->env.config, 0, 0, "paths: state changes with a "
	    "restart only");
	free(st->state_dir);
	st->state_dir = xstrdup(l->state_dir);
}

static void
load(struct loader *l)
{
	struct edition_options o = {
		.ffmpeg = l->env.ffmpeg,
		.ffprobe = l->env.ffprobe,
		.shim = l->env.shim,
		.state_dir = l->state_dir,
		.now_ns = l->now_ns,
		.resume = l->cfg != NULL,
		.progress = on_progress,
		.ctx = l,
		.stop = &l->stop,
	};
	bool first = l->cfg != NULL;
	struct config *cfg = l->cfg;

	l->cfg = NULL;
	if (!first)
		cfg = config_load(l->env.config, &l->errs);
	l->nconfig = l->errs.n;
	if (cfg == NULL)
		return;
	if (l->errs.faults != 0) {
		config_free(cfg);
		return;
	}
	if (!first)
		state_keep(l, cfg->station);
	l->nconfig = l->errs.n;
	l->edition = edition_new(cfg, &o, &l->errs);
	if (!first && l->edition != NULL && lacks_pads(l->edition)) {
		edition_free(l->edition);
		l->edition = NULL;
	}
}

static void *
thread_main(void *arg)
{
	struct loader *l = arg;

	load(l);
	uv_async_send(&l->loaded);
	return NULL;
}

static void
begin(struct loader *l)
{
	l->env.on_begin(l->env.ctx);
	l->now_ns = l->env.now(l->env.ctx);
	on_progress(l, 0, 0);
	l->busy = true;
	l->threaded = pthread_create(&l->thread, NULL, thread_main, l) == 0;
	if (!l->threaded)		/* there is none to be had */
		(void)thread_main(l);
}

/* The thread's results become the loop's. */
static void
finish(struct loader *l)
{
	if (l->threaded)
		pthread_join(l->thread, NULL);
	l->busy = l->threaded = false;
	errs_fini(&l->last_errs);
	l->last_errs = l->errs;
	l->errs = (struct errs){ 0 };
	l->last.number++;
	l->last.refused = l->edition == NULL;
	l->last.finished_ns = l->env.now(l->env.ctx);
	if (l->edition != NULL)
		l->last.counts = l->edition->counts;
}

static void
on_loaded(uv_async_t *a)
{
	struct loader *l = a->data;
	struct edition *ed;

	if (l->stop != 0)
		return;
	finish(l);
	ed = l->edition;
	l->edition = NULL;
	l->env.on_loaded(l->env.ctx, ed, &l->last_errs, l->nconfig);
	if (l->again && !l->busy) {
		l->again = false;
		begin(l);
	}
}

struct loader *
loader_new(const struct loader_env *env)
{
	struct loader *l = xcalloc(1, sizeof *l);

	l->env = *env;
	l->state_dir = xstrdup(env->state_dir);
	uv_async_init(env->loop, &l->loaded, on_loaded);
	l->loaded.data = l;
	return l;
}

static void
on_closed(uv_handle_t *h)
{
	struct loader *l = h->data;

	free(l->state_dir);
	free(l);
}

void
loader_close(struct loader *l)
{
	__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
	if (l->threaded)
		pthread_join(l->thread, NULL);
	edition_free(l->edition);
	config_free(l->cfg);
	errs_fini(&l->errs);
	errs_fini(&l->last_errs);
	uv_close((uv_handle_t *)&l->loaded, on_closed);
}

void
loader_start(struct loader *l, struct config *cfg)
{
	l->cfg = cfg;
	begin(l);
}

uint64_t
loader_ask(struct loader *l)
{
	if (l->busy) {
		l->again = true;
		return l->last.number + 2;
	}
	begin(l);
	return l->last.number + 1;
}

struct loader_state
loader_state(const struct loader *l)
{
	struct loader_state s = l->last;

	s.busy = l->busy;
	s.done = __atomic_load_n(&l->done, __ATOMIC_RELAXED);
	s.total = __atomic_load_n(&l->total, __ATOMIC_RELAXED);
	s.errs = &l->last_errs;
	return s;
}
