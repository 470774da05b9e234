/* select.h - what a selection is made of, for the planner's own files. */

#ifndef PLAN_SELECT_H
#define PLAN_SELECT_H

#include <stddef.h>
#include <stdint.h>

#include "plan/chan.h"
#include "plan/library.h"
#include "plan/plan.h"

struct choice {
	const struct asset *asset;
	int64_t frames;			/* what airs of it */
	int64_t need_s;			/* whole seconds that it needs */
	uint64_t id;			/* by its path; never 0 */
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
	size_t cursor;			/* of this list, where shuffled */
	uint64_t seed;			/* the same */
	struct shuffle *shuffle;	/* the same; see shuffle.h */
};

/* A block, as the planner sees it.  Its lists are one of all its pools or,
 * where it shuffles, one for each. */
struct entry {
	enum block_mode mode;
	size_t cursor;			/* the first of its cursors */
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

struct selection {
	const struct chan *ch;
	const struct library *library;
	struct choices *pools;		/* all that can air, in order */
	struct entry *entries;		/* by block */
	int64_t *longest_s;		/* each block's longest piece */
	struct choices spots;		/* by path */
	struct reel filler;
};

#endif
