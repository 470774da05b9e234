/* shimfind.h - where retrovue-exec is. */

#ifndef MEDIA_SHIMFIND_H
#define MEDIA_SHIMFIND_H

#include "air/shim.h"
#include "plan/station.h"

/* The shim as the station wants it: beside the running program where that
 * was built, else where it is installed.  Never NULL; without a path and
 * with a complaint on standard error where it is nowhere. */
struct shim *shimfind(const struct station *st);

#endif
