#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/takeoverfile.h"
#include "tmptree.h"

static void
add(struct takeover_list *l, const char *channel, const char *file,
    int64_t until_ns)
{
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct takeover){
		.channel = xstrdup(channel),
		.file = file != NULL ? xstrdup(file) : NULL,
		.from_ns = INT64_C(1768487400040000000), .until_ns = until_ns,
		.why = xstrdup("takeover by uid 7"),
	};
}

/* Names are any bytes. */
static void
what_is_stored_comes_back(void **state)
{
	const struct tree *t = *state;
	struct takeover_list l = { 0 }, got = { 0 };
	char *path = takeoverfile_path(t->dir);
	struct buf text = { 0 };
	const char *why;

	add(&l, "one", "/a \"b\"\n\xff%.mkv", INT64_MAX);
	add(&l, "two", NULL, INT64_C(1768487500000000000));
	takeoverfile_print(&l, &text);
	tree_write(t, "takeovers.json", buf_str(&text));
	assert_int_equal(takeoverfile_load(path, &got, &why), 0);
	assert_int_equal(got.n, 2);
	assert_string_equal(got.v[0].channel, "one");
	assert_string_equal(got.v[0].file, l.v[0].file);
	assert_int_equal(got.v[0].from_ns, l.v[0].from_ns);
	assert_int_equal(got.v[0].until_ns, INT64_MAX);
	assert_string_equal(got.v[0].why, "takeover by uid 7");
	assert_null(got.v[1].file);
	assert_int_equal(got.v[1].until_ns, l.v[1].until_ns);
	takeover_list_fini(&l);
	takeover_list_fini(&got);
	buf_fini(&text);
	free(path);
}

static void
check_load(const struct tree *t, const char *text, int rc, size_t n)
{
	struct takeover_list l = { 0 };
	char *path = takeoverfile_path(t->dir);
	const char *why = NULL;

	if (text != NULL)
		tree_write(t, "takeovers.json", text);
	assert_int_equal(takeoverfile_load(path, &l, &why), rc);
	assert_int_equal(why != NULL, rc < 0);
	assert_int_equal(l.n, n);
	takeover_list_fini(&l);
	free(path);
}

static void
what_is_no_takeover_is_left_out(void **state)
{
	const struct tree *t = *state;

	check_load(t, NULL, 0, 0);
	check_load(t, "", -1, 0);
	check_load(t, "{}", -1, 0);
	check_load(t, "[7, {}, {\"channel\":\"one\",\"why\":\"w\"},"
	    "{\"channel\":\"one\",\"why\":\"w\",\"from_ns\":1,"
	    "\"file\":\"%\"}]", 0, 0);
	check_load(t, "[{\"channel\":\"one\",\"why\":\"w\",\"from_ns\":1,"
	    "\"until_ns\":1}]", 0, 0);
	check_load(t, "[{\"channel\":\"one\",\"why\":\"w\",\"from_ns\":1}]",
	    0, 1);
	/* In 1970, after a step back from later. */
	check_load(t, "[{\"channel\":\"one\",\"why\":\"w\",\"from_ns\":-9}]",
	    0, 1);
}

#define NOW	INT64_C(1768487400040000000)	/* add() has them begin */
#define MINUTE	INT64_C(60000000000)

static void
they_go_with_the_clock_wherever_that_steps(void **state)
{
	struct takeover_list l = { 0 };

	(void)state;
	add(&l, "one", NULL, INT64_MAX);
	add(&l, "two", NULL, NOW + MINUTE);
	add(&l, "odd", NULL, INT64_MAX - 1);
	takeover_list_shift(&l, -10 * MINUTE);
	assert_int_equal(l.v[0].from_ns, NOW - 10 * MINUTE);
	assert_int_equal(l.v[0].until_ns, INT64_MAX);
	assert_int_equal(l.v[1].until_ns, NOW - 9 * MINUTE);
	takeover_list_shift(&l, 20 * MINUTE);
	assert_int_equal(l.v[1].from_ns, NOW + 10 * MINUTE);
	assert_int_equal(l.v[1].until_ns, NOW + 11 * MINUTE);
	assert_int_equal(l.v[2].until_ns, INT64_MAX);
	takeover_list_fini(&l);
}

static void
what_would_begin_later_begins_now_and_lasts_as_long(void **state)
{
	struct takeover_list l = { 0 };

	(void)state;
	add(&l, "one", NULL, INT64_MAX);
	add(&l, "two", NULL, NOW + MINUTE);
	assert_false(takeover_list_settle(&l, NOW));
	assert_int_equal(l.v[1].until_ns, NOW + MINUTE);
	assert_true(takeover_list_settle(&l, NOW - 10 * MINUTE));
	for (size_t i = 0; i < l.n; i++)
		assert_int_equal(l.v[i].from_ns, NOW - 10 * MINUTE);
	assert_int_equal(l.v[0].until_ns, INT64_MAX);
	assert_int_equal(l.v[1].until_ns, NOW - 9 * MINUTE);
	assert_false(takeover_list_settle(&l, NOW - 10 * MINUTE));
	takeover_list_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f)	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)
		T(what_is_stored_comes_back),
		T(what_is_no_takeover_is_left_out),
		T(they_go_with_the_clock_wherever_that_steps),
		T(what_would_begin_later_begins_now_and_lasts_as_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
