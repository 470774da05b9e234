#include "air/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "air/house.h"
#include "air/channel_child.h"
#include "base/xmem.h"
#include "ts/mux.h"

#define LATE_NS		(NS_PER_S / 2)	/* a slot is waited for so long */
#define COLD_NS		(2 * NS_PER_S)	/* ... and the first of all so long */
#define ON_TIME_NS	(NS_PER_S / 20)	/* the whole of that is left again */
#define TICK_NS		(NS_PER_S / 4)	/* nothing waits longer for us */
#define ASLEEP_NS	NS_PER_S	/* since a step: the machine was busy */
#define WANT_NS		(NS_PER_S / 10)	/* how often boundaries are sought */
#define LOST_NS		(30 * NS_PER_S)	/* behind so far: begin anew */

/* What the channel's file says of its slate; pad knows the sets. */
static void
noc_take(struct channel *c)
{
	const struct chan *ch = timeline_chan(c->timeline);

	if (ch->slate_noc != (c->noc != NULL)) {
		noc_free(c->noc);
		c->noc = ch->slate_noc ? noc_new(&c->grid, ch->format.width,
		    ch->format.height) : NULL;
	}
	if (c->noc != NULL)
		noc_set_sets(c->noc, pad_sets(c->pad));
}

struct channel *
channel_new(struct timeline *tl, const struct pad *pad, const char *ffmpeg,
    const char *station)
{
	struct channel *c = xcalloc(1, sizeof *c);
	const struct chan *ch = timeline_chan(tl);

	c->timeline = tl;
	c->pad = pad;
	c->ffmpeg = ffmpeg;
	c->grid = house_grid(&ch->format);
	c->mux = mux_new(&c->grid, station, ch->name);
	channel_describe(c);
	noc_take(c);
	c->pad_start = SLOT_NONE;
	c->aired = SLOT_NONE;
	return c;
}

void
channel_set_slate(struct channel *c, const struct pad *slate)
{
	c->slate = slate;
	c->pad_start = SLOT_NONE;
}

void
channel_set_past(struct channel *c)
{
	mux_set_past(c->mux);
}

void
channel_set_caps(struct channel *c, const struct argv_caps *caps)
{
	c->caps = caps;
}

void
channel_free(struct channel *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->nkids; i++)
		kid_fini(&c->kids[i]);
	mux_free(c->mux);
	noc_free(c->noc);
	buf_fini(&c->half);
	overrides_fini(&c->overrides);
	free(c);
}

bool
channel_on_air(const struct channel *c)
{
	return c->on_air;
}

enum channel_airs
channel_airs(const struct channel *c)
{
	return c->on_air ? c->airs : AIRS_NOTHING;
}

const char *
channel_airs_name(enum channel_airs a)
{
	static const char *const names[] = {
		[AIRS_NOTHING] = "nothing",
		[AIRS_PLANNED] = "planned",
		[AIRS_FILLER] = "filler",
		[AIRS_SLATE] = "slate",
	};

	return names[a];
}

bool
channel_idle(const struct channel *c)
{
	return c->nkids == 0;
}

struct channel_counts
channel_counts(const struct channel *c)
{
	struct channel_counts n = { .late = c->late, .speed = c->speed };

	if (c->aired != SLOT_NONE)
		n.from = c->from;
	return n;
}

int64_t
channel_slot(const struct channel *c)
{
	return c->next;
}

struct channel_state
channel_state(const struct channel *c)
{
	return (struct channel_state){
		.slate = c->on_air && c->faltering,
		.filler = c->on_air && c->standing_in,
		.children = c->nkids,
	};
}

struct channel_event *
channel_note(struct channel *c, struct channel_out *o,
    enum channel_event_kind kind, int64_t slot, int64_t now)
{
	struct sight s = channel_sight(c, slot);
	struct channel_event *e;

	xgrow(&o->events, &o->cap_events, o->nevents + 1,
	    sizeof o->events[0]);
	e = &o->events[o->nevents++];
	*e = (struct channel_event){
		.kind = kind,
		.segment = s.segment,
		.ahead = s.ahead,
		.slot = slot,
		.late_ns = now - channel_air_ns(c, slot),
		.cold = c->cold,
	};
	return e;
}

/* Who has ended it, where an operator did. */
static void
end_explain(struct channel *c, int64_t n, struct channel_event *e)
{
	const struct override *was = overrides_find(&c->overrides, n - 1);
	const struct override *is = overrides_find(&c->overrides, n);

	if (is != NULL && is->n0 == n) {
		memcpy(e->text, is->why, sizeof is->why);
		e->displaced = is->kind != OVERRIDE_SKIP && !c->taken_over;
	} else if (was != NULL && was->n1 == n) {
		memcpy(e->text, was->end, sizeof was->end);
	}
}

/* The segment on the air ends before slot n. */
static void
segment_end(struct channel *c, int64_t n, int64_t now, struct channel_out *o)
{
	struct channel_event *e;

	if (c->aired == SLOT_NONE)
		return;
	e = channel_note(c, o, EVENT_OFF_AIR, n, now);
	e->segment = (struct segment){ .n0 = c->aired + c->ahead };
	e->ahead = c->ahead;
	e->from = c->from;
	end_explain(c, n, e);
	e->held = kids_held(c);
	c->aired = SLOT_NONE;
}

/* A segment is on the air from its first slot released, or from where the
 * channel came in. */
static void
segment_note(struct channel *c, int64_t n, int64_t now,
    struct channel_out *o)
{
	struct sight s = channel_sight(c, n);
	bool over = s.segment.kind == SEGMENT_takeover;
	struct channel_event *e;

	if (s.segment.n0 - s.ahead == c->aired && s.ahead == c->ahead &&
	    over == c->taken_over)
		return;
	segment_end(c, n, now, o);
	c->aired = s.segment.n0 - s.ahead;
	c->ahead = s.ahead;
	c->taken_over = over;
	c->from = (struct channel_source){ 0 };
	c->standing_in = false;
	c->cause[0] = '\0';
	c->held = 0;
	e = channel_note(c, o, EVENT_ON_AIR, n, now);
	e->airs = c->airs;
	if (s.by != NULL)
		memcpy(e->text, s.by->why, sizeof s.by->why);
}

/* Begin where every node begins that starts about now: at a key frame of the
 * grid, or at the boundary after it. */
static int64_t
start_slot(struct channel *c, int64_t t)
{
	int64_t n = rate_frame_at(c->grid.rate, t > 0 ? t : 0);
	int64_t key = div_floor(n, c->grid.gop) * c->grid.gop;
	struct run run = channel_run(c, n, c->grid.gop);

	return run.n0 > key && run.n0 <= n ? run.n0 : key;
}

static void
air_begin(struct channel *c, int64_t now, int64_t slot)
{
	c->next = c->cold_slot = slot;
	c->cold_ns = c->released_ns = c->queued_ns = now;
	c->cold = true;
	c->airs = AIRS_NOTHING;
	c->pad_start = SLOT_NONE;
	c->aired = SLOT_NONE;
	c->said_until = SLOT_NONE;
	c->idr = -1;
	c->faltering = false;
	c->want_at = c->stepped_at = now;
	c->retry = (struct retry){ 0 };
}

void
channel_start(struct channel *c, int64_t now, int64_t backlog_ns)
{
	if (c->on_air)
		return;
	c->on_air = true;
	mux_begin(c->mux);
	air_begin(c, now, start_slot(c, now - backlog_ns));
}

void
channel_start_at(struct channel *c, int64_t now, int64_t slot)
{
	if (c->on_air)
		return;
	c->on_air = true;
	mux_begin(c->mux);
	air_begin(c, now, slot);
}

void
channel_stop(struct channel *c, int64_t now, struct channel_out *o)
{
	if (c->on_air)
		segment_end(c, c->next, now, o);
	channel_put_half(c, o);
	c->on_air = false;
	kids_stop_all(c, now, o);
}

void
channel_rejoin(struct channel *c, int64_t now, struct channel_out *o)
{
	kids_clock_stepped(c, now);
	if (!c->on_air)
		return;
	segment_end(c, c->next, now, o);
	channel_put_half(c, o);
	kids_stop_all(c, now, o);
	mux_discontinuity(c->mux);
	air_begin(c, now, start_slot(c, now));
}

void
channel_set_timeline(struct channel *c, struct timeline *tl,
    const struct pad *pad, int64_t now, struct channel_out *o)
{
	c->timeline = tl;
	c->pad = pad;
	c->pad_start = SLOT_NONE;
	c->said_until = SLOT_NONE;
	channel_describe(c);
	noc_take(c);
	/* What comes is not what the row on the air has begun with. */
	if (c->on_air && kids_compare(c, now, o))
		segment_end(c, c->next, now, o);
}

void
channel_restart(struct channel *c, int64_t now, struct channel_out *o)
{
	if (!c->on_air)
		return;
	if (kids_compare(c, now, o))
		segment_end(c, c->next, now, o);
	c->said_until = SLOT_NONE;
	kids_replace(c, now, o);
}

void
channel_failed(struct channel *c, struct channel_out *o,
    const struct kid *k, const struct asset *asset, int64_t now,
    const char *why)
{
	struct channel_event *e;

	e = channel_note(c, o, EVENT_CHILD_FAILED, k->n0, now);
	e->until = k->n1;
	e->segment.asset = asset;
	snprintf(e->text, sizeof e->text, "%s", why);
	snprintf(c->cause, sizeof c->cause, "%s", why);
}

void
channel_slow(struct channel *c, struct channel_out *o, int64_t n,
    int64_t now, int speed)
{
	channel_note(c, o, EVENT_CHILD_SLOW, n, now)->speed = speed;
}

void
channel_bad_asset(struct channel *c, struct channel_out *o, int64_t n,
    const struct asset *asset, int64_t now, const char *why)
{
	struct channel_event *e;

	e = channel_note(c, o, EVENT_BAD_ASSET, n, now);
	e->segment.asset = asset;
	snprintf(e->text, sizeof e->text, "%s", why);
}

/* How long slot n is waited for: normally half a second; a cold channel
 * needs time to start and then to catch up, at a tenth above real time, but
 * none of its children may hold it for longer than the first. */
static int64_t
slot_deadline(const struct channel *c, int64_t n)
{
	int64_t due = channel_air_ns(c, n) + LATE_NS;
	int64_t since = channel_air_ns(c, n) - channel_air_ns(c, c->cold_slot);
	int64_t cold = c->cold_ns + COLD_NS + since / 11 * 10;

	if (!c->cold)
		return due;
	if (cold > c->released_ns + COLD_NS)
		cold = c->released_ns + COLD_NS;
	return cold > due ? cold : due;
}

/* True if there is nothing to wait for: the child k has all of slot n, or pad
 * was planned. */
static bool
slot_is_here(struct channel *c, const struct kid *k, int64_t n)
{
	return (k != NULL && join_has(k->join, n)) ||
	    channel_sight(c, n).segment.asset == NULL;
}

static enum channel_airs
slot_airs(struct channel *c, const struct kid *k, int64_t n)
{
	if (k != NULL)
		return k->filler ? AIRS_FILLER : AIRS_PLANNED;
	return channel_sight(c, n).segment.asset == NULL ? AIRS_PLANNED :
	    AIRS_SLATE;
}

/* Release slot c->next if it can be: true if it was. */
static bool
slot_release(struct channel *c, int64_t now, struct channel_out *o)
{
	int64_t n = c->next;
	struct kid *k = kid_for_slot(c, n);

	if (channel_air_ns(c, n) > now || (!slot_is_here(c, k, n) &&
	    kid_may_come(c, n) && now < slot_deadline(c, n)))
		return false;
	c->airs = slot_airs(c, k, n);
	segment_note(c, n, now, o);
	if (k != NULL) {
		channel_put_kid(c, k, n, now, o);
	} else if (c->airs == AIRS_PLANNED) {
		if (c->taken_over)
			channel_put_slate(c, n, o);
		else
			channel_put_pad(c, c->pad, n, o);
		c->from.pad++;
	} else {
		if (!c->faltering)
			channel_note(c, o, EVENT_PAD, n, now);
		c->faltering = true;
		channel_put_slate(c, n, o);
		c->from.slate++;
		kids_skip(c, n + 1, now);
	}
	c->released_ns = now;
	c->late += !c->cold && now > channel_air_ns(c, n + 1);
	if (now - channel_air_ns(c, n) < ON_TIME_NS)
		c->cold = false;
	c->next++;
	return true;
}

static void
half_release(struct channel *c, int64_t now, struct channel_out *o)
{
	if (c->half.len > 0 && grid_half_ns(&c->grid, c->next - 1) <= now)
		channel_put_half(c, o);
}

static int64_t
wake_at(const struct channel *c, int64_t now)
{
	int64_t t = now + TICK_NS, slot = channel_air_ns(c, c->next);

	if (c->half.len > 0)
		slot = grid_half_ns(&c->grid, c->next - 1);
	/* A slot overdue waits for its child, whose bytes wake us. */
	if (slot > now && slot < t)
		t = slot;
	else if (slot <= now && slot_deadline(c, c->next) < t)
		t = slot_deadline(c, c->next);
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].child.deadline < t)
			t = c->kids[i].child.deadline;
	return t > now ? t : now + 1;
}

int64_t
channel_step(struct channel *c, int64_t now, struct channel_out *o)
{
	/* Bytes that came meanwhile are only read after this. */
	if (c->nkids != 0 && now - c->stepped_at > ASLEEP_NS)
		kids_excuse(c, now - c->stepped_at);
	c->stepped_at = now;
	kids_step(c, now, o);
	if (!c->on_air)
		return channel_idle(c) ? INT64_MAX : now + TICK_NS;
	if (now - channel_air_ns(c, c->next) > LOST_NS)
		channel_rejoin(c, now, o);
	if (now >= c->want_at) {
		c->want_at = now + WANT_NS;
		kids_want(c, now, o);
	}
	do
		half_release(c, now, o);
	while (slot_release(c, now, o));
	kids_pace(c, now, o);
	return wake_at(c, now);
}

void
channel_out_reset(struct channel_out *o)
{
	for (size_t i = 0; i < o->norders; i++)
		argv_free(o->orders[i].argv);
	o->norders = o->nevents = o->nmarks = 0;
	buf_reset(&o->bytes);
}

void
channel_out_fini(struct channel_out *o)
{
	channel_out_reset(o);
	buf_fini(&o->bytes);
	free(o->marks);
	free(o->orders);
	free(o->events);
	*o = (struct channel_out){ 0 };
}
