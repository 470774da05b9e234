/* test_argv.c - the command lines, word for word. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "air/argv.h"
#include "base/xmem.h"

static const char *const film_argv[] = {
	"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-loglevel",
	"error", "-dts_delta_threshold", "1000000000", "-noaccurate_seek", "-itsoffset", "32", "-ss", "32",
	"-protocol_whitelist", "file,pipe", "-format_whitelist",
	argv_demuxers, "-codec_whitelist", argv_decoders, "-i",
	"file:/films/a:b.mkv", "-map", "0:0", "-map", "0:2", "-vf",
	"yadif=mode=0:deint=interlaced,settb=1001/30000,fps=30000/1001,"
	    "tpad=stop=-1:stop_mode=clone,trim=start_pts=1000:"
	    "end_pts=1900,setpts=PTS-1000,"
	    "scale=w='max(2,2*round(min(1280,720*dar)/2))':"
	    "h='max(2,2*round(min(720,1280/dar)/2))':"
	    "out_color_matrix=bt709:out_range=tv,format=yuv420p,"
	    "pad=1280:720:-1:-1,setsar=1", "-af",
	"atrim=start=32,aresample=48000,aresample=async=1:first_pts=1536000:"
	    "rematrix_maxval=1,"
	    "aformat=sample_fmts=fltp:channel_layouts=stereo,apad,"
	    "atrim=start_sample=65653:end_sample=1507445,asetpts=N,"
	    "afade=t=in:ss=0:ns=480,afade=t=out:ss=1441312:ns=480,"
	    "asetpts=N+53",
	"-fps_mode", "cfr", "-c:v", "libx264", "-preset", "veryfast",
	"-profile:v", "high", "-bf", "2", "-sc_threshold", "0", "-forced-idr",
	"1", "-colorspace", "bt709", "-color_primaries", "bt709",
	"-color_trc", "bt709", "-chroma_sample_location", "left",
	"-b:v", "3000000", "-maxrate", "3000000",
	"-bufsize", "6000000", "-g", "60", "-force_key_frames",
	"expr:not(mod(n+27,60))", "-c:a", "aac", "-ar", "48000", "-ac", "2",
	"-b:a", "192000", "-map_metadata", "-1", "-map_chapters", "-1", "-sn",
	"-dn", "-f", "mpegts", "-mpegts_flags", "+initial_discontinuity",
	"-omit_video_pes_length", "0", "-muxpreload", "0",
	"-muxdelay", "0", "pipe:1",
	NULL
};

static const char *const silent_argv[] = {
	"/opt/ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-loglevel",
	"error", "-dts_delta_threshold", "1000000000",
	"-protocol_whitelist", "file,pipe", "-format_whitelist",
	argv_demuxers, "-codec_whitelist", argv_decoders, "-i",
	"file:/s/silent.mp4", "-f", "lavfi", "-i",
	"anullsrc=r=48000:cl=mono", "-map", "0:1", "-map", "1:0", "-vf",
	"yadif=mode=0:deint=interlaced,settb=1/25,fps=25/1:start_time=0,"
	    "tpad=stop=-1:stop_mode=clone,trim=start_pts=0:end_pts=75,"
	    "setpts=PTS-0,scale=w='max(2,2*round(min(1280,720*dar)/2))':"
	    "h='max(2,2*round(min(720,1280/dar)/2))':"
	    "out_color_matrix=bt709:out_range=tv,format=yuv420p,"
	    "pad=1280:720:-1:-1,setsar=1", "-af",
	"atrim=start=0,aresample=48000,aresample=async=1:first_pts=-1920:"
	    "rematrix_maxval=1,"
	    "aformat=sample_fmts=fltp:channel_layouts=mono,apad,"
	    "atrim=start_sample=2176:end_sample=146560,asetpts=N,"
	    "asetpts=N+256",
	"-fps_mode", "cfr", "-c:v", "libx264", "-preset", "veryfast",
	"-profile:v", "high", "-bf", "2", "-sc_threshold", "0", "-forced-idr",
	"1", "-colorspace", "bt709", "-color_primaries", "bt709",
	"-color_trc", "bt709", "-chroma_sample_location", "left",
	"-b:v", "3000000", "-maxrate", "3000000",
	"-bufsize", "6000000", "-g", "50", "-force_key_frames",
	"expr:not(mod(n+10,50))", "-c:a", "aac", "-ar", "48000", "-ac", "1",
	"-b:a", "192000", "-map_metadata", "-1", "-map_chapters", "-1", "-sn",
	"-dn", "-f", "mpegts", "-mpegts_flags", "+initial_discontinuity",
	"-omit_video_pes_length", "0", "-muxpreload", "0",
	"-muxdelay", "0", "pipe:1",
	NULL
};

static const char *const pad_argv[] = {
	"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-loglevel",
	"error", "-dts_delta_threshold", "1000000000",
	"-f", "lavfi", "-i", "color=c=black:s=1280x720:r=30000/1001",
	"-f", "lavfi", "-i", "anullsrc=r=48000:cl=5.1", "-map", "0:0",
	"-map", "1:0", "-vf", "format=yuv420p,trim=end_frame=120", "-af",
	"atrim=end_sample=193536", "-fps_mode", "cfr", "-c:v",
	"libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", "0",
	"-sc_threshold", "0", "-forced-idr", "1", "-colorspace", "bt709",
	"-color_primaries", "bt709", "-color_trc", "bt709",
	"-chroma_sample_location", "left", "-b:v", "3000000",
	"-maxrate", "3000000", "-bufsize", "6000000", "-g", "60",
	"-force_key_frames", "expr:not(mod(n+0,60))", "-c:a", "ac3", "-ar",
	"48000", "-ac", "6", "-b:a", "192000", "-map_metadata", "-1",
	"-map_chapters", "-1", "-sn", "-dn", "-f", "mpegts", "-mpegts_flags",
	"+initial_discontinuity", "-omit_video_pes_length", "0",
	"-muxpreload", "0", "-muxdelay", "0",
	"pipe:1",
	NULL
};

static const struct asset film = {
	.path = (char *)(uintptr_t)"/films/a:b.mkv", .has_video = true,
	.has_audio = true, .video_stream = 0, .audio_stream = 2,
};
static const struct asset silent = {
	.path = (char *)(uintptr_t)"/s/silent.mp4", .has_video = true,
	.video_stream = 1, .audio_stream = -1,
};

static void
check_argv(char **got, const char *const *want)
{
	size_t i;

	for (i = 0; want[i] != NULL; i++) {
		assert_non_null(got[i]);
		assert_string_equal(got[i], want[i]);
	}
	assert_null(got[i]);
	argv_free(got);
}

static void
a_film_is_joined_in_progress(void **state)
{
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "ffmpeg", .format = &f, .asset = &film,
		.in = 1000, .n0 = INT64_C(53000000007),
		.n1 = INT64_C(53000000907), .fade_in = true, .fade_out = true,
	};

	(void)state;
	check_argv(argv_child(&c), film_argv);
}

static void
a_silent_asset_gets_silence_from_its_start(void **state)
{
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "/opt/ffmpeg", .format = &f, .asset = &silent,
		.n0 = INT64_C(44750000010), .n1 = INT64_C(44750000085),
	};

	(void)state;
	f.rate = (struct rate){ 25, 1 };
	f.channels = 1;
	check_argv(argv_child(&c), silent_argv);
}

static void
a_child_tells_which_pictures_its_source_had(void **state)
{
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "ffmpeg", .format = &f, .asset = &film, .n1 = 60,
	};
	char **argv;

	(void)state;
	c.tells = true;
	argv = argv_child(&c);
	for (size_t i = 0; argv[i] != NULL; i++)
		if (strcmp(argv[i], "-vf") == 0)
			assert_non_null(strstr(argv[i + 1],
			    ",metadata=mode=add:key=s:value=1,metadata="
			    "mode=print:file=pipe\\\\:3:direct=1,tpad="));
	argv_free(argv);
	assert_int_equal(argv_told("frame:374  pts:12374     pts_time:494.96"),
	    12374);
	assert_int_equal(argv_told("s=1"), -1);
	assert_int_equal(argv_told("frame:1 pts:x"), -1);
	assert_int_equal(argv_told("frame:1  pts:-3  pts_time:1"), -1);
	assert_int_equal(argv_told(""), -1);
}

static void
pad_is_two_groups_of_black(void **state)
{
	struct format f = format_default();

	(void)state;
	f.audio_codec = FORMAT_AC3;
	f.channels = 6;
	check_argv(argv_pad("ffmpeg", NULL, &f), pad_argv);
}

static void
pad_files_are_named_by_their_format(void **state)
{
	struct format f = format_default();
	struct argv_caps caps = { .preset = "slow" };
	char *name = argv_pad_name(&caps, &f);

	(void)state;
	assert_string_equal(name,
	    "pad-1280x720-30000-1001-aac-2ch-3000000-192000-slow.ts");
	free(name);
}

static bool
has_pair(char *const *argv, const char *option, const char *value)
{
	for (; argv[0] != NULL && argv[1] != NULL; argv++)
		if (strcmp(argv[0], option) == 0 && strcmp(argv[1], value) == 0)
			return true;
	return false;
}

static void
a_slate_is_one_picture_s_format_without_reordering(void **state)
{
	struct format f = format_default();
	struct asset card = silent;
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &card,
		.still = "png_pipe", .n1 = 120,
	};
	char **argv = argv_slate(&c);

	(void)state;
	assert_true(has_pair(argv, "-f", "png_pipe"));
	assert_true(has_pair(argv, "-format_whitelist", "png_pipe"));
	assert_true(has_pair(argv, "-bf", "0"));
	argv_free(argv);
	c.still = NULL;
	argv = argv_slate(&c);
	assert_false(has_pair(argv, "-f", "png_pipe"));
	assert_true(has_pair(argv, "-format_whitelist", argv_demuxers));
	argv_free(argv);
}

/* The argument after that option, the caller's. */
static char *
argument(const struct argv_child *c, const char *option, int nth)
{
	char **argv = argv_child(c), *s = NULL;

	for (char **p = argv; s == NULL && *p != NULL; p++)
		if (strcmp(*p, option) == 0 && nth-- == 0)
			s = xstrdup(p[1]);
	argv_free(argv);
	return s;
}

static void
check_part(const struct argv_child *c, const char *option, const char *part,
    bool there)
{
	char *s = argument(c, option, 0);

	assert_non_null(s);
	assert_int_equal(strstr(s, part) != NULL, there);
	free(s);
}

static int64_t
number_after(const char *s, const char *key)
{
	const char *at = strstr(s, key);

	assert_non_null(at);
	return strtoll(at + strlen(key), NULL, 10);
}

/* The asset's samples that a child feeds its encoder with, in *start and
 * *end. */
static void
a_break_that_nobody_marked_is_a_dip_to_black(void **state)
{
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "ffmpeg", .format = &f, .asset = &film,
		.in = 1000, .n0 = 900000, .n1 = 900900, .fade_in = true,
		.fade_out = true, .dip_in = true, .dip_out = true,
	};

	(void)state;
	check_part(&c, "-vf", ",fade=t=in:s=0:n=15,fade=t=out:s=885:n=15",
	    true);
	check_part(&c, "-af", "afade=t=in:ss=0:ns=24000,afade=t=out:", true);
	check_part(&c, "-af", ":ns=24000,asetpts", true);
	c.dip_in = c.dip_out = false;
	check_part(&c, "-vf", ",fade=", false);
	check_part(&c, "-af", ":ns=24000", false);
}

static void
samples_fed(const struct argv_child *c, int64_t *start, int64_t *end)
{
	char *s = argument(c, "-af", 0);
	int64_t first = number_after(s, "first_pts=");

	*start = first + number_after(s, "atrim=start_sample=");
	*end = first + number_after(s, ":end_sample=");
	assert_true(*start >= first);
	free(s);
}

/* The volume filter's gain of an asset with that integrated loudness and
 * true peak, "" where it has none. */
static const char *
gain(int integrated, int true_peak, int target, int channels)
{
	static char text[16];
	struct asset_audio audio = { .stream = 2, .channels = channels };
	struct asset a = film;
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &a, .n1 = 25,
	};
	const char *at;
	char *s;

	a.audio = &audio;
	a.naudio = 1;
	a.loudness = (struct asset_loudness){ true, integrated, true_peak };
	f.loudness = target;
	f.channels = channels > 2 ? 6 : 2;
	s = argument(&c, "-af", 0);
	at = strstr(s, ",volume=");
	text[0] = '\0';
	if (at != NULL)
		snprintf(text, sizeof text, "%.*s",
		    (int)strcspn(at + 8, ","), at + 8);
	free(s);
	return text;
}

static void
sound_is_brought_to_the_house_s_loudness(void **state)
{
	(void)state;
	assert_string_equal(gain(-3000, -2000, -23, 2), "7.00dB");
	assert_string_equal(gain(-3000, -2000, -24, 2), "6.00dB");
	assert_string_equal(gain(-1205, -10, -23, 2), "-10.95dB");
	assert_string_equal(gain(-2305, -800, -23, 2), "0.05dB");
	assert_string_equal(gain(-2295, -800, -23, 2), "-0.05dB");
	assert_string_equal(gain(-2300, -800, -23, 2), "");
	assert_string_equal(gain(-3000, -2000, 0, 2), "");
}

static void
no_gain_takes_a_peak_above_one_decibel_below_full_scale(void **state)
{
	(void)state;
	assert_string_equal(gain(-3000, -500, -23, 2), "4.00dB");
	assert_string_equal(gain(-3000, -100, -23, 2), "");
	assert_string_equal(gain(-3000, 50, -23, 2), "-1.50dB");
}

static void
what_is_far_too_quiet_is_not_all_hiss(void **state)
{
	(void)state;
	assert_string_equal(gain(-6000, -5000, -23, 2), "20.00dB");
}

/* Measured is the mix to two channels. */
static void
surround_that_airs_as_such_is_left_alone(void **state)
{
	(void)state;
	assert_string_equal(gain(-3000, -2000, -23, 6), "");
}

static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 }, { 30, 1 },
	{ 50, 1 }, { 60000, 1001 }, { 60, 1 },
};

/* [n0, n), [n, n1) and [n0, n1) of one asset. */
static void
check_seam(const struct format *f, int64_t n0, int64_t n, int64_t n1)
{
	int64_t before = format_samples(f->audio_codec) -
	    format_priming(f->audio_codec);
	struct argv_child whole = {
		.ffmpeg = "f", .format = f, .asset = &film, .n0 = n0, .n1 = n1,
	};
	struct argv_child left = whole, right = whole;
	int64_t start[3], end[3];

	left.n1 = right.n0 = n;
	right.in = n - n0;
	samples_fed(&whole, &start[0], &end[0]);
	samples_fed(&left, &start[1], &end[1]);
	samples_fed(&right, &start[2], &end[2]);
	assert_int_equal(start[1], start[0]);
	assert_int_equal(start[2], end[1] - before);
	assert_int_equal(end[2], end[0]);
	assert_int_equal((end[0] - start[0] + before) %
	    format_samples(f->audio_codec),
	    2 * before % format_samples(f->audio_codec));
}

static void
what_plays_on_goes_on_at_the_next_sample(void **state)
{
	static const enum format_codec codecs[] = {
		FORMAT_AAC, FORMAT_AC3, FORMAT_MP2,
	};
	struct format f = format_default();

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		for (size_t k = 0; k < 3; k++)
			for (int64_t n = 1; n < 2000; n += 13) {
				f.rate = rates[i];
				f.audio_codec = codecs[k];
				check_seam(&f, INT64_C(53000000000) + n,
				    INT64_C(53000000000) + 7 * n + 1,
				    INT64_C(53000000000) + 9 * n);
			}
}

static void
fields_become_pictures_where_the_house_has_as_many(void **state)
{
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &film, .n1 = 50,
	};

	(void)state;
	f.rate = (struct rate){ 60000, 1001 };
	check_part(&c, "-vf", "yadif=mode=1:", true);
	f.rate = (struct rate){ 30, 1 };
	check_part(&c, "-vf", "yadif=mode=0:", true);
}

static void
hdr_is_bent_into_sdr_where_ffmpeg_can(void **state)
{
	struct format f = format_default();
	struct asset hdr = film;
	struct argv_caps caps = { .tonemap = true };
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &hdr, .n1 = 50,
	};

	(void)state;
	hdr.transfer = TRANSFER_PQ;
	check_part(&c, "-vf", "zscale", false);
	c.caps = &caps;
	check_part(&c, "-vf", "zscale=tin=smpte2084", true);
	hdr.transfer = TRANSFER_HLG;
	check_part(&c, "-vf", "zscale=tin=arib-std-b67", true);
	hdr.transfer = TRANSFER_SDR;
	check_part(&c, "-vf", "zscale", false);
}

static void
hd_of_unknown_colours_has_those_of_hd(void **state)
{
	struct format f = format_default();
	struct asset a = film;
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &a, .n1 = 50,
	};
	char *s;

	(void)state;
	a.height = 576;
	assert_null(argument(&c, "-colorspace:v", 0));
	a.height = 720;
	s = argument(&c, "-colorspace:v", 0);
	assert_string_equal(s, "bt709");
	free(s);
}

/* 21 ms of encoder's priming are half a picture; 1021 are one and a half. */
static void
the_first_picture_has_a_place_of_its_own(void **state)
{
	struct format f = format_default();
	struct asset a = film;
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &a, .n1 = 50,
	};
	int64_t start, later, end;

	(void)state;
	f.rate = (struct rate){ 25, 1 };
	samples_fed(&c, &start, &end);
	check_part(&c, "-vf", "setpts=PTS-round", false);
	a.video_start_us = 21000;
	check_part(&c, "-vf", "setpts=PTS-round(21000/1000000/TB)", true);
	samples_fed(&c, &later, &end);
	assert_int_equal(later - start, 21 * 48);
	a.video_start_us = 1021000;
	check_part(&c, "-vf", "setpts=PTS-round(21000/1000000/TB)", true);
	a.video_start_us = 1000000;
	check_part(&c, "-vf", "setpts=PTS-round", false);
}

static void
the_channels_language_is_heard(void **state)
{
	struct asset_audio two[] = {
		{ .stream = 3, .language = "ger" },
		{ .stream = 1, .language = "eng" },
	};
	struct format f = format_default();
	struct asset a = film;
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &a, .n1 = 50,
	};
	static const char *const want[][2] = {
		{ "English", "0:1" }, { "de", "0:3" }, { "fr", "0:3" },
		{ NULL, "0:3" },
	};

	(void)state;
	a.audio = two;
	a.naudio = 2;
	for (size_t i = 0; i < 4; i++) {
		char *s;

		c.language = want[i][0];
		s = argument(&c, "-map", 1);
		assert_string_equal(s, want[i][1]);
		free(s);
	}
}

static void
streams_are_read_from_further_ahead(void **state)
{
	struct format f = format_default();
	struct asset a = film;
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &a, .in = 1000,
		.n0 = 1, .n1 = 50,
	};
	char *s;

	(void)state;
	a.path = (char *)(uintptr_t)"/r/x.TS";
	s = argument(&c, "-ss", 0);
	assert_string_equal(s, "23");
	free(s);
	a.path = (char *)(uintptr_t)"/r.ts/x";
	s = argument(&c, "-ss", 0);
	assert_string_equal(s, "32");
	free(s);
}

/* The lines of a card, each as its filter has it. */
static void
check_card(const char *title, const char *const *lines)
{
	static const char key[] = ":text=";
	struct argv_caps caps = { .font = (char *)(uintptr_t)"/f/a b:c.ttf" };
	struct asset tune = film;
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "f", .caps = &caps, .format = &f, .asset = &tune,
		.n1 = 50,
	};
	char *s, *at;

	tune.has_video = false;
	tune.title = (char *)(uintptr_t)title;
	at = s = argument(&c, "-vf", 0);
	for (; *lines != NULL; lines++) {
		assert_non_null(at = strstr(at, key));
		at += strlen(key);
		assert_memory_equal(at, *lines, strlen(*lines));
		assert_memory_equal(at + strlen(*lines), ",dra", 4);
	}
	assert_null(strstr(at, key));
	free(s);
}

static void
a_card_has_the_title_in_lines(void **state)
{
	static const char *const one[] = { "Duck\\ Soup", NULL };
	static const char *const none[] = { NULL };
	static const char *const two[] = {
		"The\\ Assassination\\ of", "Jesse\\ James", NULL,
	};
	static const char *const word[] = {
		"Llanfairpwllgwyngyllgoge", "rychwyrndrobwll", NULL,
	};

	(void)state;
	check_card("Duck Soup", one);
	check_card("", none);
	check_card(" \n\t ", none);
	check_card("The Assassination of Jesse James", two);
	check_card("Llanfairpwllgwyngyllgogerychwyrndrobwll", word);
}

static void
a_hostile_title_is_just_text(void **state)
{
	static const char *const quotes[] = {
		"a\\\\\\'b\\\\\\\\c\\\\:d\\[e\\]\\,\\;%{pts}", NULL,
	};
	static const char *const invalid[] = {
		"a\xef\xbf\xbd\xef\xbf\xbd" "b\\ c", NULL,
	};

	(void)state;
	check_card("a'b\\c:d[e],;%{pts}", quotes);
	check_card("a\xff\xc3" "b\x1b\r\n\xe2\x80\xae" "c", invalid);
}

static void
an_endless_title_is_cut(void **state)
{
	static const char *const lines[] = {
		"xxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxx",
		"xxxxxxxxxxxxxxxxxxxxxxxx",
		"xxxxxxxxxxxxxxxxxxxxxxxx\xe2\x80\xa6", NULL,
	};
	char title[10240];

	(void)state;
	memset(title, 'x', sizeof title);
	title[sizeof title - 1] = '\0';
	check_card(title, lines);
}

static void
without_a_font_a_card_is_plain(void **state)
{
	struct asset tune = film;
	struct format f = format_default();
	struct argv_child c = {
		.ffmpeg = "f", .format = &f, .asset = &tune, .n1 = 50,
	};

	(void)state;
	tune.has_video = false;
	tune.title = (char *)(uintptr_t)"A tune";
	check_part(&c, "-vf", "drawtext", false);
	check_part(&c, "-vf", "trim=end_frame=50", true);
}

static void
the_encoder_tries_as_hard_as_it_is_told(void **state)
{
	struct format f = format_default();
	struct argv_caps caps = { .preset = "slow", .threads = 3 };
	struct argv_child c = {
		.ffmpeg = "f", .caps = &caps, .format = &f, .asset = &film,
		.n1 = 50,
	};

	(void)state;
	check_part(&c, "-preset", "slow", true);
	check_part(&c, "-threads:v", "3", true);
	caps = (struct argv_caps){ 0 };
	check_part(&c, "-preset", "veryfast", true);
	check_part(&c, "-preset", "slow", false);
}

static void
a_trial_encodes_as_a_child_does(void **state)
{
	struct format f = format_default();
	struct argv_child c = { .ffmpeg = "f", .format = &f, .asset = &film,
		.n1 = 50 };
	char **child = argv_child(&c), **trial = argv_trial("f", NULL, &f, 9);
	char **a = child, **b = trial;

	(void)state;
	while (strcmp(*a, "-fps_mode") != 0)
		a++;
	while (strcmp(*b, "-fps_mode") != 0)
		b++;
	for (; *a != NULL && *b != NULL; a++, b++)
		assert_string_equal(*a, *b);
	assert_true(*a == NULL && *b == NULL);
	argv_free(child);
	argv_free(trial);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_encoder_tries_as_hard_as_it_is_told),
		cmocka_unit_test(a_trial_encodes_as_a_child_does),
		cmocka_unit_test(a_film_is_joined_in_progress),
		cmocka_unit_test(a_silent_asset_gets_silence_from_its_start),
		cmocka_unit_test(a_child_tells_which_pictures_its_source_had),
		cmocka_unit_test(a_break_that_nobody_marked_is_a_dip_to_black),
		cmocka_unit_test(pad_is_two_groups_of_black),
		cmocka_unit_test(
		    a_slate_is_one_picture_s_format_without_reordering),
		cmocka_unit_test(pad_files_are_named_by_their_format),
		cmocka_unit_test(what_plays_on_goes_on_at_the_next_sample),
		cmocka_unit_test(
		    fields_become_pictures_where_the_house_has_as_many),
		cmocka_unit_test(hdr_is_bent_into_sdr_where_ffmpeg_can),
		cmocka_unit_test(hd_of_unknown_colours_has_those_of_hd),
		cmocka_unit_test(the_first_picture_has_a_place_of_its_own),
		cmocka_unit_test(the_channels_language_is_heard),
		cmocka_unit_test(streams_are_read_from_further_ahead),
		cmocka_unit_test(a_card_has_the_title_in_lines),
		cmocka_unit_test(sound_is_brought_to_the_house_s_loudness),
		cmocka_unit_test(
		    no_gain_takes_a_peak_above_one_decibel_below_full_scale),
		cmocka_unit_test(what_is_far_too_quiet_is_not_all_hiss),
		cmocka_unit_test(surround_that_airs_as_such_is_left_alone),
		cmocka_unit_test(a_hostile_title_is_just_text),
		cmocka_unit_test(an_endless_title_is_cut),
		cmocka_unit_test(without_a_font_a_card_is_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
