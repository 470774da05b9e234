/* station_parts.h - the parts of the station file that are read by files of
 * their own; station.c calls them.  Nobody else includes it. */

#ifndef PLAN_STATION_PARTS_H
#define PLAN_STATION_PARTS_H

#include "plan/node.h"
#include "plan/station.h"

/* `http` of the root. */
void station_read_http(struct station *st, struct errs *e,
    const struct node *root);

/* What paths begin with, if they do. */
void station_add_token(const struct station *st, struct buf *out);

/* `hdhomerun` of the root. */
void station_read_hdhr(struct station *st, struct errs *e,
    const struct node *root);

/* `formats` of the root, and what to free of them. */
void station_read_formats(struct station *st, struct errs *e,
    const struct node *root);
void station_formats_fini(struct station *st);

/* `relay` of the root. */
void station_read_relay(struct station *st, struct errs *e,
    const struct node *root);

/* hosts, allow, token and limits of `http`, and what to free of them. */
void station_read_gate(struct station *st, struct errs *e,
    const struct node *http);
void station_gate_fini(struct station_gate *g);

#endif
