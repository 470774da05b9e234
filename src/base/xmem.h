/* xmem.h - memory that is there or the process is not.
 *
 * A daemon that cannot get a few bytes cannot keep a channel on the air
 * either: these report it and leave with exit code 71 (EX_OSERR), so that
 * the supervisor starts afresh.  Sizes that come from outside the process
 * are bounded by the caller before they get here. */

#ifndef BASE_XMEM_H
#define BASE_XMEM_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);

/* Like realloc(p, n * size), but an overflowing product is an error. */
void *xreallocarray(void *p, size_t n, size_t size);

char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For those who cannot say otherwise that there was none: the same end. */
_Noreturn void xmem_exhausted(void);

/* Grow the array *p (of *cap elements of size bytes) so that it holds at
 * least n; it at least doubles, so appending one by one stays linear. */
void xgrow(void *p, size_t *cap, size_t n, size_t size);

#endif
