/* padfile.h - the pad of a house format: from the cache in the state
 * directory, else made by ffmpeg and cached.  Blocks; never on the loop. */

#ifndef MEDIA_PADFILE_H
#define MEDIA_PADFILE_H

#include "air/pad.h"
#include "air/shim.h"
#include "base/err.h"
#include "plan/format.h"

/* The pad, or NULL with a fault in e.  Given up soon once *stop (may be NULL)
 * is not zero. */
struct pad *padfile_load(const char *ffmpeg, const struct shim *shim,
    const char *state_dir, const struct format *f, const volatile int *stop,
    struct errs *e);

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
