/* padfile.h - the pad of a house format: from the cache in the state
 * directory, else made by ffmpeg and cached.  Blocks; never on the loop. */

#ifndef MEDIA_PADFILE_H
#define MEDIA_PADFILE_H

#include "air/pad.h"
#include "air/shim.h"
#include "base/err.h"
#include "plan/format.h"

struct padfile_options {
	const char *ffmpeg, *state_dir;
	const struct argv_caps *caps;	/* the children's, or NULL */
	const struct shim *shim;	/* NULL: none */
	const volatile int *stop;	/* non-zero: give up soon; or NULL */
};

/* The pad, or NULL with a fault in e. */
struct pad *padfile_load(const struct padfile_options *o,
    const struct format *f, struct errs *e);

/* Bring p's pictures under the parameter sets of children of that format,
 * which are found out by a sample and cached too.  Where that cannot be done,
 * p stays as it is: decoders will begin anew at it. */
void padfile_sets_change(const struct padfile_options *o,
    const struct format *f, struct pad *p);

struct padfile_job {
	const char *const *argv;
	const struct grid *grid;
	int64_t groups;			/* of pictures, see air/pad.h */
	size_t max_bytes;		/* no more than that */
	int timeout_ms;
	const char *path;		/* where it is kept */
	const struct shim *shim;	/* NULL: none */
	const volatile int *stop;
};

/* What argv makes, kept; NULL with a sentence (malloc'd) in *why.  That it
 * could not be kept is a warning in e. */
struct pad *padfile_make(const struct padfile_job *j, struct errs *e,
    char **why);

/* What is kept there; NULL where it is not, or is something else, or more than
 * max_bytes. */
struct pad *padfile_read(const char *path, size_t max_bytes,
    const struct grid *g, int64_t groups);

#endif
