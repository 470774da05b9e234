/* traffic_check.h - what will show on the air of how breaks are filled. */

#ifndef PLAN_TRAFFIC_CHECK_H
#define PLAN_TRAFFIC_CHECK_H

#include "base/err.h"
#include "plan/select.h"

/* Warn of types that are allowed and inventories without an asset, of
 * bumpers and ids that are asked for and not there, and of breaks that are
 * shorter than every spot. */
void traffic_check(const struct selection *s, struct errs *e);

#endif
