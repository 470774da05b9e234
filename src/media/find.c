/* A seeker, on a thread of its own, waits for one search, which is in limbo;
 * the caller's thread waits for all seekers and takes what they have, those
 * in time first.  A search that was left behind is nobody's. */

#include "media/find.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "media/limbo.h"
#include "media/mono.h"
#include "media/worker.h"

#define DISK_MS		30000	/* for one directory or file to answer */
#define LOOK_MS		200	/* until there is anything at all */

/* A copy of what one walk needs, and what it has found. */
struct search {
	char *root;			/* NULL: the extra files */
	enum asset_type type;
	char **extra;
	size_t nextra;
	struct walk walk;
	struct errs errs;
};

struct seeker {
	struct finder *finder;
	const char *root;		/* NULL: the extra files */
	enum asset_type type;
	pthread_t thread;
	bool threaded;
	bool ended, taken;		/* ended: guarded by the mutex */
	struct search *found;		/* NULL: left behind */
};

struct finder {
	const struct scan_options *o;
	struct seeker *v;
	size_t n;
	pthread_mutex_t mutex;
	pthread_cond_t one_ended;
	size_t ended;			/* guarded by mutex */
};

static void
search_run(void *arg, const volatile int *stop)
{
	struct search *s = arg;

	if (s->root != NULL)
		walk_library(&s->walk, s->root, s->type, stop, &s->errs);
	for (size_t i = 0; i < s->nextra; i++)
		walk_add(&s->walk, s->extra[i], ASSET_filler);
}

static void
search_drop(void *arg)
{
	struct search *s = arg;

	for (size_t i = 0; i < s->nextra; i++)
		free(s->extra[i]);
	free(s->extra);
	free(s->root);
	walk_fini(&s->walk);
	errs_fini(&s->errs);
	free(s);
}

static struct search *
search_new(const struct seeker *k, const struct scan_options *o)
{
	struct search *s = xcalloc(1, sizeof *s);

	s->type = k->type;
	if (k->root != NULL) {
		s->root = xstrdup(k->root);
		return s;
	}
	s->nextra = o->nextra;
	s->extra = xcalloc(o->nextra, sizeof *s->extra);
	for (size_t i = 0; i < o->nextra; i++)
		s->extra[i] = xstrdup(o->extra[i]);
	return s;
}

static void *
seek(void *arg)
{
	struct seeker *k = arg;
	struct finder *f = k->finder;
	struct search *s = search_new(k, f->o);
	struct limbo_work work = {
		.run = search_run, .drop = search_drop, .arg = s,
		.timeout_ms = DISK_MS, .steps = &s->walk.steps,
		.stop = f->o->stop, .alone = true,
		.place = k->root != NULL ? k->root : f->o->extra[0],
	};

	k->found = limbo_run(&work) ? s : NULL;
	pthread_mutex_lock(&f->mutex);
	k->ended = true;
	f->ended++;
	pthread_cond_signal(&f->one_ended);
	pthread_mutex_unlock(&f->mutex);
	return NULL;
}

static void
seekers_start(struct finder *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->v[i].threaded = worker_start(&f->v[i].thread, seek,
		    &f->v[i]) == 0;
	for (size_t i = 0; i < f->n; i++)
		if (!f->v[i].threaded)		/* there is none to be had */
			seek(&f->v[i]);
}

/* Until all have ended (true) or time is up; ms < 0: as long as it takes. */
static bool
await(struct finder *f, int ms)
{
	const struct timespec at = mono_after(ms);
	int rc = 0;
	bool all;

	pthread_mutex_lock(&f->mutex);
	while (f->ended < f->n && rc == 0)
		rc = ms < 0 ? pthread_cond_wait(&f->one_ended, &f->mutex) :
		    pthread_cond_timedwait(&f->one_ended, &f->mutex, &at);
	all = f->ended == f->n;
	pthread_mutex_unlock(&f->mutex);
	return all;
}

static void
miss(struct walk *w, const struct seeker *k, const struct scan_options *o,
    struct errs *e)
{
	errs_warn(e, k->root != NULL ? k->root : "fillers", 0, 0,
	    "its disk does not answer: left out");
	if (k->root != NULL)
		walk_miss(w, k->root);
	for (size_t i = 0; k->root == NULL && i < o->nextra; i++)
		walk_miss(w, o->extra[i]);
}

/* What those have who have ended: the rank of a library is its place. */
static void
take(struct walk *w, struct finder *f, struct errs *e)
{
	for (size_t i = 0; i < f->n; i++) {
		struct seeker *k = &f->v[i];
		bool ended;

		pthread_mutex_lock(&f->mutex);
		ended = k->ended;
		pthread_mutex_unlock(&f->mutex);
		if (!ended || k->taken)
			continue;
		k->taken = true;
		if (k->found == NULL) {
			miss(w, k, f->o, e);
			continue;
		}
		walk_take(w, &k->found->walk, i);
		errs_move(e, &k->found->errs);
		search_drop(k->found);
	}
	walk_sort(w);
}

static void
finder_init(struct finder *f, const struct station *st,
    const struct scan_options *o)
{
	*f = (struct finder){ .o = o, .n = st->nlibraries };
	f->v = xcalloc(f->n + 1, sizeof *f->v);
	for (size_t i = 0; i < st->nlibraries; i++)
		f->v[i] = (struct seeker){ .finder = f,
		    .root = st->libraries[i].path,
		    .type = st->libraries[i].type };
	if (o->nextra > 0)
		f->v[f->n++] = (struct seeker){ .finder = f,
		    .type = ASSET_filler };
	pthread_mutex_init(&f->mutex, NULL);
	mono_cond_init(&f->one_ended);
}

static void
finder_fini(struct finder *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].threaded)
			pthread_join(f->v[i].thread, NULL);
	pthread_cond_destroy(&f->one_ended);
	pthread_mutex_destroy(&f->mutex);
	free(f->v);
}

void
find_files(struct walk *w, const struct station *st,
    const struct scan_options *o, const struct find_hooks *h,
    struct errs *e)
{
	struct finder f;
	int ms = h->patience_ms;

	finder_init(&f, st, o);
	seekers_start(&f);
	while (h->some != NULL && w->n == 0 && !await(&f, ms)) {
		take(w, &f, e);
		if (w->n > 0)
			h->some(h->ctx, w);
		ms = LOOK_MS;
	}
	await(&f, -1);
	take(w, &f, e);
	if (limbo_is_full())
		errs_warn(e, NULL, 0, 0, "%d looks at files still wait for "
		    "disks that do not answer: until some come back no disk "
		    "is asked", LIMBO_MAX);
	finder_fini(&f);
}
