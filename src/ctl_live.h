/* ctl_live.h - what airs in place of the plan just now, as the daemon tells
 * it. */

#ifndef CTL_LIVE_H
#define CTL_LIVE_H

#include <stdint.h>

#include "base/buf.h"

/* Append what the daemon at that socket has in place of the plan of a channel
 * (its slug): "takeover by uid 0, of /srv/alarm.mp4", "nothing: stopped by the
 * operator".  Nothing where all is as planned, and where it cannot be known:
 * no daemon answers, or what it calls now is another time than now_s, UTC. */
void ctl_live_add(struct buf *out, const char *socket, const char *slug,
    int64_t now_s);

#endif
