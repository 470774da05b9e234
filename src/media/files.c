#include "media/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

#define READ_SIZE	65536

int
files_make_dirs(const char *dir)
{
	char *path = xstrdup(dir), *at = path;
	int rc = 0;

	do {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		char c = *at;

		*at = '\0';
		rc = *path == '\0' ? 0 : mkdir(path, 0755);
		if (rc < 0 && errno == EEXIST)
			rc = 0;
		*at = c;
	} while (rc == 0 && *at != '\0');
	free(path);
	return rc;
}

/* To the end, or max bytes. */
static int
read_all(int fd, size_t max, struct buf *out)
{
	size_t room;
	ssize_t n;

	while ((room = max - out->len) > 0) {
		if (room > READ_SIZE)
			room = READ_SIZE;
		n = read(fd, buf_extend(out, room), room);
		out->len -= room - (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -1;
	}
	return 0;
}

int
files_read(const char *path, size_t max, struct buf *out, const char **why)
{
	struct stat st;
	int fd = -1, rc = -1, error;

	buf_reset(out);
	/* Not opened before its kind is known: a FIFO would wait. */
	if (stat(path, &st) < 0)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		*why = "not a regular file";
		errno = EINVAL;
		return -1;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		rc = read_all(fd, max, out);
out:
	error = errno;
	if (rc < 0)
		*why = strerror(error);
	if (fd >= 0)
		close(fd);
	errno = error;
	return rc;
}

int
files_write_all(int fd, const void *data, size_t len, size_t *done)
{
	const char *bytes = data;
	ssize_t n;

	for (*done = 0; *done < len; *done += (size_t)n) {
		do
			n = write(fd, bytes + *done, len - *done);
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			return n < 0 ? errno : EIO;
	}
	return 0;
}

/* 0, or -1 with errno. */
static int
write_synced(int fd, const void *data, size_t len)
{
	size_t done;

	if ((errno = files_write_all(fd, data, len, &done)) != 0)
		return -1;
	return fsync(fd);
}

int
files_replace(const char *path, const void *data, size_t len)
{
	char *tmp = xasprintf("%s.XXXXXX", path);
	int fd, rc = -1, saved;

	if ((fd = mkostemp(tmp, O_CLOEXEC)) >= 0) {
		rc = fchmod(fd, 0644);
		if (rc == 0)
			rc = write_synced(fd, data, len);
		if (close(fd) < 0)
			rc = -1;
		if (rc == 0)
			rc = rename(tmp, path);
		saved = errno;
		if (rc < 0)
			unlink(tmp);
		errno = saved;
	}
	free(tmp);
	return rc;
}

bool
files_is_lack(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM ||
	    error == EAGAIN;
}
