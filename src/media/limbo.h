/* limbo.h - work that may never come back.
 *
 * Whoever touches a disk that does not answer (a stalled NFS mount) sleeps
 * until it does, and no signal ends that.  Here such work is done on a thread
 * of its own, which is left behind where it takes too long: in limbo, until
 * the disk answers or the process ends. */

#ifndef MEDIA_LIMBO_H
#define MEDIA_LIMBO_H

#include <stdbool.h>
#include <stddef.h>

struct limbo_work {
	/* Does it; *stop becomes non-zero when nobody waits any more. */
	void (*run)(void *arg, const volatile int *stop);
	void (*drop)(void *arg);	/* frees arg */
	void *arg;
	int timeout_ms;
	/* In arg: counts up as the work goes on, which gives it timeout_ms
	 * more; NULL: timeout_ms are for all of it. */
	const size_t *steps;
	const volatile int *stop;	/* of the caller; may be NULL */
	/* Called once on the caller's thread where the work is not done in a
	 * moment: let go of what others may want.  May be NULL. */
	void (*slow)(void *ctx);
	void *ctx;
};

/* Do the work and wait for it.  True: it has ended and arg is the caller's.
 * False: it was left behind, because it took too long or a second after
 * *stop has become non-zero; arg is gone, and w->drop() is called when it
 * does end.  The thread takes no signals. */
bool limbo_run(const struct limbo_work *w);

#endif
