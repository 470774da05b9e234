/* look.h - a file that need not be in any library, as an asset.  Blocks, but
 * not for longer than it is told. */

#ifndef MEDIA_LOOK_H
#define MEDIA_LOOK_H

#include "air/shim.h"
#include "plan/library.h"

/* Ask ffprobe for the file at path; a is filled in, or a->bad says why it
 * cannot air.  Given up soon when *stop becomes non-zero.  Free what a holds
 * with asset_fini(). */
void look_at(const char *ffprobe, const struct shim *shim, const char *path,
    int timeout_ms, const volatile int *stop, struct asset *a);

#endif
