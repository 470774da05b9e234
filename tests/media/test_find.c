/* Libraries on disks that take their time: scandir(3) of a directory that is
 * called slow does not come back before it may. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>

#include "media/find.h"
#include "hanging.h"
#include "tmptree.h"

typedef int scandir_fn(const char *, struct dirent ***,
    int (*)(const struct dirent *),
    int (*)(const struct dirent **, const struct dirent **));
typedef int compare_fn(const struct dirent **, const struct dirent **);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool held;

static void
hold(bool on)
{
	pthread_mutex_lock(&mutex);
	held = on;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

int
scandir(const char *dir, struct dirent ***names,
    int (*filter)(const struct dirent *), compare_fn *compare)
{
	union { void *object; scandir_fn *fn; } real = {
		dlsym(RTLD_NEXT, "scandir")
	};
	size_t len = strlen(dir);

	if (len >= 5 && strcmp(dir + len - 5, "/slow") == 0) {
		pthread_mutex_lock(&mutex);
		while (held)
			pthread_cond_wait(&changed, &mutex);
		pthread_mutex_unlock(&mutex);
	}
	return real.fn(dir, names, filter, compare);
}

struct bench {
	struct tree *tree;
	struct station_library libraries[2];
	struct station st;
	struct scan_options o;
	struct find_hooks hooks;
	struct walk walk;
	struct errs errs;
	size_t told, some;		/* how often, how many files */
};

/* The library on the slow disk is the first. */
static int
bench_setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof *b);
	void *tree = NULL;

	if (tree_setup(&tree) != 0)
		return -1;
	b->tree = tree;
	tree_write(b->tree, "slow/a.mkv", "1");
	tree_write(b->tree, "slow/x/b.mkv", "2");
	tree_write(b->tree, "quick/c.mkv", "3");
	b->libraries[0] = (struct station_library){
	    .path = tree_path(b->tree, "slow"), .type = ASSET_episode };
	b->libraries[1] = (struct station_library){
	    .path = tree_path(b->tree, "quick"), .type = ASSET_commercial };
	b->st = (struct station){ .libraries = b->libraries, .nlibraries = 2,
	    .state_dir = tree_path(b->tree, "state") };
	hold(true);
	*state = b;
	return 0;
}

static int
bench_teardown(void **state)
{
	struct bench *b = *state;
	void *tree = b->tree;

	hold(false);
	walk_fini(&b->walk);
	errs_fini(&b->errs);
	free(b->libraries[0].path);
	free(b->libraries[1].path);
	free(b->st.state_dir);
	free(b);
	return tree_teardown(&tree);
}

/* Once the quick library is there: the slow one may go on. */
static void
on_some(void *ctx, const struct walk *w)
{
	struct bench *b = ctx;

	b->told++;
	b->some = w->n;
	hold(false);
}

static void
find(struct bench *b)
{
	b->hooks = (struct find_hooks){ .patience_ms = 200,
	    .some = on_some, .ctx = b };
	find_files(&b->walk, &b->st, &b->o, &b->hooks, &b->errs);
}

static void
a_slow_library_keeps_no_other_waiting(void **state)
{
	struct bench *b = *state;

	find(b);
	assert_int_equal(b->told, 1);
	assert_int_equal(b->some, 1);
	assert_int_equal(b->walk.n, 3);
	assert_int_equal(b->walk.files[0].type, ASSET_commercial);
	assert_int_equal(b->walk.files[2].type, ASSET_episode);
	assert_int_equal(b->errs.n, 0);
}

static void
of_a_path_in_two_libraries_the_inner_one_wins_however_early(void **state)
{
	struct bench *b = *state;

	free(b->libraries[1].path);
	b->libraries[1].path = tree_path(b->tree, "slow/x");
	find(b);
	assert_int_equal(b->some, 1);
	assert_int_equal(b->walk.n, 2);
	assert_int_equal(b->walk.files[1].type, ASSET_commercial);
}

static void
where_no_library_is_slow_nothing_is_told_before(void **state)
{
	struct bench *b = *state;

	hold(false);
	b->hooks = (struct find_hooks){ .patience_ms = 60000,
	    .some = on_some, .ctx = b };
	find_files(&b->walk, &b->st, &b->o, &b->hooks, &b->errs);
	assert_int_equal(b->told, 0);
	assert_int_equal(b->walk.n, 3);
}

static void
what_is_left_behind_is_unread_and_a_warning(void **state)
{
	struct bench *b = *state;
	const struct find_hooks none = { 0 };
	volatile int stop = 1;

	b->o.stop = &stop;
	find_files(&b->walk, &b->st, &b->o, &none, &b->errs);
	assert_true(walk_is_missed(&b->walk, b->libraries[0].path,
	    strlen(b->libraries[0].path)));
	assert_string_equal(b->errs.items[0].file, b->libraries[0].path);
	assert_string_equal(b->errs.items[0].text,
	    "its disk does not answer: left out");
}

static void
a_library_whose_disk_still_hangs_is_not_walked_once_more(void **state)
{
	struct bench *b = *state;
	const struct find_hooks none = { 0 };
	struct hanging h;

	assert_true(hanging_open(&h));
	assert_true(hanging_leave(&h, b->libraries[0].path));
	/* It would be walked for ever. */
	find_files(&b->walk, &b->st, &b->o, &none, &b->errs);
	assert_int_equal(b->walk.n, 1);
	assert_int_equal(b->errs.n, 1);
	assert_string_equal(b->errs.items[0].file, b->libraries[0].path);
	hanging_close(&h);
	walk_fini(&b->walk);
	hold(false);
	find_files(&b->walk, &b->st, &b->o, &none, &b->errs);
	assert_int_equal(b->walk.n, 3);
	assert_int_equal(b->errs.n, 1);
}

/* The outer one may hang on what is mounted elsewhere in it. */
static void
a_library_in_another_that_hangs_is_walked(void **state)
{
	struct bench *b = *state;
	const struct find_hooks none = { 0 };
	struct hanging h;

	hold(false);
	assert_true(hanging_open(&h));
	assert_true(hanging_leave(&h, b->tree->dir));
	find_files(&b->walk, &b->st, &b->o, &none, &b->errs);
	assert_int_equal(b->walk.n, 3);
	hanging_close(&h);
}

static int
on_so_far(void *ctx, struct library *l)
{
	struct bench *b = ctx;

	if (b->told++ == 0)
		b->some = l->n;
	library_free(l);
	hold(false);
	return 60000;
}

static void
what_was_known_of_the_quick_is_told_while_the_slow_is_searched(void **state)
{
	struct bench *b = *state;
	struct library *l;
	char *ffprobe = tree_path(b->tree, "ffprobe");

	tree_script(b->tree, "ffprobe", "echo '{\"streams\":[{\"index\":0,"
	    "\"codec_type\":\"video\"}],\"format\":{\"duration\":\"2\"}}'\n");
	hold(false);
	b->o = (struct scan_options){ .ffprobe = ffprobe, .jobs = 1 };
	library_free(scan_library(&b->st, &b->o, &b->errs));
	hold(true);
	b->o.so_far = on_so_far;
	b->o.so_far_ctx = b;
	b->o.patience_ms = 200;
	l = scan_library(&b->st, &b->o, &b->errs);
	assert_int_equal(b->told, 1);
	assert_int_equal(b->some, 1);
	assert_int_equal(l->n, 3);
	assert_int_equal(b->errs.n, 0);
	library_free(l);
	free(ffprobe);
}

#define BENCH(f)							\
	cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_slow_library_keeps_no_other_waiting),
		BENCH(of_a_path_in_two_libraries_the_inner_one_wins_however_early),
		BENCH(where_no_library_is_slow_nothing_is_told_before),
		BENCH(what_is_left_behind_is_unread_and_a_warning),
		BENCH(a_library_whose_disk_still_hangs_is_not_walked_once_more),
		BENCH(a_library_in_another_that_hangs_is_walked),
		BENCH(
		what_was_known_of_the_quick_is_told_while_the_slow_is_searched
		),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
