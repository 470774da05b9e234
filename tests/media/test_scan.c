#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/mark.h"
#include "media/scan.h"
#include "tmptree.h"

/* An ffprobe that notes each start and says what the file holds: "bad" is
 * refused, "hang" takes for ever, anything else is a duration. */
#define FFPROBE								\
	"echo x >>\"${0%/*}/started\"\n"				\
	"while [ $# -gt 1 ]; do shift; done\n"				\
	"text=$(cat \"${1#file:}\")\n"					\
	"if [ \"$text\" = hang ]; then exec sleep 60; fi\n"		\
	"if [ \"$text\" = bad ]; then\n"				\
	"  echo 'file:x: Invalid data found when processing input' >&2\n"	\
	"  exit 1\n"							\
	"fi\n"								\
	"echo \"{\\\"streams\\\":[{\\\"index\\\":0,"			\
	"\\\"codec_type\\\":\\\"video\\\"}],"				\
	"\\\"format\\\":{\\\"duration\\\":\\\"$text\\\"}}\"\n"

#define PAGE	4096	/* bytes, SQLite's default */

struct bench {
	struct tree *tree;
	char *ffprobe, *extra;
	struct station_library libraries[2];
	struct station st;
	struct scan_options o;
	struct errs errs;
	struct library *lib;
	size_t last_done, last_total;
	struct scan_counts counts;
	volatile int stop;
	size_t stop_at;			/* so many are done, 0: never */
	struct library *so_far;		/* what was told last */
	size_t told;			/* how often */
	size_t enough;			/* stop then; 0: never */
};

static void
on_progress(void *ctx, size_t done, size_t total)
{
	struct bench *b = ctx;

	b->last_done = done;
	b->last_total = total;
	if (b->stop_at != 0 && done >= b->stop_at)
		b->stop = 1;
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
	    .path = tree_path(b->tree, "shows"), .type = ASSET_episode };
	b->libraries[1] = (struct station_library){
	    .path = tree_path(b->tree, "spots"),
	    .type = ASSET_commercial };
	b->st = (struct station){ .state_dir = tree_path(b->tree, "var/st"),
	    .libraries = b->libraries, .nlibraries = 2 };
	b->o = (struct scan_options){ .ffprobe = b->ffprobe, .jobs = 2,
	    .progress = on_progress, .ctx = b,
	    .counts = &b->counts };
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
	library_free(b->so_far);
	errs_fini(&b->errs);
	free(b->st.state_dir);
	free(b->libraries[0].path);
	free(b->libraries[1].path);
	free(b->extra);
	free(b->ffprobe);
	free(b);
	return tree_teardown(&tree);
}

static void
scan_without_count(struct bench *b)
{
	library_free(b->lib);
	errs_fini(&b->errs);
	b->lib = scan_library(&b->st, &b->o, &b->errs);
}

/* Scan and return how many ffprobes that took. */
static size_t
scan(struct bench *b)
{
	char *path = tree_path(b->tree, "started");
	struct stat st = { 0 };

	remove(path);
	scan_without_count(b);
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
	static char text[8192];
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
of_many_bad_files_the_first_have_a_line_each(void **state)
{
	struct bench *b = *state;

	for (char c = 'd'; c <= 'h'; c++) {
		char name[] = "shows/?.mkv";

		name[6] = c;
		tree_write(b->tree, name, "");
	}
	b->o.bad_max = 2;
	scan(b);
	assert_int_equal(b->counts.bad, 5);
	assert_int_equal(b->errs.n, 3);
	assert_non_null(strstr(complaints(b), "/shows/e.mkv: warning: "
	    "cannot air: is empty\n"));
	assert_non_null(strstr(complaints(b), "warning: 3 more cannot "
	    "air: 'retrovuectl assets --bad' lists them all\n"));
	b->o.bad_max = 5;
	scan(b);
	assert_int_equal(b->errs.n, 5);
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
	char *where;

	tree_write(b->tree, "shows/b.mkv.yaml",
	    "markers:\n- {kind: avail, start: 99}\n");
	scan(b);
	assert_int_equal(b->errs.faults, 1);
	assert_non_null(strstr(complaints(b), "/shows/b.mkv.yaml:2:"));
	where = xasprintf("its sidecar is faulty: %s/shows/b.mkv.yaml:2:",
	    b->tree->dir);
	assert_memory_equal(asset(b, "shows/b.mkv")->bad, where,
	    strlen(where));
	free(where);
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
garbage_in_place_of_the_database_is_moved_aside(void **state)
{
	static const char *const texts[] = {
		"{\"version\":1,\"files\":{}}", "\xff\xfe", "SQLite format 3",
		NULL
	};
	struct bench *b = *state;
	char *aside = tree_path(b->tree, "var/st/library.db.bad");

	for (const char *const *t = texts; *t != NULL; t++) {
		tree_write(b->tree, "var/st/library.db", *t);
		assert_int_equal(scan(b), 3);
		assert_int_equal(b->errs.n, 1);
		assert_int_equal(b->errs.faults, 0);
		assert_non_null(strstr(complaints(b), "moved aside"));
		assert_int_equal(remove(aside), 0);
		assert_int_equal(scan(b), 0);
		assert_int_equal(b->errs.n, 0);
	}
	free(aside);
}

static void
an_empty_database_file_is_a_new_one(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "var/st/library.db", "");
	assert_int_equal(scan(b), 3);
	assert_int_equal(b->errs.n, 0);
	assert_int_equal(scan(b), 0);
}

/* Somebody else's hand in the database. */
static void
edit(struct bench *b, const char *statement)
{
	char *path = tree_path(b->tree, "var/st/library.db"), *why = NULL;
	sqlite3 *sql = NULL;

	assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
	if (sqlite3_exec(sql, statement, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", statement, why);
	sqlite3_close(sql);
	free(path);
}

static void
another_version_s_database_is_moved_aside(void **state)
{
	static const char *const edits[] = {
		"PRAGMA user_version = 99",
		"PRAGMA user_version = 0",
		"DROP TABLE chapters",
		"ALTER TABLE assets DROP COLUMN height",
		NULL
	};
	struct bench *b = *state;

	for (const char *const *t = edits; *t != NULL; t++) {
		scan(b);
		edit(b, *t);
		assert_int_equal(scan(b), 3);
		assert_int_equal(b->errs.n, 1);
		assert_non_null(strstr(complaints(b), "moved aside"));
		assert_int_equal(scan(b), 0);
	}
}

static void
a_page_that_is_garbage_is_noticed_on_the_way(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "var/st/library.db"), page[PAGE];
	struct stat st;
	int fd;

	scan(b);
	memset(page, 0xa5, sizeof page);
	assert_true((fd = open(path, O_RDWR | O_CLOEXEC)) >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	/* All but the schema's. */
	for (off_t at = PAGE; at < st.st_size; at += PAGE)
		assert_int_equal(pwrite(fd, page, sizeof page, at),
		    sizeof page);
	close(fd);
	assert_int_equal(scan(b), 3);
	assert_int_equal(b->errs.n, 1);
	assert_int_equal(b->errs.faults, 0);
	assert_int_equal(b->lib->n, 3);
	assert_null(asset(b, "shows/a.mkv")->bad);
	assert_int_equal(scan(b), 0);
	free(path);
}

static void
a_row_that_cannot_be_is_not_believed(void **state)
{
	static const char *const edits[] = {
		"duration_us = 0", "duration_us = 9223372036854775807",
		"duration_us = 'x'", "video_stream = -2",
		"video_stream = 99999999999", "video_stream = -1",
		"width = -1", "height = 1000000", "sure = 0", "sure = 'yes'",
		"size = 'x'", "mtime_ns = 7", NULL
	};
	struct bench *b = *state;
	char *text;

	scan(b);
	edit(b, "UPDATE assets SET duration_us = 5");
	assert_int_equal(scan(b), 0);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 5);
	for (const char *const *t = edits; *t != NULL; t++) {
		text = xasprintf("UPDATE assets SET %s", *t);
		edit(b, text);
		assert_int_equal(scan(b), 3);
		assert_int_equal(b->errs.n, 0);
		free(text);
	}
}

static void
a_read_only_database_is_used_as_it_is(void **state)
{
	struct bench *b = *state;
	struct rlimit before, none;

	scan(b);
	tree_write(b->tree, "shows/new.mkv", "9");
	/* As good as a full disk: no file may grow, not even a journal. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	scan_without_count(b);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(b->lib->n, 4);
	assert_true(asset(b, "shows/a.mkv")->duration_us == 1000000);
	assert_int_equal(b->errs.faults, 0);
	assert_false(b->counts.kept);
	assert_non_null(strstr(complaints(b), "library.db: warning: "
	    "cannot be written"));
	assert_int_equal(scan(b), 1);
	assert_true(b->counts.kept);
}

static void
a_lock_that_stays_costs_the_answers_not_the_library(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "var/st/library.db");
	sqlite3 *other = NULL;

	scan(b);
	tree_write(b->tree, "shows/new.mkv", "9");
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
	    NULL), SQLITE_OK);
	assert_int_equal(scan(b), 1);
	assert_int_equal(b->lib->n, 4);
	assert_non_null(strstr(complaints(b), "database is locked"));
	sqlite3_close(other);
	assert_int_equal(scan(b), 1);
	free(path);
}

static void
the_cache_of_an_older_version_is_removed(void **state)
{
	struct bench *b = *state;
	char *old = tree_path(b->tree, "var/st/probe.json");

	tree_write(b->tree, "var/st/probe.json", "{}");
	scan(b);
	assert_int_equal(access(old, F_OK), -1);
	free(old);
}

static void
what_has_changed_is_counted(void **state)
{
	struct bench *b = *state;
	char *gone = tree_path(b->tree, "shows/b.mkv");

	scan(b);
	assert_int_equal(b->counts.fresh, 3);
	tree_write(b->tree, "shows/a.mkv", "3.25");
	tree_write(b->tree, "shows/new.mkv", "bad");
	assert_int_equal(remove(gone), 0);
	scan(b);
	assert_int_equal(b->counts.assets, 3);
	assert_int_equal(b->counts.fresh, 1);
	assert_int_equal(b->counts.changed, 1);
	assert_int_equal(b->counts.gone, 1);
	assert_int_equal(b->counts.bad, 1);
	assert_true(b->counts.whole);
	scan(b);
	assert_int_equal(b->counts.fresh + b->counts.changed +
	    b->counts.gone, 0);
	free(gone);
}

static void
a_file_that_moves_to_another_library_is_not_probed_again(void **state)
{
	struct bench *b = *state;

	scan(b);
	b->libraries[0].type = ASSET_movie;
	assert_int_equal(scan(b), 0);
	assert_int_equal(asset(b, "shows/a.mkv")->type, ASSET_movie);
}

#define CHAPTERS							\
	"cat <<EOF\n{\"streams\":[{\"index\":0,\"codec_type\":\"video\"}," \
	"{\"index\":1,\"codec_type\":\"audio\",\"channels\":2,"		\
	"\"codec_name\":\"ac3\",\"tags\":{\"language\":\"eng\"}}],"	\
	"\"format\":{\"duration\":\"60\"},\"chapters\":["		\
	"{\"start_time\":\"0\",\"end_time\":\"9\",\"tags\":"		\
	"{\"title\":\"Intro\"}},"					\
	"{\"start_time\":\"9\",\"end_time\":\"60\",\"tags\":"		\
	"{\"title\":\"Act\"}},"					\
	"{\"start_time\":\"70\",\"end_time\":\"80\"}]}\nEOF\n"

static void
check_chapters(struct bench *b)
{
	const struct asset *a = asset(b, "shows/a.mkv");

	assert_int_equal(a->nmarkers, 2);
	assert_int_equal(a->markers[0].kind, MARKER_intro);
	assert_true(a->markers[0].range && a->markers[0].imported);
	assert_int_equal(a->markers[1].kind, MARKER_chapter);
	assert_true(a->markers[1].start_us == 9000000);
	assert_int_equal(a->naudio, 1);
	assert_string_equal(a->audio[0].language, "eng");
	assert_string_equal(a->audio_codec, "ac3");
	assert_int_equal(a->audio_stream, 1);
	assert_int_equal(b->errs.n, 3);
	assert_non_null(strstr(complaints(b), "1 of its chapters lies "
	    "outside the file"));
}

static void
chapters_are_markers_on_every_scan(void **state)
{
	struct bench *b = *state;

	tree_script(b->tree, "ffprobe", CHAPTERS);
	scan(b);
	check_chapters(b);
	tree_script(b->tree, "ffprobe", "exit 1\n");
	scan(b);
	check_chapters(b);
}

/* Rows of a table. */
static int64_t
count_rows(struct bench *b, const char *table)
{
	char *path = tree_path(b->tree, "var/st/library.db");
	char *text = xasprintf("SELECT count(*) FROM %s", table);
	sqlite3_stmt *s = NULL;
	sqlite3 *sql = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(sql, text, -1, &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(sql);
	free(text);
	free(path);
	return n;
}

static void
nothing_of_a_changed_or_deleted_file_stays(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, "shows/a.mkv");

	tree_script(b->tree, "ffprobe", CHAPTERS);
	scan(b);
	assert_int_equal(count_rows(b, "audio"), 3);
	assert_int_equal(count_rows(b, "chapters"), 9);
	tree_write(b->tree, "shows/b.mkv", "changed");
	assert_int_equal(remove(path), 0);
	scan(b);
	assert_int_equal(count_rows(b, "assets"), 2);
	assert_int_equal(count_rows(b, "audio"), 2);
	assert_int_equal(count_rows(b, "chapters"), 6);
	free(path);
}

static void
a_sidecar_s_markers_win_over_chapters(void **state)
{
	struct bench *b = *state;

	tree_script(b->tree, "ffprobe", CHAPTERS);
	tree_write(b->tree, "shows/a.mkv.yaml",
	    "markers: [{kind: avail, start: 5}]\n");
	tree_write(b->tree, "shows/b.mkv.yaml", "title: Bee\n");
	scan(b);
	assert_int_equal(asset(b, "shows/a.mkv")->nmarkers, 1);
	assert_false(asset(b, "shows/a.mkv")->markers[0].imported);
	assert_int_equal(asset(b, "shows/b.mkv")->nmarkers, 2);
	/* Of b and c; of a nobody needs to hear. */
	assert_int_equal(b->errs.n, 2);
}

static void
answers_are_kept_while_the_scan_goes_on(void **state)
{
	struct bench *b = *state;

	/* Both libraries' first is asked, the third hangs until the scan is
	 * stopped. */
	b->o.jobs = 1;
	b->o.stop = &b->stop;
	b->stop_at = 2;
	tree_write(b->tree, "shows/b.mkv", "hang");
	assert_int_equal(scan(b), 3);
	assert_null(asset(b, "shows/a.mkv")->bad);
	assert_string_equal(asset(b, "shows/b.mkv")->bad,
	    "not probed: stopped");
	b->stop = 0;
	b->stop_at = 0;
	tree_write(b->tree, "shows/b.mkv", "2");
	assert_int_equal(scan(b), 1);
	assert_int_equal(b->counts.fresh, 1);
	assert_int_equal(scan(b), 0);
}

/* Keeps what it is told last; enough: the scan need not go on. */
static int
so_far(void *ctx, struct library *l)
{
	struct bench *b = ctx;

	library_free(b->so_far);
	b->so_far = l;
	b->told++;
	if (b->enough != 0 && l->n >= b->enough)
		b->stop = 1;
	return 0;
}

static void
look_from(struct bench *b, size_t enough)
{
	b->o.so_far = so_far;
	b->o.so_far_ctx = b;
	b->o.stop = &b->stop;
	b->enough = enough;
}

static void
what_is_known_is_told_while_the_scan_goes_on(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "shows/b.mkv", "hang");
	look_from(b, 2);
	scan(b);
	assert_int_equal(b->so_far->n, 2);
	assert_true(b->so_far->assets[0].duration_us == 1000000);
	assert_true(b->so_far->assets[1].duration_us == 500000);
}

static void
what_was_known_before_is_told_without_a_probe(void **state)
{
	struct bench *b = *state;

	tree_write(b->tree, "shows/a.mkv.yaml",
	    "markers: [{kind: avail, start: 0.5}]\n");
	scan(b);
	tree_write(b->tree, "shows/new.mkv", "hang");
	look_from(b, 3);
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->so_far->n, 3);
	assert_int_equal(b->so_far->assets[0].nmarkers, 1);
}

static void
nothing_is_told_before_its_time(void **state)
{
	struct bench *b = *state;

	look_from(b, 0);
	b->o.patience_ms = 60000;
	scan(b);
	assert_int_equal(b->told, 0);
	assert_int_equal(b->lib->n, 3);
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
an_empty_library_keeps_what_is_its_own_and_no_more(void **state)
{
	struct bench *b = *state;
	char *from = tree_path(b->tree, "spots/c.mp4");
	char *to = tree_path(b->tree, "away");
	char *gone = tree_path(b->tree, "shows/a.mkv");

	scan(b);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(remove(gone), 0);
	scan(b);
	assert_int_equal(b->counts.gone, 1);
	assert_false(b->counts.whole);
	assert_int_equal(b->errs.n, 1);
	assert_string_equal(b->errs.items[0].file, b->libraries[1].path);
	assert_int_equal(rename(to, from), 0);
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->lib->n, 2);
	assert_true(b->counts.whole);
	free(gone);
	free(to);
	free(from);
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
nothing_but_the_database_is_left_in_the_state_directory(void **state)
{
	struct bench *b = *state;
	char *cache = tree_path(b->tree, "var/st/library.db");

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

static bool
mark(struct bench *b, const char *name, const char *why)
{
	char *path = tree_path(b->tree, name);
	bool noted = mark_bad(b->st.state_dir, path, why, NULL, &b->errs);

	free(path);
	return noted;
}

static void
what_could_not_be_played_is_bad_until_it_changes(void **state)
{
	struct bench *b = *state;

	scan(b);
	assert_true(mark(b, "shows/a.mkv", "no picture at its in-point"));
	assert_false(mark(b, "shows/a.mkv", "no picture at its in-point"));
	assert_int_equal(scan(b), 0);
	assert_string_equal(asset(b, "shows/a.mkv")->bad,
	    "could not be played: no picture at its in-point");
	assert_null(asset(b, "shows/b.mkv")->bad);
	tree_write(b->tree, "shows/a.mkv", "17");
	assert_int_equal(scan(b), 1);
	assert_null(asset(b, "shows/a.mkv")->bad);
}

static void
what_the_moment_may_be_to_blame_for_is_asked_again(void **state)
{
	struct bench *b = *state;

	scan(b);
	assert_true(mark(b, "shows/a.mkv", "killed by signal 11"));
	assert_int_equal(scan(b), 1);
	assert_null(asset(b, "shows/a.mkv")->bad);
}

static void
a_file_that_is_gone_or_has_changed_is_not_marked(void **state)
{
	struct bench *b = *state;

	scan(b);
	assert_false(mark(b, "shows/none.mkv", "no picture at its in-point"));
	tree_write(b->tree, "shows/a.mkv", "17");
	assert_false(mark(b, "shows/a.mkv", "no picture at its in-point"));
	assert_int_equal(scan(b), 1);
	assert_null(asset(b, "shows/a.mkv")->bad);
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
		BENCH(of_many_bad_files_the_first_have_a_line_each),
		BENCH(a_failure_that_may_pass_is_tried_again),
		BENCH(a_sidecar_is_applied_on_every_scan),
		BENCH(a_faulty_sidecar_is_a_fault_and_makes_its_asset_bad),
		BENCH(a_sidecar_that_is_no_file_does_not_hold_the_scan),
		BENCH(a_filler_is_probed_whatever_its_name),
		BENCH(garbage_in_place_of_the_database_is_moved_aside),
		BENCH(an_empty_database_file_is_a_new_one),
		BENCH(another_version_s_database_is_moved_aside),
		BENCH(a_page_that_is_garbage_is_noticed_on_the_way),
		BENCH(a_row_that_cannot_be_is_not_believed),
		BENCH(a_read_only_database_is_used_as_it_is),
		BENCH(a_lock_that_stays_costs_the_answers_not_the_library),
		BENCH(the_cache_of_an_older_version_is_removed),
		BENCH(what_has_changed_is_counted),
		BENCH(a_file_that_moves_to_another_library_is_not_probed_again),
		BENCH(chapters_are_markers_on_every_scan),
		BENCH(nothing_of_a_changed_or_deleted_file_stays),
		BENCH(a_sidecar_s_markers_win_over_chapters),
		BENCH(answers_are_kept_while_the_scan_goes_on),
		BENCH(what_is_known_is_told_while_the_scan_goes_on),
		BENCH(what_was_known_before_is_told_without_a_probe),
		BENCH(nothing_is_told_before_its_time),
		BENCH(a_state_directory_that_cannot_be_is_a_warning),
		BENCH(the_answers_outlive_an_unmounted_disk),
		BENCH(an_empty_library_keeps_what_is_its_own_and_no_more),
		BENCH(a_deleted_file_is_forgotten),
		BENCH(nothing_but_the_database_is_left_in_the_state_directory),
		BENCH(a_stopped_scan_starts_nothing_and_forgets_nothing),
		BENCH(many_files_are_probed_by_many_threads),
		BENCH(an_empty_station_has_an_empty_library),
		BENCH(what_could_not_be_played_is_bad_until_it_changes),
		BENCH(what_the_moment_may_be_to_blame_for_is_asked_again),
		BENCH(a_file_that_is_gone_or_has_changed_is_not_marked),
		BENCH(a_file_is_read_to_one_byte_past_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
