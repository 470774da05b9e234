/* edition.h - everything that a running station works from: configuration,
 * library, time zones, pads and timelines.
 *
 * Made as a whole away from the loop, which takes it as a whole: a reload is
 * the next edition.  Where reading takes long there are early editions before
 * it, of what is known by then.  Blocks on disks and on ffmpeg. */

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

/* Whether a channel can air yet. */
enum edition_wait {
	EDITION_GOES,
	EDITION_WAITS_LIBRARY,		/* nothing of its own is known */
	EDITION_WAITS_PAD,		/* which is being encoded */
};

/* What is owned goes with edition_free(). */
struct edition {
	struct edition_shared *shared;	/* by those of one reading; its: */
	struct config *cfg;
	bool early;			/* there is more to come */
	bool unasked;			/* nobody has mended anything */
	int64_t now_ns;			/* house clock: planned for then */
	struct library *library;	/* owned */
	struct scan_counts counts;	/* how it differs from what was known */
	size_t faults;			/* of the plan; see strict below */
	struct argv_caps caps;		/* of ffmpeg; shared */
	/* By channel, in the order of cfg->chans: */
	struct tz **zones;		/* owned */
	struct pad **pads;		/* shared; NULL: it is not there */
	struct pad **slates;		/* shared; NULL: pad stands in */
	struct timeline **timelines;	/* owned */
	enum edition_wait *waits;	/* owned; only in early ones */
	int refs;		/* beside the first; atomic */
};

struct edition_options {
	const char *ffmpeg, *ffprobe;
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;
	/* Shared, atomic, as the clock may be set meanwhile: what is planned
	 * first, by the house clock; and that what is stored of then stands, as
	 * no edition on the air was made for about then. */
	const int64_t *now_ns;
	const bool *resume;
	bool strict;			/* what the plan lacks is a fault, if
					 * the library is whole; see
					 * selection_check() */
	void (*progress)(void *ctx, size_t done, size_t total);
	/* Called with an early edition, which is the callee's; first when the
	 * station's patience is at an end, then where a channel need not wait
	 * any longer, twice as much is known or the clock was set, but not all
	 * the time.  NULL: never. */
	void (*early)(void *ctx, struct edition *ed);
	void *ctx;
	const volatile int *stop;	/* non-zero: give up; may be NULL */
};

/* Takes cfg over.  What is wrong with files goes to e; NULL only where *stop
 * was set.  Early editions are called for on the caller's thread. */
struct edition *edition_new(struct config *cfg,
    const struct edition_options *o, struct errs *e);

/* One more that frees it; the last one does. */
struct edition *edition_ref(struct edition *ed);
void edition_free(struct edition *ed);

#endif
