/* chan_parts.h - the parts of a channel file, each read by a file of its own
 * into the channel; chan.c calls them.  Nobody else includes it. */

#ifndef PLAN_CHAN_PARTS_H
#define PLAN_CHAN_PARTS_H

#include "plan/chan.h"
#include "plan/node.h"

/* `format` of the root. */
void chan_read_format(struct chan *c, const struct node *root,
    struct errs *e);

/* `pools` of the root, with patterns below the station and its libraries.
 * A pool at fault is there too, without patterns, so that blocks find it. */
void chan_read_pools(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);
void chan_free_pools(struct chan *c);

/* The index of the pool of that name, or false. */
bool chan_find_pool(const struct chan *c, const char *name, size_t *out);

/* Fault a text that is no pool's name. */
void chan_unknown_pool(const struct chan *c, const struct node *at,
    struct errs *e);

/* True unless `pools` itself is at fault: saying of each name that it is
 * unknown would only hide that. */
bool chan_pools_known(const struct chan *c, const struct node *root);

/* `filler` of the root; after the pools. */
void chan_read_filler(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e);

/* `schedule` of the root; after the pools. */
void chan_read_schedule(struct chan *c, const struct node *root,
    struct errs *e);
void chan_free_schedule(struct chan *c);

/* `traffic` of the root. */
void chan_read_traffic(struct chan *c, const struct node *root,
    struct errs *e);
void chan_free_traffic(struct chan *c);

#endif
