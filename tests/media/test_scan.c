#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "media/scan.h"
#include "tmptree.h"

/* An ffprobe that notes each start and says what the file holds: "bad" is
 * refused, anything else is a duration. */
#define FFPROBE								\
	"echo x >>\"${0%/*}/started\"\n"				\
	"while [ $# -gt 1 ]; do shift; done\n"				\
	"text=$(cat \"${1#file:}\")\n"					\
	"if [ \"$text\" = bad ]; then\n"				\
	"  echo ': Invalid data found when processing input' >&2\n"	\
	"  exit 1\n"							\
	"fi\n"								\
	"echo \"{\\\"streams\\\":[{\\\"index\\\":0,"			\
	"\\\"codec_type\\\":\\\"video\\\"}],"				\
	"\\\"format\\\":{\\\"duration\\\":\\\"$text\\\"}}\"\n"

struct bench {
	struct tree *tree;
	char *ffprobe, *extra;
	struct station_library libraries[2];
	struct station st;
	struct scan_options o;
	struct errs errs;
	struct library *lib;
	size_t last_done, last_total;
};

static void
on_progress(void *ctx, size_t done, size_t total)
{
	struct bench *b = ctx;

	b->last_done = done;
	b->last_total = total;
}

/* Shows in shows/, spots in spots/, an ffprobe, a filler that is asked
 * for. */
static int
bench_setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof *b);
	void *tree = NULL;

	if (tree_setup(&tree) != 0)
		return -1;
	b->tree = tree;
	b->ffprobe = tree_path(b->tree, "ffprobe");
	b->extra = tree_path(b->tree, "filler.bin");
	tree_script(b->tree, "ffprobe", FFPROBE);
	b->libraries[0] = (struct station_library){
	    tree_path(b->tree, "shows"), ASSET_episode };
	b->libraries[1] = (struct station_library){
	    tree_path(b->tree, "spots"), ASSET_commercial };
	b->st = (struct station){ .state_dir = tree_path(b->tree, "var/st"),
	    .libraries = b->libraries, .nlibraries = 2 };
	b->o = (struct scan_options){ .ffprobe = b->ffprobe, .jobs = 2,
	    .progress = on_progress, .ctx = b };
	tree_write(b->tree, "shows/b.mkv", "2.5");
	tree_write(b->tree, "shows/a.mkv", "1");
	tree_write(b->tree, "spots/c.mp4", "0.5");
	*state = b;
	return 0;
}

static int
bench_teardown(void **state)
{
	struct bench *b = *state;
	void *tree = b->tree;

	library_free(b->lib);
	errs_fini(&b->errs);
	free(b->st.state_dir);
	free(b->libraries[0].path);
	free(b->libraries[1].path);
	free(b->extra);
	free(b->ffprobe);
	free(b);
	return tree_teardown(&tree);
}

/* Scan and return how many ffprobes that took. */
static size_t
scan(struct bench *b)
{
	char *path = tree_path(b->tree, "started");
	struct stat st = { 0 };

	library_free(b->lib);
	errs_fini(&b->errs);
	remove(path);
	b->lib = scan_library(&b->st, &b->o, &b->errs);
	if (stat(path, &st) < 0)
		st.st_size = 0;
	free(path);
	return (size_t)st.st_size / 2;
}

static const struct asset *
asset(const struct bench *b, const char *name)
{
	char *path = tree_path(b->tree, name);
	const struct asset *a = library_find(b->lib, path);

	free(path);
	assert_non_null(a);
	return a;
}

static const char *
complaints(struct bench *b)
{
	static char text[4096];
	struct buf out = { 0 };

	errs_print(&b->errs, &out);
	snprintf(text, sizeof text, "%s", buf_str(&out));
	buf_fini(&out);
	return text;
}

static void
the_library_is_what_is_there(void **state)
{
	struct bench *b = *state;

	assert_int_equal(scan(b), 3);
	assert_int_equal(b->lib->n, 3);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 1000000);
	assert_true(asset(b, "shows/b.mkv")->duration_us == 2500000);
	assert_string_equal(asset(b, "shows/a.mkv")->title, "a");
	assert_int_equal(asset(b, "shows/a.mkv")->type, ASSET_episode);
	assert_int_equal(asset(b, "spots/c.mp4")->type, ASSET_commercial);
	assert_int_equal(b->errs.n, 0);
	assert_int_equal(b->last_done, 3);
	assert_int_equal(b->last_total, 3);
}

static void
a_second_scan_starts_no_ffprobe(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "shows/bad.mkv", "bad");
	tree_write(b->tree, "shows/\xff%\n.mkv", "4");
	assert_int_equal(scan(b), 5);
	assert_int_equal(scan(b), 0);
	assert_true(asset(b, "shows/b.mkv")->duration_us == 2500000);
	assert_true(asset(b, "shows/b.mkv")->has_video);
	assert_int_equal(asset(b, "shows/b.mkv")->audio_stream, -1);
	assert_true(asset(b, "shows/\xff%\n.mkv")->duration_us == 4000000);
	assert_string_equal(asset(b, "shows/bad.mkv")->bad,
	    "is no media file that can be read: "
	    "Invalid data found when processing input");
	assert_int_equal(b->last_done, 5);
}

static void
only_what_has_changed_is_probed_again(void **state)
{
	struct bench *b = *state;

	scan(b);
	tree_write(b->tree, "shows/a.mkv", "3.25");
	tree_write(b->tree, "shows/new.mkv", "9");
	assert_int_equal(scan(b), 2);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 3250000);
	assert_int_equal(scan(b), 0);
}

static void
a_change_that_keeps_the_size_is_seen_by_its_time(void **state)
{
	struct bench *b = *state;
	struct timespec times[2] = { { 5, 0 }, { 1700000000, 1 } };
	char *path = tree_path(b->tree, "shows/a.mkv");

	scan(b);
	tree_write(b->tree, "shows/a.mkv", "3");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(scan(b), 1);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 3000000);
	free(path);
}

static void
a_bad_file_is_listed_with_a_warning(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "shows/bad.mkv", "bad");
	tree_write(b->tree, "shows/empty.mkv", "");
	scan(b);
	assert_string_equal(asset(b, "shows/empty.mkv")->bad, "is empty");
	assert_int_equal(b->errs.n, 2);
	assert_int_equal(b->errs.faults, 0);
	assert_non_null(strstr(complaints(b),
	    "/shows/empty.mkv: warning: cannot air: is empty\n"));
}

static void
a_failure_that_may_pass_is_tried_again(void **state)
{
	struct bench *b = *state;

	tree_script(b->tree, "ffprobe", "exit 1");
	scan(b);
	assert_non_null(asset(b, "shows/a.mkv")->bad);
	tree_script(b->tree, "ffprobe", FFPROBE);
	assert_int_equal(scan(b), 3);
	assert_null(asset(b, "shows/a.mkv")->bad);
}

static void
a_sidecar_is_applied_on_every_scan(void **state)
{
	struct bench *b = *state;

	scan(b);
	tree_write(b->tree, "shows/b.mkv.yaml", "title: Bee\ntype: movie\n"
	    "markers: [{kind: avail, start: 1.5}]\n");
	assert_int_equal(scan(b), 0);
	assert_string_equal(asset(b, "shows/b.mkv")->title, "Bee");
	assert_int_equal(asset(b, "shows/b.mkv")->type, ASSET_movie);
	assert_int_equal(asset(b, "shows/b.mkv")->nmarkers, 1);
	assert_true(asset(b, "shows/b.mkv")->markers[0].start_us == 1500000);
}

static void
a_faulty_sidecar_is_a_fault_and_makes_its_asset_bad(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "shows/b.mkv.yaml",
	    "markers:\n- {kind: avail, start: 99}\n");
	scan(b);
	assert_int_equal(b->errs.faults, 1);
	assert_non_null(strstr(complaints(b), "/shows/b.mkv.yaml:2:"));
	assert_string_equal(asset(b, "shows/b.mkv")->bad,
	    "its sidecar is faulty");
	assert_true(asset(b, "shows/b.mkv")->duration_us == 0);
	assert_false(asset(b, "shows/b.mkv")->has_video);
}

static void
a_sidecar_that_is_no_file_does_not_hold_the_scan(void **state)
{
	struct bench *b = *state;
	char *fifo = tree_path(b->tree, "shows/b.mkv.yaml");

	assert_int_equal(mkfifo(fifo, 0600), 0);
	scan(b);
	assert_int_equal(b->errs.faults, 1);
	assert_non_null(strstr(complaints(b), "not a regular file"));
	free(fifo);
}

static void
a_filler_is_probed_whatever_its_name(void **state)
{
	struct bench *b = *state;
	const char *extra[] = { b->extra, "/nowhere/x.mkv" };

	tree_write(b->tree, "filler.bin", "30");
	b->o.extra = extra;
	b->o.nextra = 2;
	scan(b);
	assert_int_equal(b->lib->n, 5);
	assert_int_equal(asset(b, "filler.bin")->type, ASSET_filler);
	assert_true(asset(b, "filler.bin")->duration_us == 30000000);
	assert_string_equal(library_find(b->lib, "/nowhere/x.mkv")->bad,
	    "No such file or directory");
}

static void
a_garbage_cache_is_a_warning_and_no_more(void **state)
{
	static const char *const texts[] = {
		"", "{", "[]", "{\"version\":9,\"files\":{}}",
		"{\"version\":1,\"files\":[]}", "\xff\xfe", NULL
	};
	struct bench *b = *state;

	for (const char *const *t = texts; *t != NULL; t++) {
		tree_write(b->tree, "var/st/probe.json", *t);
		assert_int_equal(scan(b), 3);
		assert_int_equal(b->errs.n, 1);
		assert_int_equal(b->errs.faults, 0);
		assert_int_equal(scan(b), 0);
		assert_int_equal(b->errs.n, 0);
	}
}

/* The cache's only entry, for shows/a.mkv as it is. */
static void
write_entry(struct bench *b, const char *rest)
{
	char *path = tree_path(b->tree, "shows/a.mkv"), *text;
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	text = xasprintf("{\"version\":1,\"files\":{\"%s\":{\"size\":%lld,"
	    "\"mtime_ns\":%lld,%s}}}", path, (long long)st.st_size,
	    (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
	    rest);
	tree_write(b->tree, "var/st/probe.json", text);
	free(text);
	free(path);
}

static void
an_entry_that_cannot_be_is_not_believed(void **state)
{
	static const char *const rests[] = {
		"\"duration_us\":0,\"video\":0,\"audio\":1",
		"\"duration_us\":9223372036854775807,\"video\":0,\"audio\":1",
		"\"duration_us\":5,\"video\":-2,\"audio\":1",
		"\"duration_us\":5,\"video\":-1,\"audio\":-1",
		"\"duration_us\":5,\"video\":99999999999,\"audio\":1",
		"\"duration_us\":\"5\",\"video\":0,\"audio\":1",
		"\"duration_us\":5", "\"bad\":7", NULL
	};
	struct bench *b = *state;

	write_entry(b, "\"duration_us\":5,\"video\":0,\"audio\":1");
	assert_int_equal(scan(b), 2);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 5);
	for (const char *const *r = rests; *r != NULL; r++) {
		write_entry(b, *r);
		assert_int_equal(scan(b), 3);
	}
}

static void
a_state_directory_that_cannot_be_is_a_warning(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "var", "a file in its way");
	assert_int_equal(scan(b), 3);
	assert_int_equal(b->lib->n, 3);
	assert_true(b->errs.n > 0);
	assert_int_equal(b->errs.faults, 0);
}

static void
the_answers_outlive_an_unmounted_disk(void **state)
{
	struct bench *b = *state;
	char *away = tree_path(b->tree, "away");

	scan(b);
	assert_int_equal(rename(b->libraries[0].path, away), 0);
	assert_int_equal(mkdir(b->libraries[0].path, 0755), 0);
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->lib->n, 1);
	assert_int_equal(rmdir(b->libraries[0].path), 0);
	assert_int_equal(rename(away, b->libraries[0].path), 0);
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->lib->n, 3);
	free(away);
}

static void
a_deleted_file_is_forgotten(void **state)
{
	struct bench *b = *state;
	char *from = tree_path(b->tree, "shows/a.mkv");
	char *to = tree_path(b->tree, "kept");

	scan(b);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(scan(b), 0);
	assert_int_equal(rename(to, from), 0);
	assert_int_equal(scan(b), 1);
	free(to);
	free(from);
}

static void
nothing_but_the_cache_is_left_in_the_state_directory(void **state)
{
	struct bench *b = *state;
	char *cache = tree_path(b->tree, "var/st/probe.json");

	scan(b);
	assert_int_equal(remove(cache), 0);
	assert_int_equal(rmdir(b->st.state_dir), 0);
	free(cache);
}

static void
a_stopped_scan_starts_nothing_and_forgets_nothing(void **state)
{
	struct bench *b = *state;
	volatile int stop = 0;

	b->o.stop = &stop;
	scan(b);
	tree_write(b->tree, "shows/new.mkv", "1");
	stop = 1;
	assert_int_equal(scan(b), 0);
	stop = 0;
	assert_int_equal(scan(b), 1);
}

static void
many_files_are_probed_by_many_threads(void **state)
{
	struct bench *b = *state;
	char name[64];

	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "shows/s/%03d.mkv", i);
		tree_write(b->tree, name, "7");
	}
	b->o.jobs = 1000;
	assert_int_equal(scan(b), 63);
	for (size_t i = 0; i < b->lib->n; i++)
		assert_null(b->lib->assets[i].bad);
	assert_int_equal(b->last_done, 63);
}

static void
an_empty_station_has_an_empty_library(void **state)
{
	struct bench *b = *state;

	b->st.nlibraries = 0;
	b->o.jobs = 0;
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->lib->n, 0);
	assert_int_equal(b->errs.n, 0);
}

static void
a_file_is_read_to_one_byte_past_the_limit(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "spots/c.mp4");
	struct buf out = { 0 };
	const char *why = NULL;

	assert_int_equal(scan_read_file(NULL, path, &out, &why), 0);
	assert_string_equal(buf_str(&out), "0.5");
	assert_int_equal(truncate(path, 20 << 20), 0);
	assert_int_equal(scan_read_file(NULL, path, &out, &why), 0);
	assert_int_equal(out.len, (16 << 20) + 1);
	assert_int_equal(scan_read_file(NULL, "/dev/zero", &out, &why), -1);
	assert_string_equal(why, "not a regular file");
	assert_int_equal(scan_read_file(NULL, "/nowhere", &out, &why), -1);
	assert_string_equal(why, "No such file or directory");
	buf_fini(&out);
	free(path);
}

#define BENCH(f)							\
	cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(the_library_is_what_is_there),
		BENCH(a_second_scan_starts_no_ffprobe),
		BENCH(only_what_has_changed_is_probed_again),
		BENCH(a_change_that_keeps_the_size_is_seen_by_its_time),
		BENCH(a_bad_file_is_listed_with_a_warning),
		BENCH(a_failure_that_may_pass_is_tried_again),
		BENCH(a_sidecar_is_applied_on_every_scan),
		BENCH(a_faulty_sidecar_is_a_fault_and_makes_its_asset_bad),
		BENCH(a_sidecar_that_is_no_file_does_not_hold_the_scan),
		BENCH(a_filler_is_probed_whatever_its_name),
		BENCH(a_garbage_cache_is_a_warning_and_no_more),
		BENCH(an_entry_that_cannot_be_is_not_believed),
		BENCH(a_state_directory_that_cannot_be_is_a_warning),
		BENCH(the_answers_outlive_an_unmounted_disk),
		BENCH(a_deleted_file_is_forgotten),
		BENCH(nothing_but_the_cache_is_left_in_the_state_directory),
		BENCH(a_stopped_scan_starts_nothing_and_forgets_nothing),
		BENCH(many_files_are_probed_by_many_threads),
		BENCH(an_empty_station_has_an_empty_library),
		BENCH(a_file_is_read_to_one_byte_past_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
