/* slatefile.h - a channel's slate: a picture or a short video of the
 * operator's, in house format, silent, from the cache in the state directory,
 * else made by ffmpeg and cached until the file changes.
 *
 * A loop of whole groups of pictures: a video plays to its end or up to 10 s
 * or 16 MiB of it, and what is missing to two groups is its last picture held.
 * Blocks, for a minute at most where the file's disk does not answer; never
 * on the loop. */

#ifndef MEDIA_SLATEFILE_H
#define MEDIA_SLATEFILE_H

#include "air/pad.h"
#include "air/shim.h"
#include "base/err.h"
#include "plan/format.h"

struct slatefile_options {
	const char *ffmpeg, *ffprobe;
	const struct shim *shim;	/* copied; NULL: none */
	const char *state_dir;
	const struct argv_caps *caps;	/* the children's, copied; or NULL */
	const volatile int *stop;	/* non-zero: give up soon; or NULL */
};

/* The slate made of the file at path; NULL with a warning in e: pad stands in
 * for it. */
struct pad *slatefile_load(const struct slatefile_options *o,
    const char *path, const struct format *f, struct errs *e);

#endif
