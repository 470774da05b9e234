/* oneday.h - a world and one day of it, for tests that say what is on when. */

#ifndef ONEDAY_H
#define ONEDAY_H

#include "world.h"

#define DATE	INT64_C(20000)		/* 2024-10-04 */

static struct world *w;
static struct day *d;

static inline int
teardown(void **state)
{
	(void)state;
	day_free(d);
	world_free(w);
	return 0;
}

/* A frame of the day, by its time. */
static inline int64_t
at(int hour, int min)
{
	return d->n0 + (hour * 60 + min) * 60 * 25;
}

static inline void
check_programme(size_t i, const char *title, int64_t n0, int64_t n1)
{
	assert_true(i < d->nprogrammes);
	assert_string_equal(d->programmes[i].title, title);
	assert_int_equal(d->programmes[i].n0, n0);
	assert_int_equal(d->programmes[i].n1, n1);
}

#endif
