/* layout.h - what an asset's markers make of it: the rows it airs in, and
 * after which of them a break may go.
 *
 * Everything is in house frames counted from the asset's start.  No two
 * boundaries lie closer than half a second: the later one gives way, and a
 * mere name of a place gives way to a break. */

#ifndef PLAN_LAYOUT_H
#define PLAN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rate.h"
#include "plan/library.h"
#include "plan/plan.h"

struct layout_row {
	enum segment_kind kind;		/* programme, intro, outro, ident */
	int64_t in;			/* [in, in + frames) of the asset */
	int64_t frames;
	bool avail;			/* a break may follow */
	bool fade_in, fade_out;		/* at a break that cuts into it */
};

struct layout {
	struct layout_row *rows;
	size_t nrows;
	size_t navails;
	int64_t frames;			/* of all rows */
	int64_t length_us;		/* the duration without what is cut */
	size_t merged;			/* boundaries that gave way */
};

/* The layout of an asset; without breaks (a movie channel) it has no avails,
 * but old commercials are still cut out.  Free with layout_fini(). */
void layout_make(struct layout *l, const struct asset *a, struct rate rate,
    bool breaks);
void layout_fini(struct layout *l);

/* Put up to `most` avails by rule into a layout that has none: one for every
 * seven minutes of what follows the first fifth, each at the asset's lull
 * nearest within 20 s, else with fades.  A place that would break into an
 * intro, an outro or an ident is left out. */
void layout_break(struct layout *l, const struct asset *a, struct rate rate,
    int64_t most);

/* The fewest frames that last half a second. */
static inline int64_t
half_second(struct rate rate)
{
	return (rate.num + 2 * rate.den - 1) / (2 * rate.den);
}

#endif
