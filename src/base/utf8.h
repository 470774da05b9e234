/* utf8.h - is it a character? */

#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The length of the character at p (which a NUL ends), 0 if none begins
 * there: overlong forms, surrogates and what lies beyond U+10FFFF are none
 * (RFC 3629 4). */
size_t utf8_len(const uint8_t *p);

/* The character at p, of that length. */
uint32_t utf8_get(const uint8_t *p, size_t len);

/* True of what steers a terminal or a page and shows as nothing: C0, DEL, C1,
 * separators of lines, what turns the direction of writing, and what is no
 * character and never will be (U+FFFE, U+FFFF: XML has no place for them). */
bool utf8_is_control(uint32_t c);

/* True of a text of nothing but characters. */
bool utf8_is_valid(const char *text);

/* Append text; each byte that is of no character becomes U+FFFD. */
void utf8_add(struct buf *out, const char *text);

#endif
