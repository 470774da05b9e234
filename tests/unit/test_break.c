/* What a break is made of: pieces, spots, rest. */

#include "world.h"
#include "plan/brk.h"
#include "plan/brk_stock.h"

#define FOREVER	(INT64_C(1) << 50)
#define DAY	(86400 * 25)		/* frames */

static struct world *w;
static struct selection *sel;
static struct brk *b;
static struct segs out;
static struct cursors cur;
static size_t nspots;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	nspots = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (b != NULL)
		brk_free(b);
	b = NULL;
	selection_free(sel);
	sel = NULL;
	free(out.v);
	out = (struct segs){ 0 };
	cursors_fini(&cur);
	world_free(w);
	return 0;
}

/* An asset of so many frames; paths must ascend. */
static struct asset *
add(const char *path, enum asset_type type, int64_t frames)
{
	return world_asset(w, path, type, frames * S / 25);
}

static void
add_spots(enum asset_type type, int n, int64_t frames)
{
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("/s/%03zu", nspots++);

		add(path, type, frames);
		free(path);
	}
}

static void
start(void)
{
	sel = selection_new(&w->ch, &w->lib);
	b = brk_new(sel, &cur, 0, FOREVER);
}

/* The segments from i on are of these kinds. */
static void
check_kinds(size_t i, const char *want)
{
	static const char letters[SEGMENT_NKINDS] = {
		[SEGMENT_bumper] = 'B', [SEGMENT_station_id] = 'I',
		[SEGMENT_spot] = 's', [SEGMENT_pad] = '-',
		[SEGMENT_filler] = 'f',
	};
	char got[64] = "";

	for (size_t k = 0; i < out.n && k < 63; i++, k++)
		got[k] = letters[out.v[i].kind];
	assert_string_equal(got, want);
}

/* Break by break, of so many frames each, at a place far from others. */
static void
check_break(int64_t at, int64_t frames, const char *want)
{
	size_t i = out.n;
	int64_t n = at;

	brk_fill(b, &out, at, at + frames, 7);
	check_kinds(i, want);
	for (; i < out.n; i++) {
		assert_int_equal(out.v[i].n0, n);
		assert_int_equal(out.v[i].programme, 7);
		n = out.v[i].n1;
	}
	assert_int_equal(n, at + frames);
}

static void
want(enum traffic_place p, int64_t ms)
{
	w->ch.traffic.rules.wanted[p].given = true;
	w->ch.traffic.rules.wanted[p].ms = ms;
}

/* Bumpers of 3 s, an id of 5 s. */
static void
pieces(void)
{
	add("/b/1", ASSET_bumper, 75);
	add("/b/2", ASSET_bumper, 75);
	add("/i/1", ASSET_station_id, 125);
}

static void
a_break_is_bumper_spots_id_bumper(void **state)
{
	(void)state;
	pieces();
	add_spots(ASSET_commercial, 2, 750);
	start();
	check_break(1000, 75 + 750 + 750 + 125 + 75, "BssIB");
	assert_ptr_not_equal(out.v[0].asset, out.v[4].asset);
	check_break(90000, 75 + 750 + 50 + 125 + 75, "Bs-IB");
}

static void
filler_comes_after_the_spots(void **state)
{
	(void)state;
	pieces();
	add("/r", ASSET_filler, 100000);
	add_spots(ASSET_commercial, 1, 750);
	w->ch.filler = xstrdup("/r");
	start();
	check_break(0, 2000, "BsfIB");
}

static void
when_time_is_short_the_id_goes_first_the_to_bumper_last(void **state)
{
	static const char *const wants[] = {
		"BsIB", "Bs-B", "BsB", "Bs-", "Bs", "s-", "s", "B-IB",
		"BIB", "B-B", "BB", "B-", "B", "-",
	};
	static const int64_t frames[] = {
		1025, 1024, 900, 899, 825, 824, 750, 749, 275, 274, 150,
		149, 75, 74,
	};

	(void)state;
	pieces();
	add_spots(ASSET_commercial, 1, 750);
	start();
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
		check_break((int64_t)i * DAY, frames[i], wants[i]);
}

static void
a_place_without_an_asset_is_not_taken(void **state)
{
	(void)state;
	add("/i/1", ASSET_station_id, 125);
	add_spots(ASSET_commercial, 1, 750);
	start();
	check_break(0, 875, "sI");
}

static void
a_place_of_no_length_is_not_taken(void **state)
{
	(void)state;
	pieces();
	add_spots(ASSET_commercial, 1, 750);
	want(TRAFFIC_to_break_bumper, 0);
	want(TRAFFIC_station_id, 0);
	start();
	check_break(0, 825, "sB");
}

static void
the_piece_nearest_to_the_length_asked_for_is_taken(void **state)
{
	(void)state;
	add("/b/1", ASSET_bumper, 50);
	add("/b/2", ASSET_bumper, 80);
	add("/b/3", ASSET_bumper, 150);
	add("/i/1", ASSET_station_id, 251);
	want(TRAFFIC_to_break_bumper, 3000);
	want(TRAFFIC_from_break_bumper, 8000);
	want(TRAFFIC_station_id, 5000);		/* not twice as long */
	start();
	check_break(0, 1000, "B-B");
	assert_string_equal(out.v[0].asset->path, "/b/2");
	assert_string_equal(out.v[2].asset->path, "/b/3");
}

static void
a_bumper_airs_on_the_side_that_it_is_for(void **state)
{
	static char tag[] = "from_break";
	static char *tags[] = { tag };
	struct asset *a;

	(void)state;
	add("/b/Retro to-break 1", ASSET_bumper, 75);
	a = add("/b/Retro to-break 2", ASSET_bumper, 75);
	a->about.tags = (struct texts){ tags, 1, 1 };	/* which wins */
	add("/b/from break/1", ASSET_bumper, 75);
	add("/b/x/Hello_FromBreak.mkv", ASSET_bumper, 75);
	start();
	for (int i = 0; i < 6; i++) {
		check_break(i * 10000, 750, "B-B");
		assert_string_equal(out.v[out.n - 3].asset->path,
		    "/b/Retro to-break 1");
		assert_string_not_equal(out.v[out.n - 1].asset->path,
		    "/b/Retro to-break 1");
	}
}

static void
words_within_words_are_for_no_side(void **state)
{
	static const char *const both[] = {
		"/b/Tomato Break.mkv", "/b/to breakfast.mkv", "/b/break.mkv",
		"/to break/x/1.mkv",
	};

	(void)state;
	for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
		struct asset a = { .path = (char *)(uintptr_t)both[i] };

		assert_true(traffic_suits(TRAFFIC_to_break_bumper, &a));
		assert_true(traffic_suits(TRAFFIC_from_break_bumper, &a));
	}
}

static void
pieces_of_about_one_length_take_turns(void **state)
{
	(void)state;
	add("/b/1", ASSET_bumper, 70);
	add("/b/2", ASSET_bumper, 75);
	add("/b/3", ASSET_bumper, 80);
	want(TRAFFIC_to_break_bumper, 3000);
	want(TRAFFIC_from_break_bumper, 0);
	start();
	for (int i = 0; i < 6; i++)
		check_break(i * 1000, 500, "B-");
	for (size_t i = 0; i < 6; i++)
		assert_ptr_equal(out.v[2 * i].asset,
		    out.v[(2 * i + 6) % 12].asset);
	assert_ptr_not_equal(out.v[0].asset, out.v[2].asset);
}

static void
a_spot_rests_for_its_cooldown(void **state)
{
	(void)state;
	add_spots(ASSET_commercial, 1, 250);
	w->ch.traffic.rules.cooldown_s = 60;
	start();
	check_break(0, 250, "s");
	check_break(1499, 250, "-");
	check_break(1800, 250, "s");
	check_break(1800 + 1500, 250, "s");
}

static void
a_type_may_have_its_own_cooldown(void **state)
{
	(void)state;
	add_spots(ASSET_commercial, 1, 250);
	add_spots(ASSET_promo, 1, 300);
	add("/t/1", ASSET_station_id, 25);
	w->ch.traffic.rules.cooldown_s = 3600;
	w->ch.traffic.rules.typed = 1u << ASSET_promo;
	w->ch.traffic.rules.type_cooldown_s[ASSET_promo] = 10;
	start();
	check_break(0, 575, "ssI");
	check_break(1000, 575, "s-I");
	assert_int_equal(seg_len(&out.v[3]), 300);
}

static void
no_spot_airs_more_often_than_its_cap_in_a_day(void **state)
{
	(void)state;
	add_spots(ASSET_commercial, 1, 250);
	w->ch.traffic.rules.plays_max = 2;
	start();
	check_break(0, 250, "s");
	check_break(1000, 250, "s");
	check_break(2000, 250, "-");
	brk_store(b, &cur);
	brk_free(b);
	b = brk_new(sel, &cur, 2500, FOREVER);
	check_break(3000, 250, "s");
}

static void
no_two_of_an_advertiser_or_a_category_are_in_a_break(void **state)
{
	(void)state;
	add_spots(ASSET_commercial, 4, 250);
	w->assets[0].about.advertiser = (char[]){ "Cola" };
	w->assets[1].about.advertiser = (char[]){ "cola" };
	w->assets[1].about.category = (char[]){ "drinks" };
	w->assets[2].about.category = (char[]){ "Drinks" };
	w->assets[3].about.category = (char[]){ "cola" };	/* no name */
	start();
	check_break(0, 1000, "s-s-s-");
	for (size_t i = 0; i < 6; i += 2)
		assert_ptr_not_equal(out.v[i].asset, &w->assets[1]);
}

/* From the day's last seconds into the next one. */
static void
a_break_over_midnight_is_one_break(void **state)
{
	size_t i;

	(void)state;
	pieces();
	add_spots(ASSET_commercial, 3, 250);
	w->assets[3].about.advertiser = (char[]){ "Cola" };
	w->assets[4].about.advertiser = (char[]){ "Cola" };
	w->assets[5].about.advertiser = (char[]){ "Cola" };
	sel = selection_new(&w->ch, &w->lib);
	b = brk_new(sel, &cur, 0, DAY);
	brk_fill(b, &out, DAY - 400, DAY + 800, 0);
	check_kinds(0, "Bs-");
	assert_int_equal(out.v[2].n1, DAY);
	brk_store(b, &cur);
	brk_free(b);
	b = brk_new(sel, &cur, DAY, 2 * DAY);
	i = out.n;
	brk_fill(b, &out, DAY - 400, DAY + 800, 0);
	check_kinds(i, "-IB");
	assert_int_equal(out.v[i].n0, DAY);
}

static void
what_has_aired_is_handed_on_in_order(void **state)
{
	struct brk *other;
	struct segs a = { 0 };

	(void)state;
	pieces();
	add_spots(ASSET_commercial, 20, 250);
	start();
	for (int i = 0; i < 9; i++)
		brk_fill(b, &out, i * 2000, i * 2000 + 1100, 0);
	brk_store(b, &cur);
	for (size_t i = 1; i < cur.naired; i++)
		assert_true(cur.aired[i - 1].at_ms <= cur.aired[i].at_ms);
	other = brk_new(sel, &cur, 80000, FOREVER);
	brk_fill(b, &out, 90000, 92000, 0);
	brk_fill(other, &a, 90000, 92000, 0);
	for (size_t i = 0; i < a.n; i++)
		assert_ptr_equal(a.v[i].asset,
		    out.v[out.n - a.n + i].asset);
	brk_free(other);
	free(a.v);
}

/* What somebody has written into a stored day. */
static void
odd_cursors_do_no_harm(void **state)
{
	struct aired *v = xcalloc(4, sizeof *v);

	(void)state;
	add_spots(ASSET_commercial, 1, 250);
	w->ch.traffic.rules.cooldown_s = 60;
	sel = selection_new(&w->ch, &w->lib);
	v[0].id = v[1].id = v[2].id = sel->stock->v[0].id;
	v[0].at_ms = INT64_C(9200000000000);
	v[1].at_ms = 1000;
	v[3].id = 77;
	cursors_set_aired(&cur, v, 4);
	b = brk_new(sel, &cur, 30, FOREVER);
	check_break(1524, 250, "-");
	check_break(1774, 250, "s");
	brk_store(b, &cur);
	assert_int_equal(cur.naired, 1);
}

static void
only_allowed_types_and_inventories_air(void **state)
{
	static struct inventory inv = { .type = ASSET_psa };

	(void)state;
	add_spots(ASSET_commercial, 1, 250);
	add_spots(ASSET_promo, 1, 260);
	add_spots(ASSET_psa, 1, 270);
	inv.match.types = 1u << ASSET_promo;
	w->ch.traffic.inventories = &inv;
	w->ch.traffic.ninventories = 1;
	w->ch.traffic.rules.allowed = 1u << ASSET_psa;
	start();
	check_break(0, 1000, "s-");
	assert_int_equal(seg_len(&out.v[0]), 260);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_break_is_bumper_spots_id_bumper),
		TEST(filler_comes_after_the_spots),
		TEST(when_time_is_short_the_id_goes_first_the_to_bumper_last),
		TEST(a_place_without_an_asset_is_not_taken),
		TEST(a_place_of_no_length_is_not_taken),
		TEST(the_piece_nearest_to_the_length_asked_for_is_taken),
		TEST(a_bumper_airs_on_the_side_that_it_is_for),
		TEST(words_within_words_are_for_no_side),
		TEST(pieces_of_about_one_length_take_turns),
		TEST(a_spot_rests_for_its_cooldown),
		TEST(a_type_may_have_its_own_cooldown),
		TEST(no_spot_airs_more_often_than_its_cap_in_a_day),
		TEST(no_two_of_an_advertiser_or_a_category_are_in_a_break),
		TEST(a_break_over_midnight_is_one_break),
		TEST(what_has_aired_is_handed_on_in_order),
		TEST(odd_cursors_do_no_harm),
		TEST(only_allowed_types_and_inventories_air),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
