/* mark.h - a file that could not be played, noted in the library's database.
 *
 * Like an answer of ffprobe the note holds for the file's size and time: the
 * next edition leaves the file out, until it changes.  Blocks, for seconds
 * where the file's disk does not answer; never on the loop. */

#ifndef MEDIA_MARK_H
#define MEDIA_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Note it, unless the file is gone, unknown or bad already.  why: what the
 * child said; where that may be the moment's fault and not the file's, the
 * next scan asks ffprobe again.  True if it was noted; what is wrong with the
 * database is a warning in e.  Gives up soon once *stop (may be NULL) is not
 * zero. */
bool mark_bad(const char *state_dir, const char *path, const char *why,
    const volatile int *stop, struct errs *e);

#define MARKS_MAX	64	/* waiting to be noted; more are let go */

/* Those that wait; a zeroed one is empty. */
struct marks {
	struct mark {
		char *path, *why;
	} v[MARKS_MAX];
	size_t n;
};

void marks_add(struct marks *m, const char *path, const char *why);

/* Note all, or as many as there is time for; m is then empty. */
void marks_note(struct marks *m, const char *state_dir,
    const volatile int *stop, struct errs *e);
void marks_fini(struct marks *m);

#endif
