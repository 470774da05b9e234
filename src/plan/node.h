/* node.h - a YAML document as a tree whose every node knows where it stood.
 *
 * Built from libyaml's events only, under limits, so that no document can
 * eat the machine: 16 MiB of text, nesting 64, a million nodes with every
 * alias counted as often as it is used.  Refused with file, line and column:
 * duplicate keys, cycles, several documents, unknown tags, keys that are no
 * plain scalars.  Merge keys (<<) and !include FILE[:key.path] are resolved
 * here; no file is read here: the caller's function does that. */

#ifndef PLAN_NODE_H
#define PLAN_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum node_kind {
	NODE_SCALAR,
	NODE_MAP,
	NODE_LIST,
};

struct node {
	enum node_kind kind;
	const char *file;	/* where it stands; an included node's file */
	unsigned line, column;
	bool quoted;		/* a scalar in quotes: never null, true, 1 */
	bool bad;		/* its fault is reported: say no more of it */
	char *text;		/* a scalar's text, NUL-terminated UTF-8 */
	struct node **keys;	/* a map's keys (scalars) in file order ... */
	struct node **items;	/* ... and its values; a list's items */
	size_t n;
};

/* Read the whole file at path into *out (at most 16 MiB + 1 bytes); 0, or -1
 * with *why set to a static or strerror text. */
typedef int node_read_fn(void *ctx, const char *path, struct buf *out,
    const char **why);

struct node_doc;

/* The tree of the file at path, or NULL with the faults in e.  Where only a
 * part is at fault (a key given twice, a file that cannot be included) the
 * rest comes as a tree all the same, so that one pass finds every fault:
 * e->faults has grown then, and the file is refused in the end.  An empty
 * document is an empty map.  Included files are looked for beside the file
 * that includes them.  Free with node_doc_free(), which frees every node. */
struct node_doc *node_load(const char *path, node_read_fn *read, void *ctx,
    struct errs *e);
struct node *node_root(const struct node_doc *d);
void node_doc_free(struct node_doc *d);

/* The value of key in a map, or NULL (also where m is no map). */
struct node *node_get(const struct node *m, const char *key);

#endif
