#include "media/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

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

/* The path as JSON can hold it: names are any bytes, JSON is UTF-8. */
static int
write_all(int fd, const char *data, size_t len)
{
	while (len != 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -1;
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
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
			rc = write_all(fd, data, len);
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
