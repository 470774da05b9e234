#include "media/worker.h"

#include <signal.h>

static int
start(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
    void *arg)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(thread, attr, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

int
worker_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	return start(thread, NULL, run, arg);
}

size_t
worker_start_all(pthread_t *threads, size_t n, void *(*run)(void *),
    void *arg)
{
	size_t i = 0;

	while (i < n && worker_start(&threads[i], run, arg) == 0)
		i++;
	return i;
}

int
worker_start_alone(size_t stack, void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, stack);
	rc = start(&thread, &attr, run, arg);
	pthread_attr_destroy(&attr);
	return rc;
}
