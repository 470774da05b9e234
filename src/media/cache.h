/* cache.h - what earlier probes said, kept in STATE/probe.json.
 *
 * An answer holds for a path, a size and a modification time.  The file is a
 * convenience: where it is missing, unreadable or garbage the library is
 * probed again.  It is replaced in one step, so a crash or a full disk
 * leaves the old one.  One thread at a time. */

#ifndef MEDIA_CACHE_H
#define MEDIA_CACHE_H

#include <stdbool.h>

#include "base/err.h"
#include "media/walk.h"

struct cache;

/* Never NULL; creates state_dir where it is missing.  What is wrong is a
 * warning in e. */
struct cache *cache_open(const char *state_dir, struct errs *e);

/* True, and what probe_file() would say in a, if f is known. */
bool cache_get(struct cache *c, const struct walk_file *f, struct asset *a);

/* Remember what probe_file() said in a. */
void cache_put(struct cache *c, const struct walk_file *f,
    const struct asset *a);

/* Write it if it has changed, and free it.  Files that were neither got nor
 * put since cache_open() are forgotten if whole is true. */
void cache_close(struct cache *c, bool whole, struct errs *e);

#endif
