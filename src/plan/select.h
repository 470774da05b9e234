/* select.h - what a selection is made of, for the planner's own files. */

#ifndef PLAN_SELECT_H
#define PLAN_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/chan.h"
#include "plan/day.h"
#include "plan/library.h"
#include "plan/plan.h"

struct choice {
	const struct asset *asset;
	int64_t frames;			/* what airs of it */
	int64_t need_s;			/* whole seconds that it needs */
	int64_t intro_s;		/* less where its intro is skipped */
	uint64_t id;			/* by its name; never 0 */
	uint64_t rank;			/* in its pool; equals: by name */
};

struct choices {
	struct choice *v;
	size_t n, cap;
};

struct shuffle;

/* What a block chooses from: a sequential one in this order, a random one by
 * length, one that shuffles anew in every cycle. */
struct list {
	struct choices choices;
	int64_t shortest_s;		/* the least need_s */
	const struct program *program;	/* NULL: as much as it needs, alone */
	bool bleed;
	size_t cursor;			/* of this list, but for random */
	uint64_t seed;			/* where shuffled */
	struct shuffle *shuffle;	/* the same; see shuffle.h */
};

/* A block, as the planner sees it.  Its lists are one for each of its
 * programs; or one of all its pools or, where it shuffles, one for each. */
struct entry {
	const struct block *block;
	size_t cursor;			/* the first of its cursors */
	bool turns;			/* which then is of its lists' turns */
	bool bleeds;			/* any of its lists */
	uint64_t seed;			/* of its channel, start and pools */
	struct list *lists;
	size_t nlists;
};

/* The filler: one asset after the other, round and round. */
struct reel {
	struct reel_part {
		const struct asset *asset;
		int64_t begin, frames;	/* in the reel */
	} *v;
	size_t n, cap;
	int64_t frames;			/* of all; 0: there is no filler */
};

/* The part of the reel, which is not empty, that its frame n is in. */
const struct reel_part *reel_at(const struct reel *r, int64_t n);
struct stock;

struct selection {
	const struct chan *ch;
	const struct library *library;
	struct choices *pools;		/* all that can air, in order; files,
					 * too: see chan_pool() */
	size_t npools;
	struct entry *entries;		/* by block */
	int64_t *at_s;			/* see struct calendar */
	struct survey survey;
	struct stock *stock;		/* of breaks, see brk_stock.h */
	struct reel filler;
};

/* The parts of a selection, each made by a file of its own. */
void choices_add(struct choices *c, struct choice x);
void choice_skip_outro(struct choice *c, struct rate rate);
int choice_compare_path(const void *pa, const void *pb);
void select_sort(const struct selection *s, size_t pool);
void select_times(struct selection *s);
void select_entries(struct selection *s);
void entry_fini(struct entry *e);

/* The calendar that the selection is for. */
struct calendar selection_calendar(const struct selection *s,
    const struct tz *z);

/* The seconds that everything in an entry at a time needs: all of its pools,
 * one after the other. */
int64_t select_at_need(const struct selection *s, const struct block *b);

#endif
