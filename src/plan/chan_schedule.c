#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define BLOCKS_MAX	10000
#define BLOCK_POOLS_MAX	100	/* of one block */
#define DAY_S		86400

/* A layer, while it is being read. */
struct layer {
	struct when when;
	const struct node *list;
};

/* The layers of a schedule, in file order. */
struct layers {
	struct layer *v;
	size_t n, cap;
};

static void
read_block_pools(const struct chan *c, struct block *b,
    const struct node *m, bool pools_known, struct errs *e)
{
	struct node *const *texts;
	size_t n;

	if (!conf_need(e, m, "pool"))
		return;
	n = conf_texts(e, m, "pool", &texts);
	if (n > BLOCK_POOLS_MAX) {
		conf_fault(e, conf_get(m, "pool"), "more than %d pools",
		    BLOCK_POOLS_MAX);
		return;
	}
	b->pools = xcalloc(n, sizeof *b->pools);
	for (size_t i = 0; i < n; i++) {
		if (chan_find_pool(c, texts[i]->text, &b->pools[b->npools]))
			b->npools++;
		else if (pools_known)
			chan_unknown_pool(c, texts[i], e);
	}
}

/* From start to end, over midnight if need be; equal is a whole day. */
static int
span(int start, int end)
{
	int s = (end - start) % DAY_S;

	return s > 0 ? s : s + DAY_S;
}

static void
read_times(struct block *b, const struct node *m, struct errs *e)
{
	bool has_end = node_get(m, "end") != NULL;
	bool has_duration = node_get(m, "duration") != NULL;
	bool started = conf_need(e, m, "start") &&
	    conf_clock(e, m, "start", &b->start_s);
	int64_t duration;
	int end;

	if (has_end == has_duration)
		conf_fault(e, m, "a block needs %s", has_end ?
		    "either 'end' or 'duration', not both" :
		    "'end' or 'duration'");
	if (has_end && conf_need(e, m, "end") &&
	    conf_clock(e, m, "end", &end) && started)
		b->length_s = span(b->start_s, end);
	if (has_duration && conf_need(e, m, "duration") &&
	    conf_duration(e, m, "duration", 1, DAY_S, &duration))
		b->length_s = (int)duration;
}

static void
read_mode(struct block *b, const struct node *m, struct errs *e)
{
	static const char *const names[] = {
		[BLOCK_SEQUENTIAL] = "sequential",
		[BLOCK_RANDOM] = "random",
		[BLOCK_SHUFFLE] = "shuffle",
	};
	int i;

	if (conf_choice(e, m, "mode", names, 3, &i))
		b->mode = (enum block_mode)i;
}

static void
read_block(struct chan *c, const struct when *when, const struct node *m,
    bool pools_known, struct errs *e)
{
	struct block *b = &c->blocks[c->nblocks++];

	b->when = *when;
	b->line = m->line;
	b->column = m->column;
	CONF_KEYS(e, m, "start", "end", "duration", "title", "pool", "mode");
	read_times(b, m, e);
	conf_dup(e, m, "title", &b->title);
	read_block_pools(c, b, m, pools_known, e);
	read_mode(b, m, e);
}

static void
read_entry(struct chan *c, const struct when *when, const struct node *m,
    bool pools_known, struct errs *e)
{
	const struct node *block;

	if (m->kind != NODE_MAP || m->n == 0) {
		conf_fault(e, m, "an entry must be a map with 'block'");
		return;
	}
	CONF_KEYS(e, m, "block");
	if (node_get(m, "block") == NULL || !conf_need(e, m, "block"))
		return;
	if ((block = conf_map(e, m, "block")) != NULL)
		read_block(c, when, block, pools_known, e);
}

/* The i-th key of m is a layer. */
static void
layers_add(struct layers *l, const struct when *when, const struct node *m,
    size_t i, struct errs *e)
{
	const char *name = m->keys[i]->text;
	const struct node *list;

	if (!conf_need(e, m, name) || (list = conf_list(e, m, name)) == NULL)
		return;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct layer){ *when, list };
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
layers_sort(struct layers *l)
{
	struct layer *sorted = xcalloc(l->n, sizeof *sorted);
	size_t n = 0;

	for (int k = 0; k < WHEN_NKINDS; k++)
		for (size_t i = 0; i < l->n; i++)
			if (l->v[i].when.kind == (enum when_kind)k)
				sorted[n++] = l->v[i];
	free(l->v);
	l->v = sorted;
}

static void
read_layers(struct chan *c, const struct layers *l, bool pools_known,
    const struct node *at, struct errs *e)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].list->n;
	if (n > BLOCKS_MAX) {
		conf_fault(e, at, "more than %d entries", BLOCKS_MAX);
		return;
	}
	c->blocks = xcalloc(n, sizeof *c->blocks);
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].list->n; k++)
			read_entry(c, &l->v[i].when, l->v[i].list->items[k],
			    pools_known, e);
}

void
chan_read_schedule(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *m;
	struct layers l = { 0 };

	if (!conf_need(e, root, "schedule") ||
	    (m = conf_map(e, root, "schedule")) == NULL)
		return;
	if (m->n == 0)
		conf_fault(e, m, "schedule needs a layer, like all_day");
	find_layers(&l, m, e);
	layers_sort(&l);
	read_layers(c, &l, chan_pools_known(c, root), m, e);
	free(l.v);
}

void
chan_free_schedule(struct chan *c)
{
	for (size_t i = 0; i < c->nblocks; i++) {
		free(c->blocks[i].title);
		free(c->blocks[i].pools);
	}
	free(c->blocks);
}
