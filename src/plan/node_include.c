#include "plan/node_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* Below the directory of the file that names it, whoever wrote that: what is
 * elsewhere is none of its business. */
static bool
is_below(const char *name)
{
	if (name[0] == '/')
		return false;
	for (const char *s = name; s != NULL; s = strchr(s, '/')) {
		s += *s == '/';
		if (strncmp(s, "..", 2) == 0 && (s[2] == '/' || s[2] == '\0'))
			return false;
	}
	return true;
}

/* name beside the file at path. */
static char *
path_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(name);
	return xasprintf("%.*s/%s", (int)(slash - path), path, name);
}

/* A fault of a whole file belongs where it is included; the first file is
 * included nowhere. */
static void
source_fault(struct node_doc *d, const char *path, struct node *at,
    const char *what)
{
	if (at != NULL)
		node_fault(d, at, "cannot include '%.80s': %s", path, what);
	else
		errs_fault(d->errs, path, 0, 0, "%s", what);
}

static struct node_source *
source_find(struct node_doc *d, const char *path)
{
	for (size_t i = 0; i < d->nsources; i++)
		if (strcmp(d->sources[i].path, path) == 0)
			return &d->sources[i];
	return NULL;
}

static void
source_read(struct node_doc *d, struct node_source *s, struct node *at)
{
	struct buf text = { 0 };
	const char *why = "cannot be read";

	if (d->read(d->ctx, s->path, &text, &why) < 0) {
		source_fault(d, s->path, at, why);
	} else if (text.len > NODE_TEXT_MAX - d->bytes) {
		source_fault(d, s->path, at, "more than 16 MiB in all");
	} else {
		d->bytes += text.len;
		s->open = true;
		d->nest++;
		s->root = node_parse(d, s, &text);
		d->nest--;
		s->open = false;
	}
	buf_fini(&text);
}

struct node *
node_source_load(struct node_doc *d, const char *path, struct node *at)
{
	struct node_source *s = source_find(d, path);

	if (s != NULL && s->open) {
		source_fault(d, path, at, "it includes itself");
		return NULL;
	}
	if (s != NULL)
		return s->root;
	if (d->nsources == NODE_FILES_MAX || d->nest == NODE_NEST_MAX) {
		source_fault(d, path, at, "too many files");
		return NULL;
	}
	s = &d->sources[d->nsources++];
	s->path = xstrdup(path);
	source_read(d, s, at);
	return s->root;
}

/* The node at keys ("a.b.c") below n, or NULL. */
static struct node *
find_path(struct node *n, char *keys)
{
	char *dot;

	while (n != NULL && keys != NULL) {
		if ((dot = strchr(keys, '.')) != NULL)
			*dot++ = '\0';
		n = node_get(n, keys);
		keys = dot;
	}
	return n;
}

struct node *
node_include(struct node_doc *d, const struct node_source *from,
    struct node *at, unsigned depth)
{
	char *name = xstrdup(at->text);
	char *keys = strrchr(name, ':');
	struct node *root, *n = at;
	char *path;

	if (keys != NULL)
		*keys++ = '\0';
	path = path_beside(from->path, name);
	if (name[0] == '\0')
		node_fault(d, at, "!include wants FILE or FILE:key.path");
	else if (!is_below(name))
		node_fault(d, at, "'%.80s' is not beside the file that "
		    "includes it", name);
	else if ((root = node_source_load(d, path, at)) == NULL || root->bad)
		at->bad = true;
	else if ((root = find_path(root, keys)) == NULL)
		node_fault(d, at, "no '%.80s' in %.80s",
		    at->text + strlen(name) + 1, path);
	else
		n = node_share(d, root, at, depth);
	free(path);
	free(name);
	return n;
}
