#include "plan/format_read.h"

#include "base/buf.h"
#include "base/length.h"
#include "plan/conf.h"

#define KBIT	INT64_C(1000)
#define MBIT	INT64_C(1000000)

static void
read_even(struct errs *e, const struct node *m, const char *key, int min,
    int max, int *out)
{
	int64_t v;

	if (!conf_int(e, m, key, min, max, &v))
		return;
	if (v % 2 != 0)		/* 4:2:0 halves both */
		conf_fault(e, conf_get(m, key), "%s must be even, not %d",
		    key, (int)v);
	else
		*out = (int)v;
}

/* The house rates, and as what people write those that are no decimal. */
static const struct {
	struct rate rate;
	struct rate written[2];
} house_rates[] = {
	{ { 24000, 1001 }, { { 2997, 125 }, { 1199, 50 } } }, /* 23.976, .98 */
	{ { 24, 1 }, { { 0, 0 } } },
	{ { 25, 1 }, { { 0, 0 } } },
	{ { 30000, 1001 }, { { 2997, 100 } } },
	{ { 30, 1 }, { { 0, 0 } } },
	{ { 50, 1 }, { { 0, 0 } } },
	{ { 60000, 1001 }, { { 2997, 50 } } },
	{ { 60, 1 }, { { 0, 0 } } },
};

static bool
rate_is(struct rate a, struct rate b)
{
	return a.num == b.num && a.den == b.den;
}

static void
read_rate(struct errs *e, const struct node *m, struct rate *out)
{
	struct rate r;

	if (!conf_rate(e, m, "frame_rate", &r))
		return;
	for (size_t i = 0; i < LENGTH(house_rates); i++)
		if (rate_is(r, house_rates[i].rate) ||
		    rate_is(r, house_rates[i].written[0]) ||
		    rate_is(r, house_rates[i].written[1])) {
			*out = house_rates[i].rate;
			return;
		}
	conf_fault(e, conf_get(m, "frame_rate"), "frame_rate '%.80s' is not "
	    "supported; use 23.976 (24000/1001), 24, 25, 29.97 (30000/1001), "
	    "30, 50, 59.94 (60000/1001) or 60",
	    conf_get(m, "frame_rate")->text);
}

static void
read_video(struct format *f, struct errs *e, const struct node *m)
{
	CONF_KEYS(e, m, "width", "height", "frame_rate", "bitrate");
	read_even(e, m, "width", 160, 3840, &f->width);
	read_even(e, m, "height", 90, 2160, &f->height);
	read_rate(e, m, &f->rate);
	conf_bitrate(e, m, "bitrate", 100 * KBIT, 100 * MBIT,
	    &f->video_bitrate);
}

static void
read_codec(struct format *f, struct errs *e, const struct node *m)
{
	static const enum format_codec codecs[] = {
		FORMAT_AAC, FORMAT_AC3, FORMAT_MP2,
	};
	const char *names[LENGTH(codecs)];
	int i;

	for (size_t k = 0; k < LENGTH(codecs); k++)
		names[k] = format_codec_name(codecs[k]);
	if (!conf_choice(e, m, "codec", names, LENGTH(codecs), &i))
		return;
	f->audio_codec = codecs[i];
	/* ISO/IEC 11172-3: layer II has no more; of another format's 5.1. */
	if (f->audio_codec == FORMAT_MP2 && f->channels > 2)
		f->channels = 2;
}

static void
read_channels(struct format *f, struct errs *e, const struct node *m)
{
	int64_t v;

	if (!conf_int(e, m, "channels", 1, 6, &v))
		return;
	if (v != 1 && v != 2 && v != 6)
		conf_fault(e, conf_get(m, "channels"), "channels must be 1, 2 "
		    "or 6 (5.1), not %d", (int)v);
	else if (f->audio_codec == FORMAT_MP2 && v > 2)
		conf_fault(e, conf_get(m, "channels"), "mp2 has 1 or 2 "
		    "channels, not %d; use ac3 or aac", (int)v);
	else
		f->channels = (int)v;
}

/* Bit rates of sound in kbit/s.  Where `steps` is set a codec has these only,
 * from the first that is >= min; else all from min to max. */
struct bitrates {
	int64_t min, max;
	const int64_t *steps;		/* ends with 0 */
};

/* ISO/IEC 11172-3 2.4.2.3: layer II, what each mode allows. */
static const int64_t mp2_mono[] = {
	32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 0
};
static const int64_t mp2_stereo[] = {
	64, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0
};

/* ETSI TS 102 366 table 4.13. */
static const int64_t ac3_steps[] = {
	32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
	448, 512, 576, 640, 0
};

/* AAC's upper ends are below the 6144 bits that a frame holds per channel;
 * the lower ends of 5.1 are where sound stops being worth six channels. */
static struct bitrates
bitrates_of(const struct format *f)
{
	bool mono = f->channels == 1, surround = f->channels == 6;

	switch (f->audio_codec) {
	case FORMAT_AC3:
		return (struct bitrates){ surround ? 192 : 32, 640, ac3_steps };
	case FORMAT_MP2:
		return mono ? (struct bitrates){ 32, 192, mp2_mono } :
		    (struct bitrates){ 64, 384, mp2_stereo };
	case FORMAT_AAC:
		break;
	}
	return (struct bitrates){
		.min = surround ? 96 : 32,
		.max = mono ? 256 : surround ? 768 : 512,
	};
}

static bool
bitrate_fits(const struct bitrates *b, int64_t bps)
{
	if (bps < b->min * KBIT || bps > b->max * KBIT)
		return false;
	for (size_t i = 0; b->steps != NULL; i++) {
		if (b->steps[i] * KBIT == bps)
			return true;
		if (b->steps[i] == 0)
			return false;
	}
	return true;
}

static void
bitrate_fault(const struct format *f, const struct bitrates *b,
    struct errs *e, const struct node *at)
{
	struct buf list = { 0 };

	if (b->steps == NULL)
		buf_addf(&list, " %dk to %dk,", (int)b->min, (int)b->max);
	for (size_t i = 0; b->steps != NULL && b->steps[i] != 0; i++)
		if (b->steps[i] >= b->min)
			buf_addf(&list, " %dk,", (int)b->steps[i]);
	conf_fault(e, at, "%s with %d channel%s takes a bitrate of%s not "
	    "'%.80s'", format_codec_name(f->audio_codec), f->channels,
	    f->channels == 1 ? "" : "s", buf_str(&list), at->text);
	buf_fini(&list);
}

static void
read_audio_bitrate(struct format *f, struct errs *e, const struct node *m)
{
	struct bitrates b = bitrates_of(f);
	int64_t bps;

	if (!conf_bitrate(e, m, "bitrate", 0, INT64_MAX, &bps))
		return;
	if (bitrate_fits(&b, bps))
		f->audio_bitrate = bps;
	else
		bitrate_fault(f, &b, e, conf_get(m, "bitrate"));
}

/* EBU R 128, ATSC A/85. */
static void
read_loudness(struct format *f, struct errs *e, const struct node *m)
{
	static const char *const names[] = { "-23", "-24", "off" };
	static const int lufs[] = { -23, -24, 0 };
	int i;

	if (conf_choice(e, m, "loudness", names, LENGTH(names), &i))
		f->loudness = lufs[i];
}

static void
read_audio(struct format *f, struct errs *e, const struct node *m)
{
	const struct format was = *f;
	int64_t v;

	CONF_KEYS(e, m, "codec", "sample_rate", "channels", "bitrate",
	    "loudness");
	read_codec(f, e, m);
	if (conf_int(e, m, "sample_rate", 1, 192000, &v) &&
	    v != f->sample_rate)
		conf_fault(e, conf_get(m, "sample_rate"),
		    "sample_rate %d is not supported; use 48000", (int)v);
	read_channels(f, e, m);
	if (f->audio_codec != was.audio_codec || f->channels != was.channels)
		f->audio_bitrate = format_audio_bitrate(f->audio_codec,
		    f->channels);
	read_audio_bitrate(f, e, m);
	read_loudness(f, e, m);
}

static void
read_grid(struct format *f, struct errs *e, const struct node *m)
{
	int64_t v;

	if (!conf_int(e, m, "grid_minutes", 1, 60, &v))
		return;
	if (60 % v != 0)
		conf_fault(e, conf_get(m, "grid_minutes"),
		    "grid_minutes must divide 60; %d does not", (int)v);
	else
		f->grid_minutes = (int)v;
}

void
format_read(struct format *f, const struct node *m, struct errs *e)
{
	CONF_KEYS(e, m, "video", "audio", "grid_minutes");
	read_video(f, e, conf_map(e, m, "video"));
	read_audio(f, e, conf_map(e, m, "audio"));
	read_grid(f, e, m);
}
