/* instant.h - moments as people and programs write them. */

#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdint.h>

/* "2026-01-15T14:30:00Z", with a fraction of the second or without, or
 * milliseconds since 1970, in nanoseconds since 1970; -1 where it is neither,
 * or before 1970 or after 2200. */
int64_t instant_parse(const char *s);

#endif
