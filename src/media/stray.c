#include "media/stray.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xmem.h"
#include "media/walk.h"
#include "plan/station.h"

#define NAMED_MAX	20	/* of a library */
#define SEARCHES_MAX	100	/* of a directory, each through its names ... */
#define SEARCHED_MAX	100000	/* ... and so many of these */

/* The names in a directory, sorted. */
struct dir {
	const char *const *names;
	size_t n;
};

static int
compare(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

static bool
has(const struct dir *d, const char *name)
{
	return d->n > 0 && bsearch(name, d->names, d->n, sizeof *d->names,
	    compare) != NULL;
}

/* A media file that nothing is written about yet. */
static bool
is_bare(const struct dir *d, const char *name)
{
	char *sidecar;
	bool bare;

	if (!walk_is_media(name))
		return false;
	sidecar = xasprintf("%s.yaml", name);
	bare = !has(d, sidecar);
	free(sidecar);
	return bare;
}

/* How much of a name stands before what says that it is media. */
static size_t
stem(const char *name)
{
	return walk_is_media(name) ? (size_t)(strrchr(name, '.') - name) :
	    strlen(name);
}

/* The same film in another container, or in letters of another case. */
static bool
is_same(const char *a, const char *b)
{
	size_t n = stem(a);

	return n == stem(b) && strncasecmp(a, b, n) == 0;
}

/* of: what the sidecar's name says that it is about. */
static const char *
find_near(const struct dir *d, const char *of)
{
	const char **bare, *near = NULL;
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if (is_same(of, d->names[i]) && is_bare(d, d->names[i]))
			return d->names[i];
	if (!walk_is_media(of))
		return NULL;
	bare = xcalloc(d->n, sizeof *bare);
	for (size_t i = 0; i < d->n; i++)
		if (is_bare(d, d->names[i]))
			bare[n++] = d->names[i];
	near = err_suggest(of, bare, n);
	free(bare);
	return near;
}

/* What a sidecar of that name is about, malloc'd; NULL where it is none. */
static char *
subject(const char *name, bool *yml)
{
	const char *dot = strrchr(name, '.');

	*yml = dot != NULL && strcmp(dot, ".yml") == 0;
	if (dot == NULL || (!*yml && strcmp(dot, ".yaml") != 0))
		return NULL;
	return xstrndup(name, (size_t)(dot - name));
}

/* Is it no sidecar, or one that is where it belongs? */
static bool
is_in_place(const struct dir *d, const char *name)
{
	bool yml, in_place;
	char *of = subject(name, &yml);

	in_place = of == NULL || (!yml && has(d, of));
	free(of);
	return in_place;
}

bool
stray_find(const char *name, const char *const *names, size_t n,
    const char **near)
{
	const struct dir d = { names, n };
	const char *found = NULL;
	bool yml, there, stray;
	char *of = subject(name, &yml);

	if (of == NULL)
		return false;
	there = has(&d, of);
	if (near != NULL)
		*near = found = yml || !there ? find_near(&d, of) : NULL;
	stray = found != NULL || (!there && walk_is_media(of));
	free(of);
	return stray;
}

static void
say(const char *dir, const char *name, const char *near, struct errs *e)
{
	char *path = path_resolve(dir, name);

	if (near != NULL)
		errs_warn(e, path, 0, 0, "this sidecar belongs to no media "
		    "file; did you mean '%s.yaml'?", near);
	else
		errs_warn(e, path, 0, 0, "this sidecar belongs to no media "
		    "file: rename or remove it");
	free(path);
}

void
stray_say(const char *dir, const char *const *names, size_t n, size_t *found,
    struct errs *e)
{
	const struct dir d = { names, n };
	size_t searches = 0;

	for (size_t i = 0; i < n; i++) {
		bool search = *found < NAMED_MAX && searches < SEARCHES_MAX &&
		    searches * n < SEARCHED_MAX;
		const char *near = NULL;

		if (is_in_place(&d, names[i]))
			continue;
		searches += search;
		if (stray_find(names[i], names, n, search ? &near : NULL) &&
		    ++*found <= NAMED_MAX)
			say(dir, names[i], near, e);
	}
}

void
stray_say_rest(const char *library, size_t found, struct errs *e)
{
	if (found > NAMED_MAX)
		errs_warn(e, library, 0, 0, "%zu more sidecars belong to no "
		    "media file", found - NAMED_MAX);
}
