/* execvp(3) would look for the program when the sandbox stands already, which
 * has to know it. */

#include "exec_parts.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PATH	"/usr/local/bin:/usr/bin:/bin"
#define HEADERS_MAX	64	/* of an ELF file; few have twelve */

static bool
is_program(const char *path)
{
	struct stat st;

	if (access(path, X_OK) < 0 || stat(path, &st) < 0)
		return false;
	if (S_ISREG(st.st_mode))
		return true;
	errno = EACCES;
	return false;
}

/* dir[len]/name where there is such a program, malloc'd, else NULL. */
static char *
try_dir(const char *dir, size_t len, const char *name)
{
	char *path;

	if (asprintf(&path, "%.*s/%s", len != 0 ? (int)len : 1,
	    len != 0 ? dir : ".", name) < 0)
		return NULL;
	if (is_program(path))
		return path;
	free(path);
	return NULL;
}

static char *
search(const char *name)
{
	const char *dirs = getenv("PATH");
	int why = ENOENT;
	char *path;

	for (dirs = dirs != NULL ? dirs : DEFAULT_PATH;; dirs++) {
		size_t n = strcspn(dirs, ":");

		if ((path = try_dir(dirs, n, name)) != NULL)
			return path;
		if (errno == EACCES)
			why = EACCES;
		dirs += n;
		if (*dirs == '\0')
			break;
	}
	errno = why;
	return NULL;
}

static bool
is_script(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[2] = "";
	bool script = fd >= 0 && read(fd, head, 2) == 2 && head[0] == '#' &&
	    head[1] == '!';

	if (fd >= 0)
		close(fd);
	return script;
}

int
exec_find(struct exec_job *job)
{
	const char *name = job->argv[0];

	if (strchr(name, '/') == NULL)
		job->path = search(name);
	else if (is_program(name))
		job->path = strdup(name);
	if (job->path == NULL)
		return -1;
	if (job->mode == EXEC_OFF || !is_script(job->path))
		return 0;
	errno = ENOEXEC;
	return -1;
}

/* The text of the PT_INTERP header, which is the loader's path. */
static char *
read_interp(int fd, const ElfW(Phdr) *h)
{
	char path[PATH_MAX];

	if (h->p_filesz == 0 || h->p_filesz > sizeof path ||
	    pread(fd, path, h->p_filesz, (off_t)h->p_offset) !=
	    (ssize_t)h->p_filesz || path[h->p_filesz - 1] != '\0')
		return NULL;
	return strdup(path);
}

static char *
find_interp(int fd)
{
	ElfW(Phdr) h[HEADERS_MAX];
	ElfW(Ehdr) e;
	size_t n;

	if (pread(fd, &e, sizeof e, 0) != (ssize_t)sizeof e ||
	    memcmp(e.e_ident, ELFMAG, SELFMAG) != 0 ||
	    e.e_phentsize != sizeof h[0] || e.e_phnum > HEADERS_MAX)
		return NULL;
	n = e.e_phnum * sizeof h[0];
	if (pread(fd, h, n, (off_t)e.e_phoff) != (ssize_t)n)
		return NULL;
	for (size_t i = 0; i < e.e_phnum; i++)
		if (h[i].p_type == PT_INTERP)
			return read_interp(fd, &h[i]);
	return NULL;
}

char *
exec_loader(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *loader = fd >= 0 ? find_interp(fd) : NULL;

	if (fd >= 0)
		close(fd);
	return loader;
}
