/* worker.h - threads beside the loop's. */

#ifndef MEDIA_WORKER_H
#define MEDIA_WORKER_H

#include <pthread.h>
#include <stddef.h>

/* Like pthread_create(), whose error it returns; but the process's signals are
 * for its other threads. */
int worker_start(pthread_t *thread, void *(*run)(void *), void *arg);

/* n of the same, for pthread_join(); returns how many there are to be had. */
size_t worker_start_all(pthread_t *threads, size_t n, void *(*run)(void *),
    void *arg);

/* One that nobody joins, with so many bytes of stack. */
int worker_start_alone(size_t stack, void *(*run)(void *), void *arg);

#endif
