/* test_nfo.c - what Kodi's files say, and what hostile ones do not do. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "media/facts_json.h"
#include "media/nfo.h"

static struct facts facts;

static const char *
parse(const char *text)
{
	facts_fini(&facts);
	return nfo_parse(text, strlen(text), &facts);
}

static int
setup(void **state)
{
	(void)state;
	facts = (struct facts)FACTS_NONE;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	facts_fini(&facts);
	return 0;
}

/* That it says nothing at all. */
static void
assert_nothing(void)
{
	char *json = facts_to_json(&facts);

	assert_null(json);
}

#define MOVIE								\
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"			\
	"<movie><title>Alien</title><year>1979</year>"			\
	"<plot>In space\n  no one.</plot><mpaa>Rated R for gore</mpaa>"	\
	"<genre>Horror</genre><genre>Science Fiction</genre>"		\
	"<tag>late-night</tag><set><name>Aliens</name></set></movie>"

static void
a_film_is_described(void **state)
{
	(void)state;
	assert_null(parse(MOVIE));
	assert_string_equal(facts.title, "Alien");
	assert_int_equal(facts.type, ASSET_movie);
	assert_int_equal(facts.about.year, 1979);
	assert_string_equal(facts.about.plot, "In space no one.");
	assert_string_equal(facts.about.rating, "R");
	assert_int_equal(facts.about.genres.n, 2);
	assert_string_equal(facts.about.genres.v[1], "Science Fiction");
	assert_string_equal(facts.about.tags.v[0], "late-night");
}

#define EPISODE								\
	"<episodedetails><title>Sam's Women</title>"			\
	"<showtitle>Cheers</showtitle><season>1</season>"		\
	"<episode>2</episode><aired>1982-10-07</aired>"			\
	"<director>James Burrows</director><credits>Earl Pomerantz</credits>"\
	"<thumb aspect=\"thumb\">http://example.org/2.jpg</thumb>"	\
	"<actor><name>Ted Danson</name><role>Sam</role></actor>"	\
	"<actor><name>Downey, Jr.</name></actor>"			\
	"<mpaa>US:TV-PG / UK:12</mpaa></episodedetails>"

static void
an_episode_is_described(void **state)
{
	(void)state;
	assert_null(parse(EPISODE));
	assert_string_equal(facts.title, "Sam's Women");
	assert_int_equal(facts.type, ASSET_episode);
	assert_string_equal(facts.about.series, "Cheers");
	assert_int_equal(facts.about.season, 1);
	assert_int_equal(facts.about.episode, 2);
	assert_int_equal(facts.about.year, 1982);
	assert_string_equal(facts.about.rating, "TV-PG");
}

static void
who_made_it_and_its_picture_are_known(void **state)
{
	struct asset_about *a = &facts.about;

	(void)state;
	assert_null(parse(EPISODE));
	assert_string_equal(a->directors.v[0], "James Burrows");
	assert_string_equal(a->writers.v[0], "Earl Pomerantz");
	assert_int_equal(a->actors.n, 2);
	assert_string_equal(a->actors.v[0], "Ted Danson");
	assert_string_equal(a->actors.v[1], "Downey, Jr.");
	assert_string_equal(a->icon, "http://example.org/2.jpg");
}

static void
a_picture_is_an_address_of_the_web(void **state)
{
	(void)state;
	assert_null(parse("<movie><thumb>file:///etc/passwd</thumb></movie>"));
	assert_null(facts.about.icon);
}

static void
a_series_gives_no_episode_a_title(void **state)
{
	(void)state;
	assert_null(parse("<tvshow><title>Batman</title><year>1966</year>"
	    "<plot>Of all.</plot><genre>Comedy / Crime</genre></tvshow>"));
	assert_null(facts.title);
	assert_null(facts.about.plot);
	assert_int_equal(facts.type, -1);
	assert_string_equal(facts.about.series, "Batman");
	assert_int_equal(facts.about.series_year, 1966);
	assert_int_equal(facts.about.year, 0);
}

static void
the_first_of_two_episodes_counts(void **state)
{
	(void)state;
	assert_null(parse(EPISODE "\n<episodedetails><title>Two</title>"
	    "</episodedetails>"));
	assert_string_equal(facts.title, "Sam's Women");
	assert_null(parse(MOVIE "\nhttps://www.example.org/title/1"));
	assert_string_equal(facts.title, "Alien");
}

static void
what_is_no_xml_says_nothing(void **state)
{
	(void)state;
	assert_null(parse("https://www.example.org/title/1"));
	assert_nothing();
	assert_null(parse(""));
	assert_nothing();
	assert_null(parse("  \n"));
	assert_nothing();
	assert_null(parse("<artist><name>x</name></artist>"));
	assert_nothing();
}

static void
bytes_in_other_encodings_are_understood(void **state)
{
	(void)state;
	assert_null(parse("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
	    "<movie><title>Am\xe9lie</title></movie>"));
	assert_string_equal(facts.title, "Am\xc3\xa9lie");
	assert_null(parse("\xef\xbb\xbf<movie><title>B</title></movie>"));
	assert_string_equal(facts.title, "B");
}

/* UTF-7, of which '<' is "+ADw-"; one of IBM's; two bytes a character. */
static void
an_encoding_that_hides_its_tags_is_refused(void **state)
{
	static const char wide[] = "<\0m\0o\0v\0i\0e\0/\0>";

	(void)state;
	assert_string_equal(parse("<?xml version=\"1.0\" encoding=\"UTF-7\"?>"
	    "+ADw-movie/+AD4-"), "is in an encoding that is not read");
	assert_string_equal(parse("<?xml version='1.0' encoding = 'IBM037'?>"
	    "<movie/>"), "is in an encoding that is not read");
	assert_string_equal(nfo_parse(wide, sizeof wide, &facts),
	    "is in an encoding that is not read");
	assert_null(parse("<?xml version='1.0' encoding='Utf-8'?>"
	    "<movie><title>A</title></movie>"));
	assert_string_equal(facts.title, "A");
}

static void
what_steers_a_terminal_is_left_out(void **state)
{
	(void)state;
	/* U+009B is an escape sequence's begin, U+202E turns the writing, and
	 * U+2028 ends a line. */
	assert_null(parse("<movie><title>a\xc2\x9b""2Jb\xe2\x80\xae c"
	    "\xe2\x80\xa8""d</title></movie>"));
	assert_string_equal(facts.title, "a 2Jb c d");
}

/* A thousand million laughs, and a file that is not ours to read. */
static void
a_dtd_is_refused(void **state)
{
	(void)state;
	assert_string_equal(parse("<?xml version=\"1.0\"?><!DOCTYPE movie ["
	    "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
	    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
	    "<movie><title>&c;</title></movie>"),
	    "has a DTD, which is not read");
	assert_nothing();
	assert_string_equal(parse("<!DOCTYPE movie [<!ENTITY x SYSTEM "
	    "\"file:///etc/passwd\">]><movie><title>&x;</title></movie>"),
	    "has a DTD, which is not read");
	assert_nothing();
	assert_string_equal(parse("<!DOCTYPE movie SYSTEM "
	    "\"http://127.0.0.1/x.dtd\"><movie><title>A</title></movie>"),
	    "has a DTD, which is not read");
	assert_nothing();
}

static void
too_much_is_not_read(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_adds(&b, "<movie><title>A</title><plot>");
	while (b.len <= NFO_MAX)
		buf_adds(&b, "abcdefgh ");
	facts_fini(&facts);
	assert_string_equal(nfo_parse(buf_str(&b), b.len, &facts),
	    "has more than 1 MiB");
	assert_nothing();
	buf_fini(&b);
}

static void
a_long_text_is_cut(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_adds(&b, "<movie><title>");
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "\xe2\x82\xac");
	buf_adds(&b, "</title></movie>");
	facts_fini(&facts);
	assert_null(nfo_parse(buf_str(&b), b.len, &facts));
	assert_int_equal(strlen(facts.title), FACTS_TITLE_MAX / 3 * 3);
	buf_fini(&b);
}

static const char *
parse_attributes(const char *begin, size_t n, const char *attribute,
    const char *end)
{
	struct buf b = { 0 };
	const char *why;

	buf_adds(&b, begin);
	for (size_t i = 0; i < n; i++)
		buf_adds(&b, attribute);
	buf_adds(&b, end);
	facts_fini(&facts);
	why = nfo_parse(buf_str(&b), b.len, &facts);
	buf_fini(&b);
	return why;
}

#define TOO_MANY	"has a tag with more than 64 attributes"
#define TITLE_A		"<title>A</title></movie>"

/* Of which 1 MiB in one tag take libxml2 minutes. */
static void
a_tag_has_only_so_many_attributes(void **state)
{
	(void)state;
	assert_null(parse_attributes("<movie", 64, " a = '>'",
	    ">" TITLE_A));
	assert_string_equal(facts.title, "A");
	assert_string_equal(parse_attributes("<movie", 65, " a = '>'",
	    ">" TITLE_A), TOO_MANY);
	assert_nothing();
	assert_string_equal(parse_attributes("<movie", 150000, " a=''",
	    ">" TITLE_A), TOO_MANY);
	assert_string_equal(parse_attributes("<movie", 65, "\na\n=\n\"\"",
	    ""), TOO_MANY);
	assert_string_equal(parse_attributes("<movie><!-- ' --><actor", 65,
	    "\ta=''", "/>" TITLE_A), TOO_MANY);
}

/* Each of which is looked at for every name with a prefix. */
static void
a_document_has_only_so_many_namespaces(void **state)
{
	(void)state;
	assert_null(parse_attributes("<movie>", 64, "<a xmlns:b='c'>",
	    ""));
	assert_string_equal(parse_attributes("<movie>", 65, "<a xmlns:b='c'>",
	    ""), "declares more than 64 namespaces");
}

/* A line of '=', and an address' queries. */
static void
a_text_may_have_what_attributes_are_made_of(void **state)
{
	(void)state;
	assert_null(parse_attributes("<movie><plot>", 1000, "=a=b ",
	    "</plot>" TITLE_A));
	assert_string_equal(facts.title, "A");
	assert_null(parse_attributes("<movie>", 1000, "<thumb a='1'/>",
	    TITLE_A));
	assert_string_equal(facts.title, "A");
}

/* 100,000 elements, one in the other. */
static void
depth_ends_somewhere(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_adds(&b, "<movie><title>A</title>");
	for (int i = 0; i < 100000; i++)
		buf_adds(&b, "<a>");
	facts_fini(&facts);
	nfo_parse(buf_str(&b), b.len, &facts);
	buf_fini(&b);
}

static void
any_part_of_a_file_is_read_without_harm(void **state)
{
	(void)state;
	for (size_t n = 0; n <= strlen(MOVIE); n++) {
		char *part = malloc(n > 0 ? n : 1);

		memcpy(part, MOVIE, n);
		facts_fini(&facts);
		nfo_parse(part, n, &facts);
		free(part);
	}
}

static void
numbers_that_are_none_are_not_taken(void **state)
{
	(void)state;
	assert_null(parse("<episodedetails><season>-1</season>"
	    "<episode>x</episode><year>99999999999</year>"
	    "</episodedetails>"));
	assert_int_equal(facts.about.season, -1);
	assert_int_equal(facts.about.episode, -1);
	assert_int_equal(facts.about.year, 0);
}

static void
facts_come_back_from_json_as_they_went(void **state)
{
	struct facts back;
	char *json, *again;

	(void)state;
	assert_null(parse(EPISODE));
	texts_add(&facts.about.tags, "a");
	facts.markers = calloc(1, sizeof *facts.markers);
	facts.markers[0] = (struct marker){ .kind = MARKER_avail,
	    .start_us = 5, .end_us = 9, .range = true };
	facts.nmarkers = 1;
	facts.has_markers = true;
	json = facts_to_json(&facts);
	facts_of_json(&back, json);
	again = facts_to_json(&back);
	assert_string_equal(json, again);
	assert_int_equal(back.markers[0].end_us, 9);
	facts_fini(&back);
	free(again);
	free(json);
}

static void
json_that_somebody_has_edited_is_taken_with_care(void **state)
{
	static const char *const texts[] = {
		"", "[]", "{", "{\"title\":5,\"season\":-7,\"type\":\"x\"}",
		"{\"markers\":[[\"avail\",-5],[\"x\",1],[],5,"
		"[\"avail\",9,3]]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		facts_of_json(&facts, texts[i]);
		assert_null(facts.title);
		assert_int_equal(facts.type, -1);
		assert_int_equal(facts.about.season, -1);
		assert_int_equal(facts.nmarkers, 0);
		facts_fini(&facts);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_film_is_described),
		TEST(an_episode_is_described),
		TEST(who_made_it_and_its_picture_are_known),
		TEST(a_picture_is_an_address_of_the_web),
		TEST(a_series_gives_no_episode_a_title),
		TEST(the_first_of_two_episodes_counts),
		TEST(what_is_no_xml_says_nothing),
		TEST(bytes_in_other_encodings_are_understood),
		TEST(an_encoding_that_hides_its_tags_is_refused),
		TEST(what_steers_a_terminal_is_left_out),
		TEST(a_dtd_is_refused),
		TEST(too_much_is_not_read),
		TEST(a_long_text_is_cut),
		TEST(a_tag_has_only_so_many_attributes),
		TEST(a_document_has_only_so_many_namespaces),
		TEST(a_text_may_have_what_attributes_are_made_of),
		TEST(depth_ends_somewhere),
		TEST(any_part_of_a_file_is_read_without_harm),
		TEST(numbers_that_are_none_are_not_taken),
		TEST(facts_come_back_from_json_as_they_went),
		TEST(json_that_somebody_has_edited_is_taken_with_care),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
