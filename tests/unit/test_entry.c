/* The entries of a schedule, as people write them, in both generations. */

#include "chanfile.h"

#include <stdlib.h>

#define HEAD	"channel: one\nnumber: 1\nformat: {grid_minutes: 30}\n"	\
		"pools: {soap: {path: x}, films: {path: y}, cards: {path: z}}\n"
#define ALL	"schedule:\n  all_day:\n"

static void
a_marathon_of_movies_has_a_selector(void **state)
{
	const struct block *b;

	(void)state;
	check_loads(HEAD ALL
	    "    - movie_marathon:\n"
	    "        start: 09:00\n"
	    "        end: 22:00\n"
	    "        title: Horror\n"
	    "        movie_selector:\n"
	    "          pools: [films, soap]\n"
	    "          mode: random\n"
	    "          max_duration_sec: 9000\n"
	    "          rating: {include: [PG, R]}\n"
	    "        allow_bleed: true\n"
	    "    - movie_block: {start: 22:00, duration: 2h, "
	    "movie_selector: {pool: films}}\n");
	assert_int_equal(ch->nblocks, 2);
	b = &ch->blocks[0];
	assert_int_equal(b->kind, BLOCK_SHOWS);
	assert_int_equal(b->start_s, 9 * 3600);
	assert_int_equal(b->length_s, 13 * 3600);
	assert_string_equal(b->title, "Horror");
	assert_int_equal(b->npools, 2);
	assert_int_equal(b->pools[0], 1);
	assert_int_equal(b->mode, BLOCK_RANDOM);
	assert_int_equal(b->only.max_us, INT64_C(9000000000));
	assert_int_equal(b->only.ratings.n, 2);
	assert_true(b->bleed);
	assert_false(ch->blocks[1].bleed);
}

static void
programs_have_slots_and_leads(void **state)
{
	const struct program *p;

	(void)state;
	check_loads(HEAD
	    "programs:\n"
	    "  feature:\n"
	    "    pool: films\n"
	    "    grid_blocks_max: 5\n"
	    "    bleed: true\n"
	    "    presentation: [{pool: cards}, spots/feature.mkv]\n"
	    "    intro: cards\n"
	    "    outro: {asset: end}\n"
	    "  shorts: {pool: soap, grid_blocks: 1, fill_mode: accumulate, "
	    "title: Shorts}\n"
	    ALL
	    "    - start: 06:00\n"
	    "      slots: 8\n"
	    "      program: [feature, shorts, feature]\n"
	    "      progression: shuffle\n");
	assert_int_equal(ch->nprograms, 2);
	p = &ch->programs[0];
	assert_int_equal(p->grid_max, 5);
	assert_true(p->bleed);
	assert_int_equal(p->presentation.n, 2);
	assert_int_equal(p->presentation.v[0], 2);
	assert_string_equal(chan_pool(ch, p->presentation.v[1])->name,
	    "spots/feature.mkv");
	assert_string_equal(chan_pool(ch, p->presentation.v[1])->patterns[1],
	    "/lib/shows/spots/feature.mkv");
	assert_int_equal(p->intro.v[0], 2);
	assert_string_equal(chan_pool(ch, p->outro.v[0])->patterns[0],
	    "/srv/tv/end");
	assert_int_equal(ch->programs[1].grid_blocks, 1);
	assert_true(ch->programs[1].accumulate);
	assert_int_equal(ch->blocks[0].length_s, 4 * 3600);
	assert_int_equal(ch->blocks[0].nprograms, 3);
	assert_int_equal(ch->blocks[0].programs[2], 0);
	assert_int_equal(ch->blocks[0].mode, BLOCK_SHUFFLE);
}

static void
a_list_of_slots_is_one_programme_after_the_other(void **state)
{
	(void)state;
	check_loads(HEAD ALL
	    "    - start: 23:00\n"
	    "      slots:\n"
	    "        - {title: A, episode_selector: {pool: soap}}\n"
	    "        - {title: B, grid_blocks: 3, episode_selector: "
	    "{pool: films, mode: random}}\n"
	    "        - {title: C, episode_selector: {pool: soap}}\n");
	assert_int_equal(ch->nblocks, 3);
	assert_int_equal(ch->blocks[0].start_s, 23 * 3600);
	assert_int_equal(ch->blocks[1].start_s, 23 * 3600 + 1800);
	assert_int_equal(ch->blocks[1].length_s, 5400);
	assert_int_equal(ch->blocks[1].mode, BLOCK_RANDOM);
	assert_int_equal(ch->blocks[2].start_s, 25 * 3600);
	assert_string_equal(ch->blocks[2].title, "C");
	assert_int_equal(ch->programs[ch->blocks[1].programs[0]].grid_blocks,
	    3);
}

static void
what_airs_at_a_time_is_a_file_or_a_playlist(void **state)
{
	(void)state;
	check_loads(HEAD ALL
	    "    - at: {start: 20:00, asset: specials/moon.mkv, hard: true, "
	    "title: Moon}\n"
	    "    - at: {start: 21:07, playlist: [specials/moon.mkv, a.mkv]}\n"
	    "    - at: {start: 22:00, playlist: soap}\n");
	assert_int_equal(ch->blocks[0].kind, BLOCK_AT);
	assert_true(ch->blocks[0].hard);
	assert_int_equal(ch->blocks[0].length_s, 0);
	assert_int_equal(ch->blocks[1].npools, 2);
	assert_int_equal(ch->blocks[1].pools[0], ch->blocks[0].pools[0]);
	assert_false(ch->blocks[1].hard);
	assert_int_equal(ch->blocks[2].pools[0], 0);
	assert_int_equal(ch->nfiles, 2);
}

static void
off_air_may_have_a_sign_off(void **state)
{
	(void)state;
	check_loads(HEAD ALL
	    "    - off_air: {start: 02:00, end: 06:00, asset: anthem.mkv}\n"
	    "    - off_air: {start: 01:00, duration: 1h}\n");
	assert_int_equal(ch->blocks[0].kind, BLOCK_OFF_AIR);
	assert_int_equal(ch->blocks[0].npools, 1);
	assert_int_equal(ch->blocks[1].npools, 0);
	assert_int_equal(ch->blocks[1].length_s, 3600);
}

static void
templates_are_put_where_they_are_used(void **state)
{
	(void)state;
	check_loads(HEAD
	    "templates:\n"
	    "  night: {block: {start: 22:00, end: 06:00, pool: films}}\n"
	    "  week:\n"
	    "    - use: night\n"
	    "    - block: {start: 06:00, end: 22:00, pool: soap}\n"
	    "schedule:\n"
	    "  all_day: {use: week}\n"
	    "  sunday:\n"
	    "    - use: night\n");
	assert_int_equal(ch->nblocks, 3);
	assert_int_equal(ch->blocks[0].start_s, 22 * 3600);
	assert_int_equal(ch->blocks[1].start_s, 6 * 3600);
	assert_int_equal(ch->blocks[2].when.kind, WHEN_WEEKDAY);
}

static void
a_template_is_no_ring(void **state)
{
	(void)state;
	check_refused(HEAD
	    "templates: {a: {use: b}, b: [{use: a}, {use: c}]}\n"
	    "schedule: {all_day: {use: a}}\n",
	    "channels/c.yaml:5:36: template 'a' uses itself\n"
	    "channels/c.yaml:5:46: unknown template 'c'; did you mean "
	    "'a'?\n");
}

/* However often it is used, and even if it is not. */
static void
a_faulty_template_is_told_once(void **state)
{
	(void)state;
	check_refused(HEAD
	    "templates: {a: {block: {start: 6:00, end: 7:00, pool: sop}}, "
	    "b: [{block: {}}]}\n"
	    "schedule: {all_day: {use: a}, monday: {use: a}, sunday: "
	    "[use: a]}\n",
	    "channels/c.yaml:5:55: unknown pool 'sop'; did you mean 'soap'?\n"
	    "channels/c.yaml:5:74: 'start' is missing\n"
	    "channels/c.yaml:5:74: a block needs 'end' or 'duration'\n"
	    "channels/c.yaml:5:74: 'pool' is missing\n");
}

static void
the_guide_gets_its_words(void **state)
{
	const struct block *b;

	(void)state;
	check_loads(HEAD ALL
	    "    - block: {start: 6:00, end: 7:00, pool: soap, title: T, "
	    "description: D, first_run: true, skip_intro: true, "
	    "skip_outro: true}\n"
	    "    - block: {start: 7:00, end: 8:00, pool: soap, "
	    "rerun_of: {channel: two, hours: 12}}\n");
	b = &ch->blocks[0];
	assert_string_equal(b->description, "D");
	assert_true(b->first_run && b->skip_intro && b->skip_outro);
	assert_null(b->rerun.channel);
	b = &ch->blocks[1];
	assert_string_equal(b->rerun.channel, "two");
	assert_int_equal(b->rerun.hours, 12);
	chan_check_unique(&ch, 1, 1, &errs);
	assert_faults("channels/c.yaml:8:14: warning: rerun_of 'two': there "
	    "is no such channel\n");
}

static void
what_is_never_used_is_warned_of(void **state)
{
	(void)state;
	load(HEAD "programs: {a: {pool: soap}, b: {pool: soap}}\n"
	    "templates: {t: {start: 6:00, slots: 1, program: a}}\n" ALL
	    "    - {start: 6:00, slots: 1, program: b}\n");
	assert_non_null(ch);
	assert_faults("channels/c.yaml:6:13: warning: template 't' is never "
	    "used\n");
	assert_true(ch->programs[0].used);
	teardown(NULL);
	nmemfiles = 0;
	load(HEAD "programs: {a: {pool: soap}, b: {pool: soap}}\n" ALL
	    "    - {start: 6:00, slots: 1, program: b}\n");
	assert_faults("channels/c.yaml:5:12: warning: program 'a' is never "
	    "used\n");
}

static void
every_fault_of_every_entry_is_found_in_one_pass(void **state)
{
	(void)state;
	check_refused(HEAD
	    "programs:\n"
	    "  a: {pool: soop, grid_blocks: 0, fill_mode: singel}\n"
	    "  b: {pool: soap, fill_mode: accumulate, intro: [crds, {}]}\n"
	    "  c: {pool: soap, grid_blocks: 1, grid_blocks_max: 2}\n"
	    ALL
	    "    - {start: 6:00, slots: 49, program: d}\n"
	    "    - {start: 6:00, slots: []}\n"
	    "    - {start: 6:00, slots: [{title: x}]}\n"
	    "    - at: {start: 6:00, asset: a.mkv, playlist: soap}\n"
	    "    - at: {start: 6:00}\n"
	    "    - at: {start: 6:00, asset: [a.mkv, b.mkv]}\n"
	    "    - off_air: {start: 6:00}\n"
	    "    - movie_block: {start: 6:00, end: 7:00}\n"
	    "    - blok: {}\n"
	    "    - block: {start: 6:00, end: 7:00, pool: soap, pools: soap, "
	    "bleed: true, allow_bleed: true}\n"
	    "    - block: {start: 6:00, end: 7:00, pool: soap, first_run: "
	    "true, rerun_of: {channel: x, hours: 1}}\n",
	    "channels/c.yaml:6:13: unknown pool 'soop'; did you mean 'soap'?\n"
	    "channels/c.yaml:6:32: grid_blocks must be a whole number from 1 "
	    "to 48, not '0'\n"
	    "channels/c.yaml:6:46: unknown fill_mode 'singel'; did you mean "
	    "'single'?\n"
	    "channels/c.yaml:7:30: accumulate needs 'grid_blocks' or "
	    "'grid_blocks_max'\n"
	    "channels/c.yaml:7:50: unknown pool 'crds'; did you mean "
	    "'cards'?\n"
	    "channels/c.yaml:7:56: needs 'pool' or 'asset'\n"
	    "channels/c.yaml:8:52: a program has either 'grid_blocks' or "
	    "'grid_blocks_max', not both\n"
	    "channels/c.yaml:11:28: slots must be a whole number from 1 to "
	    "48, not '49'\n"
	    "channels/c.yaml:11:41: unknown program 'd'; did you mean 'a'?\n"
	    "channels/c.yaml:12:28: slots is an empty list\n"
	    "channels/c.yaml:13:29: 'episode_selector' is missing\n"
	    "channels/c.yaml:14:11: an entry at a time needs either 'asset' "
	    "or 'playlist', not both\n"
	    "channels/c.yaml:15:11: an entry at a time needs 'asset' or "
	    "'playlist'\n"
	    "channels/c.yaml:16:32: asset is one file; 'playlist' takes a "
	    "list\n"
	    "channels/c.yaml:17:16: off_air needs 'end' or 'duration'\n"
	    "channels/c.yaml:18:20: 'movie_selector' is missing\n"
	    "channels/c.yaml:19:7: unknown key 'blok'; did you mean 'block'?\n"
	    "channels/c.yaml:20:58: 'pool' and 'pools' are the same: use "
	    "one\n"
	    "channels/c.yaml:20:71: 'bleed' and 'allow_bleed' are the same: "
	    "use one\n"
	    "channels/c.yaml:21:78: what is a first run is no rerun\n");
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_marathon_of_movies_has_a_selector),
		TEST(programs_have_slots_and_leads),
		TEST(a_list_of_slots_is_one_programme_after_the_other),
		TEST(what_airs_at_a_time_is_a_file_or_a_playlist),
		TEST(off_air_may_have_a_sign_off),
		TEST(templates_are_put_where_they_are_used),
		TEST(a_template_is_no_ring),
		TEST(a_faulty_template_is_told_once),
		TEST(the_guide_gets_its_words),
		TEST(what_is_never_used_is_warned_of),
		TEST(every_fault_of_every_entry_is_found_in_one_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
