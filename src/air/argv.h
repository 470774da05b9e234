/* argv.h - the ffmpeg command line of a child, as a pure function.
 *
 * A child puts out exactly n1 - n0 pictures in house format and the audio
 * frames [A(n0), A(n1)), whatever its source holds. */

#ifndef AIR_ARGV_H
#define AIR_ARGV_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/format.h"
#include "plan/library.h"

struct argv_child {
	const char *ffmpeg;		/* program */
	const struct format *format;
	const struct asset *asset;
	int64_t in;			/* the asset's house frame at n0 */
	int64_t n0, n1;
	bool fade_in, fade_out;		/* 10 ms of sound: the source changes */
};

/* A NULL-terminated vector; free with argv_free(). */
char **argv_child(const struct argv_child *c);

/* Two groups of black pictures without reordering, and silence. */
char **argv_pad(const char *ffmpeg, const struct format *f);

void argv_free(char **argv);

/* What of the format decides pad's bytes, as a file name. */
char *argv_pad_name(const struct format *f);

#endif
