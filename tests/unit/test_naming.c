/* test_naming.c - what the names that people give their files say. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "plan/naming.h"

#define ROOT	"/media/shows"

/* What a name must say: "series (year) SxxEyy (year) title", without what it
 * does not say. */
struct name {
	const char *path, *says;
};

static const struct name episodes[] = {
	{ "Cheers (1982)/Season 01/Cheers - S01E02 - Sam's Women.mkv",
	    "Cheers (1982)|S1E2|0|Sam's Women" },
	{ "Cheers/S01E02.mkv", "Cheers|S1E2|0|Cheers S01E02" },
	{ "Cheers.S01E02.Sams.Women.1080p.WEB-DL.DD5.1.H.264-NTb.mkv",
	    "Cheers|S1E2|0|Sams Women" },
	{ "Cheers - 1x02 - Sam's Women.avi",
	    "Cheers|S1E2|0|Sam's Women" },
	{ "Cheers/Season 0/Cheers - S00E01 - Uncut.mkv",
	    "Cheers|S0E1|0|Uncut" },
	{ "Cheers/Specials/S00E03.mkv", "Cheers|S0E3|0|Cheers S00E03" },
	{ "Cheers/Specials/Reunion.mkv", "Cheers|S0E-1|0|Reunion" },
	{ "Cheers/Season 1/Cheers - S01E01-E02 - Give Me a Ring.mkv",
	    "Cheers|S1E1|0|Give Me a Ring" },
	{ "Cheers/Season 1/Cheers - S01E01E02.mkv",
	    "Cheers|S1E1|0|Cheers S01E01" },
	{ "Cheers S01E01-02 Give Me a Ring.mkv",
	    "Cheers|S1E1|0|Give Me a Ring" },
	{ "Cheers 1x01-1x02 Give Me a Ring.mkv",
	    "Cheers|S1E1|0|Give Me a Ring" },
	{ "cheers.s01e03.mkv", "cheers|S1E3|0|cheers S01E03" },
	{ "Cheers s1 e3.mkv", "Cheers|S1E3|0|Cheers S01E03" },
	{ "Cheers_S01EP03_The_Tortelli_Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers [1x03] The Tortelli Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers (S01E03) The Tortelli Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers/Season 1/03 - The Tortelli Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers/Season 1/03. The Tortelli Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers/Season 1/3.mkv", "Cheers|S1E3|0|Cheers S01E03" },
	{ "Cheers/Season 1/Episode 3.mkv", "Cheers|S1E3|0|Cheers S01E03" },
	{ "Cheers/Season 1/E03 The Tortelli Tort.mkv",
	    "Cheers|S1E3|0|The Tortelli Tort" },
	{ "Cheers/S02/Ep. 3.mkv", "Cheers|S2E3|0|Cheers S02E03" },
	{ "Cheers Season 2 Episode 3.mkv", "Cheers|S2E3|0|Cheers S02E03" },
	{ "Cheers - Season 2, Episode 3 - Fairy Tales.mkv",
	    "Cheers|S2E3|0|Fairy Tales" },
	{ "Cheers/03 - The Tortelli Tort.mkv",
	    "Cheers|S-1E3|0|The Tortelli Tort" },
	{ "Cheers S02 1080p BluRay/Cheers.S02E03.mkv",
	    "Cheers|S2E3|0|Cheers S02E03" },
	{ "Sitcoms/Cheers S02/Cheers.S02E03.mkv",
	    "Cheers|S2E3|0|Cheers S02E03" },
	{ "Sitcoms/Cheers/Season 2/Disc 1/Cheers 2x03.mkv",
	    "Cheers|S2E3|0|Cheers S02E03" },
	{ "Downloads/Cheers.S02E03.HDTV.x264-LOL.mkv",
	    "Cheers|S2E3|0|Cheers S02E03" },
	{ "The Office (US)/The.Office.US.S01E01.Pilot.720p.mkv",
	    "The Office (US)|S1E1|0|Pilot" },
	{ "Batman (1966)/Batman 1x01 Hi Diddle Riddle.mkv",
	    "Batman (1966)|S1E1|0|Hi Diddle Riddle" },
	{ "Batman/Season 1/Batman (1966) - S01E01.mkv",
	    "Batman (1966)|S1E1|0|Batman S01E01" },
	{ "Batman (1966) - S01E01 - Hi Diddle Riddle.mkv",
	    "Batman (1966)|S1E1|0|Hi Diddle Riddle" },
	{ "Batman (1966) {tvdb-77871}/Season 1/Batman S01E01.mkv",
	    "Batman (1966)|S1E1|0|Batman S01E01" },
	{ "Space 1999/Space 1999 S01E01 Breakaway.mkv",
	    "Space 1999|S1E1|0|Breakaway" },
	{ "24/Season 1/24 - S01E01 - 12 AM.mkv", "24|S1E1|0|12 AM" },
	{ "S.W.A.T.S01E02.Pilot.mkv", "S.W.A.T.|S1E2|0|Pilot" },
	{ "M.A.S.H/Season 01/M.A.S.H.S01E04.mkv",
	    "M.A.S.H|S1E4|0|M.A.S.H S01E04" },
	{ "Mr. Bean/Mr. Bean S01E01 Mr. Bean.mkv",
	    "Mr. Bean|S1E1|0|Mr. Bean" },
	{ "Jeopardy/Jeopardy - 1985-04-12 - Finals.mkv",
	    "Jeopardy|S1985E412|1985|Finals" },
	{ "Jeopardy.1985.04.12.Finals.480p.mkv",
	    "Jeopardy|S1985E412|1985|Finals" },
	{ "Jeopardy/1985-04-12.mkv",
	    "Jeopardy|S1985E412|1985|1985-04-12" },
	{ "Jeopardy - 1985-13-12.mkv", "|S-1E-1|0|Jeopardy - 1985-13-12" },
	{ "[Group] Show - 12 [1080p][ABCD1234].mkv",
	    "Show|S-1E12|0|Show 12" },
	{ "[Group] Show S2 - 05 [720p].mkv", "Show|S2E5|0|Show S02E05" },
	{ "[Group] Show - 12v2 - A Title (1080p).mkv",
	    "Show|S-1E12|0|A Title" },
	{ "Naruto/Naruto 120.mkv", "Naruto|S-1E120|0|Naruto 120" },
	{ "Naruto/Naruto - 120 - Roar.mkv", "Naruto|S-1E120|0|Roar" },
	{ "Apollo 13/Apollo 13.mkv", "|S-1E-1|0|Apollo 13" },
	{ "Apollo - 13.mkv", "|S-1E-1|0|Apollo - 13" },
	{ "Amélie/Saison 1/Amélie – S01E01 – Été.mkv",
	    "Amélie|S1E1|0|Été" },
	{ "宇宙船/Season 1/宇宙船 - S01E01 - 出発.mkv",
	    "宇宙船|S1E1|0|出発" },
	{ "Cheers/S01E02 1920x1080.mkv", "Cheers|S1E2|0|1920x1080" },
	{ "Clip 1920x1080.mkv", "|S-1E-1|0|Clip 1920x1080" },
	{ "Pilot.mkv", "|S-1E-1|0|Pilot" },
	{ "Show.With.No.Number.mkv", "|S-1E-1|0|Show With No Number" },
	{ "Film (1979)/Film (1979).mkv", "|S-1E-1|1979|Film" },
	{ "S01E02.mkv", "shows|S1E2|0|shows S01E02" },
	{ "Season 2/S02E01.mkv", "shows|S2E1|0|shows S02E01" },
	{ "Cheers - S01E02 - One (1982).mkv", "Cheers|S1E2|1982|One" },
	{ "Cheers/Season 1/Pilot.mkv", "Cheers|S1E-1|0|Pilot" },
	{ "Show/S2009E15.mkv", "Show|S2009E15|0|Show S2009E15" },
	{ "bad\xff" "byte S01E01.mkv", "bad?byte|S1E1|0|bad?byte S01E01" },
	{ "new\nline S01E01 a\tb.mkv",
	    "new?line|S1E1|0|a?b" },
};

static const struct name films[] = {
	{ "Alien (1979).mkv", "|S-1E-1|1979|Alien" },
	{ "Alien (1979)/Alien (1979).mkv", "|S-1E-1|1979|Alien" },
	{ "Alien (1979)/alien-1080p.mkv", "|S-1E-1|1979|Alien" },
	{ "Alien.1979.1080p.BluRay.x264-GROUP.mkv",
	    "|S-1E-1|1979|Alien" },
	{ "Alien.1979.EXTENDED.1080p.mkv", "|S-1E-1|1979|Alien" },
	{ "Alien.1979.mkv", "|S-1E-1|1979|Alien" },
	{ "Alien [1979] [1080p].mkv", "|S-1E-1|1979|Alien" },
	{ "Alien (1979) - Making Of.mkv",
	    "|S-1E-1|1979|Alien - Making Of" },
	{ "Alien (1979) {edition-Director's Cut}.mkv",
	    "|S-1E-1|1979|Alien" },
	{ "(500) Days of Summer (2009).mkv",
	    "|S-1E-1|2009|(500) Days of Summer" },
	{ "2001 A Space Odyssey (1968).mkv",
	    "|S-1E-1|1968|2001 A Space Odyssey" },
	{ "2001.A.Space.Odyssey.1968.2160p.UHD.mkv",
	    "|S-1E-1|1968|2001 A Space Odyssey" },
	{ "Blade.Runner.2049.2017.1080p.WEB.mkv",
	    "|S-1E-1|2017|Blade Runner 2049" },
	{ "Death Race 2000.mkv", "|S-1E-1|0|Death Race 2000" },
	{ "1984.mkv", "|S-1E-1|0|1984" },
	{ "1917.2019.1080p.mkv", "|S-1E-1|2019|1917" },
	{ "The.Thing.mkv", "|S-1E-1|0|The Thing" },
	{ "Se7en.mkv", "|S-1E-1|0|Se7en" },
	{ "Web.of.Spies.1080p.mkv", "|S-1E-1|0|Web of Spies" },
	{ "1080p.mkv", "|S-1E-1|0|1080p" },
	{ "[1979].mkv", "|S-1E-1|0|[1979]" },
	{ "Le Fabuleux Destin d'Amélie Poulain (2001).mkv",
	    "|S-1E-1|2001|Le Fabuleux Destin d'Amélie Poulain" },
	{ ".mkv", "|S-1E-1|0|mkv" },
};

static const struct name spots[] = {
	{ "Cola - 1985.mp4", "|S-1E-1|1985|Cola" },
	{ "Cola (1985).mp4", "|S-1E-1|1985|Cola" },
	{ "Cola 1985.mp4", "|S-1E-1|1985|Cola 1985" },
	{ "cola_1985.mp4", "|S-1E-1|1985|cola" },
	{ "1980s/Cola.mp4", "|S-1E-1|0|Cola" },
	{ "Cola S01E02.mp4", "|S-1E-1|0|Cola S01E02" },
};

static char *
said(const struct name *n, enum asset_type type)
{
	struct asset a = { .type = type, .about = ASSET_ABOUT_NONE };
	char *text, *year;

	a.path = xasprintf(ROOT "/%s", n->path);
	naming_read(&a, strlen(ROOT));
	naming_set_title(&a);
	year = a.about.series_year == 0 ? xstrdup("") :
	    xasprintf(" (%d)", a.about.series_year);
	text = xasprintf("%s%s|S%dE%d|%d|%s",
	    a.about.series != NULL ? a.about.series : "", year,
	    a.about.season, a.about.episode, a.about.year, a.title);
	free(year);
	asset_fini(&a);
	return text;
}

static void
check(const struct name *names, size_t n, enum asset_type type)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		char *text = said(&names[i], type);

		if (strcmp(text, names[i].says) != 0) {
			print_error("%s\n  says  %s\n  not   %s\n",
			    names[i].path, text, names[i].says);
			wrong++;
		}
		free(text);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(names, type)						\
	check(names, sizeof names / sizeof names[0], type)

static void
an_episode_tells_series_number_and_title(void **state)
{
	(void)state;
	CHECK(episodes, ASSET_episode);
}

static void
a_film_tells_title_and_year(void **state)
{
	(void)state;
	CHECK(films, ASSET_movie);
}

static void
a_spot_tells_what_it_is_for_and_when(void **state)
{
	(void)state;
	CHECK(spots, ASSET_commercial);
}

static bool
is_clean(const char *s)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t n; *p != '\0'; p += n)
		if ((n = utf8_len(p)) == 0 || *p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

/* Pieces that the parser looks for, in every order: nothing is read beyond
 * the name's end, which the address sanitizer would see. */
static void
any_name_gives_a_clean_title(void **state)
{
	static const char *const bits[] = {
		"S01", "E02", "1x02", "-", " ", ".", "(1982)", "[", "]", "(",
		"1985-04-1", "1080p", "\xe2\x80", "\xff", "/", "Season 1", "x",
		"19", "{", "H.264", "v2", "Episode ", "_",
	};
	size_t n = sizeof bits / sizeof bits[0];

	(void)state;
	for (size_t i = 0; i < n * n * n * n; i++) {
		struct asset a = { .about = ASSET_ABOUT_NONE };

		a.path = xasprintf(ROOT "/%s%s%s%s.mkv", bits[i % n],
		    bits[i / n % n], bits[i / n / n % n], bits[i / n / n / n]);
		naming_read(&a, strlen(ROOT));
		naming_set_title(&a);
		assert_non_null(a.title);
		assert_true(*a.title != '\0' && is_clean(a.title));
		assert_true(a.about.series == NULL ||
		    (*a.about.series != '\0' && is_clean(a.about.series)));
		asset_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_episode_tells_series_number_and_title),
		cmocka_unit_test(a_film_tells_title_and_year),
		cmocka_unit_test(a_spot_tells_what_it_is_for_and_when),
		cmocka_unit_test(any_name_gives_a_clean_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
