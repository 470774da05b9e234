/* days.h - the days that a timeline has at hand: those last asked for, as
 * they were planned, and in them what is kept of another plan.
 *
 * Where a part of a day is kept, the day stands there as what is left of it,
 * before that or after.  The last few of these are had whole as well, for
 * when it goes. */

#ifndef PLAN_DAYS_H
#define PLAN_DAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/kept.h"
#include "plan/plan.h"

#define DAYS_HELD	6	/* two calls' days with their neighbours */
#define DAYS_WHOLE	4	/* that what is kept has a part of */

struct days {
	struct day *v[DAYS_HELD];	/* the most recently used first */
	struct kept *kept;		/* of the timeline before, or NULL */
	struct day *whole[DAYS_WHOLE];	/* what it has made room for; the last
					 * ones first */
};

/* The day that frame n is in, or what is kept there; NULL: it is not here.
 * Borrowed: it goes when DAYS_HELD others have been asked for or put, or when
 * what is kept changes. */
const struct day *days_find(struct days *s, int64_t n);

/* Put a planned day; takes d. */
void days_put(struct days *s, struct day *d);

/* The same of the day around frame n, which days_find() did not know: only
 * what is around n, returned as by days_find(). */
const struct day *days_put_at(struct days *s, struct day *d, int64_t n);

bool days_has_date(const struct days *s, int64_t date);

/* What is here, and what comes, makes room for k, which is taken, in place of
 * what was kept before. */
void days_keep(struct days *s, struct kept *k);

/* Nothing is kept any more: days come back as they were planned. */
void days_let_go(struct days *s);

/* The first frame after what is kept; 0 if nothing is. */
int64_t days_kept_until(const struct days *s);

void days_fini(struct days *s);

#endif
