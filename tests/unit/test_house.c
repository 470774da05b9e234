/* What channels have of their station. */

#include "memfile.h"

#include "base/arith.h"
#include "plan/chan.h"
#include "plan/station.h"

static struct station *st;
static struct chan *ch;

/* A channel file with that line, of a station file. */
static void
load(const char *station, const char *line)
{
	static char text[1024];

	snprintf(text, sizeof text, "channel: a\nnumber: 1\n"
	    "pools: {p: {path: /a}}\nschedule: {all_day: []}\n%s\n", line);
	memfile_add("/srv/tv/retrovued.yaml", station);
	memfile_add("/srv/tv/c.yaml", text);
	st = station_load("/srv/tv/retrovued.yaml", memfile_read, NULL,
	    &errs);
	if (st != NULL)
		ch = chan_load("/srv/tv/c.yaml", st, memfile_read, NULL,
		    &errs);
}

static void
unload(void)
{
	chan_free(ch);
	station_free(st);
	ch = NULL;
	st = NULL;
	errs_fini(&errs);
	nmemfiles = 0;
}

static int
teardown(void **state)
{
	unload();
	return memfile_teardown(state);
}

/* The format of a channel of that station. */
static struct format
format_of(const char *station, const char *line)
{
	struct format f;

	load(station, line);
	assert_faults("");
	f = ch->format;
	unload();
	return f;
}

/* They are refused, with this and nothing else. */
static void
check_refused(const char *station, const char *line, const char *faults)
{
	load(station, line);
	assert_null(ch);
	assert_faults(faults);
	unload();
}

#define FORMATS								\
	"formats:\n"							\
	"  sd: {video: {width: 720, height: 480}, audio: {codec: mp2}}\n" \
	"  default: {video: {bitrate: 5M, frame_rate: 25},\n"		\
	"    audio: {codec: ac3, channels: 6, bitrate: 320k},\n"	\
	"    grid_minutes: 15}\n"					\
	"  same:\n"

static void
a_channel_has_the_format_that_it_names(void **state)
{
	struct format f;

	(void)state;
	f = format_of(FORMATS, "format: sd");
	assert_int_equal(f.width, 720);
	assert_int_equal(f.height, 480);
	assert_int_equal(f.audio_codec, FORMAT_MP2);
}

static void
one_that_names_none_has_the_default(void **state)
{
	struct format f, named, same;

	(void)state;
	f = format_of(FORMATS, "");
	named = format_of(FORMATS, "format: default");
	same = format_of(FORMATS, "format: same");
	assert_true(f.video_bitrate == 5000000);
	assert_int_equal(f.audio_codec, FORMAT_AC3);
	assert_true(f.audio_bitrate == 320000);
	assert_int_equal(f.grid_minutes, 15);
	assert_true(format_equal(&f, &named));
	assert_true(format_equal(&f, &same));
}

static void
without_formats_there_is_a_default_to_name(void **state)
{
	struct format f = format_of("", "format: default");
	struct format dflt = format_default();

	(void)state;
	assert_true(format_equal(&f, &dflt));
}

static void
what_a_format_leaves_out_is_as_in_the_default(void **state)
{
	struct format f;

	(void)state;
	f = format_of(FORMATS, "format: sd");
	assert_true(f.video_bitrate == 5000000);
	assert_int_equal(f.rate.num, 25);
	assert_int_equal(f.grid_minutes, 15);
	f = format_of(FORMATS, "format: {video: {width: 640}, audio: "
	    "{loudness: off}}");
	assert_int_equal(f.width, 640);
	assert_int_equal(f.height, 720);
	assert_int_equal(f.loudness, 0);
	assert_int_equal(f.channels, 6);
	assert_true(f.audio_bitrate == 320000);
}

/* MP2 has neither 5.1 nor AC-3's bit rates. */
static void
another_codec_has_a_bitrate_that_fits_it(void **state)
{
	struct format f = format_of(FORMATS, "format: sd");

	(void)state;
	assert_int_equal(f.channels, 2);
	assert_true(f.audio_bitrate == 192000);
	f = format_of(FORMATS, "format: {audio: {codec: aac}}");
	assert_int_equal(f.channels, 6);
	assert_true(f.audio_bitrate == 384000);
	f = format_of(FORMATS, "format: {audio: {channels: 1}}");
	assert_true(f.audio_bitrate == 96000);
}

static void
a_format_that_there_is_not_is_refused(void **state)
{
	(void)state;
	check_refused(FORMATS, "format: sdd", "/srv/tv/c.yaml:5:9: "
	    "unknown format 'sdd'; did you mean 'sd'?\n");
	check_refused("", "format: defaults", "/srv/tv/c.yaml:5:9: "
	    "unknown format 'defaults'; did you mean 'default'?\n");
	check_refused("", "format: [sd]", "/srv/tv/c.yaml:5:9: "
	    "format must be a name or a map of keys\n");
}

static void
every_format_is_checked(void **state)
{
	(void)state;
	check_refused("formats: {a: {video: {width: 7}}, b: hd,\n"
	    " default: {audio: {bitrate: 1k}, grid: 1}}\n", "",
	    "/srv/tv/retrovued.yaml:1:30: width must be a whole number from "
	    "160 to 3840, not '7'\n"
	    "/srv/tv/retrovued.yaml:1:38: b must be a map of keys, not 'hd'\n"
	    "/srv/tv/retrovued.yaml:2:29: aac with 2 channels takes a bitrate "
	    "of 32k to 512k, not '1k'\n"
	    "/srv/tv/retrovued.yaml:2:34: unknown key 'grid'\n");
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

static void
a_channel_has_the_backlog_of_its_station(void **state)
{
	(void)state;
	load("relay: {backlog: 3s}\n", "");
	assert_faults("");
	assert_true(ch->backlog_ns == 3 * NS_PER_S);
	unload();
	load("", "");
	assert_true(ch->backlog_ns == 5 * NS_PER_S);
}

static void
a_channel_may_have_a_backlog_of_its_own(void **state)
{
	(void)state;
	load("relay: {backlog: 3s}\n", "backlog: 0");
	assert_faults("");
	assert_true(ch->backlog_ns == 0);
	assert_true(st->relay.backlog_ns == 3 * NS_PER_S);
}

static void
a_channel_s_backlog_is_as_long_as_a_station_s_may_be(void **state)
{
	(void)state;
	load("", "backlog: 10s");
	assert_faults("");
	assert_true(ch->backlog_ns == 10 * NS_PER_S);
	unload();
	check_refused("", "backlog: 11s", "/srv/tv/c.yaml:5:10: backlog must "
	    "be from 0 to 10 seconds, not '11s'\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_channel_has_the_format_that_it_names),
		TEST(one_that_names_none_has_the_default),
		TEST(without_formats_there_is_a_default_to_name),
		TEST(what_a_format_leaves_out_is_as_in_the_default),
		TEST(another_codec_has_a_bitrate_that_fits_it),
		TEST(a_format_that_there_is_not_is_refused),
		TEST(every_format_is_checked),
		TEST(a_channel_has_the_backlog_of_its_station),
		TEST(a_channel_may_have_a_backlog_of_its_own),
		TEST(a_channel_s_backlog_is_as_long_as_a_station_s_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
