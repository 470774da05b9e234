#include "air/channel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "air/house.h"
#include "air/channel_child.h"
#include "air/slate_text.h"
#include "base/xmem.h"
#include "plan/language.h"
#include "ts/idr.h"
#include "ts/mux.h"

#define LATE_NS		(NS_PER_S / 2)	/* a slot is waited for so long */
#define COLD_NS		(2 * NS_PER_S)	/* ... and the first of all so long */
#define ON_TIME_NS	(NS_PER_S / 20)	/* the whole of that is left again */
#define TICK_NS		(NS_PER_S / 4)	/* nothing waits longer for us */
#define ASLEEP_NS	NS_PER_S	/* since a step: the machine was busy */
#define WANT_NS		(NS_PER_S / 10)	/* how often boundaries are sought */
#define LOST_NS		(30 * NS_PER_S)	/* behind so far: begin anew */

static int64_t
air_ns(const struct channel *c, int64_t n)
{
	return rate_frame_ns(c->grid.rate, n);
}

static void
describe(struct channel *c)
{
	const struct chan *ch = timeline_chan(c->timeline);
	char key[4];

	mux_describe(c->mux, ch->name, ch->format.height,
	    ch->language != NULL && language_key(ch->language, key) ? key :
	    NULL);
}

/* What the channel's file says of its slate. */
static void
noc_take(struct channel *c)
{
	const struct chan *ch = timeline_chan(c->timeline);

	if (ch->slate_noc == (c->noc != NULL))
		return;
	noc_free(c->noc);
	c->noc = ch->slate_noc ? noc_new(&c->grid, ch->format.width,
	    ch->format.height) : NULL;
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
	describe(c);
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
	free(c);
}

bool
channel_on_air(const struct channel *c)
{
	return c->on_air;
}

bool
channel_idle(const struct channel *c)
{
	return c->nkids == 0;
}

int64_t
channel_slot(const struct channel *c)
{
	return c->next;
}

static struct channel_event *
event_add(struct channel *c, struct channel_out *o,
    enum channel_event_kind kind, int64_t slot, int64_t now)
{
	struct channel_event *e;

	xgrow(&o->events, &o->cap_events, o->nevents + 1,
	    sizeof o->events[0]);
	e = &o->events[o->nevents++];
	*e = (struct channel_event){
		.kind = kind,
		.segment = *timeline_at(c->timeline, slot),
		.slot = slot,
		.late_ns = now - air_ns(c, slot),
	};
	return e;
}

/* The segment on the air ends before slot n. */
static void
segment_end(struct channel *c, int64_t n, int64_t now, struct channel_out *o)
{
	struct channel_event *e;

	if (c->aired == SLOT_NONE)
		return;
	e = event_add(c, o, EVENT_OFF_AIR, n, now);
	e->segment = (struct segment){ .n0 = c->aired };
	e->from = c->from;
	c->aired = SLOT_NONE;
}

/* A segment is on the air from its first slot released, or from where the
 * channel came in. */
static void
segment_note(struct channel *c, int64_t n, int64_t now,
    struct channel_out *o)
{
	const struct segment *s = timeline_at(c->timeline, n);

	if (s->n0 == c->aired)
		return;
	segment_end(c, n, now, o);
	c->aired = s->n0;
	c->from = (struct channel_source){ 0 };
	c->standing_in = false;
	c->cause[0] = '\0';
	event_add(c, o, EVENT_ON_AIR, n, now);
}

/* Begin where every node begins that starts about now: at a key frame of the
 * grid, or at the boundary after it. */
static int64_t
start_slot(struct channel *c, int64_t t)
{
	int64_t n = rate_frame_at(c->grid.rate, t > 0 ? t : 0);
	int64_t key = div_floor(n, c->grid.gop) * c->grid.gop;
	struct run run = timeline_run(c->timeline, n, c->grid.gop);

	return run.n0 > key && run.n0 <= n ? run.n0 : key;
}

static void
air_begin(struct channel *c, int64_t now, int64_t t)
{
	c->next = c->cold_slot = start_slot(c, t);
	c->cold_ns = c->released_ns = now;
	c->cold = true;
	c->pad_start = SLOT_NONE;
	c->aired = SLOT_NONE;
	c->half_due = false;
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
	air_begin(c, now, now - backlog_ns);
}

void
channel_stop(struct channel *c, int64_t now, struct channel_out *o)
{
	if (c->on_air)
		segment_end(c, c->next, now, o);
	c->on_air = false;
	kids_stop_all(c, now, o);
}

void
channel_rejoin(struct channel *c, int64_t now, struct channel_out *o)
{
	if (!c->on_air)
		return;
	segment_end(c, c->next, now, o);
	kids_stop_all(c, now, o);
	mux_discontinuity(c->mux);
	air_begin(c, now, now);
}

void
channel_set_timeline(struct channel *c, struct timeline *tl,
    const struct pad *pad, int64_t now, struct channel_out *o)
{
	c->timeline = tl;
	c->pad = pad;
	c->pad_start = SLOT_NONE;
	describe(c);
	noc_take(c);
	if (c->on_air)
		kids_compare(c, now, o);
}

void
channel_restart(struct channel *c, int64_t now, struct channel_out *o)
{
	if (!c->on_air)
		return;
	kids_compare(c, now, o);
	kids_replace(c, now, o);
}

void
channel_failed(struct channel *c, struct channel_out *o, int64_t n,
    int64_t now, const char *why)
{
	struct channel_event *e;

	e = event_add(c, o, EVENT_CHILD_FAILED, n, now);
	snprintf(e->text, sizeof e->text, "%s", why);
	snprintf(c->cause, sizeof c->cause, "%s", why);
}

void
channel_slow(struct channel *c, struct channel_out *o, int64_t n,
    int64_t now, int speed)
{
	event_add(c, o, EVENT_CHILD_SLOW, n, now)->speed = speed;
}

void
channel_bad_asset(struct channel *c, struct channel_out *o, int64_t n,
    const struct asset *asset, int64_t now, const char *why)
{
	struct channel_event *e;

	e = event_add(c, o, EVENT_BAD_ASSET, n, now);
	e->segment.asset = asset;
	snprintf(e->text, sizeof e->text, "%s", why);
}

/* The picture, or a copy of it in *copy: two key frames in a row, as where a
 * stretch ends on the grid, must not have the same name. */
static const struct au *
key_distinct(struct channel *c, const struct au *picture, struct au **copy)
{
	int64_t last = c->idr;

	*copy = NULL;
	c->idr = picture->key ? idr_id(picture->data, picture->len) : -1;
	if (c->idr < 0 || c->idr != last ||
	    (*copy = idr_renamed(picture)) == NULL)
		return picture;
	c->idr = idr_id((*copy)->data, (*copy)->len);
	return *copy;
}

static void
slot_put(struct channel *c, int64_t n, const struct au *picture,
    struct au *const *audio, size_t naudio, struct channel_out *o)
{
	const struct au *sound[JOIN_AUDIO_MAX];
	struct au *copy;
	int64_t want = grid_audio(&c->grid, n + 1) - grid_audio(&c->grid, n);

	/* No place on the audio grid stays empty. */
	for (size_t i = 0; i < (size_t)want && i < JOIN_AUDIO_MAX; i++)
		sound[i] = i < naudio && audio[i] != NULL ? audio[i] :
		    pad_silence(c->pad);
	if (picture->key) {
		xgrow(&o->marks, &o->cap_marks, o->nmarks + 1,
		    sizeof o->marks[0]);
		o->marks[o->nmarks++] = (struct channel_mark){
			.offset = o->bytes.len,
			.slot = n,
		};
	}
	mux_slot(c->mux, n, key_distinct(c, picture, &copy), sound,
	    (size_t)want, &o->bytes);
	free(copy);
	c->half_due = grid_needs_half(&c->grid);
}

static void
slot_from_kid(struct channel *c, struct kid *k, int64_t n, int64_t now,
    struct channel_out *o)
{
	struct au *picture, *audio[JOIN_AUDIO_MAX];
	size_t count = join_take(k->join, n, &picture, audio);

	if (k->filler && (c->faltering || !c->standing_in))
		event_add(c, o, EVENT_FILLER, n, now);
	else if (c->faltering)
		event_add(c, o, EVENT_REJOINED, n, now);
	c->faltering = false;
	c->standing_in = k->filler;
	c->pad_start = SLOT_NONE;
	k->late = false;
	k->aired++;
	c->airing = k->id;
	c->from.filler += k->filler;
	c->from.asset += !k->filler;
	slot_put(c, n, picture, audio, count, o);
	for (size_t i = 0; i < count; i++)
		free(audio[i]);
	free(picture);
}

/* Slot n is pad's, the slate's or the text's: the stretch of it goes on, or
 * begins here. */
static int64_t
stretch_of(struct channel *c, const void *what, int64_t n)
{
	if (c->pad_start == SLOT_NONE || c->padding != what)
		c->pad_start = n;
	c->padding = what;
	c->airing = 0;
	return c->pad_start;
}

static void
slot_from_pad(struct channel *c, const struct pad *p, int64_t n,
    struct channel_out *o)
{
	struct au *picture = pad_picture(p, stretch_of(c, p, n), n);

	slot_put(c, n, picture, NULL, 0, o);
	free(picture);
}

static void
slot_from_noc(struct channel *c, int64_t n, struct channel_out *o)
{
	struct buf text = { 0 };
	struct au *picture;

	slate_text(&text, timeline_chan(c->timeline),
	    timeline_at(c->timeline, n), c->cause, air_ns(c, n));
	picture = noc_picture(c->noc, stretch_of(c, c->noc, n), n,
	    buf_str(&text));
	slot_put(c, n, picture, NULL, 0, o);
	free(picture);
	buf_fini(&text);
}

static void
slot_from_slate(struct channel *c, int64_t n, struct channel_out *o)
{
	if (c->noc != NULL)
		slot_from_noc(c, n, o);
	else
		slot_from_pad(c, c->slate != NULL ? c->slate : c->pad, n, o);
}

/* How long slot n is waited for: normally half a second; a cold channel
 * needs time to start and then to catch up, at a tenth above real time, but
 * none of its children may hold it for longer than the first. */
static int64_t
slot_deadline(const struct channel *c, int64_t n)
{
	int64_t due = air_ns(c, n) + LATE_NS;
	int64_t since = air_ns(c, n) - air_ns(c, c->cold_slot);
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
	    timeline_at(c->timeline, n)->asset == NULL;
}

/* Release slot c->next if it can be: true if it was. */
static bool
slot_release(struct channel *c, int64_t now, struct channel_out *o)
{
	int64_t n = c->next;
	struct kid *k = kid_for_slot(c, n);

	if (air_ns(c, n) > now || (!slot_is_here(c, k, n) &&
	    kid_may_come(c, n) && now < slot_deadline(c, n)))
		return false;
	segment_note(c, n, now, o);
	if (k != NULL) {
		slot_from_kid(c, k, n, now, o);
	} else if (timeline_at(c->timeline, n)->asset == NULL) {
		slot_from_pad(c, c->pad, n, o);
		c->from.pad++;
	} else {
		if (!c->faltering)
			event_add(c, o, EVENT_PAD, n, now);
		c->faltering = true;
		slot_from_slate(c, n, o);
		c->from.slate++;
		kids_skip(c, n + 1, now);
	}
	c->released_ns = now;
	if (now - air_ns(c, n) < ON_TIME_NS)
		c->cold = false;
	c->next++;
	return true;
}

static void
half_release(struct channel *c, int64_t now, struct channel_out *o)
{
	if (!c->half_due || grid_half_ns(&c->grid, c->next - 1) > now)
		return;
	mux_half(c->mux, c->next - 1, &o->bytes);
	c->half_due = false;
}

static int64_t
wake_at(const struct channel *c, int64_t now)
{
	int64_t t = now + TICK_NS, slot = air_ns(c, c->next);

	if (c->half_due)
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
	if (now - air_ns(c, c->next) > LOST_NS)
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
