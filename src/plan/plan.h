/* plan.h - one broadcast day of one channel, as a pure function.
 *
 * plan(channel, library, cursors, date) returns the day's segments and the
 * next day's cursors: same input, same output, byte for byte, anywhere.
 *
 * A day's segments tile its frames: segment i + 1 begins where i ends, the
 * first begins at the day's first frame and the last ends at its end, which
 * is the next day's first frame. */

#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tz.h"
#include "plan/chan.h"
#include "plan/cursors.h"
#include "plan/library.h"

#define SEGMENT_KINDS(X)						\
	X(programme)	/* part of what the guide shows */		\
	X(intro) X(outro) X(ident)	/* marked parts of a programme */\
	X(spot)		/* a commercial, promo, trailer ... in a break */\
	X(bumper) X(station_id)						\
	X(sign_off)	/* before the channel goes off the air */	\
	X(filler)							\
	X(pad)		/* black and silence: no asset */		\
	X(takeover)	/* by the operator: in no plan */

enum segment_kind {
#define X(name) SEGMENT_##name,
	SEGMENT_KINDS(X)
#undef X
	SEGMENT_NKINDS
};

const char *segment_kind_name(enum segment_kind k);

struct segment {
	int64_t n0, n1;			/* frames [n0, n1) of the channel */
	enum segment_kind kind;
	const struct asset *asset;	/* borrowed of the library; NULL: pad */
	int64_t in;			/* the asset's house frame at n0 */
	size_t programme;		/* index into day.programmes, or
					 * DAY_OFF_AIR */
	bool fade_in, fade_out;		/* half a second of picture and sound
					 * from or to black and silence: a
					 * break cuts into running content */
};

#define DAY_OFF_AIR	SIZE_MAX	/* between programmes */

/* True of what only fills time between programmes, which a new plan may cut
 * short: nobody was promised any of it, and it may last for a day. */
static inline bool
segment_is_idle(const struct segment *s)
{
	return s->programme == DAY_OFF_AIR &&
	    (s->kind == SEGMENT_pad || s->kind == SEGMENT_filler);
}

/* What the guide shows: programme and breaks together, all that airs in one
 * slot.  One that crosses
 * the start of a day is in both days, each time from its begin to its end:
 * only the first of a day may begin before it. */
struct programme {
	int64_t n0, n1;
	/* All texts are borrowed of the asset or the channel; NULL: there is
	 * none.  What else is known of it is in asset->about, but where it
	 * airs several. */
	const char *title;		/* the entry's, else its series', else
					 * the asset's; never NULL */
	const char *subtitle;		/* the asset's own where another
					 * stands above it */
	const char *description;	/* the entry's, else the asset's plot */
	bool several;			/* assets, not one */
	bool first_run;
	const char *rerun_channel;	/* a slug; NULL: no rerun */
	int rerun_hours;		/* ago */
	const struct asset *asset;	/* of several the first */
	const struct block *block;	/* whose it is, borrowed of the
					 * channel; NULL: not known any more */
};

struct day {
	int64_t date;			/* days since 1970-01-01, local */
	int64_t n0, n1;			/* first frame, first of the next day */
	bool unknown;			/* pad in place of what nobody has
					 * planned: see timeline_settle() */
	struct segment *segments;
	size_t nsegments;
	struct programme *programmes;
	size_t nprogrammes;
};

/* Which programmes a block may choose: computed once per channel and
 * library, because it does not depend on the day.  It remembers the last
 * shuffled order, which shows in no answer but in their time: one thread at
 * a time may plan with it. */
struct selection;
struct selection *selection_new(const struct chan *ch,
    const struct library *l);
void selection_free(struct selection *s);

/* Warn of what will show on the air: pools without an asset, entries that
 * nothing fits into, filler that cannot air, markers closer than half a
 * second.  A block whose pools are all empty is a fault where the library is
 * whole, a warning where there may be more to come. */
void selection_check(const struct selection *s, bool whole, struct errs *e);

/* Plan the broadcast day `date`, moving *cur to the next day's.  z is the
 * channel's zone; ch, sel's library and z outlive the day. */
struct day *plan_day(const struct chan *ch, const struct selection *sel,
    const struct tz *z, struct cursors *cur, int64_t date);

/* Only move the cursors over that day, as plan_day() does. */
void plan_skip_day(const struct chan *ch, const struct selection *sel,
    const struct tz *z, struct cursors *cur, int64_t date);

/* Free with day_free(); what the day points to is shared. */
struct day *day_copy(const struct day *d);
void day_free(struct day *d);

/* The broadcast day that instant t (UTC seconds) belongs to, and its first
 * instant. */
int64_t day_of(const struct chan *ch, const struct tz *z, int64_t t);
int64_t day_begin(const struct chan *ch, const struct tz *z, int64_t date);

#endif
