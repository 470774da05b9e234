/* padset.h - the pads and slates of a station's channels, made by a few
 * threads while something else goes on: a pad for each house format, the
 * smallest picture first, so that a channel of a quick one need not wait for a
 * slow one; then a slate for each file and format.
 *
 * All of a set but padset_free() is for the thread that has made it. */

#ifndef MEDIA_PADSET_H
#define MEDIA_PADSET_H

#include <stdbool.h>
#include <stddef.h>

#include "air/pad.h"
#include "base/err.h"
#include "media/config.h"

struct padset_options {
	const char *ffmpeg, *ffprobe, *state_dir;
	const struct argv_caps *caps;	/* the children's */
	const struct shim *shim;	/* NULL: none */
	const volatile int *stop;	/* non-zero: give up; may be NULL */
};

/* Begin; cfg and what is in *o are borrowed. */
struct padset *padset_new(const struct config *cfg,
    const struct padset_options *o);

/* True once no more can come; false after ms of waiting for that. */
bool padset_await(struct padset *p, int ms);

/* Wait for the end.  What went wrong goes to e. */
void padset_finish(struct padset *p, struct errs *e);

/* The pad of the i-th channel, the set's; NULL where it is not there yet or
 * could not be made. */
struct pad *padset_get(struct padset *p, size_t i);

/* The same of its slate, where it is to have one. */
struct pad *padset_slate(struct padset *p, size_t i);

/* Waits for the end, too. */
void padset_free(struct padset *p);

#endif
