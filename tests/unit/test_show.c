/* What entries of every kind air. */

#include "oneday.h"

#include "plan/daytext.h"

static char program_name[] = "p";
static struct program program;
static size_t program_pools[4], only_program[1], leads[4];

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	w->ch.type = CHAN_MOVIE;	/* breaks only where a test has them */
	d = NULL;
	program = (struct program){
		.name = program_name, .pools = program_pools, .npools = 1,
	};
	w->ch.programs = &program;
	w->ch.nprograms = 1;
	return 0;
}

static void
check_seg(size_t i, enum segment_kind kind, const char *path, int64_t n0,
    int64_t n1)
{
	assert_true(i < d->nsegments);
	assert_int_equal(d->segments[i].kind, kind);
	if (path != NULL)
		assert_string_equal(d->segments[i].asset->path, path);
	assert_int_equal(d->segments[i].n0, n0);
	assert_int_equal(d->segments[i].n1, n1);
}

/* A pool of one asset of so many minutes. */
static size_t
pool_of(const char *path, int minutes)
{
	world_asset(w, path, ASSET_movie, minutes * MINUTE);
	return world_pool(w, path);
}

/* A block of the program. */
static struct block *
turns(int start_h, int length_min)
{
	struct block *b = world_block(w, start_h * HOUR_S, length_min * 60, 0);

	only_program[0] = 0;
	b->npools = 0;
	b->programs = only_program;
	b->nprograms = 1;
	return b;
}

static struct block *
at_time(int start_h, int min, size_t pool)
{
	struct block *b = world_block(w, start_h * HOUR_S + min * 60, 0, pool);

	b->kind = BLOCK_AT;
	return b;
}

/* A film of 100 minutes in an hour, and half hours after it. */
static struct block *
film_then_series(void)
{
	size_t film = pool_of("/a/film", 100), series = pool_of("/b/1", 30);
	struct block *b = world_block(w, 20 * HOUR_S, HOUR_S, film);

	world_block(w, 21 * HOUR_S, 2 * HOUR_S, series);
	return b;
}

static void
without_bleed_what_is_too_long_is_not_chosen(void **state)
{
	(void)state;
	film_then_series();
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/b/1", at(21, 0), at(21, 30));
	assert_int_equal(d->nprogrammes, 4);
}

static void
with_bleed_the_next_block_begins_late_on_the_grid(void **state)
{
	(void)state;
	film_then_series()->bleed = true;
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/film", at(20, 0), at(22, 0));
	check_programme(1, "/b/1", at(22, 0), at(22, 30));
	check_programme(2, "/b/1", at(22, 30), at(23, 0));
	assert_int_equal(d->nprogrammes, 3);
}

static void
what_bleeds_begins_before_the_end_of_its_block(void **state)
{
	struct block *b;

	(void)state;
	b = film_then_series();
	b->bleed = true;
	b->length_s = 2 * HOUR_S;	/* the film fits: it ends there */
	w->ch.nblocks = 1;
	d = world_day(w, DATE);
	assert_int_equal(d->nprogrammes, 1);
	check_programme(0, "/a/film", at(20, 0), at(22, 0));
}

static void
a_block_may_be_bled_over_altogether(void **state)
{
	(void)state;
	film_then_series()->bleed = true;
	w->blocks[1].length_s = HOUR_S;
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 1);
}

static void
nothing_bleeds_over_a_hard_start(void **state)
{
	struct block *b;

	(void)state;
	film_then_series()->bleed = true;
	b = at_time(21, 30, pool_of("/c/news", 25));
	b->hard = true;
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/b/1", at(21, 0), at(21, 30));
	check_programme(1, "/c/news", at(21, 30), at(22, 0));
	check_programme(2, "/b/1", at(22, 0), at(22, 30));
}

static void
a_start_that_is_not_hard_may_be_late(void **state)
{
	(void)state;
	film_then_series()->bleed = true;
	at_time(21, 30, pool_of("/c/news", 25));
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/film", at(20, 0), at(22, 0));
	check_programme(1, "/c/news", at(22, 0), at(22, 30));
	check_programme(2, "/b/1", at(22, 30), at(23, 0));
}

static void
what_airs_at_a_time_begins_just_then_and_ends_on_the_grid(void **state)
{
	struct block *b;

	(void)state;
	b = at_time(20, 7, pool_of("/a/1", 10));
	b->pools[b->npools++] = pool_of("/a/2", 20);
	b->title = (char[]){ "Special" };
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 1);
	check_programme(0, "Special", at(20, 7), at(21, 0));
	check_seg(1, SEGMENT_programme, "/a/1", at(20, 7), at(20, 17));
}

/* Nothing else can keep the second one's time. */
static void
a_hard_start_cuts_what_was_set_to_a_time_before_it(void **state)
{
	struct asset *film = &w->assets[0];
	size_t i = 0;

	(void)state;
	at_time(20, 0, pool_of("/a/film", 100));
	world_marker(film, MARKER_intro, 0, 60 * MINUTE - S / 5);
	at_time(21, 0, pool_of("/b/news", 30))->hard = true;
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/film", at(20, 0), at(21, 0));
	check_programme(1, "/b/news", at(21, 0), at(21, 30));
	assert_int_equal(d->nprogrammes, 2);
	/* Five pictures of the next row are not worth a child. */
	while (d->segments[i].n1 != at(21, 0))
		i++;
	check_seg(i, SEGMENT_pad, NULL, at(21, 0) - 5, at(21, 0));
}

static void
what_is_not_in_the_library_lets_the_others_through(void **state)
{
	(void)state;
	world_block(w, 20 * HOUR_S, HOUR_S, pool_of("/a/1", 30));
	at_time(20, 0, world_pool(w, "/gone"))->hard = true;
	d = world_day(w, DATE);
	check_programme(0, "/a/1", at(20, 0), at(20, 30));
}

/* The end of the day is no end for what bleeds, nor for what is late. */
static void
bleeding_over_midnight_carries_on(void **state)
{
	struct selection *s;
	struct cursors c;
	size_t film, series;

	(void)state;
	film = pool_of("/a/film", 170);
	series = pool_of("/b/1", 30);
	world_block(w, 0, 2 * HOUR_S, series);
	world_block(w, 23 * HOUR_S, HOUR_S, film)->bleed = true;
	s = selection_new(&w->ch, &w->lib);
	cursors_init(&c, &w->ch);
	d = plan_day(&w->ch, s, w->z, &c, DATE);
	check_day(w, d);
	check_programme(4, "/a/film", at(23, 0), at(26, 0));
	assert_int_equal(c.from, DATE * 86400 + 23 * HOUR_S);
	day_free(d);
	d = plan_day(&w->ch, s, w->z, &c, DATE + 1);
	check_day(w, d);
	check_programme(0, "/a/film", at(-1, 0), at(2, 0));
	check_programme(1, "/a/film", at(23, 0), at(26, 0));
	assert_int_equal(d->segments[0].in, 60 * 60 * 25);
	assert_int_equal(d->nprogrammes, 2);
	cursors_fini(&c);
	selection_free(s);
}

static void
off_air_there_is_a_sign_off_and_then_nothing(void **state)
{
	struct block *b;

	(void)state;
	world_asset(w, "/f/1", ASSET_filler, 5 * MINUTE);
	w->ch.filler = xstrdup("/f/1");
	b = world_block(w, 2 * HOUR_S, 4 * HOUR_S, pool_of("/s/anthem", 3));
	b->kind = BLOCK_OFF_AIR;
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 0);
	for (size_t i = 0; d->segments[i].n0 < at(6, 0); i++) {
		if (d->segments[i].n0 < at(2, 0))
			continue;
		check_seg(i, SEGMENT_sign_off, "/s/anthem", at(2, 0),
		    at(2, 3));
		check_seg(++i, SEGMENT_pad, NULL, at(2, 3), at(6, 0));
	}
	assert_string_equal(d->segments[d->nsegments - 1].asset->path,
	    "/f/1");
}

static void
a_program_takes_just_as_many_slots_as_it_says(void **state)
{
	(void)state;
	program_pools[0] = world_pool(w, "/a");
	world_asset(w, "/a/1", ASSET_episode, 20 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 61 * MINUTE);
	world_asset(w, "/a/3", ASSET_episode, 40 * MINUTE);
	program.grid_blocks = 2;
	turns(20, 180);
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/1", at(20, 0), at(21, 0));
	check_programme(1, "/a/3", at(21, 0), at(22, 0));
	check_programme(2, "/a/1", at(22, 0), at(23, 0));
	assert_int_equal(d->nprogrammes, 3);
}

static void
a_program_takes_at_most_as_many_slots_as_it_says(void **state)
{
	(void)state;
	program_pools[0] = world_pool(w, "/a");
	world_asset(w, "/a/1", ASSET_episode, 20 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 61 * MINUTE);
	world_asset(w, "/a/3", ASSET_episode, 40 * MINUTE);
	program.grid_max = 2;
	turns(20, 180);
	d = world_day(w, DATE);
	check_programme(0, "/a/1", at(20, 0), at(20, 30));
	check_programme(1, "/a/3", at(20, 30), at(21, 30));
	check_programme(2, "/a/1", at(21, 30), at(22, 0));
}

/* A quarter past: as long as on the hour, with two slots for the film. */
static void
slots_are_counted_from_where_their_entry_starts(void **state)
{
	(void)state;
	program_pools[0] = pool_of("/a/film", 55);
	program.grid_blocks = 2;
	turns(20, 120)->start_s += 15 * 60;
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/film", at(20, 15), at(21, 15));
	check_programme(1, "/a/film", at(21, 15), at(22, 15));
	assert_int_equal(d->nprogrammes, 2);
	program.grid_blocks = 0;
	for (int max = 0; max <= 2; max += 2) {
		program.grid_max = max;
		day_free(d);
		d = world_day(w, DATE);
		check_programme(0, "/a/film", at(20, 15), at(21, 15));
		check_programme(1, "/a/film", at(21, 15), at(22, 15));
	}
}

/* After another entry that ends off the grid they wait for the next slot, and
 * so they do after what runs late. */
static void
what_is_left_of_slots_begins_on_their_grid(void **state)
{
	size_t series;

	(void)state;
	program_pools[0] = pool_of("/a/1", 22);
	series = pool_of("/b/1", 10);
	program.grid_blocks = 1;
	turns(20, 90)->start_s += 15 * 60;
	world_block(w, 20 * HOUR_S, 40 * 60, series);
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(1, "/b/1", at(20, 30), at(20, 40));
	check_programme(2, "/a/1", at(20, 45), at(21, 15));
	check_programme(3, "/a/1", at(21, 15), at(21, 45));
	assert_int_equal(d->nprogrammes, 4);
	w->assets[1].duration_us = 50 * MINUTE;
	w->blocks[1].bleed = true;
	day_free(d);
	d = world_day(w, DATE);
	check_programme(0, "/b/1", at(20, 0), at(21, 0));
	check_programme(1, "/a/1", at(21, 15), at(21, 45));
	assert_int_equal(d->nprogrammes, 2);
}

/* Blocks keep to midnight's. */
static void
a_block_off_the_grid_is_on_it_with_its_second_programme(void **state)
{
	(void)state;
	world_block(w, 20 * HOUR_S + 10 * 60, HOUR_S, pool_of("/a/1", 20));
	d = world_day(w, DATE);
	check_programme(0, "/a/1", at(20, 10), at(20, 30));
	check_programme(1, "/a/1", at(20, 30), at(21, 0));
	assert_int_equal(d->nprogrammes, 2);
}

static void
shorts_share_their_slots_until_no_more_fits(void **state)
{
	(void)state;
	program_pools[0] = world_pool(w, "/a");
	world_asset(w, "/a/1", ASSET_episode, 7 * MINUTE);
	world_asset(w, "/a/2", ASSET_episode, 8 * MINUTE);
	world_asset(w, "/a/3", ASSET_episode, 9 * MINUTE);
	world_asset(w, "/a/4", ASSET_episode, 10 * MINUTE);
	program.grid_blocks = 1;
	program.accumulate = true;
	program.title = (char[]){ "Cartoons" };
	turns(20, 60);
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "Cartoons", at(20, 0), at(20, 30));
	check_programme(1, "Cartoons", at(20, 30), at(21, 0));
	assert_null(d->programmes[0].subtitle);
	assert_true(d->programmes[0].several);
	/* 24 minutes, and two breaks between them and one after */
	check_seg(1, SEGMENT_programme, "/a/1", at(20, 0), at(20, 7));
	check_seg(3, SEGMENT_programme, "/a/2", at(20, 10), at(20, 18));
	check_seg(5, SEGMENT_programme, "/a/3", at(20, 21), at(20, 30));
	check_seg(6, SEGMENT_programme, "/a/4", at(20, 30), at(20, 40));
}

static void
none_shares_its_slots_with_itself(void **state)
{
	(void)state;
	program_pools[0] = pool_of("/a/1", 7);
	program.grid_blocks = 1;
	program.accumulate = true;
	for (int mode = 0; mode < 3; mode++) {
		w->ch.nblocks = 0;
		turns(20, 60)->mode = (enum block_mode)mode;
		day_free(d);
		d = world_day(w, DATE);
		assert_int_equal(d->nprogrammes, 2);
		check_seg(1, SEGMENT_programme, "/a/1", at(20, 0), at(20, 7));
		check_seg(2, SEGMENT_pad, NULL, at(20, 7), at(20, 30));
	}
}

static void
leads_air_before_and_after_the_content(void **state)
{
	(void)state;
	program_pools[0] = pool_of("/a/film", 50);
	leads[0] = pool_of("/b/card", 1);
	leads[1] = pool_of("/b/feature", 2);
	leads[2] = pool_of("/b/intro", 3);
	leads[3] = pool_of("/b/outro", 4);
	program.presentation = (struct pool_list){ leads, 2, 2 };
	program.intro = (struct pool_list){ leads + 2, 1, 1 };
	program.outro = (struct pool_list){ leads + 3, 1, 1 };
	turns(20, 60);
	d = world_day(w, DATE);
	check_day(w, d);
	check_programme(0, "/a/film", at(20, 0), at(21, 0));
	check_seg(1, SEGMENT_bumper, "/b/card", at(20, 0), at(20, 1));
	check_seg(2, SEGMENT_bumper, "/b/feature", at(20, 1), at(20, 3));
	check_seg(3, SEGMENT_intro, "/b/intro", at(20, 3), at(20, 6));
	check_seg(4, SEGMENT_programme, "/a/film", at(20, 6), at(20, 56));
	check_seg(5, SEGMENT_outro, "/b/outro", at(20, 56), at(21, 0));
	/* What has no room beside them holds nobody up. */
	w->assets[0].duration_us = 51 * MINUTE;
	world_asset(w, "/c/film", ASSET_movie, 40 * MINUTE);
	program_pools[1] = world_pool(w, "/c");
	program.npools = 2;
	day_free(d);
	d = world_day(w, DATE);
	check_programme(0, "/c/film", at(20, 0), at(21, 0));
}

/* The intro of the first of them is not: one has to begin. */
static void
intros_and_outros_are_skipped(void **state)
{
	(void)state;
	for (int i = 1; i <= 2; i++) {
		char path[] = "/a/0";
		struct asset *a;

		path[3] = (char)('0' + i);
		a = world_asset(w, path, ASSET_episode, 32 * MINUTE);
		world_marker(a, MARKER_intro, MINUTE, 2 * MINUTE);
		world_marker(a, MARKER_outro, 30 * MINUTE, 32 * MINUTE);
	}
	world_block(w, 20 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	w->blocks[0].skip_intro = w->blocks[0].skip_outro = true;
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 2);
	check_seg(2, SEGMENT_intro, "/a/1", at(20, 1), at(20, 2));
	check_seg(3, SEGMENT_programme, "/a/1", at(20, 2), at(20, 30));
	check_seg(4, SEGMENT_programme, "/a/2", at(20, 30), at(20, 31));
	check_seg(5, SEGMENT_programme, "/a/2", at(20, 31), at(20, 59));
	assert_int_equal(d->segments[5].in, 2 * 60 * 25);
	check_seg(6, SEGMENT_pad, NULL, at(20, 59), at(21, 0));
}

/* An episode of which nothing would be left keeps its intro. */
static void
of_an_episode_that_is_all_intro_and_outro_something_airs(void **state)
{
	(void)state;
	for (int i = 1; i <= 2; i++) {
		char path[] = "/a/0";
		struct asset *a;

		path[3] = (char)('0' + i);
		a = world_asset(w, path, ASSET_episode, 40 * MINUTE);
		world_marker(a, MARKER_intro, 0, 20 * MINUTE);
		world_marker(a, MARKER_outro, 20 * MINUTE, 40 * MINUTE);
	}
	world_block(w, 20 * HOUR_S, HOUR_S, world_pool(w, "/a"));
	w->blocks[0].skip_intro = w->blocks[0].skip_outro = true;
	d = world_day(w, DATE);
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 2);
	check_seg(1, SEGMENT_intro, "/a/1", at(20, 0), at(20, 20));
	check_seg(2, SEGMENT_pad, NULL, at(20, 20), at(20, 30));
	check_seg(3, SEGMENT_intro, "/a/2", at(20, 30), at(20, 50));
	check_seg(4, SEGMENT_pad, NULL, at(20, 50), at(21, 0));
}

static void
the_guide_has_the_entrys_words_and_the_assets(void **state)
{
	struct block *b;

	(void)state;
	b = world_block(w, 20 * HOUR_S, HOUR_S, pool_of("/a/1", 30));
	b->title = (char[]){ "Series" };
	b->description = (char[]){ "About it." };
	b->rerun = (struct rerun){ (char[]){ "two" }, 12 };
	d = world_day(w, DATE);
	/* A film that is drawn is looked for by its own name. */
	assert_string_equal(d->programmes[0].title, "/a/1");
	assert_string_equal(d->programmes[0].subtitle, "Series");
	assert_string_equal(d->programmes[0].description, "About it.");
	assert_string_equal(d->programmes[0].rerun_channel, "two");
	assert_int_equal(d->programmes[0].rerun_hours, 12);
	assert_false(d->programmes[0].first_run);
}

/* Of a series as of a library. */
static void
episode(const char *title)
{
	static char series[] = "Cheers", plot[] = "A bar.";
	size_t pool = pool_of("/a/1", 30);
	struct asset *a = &w->assets[0];

	world_block(w, 20 * HOUR_S, HOUR_S, pool);
	free(a->title);
	a->title = xstrdup(title);
	a->about = (struct asset_about){
		.series = series, .season = 3, .episode = 4, .plot = plot,
	};
	d = world_day(w, DATE);
}

static void
an_episode_is_in_the_guide_by_its_series(void **state)
{
	const struct programme *p;

	(void)state;
	episode("Endless Slumper");
	p = &d->programmes[0];
	assert_string_equal(p->title, "Cheers");
	assert_string_equal(p->subtitle, "Endless Slumper");
	assert_string_equal(p->description, "A bar.");
	assert_false(p->several);
}

static void
an_episode_that_has_only_a_number_has_no_title_of_its_own(void **state)
{
	(void)state;
	episode("Cheers S03E04");
	assert_string_equal(d->programmes[0].title, "Cheers");
	assert_null(d->programmes[0].subtitle);
}

static void
an_episode_is_named_by_series_number_and_title(void **state)
{
	char *name;

	(void)state;
	episode("Endless Slumper");
	name = daytext_programme(&d->programmes[0]);
	assert_string_equal(name, "Cheers S03E04: Endless Slumper");
	free(name);
	d->programmes[0].title = "Sitcoms";
	name = daytext_programme(&d->programmes[0]);
	assert_string_equal(name, "Sitcoms: Cheers S03E04: Endless Slumper");
	free(name);
}

/* Turn after turn, each in its own order. */
static void
programs_take_turns(void **state)
{
	static char names[2][2] = { "a", "b" };
	static struct program two[2];
	static size_t pools[2], order[3] = { 0, 1, 0 };
	static const char *const want[] = {
		"/a/1", "/b/1", "/a/2", "/a/1", "/b/2", "/a/2",
	};
	struct block *b;

	(void)state;
	for (int i = 0; i < 2; i++) {
		char a[] = "/a/0", dir[] = "/a";

		a[1] = dir[1] = names[i][0];
		for (int k = 1; k <= 2; k++) {
			a[3] = (char)('0' + k);
			world_asset(w, a, ASSET_episode, 25 * MINUTE);
		}
		pools[i] = world_pool(w, dir);
		two[i] = (struct program){
			.name = names[i], .pools = &pools[i], .npools = 1,
			.grid_blocks = 1,
		};
	}
	w->ch.programs = two;
	w->ch.nprograms = 2;
	b = turns(20, 180);
	b->programs = order;
	b->nprograms = 3;
	d = world_day(w, DATE);
	assert_int_equal(d->nprogrammes, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(d->programmes[i].asset->path, want[i]);
}

/* The very same episode in a file of another name. */
static void
a_renamed_episode_keeps_its_turn(void **state)
{
	static char series[] = "Cheers";
	struct selection *s;
	struct cursors c;

	(void)state;
	for (int i = 1; i <= 5; i++) {
		char path[] = "/a/0";

		path[3] = (char)('0' + i);
		world_asset(w, path, ASSET_episode, 25 * MINUTE)->about =
		    (struct asset_about){ .series = series, .season = 1,
		    .episode = i };
	}
	world_block(w, 20 * HOUR_S, HOUR_S / 2 * 3, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	cursors_init(&c, &w->ch);
	plan_skip_day(&w->ch, s, w->z, &c, DATE);
	selection_free(s);
	/* The third is renamed, and the first two are gone. */
	w->assets[2].path[3] = '8';
	w->assets[0].bad = w->assets[1].bad = (char[]){ "gone" };
	s = selection_new(&w->ch, &w->lib);
	d = plan_day(&w->ch, s, w->z, &c, DATE + 1);
	assert_string_equal(d->programmes[0].asset->path, "/a/4");
	cursors_fini(&c);
	selection_free(s);
}

/* Every warning of the channel's times. */
static void
check_times(const char *want)
{
	struct errs e = { 0 };
	struct buf b = { 0 };

	chan_check_times(&w->ch, &e);
	errs_print(&e, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
	errs_fini(&e);
}

/* A hole of seconds, and where the schedule is. */
static void
a_hole_is_told_to_the_second(void **state)
{
	(void)state;
	w->ch.schedule_at = (struct chan_place){ 7, 3 };
	world_block(w, 6 * HOUR_S + 40, (int)DAY_S - 30, pool_of("/a/1", 30));
	check_times("channels/one.yaml:7:3: warning: nothing is scheduled "
	    "from 06:00:10 to 06:00:40 (as on 2024-01-01): off the air\n");
}

static void
holes_and_covered_entries_are_warned_of(void **state)
{
	const char *why;

	(void)state;
	check_times("channels/one.yaml: warning: nothing is scheduled from "
	    "00:00 to 00:00 (as on 2024-01-01): off the air\n");
	world_block(w, 6 * HOUR_S, 20 * HOUR_S, pool_of("/a/1", 30));
	world_block(w, 10 * HOUR_S, HOUR_S, 0);
	world_block(w, 10 * HOUR_S, 2 * HOUR_S, 0);
	assert_true(when_date("12-25",
	    &world_block(w, 3 * HOUR_S, HOUR_S, 0)->when, &why));
	at_time(12, 0, 0);
	check_times("channels/one.yaml: warning: nothing is scheduled from "
	    "02:00 to 06:00 (as on 2024-01-01): off the air\n"
	    "channels/one.yaml: warning: nothing is scheduled from 02:00 to "
	    "03:00 (as on 2024-12-25): off the air\n"
	    "channels/one.yaml: warning: nothing is scheduled from 04:00 to "
	    "06:00 (as on 2024-12-25): off the air\n"
	    "channels/one.yaml:41:7: warning: later entries cover all of this "
	    "one\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_bleed_what_is_too_long_is_not_chosen),
		TEST(with_bleed_the_next_block_begins_late_on_the_grid),
		TEST(what_bleeds_begins_before_the_end_of_its_block),
		TEST(a_block_may_be_bled_over_altogether),
		TEST(nothing_bleeds_over_a_hard_start),
		TEST(a_start_that_is_not_hard_may_be_late),
		TEST(what_airs_at_a_time_begins_just_then_and_ends_on_the_grid),
		TEST(a_hard_start_cuts_what_was_set_to_a_time_before_it),
		TEST(what_is_not_in_the_library_lets_the_others_through),
		TEST(bleeding_over_midnight_carries_on),
		TEST(off_air_there_is_a_sign_off_and_then_nothing),
		TEST(a_program_takes_just_as_many_slots_as_it_says),
		TEST(a_program_takes_at_most_as_many_slots_as_it_says),
		TEST(slots_are_counted_from_where_their_entry_starts),
		TEST(what_is_left_of_slots_begins_on_their_grid),
		TEST(a_block_off_the_grid_is_on_it_with_its_second_programme),
		TEST(shorts_share_their_slots_until_no_more_fits),
		TEST(none_shares_its_slots_with_itself),
		TEST(leads_air_before_and_after_the_content),
		TEST(intros_and_outros_are_skipped),
		TEST(of_an_episode_that_is_all_intro_and_outro_something_airs),
		TEST(the_guide_has_the_entrys_words_and_the_assets),
		TEST(an_episode_is_in_the_guide_by_its_series),
		TEST(an_episode_that_has_only_a_number_has_no_title_of_its_own),
		TEST(an_episode_is_named_by_series_number_and_title),
		TEST(programs_take_turns),
		TEST(a_renamed_episode_keeps_its_turn),
		TEST(a_hole_is_told_to_the_second),
		TEST(holes_and_covered_entries_are_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
