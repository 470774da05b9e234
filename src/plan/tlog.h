/* tlog.h - a day's transmission log as it was stored: what was to air, and
 * the cursors at the day's end, from which the next day goes on.
 *
 * A stored log comes from a disk: nothing in it is believed before
 * tlog_check() has found it whole.  Its assets are names only, until
 * tlog_bind() finds them in a library. */

#ifndef PLAN_TLOG_H
#define PLAN_TLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rate.h"
#include "plan/library.h"
#include "plan/plan.h"

struct tlog {
	struct rate rate;
	struct day *day;		/* of the assets and titles below */
	struct buf cursors;		/* see cursors_print() */
	struct asset **assets;		/* by path; no more than a name */
	size_t nassets, cap_assets;
	struct texts texts;		/* of programmes */
	size_t cap_segments, cap_programmes;
};

/* One without a row. */
struct tlog *tlog_new(int64_t date);
void tlog_free(struct tlog *t);

/* What a row says, all borrowed and copied. */
struct tlog_row {
	int64_t n0, n1, in;
	enum segment_kind kind;
	const char *asset, *title;	/* NULL: none */
	bool fade_in, fade_out;
	bool off_air;			/* no programme, else: */
	int64_t p0, p1;
	const char *p_title, *p_asset;
	/* And, in the first row of a programme, what the guide has of it: */
	const char *p_subtitle, *p_description, *rerun_channel;
	int rerun_hours;
	bool several, first_run;
};

/* Add a row behind the others. */
void tlog_add(struct tlog *t, const struct tlog_row *r);

/* NULL if the log is whole: its segments tile its day, which is no longer
 * than a day can be, and each is what a plan can have.  Else why not, a
 * static text. */
const char *tlog_check(const struct tlog *t);

/* Have the library's assets in place of names; what is not in it any more
 * stays a name, for a child to fail at. */
void tlog_bind(struct tlog *t, const struct library *l);

/* The days of logs that follow one another as one; assets and titles are
 * borrowed of them, free with day_free().  Ends where one does not begin at
 * the frame at which the one before it ends.  n > 0. */
struct day *tlog_join(struct tlog *const *logs, size_t n);

/* Until when what is on at frame n stands, whatever is planned anew at frame
 * `now`, as kept_until() has it, but never after the day; n where
 * the day ends before it. */
int64_t tlog_kept_until(const struct day *d, int64_t now, int64_t n);

/* Append a day as the log that people read: a head, and a line for each
 * segment that has a frame in [n0, n1). */
void tlog_add_text(struct buf *out, const struct chan *ch,
    const struct tz *z, const struct day *d, int64_t n0, int64_t n1);

#endif
