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

#endif
