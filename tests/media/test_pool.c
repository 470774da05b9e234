#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/resource.h>

#include "media/pool.h"
#include "tmptree.h"

#define NO_STACK	((size_t)1 << 46)	/* bytes: none can have it */
#define N	20

/* Twenty files and what was said of them. */
struct bench {
	struct tree *tree;
	struct walk_file files[N];
	struct asset assets[N];
	struct pool_job jobs[N];
	struct pool_options o;
	size_t answers, last_done;
};

static void
on_answer(void *ctx, struct pool_job *j, size_t done)
{
	struct bench *b = ctx;

	b->answers += j != NULL;
	b->last_done = done;
}

static int
setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof *b);
	void *tree = NULL;
	char name[32];

	if (tree_setup(&tree) != 0)
		return -1;
	b->tree = tree;
	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof name, "%02d.mkv", i);
		tree_write(b->tree, name, "x");
		b->assets[i].path = tree_path(b->tree, name);
		b->files[i].path = b->assets[i].path;
		b->files[i].device = i < N / 2 ? 1 : 2;
		b->jobs[i] = (struct pool_job){ .file = &b->files[i],
		    .asset = &b->assets[i] };
	}
	b->o = (struct pool_options){
		.ffprobe = tree_path(b->tree, "ffprobe"), .threads = 2,
		.patience_ms = 30000, .on_answer = on_answer, .ctx = b,
	};
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	void *tree = b->tree;
	union { const char *in; char *out; } ffprobe = { b->o.ffprobe };

	for (int i = 0; i < N; i++) {
		free(b->assets[i].path);
		free(b->assets[i].bad);
		free(b->assets[i].audio);
		chapters_fini(&b->jobs[i].chapters);
		facts_fini(&b->jobs[i].tags);
	}
	free(ffprobe.out);
	free(b);
	return tree_teardown(&tree);
}

static size_t
count_bad(const struct bench *b, size_t from, size_t to, const char *why)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += b->assets[i].bad != NULL &&
		    strcmp(b->assets[i].bad, why) == 0;
	return n;
}

#define GOOD								\
	"echo '{\"streams\":[{\"index\":0,\"codec_type\":\"video\"},"	\
	"{\"index\":1,\"codec_type\":\"audio\"}],\"format\":"		\
	"{\"duration\":\"5\"}}'\n"

static void
every_file_gets_its_answer_once(void **state)
{
	struct bench *b = *state;

	tree_script(b->tree, "ffprobe", GOOD);
	pool_run(b->jobs, N, &b->o);
	assert_int_equal(b->answers, N);
	assert_int_equal(b->last_done, N);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(b->jobs[i].answer, PROBE_SURE);
		assert_true(b->assets[i].duration_us == 5000000);
		assert_int_equal(b->assets[i].naudio, 1);
	}
}

static void
a_disk_that_does_not_answer_costs_its_own_files(void **state)
{
	struct bench *b = *state;

	/* The first ten are on a disk that holds whoever reads it. */
	b->o.patience_ms = 1500;
	tree_script(b->tree, "ffprobe",
	    "while [ $# -gt 1 ]; do shift; done\n"
	    "case $1 in */0?.mkv) exec sleep 60 ;; esac\n" GOOD);
	pool_run(b->jobs, N, &b->o);
	assert_int_equal(b->answers, N);
	assert_in_range(count_bad(b, 0, N / 2, "its disk does not answer"),
	    4, 5);
	assert_in_range(count_bad(b, 0, N / 2,
	    "not probed: its disk does not answer"), 5, 6);
	for (size_t i = 0; i < N / 2; i++)
		assert_int_equal(b->jobs[i].answer, PROBE_UNSURE);
	for (size_t i = N / 2; i < N; i++)
		assert_null(b->assets[i].bad);
}

static void
a_stopped_pool_answers_for_all(void **state)
{
	const struct facts none = FACTS_NONE;
	struct bench *b = *state;
	volatile int stop = 1;

	b->o.stop = &stop;
	tree_script(b->tree, "ffprobe", GOOD);
	pool_run(b->jobs, N, &b->o);
	assert_int_equal(b->answers, N);
	assert_int_equal(count_bad(b, 0, N, "not probed: stopped"), N);
	/* Nothing is said about any of them. */
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(b->jobs[i].tags.type, none.type);
		assert_int_equal(b->jobs[i].tags.about.season,
		    none.about.season);
	}
}

static void
without_a_thread_the_caller_keeps_its_priority(void **state)
{
	struct bench *b = *state;
	int before = getpriority(PRIO_PROCESS, 0);
	volatile int stop = 1;
	pthread_attr_t was, none;

	b->o.stop = &stop;		/* limbo has no thread, either */
	assert_int_equal(pthread_getattr_default_np(&was), 0);
	pthread_attr_init(&none);
	pthread_attr_setstacksize(&none, NO_STACK);
	assert_int_equal(pthread_setattr_default_np(&none), 0);
	pool_run(b->jobs, N, &b->o);
	assert_int_equal(pthread_setattr_default_np(&was), 0);
	assert_int_equal(b->answers, N);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
	pthread_attr_destroy(&none);
	pthread_attr_destroy(&was);
}

static void
an_empty_pool_says_that_it_has_ended(void **state)
{
	struct bench *b = *state;

	b->last_done = 7;
	pool_run(b->jobs, 0, &b->o);
	assert_int_equal(b->answers, 0);
	assert_int_equal(b->last_done, 0);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_file_gets_its_answer_once),
		T(a_disk_that_does_not_answer_costs_its_own_files),
		T(a_stopped_pool_answers_for_all),
		T(without_a_thread_the_caller_keeps_its_priority),
		T(an_empty_pool_says_that_it_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
