/* brk_stock.h - what may air in a channel's breaks: its spots, and the
 * bumpers and station ids that its places take.  Made once of a channel and
 * a library, and then only read. */

#ifndef PLAN_BRK_STOCK_H
#define PLAN_BRK_STOCK_H

#include <stddef.h>
#include <stdint.h>

#include "plan/chan.h"
#include "plan/library.h"
#include "plan/traffic.h"

/* No two of one advertiser, no two of one category in a break. */
enum { STOCK_ADVERTISER, STOCK_CATEGORY, STOCK_NLABELS };

struct stock_item {
	const struct asset *asset;
	uint64_t id;			/* by its channel and path */
	int64_t frames;
	int64_t cooldown;		/* frames from begin to begin */
	unsigned places;		/* 1 << traffic_place; 0: a spot */
	size_t labels[STOCK_NLABELS];	/* 0: none; from 1 on, all kinds */
};

struct stock {
	struct stock_item *v;		/* by id */
	size_t n, cap;
	size_t nlabels;			/* one more than the greatest */
	size_t nspots;
	int64_t shortest, longest;	/* spot, in frames */
	int64_t cooldown;		/* the least of any spot */
	size_t nplace[TRAFFIC_NPLACES];	/* items for each place ... */
	int64_t most[TRAFFIC_NPLACES];	/* ... and the longest's frames */
};

/* Free with stock_free().  What cannot air is left out. */
struct stock *stock_new(const struct chan *ch, const struct library *l);
void stock_free(struct stock *s);

/* The index of the item of that id, or s->n; hint: where it may be. */
size_t stock_find(const struct stock *s, uint64_t id, size_t hint);

#endif
