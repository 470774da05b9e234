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
};

struct choices {
	struct choice *v;
	size_t n, cap;
};

struct selection {
	const struct chan *ch;
	const struct library *library;
	struct choices *pools;		/* all that can air, in order */
	struct choices *blocks;		/* what may be chosen, in turn */
	int64_t *longest_s;		/* each block's longest piece */
	struct choices spots;		/* by path */
	const struct asset *filler;	/* or NULL */
	int64_t filler_frames;
};

#endif
