#include "oneday.h"

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	d = NULL;
	return 0;
}

static void
check_seg(size_t i, enum segment_kind kind, int64_t n0, int64_t n1,
    int64_t in)
{
	assert_true(i < d->nsegments);
	assert_int_equal(d->segments[i].kind, kind);
	assert_int_equal(d->segments[i].n0, n0);
	assert_int_equal(d->segments[i].n1, n1);
	assert_int_equal(d->segments[i].in, in);
}

static void
a_day_without_blocks_is_off_air(void **state)
{
	(void)state;
	d = world_day(w, DATE);
	assert_int_equal(d->nprogrammes, 0);
	assert_int_equal(d->nsegments, 1);
	check_seg(0, SEGMENT_pad, DATE * 86400 * 25,
	    (DATE + 1) * 86400 * 25, 0);
	assert_int_equal(d->segments[0].programme, DAY_OFF_AIR);
}

static void
episodes_follow_one_another_on_the_grid(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/a/3", ASSET_episode, 31 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/1", at(0, 0), at(0, 30));
	check_programme(1, "/a/2", at(0, 30), at(1, 0));
	check_programme(2, "/a/3", at(1, 0), at(2, 0));
	check_programme(3, "/a/1", at(2, 0), at(2, 30));
	assert_int_equal(d->nprogrammes, 36);
}

static void
numbers_in_paths_count_as_numbers(void **state)
{
	(void)state;
	world_asset(w, "/a/S01E01", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/a/S01E10", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/a/S01E2", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/a/S1E3", ASSET_episode, 30 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_programme(0, "/a/S01E01", at(0, 0), at(0, 30));
	check_programme(1, "/a/S01E2", at(0, 30), at(1, 0));
	check_programme(2, "/a/S1E3", at(1, 0), at(1, 30));
	check_programme(3, "/a/S01E10", at(1, 30), at(2, 0));
}

/* The day's programmes in their order, a letter each. */
static void
check_order(enum pool_order order, const char *want)
{
	w->pools[0].order = order;
	d = world_day(w, DATE);
	for (size_t i = 0; want[i] != '\0'; i++)
		assert_int_equal(d->programmes[i].asset->path[3], want[i]);
	day_free(d);
	d = NULL;
}

static void
a_pool_comes_in_the_order_it_asks_for(void **state)
{
	static char cheers[] = "Cheers";
	struct asset *a;

	(void)state;
	a = world_asset(w, "/a/a Zulu", ASSET_movie, 20 * MINUTE);
	a->about.year = 1964;
	a = world_asset(w, "/a/b S02E01", ASSET_episode, 20 * MINUTE);
	a->about = (struct asset_about){ .series = cheers, .season = 2,
	    .episode = 1, .year = 1983 };
	a = world_asset(w, "/a/c S01E02", ASSET_episode, 20 * MINUTE);
	a->about = (struct asset_about){ .series = cheers, .season = 1,
	    .episode = 2, .year = 1982 };
	a = world_asset(w, "/a/d Alien", ASSET_movie, 20 * MINUTE);
	a->about.year = 1979;
	w->assets[0].title[0] = w->assets[3].title[0] = 'Z';
	w->assets[0].title[3] = 'Z';
	w->assets[3].title[3] = 'A';
	world_block(w, 0, 2 * HOUR_S, world_pool(w, "/a"));
	check_order(POOL_BY_NAME, "cbda");
	check_order(POOL_BY_PATH, "abcd");
	check_order(POOL_BY_YEAR, "adcb");
	d = world_day(w, DATE);
}

static void
several_pools_follow_in_the_order_given(void **state)
{
	size_t a, b;
	struct block *blk;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/b/1", ASSET_episode, 30 * MINUTE);
	a = world_pool(w, "/a");
	b = world_pool(w, "/b");
	blk = world_block(w, 0, 86400, b);
	blk->pools[1] = a;
	blk->npools = 2;
	d = world_day(w, DATE);
	check_programme(0, "/b/1", at(0, 0), at(0, 30));
	check_programme(1, "/a/1", at(0, 30), at(1, 0));
}

static void
a_later_block_replaces_what_it_covers(void **state)
{
	size_t a, b;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_asset(w, "/b/1", ASSET_episode, 30 * MINUTE);
	a = world_pool(w, "/a");
	b = world_pool(w, "/b");
	world_block(w, 0, 86400, a);
	world_block(w, 20 * HOUR_S, HOUR_S, b)->title = (char *)(uintptr_t)"B";
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(39, "/a/1", at(19, 30), at(20, 0));
	check_programme(40, "B", at(20, 0), at(20, 30));
	check_programme(41, "B", at(20, 30), at(21, 0));
	check_programme(42, "/a/1", at(21, 0), at(21, 30));
}

static void
what_does_not_fit_is_not_chosen_and_keeps_its_turn(void **state)
{
	struct selection *s;
	struct cursors c;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 60 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 90 * MINUTE);
	world_block(w, 10 * HOUR_S, 2 * HOUR_S, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	cursors_init(&c, &w->ch);
	d = plan_day(&w->ch, s, w->z, &c, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 1);
	assert_int_equal(c.v[0].place, 0);
	check_seg(2, SEGMENT_pad, at(11, 0), at(12, 0), 0);
	day_free(d);
	d = plan_day(&w->ch, s, w->z, &c, DATE + 1);
	check_programme(0, "/a/2", at(10, 0), at(11, 30));
	assert_int_equal(c.v[0].place, 1);
	cursors_fini(&c);
	selection_free(s);
}

static void
what_fits_no_block_is_left_out(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_movie, 150 * MINUTE);
	world_asset(w, "/a/2", ASSET_movie, 120 * MINUTE);
	world_asset(w, "/a/3", ASSET_movie, 0)->bad = (char *)(uintptr_t)"x";
	world_block(w, 10 * HOUR_S, 2 * HOUR_S, world_pool(w, "/a"));
	d = world_day(w, DATE);
	assert_int_equal(d->nprogrammes, 1);
	check_programme(0, "/a/2", at(10, 0), at(12, 0));
}

static void
a_block_off_the_grid_ends_its_first_slot_on_it(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 5 * MINUTE);
	world_block(w, 10 * HOUR_S + 600, HOUR_S, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_programme(0, "/a/1", at(10, 10), at(10, 30));
	check_programme(1, "/a/1", at(10, 30), at(11, 0));
	check_programme(2, "/a/1", at(11, 0), at(11, 10));
}

static void
the_grid_is_local(void **state)
{
	(void)state;
	world_zone(w, 3);		/* UTC+10:30 */
	w->ch.format.grid_minutes = 60;
	world_asset(w, "/a/1", ASSET_episode, 5 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, civil_to_days(2025, 7, 1));
	assert_int_equal(d->nprogrammes, 24);
	check_programme(1, "/a/1", at(1, 0), at(2, 0));
}

/* Two avails share eight minutes less one frame. */
static void
the_budget_is_divided_over_the_avails(void **state)
{
	struct asset *a;
	int64_t n;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE + S / 25);
	world_marker(a, MARKER_avail, 7 * MINUTE, -1);
	world_marker(a, MARKER_avail, 14 * MINUTE, -1);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_day(w, d);
	n = d->n0;
	check_seg(0, SEGMENT_programme, n, n + 10500, 0);
	n += 10500;
	check_seg(1, SEGMENT_pad, n, n + 6000, 0);
	n += 6000;
	check_seg(2, SEGMENT_programme, n, n + 10500, 10500);
	n += 10500;
	check_seg(3, SEGMENT_pad, n, n + 5999, 0);
	n += 5999;
	check_seg(4, SEGMENT_programme, n, at(0, 30), 21000);
}

static void
a_programme_too_short_for_acts_has_its_break_after_it(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 8 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_seg(0, SEGMENT_programme, at(0, 0), at(0, 8), 0);
	check_seg(1, SEGMENT_pad, at(0, 8), at(0, 30), 0);
	assert_int_equal(d->segments[1].programme, 0);
}

/* Three acts as 6, 5 and 4; the second break finds a silent moment. */
static void
without_an_avail_breaks_come_by_rule(void **state)
{
	struct asset_lull lull = { .at_us = 961 * S, .silent = true };
	struct asset *a;
	int64_t n;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);
	a->lulls = &lull;
	a->nlulls = 1;
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_day(w, d);
	n = d->n0 + 33000 * 6 / 15;
	check_seg(0, SEGMENT_programme, d->n0, n, 0);
	assert_false(d->segments[0].fade_in);
	assert_true(d->segments[0].fade_out);
	check_seg(1, SEGMENT_pad, n, n + 6000, 0);
	n += 6000;
	check_seg(2, SEGMENT_programme, n, n + 961 * 25 - 13200, 13200);
	assert_true(d->segments[2].fade_in);
	assert_false(d->segments[2].fade_out);
	n += 961 * 25 - 13200 + 6000;
	check_seg(4, SEGMENT_programme, n, at(0, 30), 961 * 25);
	assert_false(d->segments[4].fade_in);
	assert_false(d->segments[4].fade_out);
}

/* Half a minute is a break, less is not worth one. */
static void
a_budget_too_small_breaks_into_nothing(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE - 29 * S);
	world_asset(w, "/a/2", ASSET_episode, 30 * MINUTE - 59 * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_seg(1, SEGMENT_pad, at(0, 30) - 29 * 25, at(0, 30), 0);
	assert_int_equal(d->segments[3].kind, SEGMENT_pad);
	assert_int_equal(seg_len(&d->segments[3]), 59 * 25);
	assert_int_equal(d->segments[4].n1, at(1, 0));
}

static void
a_movie_channel_breaks_after_the_film_only(void **state)
{
	struct asset *a;

	(void)state;
	w->ch.type = CHAN_MOVIE;
	a = world_asset(w, "/a/1", ASSET_movie, 22 * MINUTE);
	world_marker(a, MARKER_avail, 7 * MINUTE, -1);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_seg(0, SEGMENT_programme, at(0, 0), at(0, 7), 0);
	check_seg(1, SEGMENT_programme, at(0, 7), at(0, 22), 7 * 60 * 25);
	check_seg(2, SEGMENT_pad, at(0, 22), at(0, 30), 0);
}

static void
what_is_cut_out_joins_the_budget(void **state)
{
	struct asset *a;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_episode, 32 * MINUTE);
	world_marker(a, MARKER_avail, 10 * MINUTE, 14 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_programme(0, "/a/1", at(0, 0), at(0, 30));
	check_seg(0, SEGMENT_programme, at(0, 0), at(0, 10), 0);
	check_seg(1, SEGMENT_pad, at(0, 10), at(0, 12), 0);
	check_seg(2, SEGMENT_programme, at(0, 12), at(0, 30), 14 * 60 * 25);
}

static void
a_budget_too_small_goes_to_the_first_avails(void **state)
{
	struct asset *a;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE - S);
	for (int i = 1; i < 10; i++)
		world_marker(a, MARKER_avail, i * MINUTE, -1);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_seg(1, SEGMENT_pad, at(0, 1), at(0, 1) + 25, 0);
	check_seg(2, SEGMENT_programme, at(0, 1) + 25, at(0, 2) + 25, 1500);
}

/* At 23.976 an hour and a half is no whole number of frames. */
static void
a_programme_as_long_as_its_slot_takes_just_it(void **state)
{
	(void)state;
	w->ch.format.rate = (struct rate){ 24000, 1001 };
	w->ch.format.grid_minutes = 1;
	world_asset(w, "/a/1", ASSET_episode, MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 1440);
	for (size_t i = 0; i < d->nsegments; i++)
		assert_true(seg_len(&d->segments[i]) == 1 ||
		    seg_len(&d->segments[i]) >= 1438);
}

/* 05:00 to 08:00 with the day's start at 06:00, and a film of two hours. */
static void
a_programme_carries_on_over_the_start_of_the_day(void **state)
{
	struct selection *s;
	struct cursors c;
	struct day *next;

	(void)state;
	w->ch.day_start_s = 6 * HOUR_S;
	world_asset(w, "/a/1", ASSET_movie, 120 * MINUTE);
	world_asset(w, "/a/2", ASSET_movie, 60 * MINUTE);
	world_asset(w, "/a/3", ASSET_movie, 150 * MINUTE);
	world_block(w, 5 * HOUR_S, 3 * HOUR_S, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	cursors_init(&c, &w->ch);
	d = plan_day(&w->ch, s, w->z, &c, DATE);
	/* The night before left its block with the first position, too. */
	check_programme(0, "/a/1", at(-1, 0), at(1, 0));
	check_programme(1, "/a/2", at(1, 0), at(2, 0));
	check_programme(2, "/a/3", at(23, 0), at(25, 30));
	assert_int_equal(c.v[0].place, 1);
	next = plan_day(&w->ch, s, w->z, &c, DATE + 1);
	check_day(w, d);
	check_day(w, next);
	assert_int_equal(next->segments[0].in, 60 * 60 * 25);
	assert_ptr_equal(next->programmes[0].asset, d->programmes[2].asset);
	assert_int_equal(next->programmes[0].n0, d->programmes[2].n0);
	day_free(next);
	cursors_fini(&c);
	selection_free(s);
}

/* The break is from 05:28 to 06:00. */
static void
a_break_over_the_start_of_the_day_cuts_no_spot(void **state)
{
	struct day *next;

	(void)state;
	w->ch.type = CHAN_MOVIE;
	w->ch.day_start_s = 5 * HOUR_S + 50 * 60;
	w->ch.format.grid_minutes = 60;
	world_asset(w, "/a/1", ASSET_episode, 28 * MINUTE);
	world_asset(w, "/s/1", ASSET_commercial, 21 * MINUTE);
	world_block(w, 5 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	d = world_day(w, DATE);
	next = world_day(w, DATE + 1);
	check_day(w, d);
	check_day(w, next);
	check_seg(d->nsegments - 2, SEGMENT_spot, at(23, 38), at(23, 59), 0);
	assert_int_equal(d->programmes[1].n1, next->programmes[0].n1);
	assert_int_equal(next->segments[0].kind, SEGMENT_pad);
	assert_int_equal(seg_len(&next->segments[0]), 10 * 60 * 25);
	day_free(next);
}

static void
a_block_before_day_start_is_in_the_night_after(void **state)
{
	(void)state;
	w->ch.day_start_s = 6 * HOUR_S;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_block(w, HOUR_S, HOUR_S / 2, world_pool(w, "/a"));
	d = world_day(w, DATE);
	assert_int_equal(d->n0, (DATE * 86400 + 6 * HOUR_S) * 25);
	assert_int_equal(d->nprogrammes, 1);
	check_programme(0, "/a/1", at(19, 0), at(19, 30));
}

static void
warnings_name_what_will_show_on_the_air(void **state)
{
	struct selection *s;
	struct errs e = { 0 };
	struct asset *a;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_movie, 60 * MINUTE);
	world_marker(a, MARKER_avail, 10 * MINUTE, -1);
	world_marker(a, MARKER_avail, 10 * MINUTE + S / 5, -1);
	world_asset(w, "/a/2", ASSET_movie, 150 * MINUTE);
	world_block(w, 10 * HOUR_S, 2 * HOUR_S, world_pool(w, "/a"));
	world_block(w, 12 * HOUR_S, 2 * HOUR_S, world_pool(w, "/none"));
	w->blocks[w->ch.nblocks++] = (struct block){
		.kind = BLOCK_OFF_AIR, .start_s = 14 * HOUR_S,
		.length_s = 20 * HOUR_S,
	};
	s = selection_new(&w->ch, &w->lib);
	selection_check(s, false, &e);
	assert_int_equal(e.n, 4);
	assert_int_equal(e.faults, 0);
	assert_string_equal(e.items[0].file, "channels/one.yaml");
	assert_int_equal(e.items[0].line, 21);
	assert_non_null(strstr(e.items[0].text, "'/none'"));
	assert_int_equal(e.items[1].line, 41);
	assert_string_equal(e.items[2].file, "/a/1");
	assert_string_equal(e.items[3].file, "/a/2");
	errs_fini(&e);
	selection_free(s);
}

static void
a_block_of_empty_pools_is_a_fault_once_the_library_is_whole(void **state)
{
	struct selection *s;
	struct errs e = { 0 };

	(void)state;
	world_asset(w, "/a/1", ASSET_movie, 150 * MINUTE);
	world_block(w, 0, 23 * HOUR_S, world_pool(w, "/none"));
	world_block(w, 23 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	selection_check(s, false, &e);
	assert_int_equal(e.faults, 0);
	selection_check(s, true, &e);
	assert_int_equal(e.faults, 1);	/* and not what is too long */
	errs_fini(&e);
	/* one that has something else is none */
	w->blocks[0].pools[w->blocks[0].npools++] = 1;
	selection_free(s);
	s = selection_new(&w->ch, &w->lib);
	selection_check(s, true, &e);
	assert_int_equal(e.faults, 0);
	errs_fini(&e);
	selection_free(s);
}

static void
breaks_that_cannot_be_filled_are_warned_of(void **state)
{
	static char old[] = "old";
	static struct inventory inv = {
		.name = old, .type = ASSET_psa, .at = { 7, 5 },
	};
	struct traffic_rules *r = &w->ch.traffic.rules;
	struct selection *s;
	struct errs e = { 0 };
	struct buf out = { 0 };

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 29 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 25 * MINUTE);
	world_asset(w, "/a/3", ASSET_episode, 30 * MINUTE - 10 * S);
	world_asset(w, "/s/1", ASSET_commercial, 61 * S);
	world_asset(w, "/s/2", ASSET_bumper, 7 * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	r->allowed = 1u << ASSET_commercial | 1u << ASSET_promo |
	    1u << ASSET_filler;
	r->allowed_at[ASSET_promo] = (struct traffic_at){ 5, 8 };
	r->wanted[TRAFFIC_to_break_bumper].given = true;
	r->wanted[TRAFFIC_to_break_bumper].ms = 3000;
	r->wanted[TRAFFIC_to_break_bumper].at = (struct traffic_at){ 6, 9 };
	w->ch.traffic.inventories = &inv;
	w->ch.traffic.ninventories = 1;
	inv.match.types = 1u << ASSET_psa;
	s = selection_new(&w->ch, &w->lib);
	selection_check(s, true, &e);
	assert_int_equal(e.faults, 0);
	errs_print(&e, &out);
	assert_string_equal(buf_str(&out),
	    "/a/1: warning: its breaks on channel 'one' are shorter than "
	    "every spot\n"
	    "channels/one.yaml:5:8: warning: there is no promo that can "
	    "air\n"
	    "channels/one.yaml:6:9: warning: there is no bumper of up to "
	    "6000 ms\n"
	    "channels/one.yaml:7:5: warning: inventory 'old' has nothing "
	    "that can air\n");
	buf_fini(&out);
	errs_fini(&e);
	selection_free(s);
}

static void
check_filler_warning(const char *text)
{
	struct selection *s = selection_new(&w->ch, &w->lib);
	struct errs e = { 0 };

	selection_check(s, true, &e);
	assert_int_equal(e.n, text != NULL);
	if (text != NULL) {
		assert_string_equal(e.items[0].text, text);
		assert_string_equal(e.items[0].file, "channels/one.yaml");
		assert_true(e.items[0].line > 0);
	}
	errs_fini(&e);
	selection_free(s);
}

static void
filler_that_cannot_air_is_warned_of(void **state)
{
	struct asset *a = world_asset(w, "/f/1", ASSET_filler, 2 * S / 5);

	(void)state;
	w->blocks[w->ch.nblocks++] = (struct block){
		.kind = BLOCK_OFF_AIR, .length_s = 86400,
	};
	w->ch.filler = xstrdup("/f/1");
	w->ch.filler_at.line = 9;
	check_filler_warning("filler '/f/1' cannot air: shorter than half a "
	    "second");
	a->bad = (char *)(uintptr_t)"gone";
	check_filler_warning("filler '/f/1' cannot air: gone");
	a->bad = NULL;
	a->duration_us = S;
	check_filler_warning(NULL);
	w->lib.n = 0;
	check_filler_warning("filler '/f/1' cannot air: no such media file "
	    "(a directory can be a pool, and the pool's name stand here)");
	w->lib.n = 1;
	free(w->ch.filler);
	w->ch.filler = NULL;
	w->ch.filler_pool = &w->pools[world_pool(w, "/none")];
	check_filler_warning("pool '/none' has nothing that can air");
}

static void
a_sound_channel_has_no_warnings(void **state)
{
	struct selection *s;
	struct errs e = { 0 };

	(void)state;
	world_marker(world_asset(w, "/a/1", ASSET_movie, 60 * MINUTE),
	    MARKER_chapter, 0, 60 * MINUTE);
	world_block(w, 10 * HOUR_S, 24 * HOUR_S, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	selection_check(s, true, &e);
	assert_int_equal(e.n, 0);
	errs_fini(&e);
	selection_free(s);
}

static void
kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(segment_kind_name(SEGMENT_programme),
	    "programme");
	assert_string_equal(segment_kind_name(SEGMENT_pad), "pad");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_day_without_blocks_is_off_air),
		TEST(episodes_follow_one_another_on_the_grid),
		TEST(numbers_in_paths_count_as_numbers),
		TEST(a_pool_comes_in_the_order_it_asks_for),
		TEST(several_pools_follow_in_the_order_given),
		TEST(a_later_block_replaces_what_it_covers),
		TEST(what_does_not_fit_is_not_chosen_and_keeps_its_turn),
		TEST(what_fits_no_block_is_left_out),
		TEST(a_block_off_the_grid_ends_its_first_slot_on_it),
		TEST(the_grid_is_local),
		TEST(the_budget_is_divided_over_the_avails),
		TEST(a_programme_too_short_for_acts_has_its_break_after_it),
		TEST(without_an_avail_breaks_come_by_rule),
		TEST(a_budget_too_small_breaks_into_nothing),
		TEST(a_movie_channel_breaks_after_the_film_only),
		TEST(what_is_cut_out_joins_the_budget),
		TEST(a_budget_too_small_goes_to_the_first_avails),
		TEST(a_programme_as_long_as_its_slot_takes_just_it),
		TEST(a_programme_carries_on_over_the_start_of_the_day),
		TEST(a_break_over_the_start_of_the_day_cuts_no_spot),
		TEST(a_block_before_day_start_is_in_the_night_after),
		TEST(warnings_name_what_will_show_on_the_air),
		TEST(a_block_of_empty_pools_is_a_fault_once_the_library_is_whole),
		TEST(breaks_that_cannot_be_filled_are_warned_of),
		TEST(filler_that_cannot_air_is_warned_of),
		TEST(a_sound_channel_has_no_warnings),
		TEST(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
