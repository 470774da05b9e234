/* ctl_status.h - what the daemon says of its channels, as tables for
 * people. */

#ifndef CTL_STATUS_H
#define CTL_STATUS_H

#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"

enum ctl_view {
	CTL_STATUS,		/* of GET /status */
	CTL_NOW,		/* of GET /status too */
	CTL_CHANNELS,		/* of GET /channels */
};

/* Append the table of the channel `which` (number or slug; NULL: all) from
 * the daemon's JSON.  0; -1 if the text is no such answer; -2 if there is no
 * such channel (out is then unchanged). */
int ctl_status_format(enum ctl_view view, const char *which,
    const char *json, size_t len, struct buf *out);

/* Append the same as the daemon's JSON, with only that channel in it. */
int ctl_status_select(const char *which, const char *json, size_t len,
    struct buf *out);

/* What a person is told that a channel of the daemon's airs: a title, or that
 * it is off the air by its schedule; NULL: nothing is known.  Borrowed of the
 * channel. */
const char *ctl_status_title(const json_t *channel);

#endif
