#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "media/run.h"
#include "tmptree.h"

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Run a line of shell for at most ms. */
static struct run_job
sh(const char *line, int ms, size_t max)
{
	const char *const argv[] = { "sh", "-c", line, NULL };
	struct run_job r = { .argv = argv, .timeout_ms = ms, .max_out = max };

	run_program(&r);
	r.argv = NULL;
	return r;
}

static void
done(struct run_job *r)
{
	buf_fini(&r->out);
	buf_fini(&r->err);
}

static int
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
both_outputs_and_the_status_come_back(void **state)
{
	struct run_job r = sh("echo out; echo err >&2; exit 3", 5000, 100);

	(void)state;
	assert_int_equal(r.end, RUN_EXITED);
	assert_int_equal(WEXITSTATUS(r.status), 3);
	assert_string_equal(buf_str(&r.out), "out\n");
	assert_string_equal(buf_str(&r.err), "err\n");
	done(&r);
}

static void
standard_input_is_empty(void **state)
{
	struct run_job r = sh("cat; echo end", 5000, 100);

	(void)state;
	assert_int_equal(r.end, RUN_EXITED);
	assert_string_equal(buf_str(&r.out), "end\n");
	done(&r);
}

static void
a_missing_program_is_reported(void **state)
{
	const char *const argv[] = { "/nowhere/ffprobe", NULL };
	struct run_job r = { .argv = argv, .timeout_ms = 1000, .max_out = 10 };

	(void)state;
	run_program(&r);
	assert_int_equal(r.end, RUN_NOT_STARTED);
	assert_int_equal(r.error, ENOENT);
	done(&r);
}

/* Gone, or a zombie that init has not reaped yet. */
static bool
is_dead(pid_t pid)
{
	char path[32], state = 'Z';
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "re")) == NULL)
		return true;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';		/* it has gone while we read */
	fclose(f);
	return state == 'Z';
}

static void
a_program_that_hangs_is_killed_with_its_children(void **state)
{
	int64_t t = now_ms();
	struct run_job r = sh("sleep 30 & echo $!; trap '' TERM; wait", 200, 100);
	pid_t grandchild = (pid_t)strtol(buf_str(&r.out), NULL, 10);

	(void)state;
	assert_int_equal(r.end, RUN_TIMEOUT);
	assert_in_range(now_ms() - t, 200, 2000);
	assert_true(grandchild > 1);
	for (t = now_ms(); !is_dead(grandchild) && now_ms() < t + 2000;)
		usleep(1000);
	assert_true(is_dead(grandchild));
	done(&r);
}

static void
a_program_that_closes_its_pipes_and_stays_is_killed(void **state)
{
	struct run_job r = sh("exec >&- 2>&-; sleep 30", 200, 100);

	(void)state;
	assert_int_equal(r.end, RUN_TIMEOUT);
	done(&r);
}

static void
endless_output_is_cut_at_the_limit(void **state)
{
	struct run_job r = sh("exec yes", 5000, 100000);

	(void)state;
	assert_int_equal(r.end, RUN_TOO_MUCH);
	assert_int_equal(r.out.len, 100000);
	assert_int_equal(WTERMSIG(r.status), SIGKILL);
	done(&r);
}

static void
output_of_exactly_the_limit_is_whole(void **state)
{
	struct run_job r = sh("printf 12345", 5000, 5);

	(void)state;
	assert_int_equal(r.end, RUN_EXITED);
	assert_string_equal(buf_str(&r.out), "12345");
	done(&r);
}

static void
a_flood_of_errors_neither_blocks_nor_grows(void **state)
{
	struct run_job r = sh("yes | head -c 1000000 >&2; echo end", 5000, 100);

	(void)state;
	assert_int_equal(r.end, RUN_EXITED);
	assert_string_equal(buf_str(&r.out), "end\n");
	assert_int_equal(r.err.len, 4096);
	done(&r);
}

static void
a_stop_ends_it_soon(void **state)
{
	const char *const argv[] = { "sleep", "30", NULL };
	volatile int stop = 1;
	struct run_job r = { .argv = argv, .timeout_ms = 20000, .max_out = 10,
	    .stop = &stop };
	int64_t t = now_ms();

	(void)state;
	run_program(&r);
	assert_int_equal(r.end, RUN_STOPPED);
	assert_in_range(now_ms() - t, 0, 1000);
	done(&r);
}

static void
only_the_three_standard_descriptors_are_passed_on(void **state)
{
	struct run_job r;

	(void)state;
	/* What the test itself was started with is not run.c's affair. */
	for (int fd = 3; fd < 1024; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	r = sh("ls /proc/self/fd", 5000, 100);
	/* The last is ls's own, of the directory. */
	assert_string_equal(buf_str(&r.out), "0\n1\n2\n3\n");
	done(&r);
}

static void
nothing_is_left_open_and_no_child_unreaped(void **state)
{
	int before = open_descriptors();
	struct run_job a = sh("exit 0", 5000, 10), b = sh("sleep 9", 50, 10);

	(void)state;
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	done(&a);
	done(&b);
}

/* The shim itself is tried end to end. */
static void
what_the_shim_does_not_find_was_not_started(void **state)
{
	char *none[] = { NULL };
	struct tree *t = *state;
	struct shim shim = { .path = tree_path(t, "shim"), .read = none,
	    .env = none };
	const char *const argv[] = { "no-such-program", NULL };
	struct run_job r = { .argv = argv, .shim = &shim, .timeout_ms = 5000,
	    .max_out = 100 };

	tree_script(t, "shim", "echo \"$@\"; exit 127");
	run_program(&r);
	assert_int_equal(r.end, RUN_NOT_STARTED);
	assert_int_equal(r.error, ENOENT);
	assert_non_null(strstr(buf_str(&r.out), " -- no-such-program"));
	done(&r);
	free(shim.path);
}

/* Gives back what was taken away, in a while. */
static void *
relent(void *arg)
{
	poll(NULL, 0, 200);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, arg), 0);
	return NULL;
}

static void
what_is_lacking_for_a_moment_is_waited_for(void **state)
{
	struct rlimit was, none;
	struct run_job r;
	pthread_t t;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 3;
	assert_int_equal(pthread_create(&t, NULL, relent, &was), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	r = sh("echo here", 10000, 100);
	pthread_join(t, NULL);
	assert_int_equal(r.end, RUN_EXITED);
	assert_string_equal(buf_str(&r.out), "here\n");
	done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_outputs_and_the_status_come_back),
		cmocka_unit_test(standard_input_is_empty),
		cmocka_unit_test(a_missing_program_is_reported),
		cmocka_unit_test(
		    a_program_that_hangs_is_killed_with_its_children),
		cmocka_unit_test(
		    a_program_that_closes_its_pipes_and_stays_is_killed),
		cmocka_unit_test(endless_output_is_cut_at_the_limit),
		cmocka_unit_test(output_of_exactly_the_limit_is_whole),
		cmocka_unit_test(a_flood_of_errors_neither_blocks_nor_grows),
		cmocka_unit_test(a_stop_ends_it_soon),
		cmocka_unit_test(
		    only_the_three_standard_descriptors_are_passed_on),
		cmocka_unit_test(nothing_is_left_open_and_no_child_unreaped),
		cmocka_unit_test(
		    what_is_lacking_for_a_moment_is_waited_for),
		cmocka_unit_test_setup_teardown(
		    what_the_shim_does_not_find_was_not_started, tree_setup,
		    tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
