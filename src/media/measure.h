/* measure.h - how loud files are and where they are quiet.
 *
 * Each file is decoded once, whole, by an ffmpeg with the lowest priority
 * there is; what it says is kept in the database with the file's other
 * answers.  That takes hours for a large library, so nothing waits for it:
 * the next scan finds what is known by then.  Blocks; never on the loop. */

#ifndef MEDIA_MEASURE_H
#define MEDIA_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "air/shim.h"
#include "base/err.h"
#include "plan/library.h"

/* Take loudness and lulls from what ffmpeg's filters ebur128, silencedetect
 * and blackdetect have written about a, whose duration is known.  Any
 * bytes. */
void measure_parse(const char *text, struct asset *a);

/* Measure a, which has been probed, with an ffmpeg started through shim, where
 * that is not NULL: loudness as it is when mixed to two
 * channels; lulls only of an episode or a film.  True if that is the file's
 * own answer; false if it could not be asked, the system lacked something
 * meanwhile, or *stop (may be NULL) became non-zero. */
bool measure_file(const char *ffmpeg, const struct shim *shim,
    const volatile int *stop, struct asset *a);

struct measure_options {
	const char *ffmpeg;		/* program name or path */
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;
	int jobs;			/* at a time, at least 1 */
	int slice_ms;			/* begins no file after so long */
	/* Called on any thread, one at a time, after each file. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx;
	const volatile int *stop;	/* may be NULL */
};

/* Measure what the database knows and nobody has measured, the shortest
 * first.  Returns how many have been; what is wrong with the database is a
 * warning in e. */
size_t measure_all(const struct measure_options *o, struct errs *e);

#endif
