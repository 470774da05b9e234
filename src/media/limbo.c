/* The happy path: run() ends, the waiter takes arg back and frees the rest.
 * Left behind: the waiter marks it so and forgets it; the thread frees all
 * of it when run() ends.  Who frees is decided under the mutex. */

#include "media/limbo.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "media/mono.h"
#include "media/worker.h"

#define LOOK_MS		50	/* how often stop and steps are looked at */
#define STOP_MS		1000	/* from stop to being left behind */

struct limbo {
	struct limbo_work work;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done, left;		/* guarded by mutex */
	int stop;			/* atomic */
};

static struct limbo *
limbo_new(const struct limbo_work *w)
{
	struct limbo *l = xcalloc(1, sizeof *l);

	l->work = *w;
	pthread_mutex_init(&l->mutex, NULL);
	mono_cond_init(&l->ended);
	return l;
}

static void
limbo_free(struct limbo *l)
{
	pthread_cond_destroy(&l->ended);
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

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
		l->work.drop(l->work.arg);
		limbo_free(l);
	}
	return NULL;
}

static bool
start(struct limbo *l)
{
	pthread_t thread;

	if (worker_start(&thread, thread_main, l) != 0)
		return false;
	pthread_detach(thread);
	return true;
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
	int64_t until = mono_ms() + l->work.timeout_ms;
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
			until = mono_ms() + l->work.timeout_ms;
		}
	}
}

bool
limbo_run(const struct limbo_work *w)
{
	struct limbo *l = limbo_new(w);
	int none = 0;
	bool done;

	if (!start(l)) {
		/* No thread to be had: better here than not at all. */
		limbo_free(l);
		w->run(w->arg, w->stop != NULL ? w->stop : &none);
		return true;
	}
	pthread_mutex_lock(&l->mutex);
	wait_for(l);
	done = l->done;
	l->left = !done;
	if (!done)
		__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&l->mutex);
	if (done)
		limbo_free(l);
	return done;
}
