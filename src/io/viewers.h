/* viewers.h - who watches, for the operator: a list, and the way out. */

#ifndef IO_VIEWERS_H
#define IO_VIEWERS_H

#include "io/http.h"
#include "io/pages.h"

/* GET /viewers: all of the station's, by channel. */
void viewers_get(struct pages *g, const struct http_request *q,
    struct http_answer *a);

/* POST /viewers/kick?id=ID: that one's connection is closed. */
void viewers_kick(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
