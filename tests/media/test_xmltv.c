/* test_xmltv.c - the guide as recorders read it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arith.h"
#include "base/version.h"
#include "base/xmem.h"
#include "media/xmltv.h"

#define T	INT64_C(1768487400)	/* 2026-01-15T14:30:00Z */
#define HOUR_S	3600

static char slug[] = "five", number[] = "5", name[] = "Retro";
static struct buf out;

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&out);
	return 0;
}

static char *
mutable(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* The programmes of a channel that has only e, half an hour from T on. */
static const char *
body(struct guide_entry e)
{
	const struct guide g = {
		.slug = slug, .number = number, .name = name, .v = &e, .n = 1,
	};

	if (e.title == NULL)
		e.title = mutable("Fog");
	if (e.start_ns == 0)
		e.start_ns = T * NS_PER_S;
	e.end_ns = e.start_ns + 1800 * NS_PER_S;
	buf_reset(&out);
	xmltv_add_programmes(&out, &g);
	return buf_str(&out);
}

static const struct asset_about none = ASSET_ABOUT_NONE;

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no '%s' in:\n%s", part, text);
}

static void
a_channel_has_three_names_and_a_picture(void **state)
{
	struct guide g = { .slug = slug, .number = number, .name = name };
	struct guide *guides[] = { &g };

	(void)state;
	xmltv_add_head(&out, "A & B", "http://tv", guides, 1);
	xmltv_add_end(&out);
	assert_string_equal(buf_str(&out),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!DOCTYPE tv\nSYSTEM \"xmltv.dtd\">\n"
	    "<tv source-info-name=\"A &amp; B\" "
	    "generator-info-name=\"retrovue " RETROVUE_VERSION "\">\n"
	    " <channel id=\"five.retrovue\">\n"
	    "  <display-name>5 Retro</display-name>\n"
	    "  <display-name>5</display-name>\n"
	    "  <display-name>Retro</display-name>\n"
	    "  <icon src=\"http://tv/channel/five/logo\"/>\n"
	    " </channel>\n"
	    "</tv>\n");
}

static void
all_that_is_known_stands_in_the_order_of_the_dtd(void **state)
{
	char *genres[] = { mutable("Drama"), mutable("Horror") };
	char *actors[] = { mutable("A"), mutable("B") };
	char *directors[] = { mutable("C") };

	(void)state;
	assert_string_equal(body((struct guide_entry){
	    .subtitle = mutable("Part 1"), .description = mutable("It rolls."),
	    .movie = true, .first_run = true,
	    .rerun_channel = mutable("six"), .rerun_hours = 25,
	    .start_east_s = HOUR_S, .end_east_s = -HOUR_S / 2,
	    .about = {
		.season = 2, .episode = 3, .year = 1980,
		.rating = mutable("TV-PG"), .icon = mutable("http://i/x.jpg"),
		.genres = { genres, 2, 2 }, .actors = { actors, 2, 2 },
		.directors = { directors, 1, 1 },
	    } }),
	    "<programme start=\"20260115153000 +0100\" "
	    "stop=\"20260115143000 -0030\" channel=\"five.retrovue\">\n"
	    " <title>Fog</title>\n"
	    " <sub-title>Part 1</sub-title>\n"
	    " <desc>It rolls.</desc>\n"
	    " <credits>\n"
	    "  <director>C</director>\n"
	    "  <actor>A</actor>\n"
	    "  <actor>B</actor>\n"
	    " </credits>\n"
	    " <date>1980</date>\n"
	    " <category>movie</category>\n"
	    " <category>Drama</category>\n"
	    " <category>Horror</category>\n"
	    " <icon src=\"http://i/x.jpg\"/>\n"
	    " <episode-num system=\"xmltv_ns\">1.2.</episode-num>\n"
	    " <episode-num system=\"onscreen\">S02E03</episode-num>\n"
	    " <previously-shown start=\"20260114133000 +0000\" "
	    "channel=\"six.retrovue\"/>\n"
	    " <new/>\n"
	    " <rating system=\"VCHIP\">\n"
	    "  <value>TV-PG</value>\n"
	    " </rating>\n"
	    "</programme>\n");
}

static void
texts_are_in_the_channels_language(void **state)
{
	struct guide_entry e[] = {
		{ .title = mutable("Nebel"), .end_ns = NS_PER_S,
		    .description = mutable("Er rollt."), .about = none },
		{ .title = mutable("Off air"), .start_ns = NS_PER_S,
		    .end_ns = 2 * NS_PER_S, .off_air = true, .about = none },
	};
	const struct guide g = {
		.slug = slug, .language = mutable("German"), .v = e, .n = 2,
	};

	(void)state;
	xmltv_add_programmes(&out, &g);
	assert_has(buf_str(&out), "<title lang=\"de\">Nebel</title>\n"
	    " <desc lang=\"de\">Er rollt.</desc>\n");
	assert_has(buf_str(&out), "<title lang=\"en\">Off air</title>\n");
}

/* But that it is no film, which some take for one that has no number, and that
 * it is not new. */
static void
what_nobody_knows_is_not_there(void **state)
{
	(void)state;
	assert_string_equal(body((struct guide_entry){ .about = none,
	    .start_east_s = HOUR_S }),
	    "<programme start=\"20260115153000 +0100\" "
	    "stop=\"20260115150000 +0000\" channel=\"five.retrovue\">\n"
	    " <title>Fog</title>\n"
	    " <category>series</category>\n"
	    " <episode-num system=\"original-air-date\">"
	    "2026-01-15 15:30:00</episode-num>\n"
	    " <previously-shown/>\n"
	    "</programme>\n");
	assert_string_equal(body((struct guide_entry){ .about = none,
	    .movie = true, .first_run = true }),
	    "<programme start=\"20260115143000 +0000\" "
	    "stop=\"20260115150000 +0000\" channel=\"five.retrovue\">\n"
	    " <title>Fog</title>\n"
	    " <category>movie</category>\n"
	    " <new/>\n"
	    "</programme>\n");
}

static void
a_special_has_no_season_that_counts_from_nought(void **state)
{
	(void)state;
	assert_has(body((struct guide_entry){
	    .about = { .season = 0, .episode = 4 } }),
	    " <episode-num system=\"xmltv_ns\">.3.</episode-num>\n"
	    " <episode-num system=\"onscreen\">S00E04</episode-num>\n");
}

static void
no_text_breaks_the_document(void **state)
{
	const char *got = body((struct guide_entry){ .about = none,
	    .title = mutable("</title>&<![CDATA[\x01\x0c\x1b\xff\xc0\x80"
	    "\xef\xbf\xbf\xed\xa0\x80" "end\"'"), });

	(void)state;
	assert_has(got, "<title>&lt;/title&gt;&amp;&lt;![CDATA[   "
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "end&quot;'</title>");
}

/* A frame that belongs to a second begins up to a frame after it. */
static void
times_are_whole_seconds(void **state)
{
	(void)state;
	assert_has(body((struct guide_entry){ .about = none,
	    .start_ns = T * NS_PER_S + 33366666 }),
	    "start=\"20260115143000 +0000\" stop=\"20260115150000 +0000\"");
}

/* Clocks in New York go back at 02:00. */
static void
the_hour_that_comes_twice_is_told_apart(void **state)
{
	const int64_t twice = INT64_C(1762061400);	/* 2025-11-02 05:30Z */

	(void)state;
	assert_has(body((struct guide_entry){ .about = none,
	    .start_ns = twice * NS_PER_S, .start_east_s = -4 * HOUR_S,
	    .end_east_s = -5 * HOUR_S }),
	    "start=\"20251102013000 -0400\" stop=\"20251102010000 -0500\"");
	assert_has(body((struct guide_entry){ .about = none,
	    .start_ns = (twice + HOUR_S) * NS_PER_S,
	    .start_east_s = -5 * HOUR_S, .end_east_s = -5 * HOUR_S }),
	    "start=\"20251102013000 -0500\" stop=\"20251102020000 -0500\"");
}

static void
who_rates_is_told_where_that_is_known(void **state)
{
	(void)state;
	assert_has(body((struct guide_entry){ .about = {
	    .season = -1, .episode = -1, .rating = mutable("PG-13") } }),
	    "<rating system=\"MPAA\">");
	assert_has(body((struct guide_entry){ .about = {
	    .season = -1, .episode = -1, .rating = mutable("FSK 12") } }),
	    "<rating>\n");
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_channel_has_three_names_and_a_picture),
		TEST(all_that_is_known_stands_in_the_order_of_the_dtd),
		TEST(texts_are_in_the_channels_language),
		TEST(what_nobody_knows_is_not_there),
		TEST(a_special_has_no_season_that_counts_from_nought),
		TEST(no_text_breaks_the_document),
		TEST(times_are_whole_seconds),
		TEST(the_hour_that_comes_twice_is_told_apart),
		TEST(who_rates_is_told_where_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
