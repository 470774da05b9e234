/* test_measure.c - what ffmpeg's filters say about sound and black. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <unistd.h>

#include "base/arith.h"
#include "media/db.h"
#include "media/measure.h"
#include "media/scan.h"
#include "hanging.h"
#include "tmptree.h"

#define SUMMARY(i, peak)						\
	"[Parsed_ebur128_3 @ 0x5] Summary:\n\n"				\
	"  Integrated loudness:\n"					\
	"    I:         " i " LUFS\n    Threshold: -42.0 LUFS\n\n"	\
	"  Loudness range:\n    LRA:         0.0 LU\n"			\
	"  True peak:\n    Peak:      " peak " dBFS\n"
#define BLACK(from, to)							\
	"[blackdetect @ 0x1] black_start:" from " black_end:" to	\
	" black_duration:1\n"
#define SILENT(from, to)						\
	"[silencedetect @ 0x2] silence_start: " from "\n"		\
	"[silencedetect @ 0x2] silence_end: " to			\
	" | silence_duration: 1\n"

static struct asset
parse(const char *text)
{
	struct asset a = { .duration_us = 600 * US_PER_S,
	    .about = ASSET_ABOUT_NONE };

	measure_parse(text, &a);
	return a;
}

static void
loudness_is_that_of_the_summary(void **state)
{
	struct asset a = parse("    title           :     I: -1.0 LUFS\n"
	    SUMMARY("-30.1", "-6.35"));

	(void)state;
	assert_true(a.loudness.known);
	assert_int_equal(a.loudness.integrated, -3010);
	assert_int_equal(a.loudness.true_peak, -635);
	asset_fini(&a);
}

static void
silence_has_no_loudness(void **state)
{
	static const char *const texts[] = {
		SUMMARY("-70.0", "-inf"), SUMMARY("nan", "-3.0"),
		SUMMARY("-23.0", "-inf"),
		SUMMARY("-99999999999999999999", "-3.0"), "", "\n\r[",
		"[Parsed_ebur128_3 @ 0x5] Summary:",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct asset a = parse(texts[i]);

		assert_false(a.loudness.known);
		asset_fini(&a);
	}
}

static void
black_and_silent_is_one_lull_where_both_are(void **state)
{
	struct asset a = parse(BLACK("60", "62") SILENT("61", "64")
	    SILENT("100.5", "101") BLACK("200", "200.5"));

	(void)state;
	assert_int_equal(a.nlulls, 3);
	assert_int_equal(a.lulls[0].at_us, 61500000);
	assert_true(a.lulls[0].black && a.lulls[0].silent);
	assert_int_equal(a.lulls[1].at_us, 100750000);
	assert_true(!a.lulls[1].black && a.lulls[1].silent);
	assert_int_equal(a.lulls[2].at_us, 200250000);
	assert_true(a.lulls[2].black && !a.lulls[2].silent);
	asset_fini(&a);
}

static void
the_ends_are_no_lulls(void **state)
{
	struct asset a = parse(BLACK("0", "1.9") SILENT("-0.02", "1")
	    BLACK("598.5", "600") SILENT("9e99", "x")
	    "[silencedetect @ 0x2] silence_start: 597\n");

	(void)state;
	assert_int_equal(a.nlulls, 0);
	asset_fini(&a);
}

/* The name of a file, or its title, may look like anything. */
static void
what_a_file_says_of_itself_is_not_believed(void **state)
{
	struct asset a = parse("    title : " BLACK("60", "62")
	    "                : [x\n  " SUMMARY("-10.0", "-3.0"));

	(void)state;
	assert_int_equal(a.nlulls, 0);
	assert_false(a.loudness.known);
	asset_fini(&a);
}

static void
of_too_many_lulls_the_best_stay(void **state)
{
	struct buf b = { 0 };
	struct asset a;
	size_t both = 0;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_addf(&b, "[silencedetect @ 0x2] silence_start: %d\n"
		    "[silencedetect @ 0x2] silence_end: %d.5\n", 10 + i,
		    10 + i);
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "[blackdetect @ 0x1] black_start:%d "
		    "black_end:%d.5\n", 100 + i, 100 + i);
	a = parse(buf_str(&b));
	assert_int_equal(a.nlulls, ASSET_LULLS_MAX);
	for (size_t i = 0; i < a.nlulls; i++) {
		both += a.lulls[i].black && a.lulls[i].silent;
		assert_true(i == 0 ||
		    a.lulls[i].at_us > a.lulls[i - 1].at_us);
	}
	assert_int_equal(both, 100);
	asset_fini(&a);
	buf_fini(&b);
}

static void
any_part_of_the_words_is_read_without_harm(void **state)
{
	static const char text[] = BLACK("60", "62") SILENT("61", "64")
	    SUMMARY("-30.1", "-6.35");

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *part = xstrndup(text, n);
		struct asset a = parse(part);

		asset_fini(&a);
		free(part);
	}
}

/* ---- Many, with an ffmpeg that says the same of all */

#define FFPROBE								\
	"echo '{\"streams\":[{\"index\":0,\"codec_type\":\"audio\"}],"	\
	"\"format\":{\"duration\":\"60\"}}'\n"
#define FFMPEG								\
	"echo x >>\"${0%/*}/started\"\n"				\
	"case \"$*\" in *never*) kill -9 $$ ;; esac\n"			\
	"cat >&2 <<'END'\n" SILENT("10", "12") SUMMARY("-30.0", "-6.0")	\
	"END\n"

struct bench {
	struct tree *tree;
	char *ffprobe, *ffmpeg;
	struct station_library library;
	struct station st;
	struct errs errs;
	struct library *lib;
	volatile int stop;
};

static int
setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof *b);
	void *tree = NULL;

	if (tree_setup(&tree) != 0)
		return -1;
	b->tree = tree;
	b->ffprobe = tree_path(b->tree, "ffprobe");
	b->ffmpeg = tree_path(b->tree, "ffmpeg");
	tree_script(b->tree, "ffprobe", FFPROBE);
	tree_script(b->tree, "ffmpeg", FFMPEG);
	b->library = (struct station_library){
		.path = tree_path(b->tree, "m"), .type = ASSET_episode,
	};
	b->st = (struct station){ .state_dir = tree_path(b->tree, "st"),
	    .libraries = &b->library, .nlibraries = 1 };
	tree_write(b->tree, "m/a.mkv", "a");
	tree_write(b->tree, "m/b.mkv", "b");
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	void *tree = b->tree;

	library_free(b->lib);
	errs_fini(&b->errs);
	free(b->st.state_dir);
	free(b->library.path);
	free(b->ffprobe);
	free(b->ffmpeg);
	free(b);
	return tree_teardown(&tree);
}

static const struct asset *
scan(struct bench *b, const char *name)
{
	const struct scan_options o = { .ffprobe = b->ffprobe, .jobs = 2 };
	char *path = tree_path(b->tree, name);
	const struct asset *a;

	library_free(b->lib);
	b->lib = scan_library(&b->st, &o, &b->errs);
	a = library_find(b->lib, path);
	free(path);
	assert_non_null(a);
	return a;
}

static size_t
measure(struct bench *b)
{
	const struct measure_options o = {
		.ffmpeg = b->ffmpeg, .state_dir = b->st.state_dir,
		.jobs = 2, .slice_ms = 60000, .stop = &b->stop,
	};

	return measure_all(&o, &b->errs);
}

static size_t
started(const struct bench *b)
{
	char *path = tree_path(b->tree, "started");
	struct stat st = { 0 };

	if (stat(path, &st) < 0)
		st.st_size = 0;
	remove(path);
	free(path);
	return (size_t)st.st_size / 2;
}

static void
what_is_measured_is_in_the_next_library(void **state)
{
	struct bench *b = *state;
	const struct asset *a = scan(b, "m/a.mkv");

	assert_false(a->loudness.known);
	assert_int_equal(measure(b), 2);
	assert_int_equal(started(b), 2);
	a = scan(b, "m/a.mkv");
	assert_true(a->loudness.known);
	assert_int_equal(a->loudness.integrated, -3000);
	assert_int_equal(a->loudness.true_peak, -600);
	assert_int_equal(a->nlulls, 1);
	assert_int_equal(a->lulls[0].at_us, 11000000);
	assert_int_equal(b->errs.n, 0);
}

static void
nothing_is_measured_twice_unless_it_changes(void **state)
{
	struct bench *b = *state;

	scan(b, "m/a.mkv");
	assert_int_equal(measure(b), 2);
	assert_int_equal(measure(b), 0);
	tree_write(b->tree, "m/a.mkv", "another");
	scan(b, "m/a.mkv");
	started(b);
	assert_int_equal(measure(b), 1);
	assert_int_equal(started(b), 1);
}

static void
a_file_that_has_changed_since_the_scan_waits_for_the_next(void **state)
{
	struct bench *b = *state;

	scan(b, "m/a.mkv");
	tree_write(b->tree, "m/a.mkv", "another");
	assert_int_equal(measure(b), 1);
	assert_false(scan(b, "m/a.mkv")->loudness.known);
	assert_true(scan(b, "m/b.mkv")->loudness.known);
}

static void
an_ffmpeg_that_dies_says_nothing_and_holds_nobody(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "m/never.mkv", "n");
	scan(b, "m/a.mkv");
	assert_int_equal(measure(b), 2);
	assert_false(scan(b, "m/never.mkv")->loudness.known);
	started(b);
	assert_int_equal(measure(b), 0);
	assert_int_equal(started(b), 1);
}

static void
what_hangs_is_passed_over_and_the_others_are_measured(void **state)
{
	struct bench *b = *state;
	char name[] = "m/hangs/0.mkv", *place = tree_path(b->tree, "m/hangs");
	struct hanging h;

	for (; name[8] < '8'; name[8]++)
		tree_write(b->tree, name, name);
	scan(b, "m/a.mkv");
	assert_true(hanging_open(&h));
	assert_true(hanging_leave(&h, place));
	assert_int_equal(measure(b), 2);
	assert_int_equal(started(b), 2);
	hanging_close(&h);
	assert_int_equal(measure(b), 8);
	free(place);
}

/* With an ffmpeg that says and does that about a.mkv. */
static void
measure_with(struct bench *b, const char *script)
{
	char *text = xasprintf("case \"$*\" in *a.mkv*)\n%s;;\nesac\n%s",
	    script, FFMPEG);

	tree_script(b->tree, "ffmpeg", text);
	free(text);
	scan(b, "m/a.mkv");
	measure(b);
	tree_script(b->tree, "ffmpeg", FFMPEG);
	started(b);
}

static void
what_the_system_lacks_for_a_while_is_no_answer(void **state)
{
	static const char *const scripts[] = {
		"echo 'file:/m/a.mkv: Input/output error' >&2; exit 1",
		"echo 'Decoding: Cannot allocate memory' >&2; exit 1",
		"echo '[mov @ 0x1] Too many open files\n  Peak: 1' >&2; exit 9",
		"exit 126",
		"exit 127",
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		tree_write(b->tree, "m/a.mkv", &"123456789"[i]);
		measure_with(b, scripts[i]);
		assert_false(scan(b, "m/a.mkv")->loudness.known);
		assert_int_equal(measure(b), 1);
		assert_true(scan(b, "m/a.mkv")->loudness.known);
	}
}

static void
what_the_file_lacks_is_its_answer(void **state)
{
	static const char *const scripts[] = {
		"echo 'file:x: moov atom not found' >&2; exit 1",
		"echo '    title: Input/output error' >&2; exit 1",
		"exit 69",
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		tree_write(b->tree, "m/a.mkv", &"123456789"[i]);
		measure_with(b, scripts[i]);
		assert_false(scan(b, "m/a.mkv")->loudness.known);
		assert_int_equal(measure(b), 0);
		assert_int_equal(started(b), 0);
	}
}

static void
where_nothing_can_be_kept_nothing_is_measured(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "st/library.db");
	sqlite3 *other = NULL;

	scan(b, "m/a.mkv");
	tree_write(b->tree, "m/c.mkv", "c");
	tree_write(b->tree, "m/d.mkv", "d");
	scan(b, "m/a.mkv");
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
	    NULL), SQLITE_OK);
	/* The first answer waits for the lock, in vain. */
	assert_int_equal(measure(b), 0);
	assert_in_range(started(b), 1, 2);
	sqlite3_close(other);
	free(path);
}

static void
without_an_ffmpeg_nothing_is_measured(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "ffmpeg");

	remove(path);
	scan(b, "m/a.mkv");
	assert_int_equal(measure(b), 0);
	free(path);
}

static void
stopped_it_starts_nothing(void **state)
{
	struct bench *b = *state;

	scan(b, "m/a.mkv");
	b->stop = 1;
	assert_int_equal(measure(b), 0);
	assert_int_equal(started(b), 0);
}

static void
a_bad_file_is_not_measured(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "m/a.mkv.yaml", "titel: x\n");
	scan(b, "m/a.mkv");
	assert_int_equal(measure(b), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loudness_is_that_of_the_summary),
		cmocka_unit_test(silence_has_no_loudness),
		cmocka_unit_test(black_and_silent_is_one_lull_where_both_are),
		cmocka_unit_test(the_ends_are_no_lulls),
		cmocka_unit_test(what_a_file_says_of_itself_is_not_believed),
		cmocka_unit_test(of_too_many_lulls_the_best_stay),
		cmocka_unit_test(any_part_of_the_words_is_read_without_harm),
		TEST(what_is_measured_is_in_the_next_library),
		TEST(nothing_is_measured_twice_unless_it_changes),
		TEST(a_file_that_has_changed_since_the_scan_waits_for_the_next),
		TEST(an_ffmpeg_that_dies_says_nothing_and_holds_nobody),
		TEST(what_hangs_is_passed_over_and_the_others_are_measured),
		TEST(what_the_system_lacks_for_a_while_is_no_answer),
		TEST(what_the_file_lacks_is_its_answer),
		TEST(where_nothing_can_be_kept_nothing_is_measured),
		TEST(without_an_ffmpeg_nothing_is_measured),
		TEST(stopped_it_starts_nothing),
		TEST(a_bad_file_is_not_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
