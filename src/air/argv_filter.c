#include "air/argv_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "air/house.h"
#include "base/xmem.h"
#include "plan/layout.h"

#define FADE_MS		10
#define DIP_MS		500
#define PEAK_MAX	(-100)	/* dBTP x 100 after the gain: -1 */
#define GAIN_MAX	2000	/* dB x 100: what is 20 dB too quiet hisses */
#define FIELD_RATE	40	/* pictures/s: from here on each field one */
#define SDR_PEAK	100	/* cd/m2 that is 1.0 to the tone curve */
/* Silence before an asset's first sample, for encoders that look back: more
 * than any does, 40 ms. */
#define BEFORE(f)	((f)->sample_rate / 25)

static const struct {
	const char *transfer, *matrix;	/* zscale's names */
} hdr[] = {
	[TRANSFER_PQ] = { "smpte2084", "2020_ncl" },
	[TRANSFER_HLG] = { "arib-std-b67", "2020_ncl" },
};

/* Pictures seldom begin with the file: an encoder's priming comes first, of
 * 5 or 21 ms.  Left there, those of a source in the house's rate could stand
 * half-way between two places, and the container's rounding would throw them
 * here and there.  So the asset's time begins where its first picture has a
 * place of its own: the same in pictures and sound, less than a picture. */
static int64_t
phase_us(const struct argv_child *c)
{
	const struct rate *r = &c->format->rate;
	int64_t us = c->asset->has_video ? c->asset->video_start_us : 0;

	return us - muldiv_floor(muldiv_floor(us, r->num, r->den * US_PER_S),
	    r->den * US_PER_S, r->num);
}

/* Less than yadif can do with. */
static bool
is_tiny(const struct asset *a)
{
	return (a->width > 0 && a->width < 4) ||
	    (a->height > 0 && a->height < 4);
}

/* The pictures [in, in + n1 - n0) of the asset at the house rate, from 0.  The
 * time base of one picture makes settb round each to its place, from the
 * asset's own time; fps fills the places that are empty.  Behind the last
 * picture tpad holds it, wherever that is. */
static void
cut_add(struct buf *b, const struct argv_child *c)
{
	const struct rate *r = &c->format->rate;

	buf_addf(b, "%syadif=mode=%d:deint=interlaced,",
	    is_tiny(c->asset) ? "scale=16:16," : "",
	    r->num >= FIELD_RATE * r->den);
	if (phase_us(c) != 0)
		buf_addf(b, "setpts=PTS-round(%" PRId64 "/%" PRId64 "/TB),",
		    phase_us(c), US_PER_S);
	buf_addf(b, "settb=%" PRId64 "/%" PRId64 ",fps=%" PRId64 "/%" PRId64,
	    r->den, r->num, r->num, r->den);
	if (argv_origin_s(c) == 0)
		buf_adds(b, ":start_time=0");
	/* metadata prints only of pictures that have some; at once, or a row
	 * of the as-run could end before it is known what was held in it. */
	if (c->tells)
		buf_adds(b, ",metadata=mode=add:key=s:value=1,"
		    "metadata=mode=print:file=pipe\\\\:3:direct=1");
	buf_addf(b, ",tpad=stop=-1:stop_mode=clone,"
	    "trim=start_pts=%" PRId64 ":end_pts=%" PRId64
	    ",setpts=PTS-%" PRId64 ",", c->in, c->in + c->n1 - c->n0, c->in);
}

/* Into the house's box by the displayed aspect ratio, not the stored one.
 * Light beyond the SDR range is bent after scaling: it is the dearer of the
 * two. */
static void
box_add(struct buf *b, const struct argv_child *c)
{
	const struct format *f = c->format;
	enum asset_transfer t = c->asset->transfer;
	bool bend = t != TRANSFER_SDR && c->caps != NULL && c->caps->tonemap;

	buf_addf(b, "scale=w='max(2,2*round(min(%d,%d*dar)/2))':"
	    "h='max(2,2*round(min(%d,%d/dar)/2))'",
	    f->width, f->height, f->height, f->width);
	if (bend)
		buf_addf(b, ",format=yuv420p10,zscale=tin=%s:min=%s:pin=2020:"
		    "t=linear:npl=%d,format=gbrpf32,"
		    "zscale=p=709,tonemap=mobius,"
		    "zscale=t=709:m=709:r=tv", hdr[t].transfer,
		    hdr[t].matrix, SDR_PEAK);
	else
		buf_adds(b, ":out_color_matrix=bt709:out_range=tv");
	buf_addf(b, ",format=yuv420p,pad=%d:%d:-1:-1,setsar=1", f->width,
	    f->height);
}

int64_t
argv_told(const char *line)
{
	const char *at = strstr(line, " pts:");
	char *end;
	long long n;

	if (strncmp(line, "frame:", 6) != 0 || at == NULL)
		return -1;
	n = strtoll(at + 5, &end, 10);
	return end != at + 5 && n >= 0 ? n : -1;
}

/* From or to black, where a break cuts into what runs on. */
static void
dips_add(struct buf *b, const struct argv_child *c)
{
	int64_t half = half_second(c->format->rate), n = c->n1 - c->n0;

	if (c->dip_in)
		buf_addf(b, ",fade=t=in:s=0:n=%" PRId64, half);
	if (c->dip_out && n > half)
		buf_addf(b, ",fade=t=out:s=%" PRId64 ":n=%" PRId64, n - half,
		    half);
}

char *
argv_video_filter(const struct argv_child *c)
{
	struct buf b = { 0 };
	char *s;

	cut_add(&b, c);
	box_add(&b, c);
	dips_add(&b, c);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

/* The asset's sample, at the house's rate, that begins the channel's audio
 * frame m.  in - n0 is the same for all children that play on from each
 * other, so what they play fits to the sample. */
static int64_t
sample_of(const struct argv_child *c, const struct grid *g, int64_t m)
{
	return m * g->spf + muldiv_round(c->in - c->n0,
	    g->rate.den * g->sample_rate, g->rate.num) +
	    muldiv_round(phase_us(c), g->sample_rate, US_PER_S);
}

/* Cut at a whole second, which is a whole sample at any rate: so the phase of
 * the resampler does not depend on where it begins.  Gaps are filled at the
 * house's rate, since first_pts counts the samples that come in.  Channels
 * that are mixed into fewer never add up to more than full scale. */
static void
resample_add(struct buf *b, const struct argv_child *c, int64_t first)
{
	buf_addf(b, "atrim=start=%" PRId64 ",aresample=%d,"
	    "aresample=async=1:first_pts=%" PRId64 ":rematrix_maxval=1,"
	    "aformat=sample_fmts=fltp:channel_layouts=%s,apad",
	    argv_origin_s(c),
	    c->format->sample_rate, first, argv_layout(c->format));
}

/* What brings the asset to the house's loudness, in dB x 100: measured of
 * the stream that airs by itself, mixed to two channels. */
static int
gain_of(const struct argv_child *c)
{
	const struct asset *a = c->asset;
	const struct asset_loudness *l = &a->loudness;
	int gain = c->format->loudness * 100 - l->integrated;

	if (!l->known || c->format->loudness == 0 ||
	    argv_audio_stream(c) != a->audio_stream ||
	    (c->format->channels > 2 && a->naudio > 0 &&
	    a->audio[0].channels > 2))
		return 0;
	if (gain > PEAK_MAX - l->true_peak)
		gain = PEAK_MAX - l->true_peak;
	return gain > GAIN_MAX ? GAIN_MAX : gain < -GAIN_MAX ? -GAIN_MAX :
	    gain;
}

static void
gain_add(struct buf *b, const struct argv_child *c)
{
	int gain = gain_of(c), size = gain < 0 ? -gain : gain;

	if (gain != 0)
		buf_addf(b, ",volume=%s%d.%02ddB", gain < 0 ? "-" : "",
		    size / 100, size % 100);
}

/* The sound's edges: the first wanted sample is `before` into the count that
 * is fed. */
static void
fades_add(struct buf *b, const struct argv_child *c, int64_t before,
    int64_t count)
{
	int64_t rate = c->format->sample_rate;
	int64_t in = rate * (c->dip_in ? DIP_MS : FADE_MS) / 1000;
	int64_t out = rate * (c->dip_out ? DIP_MS : FADE_MS) / 1000;

	if (c->fade_in)
		buf_addf(b, ",afade=t=in:ss=%" PRId64 ":ns=%" PRId64, before,
		    in);
	if (c->fade_out && count > before + out)
		buf_addf(b, ",afade=t=out:ss=%" PRId64 ":ns=%" PRId64,
		    count - out, out);
}

/* Encoders put `priming` samples before what they are given.  Fed from that
 * long after the start of the frame before the first wanted, each frame begins
 * at its place on the grid; the one before is dropped by the join. */
char *
argv_audio_filter(const struct argv_child *c)
{
	const struct format *f = c->format;
	struct grid g = house_grid(f);
	int64_t m = grid_audio(&g, c->n0), end = grid_audio(&g, c->n1);
	int64_t before = g.spf - format_priming(f->audio_codec);
	int64_t start = sample_of(c, &g, m) - before;
	int64_t count = sample_of(c, &g, end) - start;
	int64_t origin = argv_origin_s(c) * f->sample_rate;
	int64_t first = origin > 0 ? origin : -BEFORE(f);
	struct buf b = { 0 };
	char *s;

	resample_add(&b, c, first);
	gain_add(&b, c);
	buf_addf(&b, ",atrim=start_sample=%" PRId64 ":end_sample=%" PRId64
	    ",asetpts=N", start - first, start - first + count);
	fades_add(&b, c, before, count);
	buf_addf(&b, ",asetpts=N+%" PRId64, grid_audio_lag(&g, c->n0) - before);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}
