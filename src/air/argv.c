#include "air/argv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "air/argv_parts.h"
#include "air/house.h"
#include "base/xmem.h"
#include "plan/language.h"

#define LEAD_S		1	/* decoded before what is wanted */
#define LEAD_STREAM_S	10	/* the same of what has no index */
#define HD_HEIGHT	720	/* from here on BT.709 is the custom */

const char argv_demuxers[] =
	"mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi,mpegts,mpeg,"
	"mpegvideo,m4v,asf,ogg,wav,w64,mp3,aac,flac,ac3,eac3,mxf,dv";

const char argv_decoders[] =
	/* pictures */
	"h264,hevc,mpeg1video,mpeg2video,mpegvideo,mpeg4,msmpeg4v1,msmpeg4v2,"
	"msmpeg4,h261,h263,h263i,h263p,flv,vp3,vp4,vp5,vp6,vp6a,vp6f,vp7,vp8,"
	"libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,theora,wmv1,wmv2,wmv3,"
	"vc1,mjpeg,mjpegb,dvvideo,dnxhd,prores,cfhd,ffv1,ffvhuff,huffyuv,"
	"utvideo,rawvideo,v210,v410,r210,png,qtrle,rpza,smc,svq1,svq3,cinepak,"
	"indeo2,indeo3,indeo4,indeo5,msvideo1,msrle,jpeg2000,libopenjpeg,"
	/* sound */
	"aac,aac_fixed,aac_latm,ac3,ac3_fixed,eac3,mp1,mp1float,mp2,mp2float,"
	"mp3,mp3float,mp3adu,mp3adufloat,opus,libopus,vorbis,libvorbis,flac,"
	"alac,dca,truehd,mlp,dvaudio,s302m,wmav1,wmav2,wmapro,wmalossless,"
	"wmavoice,amrnb,amrwb,gsm,gsm_ms,speex,libspeex,nellymoser,qdm2,qdmc,"
	"wavpack,tta,ape,pcm_alaw,pcm_mulaw,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,"
	"pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,"
	"pcm_f64le,pcm_f64be,pcm_bluray,pcm_dvd,adpcm_ms,adpcm_ima_wav,"
	"adpcm_ima_qt,adpcm_swf,adpcm_yamaha";

void
argv_take(struct argv_vec *a, char *s)
{
	xgrow(&a->v, &a->cap, a->n + 1, sizeof a->v[0]);
	a->v[a->n++] = s;
}

void
argv_add(struct argv_vec *a, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, a);
	while ((s = va_arg(ap, const char *)) != NULL)
		argv_take(a, xstrdup(s));
	va_end(ap);
}

void
argv_begin_add(struct argv_vec *a, const char *ffmpeg)
{
	/* Where time stamps may jump (MPEG streams, Ogg) ffmpeg would take a
	 * seek of more than ten seconds for a jump, and take it back. */
	argv_add(a, ffmpeg, "-nostdin", "-hide_banner", "-nostats",
	    "-loglevel", "error", "-dts_delta_threshold", "1000000000", NULL);
}

void
argv_lavfi_add(struct argv_vec *a, char *graph)
{
	argv_add(a, "-f", "lavfi", "-i", NULL);
	argv_take(a, graph);
}

/* MPEG transport and program streams, by the names people give them: a seek
 * there finds the time, not a key frame, and the decoder has nothing to show
 * until the next one.  Ten seconds is what HLS allows for at most. */
static bool
is_stream(const char *path)
{
	static const char *const suffixes[] = {
		".ts", ".m2ts", ".mts", ".m2t", ".tp", ".trp", ".mpg", ".mpeg",
		".mpe", ".m2p", ".ps", ".vob", ".vro", ".evo", ".mod", ".tod",
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot != NULL &&
	    i < sizeof suffixes / sizeof suffixes[0]; i++)
		if (strcasecmp(dot, suffixes[i]) == 0)
			return true;
	return false;
}

/* A little ahead, so that deinterlacer, decoders and resampler stand at n0 as
 * if they had run from the asset's start. */
int64_t
argv_origin_s(const struct argv_child *c)
{
	int64_t s = muldiv_floor(c->in, c->format->rate.den,
	    c->format->rate.num) -
	    (is_stream(c->asset->path) ? LEAD_STREAM_S : LEAD_S);

	return s > 0 ? s : 0;
}

/* -itsoffset takes back the shift that -ss makes: what is left is the asset's
 * time, rounded to the container's time base once and for every child alike.
 * What lies between the key frame found and the cut goes through the filters
 * (-noaccurate_seek), or a picture that is shown for long would be lost. */
static void
seek_add(struct argv_vec *a, const struct argv_child *c)
{
	int64_t s = argv_origin_s(c);

	if (s == 0)
		return;
	argv_add(a, "-noaccurate_seek", "-itsoffset", NULL);
	argv_take(a, xasprintf("%" PRId64, s));
	argv_add(a, "-ss", NULL);
	argv_take(a, xasprintf("%" PRId64, s));
}

/* The whitelists are for the asset alone: options before its -i. */
static void
asset_add(struct argv_vec *a, const struct argv_child *c)
{
	seek_add(a, c);
	/* HD that says nothing of its colours has those of BT.709; ffmpeg
	 * would take BT.601. */
	if (c->asset->has_video && c->asset->height >= HD_HEIGHT)
		argv_add(a, "-colorspace:v", "bt709", NULL);
	if (c->still != NULL)
		argv_add(a, "-f", c->still, NULL);
	argv_add(a, "-protocol_whitelist", "file,pipe", "-format_whitelist",
	    c->still != NULL ? c->still : argv_demuxers, "-codec_whitelist",
	    argv_decoders, "-i", NULL);
	argv_take(a, xasprintf("file:%s", c->asset->path));
}

int
argv_audio_stream(const struct argv_child *c)
{
	const struct asset *a = c->asset;

	if (a->naudio == 0)
		return a->audio_stream;
	return a->audio[language_pick(a->audio, a->naudio,
	    c->language)].stream;
}

static void
inputs_add(struct argv_vec *a, const struct argv_child *c)
{
	const struct format *f = c->format;
	const struct asset *s = c->asset;

	asset_add(a, c);
	if (!s->has_video)
		argv_lavfi_add(a, argv_card_source(f));
	if (!s->has_audio)
		argv_lavfi_add(a, xasprintf("anullsrc=r=%d:cl=%s",
		    f->sample_rate, argv_layout(f)));
	argv_add(a, "-map", NULL);
	argv_take(a, s->has_video ? xasprintf("0:%d", s->video_stream) :
	    xstrdup("1:0"));
	argv_add(a, "-map", NULL);
	argv_take(a, s->has_audio ? xasprintf("0:%d", argv_audio_stream(c)) :
	    xstrdup(s->has_video ? "1:0" : "2:0"));
}

static char **
child_make(const struct argv_child *c, const char *reorder)
{
	struct grid g = house_grid(c->format);
	struct argv_vec a = { 0 };

	argv_begin_add(&a, c->ffmpeg);
	inputs_add(&a, c);
	argv_add(&a, "-vf", NULL);
	argv_take(&a, c->asset->has_video ? argv_video_filter(c) :
	    argv_card_filter(c));
	argv_add(&a, "-af", NULL);
	argv_take(&a, argv_audio_filter(c));
	argv_output_add(&a, c->caps, c->format, g.gop,
	    mod_floor(c->n0, g.gop), reorder);
	return a.v;
}

char **
argv_child(const struct argv_child *c)
{
	return child_make(c, ARGV_REORDER);
}

char **
argv_slate(const struct argv_child *c)
{
	return child_make(c, "0");
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
