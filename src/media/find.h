/* find.h - the files of all the station's libraries, each library searched on
 * a thread of its own and in limbo: one whose disk does not answer is left
 * out, and keeps no other waiting. */

#ifndef MEDIA_FIND_H
#define MEDIA_FIND_H

#include "media/scan.h"
#include "media/walk.h"

struct find_hooks {
	int patience_ms;	/* until some are not to wait for the rest */
	/* Called once where a library takes longer, with what the others
	 * have as soon as they have anything; w is borrowed.  NULL: never. */
	void (*some)(void *ctx, const struct walk *w);
	void *ctx;
};

/* Walk st's libraries and add o's extra files; *w comes zeroed and is sorted
 * then.  What cannot be read is a warning in e and unread in w. */
void find_files(struct walk *w, const struct station *st,
    const struct scan_options *o, const struct find_hooks *h,
    struct errs *e);

#endif
