/* kept.h - a stretch of a timeline that a reload may not change any more:
 * what has aired, is on the air, or is about to be.
 *
 * A deep copy, so that the channel file and the library it came from can
 * go. */

#ifndef PLAN_KEPT_H
#define PLAN_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"
#include "plan/timeline.h"

struct kept;

/* Until when what is on at frame n >= now stands, whatever is planned anew at
 * frame `now`: the item to its end; but of what is only idle nothing, and then
 * what was before it, from now on. */
int64_t kept_until(struct timeline *t, int64_t now, int64_t n);

/* Copy [n0, n1) of t; both ends cut what is there. */
struct kept *kept_new(struct timeline *t, int64_t n0, int64_t n1);

/* What t has from there on, up to frame n1, is of the stretch too. */
void kept_extend(struct kept *k, struct timeline *t, int64_t n1);

/* The same of a day, which has all of [n0, n1). */
struct kept *kept_of_day(const struct day *d, int64_t n0, int64_t n1);
void kept_free(struct kept *k);

/* True if t airs the same frames of the same files in that stretch. */
bool kept_agrees(const struct kept *k, struct timeline *t);

/* The stretch in the form of a day, borrowed. */
struct day *kept_day(struct kept *k);

/* Take from d what lies outside [n0, n1); d->n0 and d->n1 are then these,
 * where they were not within. */
void day_trim(struct day *d, int64_t n0, int64_t n1);

#endif
