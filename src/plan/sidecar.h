/* sidecar.h - FILE.yaml beside a media FILE: its title, type and markers. */

#ifndef PLAN_SIDECAR_H
#define PLAN_SIDECAR_H

#include "base/err.h"
#include "plan/library.h"
#include "plan/node.h"

/* Apply the sidecar at path to a (whose duration is known): title, type and
 * markers replace what is there.  0, or -1 with the faults in e and a
 * unchanged. */
int sidecar_load(const char *path, node_read_fn *read, void *ctx,
    struct asset *a, struct errs *e);

#endif
