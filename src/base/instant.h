/* instant.h - moments as people and programs write them: all in nanoseconds
 * since 1970, and -1 where the text is none, or before 1970 or after 2200. */

#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdint.h>

#define INSTANT_TEXT	40	/* bytes of one that is printed, with its NUL */
#define INSTANT_LAST_S	INT64_C(7289654399)	/* the last second of 2200 */

/* RFC 3339's "2026-01-15T14:30:00Z" (or with "+02:00"; seconds may have a
 * fraction, or be left out), or milliseconds since 1970. */
int64_t instant_parse(const char *s);

/* As players write it: the same, but "20260115143000", which is UTC, and
 * plain seconds in place of milliseconds. */
int64_t instant_parse_player(const char *s);

/* "2026-01-15T14:30:00.123Z", cut to the millisecond, of any instant. */
void instant_print(char text[INSTANT_TEXT], int64_t ns);

#endif
