/* stray.h - sidecars beside which there is no file of theirs.  Pure. */

#ifndef MEDIA_STRAY_H
#define MEDIA_STRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* True where name, one of those of a directory, in strcmp(3)'s order, says
 * that it is a sidecar and no file there reads it.  In *near is the media file
 * without a sidecar that it may be meant for, borrowed from names, or NULL.
 * YAML that names no kind of media is a stray only where there is one.  near
 * may be NULL: what takes that search is not found then. */
bool stray_find(const char *name, const char *const *names, size_t n,
    const char **near);

/* Warn of those among all the names in dir, sorted as above.  *found counts
 * them up from one directory of a library to the next: only the first of a
 * library are named, and how many more there are is said in the end. */
void stray_say(const char *dir, const char *const *names, size_t n,
    size_t *found, struct errs *e);
void stray_say_rest(const char *library, size_t found, struct errs *e);

#endif
