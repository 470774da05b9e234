#include "plan/node_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* A map's entries while it is sorted out.  order is the place in the file;
 * what is merged in comes behind all that is written in the map itself. */
struct entry {
	struct node *key, *item;
	size_t order;
	bool merged;
	bool dropped;
};

struct entries {
	struct entry *v;
	size_t n, cap;
};

static void
entries_add(struct entries *es, struct node *key, struct node *item,
    bool merged)
{
	xgrow(&es->v, &es->cap, es->n + 1, sizeof *es->v);
	es->v[es->n] = (struct entry){
		.key = key, .item = item, .order = es->n, .merged = merged,
	};
	es->n++;
}

static int
by_key(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	int d = strcmp(a->key->text, b->key->text);

	if (d != 0)
		return d;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
by_order(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;

	return a->order < b->order ? -1 : a->order > b->order;
}

static void
duplicate(struct node_doc *d, const struct node *key,
    const struct node *first)
{
	errs_fault(d->errs, key->file, key->line, key->column,
	    "duplicate key '%.80s'; it is already on line %u", key->text,
	    first->line);
}

static bool
is_merge(const struct node *key)
{
	return !key->quoted && strcmp(key->text, "<<") == 0;
}

static void
merge_map(struct node_doc *d, struct entries *es, struct node *from)
{
	if (from->bad)
		return;
	if (from->kind != NODE_MAP) {
		node_fault(d, from, "'<<' merges a map or a list of maps");
		return;
	}
	for (size_t i = 0; i < from->n; i++)
		entries_add(es, from->keys[i], from->items[i], true);
}

/* Of several maps in a list the earlier wins (YAML 1.1 type "merge"). */
static void
merge_value(struct node_doc *d, struct entries *es, struct node *value)
{
	if (value->kind != NODE_LIST) {
		merge_map(d, es, value);
		return;
	}
	for (size_t i = 0; i < value->n; i++)
		merge_map(d, es, value->items[i]);
}

static void
collect(struct node_doc *d, const struct node *map, struct entries *es)
{
	const struct node *merge = NULL;
	struct node *value = NULL;

	for (size_t i = 0; i < map->n; i++) {
		if (!is_merge(map->keys[i])) {
			entries_add(es, map->keys[i], map->items[i], false);
		} else if (merge == NULL) {
			merge = map->keys[i];
			value = map->items[i];
		} else {
			duplicate(d, map->keys[i], merge);
		}
	}
	if (value != NULL)
		merge_value(d, es, value);
}

/* Sorted, because comparing each key with each would let a file of a few
 * megabytes take minutes. */
static void
drop_duplicates(struct node_doc *d, struct entries *es)
{
	size_t first = 0;

	qsort(es->v, es->n, sizeof *es->v, by_key);
	for (size_t i = 1; i < es->n; i++) {
		const struct node *key = es->v[i].key;

		if (strcmp(key->text, es->v[first].key->text) != 0) {
			first = i;
			continue;
		}
		es->v[i].dropped = true;
		if (!es->v[i].merged)
			duplicate(d, key, es->v[first].key);
	}
	qsort(es->v, es->n, sizeof *es->v, by_order);
}

static void
finish_map(struct node_doc *d, struct node *map)
{
	struct entries es = { 0 };

	collect(d, map, &es);
	if (es.n != 0)
		drop_duplicates(d, &es);
	map->keys = xreallocarray(map->keys, es.n, sizeof *map->keys);
	map->items = xreallocarray(map->items, es.n, sizeof *map->items);
	map->n = 0;
	for (size_t i = 0; i < es.n; i++) {
		if (es.v[i].dropped)
			continue;
		map->keys[map->n] = es.v[i].key;
		map->items[map->n++] = es.v[i].item;
	}
	free(es.v);
}

void
node_finish(struct node_doc *d, struct node *n)
{
	struct node_owned *o = node_own(n);

	if (n->kind == NODE_MAP)
		finish_map(d, n);
	o->open = false;
	o->height = 1;
	for (size_t i = 0; i < n->n; i++) {
		const struct node_owned *item = node_own(n->items[i]);

		o->size += item->size + (n->kind == NODE_MAP);
		if (o->height < item->height + 1)
			o->height = item->height + 1;
	}
}
