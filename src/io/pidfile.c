#include "io/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

#define TEXT_MAX	24	/* bytes: two numbers, newlines */
#define TRIES_MAX	8	/* starts that met another's end */
#define OPEN_FLAGS	(O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

struct pidfile {
	int fd;
	char *path;
};

/* The pid in the file, 0 if there is nothing in it, -1 if it is no PID file.
 * Who is killed while writing leaves a longer number's end behind his own. */
static pid_t
pid_read(int fd)
{
	char text[TEXT_MAX + 1];
	ssize_t n = pread(fd, text, sizeof text, 0);
	long pid;

	if (n <= 0)
		return n == 0 ? 0 : -1;
	if (n > TEXT_MAX)
		return -1;
	text[n] = '\0';
	if (strspn(text, "0123456789\n") != (size_t)n)
		return -1;
	pid = strtol(text, NULL, 10);
	return pid <= INT_MAX ? (pid_t)pid : -1;
}

static bool
could_be_one(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink <= 1 && pid_read(fd) >= 0;
}

/* Who ended between our open() and our lock has removed the file that we
 * hold: the name is nobody's, or another's. */
static bool
is_at(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 &&
	    ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* -EAGAIN with *other, where a lock is in the way. */
static int
refused(int fd, pid_t *other)
{
	int why = errno;
	pid_t pid = pid_read(fd);

	if (why != EWOULDBLOCK)
		return -why;
	*other = pid > 0 ? pid : 0;
	return -EAGAIN;
}

/* Why it cannot be opened for writing: that another user's daemon runs is the
 * better reason. */
static int
look(const char *path, pid_t *other)
{
	int fd = open(path, O_RDONLY | OPEN_FLAGS);
	int rc = -EACCES;

	if (fd >= 0 && could_be_one(fd) && flock(fd, LOCK_SH | LOCK_NB) < 0)
		rc = refused(fd, other);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* The locked descriptor, or as pidfile_open(); -ESTALE: once more. */
static int
lock(const char *path, pid_t *other)
{
	int fd = open(path, O_RDWR | O_CREAT | OPEN_FLAGS, 0644);
	int rc = 0;

	if (fd < 0)
		return errno == EACCES ? look(path, other) : -errno;
	if (!could_be_one(fd)) {
		rc = -EINVAL;
	} else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		rc = refused(fd, other);
	} else if (!is_at(fd, path)) {
		rc = -ESTALE;
	}
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

int
pidfile_open(struct pidfile **out, const char *path, pid_t *other)
{
	struct pidfile *p;
	int fd = -ESTALE, rc;

	*other = 0;
	for (int i = 0; i < TRIES_MAX && fd == -ESTALE; i++)
		fd = lock(path, other);
	if (fd < 0)
		return fd;
	p = xmalloc(sizeof *p);
	*p = (struct pidfile){ .fd = fd, .path = xstrdup(path) };
	if ((rc = pidfile_write(p)) < 0) {
		pidfile_close(p);
		return rc;
	}
	*out = p;
	return 0;
}

/* Never empty on the way, for who reads meanwhile. */
int
pidfile_write(const struct pidfile *p)
{
	char text[TEXT_MAX];
	int len = snprintf(text, sizeof text, "%d\n", (int)getpid());
	ssize_t n = pwrite(p->fd, text, (size_t)len, 0);

	if (n >= 0 && n != len)
		return -ENOSPC;
	return n < 0 || ftruncate(p->fd, len) < 0 ? -errno : 0;
}

void
pidfile_close(struct pidfile *p)
{
	if (p == NULL)
		return;
	if (is_at(p->fd, p->path))
		(void)unlink(p->path);
	close(p->fd);
	free(p->path);
	free(p);
}
