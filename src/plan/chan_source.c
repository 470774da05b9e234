/* What entries and programs name: pools, and files that are none's. */

#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define POOLS_MAX	100	/* of one entry */
#define SOURCES_MAX	1000	/* of one key */
#define FILES_MAX	10000	/* of a channel */
#define NAME_MAX	4096	/* bytes, as a path */

/* `pools` is as good as `pool`, as long as it is not both. */
static const char *
pool_key(const struct node *m, struct errs *e)
{
	if (node_get(m, "pools") == NULL)
		return "pool";
	if (node_get(m, "pool") != NULL)
		conf_fault(e, node_get(m, "pools"),
		    "'pool' and 'pools' are the same: use one");
	return "pools";
}

void
chan_read_pool_names(const struct chan *c, const struct node *root,
    const struct node *m, size_t **v, size_t *n, struct errs *e)
{
	const char *key = pool_key(m, e);
	struct node *const *texts;
	size_t ntexts;

	if (!conf_need(e, m, key))
		return;
	ntexts = conf_texts(e, m, key, &texts);
	if (ntexts > POOLS_MAX) {
		conf_fault(e, conf_get(m, key), "more than %d pools",
		    POOLS_MAX);
		return;
	}
	*v = xcalloc(ntexts, sizeof **v);
	for (size_t i = 0; i < ntexts; i++) {
		if (chan_find_pool(c, texts[i]->text, &(*v)[*n]))
			++*n;
		else if (chan_pools_known(c, root))
			chan_unknown_pool(c, texts[i], e);
	}
}

static void
list_add(struct pool_list *l, size_t pool)
{
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = pool;
}

/* The same file has the same pool however often it is named. */
static void
add_file(struct chan *c, const struct station *st, const struct node *at,
    struct pool_list *out, struct errs *e)
{
	for (size_t i = 0; i < c->nfiles; i++) {
		if (strcmp(c->files[i].name, at->text) == 0) {
			list_add(out, c->npools + i);
			return;
		}
	}
	if (c->nfiles == FILES_MAX || strlen(at->text) > NAME_MAX) {
		conf_fault(e, at, c->nfiles == FILES_MAX ?
		    "too many files in entries" : "a path is too long");
		return;
	}
	c->files = xreallocarray(c->files, c->nfiles + 1, sizeof *c->files);
	chan_file_pool(&c->files[c->nfiles], at, st);
	list_add(out, c->npools + c->nfiles++);
}

/* A file has a '.' or a '/' in it where no pool has that name. */
static void
add_text(struct chan *c, const struct node *root, const struct station *st,
    const struct node *at, struct pool_list *out, struct errs *e)
{
	size_t pool;

	if (chan_find_pool(c, at->text, &pool))
		list_add(out, pool);
	else if (at->text[strcspn(at->text, "./")] != '\0')
		add_file(c, st, at, out, e);
	else if (chan_pools_known(c, root))
		chan_unknown_pool(c, at, e);
}

/* {pool: NAME} or {asset: FILE}. */
static void
add_map(struct chan *c, const struct node *root, const struct station *st,
    const struct node *m, struct pool_list *out, struct errs *e)
{
	bool pool = node_get(m, "pool") != NULL;
	const char *key = pool ? "pool" : "asset", *text;

	CONF_KEYS(e, m, "pool", "asset");
	if (pool && node_get(m, "asset") != NULL)
		conf_fault(e, m, "either 'pool' or 'asset', not both");
	else if (!pool && node_get(m, "asset") == NULL)
		conf_fault(e, m, "needs 'pool' or 'asset'");
	else if (!conf_need(e, m, key) || !conf_str(e, m, key, &text))
		return;
	else if (pool)
		add_text(c, root, st, conf_get(m, key), out, e);
	else
		add_file(c, st, conf_get(m, key), out, e);
}

static void
add_source(struct chan *c, const struct node *root, const struct station *st,
    const struct node *at, const char *key, struct pool_list *out,
    struct errs *e)
{
	if (at->bad)
		return;
	if (at->kind == NODE_MAP)
		add_map(c, root, st, at, out, e);
	else if (at->kind == NODE_SCALAR && at->text[0] != '\0')
		add_text(c, root, st, at, out, e);
	else
		conf_fault(e, at, "%s must be a pool, a file, or a list of "
		    "them", key);
}

void
chan_read_sources(struct chan *c, const struct node *root,
    const struct station *st, const struct node *m, const char *key,
    struct pool_list *out, struct errs *e)
{
	const struct node *v;

	if (node_get(m, key) == NULL || !conf_need(e, m, key))
		return;
	v = conf_get(m, key);
	if (v->kind != NODE_LIST) {
		add_source(c, root, st, v, key, out, e);
	} else if (v->n == 0 || v->n > SOURCES_MAX) {
		conf_fault(e, v, v->n == 0 ? "%s is an empty list" :
		    "%s is too long", key);
	} else {
		for (size_t i = 0; i < v->n; i++)
			add_source(c, root, st, v->items[i], key, out, e);
	}
}
