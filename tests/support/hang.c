/* hang.c - a disk that does not answer, to be preloaded: whoever opens or
 * makes a file whose path holds the text in HANG_PATH says so by making the
 * file HANG_MARK, and does not come back. */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PRIVATE	0600

int open64(const char *path, int flags, ...);
int mkostemp64(char *path, int flags);

typedef int open_fn(const char *path, int flags, ...);
typedef int make_fn(char *path, int flags);

static void *
real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static void
look(const char *path)
{
	const char *bad = getenv("HANG_PATH"), *mark = getenv("HANG_MARK");
	open_fn *fn = NULL;
	void *found = real("open64");

	if (bad == NULL || mark == NULL || strstr(path, bad) == NULL)
		return;
	memcpy(&fn, &found, sizeof fn);
	close(fn(mark, O_WRONLY | O_CREAT, PRIVATE));
	for (;;)
		pause();
}

int
open64(const char *path, int flags, ...)
{
	void *found = real("open64");
	open_fn *fn;
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	look(path);
	memcpy(&fn, &found, sizeof fn);
	return fn(path, flags, mode);
}

int
mkostemp64(char *path, int flags)
{
	void *found = real("mkostemp64");
	make_fn *fn;

	look(path);
	memcpy(&fn, &found, sizeof fn);
	return fn(path, flags);
}
