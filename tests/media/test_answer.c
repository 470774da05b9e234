#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "media/answer.h"

#define VIDEO(n, more)							\
	"{\"index\":" n ",\"codec_type\":\"video\",\"codec_name\":\"h264\"" \
	more "}"
#define AUDIO(n, more)							\
	"{\"index\":" n ",\"codec_type\":\"audio\",\"codec_name\":\"aac\"" \
	more "}"
#define DEFAULT	",\"disposition\":{\"default\":1,\"attached_pic\":0}"
#define COVER	",\"disposition\":{\"default\":1,\"attached_pic\":1}"
#define LASTS(s) ",\"duration\":\"" s "\""
#define FILE_JSON(streams, duration)					\
	"{\"programs\":[],\"streams\":[" streams "],"			\
	"\"format\":{\"duration\":" duration "}}"

/* The answer without its chapters. */
static int
parse_bytes(const char *json, size_t len, struct asset *a)
{
	struct chapters c;
	struct facts tags;
	int rc = answer_parse(json, len, a, &c, &tags);

	if (rc < 0)
		assert_int_equal(c.n, 0);
	chapters_fini(&c);
	facts_fini(&tags);
	return rc;
}

static void
done(struct asset *a)
{
	free(a->bad);
	free(a->audio);
	a->bad = NULL;
	a->audio = NULL;
}

/* Good for one look: what it points to is freed. */
static struct asset
parse(const char *json)
{
	struct asset a = { .video_stream = -1, .audio_stream = -1 };
	int rc = parse_bytes(json, strlen(json), &a);

	assert_int_equal(rc == 0, a.bad == NULL);
	return a;
}

static int64_t
duration(const char *json)
{
	struct asset a = parse(json);

	done(&a);
	return a.duration_us;
}

static void
check_bad(const char *json, const char *why)
{
	struct asset a = parse(json);

	assert_non_null(a.bad);
	assert_non_null(strstr(a.bad, why));
	assert_int_equal(a.duration_us, 0);
	assert_false(a.has_video || a.has_audio);
	done(&a);
}

static void
an_ordinary_file_is_understood(void **state)
{
	struct asset a = parse(FILE_JSON(VIDEO("0", DEFAULT) ","
	    AUDIO("1", DEFAULT), "\"1320.053000\""));

	(void)state;
	assert_null(a.bad);
	assert_true(a.duration_us == 1320053000);
	assert_true(a.has_video && a.has_audio);
	assert_int_equal(a.video_stream, 0);
	assert_int_equal(a.audio_stream, 1);
	done(&a);
}

static int64_t
picture_start(const char *format, const char *video)
{
	struct buf b = { 0 };
	struct asset a;

	buf_addf(&b, "{\"streams\":[{\"index\":0,\"codec_type\":\"video\","
	    "\"start_time\":\"%s\"}],\"format\":{\"start_time\":\"%s\","
	    "\"duration\":\"9\"}}", video, format);
	a = parse(buf_str(&b));
	done(&a);
	buf_fini(&b);
	return a.video_start_us;
}

static void
the_picture_s_start_counts_from_the_file_s(void **state)
{
	(void)state;
	assert_true(picture_start("1.400000", "1.480000") == 80000);
	assert_true(picture_start("-0.100000", "0.200000") == 300000);
	assert_true(picture_start("0.0", "0.0") == 0);
	assert_true(picture_start("5.0", "1.0") == 0);
	assert_true(picture_start("N/A", "1.0") == 0);
	assert_true(picture_start("0", "99999999999999999999") == 0);
}

static void
decimals_become_microseconds_exactly(void **state)
{
	(void)state;
	assert_true(duration(FILE_JSON(VIDEO("0", ""), "\"0.000001\"")) == 1);
	assert_true(duration(FILE_JSON(VIDEO("0", ""), "\"7\"")) == 7000000);
	assert_true(duration(FILE_JSON(VIDEO("0", ""), "\"7.1\"")) == 7100000);
	assert_true(duration(FILE_JSON(VIDEO("0", ""),
	    "\"86399.9999999999\"")) == 86399999999);
}

static void
the_container_s_duration_counts_before_a_stream_s(void **state)
{
	(void)state;
	assert_true(duration(FILE_JSON(VIDEO("0", LASTS("15.0")) ","
	    AUDIO("1", LASTS("25.0")), "\"25.0\"")) == 25000000);
}

static void
without_a_container_s_duration_the_picture_s_counts(void **state)
{
	(void)state;
	assert_true(duration(FILE_JSON(VIDEO("0", LASTS("15.5")) ","
	    AUDIO("1", LASTS("25.0")), "\"N/A\"")) == 15500000);
	assert_true(duration("{\"streams\":[" AUDIO("0", LASTS("9.0"))
	    "]}") == 9000000);
}

static void
a_file_without_duration_is_bad(void **state)
{
	static const char *const texts[] = {
		"\"N/A\"", "\"\"", "\"-5.0\"", "\"0.000000\"", "\"12x\"",
		"\"1e9\"", "\"nan\"", "\" 1\"", "12.5", "null", "[]", NULL
	};
	char json[256];

	(void)state;
	for (const char *const *t = texts; *t != NULL; t++) {
		snprintf(json, sizeof json, FILE_JSON(VIDEO("0", ""), "%s"),
		    *t);
		check_bad(json, "no known duration");
	}
	check_bad("{\"streams\":[" VIDEO("0", "") "]}", "no known duration");
}

static void
an_absurd_duration_is_bad(void **state)
{
	(void)state;
	check_bad(FILE_JSON(VIDEO("0", ""), "\"2678401\""), "31 days");
	check_bad(FILE_JSON(VIDEO("0", ""),
	    "\"99999999999999999999999999999999\""), "31 days");
	assert_true(duration(FILE_JSON(VIDEO("0", ""), "\"2678400\"")) ==
	    PROBE_MAX_US);
}

static void
cover_art_is_no_picture(void **state)
{
	struct asset a = parse(FILE_JSON(VIDEO("0", COVER) ","
	    AUDIO("1", ""), "\"200.0\""));

	(void)state;
	assert_null(a.bad);
	assert_false(a.has_video);
	assert_int_equal(a.video_stream, -1);
	assert_true(a.has_audio);
	assert_int_equal(a.audio_stream, 1);
	done(&a);
}

static void
a_picture_behind_cover_art_is_found(void **state)
{
	struct asset a = parse(FILE_JSON(VIDEO("0", COVER) ","
	    VIDEO("2", ""), "\"200.0\""));

	(void)state;
	assert_true(a.has_video);
	assert_int_equal(a.video_stream, 2);
	assert_false(a.has_audio);
	done(&a);
}

static void
the_default_sound_is_preferred_to_the_first(void **state)
{
	struct asset a = parse(FILE_JSON(VIDEO("0", "") "," AUDIO("1", "") ","
	    AUDIO("2", DEFAULT) "," AUDIO("3", DEFAULT), "\"9.0\""));
	struct asset b = parse(FILE_JSON(AUDIO("4", "") ","
	    AUDIO("5", ""), "\"9.0\""));

	(void)state;
	assert_int_equal(a.audio_stream, 2);
	assert_int_equal(b.audio_stream, 4);
	done(&a);
	done(&b);
}

static void
a_file_without_streams_is_bad(void **state)
{
	(void)state;
	check_bad(FILE_JSON("", "\"9.0\""), "neither");
	check_bad(FILE_JSON(VIDEO("0", COVER), "\"9.0\""), "neither");
	check_bad(FILE_JSON("{\"index\":0,\"codec_type\":\"subtitle\"}",
	    "\"9.0\""), "neither");
	check_bad(FILE_JSON("{\"index\":0,\"codec_type\":\"video\","
	    "\"codec_name\":\"unknown\"}", "\"9.0\""), "neither");
	check_bad("{\"format\":{\"duration\":\"9.0\"}}", "neither");
	check_bad("{\"streams\":{},\"format\":7}", "neither");
	check_bad("{\"streams\":[1,null,[]],\"format\":7}", "neither");
}

static void
an_index_that_is_none_is_not_trusted(void **state)
{
	(void)state;
	check_bad(FILE_JSON(VIDEO("-1", ""), "\"9.0\""), "neither");
	check_bad(FILE_JSON(VIDEO("4294967296", ""), "\"9.0\""), "neither");
	check_bad(FILE_JSON(VIDEO("\"0\"", ""), "\"9.0\""), "neither");
	check_bad(FILE_JSON("{\"codec_type\":\"video\"}", "\"9.0\""),
	    "neither");
}

static void
every_truncation_is_bad(void **state)
{
	const char *json = FILE_JSON(VIDEO("0", DEFAULT) ","
	    AUDIO("1", DEFAULT), "\"1.0\"");
	size_t len = strlen(json);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		struct asset a = { 0 };
		char *exact = xmalloc(i);	/* a read past i is seen */

		memcpy(exact, json, i);
		assert_int_equal(parse_bytes(exact, i, &a), -1);
		assert_non_null(a.bad);
		done(&a);
		free(exact);
	}
}

static void
no_changed_byte_does_harm(void **state)
{
	const char *json = FILE_JSON(VIDEO("0", DEFAULT) ","
	    AUDIO("1", DEFAULT), "\"1.0\"");
	size_t len = strlen(json);
	char *copy = xstrdup(json);

	(void)state;
	for (size_t i = 0; i < len * 256; i++) {
		struct asset a = { 0 };

		copy[i / 256] = (char)(i % 256);
		if (parse_bytes(copy, len, &a) == 0)
			assert_in_range(a.duration_us, 1, PROBE_MAX_US);
		done(&a);
		copy[i / 256] = json[i / 256];
	}
	free(copy);
}

static void
text_that_is_no_json_is_bad(void **state)
{
	struct asset a = { 0 };
	char *deep = xmalloc(100000);

	(void)state;
	check_bad("", "no sense");
	check_bad("[]", "no sense");
	check_bad("\xff\xfe{}", "no sense");
	memset(deep, '[', 100000);
	assert_int_equal(parse_bytes(deep, 100000, &a), -1);
	free(deep);
	done(&a);
	assert_int_equal(parse_bytes(NULL, 0, &a), -1);
	done(&a);
}

#define TAGGED(n, tag, more)						\
	AUDIO(n, more ",\"tags\":{\"language\":\"" tag "\"}")
#define CHAPTER(start, end, title)					\
	"{\"start_time\":\"" start "\",\"end_time\":\"" end "\","	\
	"\"tags\":{\"title\":\"" title "\"}}"
#define WITH_CHAPTERS(chapters)						\
	"{\"streams\":[" VIDEO("0", "") "],\"chapters\":[" chapters "]," \
	"\"format\":{\"duration\":\"90.0\"}}"

static void
every_sound_is_listed_the_one_to_air_first(void **state)
{
	struct asset a = parse(FILE_JSON(VIDEO("0", "") ","
	    TAGGED("1", "fre", ",\"channels\":2") ","
	    TAGGED("2", "ENG", DEFAULT ",\"channels\":6") ","
	    AUDIO("5", ""), "\"9.0\""));

	(void)state;
	assert_int_equal(a.naudio, 3);
	assert_int_equal(a.audio_stream, 2);
	assert_int_equal(a.audio[0].stream, 2);
	assert_int_equal(a.audio[0].channels, 6);
	assert_string_equal(a.audio[0].language, "eng");
	assert_string_equal(a.audio[0].codec, "aac");
	assert_int_equal(a.audio[1].stream, 1);
	assert_string_equal(a.audio[1].language, "fre");
	assert_int_equal(a.audio[2].stream, 5);
	assert_int_equal(a.audio[2].channels, 0);
	assert_string_equal(a.audio[2].language, "");
	assert_string_equal(a.audio_codec, "aac");
	done(&a);
}

static void
a_language_is_three_letters_or_nothing(void **state)
{
	static const char *const table[][2] = {
		{ "eng", "eng" }, { "DEU", "deu" }, { "und", "" },
		{ "UND", "" }, { "en", "" }, { "english", "" }, { "", "" },
		{ "e1g", "" }, { "\xc3\xa9t", "" }, { "eng ", "" },
	};
	char out[4];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		answer_language(out, table[i][0]);
		assert_string_equal(out, table[i][1]);
	}
}

static void
the_picture_is_described(void **state)
{
	struct asset pq = parse(FILE_JSON(VIDEO("0", ",\"width\":3840,"
	    "\"height\":2160,\"color_transfer\":\"smpte2084\""),
	    "\"9.0\""));
	struct asset hlg = parse(FILE_JSON(VIDEO("0",
	    ",\"color_transfer\":\"arib-std-b67\",\"width\":-5,"
	    "\"height\":\"x\""), "\"9.0\""));
	struct asset sdr = parse(FILE_JSON(VIDEO("0",
	    ",\"color_transfer\":\"bt709\""), "\"9.0\""));

	(void)state;
	assert_int_equal(pq.width, 3840);
	assert_int_equal(pq.height, 2160);
	assert_int_equal(pq.transfer, TRANSFER_PQ);
	assert_string_equal(pq.video_codec, "h264");
	assert_string_equal(pq.audio_codec, "");
	assert_int_equal(hlg.transfer, TRANSFER_HLG);
	assert_int_equal(hlg.width, 0);
	assert_int_equal(hlg.height, 0);
	assert_int_equal(sdr.transfer, TRANSFER_SDR);
}

static struct asset
parse_size(const char *w, const char *h)
{
	struct buf b = { 0 };
	struct asset a;

	buf_addf(&b, "{\"streams\":[{\"index\":0,\"codec_type\":\"video\","
	    "\"width\":%s,\"height\":%s}],"
	    "\"format\":{\"duration\":\"9.0\"}}", w, h);
	a = parse(buf_str(&b));
	buf_fini(&b);
	return a;
}

/* A thousand million pixels are gigabytes a picture, decoded. */
static void
pictures_that_no_film_has_are_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "32768", "32768" }, { "8000", "5001" },
		{ "99999999999", "1" }, { "1", "99999999999" },
	};
	struct asset a = parse_size("8192", "4320");

	(void)state;
	assert_null(a.bad);
	assert_int_equal(a.width, 8192);
	done(&a);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		a = parse_size(bad[i][0], bad[i][1]);
		assert_string_equal(a.bad, "has pictures of more than 40 "
		    "million pixels");
		assert_false(a.has_video);
		done(&a);
	}
}

static void
a_long_codec_name_is_cut(void **state)
{
	struct asset a = parse(FILE_JSON("{\"index\":0,\"codec_type\":"
	    "\"video\",\"codec_name\":\"abcdefghijk\\u00e9mnopqrst\"}",
	    "\"9.0\""));

	(void)state;
	assert_string_equal(a.video_codec, "abcdefghijk\?\?mn");
}

static void
no_file_has_more_sounds_than_we_look_at(void **state)
{
	struct buf b = { 0 };
	struct asset a;

	(void)state;
	buf_adds(&b, "{\"streams\":[");
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "{\"index\":%d,\"codec_type\":\"audio\"},", i);
	buf_adds(&b, AUDIO("1000", DEFAULT) "],"
	    "\"format\":{\"duration\":\"9.0\"}}");
	a = parse(buf_str(&b));
	assert_int_equal(a.naudio, PROBE_MAX_AUDIO);
	assert_int_equal(a.audio[0].stream, 1000);
	assert_int_equal(a.audio[1].stream, 0);
	done(&a);
	buf_fini(&b);
}

static struct chapters
chapters_of(const char *json, size_t len)
{
	struct asset a = { 0 };
	struct chapters c;
	struct facts tags;

	assert_int_equal(answer_parse(json, len, &a, &c, &tags), 0);
	facts_fini(&tags);
	done(&a);
	return c;
}

static void
chapters_come_as_the_container_has_them(void **state)
{
	const char *json = WITH_CHAPTERS(
	    CHAPTER("0.000000", "10.5", "Intro \\u00e9\\n") ","
	    CHAPTER("-1.5", "0", "") ","
	    "{\"start_time\":\"80\",\"end_time\":\"99999999999999\"}");
	struct chapters c = chapters_of(json, strlen(json));

	(void)state;
	assert_int_equal(c.n, 3);
	assert_true(c.v[0].start_us == 0);
	assert_true(c.v[0].end_us == 10500000);
	assert_string_equal(c.v[0].title, "Intro \xc3\xa9\n");
	assert_true(c.v[1].start_us == -1500000);
	assert_true(c.v[2].end_us == PROBE_MAX_US);
	assert_string_equal(c.v[2].title, "");
	chapters_fini(&c);
}

static void
chapters_without_times_are_left_out(void **state)
{
	const char *json = WITH_CHAPTERS("1,null,[],{},"
	    CHAPTER("N/A", "5", "x") "," CHAPTER("1", "nan", "x") ","
	    CHAPTER("1", "-", "x") ","
	    "{\"start_time\":1,\"end_time\":2,\"tags\":7}");
	struct chapters c = chapters_of(json, strlen(json));

	(void)state;
	assert_int_equal(c.n, 0);
	chapters_fini(&c);
}

static void
a_hundred_thousand_chapters_are_a_thousand(void **state)
{
	struct buf b = { 0 };
	struct chapters c;

	(void)state;
	buf_adds(&b, "{\"streams\":[" VIDEO("0", "") "],\"format\":"
	    "{\"duration\":\"9\"},\"chapters\":[");
	for (int i = 0; i < 100000; i++)
		buf_adds(&b, CHAPTER("1", "2", "x") ",");
	buf_adds(&b, CHAPTER("1", "2", "x") "]}");
	c = chapters_of(buf_str(&b), b.len);
	assert_int_equal(c.n, CHAPTERS_MAX);
	chapters_fini(&c);
	buf_fini(&b);
}

static void
a_long_title_is_cut_between_characters(void **state)
{
	struct buf b = { 0 };
	struct chapters c;

	(void)state;
	buf_adds(&b, "{\"streams\":[" VIDEO("0", "") "],\"format\":"
	    "{\"duration\":\"9\"},\"chapters\":[{\"start_time\":\"1\","
	    "\"end_time\":\"2\",\"tags\":{\"title\":\"");
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "\xe2\x82\xac");
	buf_adds(&b, "\"}}]}");
	c = chapters_of(buf_str(&b), b.len);
	assert_int_equal(strlen(c.v[0].title), PROBE_MAX_TITLE / 3 * 3);
	chapters_fini(&c);
	buf_fini(&b);
}

static void
bytes_that_are_no_utf8_cost_no_more_than_themselves(void **state)
{
	const char *json = WITH_CHAPTERS(CHAPTER("1", "2",
	    "a\xff" "b\xe2\x82"));
	struct chapters c = chapters_of(json, strlen(json));

	(void)state;
	assert_string_equal(c.v[0].title, "a?b??");
	chapters_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ordinary_file_is_understood),
		cmocka_unit_test(the_picture_s_start_counts_from_the_file_s),
		cmocka_unit_test(decimals_become_microseconds_exactly),
		cmocka_unit_test(
		    the_container_s_duration_counts_before_a_stream_s),
		cmocka_unit_test(
		    without_a_container_s_duration_the_picture_s_counts),
		cmocka_unit_test(a_file_without_duration_is_bad),
		cmocka_unit_test(an_absurd_duration_is_bad),
		cmocka_unit_test(cover_art_is_no_picture),
		cmocka_unit_test(a_picture_behind_cover_art_is_found),
		cmocka_unit_test(the_default_sound_is_preferred_to_the_first),
		cmocka_unit_test(a_file_without_streams_is_bad),
		cmocka_unit_test(an_index_that_is_none_is_not_trusted),
		cmocka_unit_test(every_truncation_is_bad),
		cmocka_unit_test(no_changed_byte_does_harm),
		cmocka_unit_test(text_that_is_no_json_is_bad),
		cmocka_unit_test(every_sound_is_listed_the_one_to_air_first),
		cmocka_unit_test(a_language_is_three_letters_or_nothing),
		cmocka_unit_test(the_picture_is_described),
		cmocka_unit_test(pictures_that_no_film_has_are_refused),
		cmocka_unit_test(a_long_codec_name_is_cut),
		cmocka_unit_test(no_file_has_more_sounds_than_we_look_at),
		cmocka_unit_test(chapters_come_as_the_container_has_them),
		cmocka_unit_test(chapters_without_times_are_left_out),
		cmocka_unit_test(a_hundred_thousand_chapters_are_a_thousand),
		cmocka_unit_test(a_long_title_is_cut_between_characters),
		cmocka_unit_test(
		    bytes_that_are_no_utf8_cost_no_more_than_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
