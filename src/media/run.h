/* run.h - one program, run to its end, and what it said.
 *
 * For a worker thread: blocks until the program is gone.  An argv, never a
 * shell; no descriptor of ours but the two pipes and /dev/null reaches it;
 * whatever it does it ends by the deadline, unless a disk that does not
 * answer holds it: no signal ends that, so what touches such disks is run in
 * limbo.h.  Only its own pid is waited for, so this goes together with
 * libuv's children.  Behind a shim it also ends when the thread that runs it
 * does. */

#ifndef MEDIA_RUN_H
#define MEDIA_RUN_H

#include <stddef.h>

#include "air/shim.h"
#include "base/buf.h"

enum run_end {
	RUN_EXITED,		/* status is what waitpid() says */
	RUN_NOT_STARTED,	/* error is the errno value */
	RUN_TIMEOUT,		/* these three: killed, with its group */
	RUN_TOO_MUCH,
	RUN_STOPPED,
};

struct run_job {
	const char *const *argv;	/* found in PATH; NULL at the end */
	const struct shim *shim;	/* around it; NULL: none */
	int timeout_ms;
	size_t max_out;			/* bytes of stdout, then it is killed */
	size_t max_err;			/* bytes of stderr kept; 0: 4 KiB */
	const volatile int *stop;	/* non-zero: kill it now; may be NULL */

	enum run_end end;
	int status;
	int error;
	struct buf out;			/* stdout */
	struct buf err;			/* the first max_err of stderr */
};

/* Run r->argv and fill in the second half of *r, which begins zeroed.  The
 * two buffers are the caller's to buf_fini(). */
void run_program(struct run_job *r);

#endif
