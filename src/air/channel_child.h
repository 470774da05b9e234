/* channel_child.h - a channel's children, private to air/channel*.c. */

#ifndef AIR_CHANNEL_CHILD_H
#define AIR_CHANNEL_CHILD_H

#include "air/channel.h"
#include "air/child.h"
#include "air/noc.h"
#include "air/override.h"
#include "air/preroll.h"
#include "air/retry.h"
#include "ts/join.h"
#include "ts/mux.h"

#define KIDS_MAX	12	/* alive */
#define STUCK_MAX	16	/* killed, and not gone yet */

struct kid {
	uint64_t id;
	struct child child;
	struct join *join;
	int64_t n0, n1;		/* slots it was ordered for */
	bool filler;		/* in place of a run that was given up */
	bool trial;		/* of a run that was given up: filler airs
				 * until it has proved itself */
	int64_t run;		/* the run's name, see kids_run_name() */
	int64_t retry;		/* its own in struct retry */
	char *path;		/* of what it plays, from house frame `in` on */
	int64_t in;
	size_t kind;		/* of source, for the preroll */
	int64_t spawned_ns;	/* or ordered */
	bool held;		/* its output is not being read */
	bool late;		/* the slate airs in its place ... */
	int64_t late_since;	/* ... since then */
	int64_t pace_ns;	/* it has been read without a pause since
				 * then, ... */
	int64_t pace_n;		/* ... when this picture had come */
	bool slow;		/* has been told of */
	bool full;		/* it has once made all that it may */
	int64_t heard_at;	/* last bytes, or end of the process */
	int64_t aired;		/* pictures of it that went out */
	int64_t told;		/* the asset's last picture so far, from its
				 * source; -1: none yet */
	int64_t last;		/* the last slot that was taken from it */
	bool over;		/* nothing more will come than is queued */
	bool dropped;		/* nothing it has is wanted any more */
	bool judged;		/* its end has been accounted for */
	enum channel_end end;	/* once the process has ended */
	bool outside;		/* what went wrong is not its asset's fault */
	char why[120];		/* why it ended badly, or "" */
};

struct channel {
	struct timeline *timeline;
	struct overrides overrides;	/* above it */
	const struct pad *pad;
	const struct pad *slate;	/* NULL: pad */
	struct noc *noc;	/* in its place, or NULL */
	const char *ffmpeg;
	const struct argv_caps *caps;
	struct grid grid;
	struct mux *mux;
	bool on_air;
	enum channel_airs airs;	/* of slot next - 1 */
	int64_t next;		/* the slot to be released next */
	int64_t cold_slot;	/* the first slot since the start ... */
	int64_t cold_ns;	/* ... and when that was */
	int64_t released_ns;	/* when a slot last left */
	bool cold;		/* it has not caught up yet */
	int64_t queued_ns;	/* time in which its children waited for their
				 * turn is made good up to here */
	int64_t pad_start;	/* where this stretch of pad or slate began */
	const void *padding;	/* which of the three that is */
	int64_t held;		/* what children that are gone add to
				 * kids_held() */
	int64_t aired;		/* slot at which the segment on the air begins,
				 * or SLOT_NONE */
	int64_t ahead;		/* ... of its time in the plan ... */
	bool taken_over;	/* ... or in no plan at all */
	struct channel_source from;	/* its slots so far */
	int64_t said_until;	/* up to there the stream knows what is on */
	int64_t idr;		/* idr_pic_id of slot next - 1, or -1 */
	bool standing_in;	/* filler airs in place of what was planned */
	struct buf half;	/* what slot next - 1 still owes, if anything */
	char cause[160];	/* why the segment's last child failed, or "" */
	bool faltering;		/* the slate airs for want of a child */
	int64_t stepped_at;	/* the last step */
	int64_t want_at;	/* next look for boundaries */
	struct retry retry;
	unsigned useless;	/* children in a row, of no use whatever they
				 * were to play */
	uint64_t airing;	/* id of the child that slot next - 1 is of */
	struct preroll preroll;
	uint64_t late;		/* see struct channel_counts */
	int speed;
	uint64_t last_id;
	struct kid kids[KIDS_MAX + STUCK_MAX];
	size_t nkids;
};

/* It should be gone, but a disk that does not answer may hold it for ever. */
static inline bool
kid_is_stuck(const struct kid *k)
{
	return k->child.state == CHILD_KILLED;
}

static inline int64_t
channel_air_ns(const struct channel *c, int64_t n)
{
	return rate_frame_ns(c->grid.rate, n);
}

/* What is to air in slot n, and in the run around it. */
static inline struct sight
channel_sight(struct channel *c, int64_t n)
{
	return overrides_at(&c->overrides, c->timeline, n);
}

static inline struct run
channel_run(struct channel *c, int64_t n, int64_t max)
{
	return overrides_run(&c->overrides, c->timeline, n, max);
}

/* So many seconds in pictures. */
static inline int64_t
kids_seconds(const struct channel *c, int64_t s)
{
	return s * c->grid.rate.num / c->grid.rate.den;
}

/* Where its asset would have begun names a run all along it. */
static inline int64_t
kids_run_name(const struct run *run)
{
	return run->n0 - run->in;
}

/* All filler's name for struct retry; those of its pieces are below. */
#define KIDS_FILLER	INT64_C(-1)

/* Add an order to those of the step. */
struct channel_order *kids_order(struct channel_out *o,
    enum channel_order_kind kind, uint64_t id);

void kid_fini(struct kid *k);

/* The child that slot n is to be taken from, or NULL.  The one that aired
 * slot n - 1 goes on while it has the picture, even if not yet its sound: of
 * its stretch, whole only together, pictures shown after n have aired. */
struct kid *kid_for_slot(struct channel *c, int64_t n);

/* True if a living child may still deliver slot n in time. */
bool kid_may_come(struct channel *c, int64_t n);

/* The slate has aired up to slot n: what children have for earlier ones is
 * void. */
void kids_skip(struct channel *c, int64_t n, int64_t now);

/* We could not look for so long: no child can be blamed for that time. */
void kids_excuse(struct channel *c, int64_t ns);

/* The clock may have gone back: nobody who ends has longer for it than ever. */
void kids_clock_stepped(struct channel *c, int64_t now);

/* How many pictures of the segment on the air were their sources' last ones,
 * held, as far as is known. */
int64_t kids_held(const struct channel *c);

/* Deadlines, ends, burials. */
void kids_step(struct channel *c, int64_t now, struct channel_out *o);

/* In channel_want.c: order children for all runs that begin within the
 * preroll. */
void kids_want(struct channel *c, int64_t now, struct channel_out *o);

/* Hold those that have read ahead enough, go on with the others. */
void kids_pace(struct channel *c, int64_t now, struct channel_out *o);

/* The timeline has changed: end those that play what it no longer has.  True
 * if the one on the air is among them. */
bool kids_compare(struct channel *c, int64_t now, struct channel_out *o);

/* Something else is to air from slot n on: end who was to play there, at the
 * first place from n on where that is whole, which is returned. */
int64_t kids_cut(struct channel *c, int64_t n, int64_t now,
    struct channel_out *o);

/* End all; what was read ahead of them still airs. */
void kids_replace(struct channel *c, int64_t now, struct channel_out *o);

void kids_stop_all(struct channel *c, int64_t now, struct channel_out *o);

/* In channel_judge.c: true once it has been useful for a second, so that what
 * goes wrong is not that it cannot start. */
bool kid_proved(const struct channel *c, const struct kid *k);

/* In channel_judge.c: give up one that has missed its turn, is too slow to be
 * of use, or whose output is held by another; account for one that has ended,
 * or whose time is over. */
void kid_check_missed(struct channel *c, struct kid *k, int64_t now);
void kid_check_slow(struct kid *k, int64_t now);
void kid_check_left(struct kid *k, int64_t now);
void kid_judge(struct channel *c, struct kid *k, int64_t now,
    struct channel_out *o);
void kid_outlived(struct channel *c, struct kid *k, int64_t now,
    struct channel_out *o);

/* In channel_slot.c: put slot n together, of a child that has it, of pad that
 * was planned, or for want of anything. */
void channel_put_kid(struct channel *c, struct kid *k, int64_t n, int64_t now,
    struct channel_out *o);
void channel_put_pad(struct channel *c, const struct pad *p, int64_t n,
    struct channel_out *o);
void channel_put_slate(struct channel *c, int64_t n, struct channel_out *o);

/* In channel_slot.c: put what is left of the last slot. */
void channel_put_half(struct channel *c, struct channel_out *o);

/* In channel_si.c: tell the stream who the channel is and who else there is in
 * the house. */
void channel_describe(struct channel *c);

/* In channel_si.c: see that the stream says what is on in slot n and what
 * comes after it. */
void channel_say(struct channel *c, int64_t n);

/* In channel.c: an event of slot n, to be completed at once. */
struct channel_event *channel_note(struct channel *c, struct channel_out *o,
    enum channel_event_kind kind, int64_t slot, int64_t now);

/* In channel.c: log that the child, which was to play that asset, failed; that
 * the one from slot n on is slow; that there is no more use in that asset. */
void channel_failed(struct channel *c, struct channel_out *o,
    const struct kid *k, const struct asset *asset, int64_t now,
    const char *why);
void channel_slow(struct channel *c, struct channel_out *o, int64_t n,
    int64_t now, int speed);
void channel_bad_asset(struct channel *c, struct channel_out *o, int64_t n,
    const struct asset *asset, int64_t now, const char *why);

#endif
