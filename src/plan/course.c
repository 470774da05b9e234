#include "plan/course.h"

#include <stdlib.h>

#include "base/xmem.h"

#define CURSORS_LAST	16	/* days whose cursors are at hand ... */
#define CURSORS_STEP	32	/* ... and of the others each such one */

/* What a channel has aired in years of days would fill the memory. */
static bool
is_held(const struct course *o, size_t day)
{
	return day % CURSORS_STEP == 0 || day + CURSORS_LAST >= o->n;
}

static size_t
day_index(const struct course *o, int64_t date)
{
	return date > o->since ? (size_t)(date - o->since) : 0;
}

/* The last day up to that one whose cursors are at hand. */
static size_t
held_before(const struct course *o, size_t day)
{
	if (day >= o->n)
		return o->n - 1;
	return is_held(o, day) ? day : day - day % CURSORS_STEP;
}

void
course_add(struct course *o, int64_t date, struct cursors c)
{
	if (date != o->since + (int64_t)o->n)
		while (o->n > 0)
			cursors_fini(&o->v[--o->n]);
	if (o->n == 0)
		o->since = date;
	xgrow(&o->v, &o->cap, o->n + 1, sizeof *o->v);
	o->v[o->n++] = c;
	if (o->n > CURSORS_LAST && !is_held(o, o->n - CURSORS_LAST - 1))
		cursors_fini(&o->v[o->n - CURSORS_LAST - 1]);
}

/* One more day played through. */
static void
course_extend(struct course *o, const struct course_of *of)
{
	int64_t date = o->since + (int64_t)o->n;
	struct cursors c;

	cursors_copy(&c, &o->v[o->n - 1]);
	plan_skip_day(of->ch, of->sel, of->z, &c, date - 1);
	course_add(o, date, c);
}

void
course_at(struct course *o, const struct course_of *of, int64_t date,
    struct cursors *out)
{
	size_t day = day_index(o, date), from;

	while (o->n <= day)
		course_extend(o, of);
	from = held_before(o, day);
	cursors_copy(out, &o->v[from]);
	for (; from < day; from++)
		plan_skip_day(of->ch, of->sel, of->z, out,
		    o->since + (int64_t)from);
}

size_t
course_way(const struct course *o, int64_t date)
{
	size_t day = day_index(o, date);

	return day - held_before(o, day);
}

void
course_fini(struct course *o)
{
	for (size_t i = 0; i < o->n; i++)
		cursors_fini(&o->v[i]);
	free(o->v);
}
