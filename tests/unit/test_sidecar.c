#include "memfile.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "plan/sidecar.h"

static struct asset asset;

static int
setup(void **state)
{
	asset = (struct asset){
		.title = xstrdup("Old"),
		.type = ASSET_episode,
		.duration_us = 30000000,
		.about = ASSET_ABOUT_NONE,
	};
	asset.markers = xcalloc(1, sizeof *asset.markers);
	asset.markers[0].kind = MARKER_chapter;
	asset.nmarkers = 1;
	return memfile_setup(state);
}

static int
teardown(void **state)
{
	free(asset.title);
	free(asset.markers);
	asset_about_fini(&asset.about);
	return memfile_teardown(state);
}

static int
load_file(const char *path)
{
	struct facts f;
	int rc = sidecar_load(path, memfile_read, NULL, asset.duration_us,
	    &f, &errs);

	facts_apply(&f, &asset);
	facts_fini(&f);
	return rc;
}

static int
load(const char *text)
{
	memfile_add("/m/a.mkv.yaml", text);
	return load_file("/m/a.mkv.yaml");
}

static void
title_type_and_markers_replace_the_old(void **state)
{
	(void)state;
	assert_int_equal(load("title: Pilot\ntype: movie\nmarkers:\n"
	    "  - {kind: avail, start: \"0:12.5\"}\n"
	    "  - {kind: intro, start: 0, end: 4.5}\nnotes: {x: [y]}\n"), 0);
	assert_string_equal(asset.title, "Pilot");
	assert_int_equal(asset.type, ASSET_movie);
	assert_int_equal(asset.nmarkers, 2);
	assert_int_equal(asset.markers[0].kind, MARKER_intro);
	assert_int_equal(asset.markers[0].end_us, 4500000);
	assert_true(asset.markers[0].range);
	assert_int_equal(asset.markers[1].kind, MARKER_avail);
	assert_int_equal(asset.markers[1].start_us, 12500000);
	assert_int_equal(asset.markers[1].end_us, 12500000);
	assert_false(asset.markers[1].range);
}

static void
what_the_sidecar_does_not_say_stays(void **state)
{
	(void)state;
	assert_int_equal(load(""), 0);
	assert_string_equal(asset.title, "Old");
	assert_int_equal(asset.type, ASSET_episode);
	assert_int_equal(asset.nmarkers, 1);
}

static void
all_that_is_known_of_an_asset_may_be_said(void **state)
{
	struct asset_about *a = &asset.about;

	(void)state;
	a->series = xstrdup("Other");
	texts_add(&a->tags, "old");
	assert_int_equal(load("series: Batman (1966)\nseason: 1\n"
	    "episode: 2\nyear: 1967\nplot: |\n  Two\n  lines.\n"
	    "rating: TV-PG\ngenres: [Comedy, Crime]\ntags: late\n"
	    "directors: James Burrows\nwriters: [A, 'Downey, Jr.']\n"
	    "actors: [Ted Danson]\nicon: https://example.org/b.png\n"
	    "advertiser: Cola\ncategory: drinks\n"), 0);
	assert_string_equal(a->series, "Batman");
	assert_int_equal(a->series_year, 1966);
	assert_int_equal(a->season, 1);
	assert_int_equal(a->episode, 2);
	assert_int_equal(a->year, 1967);
	assert_string_equal(a->plot, "Two lines.");
	assert_string_equal(a->rating, "TV-PG");
	assert_int_equal(a->genres.n, 2);
	assert_string_equal(a->genres.v[1], "Crime");
	assert_int_equal(a->tags.n, 1);
	assert_string_equal(a->tags.v[0], "late");
	assert_string_equal(a->directors.v[0], "James Burrows");
	assert_string_equal(a->writers.v[1], "Downey, Jr.");
	assert_string_equal(a->actors.v[0], "Ted Danson");
	assert_string_equal(a->icon, "https://example.org/b.png");
	assert_string_equal(a->advertiser, "Cola");
	assert_string_equal(a->category, "drinks");
}

static void
an_icon_is_an_address(void **state)
{
	(void)state;
	assert_int_equal(load("icon: /etc/passwd\n"), -1);
	assert_fault_has(":1:7: icon must be an address");
	assert_null(asset.about.icon);
}

static void
a_series_keeps_its_year_where_only_its_name_is_said(void **state)
{
	(void)state;
	asset.about.series = xstrdup("Batman");
	asset.about.series_year = 1966;
	assert_int_equal(load("series: Batman\n"), 0);
	assert_int_equal(asset.about.series_year, 1966);
}

static void
another_series_has_no_year_of_the_first(void **state)
{
	(void)state;
	asset.about.series = xstrdup("Batman");
	asset.about.series_year = 1966;
	assert_int_equal(load("series: Robin\n"), 0);
	assert_int_equal(asset.about.series_year, 0);
}

static void
a_number_out_of_range_is_refused(void **state)
{
	(void)state;
	assert_int_equal(load("season: -1\nepisode: x\nyear: 0\n"), -1);
	assert_fault_has(":1:9: season must be");
	assert_fault_has(":2:10: episode must be");
	assert_fault_has(":3:7: year must be");
	assert_int_equal(asset.about.season, -1);
}

static void
an_empty_list_takes_the_markers_away(void **state)
{
	(void)state;
	assert_int_equal(load("markers: []\n"), 0);
	assert_int_equal(asset.nmarkers, 0);
}

static void
a_marker_may_reach_to_the_very_end(void **state)
{
	(void)state;
	assert_int_equal(load("markers:\n"
	    "  - {kind: outro, start: 30, end: 30.000000}\n"), 0);
	assert_int_equal(asset.markers[0].start_us, 30000000);
}

static void
markers_out_of_bounds_are_refused_with_the_numbers(void **state)
{
	(void)state;
	assert_int_equal(load("markers:\n"
	    "  - {kind: avail, start: 30.000001}\n"
	    "  - {kind: intro, start: 5.25, end: 5}\n"
	    "  - {kind: outro, start: 20, end: 1:00}\n"), -1);
	assert_faults(
	    "/m/a.mkv.yaml:2:26: the marker starts at 30.000001 s, but the "
	    "file lasts 30 s\n"
	    "/m/a.mkv.yaml:3:37: the marker ends at 5 s, before its start at "
	    "5.25 s\n"
	    "/m/a.mkv.yaml:4:35: the marker ends at 60 s, but the file lasts "
	    "30 s\n");
}

static void
a_faulty_sidecar_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(load("title: New\ntype: movie\nmarkers: []\n"
	    "bogus: 1\n"), -1);
	assert_string_equal(asset.title, "Old");
	assert_int_equal(asset.type, ASSET_episode);
	assert_int_equal(asset.nmarkers, 1);
}

static void
a_sidecar_is_a_file_by_itself(void **state)
{
	(void)state;
	memfile_add("/m/secret", "root\n");
	assert_int_equal(load("title: !include secret\n"), -1);
	assert_fault_has(":1:8: cannot include '/m/secret': a sidecar may not "
	    "include files");
	assert_int_equal(memfile_reads, 1);
	assert_string_equal(asset.title, "Old");
}

static void
every_fault_is_found_in_one_pass(void **state)
{
	(void)state;
	assert_int_equal(load("title: []\ntype: episod\nmarkers:\n"
	    "  - {kind: advert, start: -1}\n  - 5\n  - {end: 2}\n"), -1);
	assert_int_equal(errs.faults, 7);
	assert_fault_has(":1:8: title must be a text, not a list");
	assert_fault_has(":2:7: unknown type 'episod'; did you mean "
	    "'episode'?");
	assert_fault_has(":4:12: unknown kind 'advert'");
	assert_fault_has(":4:27: start must be a time like");
	assert_fault_has(":5:5: a marker must be a map");
	assert_fault_has(":6:5: 'kind' is missing");
	assert_fault_has(":6:5: 'start' is missing");
}

static void
a_missing_sidecar_is_a_fault(void **state)
{
	(void)state;
	assert_int_equal(load_file("/gone"), -1);
	assert_faults("/gone: No such file or directory\n");
}

static void
names_of_types_and_kinds_go_both_ways(void **state)
{
	(void)state;
	for (int t = 0; t < ASSET_NTYPES; t++)
		assert_int_equal(asset_type_find(asset_type_name(
		    (enum asset_type)t)), t);
	for (int k = 0; k < MARKER_NKINDS; k++)
		assert_int_equal(marker_kind_find(marker_kind_name(
		    (enum marker_kind)k)), k);
	assert_int_equal(asset_type_find("movies"), -1);
	assert_int_equal(marker_kind_find(""), -1);
}

static void
a_spot_is_what_fills_a_break(void **state)
{
	static const bool spot[ASSET_NTYPES] = {
		[ASSET_commercial] = true, [ASSET_promo] = true,
		[ASSET_trailer] = true, [ASSET_teaser] = true,
		[ASSET_psa] = true, [ASSET_stinger] = true,
	};

	(void)state;
	for (int t = 0; t < ASSET_NTYPES; t++) {
		struct asset a = { .type = (enum asset_type)t };

		assert_int_equal(asset_type_is_spot(a.type), spot[t]);
	}
}

static void
an_asset_is_found_by_its_path(void **state)
{
	static const char *const paths[] = { "/a", "/a b", "/a/b", "/b" };
	struct library *l = xcalloc(1, sizeof *l);

	(void)state;
	assert_null(library_find(l, "/a"));
	l->assets = xcalloc(4, sizeof *l->assets);
	for (; l->n < 4; l->n++)
		l->assets[l->n].path = xstrdup(paths[l->n]);
	for (size_t i = 0; i < 4; i++)
		assert_ptr_equal(library_find(l, paths[i]), &l->assets[i]);
	assert_null(library_find(l, "/c"));
	library_free(l);
	library_free(NULL);
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(title_type_and_markers_replace_the_old),
		TEST(what_the_sidecar_does_not_say_stays),
		TEST(all_that_is_known_of_an_asset_may_be_said),
		TEST(an_icon_is_an_address),
		TEST(a_series_keeps_its_year_where_only_its_name_is_said),
		TEST(another_series_has_no_year_of_the_first),
		TEST(a_number_out_of_range_is_refused),
		TEST(an_empty_list_takes_the_markers_away),
		TEST(a_marker_may_reach_to_the_very_end),
		TEST(markers_out_of_bounds_are_refused_with_the_numbers),
		TEST(a_faulty_sidecar_changes_nothing),
		TEST(a_sidecar_is_a_file_by_itself),
		TEST(every_fault_is_found_in_one_pass),
		TEST(a_missing_sidecar_is_a_fault),
		TEST(names_of_types_and_kinds_go_both_ways),
		TEST(a_spot_is_what_fills_a_break),
		TEST(an_asset_is_found_by_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
