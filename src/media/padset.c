#include "media/padset.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/mono.h"
#include "media/padfile.h"
#include "media/slatefile.h"
#include "media/worker.h"

#define THREADS		4	/* an encoder has threads of its own */

struct part {
	const struct format *format;
	const char *slate;		/* the file, or NULL: it is a pad */
	struct pad *pad;		/* this and errs: once ended */
	struct errs errs;
	bool ended;			/* guarded by the mutex */
};

struct padset {
	struct padset_options o;
	struct part *parts;
	size_t nparts;
	size_t *pad_of, *slate_of;	/* by channel; nparts: none */
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

static struct pad *
make(const struct padset_options *o, struct part *part)
{
	const struct slatefile_options so = {
		.ffmpeg = o->ffmpeg, .ffprobe = o->ffprobe, .shim = o->shim,
		.state_dir = o->state_dir, .caps = o->caps, .stop = o->stop,
	};
	const struct padfile_options po = {
		.ffmpeg = o->ffmpeg, .state_dir = o->state_dir,
		.caps = o->caps, .shim = o->shim, .stop = o->stop,
	};

	if (part->slate != NULL)
		return slatefile_load(&so, part->slate, part->format,
		    &part->errs);
	return padfile_load(&po, part->format, &part->errs);
}

static void *
work(void *arg)
{
	struct padset *p = arg;
	struct part *part;

	while ((part = next_part(p)) != NULL) {
		part->pad = make(&p->o, part);
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

/* Pads first: without one a channel cannot air. */
static int
by_need(const void *va, const void *vb)
{
	const struct part *a = va, *b = vb;
	int64_t x = cost(a->format), y = cost(b->format);

	if ((a->slate != NULL) != (b->slate != NULL))
		return a->slate != NULL ? 1 : -1;
	return (x > y) - (x < y);
}

static size_t
find_part(const struct padset *p, const struct format *f, const char *slate)
{
	size_t k = 0;

	for (; k < p->nparts; k++) {
		const struct part *part = &p->parts[k];

		if (format_equal(f, part->format) &&
		    (slate == NULL) == (part->slate == NULL) &&
		    (slate == NULL || strcmp(slate, part->slate) == 0))
			break;
	}
	return k;
}

static void
add_part(struct padset *p, const struct format *f, const char *slate)
{
	if (find_part(p, f, slate) == p->nparts)
		p->parts[p->nparts++] = (struct part){
			.format = f, .slate = slate,
		};
}

static void
find_parts(struct padset *p, const struct config *cfg)
{
	size_t n = cfg->nchans;

	p->parts = xcalloc(n, 2 * sizeof *p->parts);
	p->pad_of = xcalloc(n, sizeof *p->pad_of);
	p->slate_of = xcalloc(n, sizeof *p->slate_of);
	for (size_t i = 0; i < n; i++) {
		const struct chan *ch = cfg->chans[i];

		add_part(p, &ch->format, NULL);
		if (ch->slate != NULL)
			add_part(p, &ch->format, ch->slate);
	}
	if (p->nparts > 0)
		qsort(p->parts, p->nparts, sizeof *p->parts, by_need);
	for (size_t i = 0; i < n; i++) {
		const struct chan *ch = cfg->chans[i];

		p->pad_of[i] = find_part(p, &ch->format, NULL);
		p->slate_of[i] = ch->slate == NULL ? p->nparts :
		    find_part(p, &ch->format, ch->slate);
	}
}

static void
start(struct padset *p)
{
	while (p->nthreads < THREADS && p->nthreads < p->nparts &&
	    worker_start(&p->threads[p->nthreads], work, p) == 0)
		p->nthreads++;
	if (p->nthreads == 0)
		work(p);		/* no thread to be had */
}

struct padset *
padset_new(const struct config *cfg, const struct padset_options *o)
{
	struct padset *p = xcalloc(1, sizeof *p);

	p->o = *o;
	find_parts(p, cfg);
	pthread_mutex_init(&p->mutex, NULL);
	mono_cond_init(&p->one_ended);
	start(p);
	return p;
}

bool
padset_await(struct padset *p, int ms)
{
	const struct timespec at = mono_after(ms);
	bool all;
	int rc = 0;

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

void
padset_finish(struct padset *p, struct errs *e)
{
	join_all(p);
	for (size_t k = 0; k < p->nparts; k++)
		errs_move(e, &p->parts[k].errs);
}

static struct pad *
part_get(struct padset *p, size_t k)
{
	struct pad *pad;

	if (k == p->nparts)
		return NULL;
	pthread_mutex_lock(&p->mutex);
	pad = p->parts[k].ended ? p->parts[k].pad : NULL;
	pthread_mutex_unlock(&p->mutex);
	return pad;
}

struct pad *
padset_get(struct padset *p, size_t i)
{
	return part_get(p, p->pad_of[i]);
}

struct pad *
padset_slate(struct padset *p, size_t i)
{
	return part_get(p, p->slate_of[i]);
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
	free(p->pad_of);
	free(p->slate_of);
	free(p->parts);
	free(p);
}
