/* channel.h - a channel on the air: what to release, whom to start and stop.
 *
 * Pure: it is told what its children sent and what time it is, and answers
 * with bytes for the ring, orders for the process layer and events for the
 * log.  Happy path: cold, it begins a backlog in the past; a child per run
 * of the timeline is ordered before its boundary, read ahead, and released
 * slot by slot as the clock passes.  Where a child has nothing when a slot is
 * due: it is waited for up to 500 ms, then pad airs until a key frame of the
 * programme whose time has come. */

#ifndef AIR_CHANNEL_H
#define AIR_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "air/argv.h"
#include "air/pad.h"
#include "base/buf.h"
#include "plan/timeline.h"
#include "ts/grid.h"

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
};

enum channel_event_kind {
	EVENT_ON_AIR,		/* a segment's first slot was released */
	EVENT_OFF_AIR,		/* its last one was, or the channel stopped */
	EVENT_CHILD_FAILED,	/* text says why */
	EVENT_PAD,		/* nothing to say: pad airs instead */
	EVENT_REJOINED,		/* programme again after such pad */
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
				 * OFF_AIR only n0, which names it */
	struct channel_source from;	/* of OFF_AIR */
	int64_t held;		/* of OFF_AIR: pictures at its end held, for
				 * want of more */
	int64_t slot;
	int64_t late_ns;	/* release against the slot's air time */
	char text[160];
};

struct channel_mark {
	size_t offset;		/* in out.bytes: a key frame's PAT is there */
	int64_t slot;
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

/* What its ffmpeg can do, for the children to come; borrowed.  Nothing
 * special where nobody said so. */
void channel_set_caps(struct channel *c, const struct argv_caps *caps);

/* Only when no child is left: see channel_idle(). */
void channel_free(struct channel *c);

/* Go on the air backlog_ns in the past; off the air, ending all children. */
void channel_start(struct channel *c, int64_t now, int64_t backlog_ns);
void channel_stop(struct channel *c, int64_t now, struct channel_out *o);

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

/* What a child did.  status: 0 ended well, else why not (borrowed). */
void channel_on_bytes(struct channel *c, uint64_t id, const uint8_t *data,
    size_t len, int64_t now);
void channel_on_eof(struct channel *c, uint64_t id, int64_t now);
void channel_on_exit(struct channel *c, uint64_t id, const char *why,
    int64_t now);

/* Do all that is due at now; returns when to be called next (at the latest;
 * calling after any event is right). */
int64_t channel_step(struct channel *c, int64_t now, struct channel_out *o);

bool channel_on_air(const struct channel *c);
bool channel_idle(const struct channel *c);	/* no child is left */
int64_t channel_slot(const struct channel *c);	/* the next to be released */

#endif
