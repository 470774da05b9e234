/* mono.h - waits that end on time: by the monotonic clock, which nobody
 * sets.  For worker threads and programs; never on the loop. */

#ifndef MEDIA_MONO_H
#define MEDIA_MONO_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

int64_t mono_ms(void);

/* So many ms from now, for pthread_cond_timedwait() on a condition of
 * mono_cond_init(). */
struct timespec mono_after(int64_t ms);
void mono_cond_init(pthread_cond_t *c);

/* Wait so long at most for the thread's end: true if it has been joined. */
bool mono_join(pthread_t thread, int64_t ms);

#endif
