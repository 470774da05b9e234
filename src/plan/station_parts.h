/* station_parts.h - the parts of the station file that are read by files of
 * their own; station.c calls them.  Nobody else includes it. */

#ifndef PLAN_STATION_PARTS_H
#define PLAN_STATION_PARTS_H

#include "plan/node.h"
#include "plan/station.h"

/* `http` of the root. */
void station_read_http(struct station *st, struct errs *e,
    const struct node *root);

/* `relay` of the root. */
void station_read_relay(struct station *st, struct errs *e,
    const struct node *root);

#endif
