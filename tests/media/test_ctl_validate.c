#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "ctl_validate.h"
#include "media/config.h"
#include "media/db.h"
#include "tmptree.h"

static struct errs e;

static json_t *
report(size_t channels)
{
	struct buf out = { 0 };
	json_t *o;

	ctl_validate_json(&e, channels, &out);
	o = json_loadb(buf_str(&out), out.len, 0, NULL);
	assert_non_null(o);
	buf_fini(&out);
	errs_fini(&e);
	return o;
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
what_is_well_is_ok(void **state)
{
	json_t *o = report(3);

	(void)state;
	assert_true(json_is_true(json_object_get(o, "ok")));
	assert_int_equal(json_integer_value(json_object_get(o, "channels")),
	    3);
	assert_int_equal(json_array_size(json_object_get(o, "faults")), 0);
	json_decref(o);
}

static void
faults_have_their_places_in_order_and_once(void **state)
{
	json_t *o, *faults, *warnings;

	(void)state;
	errs_fault(&e, "b.yaml", 2, 3, "second");
	errs_fault(&e, "a\xff.yaml", 7, 1, "first");
	errs_fault(&e, "b.yaml", 2, 3, "second");
	errs_warn(&e, NULL, 0, 0, "odd");
	o = report(0);
	assert_true(json_is_false(json_object_get(o, "ok")));
	faults = json_object_get(o, "faults");
	warnings = json_object_get(o, "warnings");
	assert_int_equal(json_array_size(faults), 2);
	assert_string_equal(text_of(json_array_get(faults, 0), "file"),
	    "a\xef\xbf\xbd.yaml");
	assert_string_equal(text_of(json_array_get(faults, 1), "text"),
	    "second");
	assert_int_equal(json_integer_value(json_object_get(
	    json_array_get(faults, 1), "column")), 3);
	assert_int_equal(json_array_size(warnings), 1);
	assert_true(json_is_null(json_object_get(json_array_get(warnings, 0),
	    "file")));
	json_decref(o);
}

/* ---- The library */

static struct tree *tree;

static int
station_setup(void **state)
{
	int rc = tree_setup(state);

	tree = *state;
	tree_write(tree, "tv.yaml", "paths: {state: state}\n"
	    "libraries: [{path: shows, type: episode}]\n");
	tree_write(tree, "channels/one.yaml",
	    "channel: one\nchannel_number: 1\n"
	    "pools: {a: {path: shows/a}}\nschedule:\n  all_day:\n"
	    "    - block: {start: 0:00, duration: 24h, pool: a}\n");
	tree_write(tree, "shows/b/1.mkv", "b");
	return rc;
}

/* All that is there by now has been scanned. */
static void
scanned(void)
{
	char *state = tree_path(tree, "state");
	char *shows = tree_path(tree, "shows");
	const struct facts none = FACTS_NONE;
	const struct chapters unmarked = { 0 };
	struct walk w = { 0 };
	struct db *db = db_open(state, &e);

	walk_library(&w, shows, ASSET_episode, NULL, &e);
	walk_sort(&w);
	for (size_t i = 0; i < w.n; i++) {
		struct asset a = {
			.path = w.files[i].path, .title = w.files[i].path,
			.duration_us = 1200000000, .has_video = true,
			.about = ASSET_ABOUT_NONE,
		};

		db_put(db, &w.files[i], &a, &unmarked, &none, true);
		db_describe(db, &a, NULL);
	}
	db_close(db);
	walk_fini(&w);
	free(shows);
	free(state);
}

/* What validate says, for people. */
static char *
said(void)
{
	char *path = tree_path(tree, "tv.yaml"), *text;
	struct buf out = { 0 };
	struct config *c = config_load(path, &e);

	assert_non_null(c);
	ctl_validate_plan(c, path, &e);
	errs_print(&e, &out);
	text = xstrdup(buf_str(&out));
	buf_fini(&out);
	errs_fini(&e);
	config_free(c);
	free(path);
	return text;
}

static void
assert_said(const char *what, bool is)
{
	char *text = said();

	if ((strstr(text, what) != NULL) != is)
		fail_msg("%s", text);
	free(text);
}

#define EMPTY_FAULT	"one.yaml:6:14: this block has only empty pools"

static void
empty_pools_are_a_fault_where_all_has_been_scanned(void **state)
{
	(void)state;
	assert_said("nothing has been scanned yet", true);
	scanned();
	assert_said(EMPTY_FAULT, true);
	tree_write(tree, "shows/a/1.mkv", "a");
	assert_said("files not read yet: 1", true);
	assert_said(EMPTY_FAULT, false);
	scanned();
	assert_said("empty", false);
}

static void
files_that_are_gone_are_in_no_pool(void **state)
{
	char *path = tree_path(tree, "shows/a/1.mkv");

	(void)state;
	tree_write(tree, "shows/a/1.mkv", "a");
	scanned();
	assert_said("gone", false);
	assert_int_equal(unlink(path), 0);
	assert_said("files gone since the last scan: 1, the first of them",
	    true);
	assert_said(EMPTY_FAULT, true);
	free(path);
}

static void
a_library_that_is_missing_has_its_place_in_the_station_file(void **state)
{
	(void)state;
	tree_write(tree, "tv.yaml", "paths: {state: state}\n"
	    "libraries:\n  - {path: shows, type: episode}\n"
	    "  - {path: nofilms, type: movie}\n");
	scanned();
	assert_said("/tv.yaml:4:5: warning: library ", true);
	assert_said("/nofilms: cannot read the directory: No such file",
	    true);
}

/* As a library says of it: it was there at the last scan. */
static void
filler_scanned(void)
{
	char *state = tree_path(tree, "state");
	char *path = tree_path(tree, "still.mkv");
	const struct facts none = FACTS_NONE;
	const struct chapters unmarked = { 0 };
	struct walk w = { 0 };
	struct db *db = db_open(state, &e);
	struct asset a = {
		.path = path, .title = path, .type = ASSET_filler,
		.duration_us = 1200000000, .has_video = true,
		.about = ASSET_ABOUT_NONE,
	};

	walk_add(&w, path, ASSET_filler);
	db_put(db, &w.files[0], &a, &unmarked, &none, true);
	db_describe(db, &a, NULL);
	db_close(db);
	walk_fini(&w);
	free(path);
	free(state);
}

#define NOT_THERE " is not there: put it there or correct the path"

static void
files_that_a_channel_names_are_warned_of_where_they_stand(void **state)
{
	(void)state;
	tree_write(tree, "channels/one.yaml",
	    "channel: one\nchannel_number: 1\nslate: slate.png\n"
	    "logo: logo.png\nfiller: still.mkv\n"
	    "pools: {a: {path: shows}}\nschedule:\n  all_day:\n"
	    "    - block: {start: 0:00, duration: 24h, pool: a}\n");
	assert_said("one.yaml:3:1: warning: slate '", true);
	assert_said("/slate.png'" NOT_THERE, true);
	assert_said("one.yaml:4:1: warning: logo '", true);
	assert_said("/logo.png'" NOT_THERE, true);
	assert_said("one.yaml:5:1: warning: filler '", true);
	assert_said("/still.mkv'" NOT_THERE, true);
	/* Also where it was there when the library was scanned. */
	scanned();
	filler_scanned();
	assert_said("/still.mkv'" NOT_THERE, true);
	tree_write(tree, "slate.png", "s");
	tree_write(tree, "logo.png", "l");
	tree_write(tree, "still.mkv", "f");
	assert_said(NOT_THERE, false);
	assert_said("/slate.png", false);
	assert_said("/logo.png' is neither PNG", true);
	tree_write(tree, "logo.png", "<svg/>");
	assert_said("/logo.png", false);
}

static void
filler_that_no_scan_has_seen_is_only_new(void **state)
{
	(void)state;
	tree_write(tree, "channels/one.yaml",
	    "channel: one\nchannel_number: 1\nfiller: still.mkv\n"
	    "pools: {a: {path: shows}}\nschedule:\n  all_day:\n"
	    "    - block: {start: 0:00, duration: 24h, pool: a}\n");
	tree_write(tree, "still.mkv", "f");
	scanned();
	assert_said("files not read yet: 1", true);
	assert_said("/still.mkv", false);
	tree_write(tree, "channels/one.yaml",
	    "channel: one\nchannel_number: 1\nfiller: shows\n"
	    "pools: {a: {path: shows}}\nschedule:\n  all_day:\n"
	    "    - block: {start: 0:00, duration: 24h, pool: a}\n");
	assert_said("/shows' is a directory, not a file", true);
}

#define T(f) cmocka_unit_test_setup_teardown(f, station_setup,	\
	    tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_well_is_ok),
		cmocka_unit_test(faults_have_their_places_in_order_and_once),
		T(empty_pools_are_a_fault_where_all_has_been_scanned),
		T(files_that_are_gone_are_in_no_pool),
		T(files_that_a_channel_names_are_warned_of_where_they_stand),
		T(filler_that_no_scan_has_seen_is_only_new),
		T(a_library_that_is_missing_has_its_place_in_the_station_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
