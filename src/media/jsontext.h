/* jsontext.h - what JSON has no type of its own for, as texts. */

#ifndef MEDIA_JSONTEXT_H
#define MEDIA_JSONTEXT_H

#include <jansson.h>
#include <stdint.h>

/* Text of any origin: each byte that is no UTF-8 becomes U+FFFD; NULL is
 * null. */
json_t *json_text(const char *s);

/* "2026-01-15T14:30:00.000Z" of nanoseconds since 1970. */
json_t *json_instant(int64_t ns);

#endif
