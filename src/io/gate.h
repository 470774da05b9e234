/* gate.h - who is answered over TCP: see struct station_gate. */

#ifndef IO_GATE_H
#define IO_GATE_H

#include <stdbool.h>

#include "io/http.h"
#include "io/pages.h"

/* True where q is answered, in a; else its token, where one is asked for, is no
 * longer in its path.  421 for a name that is not ours, 404 without the
 * token: then there is nothing here. */
bool gate_refuses(struct pages *g, struct http_request *q,
    struct http_answer *a);

/* Without the token that it may begin with. */
const char *gate_path(const struct pages *g, const char *path);

/* True where the viewers are enough, or those from q's address: 503.  counted:
 * q's is one of the latter already. */
bool gate_is_full(const struct pages *g, const struct http_request *q,
    bool counted, struct http_answer *a);

#endif
