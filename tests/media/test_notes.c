/* test_notes.c - who has the last word on a file, and what is read again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "media/scan.h"
#include "hanging.h"
#include "tmptree.h"

/* An ffprobe that notes each start; what is in the file are its tags, behind
 * a byte that keeps it from being a text. */
#define FFPROBE								\
	"echo x >>\"${0%/*}/started\"\n"				\
	"while [ $# -gt 1 ]; do shift; done\n"				\
	"tags=$(tail -c +2 \"${1#file:}\")\n"				\
	"echo \"{\\\"streams\\\":[{\\\"index\\\":0,"			\
	"\\\"codec_type\\\":\\\"video\\\"}],"				\
	"\\\"format\\\":{\\\"duration\\\":\\\"60\\\","			\
	"\\\"tags\\\":$tags}}\"\n"

#define EPISODE	"shows/Show (1982)/Season 1/Show - S01E02 - Name.mkv"
#define NFO	"shows/Show (1982)/Season 1/Show - S01E02 - Name.nfo"
#define TVSHOW	"shows/Show (1982)/tvshow.nfo"

struct bench {
	struct tree *tree;
	char *ffprobe;
	struct station_library libraries[3];
	struct station st;
	struct errs errs;
	struct library *lib;
};

static const struct timespec then[2] = {
	{ .tv_sec = 1000000000 }, { .tv_sec = 1000000000 },
};

/* A file as old as all others. */
static void
put(struct bench *b, const char *name, const char *text)
{
	char *path = tree_path(b->tree, name);

	tree_write(b->tree, name, text);
	assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
	free(path);
}

static void
touch(struct bench *b, const char *name)
{
	char *path = tree_path(b->tree, name);

	assert_int_equal(utimensat(AT_FDCWD, path, NULL, 0), 0);
	free(path);
}

static int
setup(void **state)
{
	static const char *const dirs[] = { "shows", "films", "spots" };
	static const enum asset_type types[] = {
		ASSET_episode, ASSET_movie, ASSET_commercial,
	};
	struct bench *b = xcalloc(1, sizeof *b);
	void *tree = NULL;

	if (tree_setup(&tree) != 0)
		return -1;
	b->tree = tree;
	b->ffprobe = tree_path(b->tree, "ffprobe");
	tree_script(b->tree, "ffprobe", FFPROBE);
	for (size_t i = 0; i < 3; i++)
		b->libraries[i] = (struct station_library){
			.path = tree_path(b->tree, dirs[i]),
			.type = types[i],
		};
	b->st = (struct station){ .state_dir = tree_path(b->tree, "st"),
	    .libraries = b->libraries, .nlibraries = 3 };
	put(b, EPISODE, "\001{}");
	put(b, "films/Film (1979).mkv", "\001{}");
	put(b, "spots/Cola - 1985.mp4", "\001{}");
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	void *tree = b->tree;

	library_free(b->lib);
	errs_fini(&b->errs);
	free(b->st.state_dir);
	for (size_t i = 0; i < 3; i++) {
		free(b->libraries[i].path);
		texts_fini(&b->libraries[i].tags);
	}
	free(b->ffprobe);
	free(b);
	return tree_teardown(&tree);
}

/* Scan and return how many ffprobes that took. */
static size_t
scan(struct bench *b)
{
	const struct scan_options o = { .ffprobe = b->ffprobe, .jobs = 2 };
	char *path = tree_path(b->tree, "started");
	struct stat st = { 0 };

	remove(path);
	library_free(b->lib);
	errs_fini(&b->errs);
	b->lib = scan_library(&b->st, &o, &b->errs);
	if (stat(path, &st) < 0)
		st.st_size = 0;
	free(path);
	return (size_t)st.st_size / 2;
}

static const struct asset *
asset(const struct bench *b, const char *name)
{
	char *path = tree_path(b->tree, name);
	const struct asset *a = library_find(b->lib, path);

	free(path);
	assert_non_null(a);
	return a;
}

static const char *
title(struct bench *b)
{
	scan(b);
	return asset(b, EPISODE)->title;
}

static void
the_last_word_counts(void **state)
{
	struct bench *b = *state;

	assert_string_equal(title(b), "Name");
	assert_int_equal(asset(b, EPISODE)->about.series_year, 1982);
	put(b, EPISODE, "\001{\"title\":\"Tag\",\"show\":\"Show\"}");
	assert_string_equal(title(b), "Tag");
	assert_int_equal(asset(b, EPISODE)->about.series_year, 1982);
	put(b, TVSHOW, "<tvshow><title>Series</title><year>1983</year>"
	    "<mpaa>TV-G</mpaa></tvshow>");
	assert_string_equal(title(b), "Tag");
	assert_string_equal(asset(b, EPISODE)->about.series, "Series");
	assert_int_equal(asset(b, EPISODE)->about.series_year, 1983);
	put(b, NFO, "<episodedetails><title>Nfo</title><mpaa>TV-PG</mpaa>"
	    "</episodedetails>");
	assert_string_equal(title(b), "Nfo");
	assert_string_equal(asset(b, EPISODE)->about.rating, "TV-PG");
	put(b, EPISODE ".yaml", "title: Sidecar\n");
	assert_string_equal(title(b), "Sidecar");
	assert_string_equal(asset(b, EPISODE)->about.rating, "TV-PG");
	assert_int_equal(b->errs.n, 0);
}

/* Not read: what is in them has changed, and nobody has noticed. */
static void
notes_that_look_the_same_are_not_read_again(void **state)
{
	struct bench *b = *state;

	put(b, TVSHOW, "<tvshow><title>One</title></tvshow>");
	put(b, NFO, "<episodedetails><title>A</title></episodedetails>");
	put(b, EPISODE ".yaml", "{rating: X}");
	assert_int_equal(scan(b), 3);
	put(b, TVSHOW, "<tvshow><title>Two</title></tvshow>");
	put(b, NFO, "<episodedetails><title>B</title></episodedetails>");
	put(b, EPISODE ".yaml", "{rating: Y}");
	assert_int_equal(scan(b), 0);
	assert_string_equal(asset(b, EPISODE)->title, "A");
	assert_string_equal(asset(b, EPISODE)->about.series, "One");
	assert_string_equal(asset(b, EPISODE)->about.rating, "X");
	touch(b, TVSHOW);
	touch(b, NFO);
	touch(b, EPISODE ".yaml");
	assert_int_equal(scan(b), 0);
	assert_string_equal(asset(b, EPISODE)->title, "B");
	assert_string_equal(asset(b, EPISODE)->about.series, "Two");
	assert_string_equal(asset(b, EPISODE)->about.rating, "Y");
}

static void
a_note_that_is_gone_says_nothing(void **state)
{
	static const char *const names[] = { TVSHOW, NFO, EPISODE ".yaml" };
	struct bench *b = *state;

	put(b, TVSHOW, "<tvshow><title>Series</title></tvshow>");
	put(b, NFO, "<episodedetails><title>Nfo</title></episodedetails>");
	put(b, EPISODE ".yaml", "rating: X\n");
	scan(b);
	for (size_t i = 0; i < 3; i++) {
		char *path = tree_path(b->tree, names[i]);

		assert_int_equal(remove(path), 0);
		free(path);
	}
	assert_string_equal(title(b), "Name");
	assert_string_equal(asset(b, EPISODE)->about.series, "Show");
	assert_null(asset(b, EPISODE)->about.rating);
}

static void
tags_are_kept_without_another_ffprobe(void **state)
{
	struct bench *b = *state;

	put(b, EPISODE, "\001{\"TITLE\":\"T\",\"genre\":\"Comedy; Drama\","
	    "\"date\":\"1982-10-07\",\"season_number\":\"3\","
	    "\"episode_sort\":\"4\",\"synopsis\":\"P\","
	    "\"iTunEXTC\":\"us-tv|TV-PG|400|\"}");
	for (int i = 0; i < 2; i++) {
		const struct asset_about *a;

		assert_int_equal(scan(b), i == 0 ? 3 : 0);
		a = &asset(b, EPISODE)->about;
		assert_string_equal(asset(b, EPISODE)->title, "T");
		assert_int_equal(a->genres.n, 2);
		assert_int_equal(a->year, 1982);
		assert_int_equal(a->season, 3);
		assert_int_equal(a->episode, 4);
		assert_string_equal(a->plot, "P");
		assert_string_equal(a->rating, "TV-PG");
	}
}

static void
a_title_that_names_a_release_is_none(void **state)
{
	struct bench *b = *state;

	put(b, EPISODE, "\001{\"title\":\"Show.S01E02.1080p.WEB-DL-GRP\"}");
	assert_string_equal(title(b), "Name");
}

static void
a_library_s_tags_are_on_all_that_is_in_it(void **state)
{
	struct bench *b = *state;
	const struct texts *t;

	texts_add(&b->libraries[0].tags, "retro");
	put(b, EPISODE ".yaml", "tags: [mine]\n");
	for (int i = 0; i < 2; i++) {
		scan(b);
		t = &asset(b, EPISODE)->about.tags;
		assert_int_equal(t->n, 2);
		assert_string_equal(t->v[0], "mine");
		assert_string_equal(t->v[1], "retro");
	}
	assert_int_equal(
	    asset(b, "films/Film (1979).mkv")->about.tags.n, 0);
}

static void
a_film_alone_may_have_a_movie_nfo(void **state)
{
	struct bench *b = *state;

	put(b, "films/movie.nfo", "<movie><title>Told</title></movie>");
	scan(b);
	assert_string_equal(asset(b, "films/Film (1979).mkv")->title,
	    "Told");
	put(b, "films/Other (1980).mkv", "\001{}");
	scan(b);
	assert_string_equal(asset(b, "films/Film (1979).mkv")->title,
	    "Film");
	assert_string_equal(asset(b, "films/Other (1980).mkv")->title,
	    "Other");
}

static void
a_film_among_the_shows_is_one(void **state)
{
	struct bench *b = *state;

	put(b, NFO, "<movie><title>Film</title></movie>");
	scan(b);
	assert_int_equal(asset(b, EPISODE)->type, ASSET_movie);
}

static void
a_spot_stays_a_spot(void **state)
{
	struct bench *b = *state;

	put(b, "spots/Cola - 1985.nfo", "<movie><title>C</title></movie>");
	scan(b);
	assert_int_equal(asset(b, "spots/Cola - 1985.mp4")->type,
	    ASSET_commercial);
	assert_string_equal(asset(b, "spots/Cola - 1985.mp4")->title, "C");
}

static void
a_hostile_nfo_costs_a_warning(void **state)
{
	struct bench *b = *state;
	char *path = tree_path(b->tree, NFO);

	put(b, NFO, "<!DOCTYPE x [<!ENTITY y SYSTEM \"/etc/passwd\">]>"
	    "<episodedetails><title>&y;</title></episodedetails>");
	assert_string_equal(title(b), "Name");
	assert_int_equal(b->errs.n, 1);
	assert_int_equal(b->errs.faults, 0);
	assert_string_equal(title(b), "Name");
	assert_int_equal(b->errs.n, 0);
	remove(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_string_equal(title(b), "Name");
	assert_int_equal(b->errs.n, 1);
	free(path);
}

#define TOLD	"<movie><title>Told</title></movie>"

static void
once_four_notes_hang_no_more_of_that_library_is_asked_for(void **state)
{
	struct bench *b = *state;
	char film[] = "films/A/0.mkv", nfo[] = "films/A/0.nfo";
	struct hanging h;

	for (; film[8] < '5'; film[8]++)
		put(b, film, "\001{}");
	scan(b);		/* what is known is looked at in order */
	assert_true(hanging_open(&h));
	for (; nfo[8] < '5'; nfo[8]++) {
		char *place = tree_path(b->tree, nfo);

		put(b, nfo, TOLD);
		if (nfo[8] < '4')
			assert_true(hanging_leave(&h, place));
		free(place);
	}
	put(b, NFO, "<episodedetails><title>Told</title></episodedetails>");
	scan(b);
	assert_string_equal(asset(b, EPISODE)->title, "Told");
	assert_string_equal(asset(b, "films/A/4.mkv")->title, "4");
	hanging_close(&h);
	scan(b);
	assert_string_equal(asset(b, "films/A/0.mkv")->title, "Told");
	assert_string_equal(asset(b, "films/A/4.mkv")->title, "Told");
}

static void
a_sidecar_at_fault_is_told_each_time(void **state)
{
	struct bench *b = *state;

	put(b, EPISODE ".yaml", "titel: x\n");
	for (int i = 0; i < 2; i++) {
		scan(b);
		assert_int_equal(b->errs.faults, 1);
		assert_non_null(asset(b, EPISODE)->bad);
	}
}

static void
edit(const struct bench *b, const char *sql)
{
	char *path = tree_path(b->tree, "st/library.db");
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	free(path);
}

static void
an_earlier_version_s_database_is_filled_anew(void **state)
{
	struct bench *b = *state;
	char *aside = tree_path(b->tree, "st/library.db.bad");

	scan(b);
	edit(b, "ALTER TABLE assets DROP COLUMN nfo; DROP TABLE shows; "
	    "PRAGMA user_version = 2");
	assert_int_equal(scan(b), 3);
	assert_int_equal(b->errs.n, 1);
	assert_int_equal(b->errs.faults, 0);
	assert_int_equal(access(aside, F_OK), -1);
	assert_int_equal(scan(b), 0);
	assert_int_equal(b->errs.n, 0);
	free(aside);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_word_counts),
		TEST(notes_that_look_the_same_are_not_read_again),
		TEST(a_note_that_is_gone_says_nothing),
		TEST(tags_are_kept_without_another_ffprobe),
		TEST(a_title_that_names_a_release_is_none),
		TEST(a_library_s_tags_are_on_all_that_is_in_it),
		TEST(a_film_alone_may_have_a_movie_nfo),
		TEST(a_film_among_the_shows_is_one),
		TEST(a_spot_stays_a_spot),
		TEST(a_hostile_nfo_costs_a_warning),
		TEST(
		once_four_notes_hang_no_more_of_that_library_is_asked_for),
		TEST(a_sidecar_at_fault_is_told_each_time),
		TEST(an_earlier_version_s_database_is_filled_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
