/* document.h - answers that clients may keep: with a strong entity tag, and
 * nothing but a 304 for who has the same already (RFC 9110 13). */

#ifndef IO_DOCUMENT_H
#define IO_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "io/http.h"

/* Say what it is: print differs where the bytes do; modified_s < 0: it is not
 * known since when.  True where q has it: then a is complete. */
bool document_begin(struct http_answer *a, const struct http_request *q,
    uint64_t print, int64_t modified_s);

/* 503: it is being made, ask again. */
void document_later(struct http_answer *a, const char *text);

#endif
