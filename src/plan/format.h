/* format.h - a house format as the schedule language states it: what every
 * picture and sound of a channel is turned into. */

#ifndef PLAN_FORMAT_H
#define PLAN_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

enum format_codec {
	FORMAT_AAC,
	FORMAT_AC3,
	FORMAT_MP2,
};

struct format {
	int width;		/* even, 160..3840 */
	int height;		/* even, 90..2160 */
	struct rate rate;	/* one of the eight that television knows */
	int64_t video_bitrate;	/* bit/s */
	enum format_codec audio_codec;
	int sample_rate;	/* Hz, 48000 */
	int channels;		/* 1, 2, 6 (5.1) */
	int64_t audio_bitrate;	/* bit/s */
	int loudness;		/* LUFS that sound is brought to; 0: as it
				 * is */
	int grid_minutes;	/* programmes start on multiples of it */
};

/* 1280x720, 30000/1001, 3 Mbit/s; AAC 48 kHz stereo 192 kbit/s; 30 min. */
struct format format_default(void);

/* Samples per audio frame (AAC 1024, AC-3 1536, MP2 1152), and how many of
 * silence ffmpeg's encoder puts before the first one (measured: 1024, 256,
 * 481). */
int format_samples(enum format_codec c);
int format_priming(enum format_codec c);

/* "aac", "ac3", "mp2": the names of ffmpeg's encoders too. */
const char *format_codec_name(enum format_codec c);

/* The bit rate of sound where none is asked for, in bit/s. */
int64_t format_audio_bitrate(enum format_codec c, int channels);

/* True where the stream is the same: all but the loudness. */
bool format_equal(const struct format *a, const struct format *b);

#endif
