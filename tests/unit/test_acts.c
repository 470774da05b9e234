/* Breaks where nobody has marked any. */

#include "world.h"
#include "plan/layout.h"

static struct world *w;
static struct asset *a;
static struct layout l;
static struct asset_lull lulls[64];

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	a = world_asset(w, "/a", ASSET_episode, 44 * MINUTE);
	a->lulls = lulls;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	layout_fini(&l);
	world_free(w);
	return 0;
}

static void
make(int64_t most)
{
	layout_make(&l, a, w->ch.format.rate, true);
	layout_break(&l, a, w->ch.format.rate, most);
}

/* A lull at a second of the asset. */
static void
lull(int64_t at_us)
{
	lulls[a->nlulls++] = (struct asset_lull){ .at_us = at_us,
	    .black = true };
}

/* The rows up to the i-th avail. */
static int64_t
break_at(size_t i)
{
	int64_t n = 0;

	for (size_t k = 0; k < l.nrows; k++) {
		n += l.rows[k].frames;
		if (l.rows[k].avail && i-- == 0)
			return n;
	}
	return -1;
}

static void
acts_shorten_toward_the_end(void **state)
{
	int64_t before = 0, last = INT64_MAX;

	(void)state;
	make(100);
	assert_int_equal(l.navails, 5);
	assert_true(break_at(0) >= 66000 / 5);
	for (size_t i = 0; i < 5; i++) {
		assert_true(break_at(i) - before < last);
		last = break_at(i) - before;
		before = break_at(i);
	}
	assert_true(66000 - before < last);
}

static void
a_film_has_its_first_fifth_in_peace(void **state)
{
	(void)state;
	a->duration_us = 150 * MINUTE;
	make(100);
	assert_int_equal(l.navails, 17);
	assert_int_equal(break_at(0), 150 * 60 * 25 / 5);
	assert_true(break_at(1) - break_at(0) < break_at(0));
}

static void
there_are_no_more_than_asked_for(void **state)
{
	(void)state;
	make(3);
	assert_int_equal(l.navails, 3);
	layout_fini(&l);
	make(0);
	assert_int_equal(l.nrows, 1);
	layout_fini(&l);
	make(-1);
	assert_int_equal(l.nrows, 1);
	layout_fini(&l);
	a->duration_us = 8 * MINUTE + 44 * S;
	make(5);
	assert_int_equal(l.nrows, 1);
}

/* Three breaks are due at 8, 15 and 21 parts of 26. */
static void
a_break_moves_to_the_nearest_lull_within_twenty_seconds(void **state)
{
	static const int64_t due[] = { 66000 * 8 / 26, 66000 * 15 / 26,
		66000 * 21 / 26 };

	(void)state;
	lull(due[0] * S / 25 - 20 * S);
	lull(due[0] * S / 25 - 3 * S);
	lull(due[0] * S / 25 + 4 * S);
	lull(due[1] * S / 25 - 21 * S);
	lull(due[1] * S / 25 + 21 * S);
	lull(due[2] * S / 25 + 19 * S);
	make(3);
	assert_int_equal(break_at(0), due[0] - 75);
	assert_int_equal(break_at(1), due[1]);
	assert_int_equal(break_at(2), due[2] + 19 * 25);
	assert_false(l.rows[0].fade_out || l.rows[1].fade_in);
	assert_true(l.rows[1].fade_out && l.rows[2].fade_in);
	assert_false(l.rows[2].fade_out || l.rows[3].fade_in);
}

static void
a_lull_in_the_first_fifth_does_not_count(void **state)
{
	(void)state;
	a->duration_us = 150 * MINUTE;
	lull(30 * MINUTE - S);
	lull(30 * MINUTE + 15 * S);
	make(17);
	assert_int_equal(break_at(0), (30 * 60 + 15) * 25);
}

static void
intro_outro_and_ident_stay_whole(void **state)
{
	(void)state;
	world_marker(a, MARKER_bumper, 12 * MINUTE, 15 * MINUTE);
	world_marker(a, MARKER_outro, 30 * MINUTE, 44 * MINUTE);
	make(3);
	assert_int_equal(l.navails, 1);
	assert_int_equal(break_at(0), 66000 * 15 / 26);
}

static void
a_place_near_the_edge_of_a_row_is_the_edge(void **state)
{
	(void)state;
	world_marker(a, MARKER_intro, 0, (66000 * 8 / 26) * S / 25 - S / 5);
	world_marker(a, MARKER_outro, (66000 * 21 / 26) * S / 25 + S / 5, -1);
	make(3);
	assert_int_equal(break_at(0), 66000 * 8 / 26 - 5);
	assert_int_equal(l.nrows, 4);
	assert_int_equal(l.rows[0].kind, SEGMENT_intro);
}

static bool
has_row(const struct layout_row *row)
{
	for (size_t i = 0; i < l.nrows; i++)
		if (l.rows[i].in == row->in &&
		    l.rows[i].frames == row->frames)
			return true;
	return false;
}

static void
check_acts(const struct layout *plain, int64_t half)
{
	int64_t n = 0;
	size_t avails = 0;

	assert_int_equal(l.frames, plain->frames);
	for (size_t i = 0; i < l.nrows; i++) {
		const struct layout_row *r = &l.rows[i];

		n += r->frames;
		avails += r->avail;
		assert_true(!r->avail || (n * 5 >= l.frames && n < l.frames));
		assert_true(r->frames >= half || has_row(&plain->rows[i]));
	}
	assert_int_equal(n, l.frames);
	assert_int_equal(avails, l.navails);
	for (size_t i = 0; i < plain->nrows; i++)
		if (plain->rows[i].kind != SEGMENT_programme)
			assert_true(has_row(&plain->rows[i]));
}

/* Of anything: none early, none in what stays whole, no row too short, and
 * together the rows are what they were. */
static void
any_programme_is_broken_into_by_the_rules(void **state)
{
	struct layout plain;
	size_t seen = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct rate rate = rates[seed % NRATES];

		teardown(NULL);
		w = world_new(rate);
		w->seed = seed;
		wild_asset(w, "a", 0, ASSET_movie, 180 * MINUTE);
		a = &w->assets[0];
		a->lulls = lulls;
		for (int64_t at = 0; a->nlulls < 60; a->nlulls++) {
			at += world_random(w, a->duration_us / 40 + 1);
			lulls[a->nlulls].at_us = at < a->duration_us ? at :
			    a->duration_us;
		}
		layout_make(&plain, a, rate, true);
		if (plain.navails == 0) {
			make(world_random(w, 30));
			check_acts(&plain, half_second(rate));
			seen += l.navails > 0;
		}
		layout_fini(&plain);
	}
	assert_true(seen > 50);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(acts_shorten_toward_the_end),
		TEST(a_film_has_its_first_fifth_in_peace),
		TEST(there_are_no_more_than_asked_for),
		TEST(a_break_moves_to_the_nearest_lull_within_twenty_seconds),
		TEST(a_lull_in_the_first_fifth_does_not_count),
		TEST(intro_outro_and_ident_stay_whole),
		TEST(a_place_near_the_edge_of_a_row_is_the_edge),
		TEST(any_programme_is_broken_into_by_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
