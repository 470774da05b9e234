/* What the loader reads, and what becomes of it: editions are made here, to
 * order, on its thread; the one of configuration n is called by that number,
 * 0 at the start and one more with each that is read. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/instant.h"
#include "base/xmem.h"
#include "io/discard.h"
#include "io/loader.h"
#include "media/mark.h"
#include "media/mono.h"
#include "media/worker.h"

#define STEPS		4
#define DEADLINE_MS	20000
#define POLL_US		1000

/* A reading. */
struct step {
	bool unreadable;		/* the configuration */
	bool early;			/* there is an early edition */
	bool stuck;			/* it ends when it is cut */
	size_t faults;			/* of the plan, where they count */
	size_t unasked;
	bool no_pad;
	bool moved;			/* it is to listen elsewhere */
};

static struct rig {
	uv_loop_t loop;
	struct loader *loader;
	bool taken;			/* early editions are */
	struct buf said;		/* by the loader, a word for each */
	struct buf plans;		/* of each whole edition */
	int64_t now_s, step_s;		/* the clock steps in an early one */
	enum edition_wait wait;		/* the last early edition's */
	struct step steps[STEPS];	/* then there are only good ones */
	size_t at;
	int nread;			/* configurations, and editions */
	int nplanned;
	int64_t rescan_ns;
	volatile int nheard;		/* atomic: early editions */
	int no_threads;			/* so many starts fail */
	bool lacks_block;		/* what is known by an early one */
} g;

/* ---- What the loader stands on */

static char a_pad;

/* Who it plans for. */
static void
plan_note(const struct edition_options *o)
{
	buf_addf(&g.plans, "%s%s %d", g.plans.len > 0 ? ", " : "",
	    __atomic_load_n(o->resume, __ATOMIC_RELAXED) ? "as stored" : "new",
	    (int)(__atomic_load_n(o->now_ns, __ATOMIC_RELAXED) / NS_PER_S));
}

static struct config *
config_new(void)
{
	struct config *c = xcalloc(1, sizeof *c);

	c->station = xcalloc(1, sizeof *c->station);
	c->station->state_dir = xstrdup("state");
	c->station->since_days = g.nread++;	/* its number */
	c->station->rescan_ns = g.rescan_ns;
	c->nchans = 1;
	return c;
}

struct config *
config_load(const char *path, struct errs *e)
{
	struct config *c;

	if (g.at < STEPS && g.steps[g.at].unreadable) {
		g.at++;
		errs_fault(e, path, 1, 1, "unreadable");
	}
	c = config_new();
	if (g.at < STEPS && g.steps[g.at].moved) {
		c->station->listens = xcalloc(1, sizeof *c->station->listens);
		c->station->listens[0].host = xstrdup("::1");
		c->station->nlistens = 1;
	}
	return c;
}

struct config *
config_ref(struct config *c)
{
	__atomic_add_fetch(&c->refs, 1, __ATOMIC_RELAXED);
	return c;
}

void
config_free(struct config *c)
{
	if (c == NULL ||
	    __atomic_fetch_sub(&c->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	free(c->station->listens);	/* none has a host by now */
	free(c->station->state_dir);
	free(c->station);
	free(c);
}

static struct edition *
make(struct config *cfg, bool early)
{
	struct edition *ed = xcalloc(1, sizeof *ed);

	ed->cfg = config_ref(cfg);
	ed->early = early;
	ed->counts.whole = true;
	ed->pads = xcalloc(1, sizeof *ed->pads);
	ed->pads[0] = (struct pad *)(void *)&a_pad;
	ed->waits = xcalloc(1, sizeof *ed->waits);
	ed->timelines = xcalloc(1, sizeof *ed->timelines);
	return ed;
}

void
edition_free(struct edition *ed)
{
	if (ed == NULL)
		return;
	config_free(ed->cfg);
	free(ed->pads);
	free(ed->waits);
	free(ed->timelines);
	free(ed);
}

void
discard_edition(uv_loop_t *loop, struct edition *ed)
{
	(void)loop;
	edition_free(ed);
}

static void
offer(struct config *cfg, const struct edition_options *o)
{
	int heard = __atomic_load_n(&g.nheard, __ATOMIC_ACQUIRE);

	o->early(o->ctx, make(cfg, true));
	while (__atomic_load_n(&g.nheard, __ATOMIC_ACQUIRE) == heard)
		usleep(POLL_US);
}

struct edition *
edition_new(struct config *cfg, const struct edition_options *o,
    struct errs *e)
{
	const struct step good = { 0 };
	struct step s = g.at < STEPS ? g.steps[g.at++] : good;
	struct edition *ed = NULL;

	(void)e;
	g.nplanned++;
	if (s.early)
		offer(cfg, o);
	while (s.stuck && __atomic_load_n(o->stop, __ATOMIC_RELAXED) == 0)
		usleep(POLL_US);
	if (__atomic_load_n(o->stop, __ATOMIC_RELAXED) == 0) {
		ed = make(cfg, false);
		plan_note(o);
		ed->faults = o->strict ? s.faults : 0;
		ed->counts.unasked = s.unasked;
		if (s.no_pad)
			ed->pads[0] = NULL;
	}
	config_free(cfg);
	return ed;
}

void
timeline_check(const struct timeline *t, bool whole, struct errs *e)
{
	(void)t;
	if (whole && g.lacks_block)
		errs_fault(e, "one.yaml", 1, 1, "this block has only empty "
		    "pools");
}

int
worker_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	if (g.no_threads > 0) {
		g.no_threads--;
		return EAGAIN;
	}
	return pthread_create(thread, NULL, run, arg);
}

bool
mono_join(pthread_t thread, int64_t ms)
{
	(void)ms;
	return pthread_join(thread, NULL) == 0;
}

void
marks_add(struct marks *m, const char *path, const char *why)
{
	(void)path;
	(void)why;
	m->n++;
}

void
marks_note(struct marks *m, const char *state_dir, const volatile int *stop,
    struct errs *e)
{
	(void)state_dir;
	(void)stop;
	(void)e;
	m->n = 0;
}

void
marks_fini(struct marks *m)
{
	m->n = 0;
}

/* ---- What stands on the loader */

static int64_t
now(void *ctx)
{
	(void)ctx;
	return g.now_s * NS_PER_S;
}

static void
on_begin(void *ctx)
{
	(void)ctx;
}

static void
say(const char *what, const struct edition *ed)
{
	buf_addf(&g.said, "%s%s %d", g.said.len > 0 ? ", " : "", what,
	    (int)ed->cfg->station->since_days);
}

static bool
on_early(void *ctx, struct edition *ed)
{
	(void)ctx;
	say("early", ed);
	g.wait = ed->waits[0];
	if (g.step_s != 0) {
		g.now_s += g.step_s;
		g.step_s = 0;
		loader_step(g.loader);
	}
	if (g.taken)
		edition_free(ed);
	__atomic_add_fetch(&g.nheard, 1, __ATOMIC_RELEASE);
	return g.taken;
}

static void
on_loaded(void *ctx, struct edition *ed, const struct errs *e, size_t nconfig)
{
	(void)ctx;
	(void)e;
	(void)nconfig;
	if (ed != NULL)
		say("whole", ed);
	else
		buf_adds(&g.said, ", refused");
	edition_free(ed);
}

static void
on_marked(void *ctx, const struct errs *e)
{
	(void)ctx;
	(void)e;
}

static int
setup(void **state)
{
	const struct loader_env env = {
		.loop = &g.loop, .config = "retrovued.yaml",
		.state_dir = "state", .now = now, .on_begin = on_begin,
		.on_early = on_early, .on_loaded = on_loaded,
		.on_marked = on_marked,
	};

	(void)state;
	memset(&g, 0, sizeof g);
	g.taken = true;
	g.now_s = 1;
	assert_int_equal(uv_loop_init(&g.loop), 0);
	g.loader = loader_new(&env);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	assert_true(loader_close(g.loader, DEADLINE_MS));
	uv_run(&g.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&g.loop), 0);
	buf_fini(&g.said);
	buf_fini(&g.plans);
	return 0;
}

static void
on_deadline(uv_timer_t *t)
{
	*(bool *)t->data = true;
}

/* Turn until that has been said from the start on. */
static void
hear(const char *what)
{
	bool late = false;
	uv_timer_t t = { .data = &late };

	uv_timer_init(&g.loop, &t);
	uv_timer_start(&t, on_deadline, DEADLINE_MS, 0);
	while (!late && strlen(buf_str(&g.said)) < strlen(what))
		uv_run(&g.loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&t, NULL);
	uv_run(&g.loop, UV_RUN_NOWAIT);
	assert_string_equal(buf_str(&g.said), what);
}

/* With readings to come, the first of them the first ever. */
static void
begin(const struct step *steps, size_t n)
{
	memcpy(g.steps, steps, n * sizeof *steps);
	loader_start(g.loader, config_new());
}

#define BEGIN(...)							\
	do {								\
		const struct step steps_[] = { __VA_ARGS__ };		\
		begin(steps_, sizeof steps_ / sizeof steps_[0]);	\
	} while (0)

/* ---- Tests */

static void
a_refused_reload_changes_nothing_where_its_early_edition_is_not_taken(
    void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .faults = 1 });
	hear("whole 0");
	g.taken = false;
	loader_ask(g.loader);
	hear("whole 0, early 1, refused");
	assert_false(loader_state(g.loader).busy);
	loader_look(g.loader);
	hear("whole 0, early 1, refused, whole 0");
}

static void
a_refused_reload_whose_early_edition_is_on_goes_back(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .faults = 1 });
	hear("whole 0");
	loader_ask(g.loader);
	hear("whole 0, early 1, refused, whole 0");
	assert_false(loader_state(g.loader).busy);
}

static void
it_goes_back_whatever_is_lacking_and_once(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .no_pad = true },
	    { .no_pad = true, .unasked = 1 });
	hear("whole 0");
	loader_ask(g.loader);
	hear("whole 0, early 1, refused, whole 0");
	assert_false(loader_state(g.loader).busy);
	assert_int_equal(g.nplanned, 3);
}

static void
a_refused_reload_goes_back_at_the_start_too(void **state)
{
	(void)state;
	BEGIN({ .early = true, .stuck = true }, { .early = true, .faults = 1 });
	hear("early 0");
	loader_ask(g.loader);
	hear("early 0, early 1, refused, whole 0");
}

static void
a_look_that_lacks_something_is_refused_and_not_repeated_at_once(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .unasked = 1 });
	hear("whole 0");
	g.taken = false;
	loader_look(g.loader);
	hear("whole 0, early 0, refused");
	assert_false(loader_state(g.loader).busy);
}

static void
what_was_begun_goes_on_where_the_files_are_at_fault(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .stuck = true }, { .unreadable = true });
	hear("whole 0");
	loader_ask(g.loader);
	hear("whole 0, early 1");
	loader_ask(g.loader);
	hear("whole 0, early 1, refused, whole 1");
}

static void
what_goes_on_then_is_refused_as_it_would_have_been(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .stuck = true }, { .unreadable = true },
	    { .faults = 1 });
	hear("whole 0");
	loader_ask(g.loader);
	hear("whole 0, early 1");
	loader_ask(g.loader);
	hear("whole 0, early 1, refused, refused, whole 0");
}

static void
who_asks_need_not_wait_for_a_look_that_takes_long(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .stuck = true });
	hear("whole 0");
	g.taken = false;
	loader_look(g.loader);
	hear("whole 0, early 0");
	assert_int_equal(loader_ask(g.loader), 2);
	hear("whole 0, early 0, whole 1");
}

static void
a_look_that_was_cut_is_taken_again_where_the_files_are_at_fault(void **state)
{
	(void)state;
	BEGIN({ 0 }, { .early = true, .stuck = true }, { .unreadable = true });
	hear("whole 0");
	g.taken = false;
	loader_look(g.loader);
	hear("whole 0, early 0");
	loader_ask(g.loader);
	hear("whole 0, early 0, refused, whole 0");
}

static void
a_channel_that_would_be_refused_waits_in_an_early_edition(void **state)
{
	(void)state;
	BEGIN({ .early = true }, { .early = true });
	g.lacks_block = true;
	hear("early 0, whole 0");
	assert_int_equal(g.wait, EDITION_GOES);
	loader_ask(g.loader);
	hear("early 0, whole 0, early 1, whole 1");
	assert_int_equal(g.wait, EDITION_WAITS_LIBRARY);
}

static void
marks_that_wait_for_a_thread_do_not_end_the_looks(void **state)
{
	(void)state;
	g.rescan_ns = NS_PER_S / 10;
	BEGIN({ 0 });
	hear("whole 0");
	g.no_threads = 1;
	loader_mark(g.loader, "a.mkv", "why");
	hear("whole 0, whole 0, whole 0");
}

static void
what_waits_for_the_next_start_is_told_until_then(void **state)
{
	const char *text = "http.listen takes effect at the next start";

	(void)state;
	BEGIN({ 0 }, { .moved = true }, { .moved = true });
	hear("whole 0");
	loader_ask(g.loader);
	hear("whole 0, whole 1");
	assert_string_equal(loader_state(g.loader).errs->items[0].text, text);
	loader_ask(g.loader);
	hear("whole 0, whole 1, whole 2");
	assert_string_equal(loader_state(g.loader).errs->items[0].text, text);
	loader_ask(g.loader);
	hear("whole 0, whole 1, whole 2, whole 3");
	assert_int_equal(loader_state(g.loader).errs->n, 0);
}

/* The reading that is on is planned for the new time, and so is another one. */
static void
a_step_of_the_clock_is_planned_for_as_a_start_is(void **state)
{
	(void)state;
	BEGIN({ 0 }, { 0 }, { .early = true });
	hear("whole 0");
	loader_look(g.loader);
	hear("whole 0, whole 0");
	g.step_s = 900;
	loader_look(g.loader);
	hear("whole 0, whole 0, early 0, whole 0, whole 0");
	loader_look(g.loader);
	hear("whole 0, whole 0, early 0, whole 0, whole 0, whole 0");
	assert_string_equal(buf_str(&g.plans), "as stored 1, new 1, "
	    "as stored 901, as stored 901, new 901");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_refused_reload_changes_nothing_where_its_early_edition_is_not_taken),
		TEST(a_refused_reload_whose_early_edition_is_on_goes_back),
		TEST(it_goes_back_whatever_is_lacking_and_once),
		TEST(a_refused_reload_goes_back_at_the_start_too),
		TEST(a_look_that_lacks_something_is_refused_and_not_repeated_at_once),
		TEST(what_was_begun_goes_on_where_the_files_are_at_fault),
		TEST(what_goes_on_then_is_refused_as_it_would_have_been),
		TEST(who_asks_need_not_wait_for_a_look_that_takes_long),
		TEST(a_look_that_was_cut_is_taken_again_where_the_files_are_at_fault),
		TEST(a_channel_that_would_be_refused_waits_in_an_early_edition),
		TEST(marks_that_wait_for_a_thread_do_not_end_the_looks),
		TEST(what_waits_for_the_next_start_is_told_until_then),
		TEST(a_step_of_the_clock_is_planned_for_as_a_start_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
