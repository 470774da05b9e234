/* edition.h - everything that a running station works from: configuration,
 * library, time zones, pads and timelines.
 *
 * Made as a whole away from the loop, which takes it as a whole: a reload is
 * the next edition.  Blocks on disks and on ffmpeg. */

#ifndef MEDIA_EDITION_H
#define MEDIA_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "air/argv.h"
#include "air/pad.h"
#include "base/err.h"
#include "base/tz.h"
#include "media/config.h"
#include "media/scan.h"
#include "plan/library.h"
#include "plan/timeline.h"

struct edition {
	struct config *cfg;		/* owned, like all here */
	struct library *library;
	struct scan_counts counts;	/* how it differs from what was known */
	struct argv_caps caps;		/* of ffmpeg */
	/* By channel, in the order of cfg->chans: */
	struct tz **zones;
	struct pad **pads;		/* NULL: could not be made; channels
					 * of one house format share theirs */
	struct timeline **timelines;
};

struct edition_options {
	const char *ffmpeg, *ffprobe;
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;
	int64_t now_ns;			/* house clock: planned first */
	bool resume;			/* nothing is on the air yet: what is
					 * stored of now stands */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx;
	const volatile int *stop;	/* non-zero: give up; may be NULL */
};

/* Takes cfg over.  What is wrong with files goes to e; NULL only where *stop
 * was set. */
struct edition *edition_new(struct config *cfg,
    const struct edition_options *o, struct errs *e);
void edition_free(struct edition *ed);

#endif
