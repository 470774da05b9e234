/* sidecar.h - FILE.yaml beside a media FILE: the operator's word on it. */

#ifndef PLAN_SIDECAR_H
#define PLAN_SIDECAR_H

#include <stdint.h>

#include "base/err.h"
#include "plan/facts.h"
#include "plan/node.h"

/* Read the sidecar at path of a file that lasts duration_us, which its
 * markers must lie within.  0 with what it says in *out, for facts_fini();
 * or -1 with the faults in e and nothing in *out. */
int sidecar_load(const char *path, node_read_fn *read, void *ctx,
    int64_t duration_us, struct facts *out, struct errs *e);

#endif
