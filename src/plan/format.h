/* format.h - a house format as the schedule language states it: what every
 * picture and sound of a channel is turned into. */

#ifndef PLAN_FORMAT_H
#define PLAN_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

enum format_codec {
	FORMAT_AAC,
};

struct format {
	int width;		/* even, 160..3840 */
	int height;		/* even, 90..2160 */
	struct rate rate;
	int64_t video_bitrate;	/* bit/s */
	enum format_codec audio_codec;
	int sample_rate;	/* Hz, 48000 */
	int channels;		/* 1, 2 */
	int64_t audio_bitrate;	/* bit/s */
	int grid_minutes;	/* programmes start on multiples of it */
};

/* 1280x720, 30000/1001, 3 Mbit/s; AAC 48 kHz stereo 192 kbit/s; 30 min. */
struct format format_default(void);

bool format_equal(const struct format *a, const struct format *b);

#endif
