/* ctl_status.h - the daemon's status as a table for people. */

#ifndef CTL_STATUS_H
#define CTL_STATUS_H

#include <stddef.h>

#include "base/buf.h"

/* The table for the JSON text of GET /status, appended to out; 0, or -1 if
 * the text is no such status (out is then unchanged). */
int ctl_status_format(const char *json, size_t len, struct buf *out);

#endif
