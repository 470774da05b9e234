#include "io/loopstart.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/xmem.h"

static void
on_abort(int signum)
{
	static const char msg[] = "retrovued: no pipe or thread to be had\n";
	ssize_t n = write(STDERR_FILENO, msg, sizeof msg - 1);

	(void)signum;
	(void)n;			/* nowhere to report it to */
	_exit(EX_OSERR);
}

int
loopstart_init(uv_loop_t *loop)
{
	int rc;

	uv_replace_allocator(xmalloc, xrealloc, xcalloc, free);
	signal(SIGABRT, on_abort);
	rc = uv_loop_init(loop);
	signal(SIGABRT, SIG_DFL);
	if (rc == 0)
		return 0;
	fprintf(stderr, "retrovued: no event loop: %s\n", uv_strerror(rc));
	return -1;
}

static void
nothing(uv_work_t *w)
{
	(void)w;
}

static void
on_done(uv_work_t *w, int status)
{
	(void)status;
	free(w);
}

void
loopstart_threads(uv_loop_t *loop)
{
	uv_work_t *w = xcalloc(1, sizeof *w);

	signal(SIGABRT, on_abort);
	(void)uv_queue_work(loop, w, nothing, on_done);
	signal(SIGABRT, SIG_DFL);
}
