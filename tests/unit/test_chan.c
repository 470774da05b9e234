#include "chanfile.h"

#include <stdlib.h>

#include "base/arith.h"

#define HEAD	"channel: one\nnumber: 1\n"
#define POOLS	"pools: {cheers: {path: media/cheers}, soap: {path: x}}\n"
#define REST	POOLS "schedule: {all_day: []}\n"
#define BLOCK(s) HEAD POOLS "schedule:\n  all_day:\n    - block: " s "\n"

static void
check_read(const char *text)
{
	check_loads(text);
	unload();
}

static void
a_first_channel_is_read(void **state)
{
	(void)state;
	load("channel: one\nchannel_number: 1\nname: One\ntimezone: UTC\n"
	    "day_start: \"00:00\"\nformat:\n"
	    "  video: {width: 640, height: 360, frame_rate: \"30000/1001\", "
	    "bitrate: 1200k}\n"
	    "  audio: {sample_rate: 48000, channels: 1, bitrate: 128k}\n"
	    "  grid_minutes: 1\n"
	    "pools:\n  shows: {path: media/shows}\n"
	    "schedule:\n  all_day:\n"
	    "    - block: {start: \"00:00\", duration: 24h, pool: shows, "
	    "mode: sequential}\n");
	assert_non_null(ch);
	assert_string_equal(ch->slug, "one");
	assert_string_equal(ch->number, "1");
	assert_string_equal(ch->name, "One");
	assert_string_equal(ch->timezone, "UTC");
	assert_int_equal(ch->day_start_s, 0);
	assert_int_equal(ch->format.width, 640);
	assert_int_equal(ch->format.height, 360);
	assert_int_equal(ch->format.rate.num, 30000);
	assert_int_equal(ch->format.video_bitrate, 1200000);
	assert_int_equal(ch->format.channels, 1);
	assert_int_equal(ch->format.audio_bitrate, 128000);
	assert_int_equal(ch->format.grid_minutes, 1);
	assert_int_equal(ch->npools, 1);
	assert_int_equal(ch->pools[0].line, 11);
	assert_int_equal(ch->nblocks, 1);
	assert_int_equal(ch->blocks[0].length_s, 86400);
	assert_int_equal(ch->blocks[0].npools, 1);
	assert_int_equal(ch->blocks[0].line, 14);
}

static void
what_is_not_given_has_a_default(void **state)
{
	struct format f = format_default();

	(void)state;
	load(HEAD REST);
	assert_non_null(ch);
	assert_string_equal(ch->name, "one");
	assert_null(ch->timezone);
	assert_null(ch->filler);
	assert_null(ch->slate);
	assert_false(ch->slate_noc);
	assert_null(ch->logo);
	assert_int_equal(ch->type, CHAN_NETWORK);
	assert_int_equal(ch->day_start_s, 21600);
	assert_int_equal(ch->linger_ns, 20 * NS_PER_S);
	assert_int_equal(ch->catchup_h, 0);
	assert_true(format_equal(&ch->format, &f));
}

static void
a_half_given_format_keeps_the_other_defaults(void **state)
{
	struct format f = format_default();

	(void)state;
	load(HEAD REST "format: {video: {width: 968, frame_rate: 25}, "
	    "grid_minutes: 15}\n");
	assert_non_null(ch);
	f.width = 968;
	f.grid_minutes = 15;
	f.rate = (struct rate){ 25, 1 };
	assert_true(format_equal(&ch->format, &f));
}

static void
a_language_that_nobody_knows_is_warned_of(void **state)
{
	(void)state;
	load(HEAD REST "language: Klingonisch\n");
	assert_non_null(ch);
	assert_string_equal(ch->language, "Klingonisch");
	assert_faults("channels/c.yaml:5:11: warning: language 'Klingonisch' "
	    "is not known: use a code like en or eng, or the name in "
	    "English\n");
	unload();
	check_loads(HEAD REST "language: German\n");
}

static void
names_and_links_are_kept(void **state)
{
	(void)state;
	load(HEAD REST "group: Old\nlanguage: eng\nlogo: logos/1.png\n"
	    "channel_type: premium\nlinger: 2m\ncatchup: 48\nfiller: f.mp4\n"
	    "slate: pics/s.png\nslate_text: noc\n"
	    "notes: {any: [thing]}\n");
	assert_non_null(ch);
	assert_string_equal(ch->group, "Old");
	assert_string_equal(ch->language, "eng");
	assert_string_equal(ch->logo, "/srv/tv/logos/1.png");
	assert_int_equal(ch->type, CHAN_MOVIE);
	assert_int_equal(ch->linger_ns, 120 * NS_PER_S);
	assert_int_equal(ch->catchup_h, 48);
	assert_string_equal(ch->filler, "/srv/tv/f.mp4");
	assert_string_equal(ch->slate, "/srv/tv/pics/s.png");
	assert_int_equal(ch->slate_at.line - ch->logo_at.line, 5);
	assert_int_equal(ch->slate_at.column, 1);
	assert_true(ch->slate_noc);
}

static void
a_logo_elsewhere_stays_a_link(void **state)
{
	(void)state;
	load(HEAD REST "logo: https://example.org/1.png\n");
	assert_string_equal(ch->logo, "https://example.org/1.png");
}

static void
a_filler_can_be_included(void **state)
{
	(void)state;
	memfile_add("channels/_d.yaml", "filler: {path: /o/f.mp4, "
	    "duration_ms: 3650000}\ntraffic: {x: 1}\n");
	load(HEAD REST "filler: !include _d.yaml:filler\n");
	assert_non_null(ch);
	assert_string_equal(ch->filler, "/o/f.mp4");
	assert_int_equal(ch->filler_at.line, 5);
}

static void
a_number_has_a_major_and_may_have_a_minor_part(void **state)
{
	static const char *const bad[] = {
		"0", "65536", "05", "-1", "5.", "5.0", "5.1000", "5.1.1",
		"five", "5.01", ".5", "123456",
	};
	char text[256];

	(void)state;
	check_read("channel: a\nnumber: 65535\n" REST);
	check_read("channel: a\nnumber: '5.1'\n" REST);
	check_read("channel: a\nnumber: 5.999\n" REST);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(text, sizeof text, "channel: a\nnumber: %s\n" REST,
		    bad[i]);
		load(text);
		assert_null(ch);
		assert_fault_has("c.yaml:2:9: number must be like 5 or 5.1");
		memfile_teardown(NULL);
		nmemfiles = 0;
	}
}

static void
a_number_is_given_once(void **state)
{
	(void)state;
	check_refused("channel: a\n" REST,
	    "channels/c.yaml:1:1: 'channel_number' is missing\n");
	check_refused(HEAD "channel_number: 1\n" REST,
	    "channels/c.yaml:2:9: 'number' and 'channel_number' are the "
	    "same: use one\n");
}

static void
a_slug_of_digits_is_the_own_number(void **state)
{
	(void)state;
	check_read("channel: 101\nnumber: 101\n" REST);
	check_refused("channel: 7\nnumber: 5\n" REST,
	    "channels/c.yaml:1:10: channel '7' is all digits, but its number "
	    "is 5\n");
}

static void
a_slug_has_no_odd_characters(void **state)
{
	char text[256];

	(void)state;
	check_refused("channel: Cheers\nnumber: 5\n" REST,
	    "channels/c.yaml:1:10: channel must be 1 to 64 of a-z, 0-9 and "
	    "-, not 'Cheers'\n");
	snprintf(text, sizeof text, "channel: %064d\nnumber: 5\n" REST, 0);
	text[9] = 'a';
	check_read(text);
	snprintf(text, sizeof text, "channel: %065d\nnumber: 5\n" REST, 0);
	load(text);
	assert_null(ch);
}

/* The format read from "format: {...}". */
static struct format
format_of(const char *map)
{
	char text[1000];

	if (ch != NULL)
		teardown(NULL);
	nmemfiles = 0;
	snprintf(text, sizeof text, HEAD REST "format: {%s}\n", map);
	load(text);
	assert_non_null(ch);
	return ch->format;
}

static void
every_house_rate_is_read_as_people_write_it(void **state)
{
	static const struct {
		const char *text;
		struct rate rate;
	} rates[] = {
		{ "23.976", { 24000, 1001 } }, { "23.98", { 24000, 1001 } },
		{ "24000/1001", { 24000, 1001 } }, { "24", { 24, 1 } },
		{ "24/1", { 24, 1 } }, { "25", { 25, 1 } },
		{ "25.0", { 25, 1 } }, { "50/2", { 25, 1 } },
		{ "29.97", { 30000, 1001 } },
		{ "30000/1001", { 30000, 1001 } },
		{ "29.970", { 30000, 1001 } }, { "30", { 30, 1 } },
		{ "50", { 50, 1 } }, { "59.94", { 60000, 1001 } },
		{ "60000/1001", { 60000, 1001 } }, { "60", { 60, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		char map[100];
		struct format f;

		snprintf(map, sizeof map, "video: {frame_rate: %s}",
		    rates[i].text);
		f = format_of(map);
		assert_int_equal(f.rate.num, rates[i].rate.num);
		assert_int_equal(f.rate.den, rates[i].rate.den);
	}
}

static void
any_other_rate_is_refused_with_those_there_are(void **state)
{
	static const char *const rates[] = {
		"23.97", "12.5", "29", "48", "59.9", "100", "120", "30001/1001",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		char text[1000], want[300];

		snprintf(text, sizeof text, HEAD REST
		    "format: {video: {frame_rate: %s}}\n", rates[i]);
		snprintf(want, sizeof want, "channels/c.yaml:5:30: "
		    "frame_rate '%s' is not supported; use 23.976 "
		    "(24000/1001), 24, 25, 29.97 (30000/1001), 30, 50, "
		    "59.94 (60000/1001) or 60\n", rates[i]);
		check_refused(text, want);
	}
}

static void
sound_has_a_bit_rate_that_suits_its_codec(void **state)
{
	static const struct {
		const char *map;
		enum format_codec codec;
		int channels;
		int64_t bitrate;
	} sounds[] = {
		{ "codec: aac", FORMAT_AAC, 2, 192000 },
		{ "channels: 1", FORMAT_AAC, 1, 96000 },
		{ "channels: 6", FORMAT_AAC, 6, 384000 },
		{ "codec: ac3", FORMAT_AC3, 2, 192000 },
		{ "codec: ac3, channels: 6", FORMAT_AC3, 6, 448000 },
		{ "codec: ac3, channels: 1", FORMAT_AC3, 1, 96000 },
		{ "codec: mp2", FORMAT_MP2, 2, 192000 },
		{ "codec: mp2, channels: 1", FORMAT_MP2, 1, 96000 },
		{ "codec: mp2, bitrate: 384k", FORMAT_MP2, 2, 384000 },
		{ "codec: ac3, bitrate: 640k", FORMAT_AC3, 2, 640000 },
		{ "codec: ac3, bitrate: 32k", FORMAT_AC3, 2, 32000 },
		{ "bitrate: 131072", FORMAT_AAC, 2, 131072 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof sounds / sizeof sounds[0]; i++) {
		char map[100];
		struct format f;

		snprintf(map, sizeof map, "audio: {%s}", sounds[i].map);
		f = format_of(map);
		assert_int_equal(f.audio_codec, sounds[i].codec);
		assert_int_equal(f.channels, sounds[i].channels);
		assert_int_equal(f.audio_bitrate, sounds[i].bitrate);
	}
}

static void
loudness_is_that_of_europe_of_america_or_none(void **state)
{
	(void)state;
	assert_int_equal(format_of("audio: {codec: aac}").loudness, -23);
	assert_int_equal(format_of("audio: {loudness: -23}").loudness, -23);
	assert_int_equal(format_of("audio: {loudness: -24}").loudness, -24);
	assert_int_equal(format_of("audio: {loudness: off}").loudness, 0);
}

static void
another_loudness_is_refused(void **state)
{
	(void)state;
	check_refused(HEAD REST "format: {audio: {loudness: -16}}\n",
	    "channels/c.yaml:5:28: unknown loudness '-16'\n");
}

static void
a_bit_rate_its_codec_lacks_is_refused_with_those_it_has(void **state)
{
	static const struct {
		const char *map, *why;
	} faults[] = {
		{ "codec: mp2, channels: 1, bitrate: 224k",
		    "5:52: mp2 with 1 channel takes a bitrate of 32k, 48k, "
		    "56k, 64k, 80k, 96k, 112k, 128k, 160k, 192k, not '224k'" },
		{ "codec: mp2, channels: 2, bitrate: 32k",
		    "5:52: mp2 with 2 channels takes a bitrate of 64k, 96k, "
		    "112k, 128k, 160k, 192k, 224k, 256k, 320k, 384k, not '32k'" },
		{ "codec: ac3, channels: 6, bitrate: 200k",
		    "5:52: ac3 with 6 channels takes a bitrate of 192k, "
		    "224k, 256k, 320k, 384k, 448k, 512k, 576k, 640k, not '200k'" },
		{ "codec: ac3, channels: 6, bitrate: 160k",
		    "5:52: ac3 with 6 channels takes a bitrate of 192k, "
		    "224k, 256k, 320k, 384k, 448k, 512k, 576k, 640k, not '160k'" },
		{ "codec: aac, channels: 2, bitrate: 513k",
		    "5:52: aac with 2 channels takes a bitrate of 32k to "
		    "512k, not '513k'" },
		{ "codec: mp2, channels: 6",
		    "5:40: mp2 has 1 or 2 channels, not 6; use ac3 or aac" },
		{ "codec: aac, channels: 3",
		    "5:40: channels must be 1, 2 or 6 (5.1), not 3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		char text[1000], want[400];

		snprintf(text, sizeof text, HEAD REST
		    "format: {audio: {%s}}\n", faults[i].map);
		snprintf(want, sizeof want, "channels/c.yaml:%s\n",
		    faults[i].why);
		check_refused(text, want);
	}
}

static void
every_part_of_a_format_is_checked(void **state)
{
	(void)state;
	check_refused(HEAD REST "format:\n"
	    "  video: {width: 641, height: 88, bitrate: 99k}\n"
	    "  audio: {codec: acc, sample_rate: 44100, channels: 7}\n"
	    "  grid_minutes: 7\n",
	    "channels/c.yaml:6:18: width must be even, not 641\n"
	    "channels/c.yaml:6:31: height must be a whole number from 90 to "
	    "2160, not '88'\n"
	    "channels/c.yaml:6:44: bitrate must be from 100k to 100000k "
	    "bit/s, not '99k'\n"
	    "channels/c.yaml:7:18: unknown codec 'acc'; did you mean 'aac'?\n"
	    "channels/c.yaml:7:36: sample_rate 44100 is not supported; use "
	    "48000\n"
	    "channels/c.yaml:7:53: channels must be a whole number from 1 to "
	    "6, not '7'\n"
	    "channels/c.yaml:8:17: grid_minutes must divide 60; 7 does "
	    "not\n");
}

static void
a_day_starts_before_it_ends(void **state)
{
	(void)state;
	check_refused(HEAD REST "day_start: \"24:00\"\n",
	    "channels/c.yaml:5:12: day_start must be before 24:00\n");
}

static void
a_block_has_an_end_or_a_duration(void **state)
{
	(void)state;
	check_refused(BLOCK("{start: '06:00', pool: soap}"),
	    "channels/c.yaml:6:14: a block needs 'end' or 'duration'\n");
	check_refused(BLOCK("{start: '06:00', end: '07:00', duration: 1h, "
	    "pool: soap}"), "channels/c.yaml:6:14: a block needs either "
	    "'end' or 'duration', not both\n");
}

static int
block_length(const char *times)
{
	char text[512];
	int length;

	snprintf(text, sizeof text, BLOCK("{%s, pool: soap}"), times);
	load(text);
	assert_non_null(ch);
	length = ch->blocks[0].length_s;
	chan_free(ch);
	ch = NULL;
	nmemfiles = 0;
	return length;
}

static void
a_block_may_pass_midnight_and_last_a_day(void **state)
{
	(void)state;
	assert_int_equal(block_length("start: 06:00, end: 09:00"), 10800);
	assert_int_equal(block_length("start: 22:00, end: 06:00"), 28800);
	assert_int_equal(block_length("start: 06:00, end: 06:00"), 86400);
	assert_int_equal(block_length("start: 00:00, end: 24:00"), 86400);
	assert_int_equal(block_length("start: 22:00, end: 24:00"), 7200);
	assert_int_equal(block_length("start: 24:00, end: 01:00"), 3600);
	assert_int_equal(block_length("start: 24:00, end: 24:00"), 86400);
	assert_int_equal(block_length("start: 06:00, duration: 1"), 1);
	assert_int_equal(block_length("start: 06:00, duration: 24h"), 86400);
}

static void
a_block_lasts_a_day_at_most(void **state)
{
	(void)state;
	check_refused(BLOCK("{start: '06:00', duration: 25h, pool: soap}"),
	    "channels/c.yaml:6:41: duration must be from 1 to 86400 seconds, "
	    "not '25h'\n");
	check_refused(BLOCK("{start: '06:00', duration: 0, pool: soap}"),
	    "channels/c.yaml:6:41: duration must be from 1 to 86400 seconds, "
	    "not '0'\n");
}

static void
an_unknown_pool_is_reported_with_what_was_meant(void **state)
{
	(void)state;
	check_refused(BLOCK("{start: '06:00', end: '07:00', pool: cheer}"),
	    "channels/c.yaml:6:51: unknown pool 'cheer'; did you mean "
	    "'cheers'?\n");
	check_refused(BLOCK("{start: '06:00', end: '07:00', pool: [soap, "
	    "zzz]}"), "channels/c.yaml:6:58: unknown pool 'zzz'\n");
}

static void
a_block_takes_several_pools(void **state)
{
	(void)state;
	load(BLOCK("{start: '06:00', end: '07:00', title: T, "
	    "pool: [soap, cheers]}"));
	assert_int_equal(ch->blocks[0].npools, 2);
	assert_int_equal(ch->blocks[0].pools[0], 1);
	assert_int_equal(ch->blocks[0].pools[1], 0);
	assert_string_equal(ch->blocks[0].title, "T");
	assert_int_equal(ch->blocks[0].start_s, 21600);
}

static enum block_mode
block_mode(const char *mode)
{
	char text[512];
	enum block_mode m;

	snprintf(text, sizeof text, BLOCK("{start: 6:00, end: 7:00, "
	    "pool: soap%s}"), mode);
	load(text);
	assert_non_null(ch);
	m = ch->blocks[0].mode;
	chan_free(ch);
	ch = NULL;
	nmemfiles = 0;
	return m;
}

static void
a_block_has_one_of_three_modes(void **state)
{
	(void)state;
	assert_int_equal(block_mode(""), BLOCK_SEQUENTIAL);
	assert_int_equal(block_mode(", mode: sequential"), BLOCK_SEQUENTIAL);
	assert_int_equal(block_mode(", mode: random"), BLOCK_RANDOM);
	assert_int_equal(block_mode(", mode: shuffle"), BLOCK_SHUFFLE);
	check_refused(BLOCK("{start: '06:00', end: '07:00', pool: soap, "
	    "mode: sequental}"), "channels/c.yaml:6:63: unknown mode "
	    "'sequental'; did you mean 'sequential'?\n");
	check_refused(BLOCK("{start: '06:00', end: '07:00', pool: soap, "
	    "mode: [shuffle]}"), "channels/c.yaml:6:63: mode must be a name, "
	    "not a list\n");
}

static void
a_channel_plays_on_demand_or_always(void **state)
{
	(void)state;
	load(HEAD REST);
	assert_false(ch->always);
	teardown(NULL);
	nmemfiles = 0;
	load(HEAD REST "mode: on_demand\n");
	assert_false(ch->always);
	teardown(NULL);
	nmemfiles = 0;
	load(HEAD REST "mode: always\n");
	assert_true(ch->always);
	teardown(NULL);
	nmemfiles = 0;
	check_refused(HEAD REST "mode: allways\n",
	    "channels/c.yaml:5:7: unknown mode 'allways'; did you mean "
	    "'always'?\n");
}

static void
a_filler_is_a_file_or_a_pool(void **state)
{
	static const char *const pools[] = {
		"filler: soap\n", "filler: {pool: soap}\n",
	};
	static const char *const files[] = {
		"filler: soap.mkv\n", "filler: ./soap.mkv\n",
		"filler: {path: soap.mkv}\n",
		"filler: {path: soap.mkv, duration_ms: 1000}\n",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
		snprintf(text, sizeof text, HEAD REST "%s", pools[i]);
		load(text);
		assert_null(ch->filler);
		assert_ptr_equal(ch->filler_pool, &ch->pools[1]);
		teardown(NULL);
		nmemfiles = 0;
	}
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(text, sizeof text, HEAD REST "%s", files[i]);
		load(text);
		assert_string_equal(ch->filler, "/srv/tv/soap.mkv");
		assert_null(ch->filler_pool);
		assert_int_equal(ch->filler_at.line, 5);
		assert_int_equal(ch->filler_at.column, 1);
		teardown(NULL);
		nmemfiles = 0;
	}
}

static void
every_fault_of_a_filler_is_reported(void **state)
{
	(void)state;
	check_refused(HEAD REST "filler: {pool: soup}\n",
	    "channels/c.yaml:5:16: unknown pool 'soup'; did you mean "
	    "'soap'?\n");
	check_refused(HEAD REST "filler: {pool: soap, path: x}\n",
	    "channels/c.yaml:5:9: filler needs either 'path' or 'pool', not "
	    "both\n");
	check_refused(HEAD REST "filler: {duration_ms: 5}\n",
	    "channels/c.yaml:5:9: filler needs 'path' or 'pool'\n");
	check_refused(HEAD REST "filler: {pools: soap, path: }\n",
	    "channels/c.yaml:5:10: unknown key 'pools'; did you mean "
	    "'pool'?\n"
	    "channels/c.yaml:5:29: 'path' has no value\n");
	check_refused(HEAD REST "filler: [a, b]\n",
	    "channels/c.yaml:5:9: filler must be a map of keys, not a "
	    "list\n");
	check_refused(HEAD "pools:\nfiller: {pool: soap}\n"
	    "schedule: {all_day: []}\n",
	    "channels/c.yaml:3:7: 'pools' has no value\n");
}

static void
a_filler_that_nearly_names_a_pool_is_warned_of(void **state)
{
	(void)state;
	load(HEAD REST "filler: soup\n");
	assert_non_null(ch);
	assert_string_equal(ch->filler, "/srv/tv/soup");
	assert_faults("channels/c.yaml:5:9: warning: filler 'soup' is a file "
	    "here, as no pool has that name; did you mean 'soap'?\n");
}

static void
layers_come_the_least_specific_first(void **state)
{
	static const enum when_kind kinds[] = {
		WHEN_ALWAYS, WHEN_ALWAYS, WHEN_HALF, WHEN_WEEKDAY, WHEN_SPAN,
		WHEN_YEARLY, WHEN_DATE,
	};

	(void)state;
	load(HEAD POOLS "schedule:\n"
	    "  dates:\n"
	    "    2026-12-24: &b\n"
	    "      - block: {start: 20:00, duration: 1h, pool: soap}\n"
	    "    12-25: *b\n"
	    "    2026-07-01..2026-08-31: *b\n"
	    "  sunday: *b\n"
	    "  weekends: *b\n"
	    "  all_day:\n"
	    "    - block: {start: 0:00, duration: 24h, pool: soap}\n"
	    "    - block: {start: 4:00, duration: 1h, pool: soap}\n");
	assert_non_null(ch);
	assert_int_equal(ch->nblocks, 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(ch->blocks[i].when.kind, kinds[i]);
	assert_int_equal(ch->blocks[0].start_s, 0);
	assert_int_equal(ch->blocks[1].start_s, 4 * 3600);
}

static void
a_layer_that_is_none_is_refused(void **state)
{
	(void)state;
	check_refused(HEAD POOLS "schedule: {mondays: [], dates: {13-01: [], "
	    "easter-2: 5, 12-25: }, weekends: 7}\n",
	    "channels/c.yaml:4:12: unknown key 'mondays'; did you mean "
	    "'monday'?\n"
	    "channels/c.yaml:4:33: '13-01' must be a date (2026-12-24, "
	    "12-25), two of them with .. between, easter-2 or '4th thursday "
	    "of november'\n"
	    "channels/c.yaml:4:54: easter-2 must be a list, not "
	    "'5'\n"
	    "channels/c.yaml:4:64: '12-25' has no value\n"
	    "channels/c.yaml:4:77: weekends must be a list, not '7'\n");
	check_refused(HEAD POOLS "schedule: {}\n", "channels/c.yaml:4:11: "
	    "schedule needs a layer, like all_day\n");
}

static void
a_half_written_channel_is_refused(void **state)
{
	(void)state;
	check_refused(HEAD "pools:\nschedule:\n",
	    "channels/c.yaml:3:7: 'pools' has no value\n"
	    "channels/c.yaml:4:10: 'schedule' has no value\n");
	check_refused(HEAD "pools: {a: , b: {}, c: {path: }, d: {files: []}}\n"
	    "schedule:\n  all_day:\n",
	    "channels/c.yaml:3:12: pool 'a' must be a map with 'match', "
	    "'path' or 'files'\n"
	    "channels/c.yaml:3:17: pool 'b' needs 'match', 'path' or 'files'\n"
	    "channels/c.yaml:3:31: 'path' has no value\n"
	    "channels/c.yaml:3:45: files is an empty list\n"
	    "channels/c.yaml:5:11: 'all_day' has no value\n");
}

static void
five_faults_are_found_in_one_pass(void **state)
{
	(void)state;
	check_refused("channel: one\nnumber: x\nnmae: One\n" POOLS
	    "schedule:\n  all_day:\n"
	    "    - block: {start: '6', end: '07:00', pool: cheer}\n"
	    "    - block: {start: '06:00', pool: cheers}\n",
	    "channels/c.yaml:2:9: number must be like 5 or 5.1, up to 65535, "
	    "not 'x'\n"
	    "channels/c.yaml:3:1: unknown key 'nmae'; did you mean 'name'?\n"
	    "channels/c.yaml:7:22: start must be a time of day like 06:00, "
	    "from 00:00 to 24:00, not '6'\n"
	    "channels/c.yaml:7:47: unknown pool 'cheer'; did you mean "
	    "'cheers'?\n"
	    "channels/c.yaml:8:14: a block needs 'end' or 'duration'\n");
}

static void
pools_that_cannot_be_read_hide_no_block(void **state)
{
	(void)state;
	check_refused(HEAD "pools: !include gone.yaml\nschedule:\n"
	    "  all_day:\n    - block: {start: '6:00', pool: a}\n",
	    "channels/c.yaml:3:8: cannot include 'channels/gone.yaml': No "
	    "such file or directory\n"
	    "channels/c.yaml:6:14: a block needs 'end' or 'duration'\n");
}

static void
a_station_file_is_told_from_a_channels(void **state)
{
	(void)state;
	check_refused("station: {name: Here}\nlibraries:\n"
	    "  - {path: shows, type: episode}\nchannels: channels\n",
	    "channels/c.yaml:1:1: this is a station file, not a channel's: "
	    "give it with -c\n");
}

static void
slugs_and_numbers_are_unique(void **state)
{
	struct chan a = { .file = (char[]){ "a" }, .slug = (char[]){ "x" },
	    .number = (char[]){ "1" }, .slug_at = { 1, 10 },
	    .number_at = { 2, 17 } };
	struct chan b = { .file = (char[]){ "b" }, .slug = (char[]){ "x" },
	    .number = (char[]){ "2" } };
	struct chan c = { .file = (char[]){ "c" }, .slug = (char[]){ "y" },
	    .number = (char[]){ "1" }, .number_at = { 3, 9 } };
	struct chan *all[] = { &a, &b, &c };

	(void)state;
	chan_check_unique(all, 1, 1, &errs);
	assert_int_equal(errs.n, 0);
	chan_check_unique(all, 3, 3, &errs);
	assert_faults("a:1:10: channel x is also that of b\n"
	    "a:2:17: channel number 1 is also that of c:3:9\n");
	/* What the last two have in common is not for these to tell. */
	errs_fini(&errs);
	chan_check_unique(all + 1, 2, 1, &errs);
	assert_int_equal(errs.n, 0);
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_first_channel_is_read),
		TEST(what_is_not_given_has_a_default),
		TEST(a_half_given_format_keeps_the_other_defaults),
		TEST(a_language_that_nobody_knows_is_warned_of),
		TEST(names_and_links_are_kept),
		TEST(a_logo_elsewhere_stays_a_link),
		TEST(a_filler_can_be_included),
		TEST(a_number_has_a_major_and_may_have_a_minor_part),
		TEST(a_number_is_given_once),
		TEST(a_slug_of_digits_is_the_own_number),
		TEST(a_slug_has_no_odd_characters),
		TEST(every_house_rate_is_read_as_people_write_it),
		TEST(any_other_rate_is_refused_with_those_there_are),
		TEST(sound_has_a_bit_rate_that_suits_its_codec),
		TEST(loudness_is_that_of_europe_of_america_or_none),
		TEST(another_loudness_is_refused),
		TEST(a_bit_rate_its_codec_lacks_is_refused_with_those_it_has),
		TEST(every_part_of_a_format_is_checked),
		TEST(a_day_starts_before_it_ends),
		TEST(a_block_has_an_end_or_a_duration),
		TEST(a_block_may_pass_midnight_and_last_a_day),
		TEST(a_block_lasts_a_day_at_most),
		TEST(an_unknown_pool_is_reported_with_what_was_meant),
		TEST(a_block_takes_several_pools),
		TEST(a_block_has_one_of_three_modes),
		TEST(a_channel_plays_on_demand_or_always),
		TEST(a_filler_is_a_file_or_a_pool),
		TEST(every_fault_of_a_filler_is_reported),
		TEST(a_filler_that_nearly_names_a_pool_is_warned_of),
		TEST(layers_come_the_least_specific_first),
		TEST(a_layer_that_is_none_is_refused),
		TEST(a_half_written_channel_is_refused),
		TEST(five_faults_are_found_in_one_pass),
		TEST(pools_that_cannot_be_read_hide_no_block),
		TEST(a_station_file_is_told_from_a_channels),
		TEST(slugs_and_numbers_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
