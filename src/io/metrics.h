/* metrics.h - GET /metrics: everything that is counted, in the text format
 * 0.0.4 of Prometheus. */

#ifndef IO_METRICS_H
#define IO_METRICS_H

#include "io/http.h"
#include "io/pages.h"

void metrics_get(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
