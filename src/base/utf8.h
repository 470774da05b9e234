/* utf8.h - is it a character? */

#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The length of the character at p (which a NUL ends), 0 if none begins
 * there: overlong forms, surrogates and what lies beyond U+10FFFF are none
 * (RFC 3629 4). */
size_t utf8_len(const uint8_t *p);

/* Append text; each byte that is of no character becomes U+FFFD. */
void utf8_add(struct buf *out, const char *text);

#endif
