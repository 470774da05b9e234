/* argv.h - the ffmpeg command line of a child, as a pure function.
 *
 * A child puts out exactly n1 - n0 pictures in house format and the audio
 * frames [A(n0), A(n1)), whatever its source holds.
 *
 * Time stamps are the asset's own all the way to the cut: which picture is
 * house frame i of the asset depends on i alone, not on where a child began
 * to read.  So what two children play one after the other is what one would
 * have played, to the picture and, where the container tells them apart, to
 * the sample. */

#ifndef AIR_ARGV_H
#define AIR_ARGV_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/format.h"
#include "plan/library.h"

/* ffmpeg's demuxers of files that hold pictures or sound themselves, for
 * -format_whitelist: never one that opens further files (hls, dash, concat,
 * imf, image2) or that takes any text for media. */
extern const char argv_demuxers[];

/* Its decoders of what people have, for -codec_whitelist: not the odd ones,
 * which nobody tries to break but those who want to break in. */
extern const char argv_decoders[];

/* What this ffmpeg can do that not every one can, see media/ffcaps.h, and how
 * hard it shall try.  Zeroed: nothing, and as is usual. */
struct argv_caps {
	bool tonemap;		/* it has zscale and tonemap */
	char *font;		/* it has drawtext: a font's file, or NULL */
	const char *preset;	/* of libx264, borrowed; NULL: veryfast */
	int threads;		/* of the encoder; 0: it decides */
	uint64_t build;		/* tells it from others, of other versions or
				 * with other libraries; 0: unknown */
};

struct argv_child {
	const char *ffmpeg;		/* program */
	const struct argv_caps *caps;	/* NULL: none */
	const struct format *format;
	const struct asset *asset;
	const char *language;	/* wanted, as language.h reads it, or NULL */
	int64_t in;			/* the asset's house frame at n0 */
	int64_t n0, n1;
	bool fade_in, fade_out;		/* 10 ms of sound: the source changes */
	bool dip_in, dip_out;		/* from, to black: half a second of
					 * picture and sound */
	bool tells;			/* which pictures the source had, on
					 * descriptor 3: see argv_told() */
	const char *still;		/* ffmpeg's demuxer of the asset's
					 * format, which is one picture's; or
					 * NULL */
};

/* A NULL-terminated vector; free with argv_free(). */
char **argv_child(const struct argv_child *c);

/* The house frame of the asset that a line from a child's descriptor 3 tells
 * of, -1 where it tells of none.  The last one is the source's last picture,
 * where the child played that far: what comes after it is held. */
int64_t argv_told(const char *line);

/* The same without reordering: what it makes can be cut at any picture. */
char **argv_slate(const struct argv_child *c);

/* Two groups of black pictures without reordering, and silence.  caps may be
 * NULL. */
char **argv_pad(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f);

/* A single black picture as a child makes it, for its parameter sets: without
 * reordering an encoder writes others. */
char **argv_sample(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f);

/* Encoding as a child does, of a made picture and noise that last so many
 * seconds: to see how fast that is.  caps may be NULL. */
char **argv_trial(const char *ffmpeg, const struct argv_caps *caps,
    const struct format *f, int seconds);

void argv_free(char **argv);

/* What of the format and of the encoder decides pad's bytes, as a file
 * name. */
char *argv_pad_name(const struct argv_caps *caps, const struct format *f);

#endif
