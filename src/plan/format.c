#include "plan/format.h"

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
