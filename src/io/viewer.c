/* Happy path: viewer_open() sends the head and the backlog as far as the
 * socket takes them; EAGAIN makes a viewer FULL and arms WRITABLE, on which
 * sending goes on; when all is out it is EVEN, and viewers_flush() sends what
 * has come.  Ways it ends: the peer closes or resets (READABLE), sending
 * fails, or stuck_ms without progress while FULL.  SIGPIPE must be ignored:
 * sendfile() has no MSG_NOSIGNAL. */

#include "io/viewer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/lease.h"
#include "base/net.h"
#include "base/xmem.h"

#define PAGE_BYTES	4096
#define TURN_BYTES	(1024 * 1024)	/* to one viewer before the next */
#define FLUSH_NS	5000000		/* to all before the loop goes round */

/* The kernel doubles it.  Enough for 8 Mb/s over 200 ms, and for two pieces;
 * 500 viewers who never read hold 0.2 GB with it, 0.6 GB with 512 KiB, and
 * sending to 1,000 who do costs the same. */
#define SNDBUF_BYTES	(128 * 1024)

/* Sent at once when so much waits: the most that the kernel carries in one
 * piece.  One page over 64 KiB and a call costs half as much again for every
 * byte (sendfile's pipe has 16 pages, a TCP segment before segmentation
 * 64 KiB); so it also ends with a page. */
#define PIECE_BYTES	(15 * PAGE_BYTES)

enum sent { SENT_ALL, SENT_FULL, SENT_ERROR };

static uint64_t
ring_waiting(const struct viewer *v)
{
	return v->unplaced ? 0 : v->set->ring->head - v->pos;
}

uint64_t
viewer_behind(const struct viewer *v)
{
	return v->pending.len + ring_waiting(v);
}

static void
list_remove(struct viewer *v)
{
	struct viewer_list *l = &v->set->lists[v->state];

	*(v->prev != NULL ? &v->prev->next : &l->first) = v->next;
	*(v->next != NULL ? &v->next->prev : &l->last) = v->prev;
	v->prev = v->next = NULL;
}

static void
list_append(struct viewer *v)
{
	struct viewer_list *l = &v->set->lists[v->state];

	v->prev = l->last;
	*(l->last != NULL ? &l->last->next : &l->first) = v;
	l->last = v;
}

static void
list_prepend(struct viewer *v)
{
	struct viewer_list *l = &v->set->lists[v->state];

	v->next = l->first;
	*(l->first != NULL ? &l->first->prev : &l->last) = v;
	l->first = v;
}

static void
on_closed(uv_handle_t *handle)
{
	struct viewer *v = handle->data;
	struct viewers *s = v->set;

	close(v->fd);
	buf_fini(&v->pending);
	free(v->peer);
	free(v->agent);
	free(v);
	s->handles--;
	s->on_event(s->ctx);
}

/* Off the list, and its handle on the way out. */
static void
viewer_drop(struct viewer *v)
{
	list_remove(v);
	v->set->count--;
	uv_close((uv_handle_t *)&v->poll, on_closed);
}

static void
note_sent(struct viewer *v, ssize_t n)
{
	v->bytes += (uint64_t)n;
	v->set->bytes += (uint64_t)n;
	v->set->sends++;
	v->took_ms = uv_now(v->set->loop);
}

/* EINTR counts as nothing sent: the caller tries again. */
static ssize_t
send_pending(struct viewer *v)
{
	ssize_t n = send(v->fd, v->pending.data, v->pending.len,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		buf_drain(&v->pending, (size_t)n);
	if (v->pending.len == 0)
		buf_fini(&v->pending);
	return n;
}

static ssize_t
send_ring(struct viewer *v, size_t max)
{
	ssize_t n = ringfile_send(v->set->ring, v->fd, v->pos, max);

	if (n > 0) {
		v->pos += (uint64_t)n;
		v->spliced = false;
	}
	return n;
}

/* What to send of the left bytes that wait: a piece, or all if it is less.
 * After a first piece what is less can wait, where anything may. */
static size_t
next_piece(const struct viewer *v, uint64_t left, bool first)
{
	uint64_t end = (v->pos + PIECE_BYTES) / PAGE_BYTES * PAGE_BYTES;

	if (left >= end - v->pos)
		return (size_t)(end - v->pos);
	return first || v->set->coalesce_ms == 0 ? (size_t)left : 0;
}

/* One viewer's turn.  SENT_FULL also when its share is used up: WRITABLE
 * then brings it back after the others. */
static enum sent
send_turn(struct viewer *v)
{
	size_t sent = 0;		/* of the ring */

	v->sent_ms = uv_now(v->set->loop);
	while (sent < TURN_BYTES) {
		size_t piece = next_piece(v, ring_waiting(v), sent == 0);
		bool ring = v->pending.len == 0;
		ssize_t n;

		if (ring && piece == 0)
			return SENT_ALL;
		n = ring ? send_ring(v, piece) : send_pending(v);
		if (n > 0)
			note_sent(v, n);
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return SENT_ERROR;
		else if (errno == EAGAIN)
			return SENT_FULL;
		if (n > 0 && ring)
			sent += (size_t)n;
	}
	return SENT_FULL;
}

static void on_poll(uv_poll_t *poll, int status, int events);

static int
poll_arm(struct viewer *v, bool full)
{
	return uv_poll_start(&v->poll,
	    full ? UV_READABLE | UV_WRITABLE : UV_READABLE, on_poll);
}

/* The only place that sets state.  To the end of the list, also of the one
 * that it is in. */
static int
viewer_enter(struct viewer *v, enum viewer_state state)
{
	bool full = state == VIEWER_FULL;
	bool rearm = full != (v->state == VIEWER_FULL);

	list_remove(v);
	v->state = state;
	list_append(v);
	return rearm ? poll_arm(v, full) : 0;
}

/* Returns -1 if the viewer is lost and must be dropped. */
static int
viewer_send(struct viewer *v)
{
	uint64_t before = v->bytes;
	bool was_full = v->state == VIEWER_FULL;

	switch (send_turn(v)) {
	case SENT_ALL:
		return viewer_enter(v, v->unplaced ? VIEWER_WAITING :
		    VIEWER_EVEN);
	case SENT_FULL:
		if (!was_full)
			v->took_ms = uv_now(v->set->loop);
		return was_full && v->bytes == before ? 0 :
		    viewer_enter(v, VIEWER_FULL);
	case SENT_ERROR:
		break;
	}
	return -1;
}

/* What a viewer says after its request is of no interest, that it hangs up
 * is.  One that talks without end gets one read a turn. */
static int
discard_input(struct viewer *v)
{
	char junk[4096];
	ssize_t n = recv(v->fd, junk, sizeof(junk), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return -1;
	return 0;
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct viewer *v = poll->data;

	if (status < 0 ||
	    ((events & UV_READABLE) && discard_input(v) < 0) ||
	    ((events & UV_WRITABLE) && viewer_send(v) < 0))
		viewer_close(v);
}

/* None of these is worth losing a viewer for; a UNIX socket has no TCP. */
static void
tune_socket(int fd)
{
	int sndbuf = SNDBUF_BYTES, on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Returns where that is, or NULL. */
static const struct ringidx_mark *
viewer_join(struct viewer *v, int64_t backlog_ns)
{
	const struct ringidx_mark *m =
	    ringidx_join(&v->set->ring->idx, backlog_ns);

	v->unplaced = m == NULL;
	if (m != NULL)
		v->pos = m->pos;
	return m;
}

static struct viewer *
viewer_new(struct viewers *s, int fd, int64_t backlog_ns, const char *peer,
    const char *agent)
{
	struct viewer *v = xcalloc(1, sizeof(*v));

	v->set = s;
	v->fd = fd;
	v->backlog_ns = backlog_ns;
	v->since_ms = uv_now(s->loop);
	if (uv_poll_init(s->loop, &v->poll, fd) < 0) {
		free(v);
		return NULL;
	}
	v->peer = xstrdup(peer);
	v->group = net_group(peer);
	v->poll.data = v;
	v->agent = xstrndup(agent, AGENT_MAX);
	v->id = ++s->joined;
	v->state = VIEWER_WAITING;
	list_append(v);
	s->handles++;
	s->count++;
	return v;
}

void
viewer_open(struct viewers *s, int fd, const char *head, size_t len,
    int64_t backlog_ns, const char *peer, const char *agent)
{
	struct viewer *v = viewer_new(s, fd, backlog_ns, peer, agent);

	if (v == NULL) {
		close(fd);
		return;
	}
	tune_socket(fd);
	buf_add(&v->pending, head, len);
	(void)viewer_join(v, backlog_ns);
	if (poll_arm(v, false) < 0 || viewer_send(v) < 0)
		viewer_drop(v);
	s->on_event(s->ctx);
}

void
viewer_close(struct viewer *v)
{
	struct viewers *s = v->set;

	viewer_drop(v);
	s->on_event(s->ctx);
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
	while ((v = s->lists[VIEWER_WAITING].first) != NULL) {
		(void)viewer_join(v, v->backlog_ns);
		list_remove(v);
		v->state = VIEWER_EVEN;
		v->sent_ms = 0;
		list_prepend(v);
	}
}

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

static bool
is_due(const struct viewer *v, uint64_t now_ms, uint64_t after_ms)
{
	return ring_waiting(v) >= PIECE_BYTES ||
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
		if (ring_waiting(v) == 0)
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

bool
viewers_flush(struct viewers *s, uint64_t now_ms)
{
	bool rest = s->rest = send_due(s, now_ms);

	drop_stuck(s, now_ms);
	s->on_event(s->ctx);
	return rest;
}
