/* control.h - what only the control socket answers: reload, scan, what is done
 * to channels and their viewers, log.
 *
 * A POST changes something and needs a trusted peer (root, the daemon's own
 * user, a member of the socket's group); who asked for what is logged. */

#ifndef IO_CONTROL_H
#define IO_CONTROL_H

#include <stdbool.h>

#include "io/http.h"
#include "io/pages.h"

/* True if the request was one of these, answered in a. */
bool control_answer(struct pages *g, const struct http_request *q,
    struct http_answer *a);

#endif
