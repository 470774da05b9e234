#include "plan/format.h"

#define KBIT	INT64_C(1000)

static const struct {
	const char *name;
	int samples, priming;
	int64_t mono, stereo, surround;	/* bit rates, kbit/s */
} codecs[] = {
	[FORMAT_AAC] = { "aac", 1024, 1024, 96, 192, 384 },
	[FORMAT_AC3] = { "ac3", 1536, 256, 96, 192, 448 },
	[FORMAT_MP2] = { "mp2", 1152, 481, 96, 192, 0 },
};

int
format_samples(enum format_codec c)
{
	return codecs[c].samples;
}

int
format_priming(enum format_codec c)
{
	return codecs[c].priming;
}

const char *
format_codec_name(enum format_codec c)
{
	return codecs[c].name;
}

int64_t
format_audio_bitrate(enum format_codec c, int channels)
{
	return KBIT * (channels == 1 ? codecs[c].mono :
	    channels == 2 ? codecs[c].stereo : codecs[c].surround);
}

struct format
format_default(void)
{
	return (struct format){
		.width = 1280,
		.height = 720,
		.rate = { .num = 30000, .den = 1001 },
		.video_bitrate = 3000000,
		.audio_codec = FORMAT_AAC,
		.sample_rate = 48000,
		.channels = 2,
		.audio_bitrate = 192000,
		.loudness = -23,
		.grid_minutes = 30,
	};
}

bool
format_equal(const struct format *a, const struct format *b)
{
	return a->width == b->width && a->height == b->height &&
	    a->rate.num == b->rate.num && a->rate.den == b->rate.den &&
	    a->video_bitrate == b->video_bitrate &&
	    a->audio_codec == b->audio_codec &&
	    a->sample_rate == b->sample_rate && a->channels == b->channels &&
	    a->audio_bitrate == b->audio_bitrate &&
	    a->grid_minutes == b->grid_minutes;
}
