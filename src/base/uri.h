/* uri.h - the target of an HTTP request, taken apart (RFC 9112 3.2).
 *
 * The result is for matching against a table, never for a file system. */

#ifndef BASE_URI_H
#define BASE_URI_H

#include "base/buf.h"

/* Take apart target, in origin form ("/path?query") or absolute form
 * ("http://host/path?query"), in place.  *path is percent-decoded, valid
 * UTF-8 without NUL and begins with '/'; *query is raw, without its '?', and
 * "" if there is none.  Both point into target, or to constants.  Returns 0,
 * or -1 if target is none of this. */
int uri_split(char *target, const char **path, const char **query);

/* The host of a target in absolute form, and perhaps its port: *n bytes of it.
 * NULL for one in another form. */
const char *uri_authority(const char *target, size_t *n);

/* The value of key in a raw query, percent-decoded, malloc'd; NULL if it is
 * not there, or no text: a NUL in it, a '%' that begins nothing. */
char *uri_query(const char *query, const char *key);

/* s percent-decoded, malloc'd; NULL if it is no text. */
char *uri_unescape(const char *s);

/* Append s so that it is one value of a query (RFC 3986 2.1). */
void uri_add_escaped(struct buf *out, const char *s);

#endif
