/* test_db.c - the library's database: where it may be, and who owns it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "media/db.h"
#include "tmptree.h"

#define SOMEBODY	12345		/* a user and a group */

static void
put_a_file(struct db *d)
{
	char path[] = "/m/a.mkv";
	const struct walk_file f = { .path = path, .size = 1, .mtime_ns = 2 };
	const struct asset a = { .path = path, .duration_us = 1000000,
	    .about = ASSET_ABOUT_NONE };
	const struct chapters c = { 0 };
	const struct facts tags = FACTS_NONE;

	db_put(d, &f, &a, &c, &tags, true);
}

static bool
has_the_file(const char *state_dir)
{
	char *why = NULL;
	struct db *d = db_open_read(state_dir, &why);
	struct db_file f;
	bool has = d != NULL && db_find(d, "/m/a.mkv", &f);

	if (has)
		db_file_fini(&f);
	db_close(d);
	free(why);
	return has;
}

static void
a_link_may_lead_to_its_directory(void **state)
{
	static const char *const dirs[] = { "here", "here/deeper", "there" };

	tree_write(*state, "disk/large/other", "");
	tree_write(*state, "disk/there/other", "");
	tree_link(*state, "disk/large", "here");
	tree_link(*state, "disk/there", "there");
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		char *dir = tree_path(*state, dirs[i]);
		struct errs e = { 0 };
		struct db *d = db_open(dir, &e);

		assert_true(db_is_kept(d));
		put_a_file(d);
		db_close(d);
		assert_int_equal(e.n, 0);
		assert_true(has_the_file(dir));
		errs_fini(&e);
		free(dir);
	}
}

static void
a_link_in_its_place_is_not_followed(void **state)
{
	char *dir = tree_path(*state, "st");
	char *other = tree_path(*state, "other.db");
	struct errs e = { 0 };
	struct db *d;

	tree_write(*state, "st/x", "");
	tree_link(*state, other, "st/" DB_NAME);
	d = db_open(dir, &e);
	assert_false(db_is_kept(d));
	db_close(d);
	assert_int_equal(e.n, 1);
	assert_int_equal(access(other, F_OK), -1);
	errs_fini(&e);
	free(other);
	free(dir);
}

/* POSIX's locks are told of to other processes only. */
static bool
is_locked(const char *path)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	pid_t pid = fork();
	int status = 0, fd;

	if (pid == 0) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		_exit(fd < 0 || fcntl(fd, F_GETLK, &l) < 0 ? 2 :
		    l.l_type != F_UNLCK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

static uid_t
owner(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_uid;
}

static void
opened_by_root_it_belongs_to_its_directory_s_owner(void **state)
{
	const struct tree *t = *state;
	char *path = tree_path(t, DB_NAME), *other = tree_path(t, "other");
	struct errs e = { 0 };

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(t->dir, SOMEBODY, SOMEBODY), 0);
	db_close(db_open(t->dir, &e));
	assert_int_equal(owner(path), SOMEBODY);
	/* A file of another name, too, is somebody's other file. */
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(link(path, other), 0);
	db_close(db_open(t->dir, &e));
	assert_int_equal(owner(path), 0);
	errs_fini(&e);
	free(other);
	free(path);
}

static void
opened_once_more_the_others_keep_their_locks(void **state)
{
	const struct tree *t = *state;
	char *path = tree_path(t, DB_NAME);
	struct errs e = { 0 };
	struct db *d, *more;

	if (geteuid() == 0)
		assert_int_equal(chown(t->dir, SOMEBODY, SOMEBODY), 0);
	d = db_open(t->dir, &e);
	put_a_file(d);			/* in a transaction now */
	assert_true(is_locked(path));
	more = db_open(t->dir, &e);
	assert_true(is_locked(path));
	db_close(more);
	assert_true(is_locked(path));
	db_close(d);
	assert_false(is_locked(path));
	assert_int_equal(e.n, 0);
	errs_fini(&e);
	free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup,	\
	tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_link_may_lead_to_its_directory),
		TEST(a_link_in_its_place_is_not_followed),
		TEST(opened_by_root_it_belongs_to_its_directory_s_owner),
		TEST(opened_once_more_the_others_keep_their_locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
