/* format_read.h - a house format as it is written in the station file and in
 * channel files. */

#ifndef PLAN_FORMAT_READ_H
#define PLAN_FORMAT_READ_H

#include "base/err.h"
#include "plan/format.h"
#include "plan/node.h"

/* Change *f to what the map m says of it; m may be NULL.  What m leaves out
 * stays as it is, but for what goes with another codec only. */
void format_read(struct format *f, const struct node *m, struct errs *e);

#endif
