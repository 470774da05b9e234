/* test_slate_text.c - what the slate says. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/slate_text.h"
#include "base/arith.h"

static char slug[] = "retro", number[] = "5.1", name[] = "Retro\nTV";
static char path[] = "/films/of/fog\n.mkv";
static const struct asset fog = { .path = path };
static const struct chan ch = { .slug = slug, .number = number,
    .name = name };

static void
check_text(const struct segment *s, const char *cause, int64_t at,
    const char *want)
{
	struct buf b = { 0 };

	slate_text(&b, &ch, s, cause, at);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void
it_names_channel_segment_file_cause_and_second(void **state)
{
	const struct segment s = { .n0 = 44212230000, .asset = &fog };

	(void)state;
	check_text(&s, "exit 1: no\nsuch file",
	    INT64_C(1768487405) * NS_PER_S + 999999999,
	    "5.1 Retro TV\nretro-44212230000\nfog .mkv\n"
	    "exit 1: no such file\n2026-01-15 14:30:05 UTC");
	check_text(&s, "", INT64_C(1768487406) * NS_PER_S,
	    "5.1 Retro TV\nretro-44212230000\nfog .mkv\n"
	    "waiting for the child\n2026-01-15 14:30:06 UTC");
}

static void
where_no_file_was_planned_none_is_named(void **state)
{
	const struct segment s = { .n0 = 7 };

	(void)state;
	check_text(&s, "", INT64_C(951782399) * NS_PER_S,
	    "5.1 Retro TV\nretro-7\nwaiting for the child\n"
	    "2000-02-28 23:59:59 UTC");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    it_names_channel_segment_file_cause_and_second),
		cmocka_unit_test(where_no_file_was_planned_none_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
