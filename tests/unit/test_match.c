/* test_match.c - which assets a pool means, by what is known of them. */

#include "memfile.h"

#include <stdlib.h>

#include "base/arith.h"
#include "plan/match.h"

static struct asset cheers, film;
static char coach[] = "Coach Returns", alien[] = "Alien";
static char pg[] = "TV-PG", r[] = "R";

static struct asset_about
about(const char *series, int season, int episode, int year)
{
	struct asset_about a = ASSET_ABOUT_NONE;

	a.series = (char *)(uintptr_t)series;
	a.season = season;
	a.episode = episode;
	a.year = year;
	return a;
}

static int
setup(void **state)
{
	cheers = (struct asset){
		.title = coach,
		.type = ASSET_episode, .duration_us = 1440 * US_PER_S,
		.about = about("Cheers", 1, 4, 1982),
	};
	cheers.about.series_year = 1982;
	cheers.about.rating = pg;
	film = (struct asset){
		.title = alien, .type = ASSET_movie,
		.duration_us = 7020 * US_PER_S,
		.about = about(NULL, -1, -1, 1979),
	};
	film.about.rating = r;
	texts_add(&film.about.genres, "Horror");
	texts_add(&film.about.genres, "Science Fiction");
	texts_add(&film.about.tags, "late-night");
	return memfile_setup(state);
}

static int
teardown(void **state)
{
	texts_fini(&film.about.genres);
	texts_fini(&film.about.tags);
	return memfile_teardown(state);
}

/* "ce": both; "c": Cheers alone; "": neither. */
static const char *
means(const char *yaml)
{
	static char in[3];
	struct match m = { 0 };
	struct node_doc *doc;
	size_t n = 0;

	nmemfiles = 0;
	memfile_add("m.yaml", yaml);
	doc = node_load("m.yaml", memfile_read, NULL, &errs);
	assert_non_null(doc);
	match_read(&m, node_root(doc), &errs);
	if (match_has(&m, &cheers))
		in[n++] = 'c';
	if (match_has(&m, &film))
		in[n++] = 'f';
	in[n] = '\0';
	match_fini(&m);
	node_doc_free(doc);
	return in;
}

static void
check(const char *yaml, const char *want)
{
	const char *got = means(yaml);

	assert_faults("");
	if (strcmp(got, want) != 0)
		fail_msg("{%s} means '%s', not '%s'", yaml, got, want);
}

static void
any_value_of_a_key_will_do(void **state)
{
	(void)state;
	check("type: episode", "c");
	check("type: [movie, episode]", "cf");
	check("type: commercial", "");
	check("title: alien", "f");
	check("title: [Aliens, ALIEN]", "f");
	check("genre: horror", "f");
	check("genres: [western, Science Fiction]", "f");
	check("genre: Horro", "");
	check("tags: [x, late-night]", "f");
	check("year: 1979", "f");
	check("year: [1950, 1980..1989]", "c");
	check("year: ..1979", "f");
	check("year: 1980..", "c");
}

static void
every_key_must_hold(void **state)
{
	(void)state;
	check("{type: movie, genre: horror}", "f");
	check("{type: episode, genre: horror}", "");
	check("{type: movie, rating: PG}", "");
	check("{season: 1, episode: 2..10}", "c");
	check("{season: 1, episode: 5..10}", "");
}

static void
what_has_no_number_is_in_no_range(void **state)
{
	(void)state;
	check("season: 0..99", "c");
	check("episode: 0..", "c");
}

static void
a_series_is_known_with_its_year_too(void **state)
{
	(void)state;
	check("series_title: cheers", "c");
	check("series_title: Cheers (1982)", "c");
	check("series_title: Cheers (1983)", "");
	check("series_title: [Wings, Cheers]", "c");
}

static void
ratings_are_included_and_excluded(void **state)
{
	(void)state;
	check("rating: R", "f");
	check("rating: [tv-pg, TV-G]", "c");
	check("rating: {exclude: R}", "c");
	check("rating: {include: [R, TV-PG], exclude: [TV-PG]}", "f");
	film.about.rating = NULL;
	check("rating: {exclude: R}", "cf");
	check("rating: {include: R}", "");
}

static void
durations_are_bounds(void **state)
{
	(void)state;
	check("max_duration_sec: 1440", "c");
	check("max_duration_sec: 1439", "");
	check("min_duration_sec: 1h", "f");
	check("{min_duration_sec: 1440, max_duration_sec: 7020}", "cf");
}

static void
check_faults(const char *yaml, const char *faults)
{
	means(yaml);
	assert_faults(faults);
	errs_fini(&errs);
}

static void
what_means_nothing_is_refused(void **state)
{
	(void)state;
	check_faults("{}", "m.yaml:1:1: match needs a criterion, like "
	    "'type'\n");
	check_faults("type: epsode", "m.yaml:1:7: unknown type 'epsode'; did "
	    "you mean 'episode'?\n");
	check_faults("serie_title: x", "m.yaml:1:1: unknown key "
	    "'serie_title'; did you mean 'series_title'?\n");
	check_faults("year: 10..2", "m.yaml:1:7: year must be a number or a "
	    "range like 2..10, not '10..2'\n");
	check_faults("season: [1, x, ..]", "m.yaml:1:13: season must be a "
	    "number or a range like 2..10, not 'x'\n"
	    "m.yaml:1:16: season must be a number or a range like 2..10, "
	    "not '..'\n");
	check_faults("rating: {}", "m.yaml:1:9: rating needs 'include' or "
	    "'exclude'\n");
	check_faults("{min_duration_sec: 9, max_duration_sec: 8}",
	    "m.yaml:1:41: max_duration_sec is less than "
	    "min_duration_sec\n");
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_value_of_a_key_will_do),
		TEST(every_key_must_hold),
		TEST(what_has_no_number_is_in_no_range),
		TEST(a_series_is_known_with_its_year_too),
		TEST(ratings_are_included_and_excluded),
		TEST(durations_are_bounds),
		TEST(what_means_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
