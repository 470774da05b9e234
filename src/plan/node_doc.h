/* node_doc.h - a document while it is built: what node.c, node_parse.c,
 * node_map.c and node_include.c share.  Nobody else includes it.
 *
 * Every node belongs to the document and lives as long.  An alias, a merge
 * or an include shares nodes instead of copying them, and pays for them out
 * of one budget as if it had copied: whoever walks the tree later walks no
 * more than that. */

#ifndef PLAN_NODE_DOC_H
#define PLAN_NODE_DOC_H

#include "plan/node.h"

#define NODE_DEPTH_MAX	64
#define NODE_COUNT_MAX	1000000
#define NODE_TEXT_MAX	(16u << 20)	/* bytes, with what is included */
#define NODE_FILES_MAX	64		/* in one document */
#define NODE_NEST_MAX	16		/* includes within includes */

/* A node and what only the builder knows of it. */
struct node_owned {
	struct node node;
	struct node_owned *next;
	size_t size;		/* nodes in it, shared ones as if copied */
	unsigned height;	/* maps and lists on its deepest path */
	bool open;		/* its end has not been read */
};

/* A file of the document: the first one, or one that is included. */
struct node_source {
	char *path;
	struct node *root;	/* NULL: could not be read */
	bool open;		/* being read: including it is a cycle */
};

struct node_doc {
	struct node *root;
	struct node_owned *nodes;
	struct node_source sources[NODE_FILES_MAX];
	size_t nsources;
	unsigned nest;		/* files open at the moment */
	size_t count;		/* of NODE_COUNT_MAX */
	size_t bytes;		/* of NODE_TEXT_MAX */
	node_read_fn *read;
	void *ctx;
	struct errs *errs;
};

struct node_owned *node_own(struct node *n);

/* A fault where n stands; n becomes bad. */
void node_fault(struct node_doc *d, struct node *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A new node, or NULL with a fault when the budget is spent. */
struct node *node_new(struct node_doc *d, const char *file, unsigned line,
    unsigned column);

/* n put where `at` stands, inside depth collections: n itself, or `at` made
 * bad where it would nest too deep, or NULL when the budget is spent. */
struct node *node_share(struct node_doc *d, struct node *n, struct node *at,
    unsigned depth);

/* Close a map or list whose entries are all there: a map's duplicate keys
 * are reported and dropped, its merge keys resolved. */
void node_finish(struct node_doc *d, struct node *n);

/* The tree in text, of the file src; NULL with a fault where there is none. */
struct node *node_parse(struct node_doc *d, const struct node_source *src,
    struct buf *text);

/* What the scalar at, "FILE[:key.path]" in the file from, stands for: a
 * shared node, or `at` made bad, or NULL when the budget is spent. */
struct node *node_include(struct node_doc *d, const struct node_source *from,
    struct node *at, unsigned depth);

/* The tree of the file at path, read at most once in a document; at is the
 * include or NULL.  NULL with the fault reported. */
struct node *node_source_load(struct node_doc *d, const char *path,
    struct node *at);

#endif
