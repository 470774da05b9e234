/* test_explain.c - why a channel airs what it airs. */

#include "world.h"

#include "base/buf.h"
#include "plan/explain.h"

#define DATE	INT64_C(19800)

static struct world *w;
static struct timeline *t;

static int
setup(void **state)
{
	static char number[] = "1";
	struct asset *a;

	(void)state;
	w = world_new(pal);
	w->ch.number = number;
	a = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);
	world_marker(a, MARKER_intro, 0, MINUTE);
	world_marker(a, MARKER_avail, 7 * MINUTE + 13240000, -1);
	world_marker(a, MARKER_avail, 15 * MINUTE, -1);
	a = world_asset(w, "/a/2", ASSET_episode, 22 * MINUTE);
	world_marker(a, MARKER_chapter, 11 * MINUTE, -1);
	a->markers[0].imported = true;
	world_asset(w, "/s/1", ASSET_commercial, 3 * MINUTE);
	world_asset(w, "/s/2", ASSET_commercial, MINUTE);
	world_asset(w, "/s/3", ASSET_promo, 30 * S);
	world_block(w, 20 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	t = timeline_new(&w->ch, &w->lib, w->z, DATE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	timeline_free(t);
	world_free(w);
	return 0;
}

static int64_t
at(int hour, int min, int sec)
{
	return (DATE * DAY_S + hour * 3600 + min * 60 + sec) * 25;
}

static void
says(int64_t n, const char *text)
{
	struct buf out = { 0 };
	struct explain x;

	explain_make(&x, t, n);
	explain_add_text(&out, t, &x);
	assert_string_equal(buf_str(&out), text);
	buf_fini(&out);
}

static void
a_spot_is_of_a_break_that_a_marker_has_made(void **state)
{
	(void)state;
	says(at(20, 7, 14), "20:07:13 commercial '/s/1': break 1 of 2 in "
	    "'/a/1' (avail at 7:13.240, marker from sidecar), chosen: least "
	    "recently aired of 3");
}

static void
a_chapter_of_the_container_is_told_as_such(void **state)
{
	struct explain x;

	(void)state;
	explain_make(&x, t, at(20, 41, 1));
	assert_int_equal(x.brk, 1);
	assert_int_equal(x.breaks, 1);
	assert_non_null(x.marker);
	assert_true(x.marker->imported);
	assert_int_equal(x.marker->kind, MARKER_chapter);
	assert_int_equal(x.avail_us, 11 * MINUTE);
}

static void
parts_are_counted_and_placed_in_their_pool(void **state)
{
	(void)state;
	says(at(20, 0, 30), "20:00:00 intro '/a/1': part 1 of 4, from "
	    "0:00.000, of the entry at channels/one.yaml:40:7, chosen: next "
	    "in order, 1 of 2 in pool '/a'");
	says(at(20, 31, 0), "20:30:00 programme '/a/2': part 1 of 2, from "
	    "0:00.000, of the entry at channels/one.yaml:40:7, chosen: next "
	    "in order, 2 of 2 in pool '/a'");
}

static void
between_programmes_nothing_is_scheduled(void **state)
{
	struct explain x;

	(void)state;
	explain_make(&x, t, at(12, 0, 0));
	assert_false(x.has_programme);
	assert_string_equal(x.how, "nothing is scheduled, and there is no "
	    "filler");
}

static void
a_break_that_follows_the_last_part_is_after_its_end(void **state)
{
	struct explain x;

	(void)state;
	w->ch.type = CHAN_MOVIE;
	timeline_free(t);
	t = timeline_new(&w->ch, &w->lib, w->z, DATE);
	explain_make(&x, t, at(20, 22, 1));
	assert_int_equal(x.brk, 1);
	assert_true(x.after);
	assert_null(x.marker);
}

static void
what_is_kept_is_said_to_be(void **state)
{
	struct timeline *u = timeline_new(&w->ch, &w->lib, w->z, DATE + 1);
	struct explain x;

	(void)state;
	w->ch.blocks[0].title = (char *)(uintptr_t)"New";
	(void)timeline_at(u, at(20, 0, 0));
	w->ch.blocks[0].title = NULL;
	assert_true(timeline_keep(t, u, at(20, 0, 0), at(20, 30, 0)));
	timeline_free(u);
	explain_make(&x, t, at(20, 1, 30));
	assert_true(x.kept);
	assert_null(x.programme.block);
	explain_make(&x, t, at(20, 31, 0));
	assert_false(x.kept);
}

/* Every segment of any plan has its place. */
static void
every_segment_can_be_explained(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct world *v = wild_world(seed);
		struct timeline *u = timeline_new(&v->ch, &v->lib, v->z,
		    DATE);
		int64_t n = timeline_day(u, DATE + 3);
		int64_t end = timeline_day(u, DATE + 4);
		struct buf out = { 0 };
		struct explain x;

		for (; n < end; n = x.segment.n1) {
			explain_make(&x, u, n);
			assert_int_equal(x.has_programme,
			    (x.brk != 0) + (x.part != 0));
			assert_true(x.brk <= x.breaks && x.part <= x.parts);
			buf_reset(&out);
			explain_add_text(&out, u, &x);
			assert_true(out.len > 20);
		}
		buf_fini(&out);
		timeline_free(u);
		world_free(v);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_spot_is_of_a_break_that_a_marker_has_made),
		T(a_chapter_of_the_container_is_told_as_such),
		T(parts_are_counted_and_placed_in_their_pool),
		T(between_programmes_nothing_is_scheduled),
		T(a_break_that_follows_the_last_part_is_after_its_end),
		T(what_is_kept_is_said_to_be),
		T(every_segment_can_be_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
