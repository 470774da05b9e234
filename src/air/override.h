/* override.h - what the operator has put above a channel's timeline: a
 * takeover by a file or the slate, or a skip.
 *
 * The plan is not changed by it: the channel looks at the timeline through
 * these.  A file is looped from where its takeover began on; a skip airs what
 * is planned so many frames ahead of its time, then filler by the clock, up to
 * where the plan goes on as it was.  Later overrides take the place of earlier
 * ones. */

#ifndef AIR_OVERRIDE_H
#define AIR_OVERRIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/timeline.h"

#define SLOT_NONE	INT64_MIN		/* no slot of any channel */
#define OVERRIDE_EVER	(INT64_MAX / 4)	/* until somebody ends it */
#define OVERRIDE_WHY	160		/* bytes */

enum override_kind {
	OVERRIDE_FILE,
	OVERRIDE_SLATE,
	OVERRIDE_SKIP,
};

struct override {
	enum override_kind kind;
	int64_t n0, n1;		/* slots [n0, n1) */
	int64_t origin;		/* FILE, SLATE: where the first turn began */
	int64_t span;		/* the same: n1 is so much later, where it is
				 * not 0 */
	struct asset *asset;	/* FILE: owned */
	int64_t frames;		/* FILE: of one turn; SLATE: of one row in the
				 * as-run log */
	int64_t ahead;		/* SKIP: so many frames, ... */
	int64_t rest;		/* ... and from this slot on filler */
	char why[OVERRIDE_WHY];	/* "takeover by uid 0" */
	char end[OVERRIDE_WHY];	/* why it ended early, or "" */
};

/* By slots, without overlap; zeroed, there is none. */
struct overrides {
	struct override *v;
	size_t n, cap;
};

/* What airs in a slot.  The segment is what it is in the plan: the slot stands
 * for slot + ahead there. */
struct sight {
	struct segment segment;
	int64_t ahead;
	const struct override *by;	/* NULL: it is as planned */
};

/* Put one above all others from o->n0 on; takes its asset. */
void overrides_put(struct overrides *s, const struct override *o);

/* None from slot n on, whatever was to come; why: who did it. */
void overrides_end(struct overrides *s, int64_t n, const char *why);

/* The clock has stepped by so many frames, to slot n.  A takeover goes by time
 * that passes: it is on, or was, as long before n as it was before the step,
 * and ends as long after it.  A skip is of the plan and stays where it is; the
 * clock before it, or a takeover beside it, it is forgotten. */
void overrides_shift(struct overrides *s, int64_t by, int64_t n);

/* Those that end at or before slot n are forgotten: it has aired. */
void overrides_prune(struct overrides *s, int64_t n);
void overrides_fini(struct overrides *s);

/* The one that has slot n, or NULL. */
const struct override *overrides_find(const struct overrides *s, int64_t n);

/* As timeline_at() and timeline_run(), seen through s. */
struct sight overrides_at(const struct overrides *s, struct timeline *t,
    int64_t n);
struct run overrides_run(const struct overrides *s, struct timeline *t,
    int64_t n, int64_t max);

#endif
