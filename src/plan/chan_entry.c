#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define DAY_S		86400
#define DAY_MIN		1440
#define MINUTE_S	60
#define RERUN_MAX_H	8784	/* a leap year */

/* Keys that most entries have. */
#define GUIDE_KEYS	"title", "description", "first_run", "rerun_of"
#define SHOW_KEYS	GUIDE_KEYS, "bleed", "allow_bleed", "skip_intro", \
			"skip_outro"

static const char *const mode_names[] = {
	[BLOCK_SEQUENTIAL] = "sequential",
	[BLOCK_RANDOM] = "random",
	[BLOCK_SHUFFLE] = "shuffle",
};

static struct block *
block_new(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct blocks *o = r->out;

	xgrow(&o->v, &o->cap, o->n + 1, sizeof *o->v);
	o->v[o->n] = (struct block){
		.when = *when, .line = m->line, .column = m->column,
	};
	return &o->v[o->n++];
}

/* From start to end, over midnight if need be; equal is a whole day. */
static int
span(int start, int end)
{
	int s = (end - start) % DAY_S;

	return s > 0 ? s : s + DAY_S;
}

static bool
read_start(struct block *b, const struct node *m, struct errs *e)
{
	return conf_need(e, m, "start") &&
	    conf_clock(e, m, "start", &b->start_s);
}

static void
read_times(struct block *b, const struct node *m, const char *what,
    struct errs *e)
{
	bool has_end = node_get(m, "end") != NULL;
	bool has_duration = node_get(m, "duration") != NULL;
	bool started = read_start(b, m, e);
	int64_t duration;
	int end;

	if (has_end == has_duration)
		conf_fault(e, m, "%s needs %s", what, has_end ?
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
read_rerun(struct block *b, const struct node *m, struct errs *e)
{
	const struct node *of = conf_map(e, m, "rerun_of");
	int64_t hours;

	if (of == NULL)
		return;
	CONF_KEYS(e, of, "channel", "hours");
	if (conf_need(e, of, "channel"))
		conf_dup(e, of, "channel", &b->rerun.channel);
	if (conf_need(e, of, "hours") &&
	    conf_int(e, of, "hours", 1, RERUN_MAX_H, &hours))
		b->rerun.hours = (int)hours;
	if (b->first_run)
		conf_fault(e, of, "what is a first run is no rerun");
}

static void
read_guide(struct block *b, const struct node *m, struct errs *e)
{
	conf_dup(e, m, "title", &b->title);
	conf_dup(e, m, "description", &b->description);
	conf_bool(e, m, "first_run", &b->first_run);
	read_rerun(b, m, e);
}

/* allow_bleed is what movie_marathon has always called it. */
static void
read_show(struct block *b, const struct node *m, struct errs *e)
{
	read_guide(b, m, e);
	if (node_get(m, "bleed") != NULL && node_get(m, "allow_bleed") != NULL)
		conf_fault(e, node_get(m, "bleed"),
		    "'bleed' and 'allow_bleed' are the same: use one");
	conf_bool(e, m, "bleed", &b->bleed);
	conf_bool(e, m, "allow_bleed", &b->bleed);
	conf_bool(e, m, "skip_intro", &b->skip_intro);
	conf_bool(e, m, "skip_outro", &b->skip_outro);
}

static void
read_mode(struct block *b, const struct node *m, const char *key,
    struct errs *e)
{
	int i;

	if (conf_choice(e, m, key, mode_names, 3, &i))
		b->mode = (enum block_mode)i;
}

static void
read_block(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct block *b = block_new(r, when, m);

	CONF_KEYS(r->e, m, "start", "end", "duration", SHOW_KEYS, "pool",
	    "pools", "mode");
	read_times(b, m, "a block", r->e);
	read_show(b, m, r->e);
	chan_read_pool_names(r->c, r->root, m, &b->pools, &b->npools, r->e);
	read_mode(b, m, "mode", r->e);
}

static void
read_films(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct block *b = block_new(r, when, m);
	const struct node *s;

	CONF_KEYS(r->e, m, "start", "end", "duration", SHOW_KEYS,
	    "movie_selector");
	read_times(b, m, "a block of movies", r->e);
	read_show(b, m, r->e);
	if (!conf_need(r->e, m, "movie_selector") ||
	    (s = conf_map(r->e, m, "movie_selector")) == NULL)
		return;
	CONF_KEYS(r->e, s, "pool", "pools", "mode", "rating",
	    "min_duration_sec", "max_duration_sec");
	chan_read_pool_names(r->c, r->root, s, &b->pools, &b->npools, r->e);
	read_mode(b, s, "mode", r->e);
	match_read_limits(&b->only, s, r->e);
}

static void
read_at(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct block *b = block_new(r, when, m);
	bool asset = node_get(m, "asset") != NULL;
	struct pool_list list = { 0 };

	b->kind = BLOCK_AT;
	CONF_KEYS(r->e, m, "start", GUIDE_KEYS, "asset", "playlist", "hard");
	read_start(b, m, r->e);
	read_guide(b, m, r->e);
	conf_bool(r->e, m, "hard", &b->hard);
	if (asset == (node_get(m, "playlist") != NULL))
		conf_fault(r->e, m, "an entry at a time needs %s", asset ?
		    "either 'asset' or 'playlist', not both" :
		    "'asset' or 'playlist'");
	if (asset && conf_get(m, "asset") != NULL &&
	    conf_get(m, "asset")->kind == NODE_LIST)
		conf_fault(r->e, conf_get(m, "asset"), "asset is one file; "
		    "'playlist' takes a list");
	else
		chan_read_sources(r->c, r->root, r->st, m, asset ? "asset" :
		    "playlist", &list, r->e);
	b->pools = list.v;
	b->npools = list.n;
}

static void
read_off_air(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct block *b = block_new(r, when, m);
	struct pool_list list = { 0 };

	b->kind = BLOCK_OFF_AIR;
	CONF_KEYS(r->e, m, "start", "end", "duration", "asset");
	read_times(b, m, "off_air", r->e);
	chan_read_sources(r->c, r->root, r->st, m, "asset", &list, r->e);
	b->pools = list.v;
	b->npools = list.n;
}

/* Programs in so many grid slots. */
static void
read_turns(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	struct block *b = block_new(r, when, m);
	int grid = r->c->format.grid_minutes;
	int64_t slots = 1;

	CONF_KEYS(r->e, m, "start", "slots", "program", "progression",
	    SHOW_KEYS);
	read_start(b, m, r->e);
	conf_int(r->e, m, "slots", 1, DAY_MIN / grid, &slots);
	b->length_s = (int)slots * grid * MINUTE_S;
	read_show(b, m, r->e);
	chan_read_program_names(r->c, r->root, m, b, r->e);
	read_mode(b, m, "progression", r->e);
}

/* Just one programme in n slots. */
static void
read_selector(const struct entry_reader *r, struct block *b,
    const struct node *m, int n)
{
	struct chan *c = r->c;
	struct program *p;
	const struct node *s;

	if (!conf_need(r->e, m, "episode_selector") ||
	    (s = conf_map(r->e, m, "episode_selector")) == NULL)
		return;
	CONF_KEYS(r->e, s, "pool", "pools", "mode");
	c->programs = xreallocarray(c->programs, c->nprograms + 1,
	    sizeof *c->programs);
	p = &c->programs[c->nprograms];
	*p = (struct program){
		.grid_blocks = n, .used = true, .line = m->line,
		.column = m->column,
	};
	chan_read_pool_names(c, r->root, s, &p->pools, &p->npools, r->e);
	read_mode(b, s, "mode", r->e);
	b->programs = xcalloc(1, sizeof *b->programs);
	b->programs[b->nprograms++] = c->nprograms++;
}

/* One of a list of slots: a block of its own, and how many grid slots it
 * takes. */
static int
read_slot(const struct entry_reader *r, const struct when *when, int start_s,
    const struct node *m)
{
	int grid = r->c->format.grid_minutes;
	struct block *b = block_new(r, when, m);
	int64_t n = 1;

	if (m->kind != NODE_MAP) {
		conf_fault(r->e, m, "a slot must be a map with "
		    "'episode_selector'");
		return 1;
	}
	CONF_KEYS(r->e, m, SHOW_KEYS, "episode_selector", "program",
	    "progression", "grid_blocks");
	conf_int(r->e, m, "grid_blocks", 1, DAY_MIN / grid, &n);
	b->start_s = start_s;
	b->length_s = (int)n * grid * MINUTE_S;
	read_show(b, m, r->e);
	if (node_get(m, "program") != NULL) {
		chan_read_program_names(r->c, r->root, m, b, r->e);
		read_mode(b, m, "progression", r->e);
	} else {
		read_selector(r, b, m, (int)n);
	}
	return (int)n;
}

static void
read_slot_list(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	const struct node *slots = conf_get(m, "slots");
	int grid = r->c->format.grid_minutes, done = 0;
	struct block first = { 0 };

	CONF_KEYS(r->e, m, "start", "slots");
	read_start(&first, m, r->e);
	if (slots->n == 0)
		conf_fault(r->e, slots, "slots is an empty list");
	for (size_t i = 0; i < slots->n && done * grid < DAY_MIN; i++)
		done += read_slot(r, when, first.start_s + done * grid *
		    MINUTE_S, slots->items[i]);
	if (done * grid > DAY_MIN)
		conf_fault(r->e, slots, "slots take more than a day");
}

static void
read_plain(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	const struct node *slots = conf_get(m, "slots");

	if (slots != NULL && slots->kind == NODE_LIST)
		read_slot_list(r, when, m);
	else if (conf_need(r->e, m, "slots"))
		read_turns(r, when, m);
}

void
chan_read_entry(const struct entry_reader *r, const struct when *when,
    const struct node *m)
{
	static const struct {
		const char *key;
		void (*read)(const struct entry_reader *, const struct when *,
		    const struct node *);
	} kinds[] = {
		{ "block", read_block }, { "movie_marathon", read_films },
		{ "movie_block", read_films }, { "at", read_at },
		{ "off_air", read_off_air },
	};
	const struct node *v;

	if (m->kind != NODE_MAP || m->n == 0) {
		conf_fault(r->e, m, "an entry must be a map like 'block: "
		    "{...}'");
		return;
	}
	if (node_get(m, "start") != NULL || node_get(m, "slots") != NULL) {
		read_plain(r, when, m);
		return;
	}
	CONF_KEYS(r->e, m, "block", "movie_marathon", "movie_block", "at",
	    "off_air", "use", "start", "slots");
	if (m->n > 1)
		conf_fault(r->e, m->keys[1], "an entry has one key; begin "
		    "the next one with '-'");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (node_get(m, kinds[i].key) != NULL &&
		    conf_need(r->e, m, kinds[i].key) &&
		    (v = conf_map(r->e, m, kinds[i].key)) != NULL)
			kinds[i].read(r, when, v);
}

void
block_fini(struct block *b)
{
	free(b->title);
	free(b->description);
	free(b->rerun.channel);
	free(b->pools);
	free(b->programs);
	match_fini(&b->only);
}
