/* chan_parts.h - the parts of a channel file, each read by a file of its own
 * into the channel; chan.c calls them.  Nobody else includes it. */

#ifndef PLAN_CHAN_PARTS_H
#define PLAN_CHAN_PARTS_H

#include "plan/chan.h"
#include "plan/node.h"

/* `format` of the root: what the station calls so, or a map over the
 * station's default. */
void chan_read_format(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);

/* `pools` of the root, with patterns below the station and its libraries.
 * A pool at fault is there too, without patterns, so that blocks find it. */
void chan_read_pools(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);
void chan_free_pools(struct chan *c);
void pool_fini(struct pool *p);

/* A pool of one file, as an entry names it: against the station's directory
 * and its libraries. */
void chan_file_pool(struct pool *p, const struct node *at,
    const struct station *st);

/* The index of the pool of that name, or false. */
bool chan_find_pool(const struct chan *c, const char *name, size_t *out);

/* Fault a text that is no pool's name. */
void chan_unknown_pool(const struct chan *c, const struct node *at,
    struct errs *e);

/* True unless `pools` itself is at fault: saying of each name that it is
 * unknown would only hide that. */
bool chan_pools_known(const struct chan *c, const struct node *root);

/* Where that key of the root stands: its value may be in another file. */
struct chan_place chan_key_place(const struct chan *c, const struct node *root,
    const char *key);

/* `filler` of the root; after the pools. */
void chan_read_filler(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);

/* The pools that the key `pool` or `pools` of m names, into *v, malloc'd. */
void chan_read_pool_names(const struct chan *c, const struct node *root,
    const struct node *m, size_t **v, size_t *n, struct errs *e);

/* What the key of m names, one after the other: pools, and files that become
 * pools of their own.  It may be absent. */
void chan_read_sources(struct chan *c, const struct node *root,
    const struct station *st, const struct node *m, const char *key,
    struct pool_list *out, struct errs *e);

/* `programs` of the root; after the pools. */
void chan_read_programs(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);
void chan_free_programs(struct chan *c);

/* The programs that the key `program` of m names, into b. */
void chan_read_program_names(struct chan *c, const struct node *root,
    const struct node *m, struct block *b, struct errs *e);

/* Warn of programs that no entry uses. */
void chan_check_programs(const struct chan *c, struct errs *e);

/* Entries while a schedule is read. */
struct blocks {
	struct block *v;
	size_t n, cap;
};

#define BLOCKS_MAX	10000	/* entries of a schedule */

/* What reading an entry takes. */
struct entry_reader {
	struct chan *c;
	const struct node *root;
	const struct station *st;
	struct blocks *out;
	struct errs *e;
};

/* Add the blocks of one entry, which is no `use`: one, or one for each of its
 * slots. */
void chan_read_entry(const struct entry_reader *r, const struct when *when,
    const struct node *m);

/* `templates` and `schedule` of the root; after the pools and programs. */
void chan_read_schedule(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);
void chan_free_schedule(struct chan *c);
void block_fini(struct block *b);

/* `traffic` of the root. */
void chan_read_traffic(struct chan *c, const struct node *root,
    struct errs *e);
void chan_free_traffic(struct chan *c);

#endif
