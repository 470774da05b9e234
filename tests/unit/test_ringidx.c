#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ts/ringidx.h"

#define STEP_NS		(2 * NS_PER_S)
#define STEP_BYTES	1000

/* n key frames, two seconds and 1000 bytes apart, from 0 on. */
static struct ringidx
filled(int n)
{
	struct ringidx x = { 0 };
	int i;

	for (i = 0; i < n; i++)
		ringidx_add(&x, i * 60, i * STEP_NS,
		    (uint64_t)i * STEP_BYTES);
	return x;
}

static void
an_empty_index_has_nowhere_to_join(void **state)
{
	struct ringidx x = { 0 };

	(void)state;
	assert_null(ringidx_join(&x, 0));
	assert_int_equal(ringidx_trim(&x, 7, 100), 7);
	ringidx_fini(&x);
}

static void
one_joins_at_the_newest_key_frame_that_is_old_enough(void **state)
{
	struct ringidx x = filled(10);

	(void)state;
	assert_int_equal(ringidx_join(&x, 0)->frame, 9 * 60);
	assert_int_equal(ringidx_join(&x, 1)->frame, 8 * 60);
	assert_int_equal(ringidx_join(&x, 5 * NS_PER_S)->frame, 6 * 60);
	assert_int_equal(ringidx_join(&x, 6 * NS_PER_S)->pos, 6 * STEP_BYTES);
	ringidx_fini(&x);
}

static void
one_who_wants_more_than_there_is_joins_at_the_oldest(void **state)
{
	struct ringidx x = filled(3);

	(void)state;
	assert_int_equal(ringidx_join(&x, 10 * NS_PER_S)->frame, 0);
	ringidx_fini(&x);
}

static void
how_long_key_frames_stay_can_be_said(void **state)
{
	struct ringidx x = filled(20);

	(void)state;
	x.keep_ns = 20 * NS_PER_S;
	assert_int_equal(ringidx_trim(&x, 0, 20 * STEP_BYTES), 9 * STEP_BYTES);
	ringidx_fini(&x);
}

static void
key_frames_older_than_a_minute_go(void **state)
{
	const int kept = RINGIDX_NS / STEP_NS + 1;
	const uint64_t end = (uint64_t)kept * STEP_BYTES;
	struct ringidx x = filled(kept);

	(void)state;
	assert_int_equal(ringidx_trim(&x, 0, end), 0);
	ringidx_add(&x, kept * 60, kept * STEP_NS, end);
	assert_int_equal(ringidx_trim(&x, 0, end + STEP_BYTES), STEP_BYTES);
	assert_int_equal(x.n, kept);
	assert_int_equal(ringidx_join(&x, INT64_MAX)->frame, 60);
	ringidx_fini(&x);
}

static void
key_frames_beyond_the_size_go(void **state)
{
	struct ringidx x = filled(3);

	(void)state;
	assert_int_equal(ringidx_trim(&x, 0, RINGIDX_BYTES), 0);
	assert_int_equal(ringidx_trim(&x, 0, RINGIDX_BYTES + 1), 1000);
	assert_int_equal(ringidx_trim(&x, 1000, RINGIDX_BYTES + 2000), 2000);
	assert_int_equal(ringidx_trim(&x, 2000, RINGIDX_BYTES + 5000), 5000);
	assert_null(ringidx_join(&x, 0));
	ringidx_fini(&x);
}

static void
the_tail_never_goes_back(void **state)
{
	struct ringidx x = filled(3);

	(void)state;
	assert_int_equal(ringidx_trim(&x, 1500, 3000), 2000);
	ringidx_reset(&x);
	assert_int_equal(ringidx_trim(&x, 2500, 3000), 2500);
	ringidx_fini(&x);
}

static void
a_clock_set_back_voids_what_it_had_marked(void **state)
{
	struct ringidx x = filled(3);

	(void)state;
	ringidx_add(&x, 7, -3600 * NS_PER_S, 3000);
	assert_int_equal(ringidx_trim(&x, 0, 4000), 3000);
	assert_int_equal(x.n, 1);
	assert_int_equal(ringidx_join(&x, 0)->frame, 7);
	ringidx_fini(&x);
}

static void
a_second_mark_at_the_same_byte_replaces_the_first(void **state)
{
	struct ringidx x = filled(2);

	(void)state;
	ringidx_add(&x, 120, 2 * STEP_NS, STEP_BYTES);
	assert_int_equal(x.n, 2);
	assert_int_equal(ringidx_join(&x, 0)->frame, 120);
	ringidx_fini(&x);
}

static void
how_far_one_is_behind_is_told_by_groups(void **state)
{
	struct ringidx x = { 0 };

	(void)state;
	assert_int_equal(ringidx_behind(&x, 0), 0);
	x = filled(4);
	assert_int_equal(ringidx_behind(&x, 0), 3 * STEP_NS);
	assert_int_equal(ringidx_behind(&x, STEP_BYTES - 1), 3 * STEP_NS);
	assert_int_equal(ringidx_behind(&x, STEP_BYTES), 2 * STEP_NS);
	assert_int_equal(ringidx_behind(&x, 9 * STEP_BYTES), 0);
	ringidx_fini(&x);
}

static void
a_key_frame_after_a_break_says_so(void **state)
{
	struct ringidx x = filled(2);

	(void)state;
	ringidx_break(&x);
	ringidx_add(&x, 120, 2 * STEP_NS, 2 * STEP_BYTES);
	ringidx_add(&x, 180, 3 * STEP_NS, 2 * STEP_BYTES);
	ringidx_add(&x, 240, 4 * STEP_NS, 3 * STEP_BYTES);
	assert_false(x.marks[1].breaks);
	assert_true(x.marks[2].breaks);
	assert_false(x.marks[3].breaks);
	ringidx_break(&x);
	ringidx_reset(&x);
	ringidx_add(&x, 300, 5 * STEP_NS, 4 * STEP_BYTES);
	assert_false(x.marks[0].breaks);
	ringidx_fini(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_index_has_nowhere_to_join),
		cmocka_unit_test(
		    one_joins_at_the_newest_key_frame_that_is_old_enough),
		cmocka_unit_test(
		    one_who_wants_more_than_there_is_joins_at_the_oldest),
		cmocka_unit_test(how_long_key_frames_stay_can_be_said),
		cmocka_unit_test(key_frames_older_than_a_minute_go),
		cmocka_unit_test(key_frames_beyond_the_size_go),
		cmocka_unit_test(the_tail_never_goes_back),
		cmocka_unit_test(a_clock_set_back_voids_what_it_had_marked),
		cmocka_unit_test(
		    a_second_mark_at_the_same_byte_replaces_the_first),
		cmocka_unit_test(how_far_one_is_behind_is_told_by_groups),
		cmocka_unit_test(a_key_frame_after_a_break_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
