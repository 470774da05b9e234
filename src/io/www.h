/* www.h - the station's page: documents that are in the program.
 *
 * The page itself is asked for anew each time; what it consists of stands
 * below a name that changes with it, and is kept for ever. */

#ifndef IO_WWW_H
#define IO_WWW_H

#include "io/pages.h"

struct www;

/* Compresses everything: some ten milliseconds. */
struct www *www_new(void);

/* NULL is nothing. */
void www_free(struct www *w);

/* "/" */
void www_get_page(struct pages *g, const struct http_request *q,
    struct http_answer *a);

/* "/assets/PRINT/NAME" */
void www_get_asset(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
