#include "io/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/files.h"

/* Make sure that what comes next begins a line. */
static void
inspect(struct outfile *f, const char *head)
{
	struct stat st;
	char last;

	f->torn = false;
	if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	if (st.st_size == 0 && head != NULL) {
		size_t len = strlen(head);

		/* Better no head than half of it. */
		if (write(f->fd, head, len) != (ssize_t)len &&
		    ftruncate(f->fd, 0) < 0)
			f->torn = true;
	} else if (st.st_size != 0 &&
	    pread(f->fd, &last, 1, st.st_size - 1) == 1) {
		f->torn = last != '\n';
	}
}

static int
file_open(const char *path)
{
	/* A FIFO that nobody reads must not hold us. */
	const int flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NONBLOCK | O_NOCTTY;
	char *dir, *slash;
	int fd = open(path, flags, 0644);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	dir = xstrdup(path);
	if ((slash = strrchr(dir, '/')) != NULL && slash != dir) {
		*slash = '\0';
		if (files_make_dirs(dir) == 0)
			fd = open(path, flags, 0644);
	}
	free(dir);
	return fd;
}

static int
ensure_open(struct outfile *f, const char *path, const char *head)
{
	if (f->fd >= 0)
		return 0;
	if ((f->fd = file_open(path)) < 0)
		return errno;
	f->path = xstrdup(path);
	inspect(f, head);
	return 0;
}

/* True where a write does not have to wait.  A pipe that is writable at all
 * takes PIPE_BUF bytes, which is more than a line of the log has. */
static bool
is_willing(const struct outfile *f)
{
	struct pollfd p = { .fd = f->fd, .events = POLLOUT };

	return !f->fixed || (poll(&p, 1, 0) == 1 &&
	    (p.revents & POLLOUT) != 0);
}

/* Take back the part of a line that was written. */
static void
cut(struct outfile *f, size_t done)
{
	struct stat st;

	if (done == 0)
		return;
	f->torn = f->fixed || fstat(f->fd, &st) < 0 ||
	    !S_ISREG(st.st_mode) || st.st_size < (off_t)done ||
	    ftruncate(f->fd, st.st_size - (off_t)done) < 0;
}

int
outfile_write(struct outfile *f, const char *path, const char *head,
    const char *line, size_t len)
{
	size_t done;
	int error;

	if ((error = ensure_open(f, path, head)) != 0)
		return error;
	if (!is_willing(f))
		return EAGAIN;
	if (f->torn && (error = files_write_all(f->fd, "\n", 1,
	    &done)) != 0)
		return error;
	f->torn = false;
	if ((error = files_write_all(f->fd, line, len, &done)) != 0)
		cut(f, done);
	else if (f->sync)
		f->unsynced++;
	return error;
}

uint64_t
outfile_sync(struct outfile *f)
{
	uint64_t n = f->unsynced;

	f->unsynced = 0;
	/* EINVAL: it is nothing that could be synced. */
	return n != 0 && fsync(f->fd) < 0 && errno != EINVAL ? n : 0;
}

uint64_t
outfile_close(struct outfile *f)
{
	uint64_t lost;

	if (f->fixed || f->fd < 0)
		return 0;
	lost = outfile_sync(f);
	close(f->fd);
	free(f->path);
	f->fd = -1;
	f->path = NULL;
	return lost;
}
