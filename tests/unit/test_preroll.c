#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/preroll.h"
#include "base/arith.h"

#define S	NS_PER_S

static const struct asset hevc = { .video_codec = "hevc", .height = 2160 };
static const struct asset h264 = { .video_codec = "h264", .height = 2160 };
static const struct asset small = { .video_codec = "hevc", .height = 360 };

static void
a_child_is_started_three_seconds_early(void **state)
{
	struct preroll p = { 0 };

	(void)state;
	assert_int_equal(preroll_ns(&p, &hevc), 3 * S);
	preroll_note(&p, preroll_kind(&p, &hevc), S);
	assert_int_equal(preroll_ns(&p, &hevc), 3 * S);
	assert_int_equal(preroll_longest_ns(&p), 3 * S);
}

static void
a_slow_start_makes_others_of_its_kind_start_earlier(void **state)
{
	struct preroll p = { 0 };

	(void)state;
	preroll_note(&p, preroll_kind(&p, &hevc), 4 * S);
	assert_int_equal(preroll_ns(&p, &hevc), 8 * S);
	assert_int_equal(preroll_ns(&p, &h264), 3 * S);
	assert_int_equal(preroll_ns(&p, &small), 3 * S);
	assert_int_equal(preroll_longest_ns(&p), 8 * S);
	preroll_note(&p, preroll_kind(&p, &hevc), 300 * S);
	assert_int_equal(preroll_ns(&p, &hevc), 20 * S);
}

static void
a_slow_start_is_forgotten_by_and_by(void **state)
{
	struct preroll p = { 0 };
	size_t kind = preroll_kind(&p, &hevc);
	int64_t before;

	(void)state;
	preroll_note(&p, kind, 4 * S);
	for (int i = 0; i < 10; i++) {
		before = preroll_ns(&p, &hevc);
		preroll_note(&p, kind, S / 2);
		assert_true(preroll_ns(&p, &hevc) <= before);
	}
	assert_int_equal(preroll_ns(&p, &hevc), 3 * S);
}

static void
of_many_kinds_the_oldest_is_forgotten(void **state)
{
	struct preroll p = { 0 };

	(void)state;
	preroll_note(&p, preroll_kind(&p, &hevc), 4 * S);
	for (int i = 0; i < PREROLL_KINDS; i++) {
		struct asset a = { .video_codec = "mpeg2video", .height = i };

		(void)preroll_kind(&p, &a);
	}
	assert_int_equal(preroll_ns(&p, &hevc), 3 * S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_is_started_three_seconds_early),
		cmocka_unit_test(
		    a_slow_start_makes_others_of_its_kind_start_earlier),
		cmocka_unit_test(a_slow_start_is_forgotten_by_and_by),
		cmocka_unit_test(of_many_kinds_the_oldest_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
