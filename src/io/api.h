/* api.h - the station for programs, as JSON: its channels, its guide, what is
 * on now.  retrovued(8) tells what is in them. */

#ifndef IO_API_H
#define IO_API_H

#include "io/pages.h"

void api_get_channels(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void api_get_guide(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void api_get_now(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
