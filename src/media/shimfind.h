/* shimfind.h - where retrovue-exec is. */

#ifndef MEDIA_SHIMFIND_H
#define MEDIA_SHIMFIND_H

#include "air/shim.h"
#include "plan/station.h"

/* The shim as the station wants it: beside the running program where that
 * was built, else where it is installed.  Never NULL.  Where it is nowhere
 * there is a complaint on standard error, and no path: children go without;
 * but where a sandbox is required it has its path, so that none starts.
 * Only root's has a user. */
struct shim *shimfind(const struct station *st);

#endif
