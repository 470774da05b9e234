/* show.h - what a slot airs besides its breaks, row after row: the layouts of
 * its parts, one behind the other. */

#ifndef PLAN_SHOW_H
#define PLAN_SHOW_H

#include "plan/layout.h"
#include "plan/turn.h"

struct show_row {
	struct layout_row row;
	const struct asset *asset;
};

struct show {
	struct show_row *rows;
	size_t nrows, cap;
	size_t navails;
	int64_t frames;			/* of all rows */
};

/* For a slot of so many frames.  Between two assets of the content is an avail;
 * within them where they have one and ch has breaks there; where one has none,
 * by rule, as far as its share of the breaks is `least` frames for each.  Free
 * with show_fini(). */
void show_make(struct show *w, const struct chan *ch, const struct block *b,
    const struct slot *s, int64_t frames, int64_t least);
void show_fini(struct show *w);

#endif
