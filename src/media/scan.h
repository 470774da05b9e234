/* scan.h - what there is: the station's libraries, walked and probed into a
 * snapshot for the planner.
 *
 * Blocks on disks and on ffprobe: never call it on the loop, nor on its
 * thread pool.  A disk that does not answer costs what is on it, not the
 * scan.  Of many new files each library's next one has its turn, so that a
 * large library keeps no small one waiting.  Files are probed once and kept
 * in the state directory by path, size and mtime (db.h), so a second scan of
 * an unchanged library starts no ffprobe; one that is stopped keeps what it
 * has. */

#ifndef MEDIA_SCAN_H
#define MEDIA_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "air/shim.h"
#include "base/err.h"
#include "media/chapters.h"
#include "plan/library.h"
#include "plan/station.h"

/* How a scan differs from the one before. */
struct scan_counts {
	size_t assets, bad;	/* all of them; those that cannot air */
	size_t fresh, changed, gone;
	bool whole;		/* every directory was read */
	bool kept;		/* what was found out is on disk */
	size_t unasked;		/* of the bad ones: for want of descriptors,
				 * memory or processes */
};

struct scan_options {
	const char *ffprobe;		/* program name or path */
	const struct shim *shim;	/* NULL: none */
	int jobs;			/* probes at a time, at least 1 */
	const char *const *extra;	/* more files to probe: fillers */
	size_t nextra;
	size_t bad_max;			/* warnings of so many bad files, and
					 * one of the others; 0: of all */
	/* Called on the scanning thread now and then, and at the end. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx;
	/* Set non-zero by another thread to give up soon; may be NULL. */
	const volatile int *stop;
	struct scan_counts *counts;	/* filled in; may be NULL */
	/* What is known so far, which is the callee's: called on the scanning
	 * thread once all that was known before is in it and patience_ms have
	 * passed, and again after as many ms as it returns; not at the end.
	 * NULL: never. */
	int (*so_far)(void *ctx, struct library *l);
	void *so_far_ctx;
	int patience_ms;
};

/* The library of st.  Files that cannot air are in it with asset.bad set and
 * a warning in e, as far as bad_max lets them; a faulty sidecar is a fault in e
 * and makes its asset bad.  Never NULL: what cannot be read is reported and
 * left out. */
struct library *scan_library(const struct station *st,
    const struct scan_options *o, struct errs *e);

/* What a file's markers are: those of its sidecar, where there is one with
 * markers, else its chapters.  a is as the probe left it and not bad.  0, or
 * -1 where the sidecar is faulty, with the faults in e. */
int scan_apply_markers(struct asset *a, const struct chapters *c,
    struct errs *e);

/* node_read_fn that reads a file from disk, at most 16 MiB + 1; sets errno
 * where it fails. */
int scan_read_file(void *ctx, const char *path, struct buf *out,
    const char **why);

#endif
