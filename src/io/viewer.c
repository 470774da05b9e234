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
#include "io/viewer_parts.h"

#define TURN_BYTES	(1024 * 1024)	/* to one viewer before the next */

/* The kernel doubles it.  Enough for 8 Mb/s over 200 ms, and for two pieces;
 * 500 viewers who never read hold 0.2 GB with it, 0.6 GB with 512 KiB, and
 * sending to 1,000 who do costs the same. */
#define SNDBUF_BYTES	(128 * 1024)

enum sent { SENT_ALL, SENT_FULL, SENT_ERROR };

uint64_t
viewer_owes(const struct viewer *v)
{
	return v->unplaced ? 0 : v->set->ring->head - v->pos;
}

uint64_t
viewer_behind(const struct viewer *v)
{
	return v->pending.len + viewer_owes(v);
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

void
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
	uint64_t end = (v->pos + VIEWER_PIECE) / VIEWER_PAGE * VIEWER_PAGE;

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
		size_t piece = next_piece(v, viewer_owes(v), sent == 0);
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

/* Only here and in viewer_go_first() state changes.  To the end of the list,
 * also of the one that it is in. */
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

const struct ringidx_mark *
viewer_join(struct viewer *v, int64_t backlog_ns)
{
	const struct ringidx_mark *m =
	    ringidx_join(&v->set->ring->idx, backlog_ns);

	v->unplaced = m == NULL;
	if (m != NULL)
		v->pos = m->pos;
	return m;
}

void
viewer_go_first(struct viewer *v)
{
	(void)viewer_join(v, v->backlog_ns);
	list_remove(v);
	v->state = VIEWER_EVEN;
	v->sent_ms = 0;
	list_prepend(v);
}

int
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
