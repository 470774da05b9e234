#include "media/worker.h"

#include <signal.h>

int
worker_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
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
