#include "plan/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/node_doc.h"

#define FAULT_MAX	512	/* bytes of a fault's text */

static bool
charge(struct node_doc *d, size_t n, const char *file, unsigned line,
    unsigned column)
{
	if (n <= NODE_COUNT_MAX - d->count) {
		d->count += n;
		return true;
	}
	d->count = NODE_COUNT_MAX;
	errs_fault(d->errs, file, line, column, "more than %d values (an "
	    "alias counts as often as it is used)", NODE_COUNT_MAX);
	return false;
}

struct node_owned *
node_own(struct node *n)
{
	return (struct node_owned *)(void *)n;	/* its first member */
}

void
node_fault(struct node_doc *d, struct node *n, const char *fmt, ...)
{
	char text[FAULT_MAX];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	errs_fault(d->errs, n->file, n->line, n->column, "%s", text);
	n->bad = true;
}

struct node *
node_new(struct node_doc *d, const char *file, unsigned line, unsigned column)
{
	struct node_owned *o;

	if (!charge(d, 1, file, line, column))
		return NULL;
	o = xcalloc(1, sizeof *o);
	o->node.file = file;
	o->node.line = line;
	o->node.column = column;
	o->size = 1;
	o->next = d->nodes;
	d->nodes = o;
	return &o->node;
}

struct node *
node_share(struct node_doc *d, struct node *n, struct node *at,
    unsigned depth)
{
	if (!charge(d, node_own(n)->size, at->file, at->line, at->column))
		return NULL;
	if (depth + node_own(n)->height > NODE_DEPTH_MAX) {
		node_fault(d, at, "nested deeper than %d", NODE_DEPTH_MAX);
		return at;
	}
	return n;
}

struct node_doc *
node_load(const char *path, node_read_fn *read, void *ctx, struct errs *e)
{
	struct node_doc *d = xcalloc(1, sizeof *d);

	d->read = read;
	d->ctx = ctx;
	d->errs = e;
	d->root = node_source_load(d, path, NULL);
	if (d->root != NULL && !d->root->bad)
		return d;
	node_doc_free(d);
	return NULL;
}

struct node *
node_root(const struct node_doc *d)
{
	return d->root;
}

void
node_doc_free(struct node_doc *d)
{
	struct node_owned *o;

	if (d == NULL)
		return;
	while ((o = d->nodes) != NULL) {
		d->nodes = o->next;
		free(o->node.text);
		free(o->node.keys);
		free(o->node.items);
		free(o);
	}
	for (size_t i = 0; i < d->nsources; i++)
		free(d->sources[i].path);
	free(d);
}

struct node *
node_get(const struct node *m, const char *key)
{
	if (m == NULL || m->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->keys[i]->text, key) == 0)
			return m->items[i];
	return NULL;
}
