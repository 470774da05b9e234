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

/* Free with show_fini().  Between two assets of the content is an avail;
 * within them where they have one and ch has breaks there. */
void show_make(struct show *w, const struct chan *ch, const struct block *b,
    const struct slot *s);
void show_fini(struct show *w);

#endif
