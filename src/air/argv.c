#include "air/argv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "air/house.h"
#include "base/buf.h"
#include "base/xmem.h"

#define FADE_MS		10
#define DEMUXERS	"mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi," \
	"mpegts,mpeg,mpegvideo,asf,ogg,wav,mp3,aac,flac,ac3,mxf,m4v"

struct vec {
	char **v;
	size_t n, cap;
};

static void
vec_take(struct vec *a, char *s)
{
	xgrow(&a->v, &a->cap, a->n + 1, sizeof a->v[0]);
	a->v[a->n++] = s;
}

/* Each argument up to NULL. */
static void
vec_add(struct vec *a, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, a);
	while ((s = va_arg(ap, const char *)) != NULL)
		vec_take(a, xstrdup(s));
	va_end(ap);
}

/* Decoding begins a second early: the frame rate converter and the resampler
 * then stand at n0 as if they had run from the asset's start, and what runs
 * on after a break goes on at the very next frame. */
static int64_t
lead_in(const struct argv_child *c)
{
	int64_t second = c->format->rate.num / c->format->rate.den;

	return c->in < second ? c->in : second;
}

/* -ss to half a picture before the first one wanted, so that no rounding of
 * the container's time base moves it to the other side. */
static void
seek_add(struct vec *a, const struct argv_child *c, int64_t skip)
{
	const struct rate *r = &c->format->rate;
	int64_t us;

	if (c->in == skip)
		return;
	us = muldiv_floor(2 * (c->in - skip) - 1, r->den * US_PER_S,
	    2 * r->num);
	vec_add(a, "-ss", NULL);
	vec_take(a, xasprintf("%" PRId64 ".%06" PRId64, us / US_PER_S,
	    us % US_PER_S));
}

static void
inputs_add(struct vec *a, const struct argv_child *c, int64_t skip)
{
	const struct format *f = c->format;

	seek_add(a, c, skip);
	vec_add(a, "-protocol_whitelist", "file,pipe", "-format_whitelist",
	    DEMUXERS, "-i", NULL);
	vec_take(a, xasprintf("file:%s", c->asset->path));
	if (!c->asset->has_video) {
		vec_add(a, "-f", "lavfi", "-i", NULL);
		vec_take(a, xasprintf("color=c=black:s=%dx%d:r=%" PRId64
		    "/%" PRId64, f->width, f->height, f->rate.num,
		    f->rate.den));
	}
	if (!c->asset->has_audio) {
		vec_add(a, "-f", "lavfi", "-i", NULL);
		vec_take(a, xasprintf("anullsrc=r=%d:cl=%s", f->sample_rate,
		    f->channels == 1 ? "mono" : "stereo"));
	}
	vec_add(a, "-map", NULL);
	vec_take(a, c->asset->has_video ?
	    xasprintf("0:%d", c->asset->video_stream) : xstrdup("1:0"));
	vec_add(a, "-map", NULL);
	vec_take(a, c->asset->has_audio ?
	    xasprintf("0:%d", c->asset->audio_stream) :
	    xstrdup(c->asset->has_video ? "1:0" : "2:0"));
}

static char *
video_filter(const struct argv_child *c, int64_t skip)
{
	const struct format *f = c->format;
	struct buf b = { 0 };
	char *s;

	buf_addf(&b, "yadif=deint=interlaced,"
	    "scale=w='trunc(min(%d,%d*dar)/2)*2':"
	    "h='trunc(min(%d,%d/dar)/2)*2':"
	    "out_color_matrix=bt709:out_range=tv,"
	    "pad=%d:%d:-1:-1,setsar=1,format=yuv420p,",
	    f->width, f->height, f->height, f->width, f->width, f->height);
	if (c->in != skip)
		buf_addf(&b, "setpts=PTS-%" PRId64 "/%" PRId64 "/TB,",
		    f->rate.den, 2 * f->rate.num);
	buf_addf(&b, "fps=%" PRId64 "/%" PRId64 ":start_time=0:round=near,"
	    "tpad=stop=-1:stop_mode=clone,"
	    "trim=start_frame=%" PRId64 ":end_frame=%" PRId64 ",setpts=N",
	    f->rate.num, f->rate.den, skip, skip + c->n1 - c->n0);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

/* Sound is cut to whole frames of the channel's grid: the first begins
 * grid_audio_lag() after the first picture.  AAC primes exactly one frame,
 * which the join drops (its place is before the segment). */
static char *
audio_filter(const struct argv_child *c, int64_t skip)
{
	const struct format *f = c->format;
	struct grid g = house_grid(f);
	int64_t lag = grid_audio_lag(&g, c->n0);
	int64_t count = (grid_audio(&g, c->n1) - grid_audio(&g, c->n0)) *
	    g.spf;
	/* The seek point is half a picture before picture in - skip. */
	int64_t half = c->in != skip;
	int64_t start = muldiv_round(2 * skip + half,
	    f->rate.den * f->sample_rate, 2 * f->rate.num) + lag;
	int64_t fade = f->sample_rate * FADE_MS / 1000;
	struct buf b = { 0 };
	char *s;

	buf_addf(&b, "aresample=%d:async=1:first_pts=0,"
	    "aformat=sample_fmts=fltp:channel_layouts=%s,apad,"
	    "atrim=start_sample=%" PRId64 ":end_sample=%" PRId64
	    ",asetpts=N", f->sample_rate,
	    f->channels == 1 ? "mono" : "stereo", start, start + count);
	if (c->fade_in)
		buf_addf(&b, ",afade=t=in:ss=0:ns=%" PRId64, fade);
	if (c->fade_out && count > fade)
		buf_addf(&b, ",afade=t=out:ss=%" PRId64 ":ns=%" PRId64,
		    count - fade, fade);
	buf_addf(&b, ",asetpts=N+%" PRId64, lag);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

static void
output_add(struct vec *a, const struct format *f, int64_t gop, int64_t offset,
    const char *reorder)
{
	vec_add(a, "-fps_mode", "passthrough", "-c:v", "libx264", "-preset",
	    "veryfast", "-profile:v", "high", "-bf", reorder, "-sc_threshold",
	    "0", "-forced-idr", "1", "-colorspace", "bt709",
	    "-color_primaries", "bt709", "-color_trc", "bt709", NULL);
	vec_add(a, "-b:v", NULL);
	vec_take(a, xasprintf("%" PRId64, f->video_bitrate));
	vec_add(a, "-maxrate", NULL);
	vec_take(a, xasprintf("%" PRId64, f->video_bitrate));
	vec_add(a, "-bufsize", NULL);
	vec_take(a, xasprintf("%" PRId64, 2 * f->video_bitrate));
	vec_add(a, "-g", NULL);
	vec_take(a, xasprintf("%" PRId64, gop));
	vec_add(a, "-force_key_frames", NULL);
	vec_take(a, xasprintf("expr:not(mod(n+%" PRId64 ",%" PRId64 "))",
	    offset, gop));
	vec_add(a, "-c:a", "aac", "-ar", NULL);
	vec_take(a, xasprintf("%d", f->sample_rate));
	vec_add(a, "-ac", NULL);
	vec_take(a, xasprintf("%d", f->channels));
	vec_add(a, "-b:a", NULL);
	vec_take(a, xasprintf("%" PRId64, f->audio_bitrate));
	vec_add(a, "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn",
	    "-f", "mpegts", "-mpegts_flags", "+initial_discontinuity",
	    "-omit_video_pes_length", "0", "-muxpreload", "0",
	    "-muxdelay", "0", "pipe:1", NULL);
	vec_take(a, NULL);
}

static void
begin_add(struct vec *a, const char *ffmpeg)
{
	vec_add(a, ffmpeg, "-nostdin", "-hide_banner", "-nostats",
	    "-loglevel", "error", NULL);
}

char **
argv_child(const struct argv_child *c)
{
	struct grid g = house_grid(c->format);
	int64_t skip = lead_in(c);
	struct vec a = { 0 };

	begin_add(&a, c->ffmpeg);
	inputs_add(&a, c, skip);
	vec_add(&a, "-vf", NULL);
	vec_take(&a, video_filter(c, skip));
	vec_add(&a, "-af", NULL);
	vec_take(&a, audio_filter(c, skip));
	output_add(&a, c->format, g.gop, mod_floor(c->n0, g.gop), "2");
	return a.v;
}

char **
argv_pad(const char *ffmpeg, const struct format *f)
{
	struct grid g = house_grid(f);
	struct vec a = { 0 };

	begin_add(&a, ffmpeg);
	vec_add(&a, "-f", "lavfi", "-i", NULL);
	vec_take(&a, xasprintf("color=c=black:s=%dx%d:r=%" PRId64 "/%" PRId64,
	    f->width, f->height, f->rate.num, f->rate.den));
	vec_add(&a, "-f", "lavfi", "-i", NULL);
	vec_take(&a, xasprintf("anullsrc=r=%d:cl=%s", f->sample_rate,
	    f->channels == 1 ? "mono" : "stereo"));
	vec_add(&a, "-map", "0:0", "-map", "1:0", "-vf", NULL);
	vec_take(&a, xasprintf("format=yuv420p,trim=end_frame=%" PRId64,
	    2 * g.gop));
	vec_add(&a, "-af", NULL);
	vec_take(&a, xasprintf("atrim=end_sample=%" PRId64,
	    grid_audio(&g, 2 * g.gop) * g.spf));
	output_add(&a, f, g.gop, 0, "0");
	return a.v;
}

void
argv_free(char **argv)
{
	if (argv == NULL)
		return;
	for (char **p = argv; *p != NULL; p++)
		free(*p);
	free(argv);
}

char *
argv_pad_name(const struct format *f)
{
	return xasprintf("pad-%dx%d-%" PRId64 "-%" PRId64 "-%dch-%" PRId64
	    "-%" PRId64 ".ts", f->width, f->height, f->rate.num, f->rate.den,
	    f->channels, f->video_bitrate, f->audio_bitrate);
}
