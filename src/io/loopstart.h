/* loopstart.h - the loop and libuv's threads, got while there is nothing to
 * lose.
 *
 * Where libuv lacks memory for a request, or a thread or a pipe of its own,
 * it calls abort(3).  Here that ends with exit code 71 (EX_OSERR), as it does
 * in xmem.h, and later nothing is left that could be lacking. */

#ifndef IO_LOOPSTART_H
#define IO_LOOPSTART_H

#include <uv.h>

/* Before anything else of libuv's.  0, or -1, and stderr has been told. */
int loopstart_init(uv_loop_t *loop);

/* Have the threads of uv_queue_work() now; in the process that stays, since
 * none outlives daemon(3). */
void loopstart_threads(uv_loop_t *loop);

#endif
