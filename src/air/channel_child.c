#include "air/channel_child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define AHEAD_S		2		/* stream read ahead of the clock ... */
#define AHEAD_BYTES	(8u << 20)	/* ... or this much of it */
#define QUICK_NS	(NS_PER_S / 100)	/* no speed is told from less */
#define MEASURE_NS	(4 * NS_PER_S)	/* a child's speed over so long ... */
#define SLOW_PERCENT	95		/* ... below that is worth a word */

struct channel_order *
kids_order(struct channel_out *o, enum channel_order_kind kind, uint64_t id)
{
	xgrow(&o->orders, &o->cap_orders, o->norders + 1,
	    sizeof o->orders[0]);
	o->orders[o->norders] = (struct channel_order){
		.kind = kind,
		.id = id,
	};
	return &o->orders[o->norders++];
}

static struct kid *
kid_find(struct channel *c, uint64_t id)
{
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].id == id)
			return &c->kids[i];
	return NULL;
}

void
kid_fini(struct kid *k)
{
	join_free(k->join);
	free(k->path);
}

static void
kid_event(struct kid *k, enum child_event ev, int64_t now,
    struct channel_out *o)
{
	switch (child_step(&k->child, ev, now)) {
	case CHILD_TERM:
		kids_order(o, ORDER_TERM, k->id);
		/* What is in its pipe keeps it from ending: drain it. */
		kids_order(o, ORDER_READ, k->id);
		k->held = false;
		break;
	case CHILD_KILL:
		kids_order(o, ORDER_KILL, k->id);
		break;
	case CHILD_CLOSE:
		kids_order(o, ORDER_CLOSE, k->id);
		break;
	case CHILD_NOTHING:
	case CHILD_NOTE:
		break;
	}
}

struct kid *
kid_for_slot(struct channel *c, int64_t n)
{
	struct kid *found = NULL;

	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];

		if (k->dropped || join_head(k->join) != n ||
		    n >= join_cut(k->join) ||
		    (k->trial && !kid_proved(c, k)))
			continue;
		/* It begins at a key frame, where filler can end. */
		if (k->trial)
			return k;
		if (found == NULL || k->id == c->airing ||
		    (found->id != c->airing && !join_has(found->join, n)))
			found = k;
	}
	return found;
}

bool
kid_may_come(struct channel *c, int64_t n)
{
	for (size_t i = 0; i < c->nkids; i++) {
		const struct kid *k = &c->kids[i];

		/* While the slate airs nobody's turn is waited for. */
		if (c->faltering && k->child.state == CHILD_ORDERED)
			continue;
		/* Of one whose end is not told yet another may follow. */
		if ((!k->over || !k->judged) && !k->late && k->n0 <= n &&
		    n < k->n1)
			return true;
	}
	return false;
}

void
kids_skip(struct channel *c, int64_t n, int64_t now)
{
	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];

		if (k->n0 >= n || k->dropped)
			continue;
		join_skip(k->join, n);
		if (!k->late)
			k->late_since = now;
		k->late = true;
	}
}

void
channel_on_bytes(struct channel *c, uint64_t id, const uint8_t *data,
    size_t len, int64_t now)
{
	struct kid *k = kid_find(c, id);
	bool begun;

	if (k == NULL)
		return;
	if (child_step(&k->child, CHILD_HEARD, now) == CHILD_NOTE)
		preroll_note(&c->preroll, k->kind, now - k->spawned_ns);
	child_alive(&k->child, now);
	k->heard_at = now;
	begun = join_started(k->join);
	if (!k->over)
		join_feed(k->join, data, len);
	/* The filler's next piece was waiting for that. */
	if (k->filler && join_started(k->join) && !begun)
		c->want_at = now;
}

void
channel_on_started(struct channel *c, uint64_t id, int64_t now)
{
	struct kid *k = kid_find(c, id);
	int64_t since;

	if (k == NULL || child_step(&k->child, CHILD_STARTED, now) ==
	    CHILD_NOTHING)
		return;
	/* What two have waited for at a time counts once. */
	since = c->queued_ns > k->spawned_ns ? c->queued_ns : k->spawned_ns;
	if (c->cold && now > since) {
		c->cold_ns += now - since;
		c->released_ns += now - since;
		c->queued_ns = now;
	}
	k->spawned_ns = now;
}

void
channel_on_told(struct channel *c, uint64_t id, int64_t n)
{
	struct kid *k = kid_find(c, id);

	if (k != NULL && n > k->told)
		k->told = n;
}

void
channel_on_eof(struct channel *c, uint64_t id, int64_t now)
{
	struct kid *k = kid_find(c, id);

	if (k == NULL)
		return;
	if (!k->over)
		join_end(k->join);
	k->over = true;
	child_step(&k->child, CHILD_EOF, now);
}

void
channel_on_exit(struct channel *c, uint64_t id, enum channel_end end,
    const char *why, int64_t now)
{
	struct kid *k = kid_find(c, id);

	if (k == NULL)
		return;
	if (why != NULL && k->why[0] == '\0')
		snprintf(k->why, sizeof k->why, "%s", why);
	/* What it says once it was told to end is our doing. */
	k->end = end;
	k->outside |= end == END_OUTSIDE || k->child.state == CHILD_TERMED ||
	    k->child.state == CHILD_KILLED;
	k->heard_at = now;
	child_step(&k->child, CHILD_EXIT, now);
}

static void
kid_deadline(struct kid *k, int64_t now, struct channel_out *o)
{
	enum child_state from = k->child.state;

	if (k->child.deadline > now)
		return;
	if (from == CHILD_STARTING || from == CHILD_UP) {
		join_end(k->join);
		k->over = true;
		k->outside = true;
		snprintf(k->why, sizeof k->why, "stalled");
	}
	kid_event(k, CHILD_DEADLINE, now, o);
}

/* What it sends from now on is nothing; what it has sent before may still have
 * to air, and another one is on its way. */
static void
kid_check_broken(struct kid *k, int64_t now, struct channel_out *o)
{
	if (join_broken(k->join) != NULL && k->judged &&
	    (k->child.state == CHILD_STARTING || k->child.state == CHILD_UP))
		kid_event(k, CHILD_STOP, now, o);
}

/* Another one has aired what it is at: of two that were ordered for the same
 * slots, while pad aired, the one that goes on is enough. */
static void
kid_check_overtaken(const struct channel *c, struct kid *k)
{
	int64_t head = join_head(k->join);

	if (head < c->next && (!k->over || head < join_cut(k->join)))
		k->over = k->judged = k->dropped = true;
}

void
kids_excuse(struct channel *c, int64_t ns)
{
	for (size_t i = 0; i < c->nkids; i++) {
		struct child *k = &c->kids[i].child;

		if (k->state == CHILD_STARTING || k->state == CHILD_UP)
			k->deadline += ns;
		c->kids[i].heard_at += ns;
		c->kids[i].pace_ns += ns;
	}
}

void
kids_clock_stepped(struct channel *c, int64_t now)
{
	for (size_t i = 0; i < c->nkids; i++)
		child_clock_stepped(&c->kids[i].child, now);
}

/* Everything it had has aired, or will not. */
static bool
kid_spent(const struct channel *c, const struct kid *k)
{
	if (k->dropped || c->next >= k->n1)
		return true;
	return k->over && join_head(k->join) >= join_cut(k->join);
}

/* Those that it aired in the segment on the air and beyond the last one that
 * its source had. */
static int64_t
kid_held(const struct channel *c, const struct kid *k)
{
	int64_t from = k->n0 + k->told + 1 - k->in;

	if (k->filler || k->told < 0 || k->aired == 0 || c->aired == SLOT_NONE)
		return 0;
	from = from > c->aired ? from : c->aired;
	from = from > k->n0 ? from : k->n0;
	return k->last >= from ? k->last + 1 - from : 0;
}

int64_t
kids_held(const struct channel *c)
{
	int64_t held = c->held;

	for (size_t i = 0; i < c->nkids; i++)
		held += kid_held(c, &c->kids[i]);
	return held;
}

static void
kid_bury(struct channel *c, size_t i, struct channel_out *o)
{
	c->held += kid_held(c, &c->kids[i]);
	kids_order(o, ORDER_FORGET, c->kids[i].id);
	kid_fini(&c->kids[i]);
	c->nkids--;
	memmove(&c->kids[i], &c->kids[i + 1],
	    (c->nkids - i) * sizeof c->kids[0]);
}

void
kids_step(struct channel *c, int64_t now, struct channel_out *o)
{
	for (size_t i = c->nkids; i-- > 0;) {
		struct kid *k = &c->kids[i];

		kid_deadline(k, now, o);
		kid_check_left(k, now);
		kid_check_slow(k, now);
		if (c->on_air)
			kid_judge(c, k, now, o);
		kid_check_broken(k, now, o);
		kid_check_overtaken(c, k);
		kid_check_missed(c, k, now);
		if (!kid_spent(c, k))
			continue;
		kid_outlived(c, k, now, o);
		/* A child that has sent everything may still be ending. */
		if (k->child.state != CHILD_SENT)
			kid_event(k, CHILD_STOP, now, o);
		if (k->child.state == CHILD_GONE)
			kid_bury(c, i, o);
	}
}

static void
pace_begin(struct kid *k, int64_t now)
{
	k->pace_ns = now;
	k->pace_n = join_newest(k->join);
}

/* What it has made since pace_ns, in percent of real time. */
static int
kid_speed(const struct channel *c, const struct kid *k, int64_t now)
{
	int64_t made = rate_frame_ns(c->grid.rate, join_newest(k->join) -
	    k->pace_n);

	return (int)(made / ((now - k->pace_ns) / 100));
}

/* One that makes less than the clock takes never gets ahead, so it is read
 * without a pause: its speed is what comes of it then. */
static void
kid_measure(struct channel *c, struct kid *k, int64_t now,
    struct channel_out *o)
{
	if (k->held || k->over || k->child.state != CHILD_UP ||
	    !join_started(k->join)) {
		pace_begin(k, now);
		return;
	}
	if (now - k->pace_ns < MEASURE_NS)
		return;
	c->speed = kid_speed(c, k, now);
	if (!k->slow && c->speed < SLOW_PERCENT) {
		k->slow = true;
		channel_slow(c, o, k->n0, now, c->speed);
	}
	pace_begin(k, now);
}

/* One that gets ahead is fast; how fast shows once, before it has to wait in
 * front of a full pipe. */
static void
kid_measure_full(struct channel *c, struct kid *k, int64_t now)
{
	if (!k->full && now - k->pace_ns >= QUICK_NS)
		c->speed = kid_speed(c, k, now);
	k->full = true;
}

void
kids_pace(struct channel *c, int64_t now, struct channel_out *o)
{
	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];
		int64_t ahead = join_cut(k->join) - join_head(k->join);
		bool full = ahead > kids_seconds(c, AHEAD_S) ||
		    join_bytes(k->join) > AHEAD_BYTES;

		kid_measure(c, k, now, o);
		if (k->child.state != CHILD_UP &&
		    k->child.state != CHILD_ENDED)
			continue;
		if (full) {
			kid_measure_full(c, k, now);
			child_alive(&k->child, now);
		}
		if (full == k->held)
			continue;
		k->held = full;
		kids_order(o, full ? ORDER_HOLD : ORDER_READ, k->id);
		k->heard_at = now;
		child_alive(&k->child, now);
	}
}

/* True if from slot c->next on the timeline has what the child plays, or
 * what it stands in for. */
static bool
kid_agrees(struct channel *c, const struct kid *k)
{
	int64_t n = c->next > k->n0 ? c->next : k->n0;
	struct run run = channel_run(c, n, k->n1 - n);

	if (k->filler) {
		if (run.asset == NULL || kids_run_name(&run) != k->run ||
		    run.n1 < k->n1)
			return false;
		run = timeline_filler(c->timeline, n);
	}
	return run.asset != NULL && strcmp(run.asset->path, k->path) == 0 &&
	    run.in - run.n0 == k->in - k->n0 && run.n1 >= k->n1;
}

/* What has aired of it may need what has not yet: of the one on the air the
 * rest of its stretch still airs, and what was read ahead with it. */
bool
kids_compare(struct channel *c, int64_t now, struct channel_out *o)
{
	bool ended = false;

	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];

		if (k->dropped || c->next >= k->n1 || kid_agrees(c, k))
			continue;
		if (k->id == c->airing) {
			ended = true;
			if (!k->over)
				join_end(k->join);
		} else {
			k->dropped = true;
		}
		k->over = k->judged = true;
		kid_event(k, CHILD_STOP, now, o);
	}
	c->want_at = now;
	return ended;
}

void
channel_forgive(struct channel *c)
{
	c->retry = (struct retry){ 0 };
}

int64_t
kids_cut(struct channel *c, int64_t n, int64_t now, struct channel_out *o)
{
	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];
		int64_t end = k->over ? join_cut(k->join) : k->n1;

		if (k->dropped || k->n0 > n || n >= end)
			continue;
		join_end_at(k->join, n);
		k->n1 = join_cut(k->join);
		k->over = k->judged = true;
		kid_event(k, CHILD_STOP, now, o);
		n = k->n1 > c->next ? k->n1 : c->next;
	}
	return n;
}

void
kids_replace(struct channel *c, int64_t now, struct channel_out *o)
{
	for (size_t i = 0; i < c->nkids; i++) {
		struct kid *k = &c->kids[i];

		if (k->over)
			continue;
		join_end(k->join);
		k->over = k->judged = true;
		kid_event(k, CHILD_STOP, now, o);
	}
	c->want_at = now;
	c->retry = (struct retry){ 0 };
}

void
kids_stop_all(struct channel *c, int64_t now, struct channel_out *o)
{
	for (size_t i = c->nkids; i-- > 0;) {
		struct kid *k = &c->kids[i];

		k->over = k->judged = k->dropped = true;
		kid_event(k, CHILD_STOP, now, o);
		if (k->child.state == CHILD_GONE)
			kid_bury(c, i, o);
	}
}
