/* status.h - how the station and its channels are, for people and for those
 * who watch over it: /status, /health, /ready, and the first two of one
 * channel. */

#ifndef IO_STATUS_H
#define IO_STATUS_H

#include "io/feed.h"
#include "io/http.h"
#include "io/pages.h"

void status_station(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void status_channel(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

/* 503 unless every channel can be watched that the operator has not stopped:
 * see feed_fault(). */
void status_health(struct pages *g, const struct http_request *q,
    struct http_answer *a);

/* The same of one, stopped or not. */
void status_channel_health(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

/* 503 until there is a plan to air. */
void status_ready(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
