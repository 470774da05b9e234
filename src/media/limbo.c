/* The happy path: run() ends, the waiter takes arg back and frees the rest.
 * Left behind: the waiter marks it so and puts it on the list of those that
 * hang; the thread takes it off and frees all of it when run() ends.  Who
 * frees is decided under the mutex. */

#include "media/limbo.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/mono.h"
#include "media/mounts.h"
#include "media/worker.h"

#define LOOK_MS		50	/* how often stop and steps are looked at */
#define STOP_MS		1000	/* from stop to being left behind */
#define STACK		(1 << 20)	/* bytes */
#define TRIES_MAX	4	/* at one place, however often mounts change */

struct limbo {
	struct limbo_work work;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done, left;		/* guarded by mutex */
	int stop;			/* atomic */
	char *place;			/* or NULL */
	uint64_t mounts;		/* as they were when it began */
	int64_t until_ms;		/* the end of its time, were it not for
					 * a stop */
	struct limbo *next;		/* guarded by hanging's */
};

/* Those left behind.  The threads are the process's, and so is this. */
static struct {
	pthread_mutex_t mutex;
	struct limbo *first;
	size_t n;
} hanging = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct limbo *
limbo_new(const struct limbo_work *w)
{
	struct limbo *l = xcalloc(1, sizeof *l);

	l->work = *w;
	if (w->place != NULL) {
		l->place = xstrdup(w->place);
		l->mounts = mounts_stamp();
	}
	pthread_mutex_init(&l->mutex, NULL);
	mono_cond_init(&l->ended);
	return l;
}

static void
limbo_free(struct limbo *l)
{
	pthread_cond_destroy(&l->ended);
	pthread_mutex_destroy(&l->mutex);
	free(l->place);
	free(l);
}

/* ---- What hangs */

static void
hanging_add(struct limbo *l)
{
	pthread_mutex_lock(&hanging.mutex);
	l->next = hanging.first;
	hanging.first = l;
	hanging.n++;
	pthread_mutex_unlock(&hanging.mutex);
}

static void
hanging_remove(const struct limbo *l)
{
	struct limbo **p = &hanging.first;

	pthread_mutex_lock(&hanging.mutex);
	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	hanging.n--;
	pthread_mutex_unlock(&hanging.mutex);
}

static size_t
hanging_count(void)
{
	size_t n;

	pthread_mutex_lock(&hanging.mutex);
	n = hanging.n;
	pthread_mutex_unlock(&hanging.mutex);
	return n;
}

/* True where what hangs says the same of l's place: not before it has had its
 * time, as what was stopped may only be slow. */
static bool
speaks_for(const struct limbo *hangs, const struct limbo *l, int64_t now_ms)
{
	size_t n;

	if (hangs->place == NULL || l->place == NULL ||
	    now_ms < hangs->until_ms)
		return false;
	if (strcmp(hangs->place, l->place) == 0)
		return true;
	n = strlen(hangs->place);
	return !l->work.alone && strncmp(hangs->place, l->place, n) == 0 &&
	    (l->place[n] == '/' || (n > 0 && l->place[n - 1] == '/'));
}

/* False where it would only be one more that hangs. */
static bool
is_worth_the_try(const struct limbo *l)
{
	int64_t now_ms = mono_ms();
	size_t tries = 0;
	bool same = false, full;

	pthread_mutex_lock(&hanging.mutex);
	full = hanging.n >= LIMBO_MAX;
	for (const struct limbo *h = hanging.first; h != NULL; h = h->next)
		if (speaks_for(h, l, now_ms)) {
			same |= h->mounts == l->mounts;
			tries++;
		}
	pthread_mutex_unlock(&hanging.mutex);
	return !full && !same && tries < TRIES_MAX;
}

/* ---- The work */

static void *
thread_main(void *arg)
{
	struct limbo *l = arg;
	bool left;

	l->work.run(l->work.arg, &l->stop);
	pthread_mutex_lock(&l->mutex);
	l->done = true;
	left = l->left;
	pthread_cond_signal(&l->ended);
	pthread_mutex_unlock(&l->mutex);
	if (left) {
		hanging_remove(l);
		l->work.drop(l->work.arg);
		limbo_free(l);
	}
	return NULL;
}

/* Sleep a little, or until it has ended; under the mutex. */
static void
wait_a_little(struct limbo *l)
{
	const struct timespec at = mono_after(LOOK_MS);

	pthread_cond_timedwait(&l->ended, &l->mutex, &at);
}

static size_t
steps_of(const struct limbo *l)
{
	const size_t *steps = l->work.steps;

	return steps != NULL ? __atomic_load_n(steps, __ATOMIC_RELAXED) : 0;
}

/* True once the caller wants to stop; the work is told. */
static bool
is_stopped(struct limbo *l)
{
	if (l->work.stop == NULL ||
	    __atomic_load_n(l->work.stop, __ATOMIC_RELAXED) == 0)
		return false;
	__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
	return true;
}

/* Under the mutex, until it has ended or time is up. */
static void
wait_for(struct limbo *l)
{
	int64_t until = l->until_ms = mono_ms() + l->work.timeout_ms;
	size_t seen = steps_of(l), steps;
	bool stopped = false;

	if (!l->done)
		wait_a_little(l);
	if (!l->done && l->work.slow != NULL) {
		pthread_mutex_unlock(&l->mutex);
		l->work.slow(l->work.ctx);
		pthread_mutex_lock(&l->mutex);
	}
	while (!l->done && mono_ms() < until) {
		wait_a_little(l);
		if (!stopped && (stopped = is_stopped(l)))
			until = mono_ms() + STOP_MS;
		if (!stopped && (steps = steps_of(l)) != seen) {
			seen = steps;
			until = l->until_ms = mono_ms() + l->work.timeout_ms;
		}
	}
}

/* No thread is to be had: better here than not at all; but not where threads
 * are lacking because work hangs, as this would. */
static bool
run_unthreaded(const struct limbo_work *w)
{
	int none = 0;

	if (hanging_count() > 0) {
		w->drop(w->arg);
		return false;
	}
	w->run(w->arg, w->stop != NULL ? w->stop : &none);
	return true;
}

/* True: it has ended. */
static bool
await(struct limbo *l)
{
	bool done;

	pthread_mutex_lock(&l->mutex);
	wait_for(l);
	done = l->done;
	l->left = !done;
	if (!done) {
		__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
		hanging_add(l);
	}
	pthread_mutex_unlock(&l->mutex);
	return done;
}

bool
limbo_run(const struct limbo_work *w)
{
	struct limbo *l = limbo_new(w);
	bool done;

	if (!is_worth_the_try(l)) {
		limbo_free(l);
		w->drop(w->arg);
		return false;
	}
	if (worker_start_alone(STACK, thread_main, l) != 0) {
		limbo_free(l);
		return run_unthreaded(w);
	}
	done = await(l);
	if (done)
		limbo_free(l);
	return done;
}

bool
limbo_hangs(const char *place)
{
	const struct limbo_work work = { .place = place };
	struct limbo *l = limbo_new(&work);
	bool hangs = !is_worth_the_try(l);

	limbo_free(l);
	return hangs;
}

bool
limbo_is_full(void)
{
	return hanging_count() >= LIMBO_MAX;
}
