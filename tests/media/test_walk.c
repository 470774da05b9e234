#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/walk.h"
#include "tmptree.h"

struct found {
	struct walk walk;
	struct errs errs;
};

/* dir/below, or dir itself, as a library. */
static void
walk_below(struct found *f, const struct tree *t, const char *below,
    enum asset_type type)
{
	char *root = *below != '\0' ? tree_path(t, below) : xstrdup(t->dir);

	walk_library(&f->walk, root, type, NULL, &f->errs);
	free(root);
}

/* The paths found, sorted, without the directory. */
static char *
names(struct found *f, const struct tree *t)
{
	struct buf b = { 0 };

	walk_sort(&f->walk);
	for (size_t i = 0; i < f->walk.n; i++)
		buf_addf(&b, "%s%s", i != 0 ? " " : "",
		    f->walk.files[i].path + strlen(t->dir) + 1);
	buf_str(&b);
	return (char *)b.data;
}

static void
fini(struct found *f)
{
	walk_fini(&f->walk);
	errs_fini(&f->errs);
}

/* What is found below dir as a whole. */
static void
check_names(const struct tree *t, const char *want)
{
	struct found f = { 0 };
	char *got;

	walk_below(&f, t, "", ASSET_episode);
	got = names(&f, t);
	assert_string_equal(got, want);
	assert_int_equal(f.errs.n, 0);
	free(got);
	fini(&f);
}

static void
media_are_known_by_their_extension(void **state)
{
	(void)state;
	assert_true(walk_is_media("a.mkv"));
	assert_true(walk_is_media("A.B.Mp4"));
	assert_true(walk_is_media("a.3GP"));
	assert_false(walk_is_media("mkv"));
	assert_false(walk_is_media(".mkv"));
	assert_false(walk_is_media("a."));
	assert_false(walk_is_media("a.mkv.yaml"));
	assert_false(walk_is_media("a.mkv.part"));
	assert_false(walk_is_media("a.m3u8"));
}

static void
all_depths_are_found_in_bytewise_order(void **state)
{
	struct tree *t = *state;

	tree_write(t, "b.mkv", "");
	tree_write(t, "a/x/y/z.mp4", "");
	tree_write(t, "a b.mkv", "");
	tree_write(t, "B.mkv", "");
	tree_write(t, "\xff.mkv", "");
	tree_write(t, "a/notes.txt", "");
	check_names(t, "B.mkv a b.mkv a/x/y/z.mp4 b.mkv \xff.mkv");
}

static void
hidden_files_and_directories_are_passed_over(void **state)
{
	struct tree *t = *state;

	tree_write(t, ".a.mkv", "");
	tree_write(t, ".trash/b.mkv", "");
	tree_write(t, "c.mkv", "");
	check_names(t, "c.mkv");
}

static void
a_directory_named_like_a_film_is_a_directory(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv/b.mkv", "");
	check_names(t, "a.mkv/b.mkv");
}

static void
what_is_odd_is_listed_for_the_probe_to_explain(void **state)
{
	struct tree *t = *state;
	char *fifo = tree_path(t, "f.mkv");

	assert_int_equal(mkfifo(fifo, 0600), 0);
	tree_link(t, "nowhere", "d.mkv");
	tree_link(t, "e.mkv", "e.mkv");
	tree_link(t, "nowhere", "dangling");
	check_names(t, "d.mkv e.mkv f.mkv");
	free(fifo);
}

static void
a_symbolic_link_that_loops_ends(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a/b.mkv", "");
	tree_link(t, "..", "a/up");
	tree_link(t, ".", "a/here");
	check_names(t, "a/b.mkv");
}

static void
a_real_directory_is_found_before_a_link_to_it(void **state)
{
	struct tree *t = *state;

	tree_write(t, "shows/deep/b.mkv", "");
	tree_link(t, "shows/deep", "alias");
	check_names(t, "shows/deep/b.mkv");
}

static void
of_two_links_to_a_place_elsewhere_the_first_name_counts(void **state)
{
	struct tree *t = *state;
	struct found f = { 0 };
	char *got;

	tree_write(t, "elsewhere/b.mkv", "");
	tree_write(t, "lib/a.mkv", "");
	tree_link(t, "../elsewhere", "lib/y");
	tree_link(t, "../elsewhere", "lib/x");
	walk_below(&f, t, "lib", ASSET_episode);
	got = names(&f, t);
	assert_string_equal(got, "lib/a.mkv lib/x/b.mkv");
	free(got);
	fini(&f);
}

static void
a_file_in_two_libraries_belongs_to_the_first(void **state)
{
	struct tree *t = *state;
	struct found f = { 0 };
	char *extra = tree_path(t, "spots/b.mkv"), *got;

	tree_write(t, "a.mkv", "");
	tree_write(t, "spots/b.mkv", "");
	walk_below(&f, t, "spots", ASSET_commercial);
	walk_below(&f, t, "", ASSET_episode);
	walk_add(&f.walk, extra, ASSET_filler);
	got = names(&f, t);
	assert_string_equal(got, "a.mkv spots/b.mkv");
	assert_int_equal(f.walk.files[0].type, ASSET_episode);
	assert_int_equal(f.walk.files[1].type, ASSET_commercial);
	free(got);
	free(extra);
	fini(&f);
}

static void
size_and_time_are_told(void **state)
{
	struct tree *t = *state;
	struct found f = { 0 };
	char *path = tree_path(t, "a.mkv");
	struct timespec times[2] = { { 5, 0 }, { 1700000000, 123456789 } };

	tree_write(t, "a.mkv", "12345");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	walk_add(&f.walk, path, ASSET_filler);
	walk_add(&f.walk, "/nowhere/b.mkv", ASSET_filler);
	assert_true(f.walk.files[0].size == 5);
	assert_true(f.walk.files[0].mtime_ns == 1700000000123456789);
	assert_true(f.walk.files[1].size == 0);
	free(path);
	fini(&f);
}

/* Whichever is listed first. */
static void
of_two_libraries_the_inner_one_has_its_files(void **state)
{
	static const enum asset_type types[] = {
		ASSET_episode, ASSET_commercial,
	};
	struct tree *t = *state;

	tree_write(t, "a.mkv", "");
	tree_write(t, "spots/b.mkv", "");
	for (int first = 0; first < 2; first++) {
		struct found f = { 0 };

		for (int k = 0; k < 2; k++) {
			struct found one = { 0 };
			int which = (first + k) % 2;

			walk_below(&one, t, which == 0 ? "" : "spots",
			    types[which]);
			walk_take(&f.walk, &one.walk, (size_t)k);
			fini(&one);
		}
		walk_sort(&f.walk);
		assert_int_equal(f.walk.n, 2);
		assert_int_equal(f.walk.files[0].type, ASSET_episode);
		assert_int_equal(f.walk.files[1].type, ASSET_commercial);
		fini(&f);
	}
}

static void
a_library_that_is_not_there_is_a_warning(void **state)
{
	struct tree *t = *state;
	struct found f = { 0 };

	walk_below(&f, t, "gone", ASSET_episode);
	tree_write(t, "file", "");
	walk_below(&f, t, "file", ASSET_episode);
	assert_int_equal(f.walk.n, 0);
	assert_int_equal(f.walk.nunread, 2);
	assert_int_equal(f.errs.n, 2);
	assert_int_equal(f.errs.faults, 0);
	assert_string_equal(f.errs.items[0].text,
	    "cannot read the directory: No such file or directory");
	fini(&f);
}

static void
an_empty_library_is_not_taken_for_the_whole(void **state)
{
	struct tree *t = *state;
	struct found f = { 0 };

	tree_write(t, "a/b.mkv", "");
	tree_write(t, "mnt/lost.txt", "");
	walk_below(&f, t, "a", ASSET_episode);
	assert_int_equal(f.walk.nunread, 0);
	walk_below(&f, t, "mnt", ASSET_episode);
	assert_int_equal(f.walk.nunread, 1);
	assert_int_equal(f.errs.n, 1);
	fini(&f);
}

static bool
is_missed(const struct walk *w, const char *path)
{
	return walk_is_missed(w, path, strlen(path));
}

static void
what_was_not_read_may_have_anything_below_it(void **state)
{
	struct walk w = { 0 }, from = { 0 };

	(void)state;
	assert_false(is_missed(&w, "/m/a.mkv"));
	walk_miss(&from, "/m");
	walk_miss(&from, "/n/");
	walk_take(&w, &from, 0);
	assert_true(is_missed(&w, "/m/a.mkv"));
	assert_true(is_missed(&w, "/m/b/c.mkv"));
	assert_true(is_missed(&w, "/m"));
	assert_true(is_missed(&w, "/n/a.mkv"));
	assert_false(is_missed(&w, "/mm/a.mkv"));
	assert_false(is_missed(&w, "/"));
	assert_false(is_missed(&w, "/o/m/a.mkv"));
	walk_fini(&w);
	walk_miss(&w, "/");
	assert_true(is_missed(&w, "/m/a.mkv"));
	walk_fini(&w);
}

/* Where it is, and what it is taken to be meant for. */
static void
a_sidecar_without_its_file_is_a_warning(void **state)
{
	const struct tree *t = *state;
	struct found f = { 0 };

	tree_write(t, "a/Pilot.mkv", "x");
	tree_write(t, "a/Pilto.mkv.yaml", "x");
	tree_write(t, "b/2.mkv", "x");
	tree_write(t, "b/2.mkv.yaml", "x");
	walk_below(&f, t, "", ASSET_episode);
	assert_int_equal(f.errs.n, 1);
	assert_int_equal(f.errs.faults, 0);
	assert_string_equal(f.errs.items[0].file + strlen(t->dir),
	    "/a/Pilto.mkv.yaml");
	assert_string_equal(f.errs.items[0].text, "this sidecar belongs to no "
	    "media file; did you mean 'Pilot.mkv.yaml'?");
	fini(&f);
}

static void
of_many_such_sidecars_the_first_are_named(void **state)
{
	const struct tree *t = *state;
	struct found f = { 0 };
	char name[32];

	for (int i = 0; i < 25; i++) {
		snprintf(name, sizeof name, "%d.mkv.yaml", i);
		tree_write(t, name, "x");
	}
	tree_write(t, "a long name.mkv", "x");
	walk_below(&f, t, "", ASSET_episode);
	assert_int_equal(f.errs.n, 21);
	assert_string_equal(f.errs.items[0].text, "this sidecar belongs to no "
	    "media file: rename or remove it");
	assert_string_equal(f.errs.items[20].text, "5 more sidecars belong to "
	    "no media file");
	fini(&f);
}

#define WITH_TREE(f)							\
	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(media_are_known_by_their_extension),
		WITH_TREE(all_depths_are_found_in_bytewise_order),
		WITH_TREE(hidden_files_and_directories_are_passed_over),
		WITH_TREE(a_directory_named_like_a_film_is_a_directory),
		WITH_TREE(what_is_odd_is_listed_for_the_probe_to_explain),
		WITH_TREE(a_symbolic_link_that_loops_ends),
		WITH_TREE(a_real_directory_is_found_before_a_link_to_it),
		WITH_TREE(
		    of_two_links_to_a_place_elsewhere_the_first_name_counts),
		WITH_TREE(a_file_in_two_libraries_belongs_to_the_first),
		WITH_TREE(size_and_time_are_told),
		WITH_TREE(of_two_libraries_the_inner_one_has_its_files),
		WITH_TREE(a_library_that_is_not_there_is_a_warning),
		WITH_TREE(an_empty_library_is_not_taken_for_the_whole),
		WITH_TREE(a_sidecar_without_its_file_is_a_warning),
		WITH_TREE(of_many_such_sidecars_the_first_are_named),
		cmocka_unit_test(what_was_not_read_may_have_anything_below_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
