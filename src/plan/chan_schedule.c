#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define BLOCKS_MAX	10000
#define BLOCK_POOLS_MAX	100	/* of one block */
#define DAY_S		86400

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
read_block(struct chan *c, const struct node *m, bool pools_known,
    struct errs *e)
{
	struct block *b = &c->blocks[c->nblocks++];

	b->line = m->line;
	b->column = m->column;
	CONF_KEYS(e, m, "start", "end", "duration", "title", "pool", "mode");
	read_times(b, m, e);
	conf_dup(e, m, "title", &b->title);
	read_block_pools(c, b, m, pools_known, e);
	read_mode(b, m, e);
}

static void
read_entry(struct chan *c, const struct node *m, bool pools_known,
    struct errs *e)
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
		read_block(c, block, pools_known, e);
}

void
chan_read_schedule(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *m, *list;
	bool pools_known = chan_pools_known(c, root);

	if (!conf_need(e, root, "schedule") ||
	    (m = conf_map(e, root, "schedule")) == NULL)
		return;
	CONF_KEYS(e, m, "all_day");
	if ((m->n == 0 || node_get(m, "all_day") != NULL) &&
	    !conf_need(e, m, "all_day"))
		return;
	if ((list = conf_list(e, m, "all_day")) == NULL)
		return;
	if (list->n > BLOCKS_MAX) {
		conf_fault(e, list, "more than %d entries", BLOCKS_MAX);
		return;
	}
	c->blocks = xcalloc(list->n, sizeof *c->blocks);
	for (size_t i = 0; i < list->n; i++)
		read_entry(c, list->items[i], pools_known, e);
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
