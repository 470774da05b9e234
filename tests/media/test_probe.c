#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "media/probe.h"
#include "tmptree.h"

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

static struct asset
parse(const char *json)
{
	struct asset a = { .video_stream = -1, .audio_stream = -1 };
	int rc = probe_parse(json, strlen(json), &a);

	assert_int_equal(rc == 0, a.bad == NULL);
	return a;
}

static int64_t
duration(const char *json)
{
	struct asset a = parse(json);

	free(a.bad);
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
	free(a.bad);
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
		assert_int_equal(probe_parse(exact, i, &a), -1);
		assert_non_null(a.bad);
		free(a.bad);
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
		if (probe_parse(copy, len, &a) == 0)
			assert_in_range(a.duration_us, 1, PROBE_MAX_US);
		free(a.bad);
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
	assert_int_equal(probe_parse(deep, 100000, &a), -1);
	free(deep);
	free(a.bad);
	a.bad = NULL;
	assert_int_equal(probe_parse(NULL, 0, &a), -1);
	free(a.bad);
}

/* probe_file() of dir/name with a script for ffprobe. */
static struct asset
probe(const struct tree *t, const char *name, const char *script,
    bool *final)
{
	struct asset a = { .path = tree_path(t, name) };
	char *ffprobe = tree_path(t, "ffprobe");

	tree_script(t, "ffprobe", script);
	*final = probe_file(ffprobe, NULL, &a);
	free(ffprobe);
	free(a.path);
	return a;
}

static void
check_probe(const struct tree *t, const char *name, const char *script,
    const char *why, bool is_final)
{
	bool final;
	struct asset a = probe(t, name, script, &final);

	assert_non_null(a.bad);
	assert_string_equal(a.bad, why);
	assert_int_equal(final, is_final);
	free(a.bad);
}

/* Says so if it is started at all. */
#define NEVER	"echo ': Started' >&2; exit 1"

static void
what_is_no_file_is_never_opened(void **state)
{
	struct tree *t = *state;
	char *fifo = tree_path(t, "fifo.mkv");

	tree_write(t, "dir.mkv/x", "");
	tree_write(t, "empty.mkv", "");
	tree_link(t, "loop.mkv", "loop.mkv");
	tree_link(t, "/dev/zero", "device.mkv");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_probe(t, "dir.mkv", NEVER, "is a directory", false);
	check_probe(t, "empty.mkv", NEVER, "is empty", false);
	check_probe(t, "gone.mkv", NEVER, "No such file or directory", false);
	check_probe(t, "loop.mkv", NEVER,
	    "Too many levels of symbolic links", false);
	check_probe(t, "device.mkv", NEVER, "is a device, not a file", false);
	check_probe(t, "fifo.mkv", NEVER, "is a FIFO, not a file", false);
	free(fifo);
}

static void
a_good_answer_is_final(void **state)
{
	struct tree *t = *state;
	struct asset a;
	bool final;

	tree_write(t, "a.mkv", "x");
	a = probe(t, "a.mkv", "cat <<EOF\n"
	    FILE_JSON(VIDEO("3", ""), "\"2.5\"") "\nEOF\n", &final);
	assert_null(a.bad);
	assert_true(final);
	assert_true(a.duration_us == 2500000);
	assert_int_equal(a.video_stream, 3);
}

static void
the_file_is_named_by_a_url_of_its_own(void **state)
{
	struct tree *t = *state;
	const char *name = "-i a:b'\"\n%03d.mkv";
	char *want = xasprintf("ffprobe: -i file:%s/-i a", t->dir);

	/* The one argument after -i holds the name, bytes and all. */
	tree_write(t, name, "x");
	check_probe(t, name, "while [ $# -gt 2 ]; do shift; done\n"
	    "printf ': %s %s' \"$1\" \"${2%%:b*}\" >&2; exit 1", want, false);
	free(want);
}

static void
a_verdict_on_the_file_is_final(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "echo '[mov @ 0x1] moov atom not found' >&2\n"
	    "echo 'file:a: b.mkv: Invalid data found when processing input'"
	    " >&2; exit 1",
	    "is no media file that can be read: "
	    "Invalid data found when processing input", true);
	check_probe(t, "a.mkv", "echo '[hls @ 0x1] Format not on whitelist x'"
	    " >&2; echo 'a.mkv: Invalid argument' >&2; exit 1",
	    "is in no format that airs", true);
}

static void
a_failure_that_may_pass_is_not_final(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "echo 'a.mkv: Input/output error' >&2; exit 1",
	    "ffprobe: Input/output error", false);
	check_probe(t, "a.mkv", "exit 1", "ffprobe: failed without a word",
	    false);
	check_probe(t, "a.mkv", "kill -9 $$", "ffprobe died of signal 9",
	    false);
	check_probe(t, "a.mkv", "printf 'a: \\033[1m\\377\\n' >&2; exit 1",
	    "ffprobe: ?[1m?", false);
}

static void
too_long_an_answer_is_bad(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "exec yes",
	    "ffprobe said more than 1 MiB about it", true);
}

static void
a_missing_ffprobe_is_named(void **state)
{
	struct tree *t = *state;
	struct asset a = { .path = tree_path(t, "a.mkv") };

	tree_write(t, "a.mkv", "x");
	assert_false(probe_file("/nowhere/ffprobe", NULL, &a));
	assert_string_equal(a.bad,
	    "cannot run /nowhere/ffprobe: No such file or directory");
	free(a.bad);
	free(a.path);
}

#define WITH_TREE(f)							\
	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ordinary_file_is_understood),
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
		WITH_TREE(what_is_no_file_is_never_opened),
		WITH_TREE(a_good_answer_is_final),
		WITH_TREE(the_file_is_named_by_a_url_of_its_own),
		WITH_TREE(a_verdict_on_the_file_is_final),
		WITH_TREE(a_failure_that_may_pass_is_not_final),
		WITH_TREE(too_long_an_answer_is_bad),
		WITH_TREE(a_missing_ffprobe_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
