/* test_explain.c - why a channel airs what it airs. */

#include "wild.h"

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

/* Whatever filler there is. */
static void
off_the_air_it_is_by_an_entry(void **state)
{
	struct block *b;
	struct explain x;

	(void)state;
	timeline_free(t);
	w->ch.filler_pool = &w->pools[world_pool(w, "/s")];
	b = world_block(w, 2 * HOUR_S, 4 * HOUR_S, world_pool(w, "/s/2"));
	b->kind = BLOCK_OFF_AIR;
	t = timeline_new(&w->ch, &w->lib, w->z, DATE);
	says(at(2, 0, 30), "02:00:00 sign_off '/s/2': off the air by the "
	    "entry at channels/one.yaml:41:7");
	says(at(4, 0, 0), "02:01:00 pad: off the air by the entry at "
	    "channels/one.yaml:41:7");
	explain_make(&x, t, at(6, 0, 0));
	assert_null(x.off_air);
	assert_int_equal(x.segment.kind, SEGMENT_filler);
}

/* Of a card, a film of one act and what is left of its hour. */
static void
a_presentation_is_no_break(void **state)
{
	static char name[] = "feature", title[] = "Feature";
	static size_t cards[1], films[1], programs[1];
	struct program p = {
		.name = name, .title = title, .pools = films, .npools = 1,
		.presentation = { cards, 1, 1 },
	};
	struct buf out = { 0 };
	struct explain x;
	struct block *b;

	(void)state;
	timeline_free(t);
	world_asset(w, "/t/card1", ASSET_bumper, 10 * S);
	world_asset(w, "/u/film", ASSET_movie, 40 * MINUTE);
	cards[0] = world_pool(w, "/t");
	films[0] = world_pool(w, "/u");
	w->ch.type = CHAN_MOVIE;
	w->ch.programs = &p;
	w->ch.nprograms = 1;
	b = world_block(w, 22 * HOUR_S, HOUR_S, 0);
	b->npools = 0;
	b->programs = programs;
	b->nprograms = 1;
	t = timeline_new(&w->ch, &w->lib, w->z, DATE);
	says(at(22, 0, 5), "22:00:00 bumper '/t/card1': presentation 1 of 1 "
	    "before '/u/film: Feature', chosen: drawn at random, 1 of 1 in "
	    "pool '/t'");
	explain_add_why(&out, t, timeline_at(t, at(22, 0, 5)));
	assert_string_equal(buf_str(&out), "drawn at random, 1 of 1 in pool "
	    "'/t'");
	buf_fini(&out);
	explain_make(&x, t, at(22, 50, 0));
	assert_int_equal(x.brk, 1);
	assert_int_equal(x.breaks, 1);
	timeline_free(t);
	w->ch.programs = NULL;
	w->ch.nprograms = 0;
	w->ch.nblocks = 0;
	t = timeline_new(&w->ch, &w->lib, w->z, DATE);
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
check_explained(struct timeline *u)
{
	int64_t n = timeline_day(u, DATE + 3);
	int64_t end = timeline_day(u, DATE + 4);
	struct buf out = { 0 };
	struct explain x;

	for (; n < end; n = x.segment.n1) {
		explain_make(&x, u, n);
		assert_int_equal(x.has_programme, (x.lead != 0) +
		    (x.brk != 0) + (x.part != 0));
		assert_true(x.brk <= x.breaks && x.part <= x.parts &&
		    x.lead <= x.leads);
		buf_reset(&out);
		explain_add_text(&out, u, &x);
		assert_true(out.len > 20);
	}
	buf_fini(&out);
	timeline_free(u);
}

static void
every_segment_can_be_explained(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct world *v = wild_world(seed);
		struct wild *x = wild_new(seed);

		check_explained(timeline_new(&v->ch, &v->lib, v->z, DATE));
		check_explained(timeline_new(&x->w->ch, &x->w->lib, x->w->z,
		    DATE));
		wild_free(x);
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
		T(off_the_air_it_is_by_an_entry),
		T(a_presentation_is_no_break),
		T(a_break_that_follows_the_last_part_is_after_its_end),
		T(what_is_kept_is_said_to_be),
		T(every_segment_can_be_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
