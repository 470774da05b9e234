/* The channel list: what stands in it for players, and what no name can do
 * to it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "plan/m3u.h"

#define BASE	"http://tv:8080"

static char slug[] = "five", number[] = "5.1", name[] = "Retro";

/* The entry of a channel, until the next one. */
static const char *
entry_of(struct chan ch, enum m3u_streams streams)
{
	static struct buf out;

	ch.slug = slug;
	ch.number = number;
	ch.name = ch.name != NULL ? ch.name : name;
	ch.format = format_default();
	buf_fini(&out);
	m3u_add_channel(&out, BASE, &ch, "House", streams);
	return buf_str(&out);
}

static const char *
entry(struct chan ch)
{
	return entry_of(ch, M3U_TS);
}

static void
a_player_is_told_all_it_needs(void **state)
{
	char group[] = "Old";

	(void)state;
	assert_string_equal(entry((struct chan){ .group = group }),
	    "#KODIPROP:mimetype=video/mp2t\n"
	    "#EXTINF:-1 tvg-id=\"five.retrovue\" channel-id=\"five\" "
	    "tvg-chno=\"5.1\" channel-number=\"5.1\" tvg-name=\"Retro\" "
	    "tvg-logo=\"" BASE "/channel/five/logo\" group-title=\"Old\" "
	    "tvc-stream-vcodec=\"h264\" tvc-stream-acodec=\"aac\",Retro\n"
	    BASE "/channel/five/stream.ts\n");
}

static void
a_channel_without_a_group_is_in_the_station_s(void **state)
{
	(void)state;
	assert_non_null(strstr(entry((struct chan){ 0 }),
	    " group-title=\"House\" "));
}

/* Where a player wants lists, there is no other stream to catch up with. */
static void
a_player_of_lists_is_told_of_lists(void **state)
{
	const char *got = entry_of((struct chan){ .catchup_h = 24 }, M3U_HLS);

	(void)state;
	assert_non_null(strstr(got, "#KODIPROP:mimetype="
	    "application/vnd.apple.mpegurl\n#EXTINF"));
	assert_non_null(strstr(got, ",Retro\n" BASE
	    "/channel/five/hls/index.m3u8\n"));
	assert_null(strstr(got, "catchup"));
}

/* Part of a day is a day that a player may ask for. */
static void
a_player_is_told_how_to_catch_up(void **state)
{
	(void)state;
	assert_null(strstr(entry((struct chan){ 0 }), "catchup"));
	assert_non_null(strstr(entry((struct chan){ .catchup_h = 25 }),
	    " catchup=\"default\" catchup-source=\"" BASE
	    "/channel/five/stream.ts?at={utc}\" catchup-days=\"2\",Retro"));
	assert_non_null(strstr(entry((struct chan){ .catchup_h = 24 }),
	    "catchup-days=\"1\""));
}

static void
the_head_says_where_the_guide_is(void **state)
{
	struct buf out = { 0 };

	(void)state;
	m3u_add_head(&out, BASE);
	assert_string_equal(buf_str(&out), "#EXTM3U "
	    "url-tvg=\"" BASE "/iptv/xmltv.xml\" "
	    "x-tvg-url=\"" BASE "/iptv/xmltv.xml\"\n");
	buf_fini(&out);
}

static size_t
count(const char *s, char c)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == c;
	return n;
}

static void
no_name_ends_its_line_or_its_value(void **state)
{
	char evil[] = "A, \"B\"\n#EXTINF:-1,C\r\x01\xff\xe2\x80\xa8Z";
	const char *plain = entry((struct chan){ 0 });
	size_t quotes = count(plain, '"');
	const char *got = entry((struct chan){ .name = evil });

	(void)state;
	assert_int_equal(count(got, '\n'), 3);
	assert_int_equal(count(got, ','), 1);
	assert_int_equal(count(got, '"'), quotes);
	assert_null(strpbrk(got, "\r\x01\xff"));
	assert_non_null(strstr(got, ",A 'B' #EXTINF:-1 C \xef\xbf\xbd Z\n"));
}

static void
a_logo_that_is_elsewhere_is_told_of_there(void **state)
{
	char logo[] = "https://x/y.png", file[] = "/srv/logo.png";
	char odd[] = "https://x/w_2,h_2/a \"b\".png";

	(void)state;
	assert_non_null(strstr(entry((struct chan){ .logo = logo }),
	    "tvg-logo=\"https://x/y.png\""));
	assert_non_null(strstr(entry((struct chan){ .logo = odd }),
	    "tvg-logo=\"https://x/w_2%2Ch_2/a%20%22b%22.png\""));
	assert_non_null(strstr(entry((struct chan){ .logo = file }),
	    "tvg-logo=\"" BASE "/channel/five/logo\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_player_is_told_all_it_needs),
		cmocka_unit_test(a_channel_without_a_group_is_in_the_station_s),
		cmocka_unit_test(a_player_of_lists_is_told_of_lists),
		cmocka_unit_test(a_player_is_told_how_to_catch_up),
		cmocka_unit_test(the_head_says_where_the_guide_is),
		cmocka_unit_test(no_name_ends_its_line_or_its_value),
		cmocka_unit_test(a_logo_that_is_elsewhere_is_told_of_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
