/* test_journal.c - lines on their way to disk: none is lost where there is
 * room, and where there is none nobody waits. */

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <time.h>
#include <cmocka.h>

#include "base/arith.h"
#include "io/journal.h"
#include "tmptree.h"

#define END_MS		10000
#define ROTATIONS	1000
#define WRITERS		2

static void
tell(struct buf *line, const char *path, int error, uint64_t lost)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	if (error != 0)
		buf_addf(line, "failed %s\n", name);
	else
		buf_addf(line, "lost %s %" PRIu64 "\n", name, lost);
}

static struct journal *
journal_in(const struct tree *t)
{
	char *path = tree_path(t, "main");
	struct journal *j = journal_new(path, tell);

	free(path);
	return j;
}

static void
put(struct journal *j, struct journal_log *g, const char *text)
{
	journal_put(j, g, NULL, NULL, text, strlen(text));
}

/* Append what stands in dir/name. */
static void
read_into(const struct tree *t, const char *name, struct buf *b)
{
	char *path = tree_path(t, name), chunk[4096];
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		fail_msg("%s is not there", path);
	while ((n = fread(chunk, 1, sizeof chunk, f)) != 0)
		buf_add(b, chunk, n);
	fclose(f);
	free(path);
}

static void
check(const struct tree *t, const char *name, const char *expected)
{
	struct buf b = { 0 };

	read_into(t, name, &b);
	assert_string_equal(buf_str(&b), expected);
	buf_fini(&b);
}

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* ---- A disk that hangs: the journal's thread is kept in a call */

struct hang {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool reached, released;
};

#define HANG { .mutex = PTHREAD_MUTEX_INITIALIZER,			\
	.changed = PTHREAD_COND_INITIALIZER }

static void
hang_run(void *arg)
{
	struct hang *h = arg;

	pthread_mutex_lock(&h->mutex);
	h->reached = true;
	pthread_cond_broadcast(&h->changed);
	while (!h->released)
		pthread_cond_wait(&h->changed, &h->mutex);
	pthread_mutex_unlock(&h->mutex);
}

static void
hang_begin(struct hang *h, struct journal *j)
{
	journal_call(j, hang_run, h);
	pthread_mutex_lock(&h->mutex);
	while (!h->reached)
		pthread_cond_wait(&h->changed, &h->mutex);
	pthread_mutex_unlock(&h->mutex);
}

static void
hang_end(struct hang *h)
{
	pthread_mutex_lock(&h->mutex);
	h->released = true;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->mutex);
}

/* ---- Tests */

static void
lines_are_written_in_their_order(void **state)
{
	struct journal *j = journal_in(*state);

	put(j, journal_main(j), "one\n");	/* before there is a thread */
	assert_int_equal(journal_start(j), 0);
	put(j, journal_main(j), "two\n");
	put(j, journal_main(j), "three\n");
	assert_true(journal_end(j, END_MS));
	check(*state, "main", "one\ntwo\nthree\n");
}

static void
without_a_thread_the_end_writes(void **state)
{
	struct journal *j = journal_in(*state);

	put(j, journal_main(j), "one\n");
	assert_true(journal_end(j, END_MS));
	check(*state, "main", "one\n");
}

static void
a_new_file_has_a_head_and_its_directory(void **state)
{
	struct journal *j = journal_in(*state);
	struct journal_log *g = journal_log(j, "rows", true);
	char *day1 = tree_path(*state, "a/b/1"), *day2 = tree_path(*state,
	    "a/b/2");

	assert_ptr_equal(journal_log(j, "rows", true), g);
	journal_start(j);
	journal_put(j, g, day1, "head\n", "x\n", 2);
	journal_put(j, g, day1, "head\n", "y\n", 2);
	journal_put(j, g, day2, "head\n", "z\n", 2);
	journal_put(j, g, day1, "head\n", "late\n", 5);
	assert_true(journal_end(j, END_MS));
	check(*state, "a/b/1", "head\nx\ny\nlate\n");
	check(*state, "a/b/2", "head\nz\n");
	free(day1);
	free(day2);
}

static void
a_line_begins_on_a_line_of_its_own(void **state)
{
	struct journal *j = journal_in(*state);

	tree_write(*state, "main", "whole\nhal");
	put(j, journal_main(j), "next\n");
	assert_true(journal_end(j, END_MS));
	check(*state, "main", "whole\nhal\nnext\n");
}

static void
a_full_disk_costs_lines_and_they_are_counted(void **state)
{
	struct journal *j = journal_in(*state);
	struct journal_log *g = journal_log(j, "rows", true);
	char *full = tree_path(*state, "full"), *well = tree_path(*state,
	    "well");

	tree_link(*state, "/dev/full", "full");
	journal_start(j);
	for (int i = 0; i < 3; i++)
		journal_put(j, g, full, NULL, "x\n", 2);
	journal_put(j, g, well, NULL, "y\n", 2);
	put(j, journal_main(j), "on\n");
	assert_true(journal_end(j, END_MS));
	check(*state, "main", "failed full\nlost well 3\non\n");
	check(*state, "well", "y\n");
	free(full);
	free(well);
}

/* Ten lines of ten bytes, and a disk that has room for 55. */
static void
a_line_that_does_not_fit_leaves_no_part_of_it(void **state)
{
	struct journal *j = journal_in(*state);
	struct rlimit was, tight;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	tight = (struct rlimit){ .rlim_cur = 55, .rlim_max = was.rlim_max };
	setrlimit(RLIMIT_FSIZE, &tight);
	for (int i = 0; i < 10; i++)
		put(j, journal_main(j), "123456789\n");
	assert_true(journal_end(j, END_MS));
	setrlimit(RLIMIT_FSIZE, &was);
	check(*state, "main", "123456789\n123456789\n123456789\n123456789\n"
	    "123456789\n");
}

/* Nothing has to be logged for that. */
static void
the_main_log_says_by_itself_that_it_works_again(void **state)
{
	struct journal *j = journal_in(*state);
	int64_t until = now_ns() + 10 * NS_PER_S;
	char *path = tree_path(*state, "main");
	struct buf b = { 0 };

	tree_link(*state, "/dev/full", "main");
	journal_start(j);
	for (int i = 0; i < 5; i++)
		put(j, journal_main(j), "gone\n");
	while (journal_lost(j) < 5)
		assert_true(now_ns() < until);
	unlink(path);
	tree_write(*state, "main", "");
	while (b.len == 0) {
		assert_true(now_ns() < until);
		read_into(*state, "main", &b);
	}
	assert_string_equal(buf_str(&b), "lost main 5\n");
	assert_int_equal(journal_lost(j), 5);
	assert_true(journal_end(j, END_MS));
	buf_fini(&b);
	free(path);
}

static void
a_pipe_that_nobody_reads_holds_nobody(void **state)
{
	struct journal *j = journal_in(*state);
	struct journal_log *g;
	char line[1000];
	int ends[2];

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fcntl(ends[1], F_SETPIPE_SZ, 4096);
	g = journal_fd(j, "terminal", ends[1]);
	journal_start(j);
	for (int i = 0; i < 100; i++)
		journal_put(j, g, NULL, NULL, line, sizeof line);
	put(j, journal_main(j), "on\n");
	assert_true(journal_end(j, END_MS));
	check(*state, "main", "failed terminal\non\n");
	assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
	close(ends[0]);
	close(ends[1]);
}

static void
while_a_disk_hangs_nobody_waits(void **state)
{
	struct journal *j = journal_in(*state);
	static char line[10000];
	struct hang h = HANG;
	struct buf b = { 0 };
	int64_t before;
	uint64_t lost;

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	journal_start(j);
	hang_begin(&h, j);
	before = now_ns();
	for (int i = 0; i < 1000; i++)
		journal_put(j, journal_main(j), NULL, NULL, line,
		    sizeof line);
	assert_true(now_ns() - before < NS_PER_S);
	lost = journal_lost(j);
	assert_true(lost > 0 && lost < 1000);
	hang_end(&h);
	assert_true(journal_end(j, END_MS));
	read_into(*state, "main", &b);
	assert_int_equal(b.len, (1000 - lost) * sizeof line +
	    (size_t)snprintf(NULL, 0, "lost main %" PRIu64 "\n", lost));
	buf_fini(&b);
}

static void
a_flood_in_the_main_log_costs_no_row(void **state)
{
	struct journal *j = journal_in(*state);
	char *path = tree_path(*state, "rows");
	struct journal_log *g = journal_log(j, path, true);
	static char line[10000];
	struct hang h = HANG;
	struct buf b = { 0 };

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	journal_start(j);
	hang_begin(&h, j);
	for (int i = 0; i < 1000; i++) {
		journal_put(j, journal_main(j), NULL, NULL, line,
		    sizeof line);
		put(j, g, "row\n");
	}
	assert_true(journal_lost(j) > 0);
	hang_end(&h);
	assert_true(journal_end(j, END_MS));
	read_into(*state, "rows", &b);
	assert_int_equal(b.len, 1000 * strlen("row\n"));
	buf_fini(&b);
	free(path);
}

static void
the_end_does_not_wait_for_a_disk_that_hangs(void **state)
{
	struct journal *j = journal_in(*state);
	static struct hang h = HANG;
	int64_t before;

	journal_start(j);
	hang_begin(&h, j);
	put(j, journal_main(j), "never\n");
	before = now_ns();
	assert_false(journal_end(j, 100));
	assert_true(now_ns() - before < NS_PER_S);
	/* h stays hanging: the thread and j are left behind. */
}

/* ---- Rotation */

struct writer {
	struct journal *j;
	pthread_t thread;
	int number;
	const int *stop;	/* atomic */
	int lines;
};

static void *
writer_main(void *arg)
{
	struct writer *w = arg;
	const struct timespec pause = { .tv_nsec = 100000 };
	char line[32];

	while (__atomic_load_n(w->stop, __ATOMIC_RELAXED) == 0) {
		int n = snprintf(line, sizeof line, "%d %d\n", w->number,
		    w->lines);

		journal_put(w->j, journal_main(w->j), NULL, NULL, line,
		    (size_t)n);
		if (++w->lines % 10 == 0)
			nanosleep(&pause, NULL);
	}
	return NULL;
}

/* Every line once, each writer's in their order. */
static void
check_lines(struct buf *b, const struct writer *writers)
{
	int next[WRITERS] = { 0 }, number, i;
	char *line, *rest;

	buf_str(b);
	for (line = strtok_r((char *)b->data, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		assert_int_equal(sscanf(line, "%d %d", &number, &i), 2);
		assert_in_range(number, 0, WRITERS - 1);
		assert_int_equal(i, next[number]);
		next[number]++;
	}
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(next[i], writers[i].lines);
}

/* Once the file is there: rename it and have it opened anew. */
static void
rotate(const struct tree *t, struct journal *j, int i)
{
	const struct timespec pause = { .tv_nsec = 50000 };
	int64_t until = now_ns() + 10 * NS_PER_S;
	char *path = tree_path(t, "main");
	char *old = xasprintf("%s/main.%04d", t->dir, i);

	while (rename(path, old) != 0) {
		assert_true(now_ns() < until);
		nanosleep(&pause, NULL);
	}
	journal_reopen(j);
	free(old);
	free(path);
}

static void
a_thousand_rotations_lose_no_line(void **state)
{
	struct journal *j = journal_in(*state);
	struct writer writers[WRITERS];
	struct buf b = { 0 };
	int stop = 0;

	journal_start(j);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .j = j, .number = i,
		    .stop = &stop };
		pthread_create(&writers[i].thread, NULL, writer_main,
		    &writers[i]);
	}
	for (int i = 0; i < ROTATIONS; i++)
		rotate(*state, j, i);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	assert_int_equal(journal_lost(j), 0);
	put(j, journal_main(j), "");	/* so that the last is there */
	assert_true(journal_end(j, END_MS));
	for (int i = 0; i < ROTATIONS; i++) {
		char name[32];

		snprintf(name, sizeof name, "main.%04d", i);
		read_into(*state, name, &b);
	}
	read_into(*state, "main", &b);
	check_lines(&b, writers);
	buf_fini(&b);
}

/* Let nobody open anything, or whoever wants to. */
static void
descriptors_limit(const struct rlimit *l)
{
	assert_int_equal(setrlimit(RLIMIT_NOFILE, l), 0);
}

static void
without_a_descriptor_lines_wait(void **state)
{
	struct journal *j = journal_in(*state);
	struct rlimit all, none;
	struct buf b = { 0 };
	const struct timespec while_it_tries = { .tv_nsec = 50000000 };
	const size_t n = 1000;

	getrlimit(RLIMIT_NOFILE, &all);
	none = (struct rlimit){ 0, all.rlim_max };
	descriptors_limit(&none);
	journal_start(j);
	for (size_t i = 0; i < n; i++)
		put(j, journal_main(j), "line\n");
	nanosleep(&while_it_tries, NULL);
	descriptors_limit(&all);
	put(j, journal_main(j), "last\n");
	assert_true(journal_end(j, END_MS));
	read_into(*state, "main", &b);
	assert_int_equal(b.len, (n + 1) * 5);
	assert_memory_equal(b.data + n * 5, "last\n", 5);
	buf_fini(&b);
}

static void
the_end_does_not_wait_for_a_descriptor(void **state)
{
	struct journal *j = journal_in(*state);
	struct rlimit all, none;
	int64_t began = now_ns();

	getrlimit(RLIMIT_NOFILE, &all);
	none = (struct rlimit){ 0, all.rlim_max };
	descriptors_limit(&none);
	journal_start(j);
	put(j, journal_main(j), "line\n");
	assert_true(journal_end(j, END_MS));
	descriptors_limit(&all);
	assert_true(now_ns() - began < 5 * NS_PER_S);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup,	\
	tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_written_in_their_order),
		TEST(without_a_thread_the_end_writes),
		TEST(a_new_file_has_a_head_and_its_directory),
		TEST(a_line_begins_on_a_line_of_its_own),
		TEST(a_full_disk_costs_lines_and_they_are_counted),
		TEST(a_line_that_does_not_fit_leaves_no_part_of_it),
		TEST(the_main_log_says_by_itself_that_it_works_again),
		TEST(a_pipe_that_nobody_reads_holds_nobody),
		TEST(while_a_disk_hangs_nobody_waits),
		TEST(a_flood_in_the_main_log_costs_no_row),
		TEST(the_end_does_not_wait_for_a_disk_that_hangs),
		TEST(a_thousand_rotations_lose_no_line),
		TEST(without_a_descriptor_lines_wait),
		TEST(the_end_does_not_wait_for_a_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
