#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl_status.h"

#define CHANNEL "{\"number\":\"1\",\"name\":\"One\","			\
	"\"active\":true,\"viewers\":12,"				\
	"\"content\":{\"title\":\"The Ferry\"},"			\
	"\"next\":{\"title\":\"Cola\"}}"

static void
assert_table(const char *json, const char *table)
{
	struct buf out = { 0 };

	assert_int_equal(ctl_status_format(CTL_STATUS, NULL, json,
	    strlen(json), &out), 0);
	assert_string_equal(buf_str(&out), table);
	buf_fini(&out);
}

static void
a_channel_is_a_line(void **state)
{
	(void)state;
	assert_table("{\"station\":\"Demo\",\"version\":\"1.2\","
	    "\"uptime_s\":93784,\"channels\":[" CHANNEL "]}",
	    "Demo: retrovued 1.2, up 1 d 02:03:04\n"
	    "\n"
	    "NO  CHANNEL  ON AIR  VIEWERS  NOW        NEXT\n"
	    "1   One      yes          12  The Ferry  Cola\n");
}

static void
what_is_not_known_is_a_dash(void **state)
{
	(void)state;
	assert_table("{\"channels\":[{\"content\":null}]}",
	    "-: retrovued -, up 0 d 00:00:00\n"
	    "\n"
	    "NO  CHANNEL  ON AIR  VIEWERS  NOW  NEXT\n"
	    "-   -        no            0  -    -\n");
}

/* It is the schedule's doing, and no fault. */
static void
off_the_air_is_told_from_nothing_at_all(void **state)
{
	(void)state;
	assert_table("{\"channels\":[{\"active\":true,\"content\":"
	    "{\"kind\":\"pad\",\"title\":null,\"off_air\":true}},"
	    "{\"active\":true,\"content\":{\"title\":\"Good Night\","
	    "\"off_air\":true}},{\"active\":true,\"content\":"
	    "{\"kind\":\"pad\",\"title\":null,\"off_air\":false}}]}",
	    "-: retrovued -, up 0 d 00:00:00\n"
	    "\n"
	    "NO  CHANNEL  ON AIR  VIEWERS  NOW         NEXT\n"
	    "-   -        yes           0  off air     -\n"
	    "-   -        yes           0  Good Night  -\n"
	    "-   -        yes           0  -           -\n");
}

static void
the_times_of_now_are_said_to_be_utc(void **state)
{
	static const char json[] = "{\"channels\":[{\"number\":\"1\","
	    "\"content\":{\"kind\":\"pad\",\"off_air\":true,"
	    "\"timestamp\":\"2026-01-15T02:00:00.000Z\","
	    "\"ends\":\"2026-01-15T06:00:00.000Z\"}}]}";
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(ctl_status_format(CTL_NOW, NULL, json, strlen(json),
	    &out), 0);
	assert_string_equal(buf_str(&out),
	    "NO  KIND  FROM UTC  TO UTC    NOW      NEXT AT UTC  NEXT  FILE\n"
	    "1   pad   02:00:00  06:00:00  off air  -            -     -\n");
	buf_fini(&out);
}

static void
no_title_reaches_the_terminal_as_a_command(void **state)
{
	(void)state;
	assert_table("{\"channels\":[{\"name\":\"\\u001b[2J\\u009b\\n\"}]}",
	    "-: retrovued -, up 0 d 00:00:00\n"
	    "\n"
	    "NO  CHANNEL  ON AIR  VIEWERS  NOW  NEXT\n"
	    "-   ?[2J??   no            0  -    -\n");
}

static void
columns_are_as_wide_as_their_characters_not_their_bytes(void **state)
{
	(void)state;
	assert_table("{\"channels\":[{\"name\":\"T\\u00e9l\\u00e9\"}]}",
	    "-: retrovued -, up 0 d 00:00:00\n"
	    "\n"
	    "NO  CHANNEL  ON AIR  VIEWERS  NOW  NEXT\n"
	    "-   T\xc3\xa9l\xc3\xa9     no            0  -    -\n");
}

/* An ideograph takes two cells, an accent that combines none. */
static void
columns_are_as_wide_as_a_terminal_shows_them(void **state)
{
	(void)state;
	assert_table("{\"channels\":[{\"name\":\"\u6620\u753b\"},"
	    "{\"name\":\"Cafe\u0301s\"},{\"name\":\""
	    "\u6620\u753b\u6620\u753b\u6620\u753b\u6620\u753b"
	    "\u6620\u753b\u6620\u753b\u6620\u753b\u6620\u753b"
	    "\u6620\u753b\u6620\u753b\u6620\"}]}",
	    "-: retrovued -, up 0 d 00:00:00\n"
	    "\n"
	    "NO  CHANNEL                                   ON AIR  VIEWERS"
	    "  NOW  NEXT\n"
	    "-   \u6620\u753b                                      no    "
	    "        0  -    -\n"
	    "-   Cafe\u0301s                                     no    "
	    "        0  -    -\n"
	    "-   \u6620\u753b\u6620\u753b\u6620\u753b\u6620\u753b"
	    "\u6620\u753b\u6620\u753b\u6620\u753b\u6620\u753b"
	    "\u6620\u753b\u6620\u753b  no            0  -    -\n");
}

static void
what_is_no_status_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "[]", "{}", "{\"channels\":3}", "{\"channels\":[", "null",
	};
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(ctl_status_format(CTL_STATUS, NULL, texts[i],
		    strlen(texts[i]), &out), -1);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
}

static void
one_channel_is_found_by_number_and_by_name(void **state)
{
	static const char json[] = "{\"channels\":[{\"number\":\"1\","
	    "\"channel\":\"one\"},{\"number\":\"2\"}]}";
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(ctl_status_format(CTL_NOW, "one", json,
	    strlen(json), &out), 0);
	assert_int_equal(ctl_status_format(CTL_CHANNELS, "2", json,
	    strlen(json), &out), 0);
	assert_int_equal(ctl_status_format(CTL_NOW, "3", json,
	    strlen(json), &out), -2);
	buf_fini(&out);
}

static void
of_the_daemons_answer_one_channel_is_kept(void **state)
{
	static const char json[] = "{\"version\":\"1\",\"channels\":["
	    "{\"number\":\"1\",\"channel\":\"one\"},{\"number\":\"2\"}]}";
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(ctl_status_select("one", json, strlen(json), &out),
	    0);
	assert_string_equal(buf_str(&out), "{\"version\":\"1\",\"channels\":["
	    "{\"number\":\"1\",\"channel\":\"one\"}]}\n");
	buf_reset(&out);
	assert_int_equal(ctl_status_select("3", json, strlen(json), &out), -2);
	assert_int_equal(ctl_status_select(NULL, "[]", 2, &out), -1);
	assert_int_equal(out.len, 0);
	assert_int_equal(ctl_status_select(NULL, json, strlen(json), &out), 0);
	assert_non_null(strstr(buf_str(&out), "\"2\""));
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_is_a_line),
		cmocka_unit_test(what_is_not_known_is_a_dash),
		cmocka_unit_test(off_the_air_is_told_from_nothing_at_all),
		cmocka_unit_test(the_times_of_now_are_said_to_be_utc),
		cmocka_unit_test(no_title_reaches_the_terminal_as_a_command),
		cmocka_unit_test(
		    columns_are_as_wide_as_their_characters_not_their_bytes),
		cmocka_unit_test(
		    columns_are_as_wide_as_a_terminal_shows_them),
		cmocka_unit_test(what_is_no_status_is_refused),
		cmocka_unit_test(one_channel_is_found_by_number_and_by_name),
		cmocka_unit_test(of_the_daemons_answer_one_channel_is_kept),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
