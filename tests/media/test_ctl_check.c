/* test_ctl_check.c - the report for people, in its words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl_check.h"

static void
assert_says(const struct check_report *r, const char *text, bool so)
{
	struct buf out = { 0 };

	ctl_check_text(r, "x.ts", &out);
	if ((strstr(buf_str(&out), text) != NULL) != so)
		fail_msg("%s: %s", text, buf_str(&out));
	buf_fini(&out);
}

static void
one_of_a_kind_is_singular(void **state)
{
	struct check_report r = { .packet_size = 188, .packets = 1,
	    .pats = 1 };

	(void)state;
	assert_says(&r, "x.ts: 1 packet of 188 bytes", true);
	assert_says(&r, "  1 PAT, ", true);
	r.packets = r.pats = 2;
	assert_says(&r, "x.ts: 2 packets of", true);
	assert_says(&r, "  2 PATs, ", true);
}

static void
a_cut_packet_at_the_end_is_told(void **state)
{
	struct check_report r = { .packet_size = 188, .packets = 2 };

	(void)state;
	assert_says(&r, "cut packet", false);
	r.tail = 1;
	assert_says(&r, ", ends with 1 byte of a cut packet\n", true);
	r.tail = 111;
	assert_says(&r, ", ends with 111 bytes of a cut packet\n", true);
}

static void
a_clock_is_told_as_far_as_it_is_known(void **state)
{
	struct check_report r = { .pace = { .measured = true } };

	(void)state;
	r.pace.ppb = -463417;
	r.pace.off_ppb = 8000001;
	assert_says(&r, "clock -463 +- 8001 ppm, spread", true);
	r.pace.off_ppb = 12;
	assert_says(&r, "clock -463.417 +- 0.012 ppm, spread", true);
	r.pace.ppb = -7;
	assert_says(&r, "clock -0.007 +- 0.012 ppm, spread", true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_a_kind_is_singular),
		cmocka_unit_test(a_cut_packet_at_the_end_is_told),
		cmocka_unit_test(a_clock_is_told_as_far_as_it_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
