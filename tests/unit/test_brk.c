#include "world.h"
#include "plan/brk.h"
#include "plan/layout.h"

#define FOREVER	(INT64_C(1) << 50)

static struct world *w;
static struct selection *sel;
static struct brk *b;
static struct segs out;
static struct cursors cur;	/* nothing has aired */

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	brk_free(b);
	selection_free(sel);
	free(out.v);
	out = (struct segs){ 0 };
	world_free(w);
	return 0;
}

/* Filler of so many frames, spots of these. */
static void
stock(int64_t filler, const int64_t *spots, int n)
{
	if (filler > 0) {
		world_asset(w, "/f", ASSET_filler, filler * S / 25);
		w->ch.filler = xstrdup("/f");
	}
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("/s/%03d", i);

		world_asset(w, path, ASSET_commercial, spots[i] * S / 25);
		free(path);
	}
	sel = selection_new(&w->ch, &w->lib);
	b = brk_new(sel, &cur, 0, FOREVER);
}

static void
check_tiles(int64_t n0, int64_t n1)
{
	for (size_t i = 0; i < out.n; i++) {
		assert_int_equal(out.v[i].n0, n0);
		n0 = out.v[i].n1;
	}
	assert_int_equal(n0, n1);
}

static int64_t
frames_of(enum segment_kind kind)
{
	int64_t n = 0;

	for (size_t i = 0; i < out.n; i++)
		if (out.v[i].kind == kind)
			n += seg_len(&out.v[i]);
	return n;
}

#define STOCK(filler, ...)						\
	stock(filler, (const int64_t[]){ __VA_ARGS__ },			\
	    sizeof (const int64_t[]){ __VA_ARGS__ } / sizeof(int64_t))

static void
a_break_that_can_be_filled_exactly_is(void **state)
{
	(void)state;
	STOCK(0, 700, 701, 310, 325, 480, 515);
	brk_fill(b, &out, 1000, 1000 + 701 + 325 + 515, 3);
	check_tiles(1000, 1000 + 701 + 325 + 515);
	assert_int_equal(frames_of(SEGMENT_pad), 0);
	for (size_t i = 0; i < out.n; i++) {
		assert_int_equal(out.v[i].kind, SEGMENT_spot);
		assert_int_equal(out.v[i].in, 0);
		assert_int_equal(out.v[i].programme, 3);
	}
}

static void
what_is_left_over_is_spread_after_the_spots(void **state)
{
	(void)state;
	STOCK(0, 500, 400);
	brk_fill(b, &out, 0, 901 + 50, 0);
	check_tiles(0, 951);
	assert_int_equal(out.n, 4);
	assert_int_equal(out.v[1].kind, SEGMENT_pad);
	assert_int_equal(seg_len(&out.v[1]), 26);
	assert_int_equal(out.v[3].kind, SEGMENT_pad);
	assert_int_equal(seg_len(&out.v[3]), 25);
}

static void
a_pad_is_not_chopped_into_less_than_half_a_second(void **state)
{
	(void)state;
	STOCK(0, 500, 400);
	brk_fill(b, &out, 0, 900 + 20, 0);
	check_tiles(0, 920);
	assert_int_equal(out.n, 3);
	assert_int_equal(out.v[2].kind, SEGMENT_pad);
	assert_int_equal(seg_len(&out.v[2]), 20);
}

static void
more_than_ten_seconds_over_are_filler(void **state)
{
	(void)state;
	STOCK(100000, 500);
	brk_fill(b, &out, 0, 500 + 251, 0);
	check_tiles(0, 751);
	assert_int_equal(frames_of(SEGMENT_filler), 251);
	brk_fill(b, &out, 751, 751 + 500 + 250, 0);
	check_tiles(0, 1501);
	assert_int_equal(frames_of(SEGMENT_filler), 251);
	assert_int_equal(frames_of(SEGMENT_pad), 250);
}

static void
without_spots_and_filler_a_break_is_pad(void **state)
{
	(void)state;
	stock(0, NULL, 0);
	brk_fill(b, &out, 5, 5000, 0);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.v[0].kind, SEGMENT_pad);
	check_tiles(5, 5000);
}

static void
no_spot_airs_twice_in_a_break(void **state)
{
	(void)state;
	STOCK(0, 300, 300, 300);
	brk_fill(b, &out, 0, 3000, 0);
	check_tiles(0, 3000);
	assert_int_equal(frames_of(SEGMENT_spot), 900);
}

static void
spots_take_turns(void **state)
{
	const struct asset *a[8];

	(void)state;
	STOCK(0, 100, 100, 100, 100, 100);
	for (int i = 0; i < 8; i++) {
		brk_fill(b, &out, i * 100, i * 100 + 100, 0);
		a[i] = out.v[i].asset;
	}
	for (int i = 0; i < 8; i++)
		for (int k = i + 1; k < 8; k++)
			assert_true((a[i] == a[k]) == (k - i == 5));
}

static void
of_equal_fillings_the_least_recently_aired_is_taken(void **state)
{
	(void)state;
	STOCK(0, 300, 300, 300, 300, 300, 300);
	brk_fill(b, &out, 0, 600, 0);
	brk_fill(b, &out, 600, 1200, 0);
	brk_fill(b, &out, 1200, 1800, 0);
	assert_int_equal(out.n, 6);
	for (size_t i = 0; i < 6; i++)
		for (size_t k = i + 1; k < 6; k++)
			assert_ptr_not_equal(out.v[i].asset, out.v[k].asset);
}

static void
a_break_longer_than_one_round_is_filled(void **state)
{
	int64_t spots[60];

	(void)state;
	for (int i = 0; i < 60; i++)
		spots[i] = 375 + i * 37 % 400;
	stock(0, spots, 60);
	brk_fill(b, &out, 0, 20001, 0);
	check_tiles(0, 20001);
	assert_int_equal(frames_of(SEGMENT_spot), 20001);
}

static void
bad_and_tiny_spots_and_other_types_do_not_air(void **state)
{
	(void)state;
	world_asset(w, "/s/1", ASSET_commercial, 30 * S)->bad =
	    xstrdup("gone");
	world_asset(w, "/s/2", ASSET_commercial, 2 * S / 5);
	world_asset(w, "/s/3", ASSET_bumper, 10 * S);
	world_asset(w, "/s/4", ASSET_station_id, 10 * S);
	world_asset(w, "/s/5", ASSET_filler, 10 * S);
	world_asset(w, "/s/6", ASSET_promo, 10 * S);
	stock(0, NULL, 0);
	brk_fill(b, &out, 0, 3000, 0);
	assert_int_equal(frames_of(SEGMENT_spot), 250);
	free(w->assets[0].bad);
}

static void
filler_rolls_on_with_the_frame_number(void **state)
{
	(void)state;
	stock(1000, NULL, 0);
	brk_idle(b, &out, 5300, 7500);
	check_tiles(5300, 7500);
	assert_int_equal(out.n, 3);
	assert_int_equal(out.v[0].in, 300);
	assert_int_equal(out.v[1].in, 0);
	assert_int_equal(seg_len(&out.v[1]), 1000);
	assert_int_equal(out.v[2].in, 0);
	assert_int_equal(out.v[2].programme, DAY_OFF_AIR);
}

static void
a_piece_of_filler_too_short_for_a_child_is_pad(void **state)
{
	(void)state;
	stock(1000, NULL, 0);
	brk_idle(b, &out, 5995, 7005);
	brk_trim(b, &out, 0, 10000);
	check_tiles(5995, 7005);
	assert_int_equal(out.n, 3);
	assert_int_equal(out.v[0].kind, SEGMENT_pad);
	assert_int_equal(out.v[1].kind, SEGMENT_filler);
	assert_int_equal(out.v[2].kind, SEGMENT_pad);
}

/* Assets of so many frames each, 0 for one that is too short to count. */
static void
reel(const int64_t *frames, int n)
{
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("/f/%d", i);

		world_asset(w, path, ASSET_filler, frames[i] > 0 ?
		    frames[i] * S / 25 : 2 * S / 5);
		free(path);
	}
	w->ch.filler_pool = &w->pools[world_pool(w, "/f")];
	stock(0, NULL, 0);
}

static void
check_part(size_t i, int asset, int64_t frames, int64_t in)
{
	assert_true(i < out.n);
	assert_int_equal(out.v[i].kind, SEGMENT_filler);
	assert_ptr_equal(out.v[i].asset, &w->assets[asset]);
	assert_int_equal(seg_len(&out.v[i]), frames);
	assert_int_equal(out.v[i].in, in);
}

static void
a_pool_of_filler_is_one_long_reel(void **state)
{
	(void)state;
	reel((const int64_t[]){ 1000, 0, 333, 500 }, 4);
	brk_idle(b, &out, 1833 * 7 + 900, 1833 * 8 + 20);
	check_tiles(1833 * 7 + 900, 1833 * 8 + 20);
	assert_int_equal(out.n, 4);
	check_part(0, 0, 100, 900);
	check_part(1, 2, 333, 0);
	check_part(2, 3, 500, 0);
	check_part(3, 0, 20, 0);
}

static void
a_reel_rolls_on_behind_everything_else(void **state)
{
	(void)state;
	reel((const int64_t[]){ 1000, 333, 500 }, 3);
	brk_idle(b, &out, 0, 500);
	brk_idle(b, &out, 1100, 1200);
	brk_fill(b, &out, 1700, 2000, 0);
	assert_int_equal(out.n, 4);
	check_part(1, 1, 100, 100);
	check_part(2, 2, 133, 367);
	check_part(3, 0, 167, 0);
}

static void
a_reel_is_in_the_order_of_its_pool(void **state)
{
	(void)state;
	world_asset(w, "/f/10", ASSET_filler, S);
	world_asset(w, "/f/2", ASSET_filler, S);
	reel(NULL, 0);
	brk_idle(b, &out, 0, 50);
	check_part(0, 1, 25, 0);
	check_part(1, 0, 25, 0);
}

static void
an_empty_pool_of_filler_is_none(void **state)
{
	(void)state;
	reel((const int64_t[]){ 0, 0 }, 2);
	brk_idle(b, &out, 0, 7005);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.v[0].kind, SEGMENT_pad);
}

/* The day before or after goes on with it. */
static void
a_piece_of_filler_at_the_days_edge_stays(void **state)
{
	(void)state;
	stock(1000, NULL, 0);
	brk_idle(b, &out, 5995, 7005);
	brk_trim(b, &out, 5995, 7005);
	assert_int_equal(out.n, 3);
	check_part(0, 0, 5, 995);
	check_part(2, 0, 5, 0);
}

static void
pieces_of_filler_that_run_on_count_as_one(void **state)
{
	(void)state;
	stock(1000, NULL, 0);
	brk_idle(b, &out, 3000, 3008);
	brk_idle(b, &out, 3008, 3013);
	brk_trim(b, &out, 0, 10000);
	check_part(0, 0, 8, 0);
	check_part(1, 0, 5, 8);
}

static void
bad_filler_is_none(void **state)
{
	(void)state;
	world_asset(w, "/f", ASSET_filler, 0)->bad = xstrdup("gone");
	w->ch.filler = xstrdup("/f");
	stock(0, NULL, 0);
	brk_idle(b, &out, 0, 7005);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.v[0].kind, SEGMENT_pad);
	free(w->assets[0].bad);
}

static void
channels_open_with_different_spots(void **state)
{
	size_t seen = 0;
	int64_t spots[50];
	bool first[51] = { false };

	(void)state;
	for (int i = 0; i < 50; i++)
		spots[i] = 100;
	stock(0, spots, 50);
	for (int i = 0; i < 100; i++) {
		struct selection *other;
		struct brk *d;

		free(w->ch.slug);
		w->ch.slug = xasprintf("c%d", i);
		other = selection_new(&w->ch, &w->lib);
		d = brk_new(other, &cur, 0, FOREVER);
		brk_fill(d, &out, i * 100, i * 100 + 100, 0);
		first[out.v[i].asset - w->assets] = true;
		brk_free(d);
		selection_free(other);
	}
	for (size_t i = 0; i < 51; i++)
		seen += first[i];
	assert_true(seen > 30);
}

/* The most that any subset of the spots can fill, by trying all. */
static int64_t
best_fill(const int64_t *spots, int n, int64_t room)
{
	int64_t best = 0;

	for (unsigned set = 0; set < 1u << n; set++) {
		int64_t sum = 0;

		for (int i = 0; i < n; i++)
			sum += set >> i & 1 ? spots[i] : 0;
		if (sum <= room && sum > best)
			best = sum;
	}
	return best;
}

static void
nothing_fills_a_break_better(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		int n = 1 + (int)(seed % 10);
		int64_t spots[10], room;

		w->seed = seed;
		for (int i = 0; i < n; i++)
			spots[i] = 13 + world_random(w, 800);
		room = 1 + world_random(w, 3000);
		stock(0, spots, n);
		brk_fill(b, &out, 77, 77 + room, 0);
		check_tiles(77, 77 + room);
		assert_int_equal(frames_of(SEGMENT_spot),
		    best_fill(spots, n, room));
		teardown(NULL);
		setup(NULL);
	}
	stock(0, NULL, 0);	/* for the last teardown */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_break_that_can_be_filled_exactly_is),
		TEST(what_is_left_over_is_spread_after_the_spots),
		TEST(a_pad_is_not_chopped_into_less_than_half_a_second),
		TEST(more_than_ten_seconds_over_are_filler),
		TEST(without_spots_and_filler_a_break_is_pad),
		TEST(no_spot_airs_twice_in_a_break),
		TEST(spots_take_turns),
		TEST(of_equal_fillings_the_least_recently_aired_is_taken),
		TEST(a_break_longer_than_one_round_is_filled),
		TEST(bad_and_tiny_spots_and_other_types_do_not_air),
		TEST(filler_rolls_on_with_the_frame_number),
		TEST(a_piece_of_filler_too_short_for_a_child_is_pad),
		TEST(a_pool_of_filler_is_one_long_reel),
		TEST(a_reel_rolls_on_behind_everything_else),
		TEST(a_reel_is_in_the_order_of_its_pool),
		TEST(an_empty_pool_of_filler_is_none),
		TEST(a_piece_of_filler_at_the_days_edge_stays),
		TEST(pieces_of_filler_that_run_on_count_as_one),
		TEST(bad_filler_is_none),
		TEST(channels_open_with_different_spots),
		TEST(nothing_fills_a_break_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
