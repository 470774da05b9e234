#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define USES_MAX	16	/* templates within templates */

/* A layer, while it is being read: a list of entries, or one. */
struct layer {
	struct when when;
	const struct node *entries;
};

/* The layers of a schedule, in file order. */
struct layers {
	struct layer *v;
	size_t n, cap;
};

struct template {
	const struct node *key, *entries;
	bool used;
	bool checked;		/* its faults are reported */
	bool open;		/* its entries are being read */
};

/* A schedule that is being read. */
struct reading {
	struct entry_reader to;
	struct template *templates;
	size_t ntemplates;
	unsigned depth;		/* of `use` */
	bool full;		/* too many entries, and reported */
};

static void read_entries(struct reading *r, const struct when *when,
    const struct node *v);

static struct template *
find_template(const struct reading *r, const struct node *at)
{
	const char **names = xcalloc(r->ntemplates, sizeof *names);
	struct template *found = NULL;

	for (size_t i = 0; i < r->ntemplates; i++) {
		names[i] = r->templates[i].key->text;
		if (strcmp(names[i], at->text) == 0)
			found = &r->templates[i];
	}
	if (found == NULL)
		conf_unknown(r->to.e, at, "template", at->text, names,
		    r->ntemplates);
	free(names);
	return found;
}

/* A template's faults are told once, however often it is used. */
static void
read_template(struct reading *r, const struct when *when, struct template *t)
{
	struct errs *e = r->to.e, again = { 0 };

	if (t->checked)
		r->to.e = &again;
	t->checked = true;
	t->open = true;
	r->depth++;
	read_entries(r, when, t->entries);
	r->depth--;
	t->open = false;
	r->to.e = e;
	errs_fini(&again);
}

static void
read_use(struct reading *r, const struct when *when, const struct node *m)
{
	struct errs *e = r->to.e;
	const char *name;
	struct template *t;

	CONF_KEYS(e, m, "use");
	if (!conf_need(e, m, "use") || !conf_str(e, m, "use", &name) ||
	    (t = find_template(r, conf_get(m, "use"))) == NULL)
		return;
	if (t->open || r->depth == USES_MAX) {
		conf_fault(e, conf_get(m, "use"), t->open ?
		    "template '%.80s' uses itself" :
		    "template '%.80s' is in too many others", name);
		return;
	}
	t->used = true;
	read_template(r, when, t);
}

static void
read_one(struct reading *r, const struct when *when, const struct node *m)
{
	if (r->full)
		return;
	if (r->to.out->n >= BLOCKS_MAX) {
		conf_fault(r->to.e, m, "more than %d entries", BLOCKS_MAX);
		r->full = true;
	} else if (node_get(m, "use") != NULL) {
		read_use(r, when, m);
	} else {
		chan_read_entry(&r->to, when, m);
	}
}

static void
read_entries(struct reading *r, const struct when *when,
    const struct node *v)
{
	if (v->kind != NODE_LIST)
		read_one(r, when, v);
	for (size_t i = 0; v->kind == NODE_LIST && i < v->n; i++)
		read_one(r, when, v->items[i]);
}

/* A list, or a map that is one entry. */
static bool
has_entries(const struct node *m, const struct node *key, struct errs *e)
{
	const struct node *v;

	if (!conf_need(e, m, key->text))
		return false;
	v = conf_get(m, key->text);
	return v->kind == NODE_MAP || conf_list(e, m, key->text) != NULL;
}

static void
find_templates(struct reading *r)
{
	const struct node *root = r->to.root, *m;

	if (node_get(root, "templates") == NULL ||
	    !conf_need(r->to.e, root, "templates") ||
	    (m = conf_map(r->to.e, root, "templates")) == NULL)
		return;
	r->templates = xcalloc(m->n, sizeof *r->templates);
	for (size_t i = 0; i < m->n; i++)
		if (has_entries(m, m->keys[i], r->to.e))
			r->templates[r->ntemplates++] = (struct template){
				.key = m->keys[i],
				.entries = conf_get(m, m->keys[i]->text),
			};
}

/* One that nothing uses is looked through all the same.  Among faults it may
 * only be misspelt. */
static void
check_templates(struct reading *r, size_t faults)
{
	struct blocks none = { 0 }, *out = r->to.out;
	const struct when always = { .kind = WHEN_ALWAYS };

	r->to.out = &none;
	for (size_t i = 0; i < r->ntemplates; i++) {
		struct template *t = &r->templates[i];

		if (!t->checked)
			read_template(r, &always, t);
	}
	for (size_t i = 0; i < r->ntemplates; i++) {
		const struct template *t = &r->templates[i];

		if (!t->used && r->to.e->faults == faults)
			errs_warn(r->to.e, t->key->file, t->key->line,
			    t->key->column, "template '%.80s' is never used",
			    t->key->text);
	}
	r->to.out = out;
	for (size_t i = 0; i < none.n; i++)
		block_fini(&none.v[i]);
	free(none.v);
}

/* The i-th key of m is a layer. */
static void
layers_add(struct layers *l, const struct when *when, const struct node *m,
    size_t i, struct errs *e)
{
	if (!has_entries(m, m->keys[i], e))
		return;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct layer){ *when, m->items[i] };
}

/* `dates`: each key is a day or several. */
static void
find_dates(struct layers *l, const struct node *schedule, struct errs *e)
{
	const struct node *m;
	struct when when;
	const char *why;

	if (!conf_need(e, schedule, "dates") ||
	    (m = conf_map(e, schedule, "dates")) == NULL)
		return;
	for (size_t i = 0; i < m->n; i++) {
		if (when_date(m->keys[i]->text, &when, &why))
			layers_add(l, &when, m, i, e);
		else
			conf_fault(e, m->keys[i], "'%.80s' %s",
			    m->keys[i]->text, why);
	}
}

static void
find_layers(struct layers *l, const struct node *m, struct errs *e)
{
	struct when when;

	CONF_KEYS(e, m, "all_day", "weekdays", "weekends", "monday",
	    "tuesday", "wednesday", "thursday", "friday", "saturday",
	    "sunday", "dates");
	for (size_t i = 0; i < m->n; i++) {
		const char *key = m->keys[i]->text;

		if (strcmp(key, "dates") == 0)
			find_dates(l, m, e);
		else if (when_layer(key, &when))
			layers_add(l, &when, m, i, e);
	}
}

/* The least specific kind first, each in file order. */
static void
read_layers(struct reading *r, const struct layers *l)
{
	for (int k = 0; k < WHEN_NKINDS; k++)
		for (size_t i = 0; i < l->n; i++)
			if (l->v[i].when.kind == (enum when_kind)k)
				read_entries(r, &l->v[i].when,
				    l->v[i].entries);
}

void
chan_read_schedule(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e)
{
	struct blocks blocks = { 0 };
	struct reading r = { .to = { c, root, st, &blocks, e } };
	struct layers l = { 0 };
	const struct node *m;
	size_t faults = e->faults;

	find_templates(&r);
	if (conf_need(e, root, "schedule") &&
	    (m = conf_map(e, root, "schedule")) != NULL) {
		if (m->n == 0)
			conf_fault(e, m, "schedule needs a layer, like "
			    "all_day");
		find_layers(&l, m, e);
		read_layers(&r, &l);
	}
	check_templates(&r, faults);
	c->blocks = blocks.v;
	c->nblocks = blocks.n;
	free(l.v);
	free(r.templates);
}

void
chan_free_schedule(struct chan *c)
{
	for (size_t i = 0; i < c->nblocks; i++)
		block_fini(&c->blocks[i]);
	free(c->blocks);
}
