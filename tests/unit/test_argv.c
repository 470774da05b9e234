/* test_argv.c - the command lines, word for word. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "air/argv.h"

static const char *const film_argv[] = {
	"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-loglevel",
	"error", "-ss", "32.382350", "-protocol_whitelist", "file,pipe",
	"-format_whitelist",
	"mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi,mpegts,mpeg,"
	    "mpegvideo,asf,ogg,wav,mp3,aac,flac,ac3,mxf,m4v",
	"-i", "file:/films/a:b.mkv", "-map", "0:0", "-map", "0:2", "-vf",
	"yadif=deint=interlaced,scale=w='trunc(min(1280,"
	    "720*dar)/2)*2':h='trunc(min(720,1280/dar)/2)*2':"
	    "out_color_matrix=bt709:out_range=tv,pad=1280:720:-1:-1,"
	    "setsar=1,format=yuv420p,setpts=PTS-1001/60000/TB,"
	    "fps=30000/1001:start_time=0:round=near,tpad=stop=-1:"
	    "stop_mode=clone,trim=start_frame=29:end_frame=929,setpts=N",
	"-af",
	"aresample=48000:async=1:first_pts=0,"
	    "aformat=sample_fmts=fltp:channel_layouts=stereo,apad,"
	    "atrim=start_sample=47300:end_sample=1489092,asetpts=N,"
	    "afade=t=in:ss=0:ns=480,afade=t=out:ss=1441312:ns=480,"
	    "asetpts=N+53",
	"-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "veryfast",
	"-profile:v", "high", "-bf", "2", "-sc_threshold", "0", "-forced-idr",
	"1", "-colorspace", "bt709", "-color_primaries", "bt709",
	"-color_trc", "bt709", "-b:v", "3000000", "-maxrate", "3000000",
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
	"error", "-protocol_whitelist", "file,pipe", "-format_whitelist",
	"mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi,mpegts,mpeg,"
	    "mpegvideo,asf,ogg,wav,mp3,aac,flac,ac3,mxf,m4v",
	"-i", "file:/s/silent.mp4", "-f", "lavfi", "-i",
	"anullsrc=r=48000:cl=mono", "-map", "0:1", "-map", "1:0", "-vf",
	"yadif=deint=interlaced,scale=w='trunc(min(1280,"
	    "720*dar)/2)*2':h='trunc(min(720,1280/dar)/2)*2':"
	    "out_color_matrix=bt709:out_range=tv,pad=1280:720:-1:-1,"
	    "setsar=1,format=yuv420p,fps=25/1:start_time=0:round=near,"
	    "tpad=stop=-1:stop_mode=clone,trim=start_frame=0:"
	    "end_frame=75,setpts=N",
	"-af",
	"aresample=48000:async=1:first_pts=0,"
	    "aformat=sample_fmts=fltp:channel_layouts=mono,apad,"
	    "atrim=start_sample=256:end_sample=144640,asetpts=N,"
	    "asetpts=N+256",
	"-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "veryfast",
	"-profile:v", "high", "-bf", "2", "-sc_threshold", "0", "-forced-idr",
	"1", "-colorspace", "bt709", "-color_primaries", "bt709",
	"-color_trc", "bt709", "-b:v", "3000000", "-maxrate", "3000000",
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
	"error", "-f", "lavfi", "-i", "color=c=black:s=1280x720:r=30000/1001",
	"-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-map", "0:0",
	"-map", "1:0", "-vf", "format=yuv420p,trim=end_frame=120", "-af",
	"atrim=end_sample=192512", "-fps_mode", "passthrough", "-c:v",
	"libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", "0",
	"-sc_threshold", "0", "-forced-idr", "1", "-colorspace", "bt709",
	"-color_primaries", "bt709", "-color_trc", "bt709", "-b:v", "3000000",
	"-maxrate", "3000000", "-bufsize", "6000000", "-g", "60",
	"-force_key_frames", "expr:not(mod(n+0,60))", "-c:a", "aac", "-ar",
	"48000", "-ac", "2", "-b:a", "192000", "-map_metadata", "-1",
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
pad_is_two_groups_of_black(void **state)
{
	struct format f = format_default();

	(void)state;
	check_argv(argv_pad("ffmpeg", &f), pad_argv);
}

static void
pad_files_are_named_by_their_format(void **state)
{
	struct format f = format_default();
	char *name = argv_pad_name(&f);

	(void)state;
	assert_string_equal(name,
	    "pad-1280x720-30000-1001-2ch-3000000-192000.ts");
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_film_is_joined_in_progress),
		cmocka_unit_test(a_silent_asset_gets_silence_from_its_start),
		cmocka_unit_test(pad_is_two_groups_of_black),
		cmocka_unit_test(pad_files_are_named_by_their_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
