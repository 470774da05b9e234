#include "plan/chan_parts.h"

#include <string.h>

#include "plan/conf.h"

static void
set_pool(struct chan *c, const struct node *root, const struct node *at,
    struct errs *e)
{
	size_t i;

	if (chan_find_pool(c, at->text, &i))
		c->filler_pool = &c->pools[i];
	else if (chan_pools_known(c, root))
		chan_unknown_pool(c, at, e);
}

/* duration_ms is what older files say; the probe knows better. */
static void
read_map(struct chan *c, const struct node *root, const struct node *m,
    const struct station *st, struct errs *e)
{
	bool has_path = node_get(m, "path") != NULL;
	bool has_pool = node_get(m, "pool") != NULL;
	const char *text;
	int64_t ignored;

	CONF_KEYS(e, m, "path", "duration_ms", "pool");
	conf_int(e, m, "duration_ms", 0, INT64_MAX, &ignored);
	if (has_path == has_pool) {
		conf_fault(e, m, "filler needs %s", has_path ?
		    "either 'path' or 'pool', not both" :
		    "'path' or 'pool'");
		return;
	}
	if (has_path && conf_need(e, m, "path") &&
	    conf_str(e, m, "path", &text))
		c->filler = path_resolve(st->dir, text);
	if (has_pool && conf_need(e, m, "pool") &&
	    conf_str(e, m, "pool", &text))
		set_pool(c, root, conf_get(m, "pool"), e);
}

/* A bare word that nearly is a pool's name is taken for a file all the same,
 * as it may be one; but hardly by who wrote it. */
static void
check_word(const struct chan *c, const struct node *at, struct errs *e)
{
	for (size_t i = 0; at->text[strcspn(at->text, "./")] == '\0' &&
	    i < c->npools; i++) {
		const char *name = c->pools[i].name;

		if (err_suggest(at->text, &name, 1) == NULL)
			continue;
		errs_warn(e, at->file, at->line, at->column, "filler '%.80s' "
		    "is a file here, as no pool has that name; did you mean "
		    "'%.80s'?", at->text, name);
		return;
	}
}

void
chan_read_filler(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e)
{
	const struct node *v = conf_get(root, "filler"), *m;
	const char *text;
	size_t i;

	if (v == NULL)
		return;
	c->filler_at = chan_key_place(c, root, "filler");
	if (v->kind != NODE_SCALAR) {
		if ((m = conf_map(e, root, "filler")) != NULL)
			read_map(c, root, m, st, e);
	} else if (conf_str(e, root, "filler", &text)) {
		if (chan_find_pool(c, text, &i)) {
			c->filler_pool = &c->pools[i];
			return;
		}
		check_word(c, v, e);
		c->filler = path_resolve(st->dir, text);
	}
}
