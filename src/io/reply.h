/* reply.h - response heads, as text. */

#ifndef IO_REPLY_H
#define IO_REPLY_H

#include <stdbool.h>

#include "base/buf.h"
#include "io/http.h"

/* The head of every stream: neither length nor chunks, its end is the
 * connection's. */
void reply_stream(struct buf *out);

/* The document a: its head, and of its body, unless it is a HEAD's, what
 * stands in a->body.  Without a body an error says its status in one line. */
void reply_document(struct buf *out, struct http_answer *a, bool head,
    bool keep_alive);

#endif
