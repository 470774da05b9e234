/* test_shim.c - the command line around a child's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "air/argv.h"
#include "air/shim.h"
#include "base/xmem.h"

static const char *const child[] = {
	"ffmpeg", "-f", "lavfi", "-i", "color=c=black", "-i", "file:/m/a b.mkv",
	"-vf", "file:/not/this", "-i", "file:/m/c.mkv", "-i", NULL
};

static struct shim *
make(enum sandbox sandbox)
{
	char *read[] = { (char *)(uintptr_t)"/opt/f" };
	char *env[] = { (char *)(uintptr_t)"LD_LIBRARY_PATH" };
	struct station_ffmpeg f = {
		.sandbox = sandbox, .nice = 7, .read = read, .nread = 1,
		.env = env, .nenv = 1, .user = (char *)(uintptr_t)"kid",
	};

	return shim_new(xstrdup("/x/shim"), &f);
}

static void
check(struct shim *s, int nfds, const char *const *want)
{
	char **got = shim_argv(s, 4711, nfds, child);
	size_t i;

	for (i = 0; want[i] != NULL; i++) {
		assert_non_null(got[i]);
		assert_string_equal(got[i], want[i]);
	}
	for (size_t k = 0; child[k] != NULL; k++, i++)
		assert_string_equal(got[i], child[k]);
	assert_null(got[i]);
	argv_free(got);
	shim_free(s);
}

static void
a_child_may_read_what_it_is_to_play(void **state)
{
	static const char *const want[] = {
		"/x/shim", "-p", "4711", "-s", "required", "-n", "7", "-u",
		"kid", "-e", "LD_LIBRARY_PATH", "-r", "/opt/f", "-r",
		"/m/a b.mkv", "-r", "/m/c.mkv", "--", NULL
	};

	(void)state;
	check(make(SANDBOX_REQUIRED), 3, want);
}

static void
without_a_shim_a_child_is_itself(void **state)
{
	static const char *const none[] = { NULL };
	const struct station_ffmpeg f = { .sandbox = SANDBOX_ON };

	(void)state;
	check(NULL, 4, none);
	check(shim_new(NULL, &f), 4, none);
}

static void
a_copy_says_the_same(void **state)
{
	static const char *const want[] = {
		"/x/shim", "-p", "4711", "-s", "on", "-n", "7", "-k", "4",
		"-u", "kid", "-e", "LD_LIBRARY_PATH", "-r", "/opt/f", "-r", "/m/a b.mkv",
		"-r", "/m/c.mkv", "--", NULL
	};
	struct shim *s = make(SANDBOX_ON), *copy = shim_copy(s);

	(void)state;
	shim_free(s);
	check(copy, 4, want);
	assert_null(shim_copy(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_may_read_what_it_is_to_play),
		cmocka_unit_test(without_a_shim_a_child_is_itself),
		cmocka_unit_test(a_copy_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
