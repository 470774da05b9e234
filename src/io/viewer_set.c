#include "io/viewer_parts.h"

#define FLUSH_NS	5000000		/* to all before the loop goes round */

/* The socket's side must see whole packets: what is left of the one that is
 * partly sent leaves the ring with the viewer. */
static void
keep_rest(struct viewer *v)
{
	uint8_t rest[RINGFILE_PACKET];

	if (!v->unplaced)
		buf_add(&v->pending, rest,
		    ringfile_rest(v->set->ring, v->pos, rest));
}

/* On at the newest key frame, and the receiver is told.  What led to a place
 * of which nothing has been sent, if it is still whole, is replaced: who takes
 * a byte now and then must not gather these. */
static void
move_on(struct viewer *v)
{
	const struct ringidx_mark *m;

	keep_rest(v);
	if (v->spliced && v->pending.len >= SPLICE_BYTES)
		v->pending.len -= SPLICE_BYTES;
	m = viewer_join(v, 0);
	v->spliced = m != NULL;
	if (m != NULL)
		splice_put(&v->pending, &m->splice);
}

static bool
is_lapped(const struct viewer *v)
{
	return !v->unplaced && v->pos < v->set->ring->tail;
}

/* Who is overtaken though his socket takes all that it is given has only
 * waited for his turn, while a step of the clock made the ring's past void. */
static void
catch_up(struct viewers *s)
{
	struct viewer *v, *next;

	for (v = s->lists[VIEWER_EVEN].first; v != NULL; v = next) {
		next = v->next;
		while (v->state == VIEWER_EVEN && is_lapped(v))
			if (viewer_send(v) < 0) {
				viewer_drop(v);
				break;
			}
	}
}

static bool
is_due(const struct viewer *v, uint64_t now_ms, uint64_t after_ms)
{
	return viewer_owes(v) >= VIEWER_PIECE ||
	    now_ms - v->sent_ms >= after_ms;
}

/* Where nobody has been told to look at a socket, what comes for it is sent
 * from here, in pieces worth a system call.  Behind the first who is not due
 * nobody is.  If anybody is, so is who soon would be: after a few rounds all
 * are sent to together, and all but the first find the caches warm. */
static bool
send_due(struct viewers *s, uint64_t now_ms)
{
	uint64_t until = uv_hrtime() + FLUSH_NS;
	uint64_t after_ms = s->coalesce_ms / (s->rest ? 2 : 1);
	struct viewer *v, *next;

	for (v = s->lists[VIEWER_EVEN].first;
	    v != NULL && is_due(v, now_ms, after_ms); v = next) {
		next = v->next;
		if (viewer_owes(v) == 0)
			continue;
		if (viewer_send(v) < 0)
			viewer_drop(v);
		after_ms = s->coalesce_ms / 2;
		if (uv_hrtime() >= until)
			return true;
	}
	return false;
}

static void
drop_stuck(struct viewers *s, uint64_t now_ms)
{
	struct viewer *v;

	while ((v = s->lists[VIEWER_FULL].first) != NULL &&
	    now_ms >= v->took_ms + s->stuck_ms)
		viewer_drop(v);
}

void
viewers_close(struct viewers *s)
{
	for (size_t i = 0; i < VIEWER_NSTATES; i++)
		while (s->lists[i].first != NULL)
			viewer_drop(s->lists[i].first);
	s->on_event(s->ctx);
}

void
viewers_each(const struct viewers *s,
    void (*each)(void *ctx, const struct viewer *v), void *ctx)
{
	const struct viewer *v;

	for (size_t i = 0; i < VIEWER_NSTATES; i++)
		for (v = s->lists[i].first; v != NULL; v = v->next)
			each(ctx, v);
}

struct viewer *
viewers_find(const struct viewers *s, uint64_t id)
{
	struct viewer *v = NULL;

	for (size_t i = 0; i < VIEWER_NSTATES && v == NULL; i++)
		for (v = s->lists[i].first; v != NULL && v->id != id;
		    v = v->next)
			;
	return v;
}

/* They have waited long enough: their turn is the next. */
void
viewers_start(struct viewers *s)
{
	struct viewer *v;

	for (v = s->lists[VIEWER_FULL].first; v != NULL; v = v->next)
		if (v->unplaced)
			(void)viewer_join(v, v->backlog_ns);
	while ((v = s->lists[VIEWER_WAITING].first) != NULL)
		viewer_go_first(v);
}

void
viewers_lap(struct viewers *s)
{
	struct viewer *v;

	catch_up(s);
	for (v = s->lists[VIEWER_FULL].first; v != NULL; v = v->next) {
		if (!is_lapped(v))
			continue;
		move_on(v);
		s->laps++;
	}
}

void
viewers_stop(struct viewers *s)
{
	struct viewer *v;

	for (v = s->lists[VIEWER_FULL].first; v != NULL; v = v->next) {
		keep_rest(v);
		v->unplaced = true;
	}
	while ((v = s->lists[VIEWER_EVEN].first) != NULL) {
		keep_rest(v);
		v->unplaced = true;
		if (viewer_send(v) < 0)
			viewer_drop(v);
	}
}

bool
viewers_flush(struct viewers *s, uint64_t now_ms)
{
	bool rest = s->rest = send_due(s, now_ms);

	drop_stuck(s, now_ms);
	s->on_event(s->ctx);
	return rest;
}
