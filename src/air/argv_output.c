#include "air/argv_parts.h"

#include <inttypes.h>

#include "air/house.h"
#include "base/xmem.h"

const char *
argv_layout(const struct format *f)
{
	return f->channels == 1 ? "mono" : f->channels == 6 ? "5.1" :
	    "stereo";
}

static void
number_add(struct argv_vec *a, const char *option, int64_t n)
{
	argv_add(a, option, NULL);
	argv_take(a, xasprintf("%" PRId64, n));
}

static const char *
preset_of(const struct argv_caps *caps)
{
	return caps != NULL && caps->preset != NULL ? caps->preset :
	    "veryfast";
}

static void
encoder_add(struct argv_vec *a, const struct argv_caps *caps)
{
	argv_add(a, "-c:v", "libx264", "-preset", preset_of(caps), NULL);
	if (caps != NULL && caps->threads != 0)
		number_add(a, "-threads:v", caps->threads);
}

static void
video_add(struct argv_vec *a, const struct argv_caps *caps,
    const struct format *f, int64_t gop, int64_t offset, const char *reorder)
{
	/* cfr: where a source changes its size, ffmpeg builds its filters
	 * anew, and a picture may be lost that way. */
	argv_add(a, "-fps_mode", "cfr", NULL);
	encoder_add(a, caps);
	/* What is said of colours must not be the source's: it stands in the
	 * sequence parameter set, at which decoders begin anew. */
	argv_add(a, "-profile:v", "high", "-bf", reorder, "-sc_threshold",
	    "0", "-forced-idr", "1", "-colorspace", "bt709",
	    "-color_primaries", "bt709", "-color_trc", "bt709",
	    "-chroma_sample_location", "left", NULL);
	number_add(a, "-b:v", f->video_bitrate);
	number_add(a, "-maxrate", f->video_bitrate);
	number_add(a, "-bufsize", 2 * f->video_bitrate);
	number_add(a, "-g", gop);
	argv_add(a, "-force_key_frames", NULL);
	argv_take(a, xasprintf("expr:not(mod(n+%" PRId64 ",%" PRId64 "))",
	    offset, gop));
}

static void
audio_add(struct argv_vec *a, const struct format *f)
{
	argv_add(a, "-c:a", format_codec_name(f->audio_codec), NULL);
	number_add(a, "-ar", f->sample_rate);
	number_add(a, "-ac", f->channels);
	number_add(a, "-b:a", f->audio_bitrate);
}

void
argv_output_add(struct argv_vec *a, const struct argv_caps *caps,
    const struct format *f, int64_t gop, int64_t offset, const char *reorder)
{
	video_add(a, caps, f, gop, offset, reorder);
	audio_add(a, f);
	argv_add(a, "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn",
	    "-f", "mpegts", "-mpegts_flags", "+initial_discontinuity",
	    "-omit_video_pes_length", "0", "-muxpreload", "0",
	    "-muxdelay", "0", "pipe:1", NULL);
	argv_take(a, NULL);
}

static char **
black_make(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f, int64_t pictures, const char *reorder)
{
	struct grid g = house_grid(f);
	struct argv_vec a = { 0 };

	argv_begin_add(&a, ffmpeg);
	argv_lavfi_add(&a, xasprintf("color=c=black:s=%dx%d:r=%" PRId64
	    "/%" PRId64, f->width, f->height, f->rate.num, f->rate.den));
	argv_lavfi_add(&a, xasprintf("anullsrc=r=%d:cl=%s", f->sample_rate,
	    argv_layout(f)));
	argv_add(&a, "-map", "0:0", "-map", "1:0", "-vf", NULL);
	argv_take(&a, xasprintf("format=yuv420p,trim=end_frame=%" PRId64,
	    pictures));
	argv_add(&a, "-af", NULL);
	argv_take(&a, xasprintf("atrim=end_sample=%" PRId64,
	    grid_audio(&g, pictures) * g.spf));
	argv_output_add(&a, caps, f, g.gop, 0, reorder);
	return a.v;
}

char **
argv_pad(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f)
{
	return black_make(ffmpeg, caps, f, 2 * house_grid(f).gop, "0");
}

char **
argv_sample(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f)
{
	return black_make(ffmpeg, caps, f, 1, ARGV_REORDER);
}

char **
argv_trial(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f, int seconds)
{
	struct grid g = house_grid(f);
	struct argv_vec a = { 0 };

	argv_begin_add(&a, ffmpeg);
	argv_lavfi_add(&a, xasprintf("testsrc2=s=%dx%d:r=%" PRId64 "/%" PRId64
	    ":d=%d", f->width, f->height, f->rate.num, f->rate.den, seconds));
	argv_lavfi_add(&a, xasprintf("anoisesrc=r=%d:a=0.1:d=%d",
	    f->sample_rate, seconds));
	argv_add(&a, "-map", "0:0", "-map", "1:0", "-vf", "format=yuv420p",
	    NULL);
	argv_output_add(&a, caps, f, g.gop, 0, ARGV_REORDER);
	return a.v;
}

char *
argv_pad_name(const struct argv_caps *caps, const struct format *f)
{
	return xasprintf("pad-%dx%d-%" PRId64 "-%" PRId64 "-%s-%dch-%" PRId64
	    "-%" PRId64 "-%s.ts", f->width, f->height, f->rate.num, f->rate.den,
	    format_codec_name(f->audio_codec), f->channels, f->video_bitrate,
	    f->audio_bitrate, preset_of(caps));
}
