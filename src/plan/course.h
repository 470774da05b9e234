/* course.h - the cursors at the begin of each day in a row of days.
 *
 * The first day's are given, those of the days after it come of playing
 * through what is before; of days long past only some are held. */

#ifndef PLAN_COURSE_H
#define PLAN_COURSE_H

#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

struct course {
	int64_t since;
	struct cursors *v;		/* those not held are empty */
	size_t n, cap;			/* days; 0: there is none */
};

/* What is played through. */
struct course_of {
	const struct chan *ch;
	const struct selection *sel;
	const struct tz *z;
};

/* The cursors of one more day, or of the first of all where it does not
 * follow those that are there.  Takes c. */
void course_add(struct course *o, int64_t date, struct cursors c);

/* The cursors at the begin of a day, which for any day before the first are
 * the first's; free with cursors_fini().  There must be a first. */
void course_at(struct course *o, const struct course_of *of, int64_t date,
    struct cursors *out);

/* How many days have to be played through for that. */
size_t course_way(const struct course *o, int64_t date);

void course_fini(struct course *o);

#endif
