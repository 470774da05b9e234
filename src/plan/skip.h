/* skip.h - an asset without its intro or its outro. */

#ifndef PLAN_SKIP_H
#define PLAN_SKIP_H

#include <stdbool.h>

#include "plan/layout.h"

/* Leave out of l the rows that are intro or outro.  Where that would leave
 * nothing the intro stays, and an outro that is all there is. */
void layout_skip(struct layout *l, struct rate rate, bool intro, bool outro);

#endif
