#include "media/padset.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/xmem.h"
#include "media/padfile.h"

#define THREADS		4	/* an encoder has threads of its own */

struct part {
	const struct format *format;
	struct pad *pad;		/* this and errs: once ended */
	struct errs errs;
	bool ended;			/* guarded by the mutex */
};

struct padset {
	struct padset_options o;
	struct part *parts;
	size_t nparts;
	size_t *part_of;		/* by channel */
	pthread_t threads[THREADS];
	size_t nthreads;
	pthread_mutex_t mutex;
	pthread_cond_t one_ended;
	size_t next, ended;		/* guarded by mutex */
};

static struct part *
next_part(struct padset *p)
{
	struct part *part = NULL;

	pthread_mutex_lock(&p->mutex);
	if (p->next < p->nparts)
		part = &p->parts[p->next++];
	pthread_mutex_unlock(&p->mutex);
	return part;
}

static void *
work(void *arg)
{
	struct padset *p = arg;
	struct part *part;

	while ((part = next_part(p)) != NULL) {
		part->pad = padfile_load(p->o.ffmpeg, p->o.shim,
		    p->o.state_dir, part->format, p->o.stop,
		    &part->errs);
		pthread_mutex_lock(&p->mutex);
		part->ended = true;
		p->ended++;
		pthread_cond_signal(&p->one_ended);
		pthread_mutex_unlock(&p->mutex);
	}
	return NULL;
}

static int64_t
cost(const struct format *f)
{
	return (int64_t)f->width * f->height * f->rate.num / f->rate.den;
}

static int
by_cost(const void *va, const void *vb)
{
	const struct part *a = va, *b = vb;
	int64_t x = cost(a->format), y = cost(b->format);

	return (x > y) - (x < y);
}

static size_t
find_part(const struct padset *p, const struct format *f)
{
	size_t k = 0;

	while (k < p->nparts && !format_equal(f, p->parts[k].format))
		k++;
	return k;
}

static void
find_parts(struct padset *p, const struct config *cfg)
{
	p->parts = xcalloc(cfg->nchans, sizeof *p->parts);
	p->part_of = xcalloc(cfg->nchans, sizeof *p->part_of);
	for (size_t i = 0; i < cfg->nchans; i++) {
		const struct format *f = &cfg->chans[i]->format;

		if (find_part(p, f) == p->nparts)
			p->parts[p->nparts++].format = f;
	}
	if (p->nparts > 0)
		qsort(p->parts, p->nparts, sizeof *p->parts, by_cost);
	for (size_t i = 0; i < cfg->nchans; i++)
		p->part_of[i] = find_part(p, &cfg->chans[i]->format);
}

/* The process's signals are for its other threads. */
static void
start(struct padset *p)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	while (p->nthreads < THREADS && p->nthreads < p->nparts &&
	    pthread_create(&p->threads[p->nthreads], NULL, work, p) == 0)
		p->nthreads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (p->nthreads == 0)
		work(p);		/* no thread to be had */
}

struct padset *
padset_new(const struct config *cfg, const struct padset_options *o)
{
	struct padset *p = xcalloc(1, sizeof *p);
	pthread_condattr_t attr;

	p->o = *o;
	find_parts(p, cfg);
	pthread_mutex_init(&p->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->one_ended, &attr);
	pthread_condattr_destroy(&attr);
	start(p);
	return p;
}

bool
padset_await(struct padset *p, int ms)
{
	struct timespec at;
	bool all;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += ms % 1000 * 1000000L;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	pthread_mutex_lock(&p->mutex);
	while (p->ended < p->nparts && rc == 0)
		rc = pthread_cond_timedwait(&p->one_ended, &p->mutex, &at);
	all = p->ended == p->nparts;
	pthread_mutex_unlock(&p->mutex);
	return all;
}

static void
join_all(struct padset *p)
{
	while (p->nthreads > 0)
		pthread_join(p->threads[--p->nthreads], NULL);
}

static void
move_errs(struct errs *to, struct errs *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct err_item *it = &from->items[i];

		if (it->warning)
			errs_warn(to, it->file, it->line, it->column, "%s",
			    it->text);
		else
			errs_fault(to, it->file, it->line, it->column, "%s",
			    it->text);
	}
	errs_fini(from);
	*from = (struct errs){ 0 };
}

void
padset_finish(struct padset *p, struct errs *e)
{
	join_all(p);
	for (size_t k = 0; k < p->nparts; k++)
		move_errs(e, &p->parts[k].errs);
}

struct pad *
padset_get(struct padset *p, size_t i)
{
	const struct part *part = &p->parts[p->part_of[i]];
	struct pad *pad;

	pthread_mutex_lock(&p->mutex);
	pad = part->ended ? part->pad : NULL;
	pthread_mutex_unlock(&p->mutex);
	return pad;
}

void
padset_free(struct padset *p)
{
	if (p == NULL)
		return;
	join_all(p);
	for (size_t k = 0; k < p->nparts; k++) {
		pad_free(p->parts[k].pad);
		errs_fini(&p->parts[k].errs);
	}
	pthread_cond_destroy(&p->one_ended);
	pthread_mutex_destroy(&p->mutex);
	free(p->part_of);
	free(p->parts);
	free(p);
}
