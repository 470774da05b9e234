/* tmptree.h - a directory of its own for each test, and files in it. */

#ifndef TESTS_TMPTREE_H
#define TESTS_TMPTREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

struct tree {
	char dir[64];
};

static inline int
tree_setup(void **state)
{
	struct tree *t = xcalloc(1, sizeof *t);

	snprintf(t->dir, sizeof t->dir, "/tmp/retrovue-test.XXXXXX");
	*state = t;
	return mkdtemp(t->dir) == NULL;
}

static inline int
tree_remove(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static inline int
tree_teardown(void **state)
{
	struct tree *t = *state;
	int rc = nftw(t->dir, tree_remove, 16, FTW_DEPTH | FTW_PHYS);

	free(t);
	return rc;
}

/* dir/name, malloc'd. */
static inline char *
tree_path(const struct tree *t, const char *name)
{
	return xasprintf("%s/%s", t->dir, name);
}

/* The file dir/name with that text; directories on the way are made. */
static inline void
tree_write(const struct tree *t, const char *name, const char *text)
{
	char *path = tree_path(t, name), *slash = path + strlen(t->dir);
	FILE *f;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	if ((f = fopen(path, "we")) == NULL)
		abort();
	fputs(text, f);
	fclose(f);
	free(path);
}

/* A program dir/name: a shell script. */
static inline void
tree_script(const struct tree *t, const char *name, const char *text)
{
	char *path = tree_path(t, name);
	char *all = xasprintf("#!/bin/sh\n%s", text);

	tree_write(t, name, all);
	chmod(path, 0755);
	free(all);
	free(path);
}

static inline void
tree_link(const struct tree *t, const char *target, const char *name)
{
	char *path = tree_path(t, name);

	if (symlink(target, path) != 0)
		abort();
	free(path);
}

#endif
