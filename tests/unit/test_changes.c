/* test_changes.c - how often what is on has changed, by segments in a row. */

#include "wild.h"
#include "plan/kept.h"
#include "plan/timeline.h"

#define SINCE	INT64_C(20454)		/* 2026-01-01 */
#define DAYS	6

static struct timeline *
line(const struct wild *x)
{
	return timeline_new(&x->w->ch, &x->w->lib, x->w->z, SINCE);
}

/* Where the programme at frame n begins; -1: nothing is on. */
static int64_t
on_at(struct timeline *t, int64_t n)
{
	const struct programme *p = timeline_programme(t, timeline_at(t, n));

	return p != NULL ? p->n0 : -1;
}

/* One more at each change and at nothing else, in [n, end). */
static void
walk(struct timeline *t, int64_t n, int64_t end)
{
	uint64_t count = timeline_changes(t, n);
	int64_t on = on_at(t, n);

	for (n = timeline_at(t, n)->n1; n < end; n = timeline_at(t, n)->n1) {
		int64_t now = on_at(t, n);

		count += now != on;
		assert_int_equal(timeline_changes(t, n), count);
		assert_int_equal(timeline_changes(t, timeline_at(t, n)->n1 - 1),
		    count);
		on = now;
	}
}

static void
every_change_counts_once(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct wild *x = wild_new(seed);
		struct timeline *t = line(x);

		walk(t, timeline_day(t, SINCE), timeline_day(t, SINCE + DAYS));
		timeline_free(t);
		wild_free(x);
	}
}

/* As over a reload: what is kept crosses midnight, or does not. */
static void
what_is_kept_counts_as_it_airs(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct wild *x = wild_new(seed);
		struct timeline *old = line(x), *t;
		int64_t n0 = timeline_day(old, SINCE + 2) - 50000 +
		    (int64_t)seed * 1000;
		int64_t n1 = timeline_item_end(old, n0 + 40000);

		x->w->assets[0].duration_us /= 2;
		t = line(x);
		(void)timeline_keep(t, old, n0, n1);
		timeline_free(old);
		walk(t, timeline_day(t, SINCE + 2), timeline_day(t, SINCE + 3));
		timeline_free(t);
		wild_free(x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_counts_once),
		cmocka_unit_test(what_is_kept_counts_as_it_airs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
