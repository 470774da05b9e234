#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define PROGRAMS_MAX	1000
#define TURNS_MAX	100	/* programs of one entry */
#define DAY_MIN		1440

static void
read_slots(struct program *p, const struct node *m, int grid_minutes,
    struct errs *e)
{
	int64_t n, max = DAY_MIN / grid_minutes;

	if (conf_int(e, m, "grid_blocks", 1, max, &n))
		p->grid_blocks = (int)n;
	if (conf_int(e, m, "grid_blocks_max", 1, max, &n))
		p->grid_max = (int)n;
	if (p->grid_blocks != 0 && p->grid_max != 0)
		conf_fault(e, conf_get(m, "grid_blocks_max"), "a program has "
		    "either 'grid_blocks' or 'grid_blocks_max', not both");
}

static void
read_fill(struct program *p, const struct node *m, struct errs *e)
{
	static const char *const names[] = { "single", "accumulate" };
	int i = 0;

	conf_choice(e, m, "fill_mode", names, 2, &i);
	p->accumulate = i == 1;
	if (p->accumulate && node_get(m, "grid_blocks") == NULL &&
	    node_get(m, "grid_blocks_max") == NULL)
		conf_fault(e, conf_get(m, "fill_mode"), "accumulate needs "
		    "'grid_blocks' or 'grid_blocks_max'");
}

static void
read_program(struct chan *c, struct program *p, const struct node *key,
    const struct node *m, const struct node *root, const struct station *st,
    struct errs *e)
{
	p->name = xstrdup(key->text);
	p->line = key->line;
	p->column = key->column;
	if (m->kind != NODE_MAP) {
		conf_fault(e, m, "program '%.80s' must be a map with 'pool'",
		    p->name);
		return;
	}
	CONF_KEYS(e, m, "pool", "pools", "title", "grid_blocks",
	    "grid_blocks_max", "fill_mode", "bleed", "presentation", "intro",
	    "outro");
	chan_read_pool_names(c, root, m, &p->pools, &p->npools, e);
	conf_dup(e, m, "title", &p->title);
	read_slots(p, m, c->format.grid_minutes, e);
	read_fill(p, m, e);
	conf_bool(e, m, "bleed", &p->bleed);
	chan_read_sources(c, root, st, m, "presentation", &p->presentation,
	    e);
	chan_read_sources(c, root, st, m, "intro", &p->intro, e);
	chan_read_sources(c, root, st, m, "outro", &p->outro, e);
}

void
chan_read_programs(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e)
{
	const struct node *m;

	if (node_get(root, "programs") == NULL ||
	    !conf_need(e, root, "programs") ||
	    (m = conf_map(e, root, "programs")) == NULL)
		return;
	if (m->n > PROGRAMS_MAX) {
		conf_fault(e, m, "more than %d programs", PROGRAMS_MAX);
		return;
	}
	c->programs = xcalloc(m->n, sizeof *c->programs);
	for (size_t i = 0; i < m->n; i++)
		read_program(c, &c->programs[c->nprograms++], m->keys[i],
		    m->items[i], root, st, e);
}

void
chan_free_programs(struct chan *c)
{
	for (size_t i = 0; i < c->nprograms; i++) {
		struct program *p = &c->programs[i];

		free(p->name);
		free(p->title);
		free(p->pools);
		free(p->presentation.v);
		free(p->intro.v);
		free(p->outro.v);
	}
	free(c->programs);
	for (size_t i = 0; i < c->nfiles; i++)
		pool_fini(&c->files[i]);
	free(c->files);
}

static bool
find_program(const struct chan *c, const char *name, size_t *out)
{
	for (size_t i = 0; i < c->nprograms; i++) {
		if (c->programs[i].name != NULL &&
		    strcmp(c->programs[i].name, name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void
unknown_program(const struct chan *c, const struct node *at, struct errs *e)
{
	const char **names = xcalloc(c->nprograms, sizeof *names);
	size_t n = 0;

	for (size_t i = 0; i < c->nprograms; i++)
		if (c->programs[i].name != NULL)
			names[n++] = c->programs[i].name;
	conf_unknown(e, at, "program", at->text, names, n);
	free(names);
}

void
chan_read_program_names(struct chan *c, const struct node *root,
    const struct node *m, struct block *b, struct errs *e)
{
	bool known = node_get(root, "programs") == NULL ||
	    c->programs != NULL;
	struct node *const *texts;
	size_t n;

	if (!conf_need(e, m, "program"))
		return;
	n = conf_texts(e, m, "program", &texts);
	if (n > TURNS_MAX) {
		conf_fault(e, conf_get(m, "program"), "more than %d programs",
		    TURNS_MAX);
		return;
	}
	b->programs = xcalloc(n, sizeof *b->programs);
	for (size_t i = 0; i < n; i++) {
		size_t *p = &b->programs[b->nprograms];

		if (find_program(c, texts[i]->text, p)) {
			c->programs[*p].used = true;
			b->nprograms++;
		} else if (known) {
			unknown_program(c, texts[i], e);
		}
	}
}

void
chan_check_programs(const struct chan *c, struct errs *e)
{
	for (size_t i = 0; i < c->nprograms; i++) {
		const struct program *p = &c->programs[i];

		if (!p->used)
			errs_warn(e, c->file, p->line, p->column, "program "
			    "'%.80s' is never used", p->name);
	}
}

bool
block_bleeds(const struct chan *c, const struct block *b)
{
	if (b->bleed || b->kind == BLOCK_AT)
		return true;
	for (size_t i = 0; i < b->nprograms; i++)
		if (c->programs[b->programs[i]].bleed)
			return true;
	return false;
}
