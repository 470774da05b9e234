/* discover.h - how others in the house find the station: HDHomeRun's search
 * (UDP port 65001) and settings (TCP port 65001), and SSDP (UDP port 1900).
 *
 * Only where the station file wants it (station_announces()), and answered
 * only to who reaches a listener of ours.  A port that somebody else has is a
 * warning in the log.  At most 20 answers a second, each a few times as long
 * as a question can be. */

#ifndef IO_DISCOVER_H
#define IO_DISCOVER_H

#include <uv.h>

#include "io/pages.h"

struct discover;

/* What g->station wants by now; NULL if that is nothing. */
struct discover *discover_new(uv_loop_t *loop, const struct pages *g);

/* Say good-bye and end; freed when its handles are closed.  NULL will do. */
void discover_close(struct discover *d);

#endif
