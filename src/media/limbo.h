/* limbo.h - work that may never come back.
 *
 * Whoever touches a disk that does not answer (a stalled NFS mount) sleeps
 * until it does, and no signal ends that.  Here such work is done on a thread
 * of its own, which is left behind where it takes too long: in limbo, until
 * the disk answers or the process ends.
 *
 * A disk may hang for weeks, and the threads are those that the channels'
 * children are made of, too.  So one that is left behind says for all that
 * follow that its place does not answer; they are not begun until it has come
 * back, or something was mounted or unmounted: what hangs on a mount that was
 * taken away by force may never come back, though the next one answers. */

#ifndef MEDIA_LIMBO_H
#define MEDIA_LIMBO_H

#include <stdbool.h>
#include <stddef.h>

#define LIMBO_MAX	256	/* left behind at any time, or a few more */

struct limbo_work {
	/* Does it; *stop becomes non-zero when nobody waits any more. */
	void (*run)(void *arg, const volatile int *stop);
	void (*drop)(void *arg);	/* frees arg */
	void *arg;
	int timeout_ms;
	/* The path of what it looks at, copied; NULL: it is begun unless
	 * there are LIMBO_MAX.  Former work hangs there where its place is the
	 * same or a directory above; if alone, only where it is the same: for
	 * what may be on another disk than all that is around it. */
	const char *place;
	bool alone;
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
 * does end; or it was not begun, because former work hangs, and w->drop() has
 * been called.  The thread takes no signals, and has 1 MiB of stack. */
bool limbo_run(const struct limbo_work *w);

/* True where work at place, which is not alone, would not be begun. */
bool limbo_hangs(const char *place);

/* True while so much hangs that no work is begun, whatever its place. */
bool limbo_is_full(void);

#endif
