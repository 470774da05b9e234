/* worker.h - threads beside the loop's. */

#ifndef MEDIA_WORKER_H
#define MEDIA_WORKER_H

#include <pthread.h>

/* Like pthread_create(), whose error it returns; but the process's signals are
 * for its other threads. */
int worker_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif
