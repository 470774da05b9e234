/* ctl_viewers.h - who watches, as a table for people. */

#ifndef CTL_VIEWERS_H
#define CTL_VIEWERS_H

#include <stddef.h>

#include "base/buf.h"

/* Append the table from the daemon's answer to GET /viewers; -1 if it is
 * none. */
int ctl_viewers_format(const char *json, size_t len, struct buf *out);

#endif
