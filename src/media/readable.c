#include "media/readable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/limbo.h"

#define WAIT_MS		3000	/* for a disk */

struct work {
	char *path;
	int error;
};

static void
drop(void *arg)
{
	struct work *w = arg;

	free(w->path);
	free(w);
}

static int
check(const char *path)
{
	struct stat st;
	int fd, error;
	char byte;

	/* Its kind first: opening a tape has effects. */
	if (stat(path, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = pread(fd, &byte, 1, 0) < 0 ? errno : 0;
	close(fd);
	return error;
}

static void
run(void *arg, const volatile int *stop)
{
	struct work *w = arg;

	(void)stop;
	w->error = check(w->path);
}

int
readable_check(const char *path)
{
	struct work *w = xcalloc(1, sizeof *w);
	const struct limbo_work work = {
		.run = run, .drop = drop, .arg = w, .timeout_ms = WAIT_MS,
	};
	int error;

	w->path = xstrdup(path);
	if (!limbo_run(&work))
		return ETIMEDOUT;
	error = w->error;
	drop(w);
	return error;
}
