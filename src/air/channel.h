/* channel.h - a channel on the air: what to release, whom to start and stop.
 *
 * Pure: it is told what its children sent and what time it is, and answers
 * with bytes for the ring, orders for the process layer and events for the
 * log.  Happy path: cold, it begins a backlog in the past; a child per run
 * of the timeline is ordered before its boundary, read ahead, and released
 * slot by slot as the clock passes.  A run that no child can play is given up:
 * the filler airs in its place, from where the clock has it, to its end or
 * until a child that is tried on it now and then proves good.  Where a child
 * has nothing when a slot is due: it is waited for up to 500 ms, then the slate
 * airs until a key frame of the programme whose time has come. */

#ifndef AIR_CHANNEL_H
#define AIR_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "air/argv.h"
#include "air/override.h"
#include "air/pad.h"
#include "base/buf.h"
#include "plan/timeline.h"
#include "ts/grid.h"
#include "ts/splice.h"

enum channel_order_kind {
	ORDER_SPAWN,		/* start argv as child id, reading its output */
	ORDER_TERM,
	ORDER_KILL,
	ORDER_READ,		/* go on reading its output */
	ORDER_HOLD,		/* stop reading: its pipe fills, it waits */
	ORDER_CLOSE,		/* close its output, report its end */
	ORDER_FORGET,		/* it is gone: id is not used again */
};

struct channel_order {
	enum channel_order_kind kind;
	uint64_t id;
	char **argv;		/* SPAWN: owned by the order */
	bool planned;		/* SPAWN: for a boundary to come, not in place
				 * of another */
};

enum channel_event_kind {
	EVENT_ON_AIR,		/* a segment's first slot was released */
	EVENT_OFF_AIR,		/* its last one was, or the channel stopped */
	EVENT_CHILD_FAILED,	/* text says why */
	EVENT_CHILD_SLOW,	/* it makes less than the clock takes */
	EVENT_PAD,		/* nothing to say: the slate airs instead */
	EVENT_REJOINED,		/* programme again after it */
	EVENT_FILLER,		/* filler stands in for what was planned */
	EVENT_BAD_ASSET,	/* no child can play it: see the text */
};

/* What goes out. */
enum channel_airs {
	AIRS_NOTHING,		/* it is off the air */
	AIRS_PLANNED,
	AIRS_FILLER,		/* in place of what was planned */
	AIRS_SLATE,		/* nothing had come when it was due */
};

/* Where the slots of a segment came from, in pictures. */
struct channel_source {
	int64_t asset;		/* what was planned */
	int64_t pad;		/* what was planned, too: black and silence */
	int64_t filler;		/* it stood in for what was planned */
	int64_t slate;		/* nothing had come when it was due */
};

struct channel_event {
	enum channel_event_kind kind;
	struct segment segment;	/* what the timeline has at that slot; of
				 * OFF_AIR only n0, which names it; of
				 * CHILD_FAILED and BAD_ASSET with that asset,
				 * were it filler */
	struct channel_source from;	/* of OFF_AIR */
	int64_t held;		/* of OFF_AIR: how many of from.asset are the
				 * source's last picture, held for want of
				 * more, as far as is known */
	int64_t slot;		/* of CHILD_FAILED what it was to play is ... */
	int64_t until;		/* ... [slot, until) */
	enum channel_airs airs;	/* of ON_AIR */
	int64_t ahead;		/* it stands for slot + ahead in the plan */
	bool displaced;		/* of OFF_AIR: by a takeover, see text */
	int speed;		/* of CHILD_SLOW: percent of real time */
	int64_t late_ns;	/* release against the slot's air time */
	bool cold;		/* a start is being caught up with: late as
				 * it should be */
	char text[OVERRIDE_WHY];	/* of ON_AIR and OFF_AIR: by whose word,
				 * where an operator had it so */
};

struct channel_mark {
	size_t offset;		/* in out.bytes: a key frame's PAT is there */
	int64_t slot;
	bool first;		/* the channel began, or began anew, with it */
	struct splice splice;	/* to there */
};

/* What one step wants done; channel_out_reset() after it was. */
struct channel_out {
	struct buf bytes;
	struct channel_mark *marks;
	size_t nmarks, cap_marks;
	struct channel_order *orders;
	size_t norders, cap_orders;
	struct channel_event *events;
	size_t nevents, cap_events;
};

void channel_out_reset(struct channel_out *o);
void channel_out_fini(struct channel_out *o);

struct channel;

/* tl and pad are borrowed and outlive the channel; pad may not be NULL. */
struct channel *channel_new(struct timeline *tl, const struct pad *pad,
    const char *ffmpeg, const char *station);

/* What airs in place of what was planned and has not come; borrowed.  NULL,
 * as at first: pad. */
void channel_set_slate(struct channel *c, const struct pad *slate);

/* An operator may have mended something: what has failed before is tried as if
 * it had not. */
void channel_forgive(struct channel *c);

/* What it airs is of the past: a stream to watch, not to set a clock by. */
void channel_set_past(struct channel *c);

/* What its ffmpeg can do, for the children to come; borrowed.  Nothing
 * special where nobody said so. */
void channel_set_caps(struct channel *c, const struct argv_caps *caps);

/* Only when no child is left: see channel_idle(). */
void channel_free(struct channel *c);

/* Go on the air backlog_ns in the past; off the air, ending all children. */
void channel_start(struct channel *c, int64_t now, int64_t backlog_ns);
void channel_stop(struct channel *c, int64_t now, struct channel_out *o);

/* Go on the air from exactly that slot on, which is not later than now. */
void channel_start_at(struct channel *c, int64_t now, int64_t slot);

/* The clock has stepped by that (ns), to now: what the operator has put above
 * the timeline goes with it, see overrides_shift().  Before anything else is
 * done at that now. */
void channel_shift(struct channel *c, int64_t by, int64_t now);

/* The clock has stepped: begin again at the new now. */
void channel_rejoin(struct channel *c, int64_t now, struct channel_out *o);

/* The schedule has been read anew: tl and pad (borrowed, of the same house
 * format) take the old ones' places.  Children that play what the timeline
 * has too are not disturbed. */
void channel_set_timeline(struct channel *c, struct timeline *tl,
    const struct pad *pad, int64_t now, struct channel_out *o);

/* End all children and start new ones at exactly the next frame out of the
 * read-ahead, which still airs. */
void channel_restart(struct channel *c, int64_t now, struct channel_out *o);

/* The operator has something else air in place of what is planned, from the
 * next frame or the first at which that can be joined without a fault, in
 * place of what was above the timeline before.  o->n0 and o->origin may be
 * SLOT_NONE: then they are where it begins, which is returned.  The asset is
 * taken. */
int64_t channel_take_over(struct channel *c, const struct override *o,
    int64_t now, struct channel_out *out);

/* What is planned airs again, just as soon.  False if there was nothing that
 * airs in its place.  why: who did it. */
bool channel_release(struct channel *c, const char *why, int64_t now,
    struct channel_out *out);

/* Leave the segment on the air for the next one; the plan goes on as it was
 * where the block ends.  NULL, or why not (static). */
const char *channel_skip(struct channel *c, const char *why, int64_t now,
    struct channel_out *out);

/* True if something airs in place of what is planned, or is about to. */
bool channel_is_overridden(const struct channel *c, int64_t now);

/* What is to air in slot n. */
struct sight channel_at(struct channel *c, int64_t n);

/* A child that was ordered has only now been started: its time begins here,
 * and a cold channel waits for it as much longer. */
void channel_on_started(struct channel *c, uint64_t id, int64_t now);

/* A child has said that its asset's house frame n comes from its source; said
 * before it is sent. */
void channel_on_told(struct channel *c, uint64_t id, int64_t n);

enum channel_end {
	END_WELL,		/* it says that all is done */
	END_BADLY,		/* it says that it cannot go on */
	END_KILLED,		/* by a signal */
	END_OUTSIDE,		/* it never began, or the system failed it:
				 * that says nothing of what it was to play */
};

/* What a child did.  why: a sentence, borrowed; NULL where all is well. */
void channel_on_bytes(struct channel *c, uint64_t id, const uint8_t *data,
    size_t len, int64_t now);
void channel_on_eof(struct channel *c, uint64_t id, int64_t now);
void channel_on_exit(struct channel *c, uint64_t id, enum channel_end end,
    const char *why, int64_t now);

/* Do all that is due at now; returns when to be called next (at the latest;
 * calling after any event is right). */
int64_t channel_step(struct channel *c, int64_t now, struct channel_out *o);

/* For who watches over it. */
struct channel_counts {
	struct channel_source from;	/* of the segment on the air so far */
	uint64_t late;		/* pictures, ever, that left more than a
				 * picture late */
	int speed;		/* of the child measured last, in percent of
				 * real time; 0: none yet */
};
struct channel_counts channel_counts(const struct channel *c);

bool channel_on_air(const struct channel *c);
enum channel_airs channel_airs(const struct channel *c);
const char *channel_airs_name(enum channel_airs a);	/* "slate" */
bool channel_idle(const struct channel *c);	/* no child is left */
int64_t channel_slot(const struct channel *c);	/* the next to be released */

/* How it goes, for people. */
struct channel_state {
	bool slate;		/* it airs for want of anything */
	bool filler;		/* it stands in for what was planned */
	size_t children;
};
struct channel_state channel_state(const struct channel *c);

#endif
