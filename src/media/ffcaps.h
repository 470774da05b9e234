/* ffcaps.h - what the installed ffmpeg can do that not every one can.
 * Blocks for as long as ffmpeg takes to list its filters; never on the
 * loop. */

#ifndef MEDIA_FFCAPS_H
#define MEDIA_FFCAPS_H

#include <stddef.h>

#include "air/argv.h"
#include "air/shim.h"

/* Fill *c; an ffmpeg that cannot be asked can do nothing special.  stop:
 * non-zero, from another thread, gives up soon; may be NULL.  A font that a
 * child behind shim (may be NULL) could not read is none. */
void ffcaps_find(const char *ffmpeg, const struct shim *shim,
    const volatile int *stop, struct argv_caps *c);
void ffcaps_fini(struct argv_caps *c);

/* True if the filter is in the list that `ffmpeg -filters` prints. */
bool ffcaps_has(const char *list, const char *filter);

#endif
