/* test_asrunfile.c - as-run logs on disk, and what a killed daemon leaves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <utime.h>
#include <cmocka.h>
#include <jansson.h>

#include "media/asrunfile.h"
#include "media/scan.h"
#include "tmptree.h"

#define START_1								\
	"20:00:00:00  00:11:00:00  SEG_START    programme   one-1"	\
	"                     Fog | /a/1\n"
#define AIRED_1								\
	"20:00:00:00  00:11:00:00  AIRED        programme   one-1"	\
	"                     16500 of 16500\n"
#define ERROR_1								\
	"20:00:00:00  --:--:--:--  ERROR        programme   one-1"	\
	"                     the daemon ended without closing it\n"
#define SKIPPED_2							\
	"20:11:00:00  00:00:00:00  SKIPPED      spot        one-2"	\
	"                     0 of 75\n"
#define JSON_1		"{\"event_id\":\"one-1\",\"status\":\"SEG_START\","\
	"\"planned_frames\":16500,\"actual_frames\":0,\"reason\":null}\n"
#define JSON_ERROR_1	"{\"event_id\":\"one-1\",\"status\":\"ERROR\","	\
	"\"planned_frames\":16500,\"actual_frames\":null,\"reason\":"	\
	"\"the daemon ended without closing it\"}\n"
#define JSON_AIRED_1	"{\"event_id\":\"one-1\",\"status\":\"AIRED\"}\n"
#define JSON_SKIPPED_2	"{\"event_id\":\"one-2\",\"status\":\"SKIPPED\"}\n"

#define DAY_1		"one/2026-01-15.asrun"
#define DAY_2		"one/2026-01-16.asrun"

/* What stands in the file dir/name; malloc'd. */
static char *
content(const struct tree *t, const char *name)
{
	char *path = tree_path(t, name), *text;
	struct buf b = { 0 };
	const char *why;

	assert_int_equal(scan_read_file(NULL, path, &b, &why), 0);
	text = xstrdup(buf_str(&b));
	buf_fini(&b);
	free(path);
	return text;
}

static void
check(const struct tree *t, const char *name, const char *expected)
{
	char *text = content(t, name);

	assert_string_equal(text, expected);
	free(text);
}

static void
what_was_left_open_is_closed_as_an_error(void **state)
{
	struct tree *t = *state;

	tree_write(t, DAY_1, "# head\n" START_1);
	tree_write(t, DAY_1 ".jsonl", JSON_1);
	assert_int_equal(asrunfile_recover(t->dir), 1);
	check(t, DAY_1, "# head\n" START_1 ERROR_1);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_ERROR_1);
	/* Once is enough. */
	assert_int_equal(asrunfile_recover(t->dir), 0);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_ERROR_1);
}

static void
what_was_closed_stays_as_it_is(void **state)
{
	struct tree *t = *state;

	tree_write(t, DAY_1, START_1 AIRED_1 SKIPPED_2);
	tree_write(t, DAY_1 ".jsonl", JSON_1 JSON_AIRED_1);
	assert_int_equal(asrunfile_recover(t->dir), 0);
	check(t, DAY_1, START_1 AIRED_1 SKIPPED_2);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_AIRED_1);
}

static void
a_skipped_one_closes_nothing(void **state)
{
	struct tree *t = *state;

	tree_write(t, DAY_1, START_1 SKIPPED_2);
	tree_write(t, DAY_1 ".jsonl", JSON_1 JSON_SKIPPED_2);
	assert_int_equal(asrunfile_recover(t->dir), 1);
	check(t, DAY_1, START_1 SKIPPED_2 ERROR_1);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_SKIPPED_2 JSON_ERROR_1);
}

static void
half_a_line_is_ended_and_is_no_row(void **state)
{
	struct tree *t = *state;

	tree_write(t, DAY_1, START_1 "20:00:00:00  00:11:00:00  AIR");
	tree_write(t, DAY_1 ".jsonl", JSON_1 "{\"event_id\":\"one-1\",\"st");
	assert_int_equal(asrunfile_recover(t->dir), 1);
	check(t, DAY_1, START_1 "20:00:00:00  00:11:00:00  AIR\n" ERROR_1);
	check(t, DAY_1 ".jsonl", JSON_1 "{\"event_id\":\"one-1\",\"st\n"
	    JSON_ERROR_1);
}

/* As it may stand there when the power has failed. */
static void
nuls_are_half_a_line_too(void **state)
{
	static const char nuls[] = JSON_1 "\0\0\0";
	struct tree *t = *state;
	struct buf b = { 0 };
	const char *why;
	char *path;
	FILE *f;

	tree_write(t, DAY_1 ".jsonl", "");
	path = tree_path(t, DAY_1 ".jsonl");
	f = fopen(path, "we");
	assert_int_equal(fwrite(nuls, 1, sizeof nuls - 1, f),
	    sizeof nuls - 1);
	fclose(f);
	assert_int_equal(asrunfile_recover(t->dir), 1);
	assert_int_equal(asrunfile_recover(t->dir), 0);
	assert_int_equal(scan_read_file(NULL, path, &b, &why), 0);
	assert_int_equal(b.len, sizeof nuls - 1 + strlen("\n" JSON_ERROR_1));
	assert_string_equal(buf_str(&b) + sizeof nuls - 1, "\n" JSON_ERROR_1);
	buf_fini(&b);
	free(path);
}

static void
each_file_is_closed_for_itself(void **state)
{
	struct tree *t = *state;

	tree_write(t, DAY_1, START_1 AIRED_1);
	tree_write(t, DAY_1 ".jsonl", JSON_1);
	assert_int_equal(asrunfile_recover(t->dir), 1);
	check(t, DAY_1, START_1 AIRED_1);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_ERROR_1);
}

static void
garbage_is_left_alone(void **state)
{
	static const char garbage[] = "\n\n  SEG_START\n{\"status\":3}\n[1]\n"
	    "{\"status\":\"SEG_START\"}\n\xff\xfe{}\nSEG_START SEG_START "
	    "SEG_START SEG_START SEG_START SEG_START SEG_START SEG_START\n";
	struct tree *t = *state;

	tree_write(t, DAY_1, garbage);
	tree_write(t, DAY_1 ".jsonl", garbage);
	assert_int_equal(asrunfile_recover(t->dir), 0);
	check(t, DAY_1, garbage);
	check(t, DAY_1 ".jsonl", garbage);
}

/* A file with an open row that was written then. */
static void
left_open(const struct tree *t, const char *name, time_t then)
{
	struct utimbuf at = { .modtime = then };
	char *path = tree_path(t, name);

	tree_write(t, name, JSON_1);
	utime(path, &at);
	free(path);
}

static void
only_the_files_written_last_are_looked_at(void **state)
{
	static const char *const days[] = { DAY_1 ".jsonl", DAY_2 ".jsonl",
	    "one/2026-01-17.asrun.jsonl" };
	struct tree *t = *state;

	for (int i = 0; i < 3; i++)
		left_open(t, days[i], 1768000000 - i);
	assert_int_equal(asrunfile_recover(t->dir), 2);
	check(t, days[0], JSON_1 JSON_ERROR_1);
	check(t, days[1], JSON_1 JSON_ERROR_1);
	check(t, days[2], JSON_1);
}

static void
what_a_clock_that_was_ahead_has_left_hides_nothing(void **state)
{
	static const char *const never[] = { "one/2126-04-25.asrun.jsonl",
	    "one/2126-04-26.asrun.jsonl" };
	struct tree *t = *state;

	left_open(t, DAY_1 ".jsonl", 1768000000);
	for (int i = 0; i < 2; i++)
		left_open(t, never[i], time(NULL) + 100 * 86400 + i);
	assert_int_equal(asrunfile_recover(t->dir), 3);
	check(t, DAY_1 ".jsonl", JSON_1 JSON_ERROR_1);
	for (int i = 0; i < 2; i++)
		check(t, never[i], JSON_1 JSON_ERROR_1);
}

static void
there_may_be_nothing_to_recover(void **state)
{
	struct tree *t = *state;
	char *path = tree_path(t, "nowhere");

	assert_int_equal(asrunfile_recover(t->dir), 0);
	assert_int_equal(asrunfile_recover(path), 0);
	free(path);
}

static void
days_are_found_in_order(void **state)
{
	struct tree *t = *state;
	int64_t *days;
	size_t n;

	assert_int_equal(asrunfile_days(t->dir, "one", &days, &n), -1);
	tree_write(t, DAY_2, "");
	tree_write(t, DAY_1, "");
	tree_write(t, DAY_1 ".1.gz", "");
	tree_write(t, "one/2026-02-30.asrun", "");
	tree_write(t, "one/notes.asrun", "");
	assert_int_equal(asrunfile_days(t->dir, "one", &days, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(days[0], civil_to_days(2026, 1, 15));
	assert_int_equal(days[1], days[0] + 1);
	free(days);
}

static void
a_row_is_a_line_of_json(void **state)
{
	static char slug[] = "one", asset[] = "/a/Fog\xff.mkv",
	    title[] = "\"Fog\"\n";
	struct chan ch = { .slug = slug, .format = format_default() };
	struct asrun_row r = {
		.status = ASRUN_SHORT, .n0 = 53001620440, .n1 = 53001620501,
		.slot = 53001620441, .end = 53001620501,
		.kind = SEGMENT_spot, .asset = asset, .title = title,
		.late_ns = 1999999, .from = { .asset = 60 }, .held = 3,
		.viewers_max = 9, .reason = "the source ended early",
	};
	struct buf b = { 0 };

	(void)state;
	asrunfile_add_json(&b, &ch, &r);
	assert_string_equal(buf_str(&b), "{\"event_id\":\"one-53001620440\","
	    "\"status\":\"SHORT\",\"channel\":\"one\",\"kind\":\"spot\","
	    "\"asset\":\"/a/Fog\xef\xbf\xbd.mkv\",\"title\":\"\\\"Fog\\\"\\n\""
	    ",\"planned_start\":\"2026-01-15T14:30:02.014Z\","
	    "\"actual_start\":\"2026-01-15T14:30:02.048Z\","
	    "\"planned_frames\":61,\"actual_frames\":57,\"slate_frames\":0,"
	    "\"filler_frames\":0,\"held_frames\":3,\"viewers_max\":9,"
	    "\"late_ms\":1,\"reason\":\"the source ended early\"}\n");
	buf_fini(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup,	\
	tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_left_open_is_closed_as_an_error),
		TEST(what_was_closed_stays_as_it_is),
		TEST(a_skipped_one_closes_nothing),
		TEST(half_a_line_is_ended_and_is_no_row),
		TEST(nuls_are_half_a_line_too),
		TEST(each_file_is_closed_for_itself),
		TEST(garbage_is_left_alone),
		TEST(only_the_files_written_last_are_looked_at),
		TEST(what_a_clock_that_was_ahead_has_left_hides_nothing),
		TEST(there_may_be_nothing_to_recover),
		TEST(days_are_found_in_order),
		TEST(a_row_is_a_line_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
