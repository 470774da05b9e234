/* What a day hands to the next, on paper and back. */

#include "wild.h"
#include "plan/timeline.h"

#define FROM	INT64_C(20000)

static struct cursors c, back;
static struct buf text;

static int
setup(void **state)
{
	(void)state;
	c = back = (struct cursors){ 0 };
	text = (struct buf){ 0 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	cursors_fini(&c);
	cursors_fini(&back);
	buf_fini(&text);
	return 0;
}

static void
skip_days(const struct world *w, struct cursors *cur, int64_t date, int days)
{
	struct selection *s = selection_new(&w->ch, &w->lib);

	for (int i = 0; i < days; i++)
		plan_skip_day(&w->ch, s, w->z, cur, date + i);
	selection_free(s);
}

static void
what_is_read_is_what_was_written(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct wild *x = wild_new(seed);

		cursors_init(&c, &x->w->ch);
		skip_days(x->w, &c, FROM, 1 + (int)(seed % 40));
		cursors_print(&c, &x->w->ch, &text);
		assert_true(cursors_parse(&back, &x->w->ch, buf_str(&text)));
		assert_true(cursors_equal(&c, &back));
		teardown(NULL);
		setup(NULL);
		wild_free(x);
	}
}

static void
what_is_no_cursors_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "cursors 2\n", "cursors 1", "cursors 1\nfrom 1\n",
		"cursors 1\nfrom -1 0\n", "cursors 1\nfrom 10 5\n",
		"cursors 1\nfrom 0 99999999999\n", "cursors 1\nat x 1 2\n",
		"cursors 1\nat 1 2 3", "cursors 1\n\n",
		"cursors 1\nchanges 1\n", "cursors 1\nchanges 1 -1\n",
	};
	struct wild *x = wild_new(1);
	struct cursors first;

	(void)state;
	cursors_init(&first, &x->w->ch);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(cursors_parse(&back, &x->w->ch, bad[i]));
		assert_true(cursors_equal(&back, &first));
		cursors_fini(&back);
	}
	cursors_fini(&first);
	wild_free(x);
}

/* Another entry before it, one less beside it, and more episodes. */
static void
a_changed_channel_goes_on_where_it_was(void **state)
{
	struct world *w = world_new(pal);
	struct selection *s;
	struct block old;
	struct day *d;

	(void)state;
	for (int i = 0; i < 9; i++)
		world_asset(w, (char[]){ '/', 'a', '/', (char)('0' + i), 0 },
		    ASSET_episode, 25 * MINUTE);
	w->lib.n = 7;
	world_block(w, 20 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	world_block(w, 22 * HOUR_S, HOUR_S, 0);
	cursors_init(&c, &w->ch);
	skip_days(w, &c, FROM, 2);
	cursors_print(&c, &w->ch, &text);
	old = w->blocks[0];
	w->ch.nblocks = 0;
	world_block(w, 6 * HOUR_S, HOUR_S, 0);
	w->blocks[w->ch.nblocks++] = old;
	w->lib.n = 9;
	assert_true(cursors_parse(&back, &w->ch, buf_str(&text)));
	s = selection_new(&w->ch, &w->lib);
	d = plan_day(&w->ch, s, w->z, &back, FROM + 2);
	assert_string_equal(d->programmes[0].asset->path, "/a/0");
	assert_string_equal(d->programmes[2].asset->path, "/a/4");
	day_free(d);
	selection_free(s);
	world_free(w);
}

/* With and without having played through the days before. */
static void
a_timeline_resumes_where_another_was(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 30; seed++) {
		struct wild *x = wild_new(seed);
		const struct world *w = x->w;
		struct timeline *a = timeline_new(&w->ch, &w->lib, w->z, FROM);
		struct timeline *b = timeline_new(&w->ch, &w->lib, w->z, 0);
		int64_t n = rate_frame_from(w->ch.format.rate,
		    (FROM + 22) * DAY_S * NS_PER_S);

		timeline_cursors(a, FROM + 20, &text);
		assert_false(timeline_resume(b, FROM + 20, "cursors"));
		assert_true(timeline_resume(b, FROM + 20, buf_str(&text)));
		for (int i = 0; i < 200; i++) {
			struct segment p = *timeline_at(a, n);
			struct segment q = *timeline_at(b, n);

			assert_int_equal(p.n0, q.n0);
			assert_ptr_equal(p.asset, q.asset);
			assert_int_equal(p.in, q.in);
			n = p.n1;
		}
		timeline_free(a);
		timeline_free(b);
		wild_free(x);
		buf_fini(&text);
		text = (struct buf){ 0 };
	}
}

/* Else who has been there aired something else than who has not. */
static void
before_the_first_day_there_is_nothing_to_resume(void **state)
{
	struct wild *x = wild_new(1);
	const struct world *w = x->w;
	struct timeline *a = timeline_new(&w->ch, &w->lib, w->z, FROM);
	struct timeline *b = timeline_new(&w->ch, &w->lib, w->z, FROM);
	struct buf later = { 0 };

	(void)state;
	timeline_cursors(a, FROM - 700, &text);
	assert_true(timeline_resume(b, FROM - 700, buf_str(&text)));
	buf_reset(&text);
	timeline_cursors(a, FROM + 9, &text);
	timeline_cursors(b, FROM + 9, &later);
	assert_string_equal(buf_str(&text), buf_str(&later));
	timeline_free(a);
	timeline_free(b);
	wild_free(x);
	buf_fini(&later);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_read_is_what_was_written),
		TEST(what_is_no_cursors_is_refused),
		TEST(a_changed_channel_goes_on_where_it_was),
		TEST(a_timeline_resumes_where_another_was),
		TEST(before_the_first_day_there_is_nothing_to_resume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
