/* timeline.h - a channel's whole line of time: which segment has frame n, for
 * any n past or future.  Days are planned when asked for and a few are kept.
 *
 * For a day far from those it has been asked for so far years may have to be
 * played through.  Who cannot wait for that has it settled before.
 *
 * Pointers to segments and programmes hold until the second next call with
 * a frame of another day: copy what must last. */

#ifndef PLAN_TIMELINE_H
#define PLAN_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/plan.h"

struct timeline;

/* ch, l and z are borrowed and must outlive the timeline.  since: the first
 * day whose choices count (days since 1970-01-01); days before it are
 * planned with the cursors' first position. */
struct timeline *timeline_new(const struct chan *ch, const struct library *l,
    const struct tz *z, int64_t since);
void timeline_free(struct timeline *t);

/* Append the cursors at the begin of a day: what the day before hands to it,
 * see cursors_print(). */
void timeline_cursors(struct timeline *t, int64_t date, struct buf *out);

/* From that day on the choices go on from the cursors in text, whatever was
 * before it; called again for the day after it these go on for one day only,
 * and so on.  Up to the first day whose choices count there is nothing to go
 * on from: text is not used.  Before anything else is asked of t.  False, and
 * nothing has changed, where text is no cursors. */
bool timeline_resume(struct timeline *t, int64_t date, const char *text);

/* Whoever asks t from now on cannot wait: of days more than a few from those
 * that it has been asked for by now, or since, it knows nothing, and has pad
 * for them.  Those that it is asked for meanwhile count, so that it goes on
 * with the clock. */
void timeline_settle(struct timeline *t);

/* False where t has that pad at frame n. */
bool timeline_knows(struct timeline *t, int64_t n);

/* The first frame of a broadcast day. */
int64_t timeline_day(const struct timeline *t, int64_t date);

/* That day as t plans it, whatever is kept; day_free() it or hand it to
 * timeline_put(), of t or of another timeline of the same chan and library:
 * planned elsewhere, it need not be planned here.  What t has already stays,
 * were it pad: nothing that is on the air may change without notice. */
struct day *timeline_plan(struct timeline *t, int64_t date);
void timeline_put(struct timeline *t, struct day *d);

/* Where what is on at frame n ends as a whole: the programme with its
 * breaks, else the segment. */
int64_t timeline_item_end(struct timeline *t, int64_t n);

/* What old has in [n0, n1) stands in t too, whatever t would have planned, and
 * then what t keeps already; old may go afterwards.  False where t has just
 * that by itself. */
bool timeline_keep(struct timeline *t, struct timeline *old, int64_t n0,
    int64_t n1);

/* The same of what a stored log has, in the form of a day; it has all of
 * [n0, n1). */
bool timeline_keep_day(struct timeline *t, const struct day *d, int64_t n0,
    int64_t n1);

/* Nothing is kept any more: from now on t airs what it plans. */
void timeline_let_go(struct timeline *t);

/* The first frame after what was kept; 0 if nothing was. */
int64_t timeline_kept_until(const struct timeline *t);

/* The segment on air at frame n >= 0; never NULL. */
const struct segment *timeline_at(struct timeline *t, int64_t n);

/* The programme a segment belongs to, NULL when off air. */
const struct programme *timeline_programme(struct timeline *t,
    const struct segment *s);

/* The first programme that begins at or after frame n, on its day or on the
 * next one, or NULL. */
const struct programme *timeline_next(struct timeline *t, int64_t n);

/* How often what is on has changed up to frame n, and with it: whoever plans
 * the same counts the same. */
uint64_t timeline_changes(struct timeline *t, int64_t n);

/* What one child plays from frame n on: the longest run [n0, n1) of segments
 * around n in which the same asset simply runs on (across marker rows and
 * midnight), and its in-point at n0.  For pad: the longest run of pad within
 * the day.  Begins at most about two days before n and ends at most max frames
 * after it. */
struct run {
	int64_t n0, n1;
	const struct asset *asset;	/* NULL: pad */
	int64_t in;			/* the asset's house frame at n0 */
	bool fade_in, fade_out;		/* at n0, at n1: as a segment's */
};
struct run timeline_run(struct timeline *t, int64_t n, int64_t max);

/* What the channel's filler has at frame n, by the clock, whatever is planned
 * there: all of that piece of it.  No asset: there is no filler. */
struct run timeline_filler(const struct timeline *t, int64_t n);

/* Warn of what will show on the air: see selection_check(). */
void timeline_check(const struct timeline *t, bool whole, struct errs *e);

/* What its blocks may choose. */
const struct selection *timeline_selection(const struct timeline *t);

const struct chan *timeline_chan(const struct timeline *t);
const struct tz *timeline_zone(const struct timeline *t);

#endif
