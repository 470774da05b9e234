#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/limbo.h"

/* Work that reads a byte from a pipe before it goes on, and says by another
 * when it has been dropped. */
struct work {
	int wait_fd, told_fd;
	size_t steps, steps_to_do;
	bool ran, was_stopped;
	sigset_t blocked;
};

#define WAITERS		32

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *),
    void *);
typedef FILE *fopen_fn(const char *, const char *);

static int gate[2], told[2];
static bool no_threads;
static char mounted[] = "36 35 0:50 / /a rw - nfs nas:/a rw\n";

int
pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg)
{
	union { void *object; create_fn *fn; } real = {
		dlsym(RTLD_NEXT, "pthread_create")
	};

	return no_threads ? EAGAIN : real.fn(thread, attr, run, arg);
}

FILE *
fopen(const char *path, const char *mode)
{
	union { void *object; fopen_fn *fn; } real = {
		dlsym(RTLD_NEXT, "fopen")
	};

	if (strcmp(path, "/proc/self/mountinfo") == 0)
		return fmemopen(mounted, strlen(mounted), "r");
	return real.fn(path, mode);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int
setup(void **state)
{
	(void)state;
	return pipe(gate) != 0 || pipe(told) != 0;
}

static int
teardown(void **state)
{
	(void)state;
	no_threads = false;
	for (int i = 0; i < 2; i++) {
		close(gate[i]);
		close(told[i]);
	}
	return 0;
}

static struct work *
new_work(void)
{
	struct work *w = xcalloc(1, sizeof *w);

	w->wait_fd = gate[0];
	w->told_fd = told[1];
	return w;
}

static void
run_at_once(void *arg, const volatile int *stop)
{
	struct work *w = arg;

	(void)stop;
	pthread_sigmask(SIG_BLOCK, NULL, &w->blocked);
	w->ran = true;
}

static void
run_blocked(void *arg, const volatile int *stop)
{
	struct work *w = arg;
	char c;

	w->ran = read(w->wait_fd, &c, 1) == 1;
	w->was_stopped = __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

static void
run_until_stopped(void *arg, const volatile int *stop)
{
	struct work *w = arg;

	while (__atomic_load_n(stop, __ATOMIC_RELAXED) == 0)
		usleep(1000);
	w->was_stopped = true;
}

static void
run_in_steps(void *arg, const volatile int *stop)
{
	struct work *w = arg;

	(void)stop;
	for (size_t i = 0; i < w->steps_to_do; i++) {
		usleep(100000);
		__atomic_fetch_add(&w->steps, 1, __ATOMIC_RELAXED);
	}
	w->ran = true;
}

static void
drop(void *arg)
{
	struct work *w = arg;
	char c = w->was_stopped ? 's' : 'x';
	ssize_t n = write(w->told_fd, &c, 1);

	(void)n;
	free(w);
}

static void
work_that_ends_is_the_caller_s_again(void **state)
{
	struct work *w = new_work();
	struct limbo_work l = { .run = run_at_once, .drop = drop, .arg = w,
	    .timeout_ms = 10000 };

	(void)state;
	assert_true(limbo_run(&l));
	assert_true(w->ran);
	assert_int_equal(sigismember(&w->blocked, SIGTERM), 1);
	free(w);
}

static void
work_that_hangs_is_left_behind_and_dropped_when_it_ends(void **state)
{
	struct work *w = new_work();
	struct limbo_work l = { .run = run_blocked, .drop = drop, .arg = w,
	    .timeout_ms = 100 };
	char c;

	(void)state;
	assert_false(limbo_run(&l));
	assert_int_equal(write(gate[1], "", 1), 1);
	assert_int_equal(read(told[0], &c, 1), 1);
	assert_int_equal(c, 's');	/* it was told that nobody waits */
}

static void
work_that_goes_on_has_time(void **state)
{
	struct work *w = new_work();
	struct limbo_work l = { .run = run_in_steps, .drop = drop, .arg = w,
	    .timeout_ms = 1000, .steps = &w->steps };
	int64_t t = now_ms();

	(void)state;
	w->steps_to_do = 15;
	assert_true(limbo_run(&l));
	assert_true(w->ran);
	assert_true(now_ms() - t > 1000);
	free(w);
}

static void
a_stop_reaches_the_work(void **state)
{
	struct work *w = new_work();
	volatile int stop = 1;
	struct limbo_work l = { .run = run_until_stopped, .drop = drop,
	    .arg = w, .timeout_ms = 60000, .stop = &stop };

	(void)state;
	assert_true(limbo_run(&l));
	assert_true(w->was_stopped);
	free(w);
}

static void
a_stop_does_not_wait_for_what_hangs(void **state)
{
	struct work *w = new_work();
	volatile int stop = 1;
	struct limbo_work l = { .run = run_blocked, .drop = drop, .arg = w,
	    .timeout_ms = 60000, .stop = &stop };
	int64_t t = now_ms();
	char c;

	(void)state;
	assert_false(limbo_run(&l));
	assert_true(now_ms() - t < 30000);
	assert_int_equal(write(gate[1], "", 1), 1);
	assert_int_equal(read(told[0], &c, 1), 1);
}

static void
count(void *ctx)
{
	++*(int *)ctx;
}

static void
that_it_takes_a_moment_is_told_once(void **state)
{
	struct work *w = new_work();
	int told_at_once = 0, told_slow = 0;
	struct limbo_work l = { .run = run_at_once, .drop = drop, .arg = w,
	    .timeout_ms = 10000, .slow = count, .ctx = &told_at_once };

	(void)state;
	assert_true(limbo_run(&l));
	w->steps_to_do = 3;
	l.run = run_in_steps;
	l.ctx = &told_slow;
	assert_true(limbo_run(&l));
	assert_in_range(told_at_once, 0, 1);
	assert_int_equal(told_slow, 1);
	free(w);
}

/* ---- While something hangs */

static bool
leave_one_at(const char *place)
{
	struct limbo_work l = { .run = run_blocked, .drop = drop,
	    .arg = new_work(), .timeout_ms = 1, .place = place };

	return !limbo_run(&l);
}

static void
await_drops(size_t n)
{
	char c;

	while (n-- > 0)
		assert_int_equal(read(told[0], &c, 1), 1);
}

static void
release(size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(write(gate[1], "", 1), 1);
	await_drops(n);
}

/* False where it was not begun; then it has been dropped. */
static bool
runs_at(const char *place, bool alone)
{
	struct work *w = new_work();
	struct limbo_work l = { .run = run_at_once, .drop = drop, .arg = w,
	    .timeout_ms = 10000, .place = place, .alone = alone };

	if (!limbo_run(&l)) {
		await_drops(1);
		return false;
	}
	assert_true(w->ran);
	free(w);
	return true;
}

static void
where_work_hangs_no_more_is_begun_until_it_has_ended(void **state)
{
	(void)state;
	assert_true(leave_one_at("/a"));
	assert_true(limbo_hangs("/a"));
	assert_false(runs_at("/a", true));
	assert_false(runs_at("/a", false));
	assert_false(runs_at("/a/b/c", false));
	assert_true(runs_at("/a/b/c", true));
	assert_true(runs_at("/ab", false));
	assert_true(runs_at("/", false));
	assert_true(runs_at(NULL, false));
	release(1);
	assert_false(limbo_hangs("/a"));
	assert_true(runs_at("/a", false));
}

static void
below_a_root_that_hangs_nothing_is_begun(void **state)
{
	(void)state;
	assert_true(leave_one_at("/a/"));
	assert_false(runs_at("/a/b", false));
	release(1);
}

static void
what_was_stopped_before_its_time_does_not_count_as_hanging(void **state)
{
	volatile int stop = 1;
	struct limbo_work l = { .run = run_blocked, .drop = drop,
	    .arg = new_work(), .timeout_ms = 60000, .place = "/a",
	    .stop = &stop };

	(void)state;
	assert_false(limbo_run(&l));
	assert_true(runs_at("/a", false));
	release(1);
}

static void
what_is_mounted_anew_is_tried_once_more_each_time_but_not_for_ever(
    void **state)
{
	char *number = &mounted[1];
	size_t tries = 1;

	(void)state;
	assert_true(leave_one_at("/a"));
	assert_false(runs_at("/a", false));
	++*number;
	assert_true(runs_at("/a", false));
	for (; !limbo_hangs("/a"); ++*number, tries++)
		assert_true(leave_one_at("/a"));
	assert_int_equal(tries, 4);
	release(tries);
	assert_true(runs_at("/a", false));
}

static void *
leave_a_share(void *arg)
{
	for (size_t i = 0; i < LIMBO_MAX / WAITERS; i++)
		if (!leave_one_at(NULL))
			return NULL;
	return arg;
}

static void
leave_as_many_as_may_be(void)
{
	pthread_t threads[WAITERS];
	void *whole;

	for (size_t i = 0; i < WAITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
		    leave_a_share, &threads[i]), 0);
	for (size_t i = 0; i < WAITERS; i++) {
		pthread_join(threads[i], &whole);
		assert_non_null(whole);
	}
}

static void
there_is_an_end_to_what_is_left_behind(void **state)
{
	(void)state;
	assert_false(limbo_is_full());
	leave_as_many_as_may_be();
	assert_true(limbo_is_full());
	assert_true(limbo_hangs("/a"));
	assert_false(runs_at(NULL, false));
	assert_false(runs_at("/a", true));
	release(LIMBO_MAX);
	assert_false(limbo_is_full());
	assert_true(runs_at(NULL, false));
}

static void
without_a_thread_the_caller_works_unless_that_is_what_hangs(void **state)
{
	struct work *w = new_work();
	struct limbo_work l = { .run = run_at_once, .drop = drop, .arg = w,
	    .timeout_ms = 10000 };

	(void)state;
	no_threads = true;
	assert_true(limbo_run(&l));
	assert_true(w->ran);
	assert_int_equal(sigismember(&w->blocked, SIGTERM), 0);
	free(w);
	no_threads = false;
	assert_true(leave_one_at("/a"));
	no_threads = true;
	assert_false(runs_at("/b", false));
	no_threads = false;
	release(1);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(work_that_ends_is_the_caller_s_again),
		T(work_that_hangs_is_left_behind_and_dropped_when_it_ends),
		T(work_that_goes_on_has_time),
		T(that_it_takes_a_moment_is_told_once),
		T(a_stop_reaches_the_work),
		T(a_stop_does_not_wait_for_what_hangs),
		T(where_work_hangs_no_more_is_begun_until_it_has_ended),
		T(below_a_root_that_hangs_nothing_is_begun),
		T(what_was_stopped_before_its_time_does_not_count_as_hanging),
		T(
	    what_is_mounted_anew_is_tried_once_more_each_time_but_not_for_ever
		),
		T(there_is_an_end_to_what_is_left_behind),
		T(without_a_thread_the_caller_works_unless_that_is_what_hangs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
