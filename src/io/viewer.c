/* Happy path: viewer_open() sends the head and the backlog as far as the
 * socket takes them; EAGAIN arms WRITABLE, on which sending goes on; being
 * even disarms it, and from then on viewers_flush() sends what has come.
 * Ways it ends: the peer closes or resets (READABLE), sending fails, or
 * STUCK_MS without progress while something waits.  SIGPIPE must be ignored:
 * sendfile() has no MSG_NOSIGNAL. */

#include "io/viewer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xmem.h"

#define DUE_BYTES	(64 * 1024)	/* sent at once when so much waits */
#define DUE_MS		100		/* or so long after the last time */
#define STUCK_MS	30000		/* dropped when it takes nothing */
#define TURN_BYTES	(1024 * 1024)	/* to one viewer before the next */
#define SNDBUF_BYTES	(512 * 1024)
#define USER_TIMEOUT_MS	20000		/* unacknowledged: the peer is gone */

enum sent { SENT_ALL, SENT_FULL, SENT_ERROR };

uint64_t
viewer_behind(const struct viewer *v)
{
	uint64_t n = v->pending.len;

	if (!v->waiting)
		n += v->set->ring->head - v->pos;
	return n;
}

static void
on_closed(uv_handle_t *handle)
{
	struct viewer *v = handle->data;
	struct viewers *s = v->set;

	close(v->fd);
	buf_fini(&v->pending);
	free(v->agent);
	free(v);
	s->handles--;
	s->on_event(s->ctx);
}

/* Off the list, and its handle on the way out. */
static void
viewer_drop(struct viewer *v)
{
	struct viewers *s = v->set;

	if (v->prev != NULL)
		v->prev->next = v->next;
	else
		s->first = v->next;
	if (v->next != NULL)
		v->next->prev = v->prev;
	s->count--;
	uv_close((uv_handle_t *)&v->poll, on_closed);
}

static void
note_sent(struct viewer *v, ssize_t n)
{
	v->bytes += (uint64_t)n;
	v->set->bytes += (uint64_t)n;
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
	return n;
}

static ssize_t
send_ring(struct viewer *v, uint64_t max)
{
	off_t off = (off_t)v->pos;
	ssize_t n = sendfile(v->fd, v->set->ring->fd, &off, (size_t)max);

	if (n > 0)
		v->pos += (uint64_t)n;
	return n;
}

/* One viewer's turn.  SENT_FULL also when its share is used up: WRITABLE
 * then brings it back after the others. */
static enum sent
send_turn(struct viewer *v)
{
	uint64_t share = TURN_BYTES;
	uint64_t left;

	v->sent_ms = uv_now(v->set->loop);
	while ((left = viewer_behind(v)) > 0 && share > 0) {
		ssize_t n = v->pending.len > 0 ? send_pending(v) :
		    send_ring(v, left < share ? left : share);

		if (n > 0) {
			note_sent(v, n);
			share -= (uint64_t)n < share ? (uint64_t)n : share;
		} else if (n == 0) {
			return SENT_ERROR;
		} else if (errno == EAGAIN) {
			return SENT_FULL;
		} else if (errno != EINTR) {
			return SENT_ERROR;
		}
	}
	return left > 0 ? SENT_FULL : SENT_ALL;
}

static void on_poll(uv_poll_t *poll, int status, int events);

static int
poll_arm(struct viewer *v, bool full)
{
	v->full = full;
	return uv_poll_start(&v->poll,
	    full ? UV_READABLE | UV_WRITABLE : UV_READABLE, on_poll);
}

/* Returns -1 if the viewer is lost and must be dropped. */
static int
viewer_send(struct viewer *v)
{
	enum sent rc = send_turn(v);

	if (rc == SENT_ERROR)
		return -1;
	if ((rc == SENT_FULL) != v->full)
		return poll_arm(v, rc == SENT_FULL);
	return 0;
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
	int sndbuf = SNDBUF_BYTES, on = 1, timeout = USER_TIMEOUT_MS;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout,
	    sizeof(timeout));
}

static void
viewer_join(struct viewer *v, int64_t backlog_ns)
{
	const struct ringidx_mark *m =
	    ringidx_join(&v->set->ring->idx, backlog_ns);

	v->waiting = m == NULL;
	if (m != NULL)
		v->pos = m->pos;
}

static struct viewer *
viewer_new(struct viewers *s, int fd, int64_t backlog_ns, const char *peer,
    const char *agent)
{
	struct viewer *v = xcalloc(1, sizeof(*v));

	v->set = s;
	v->fd = fd;
	v->backlog_ns = backlog_ns;
	v->took_ms = v->since_ms = uv_now(s->loop);
	(void)snprintf(v->peer, sizeof(v->peer), "%s", peer);
	if (uv_poll_init(s->loop, &v->poll, fd) < 0) {
		free(v);
		return NULL;
	}
	v->poll.data = v;
	v->agent = xstrdup(agent);
	v->id = ++s->joined;
	v->next = s->first;
	if (s->first != NULL)
		s->first->prev = v;
	s->first = v;
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
	viewer_join(v, backlog_ns);
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
viewers_start(struct viewers *s)
{
	struct viewer *v;

	for (v = s->first; v != NULL; v = v->next)
		if (v->waiting)
			viewer_join(v, v->backlog_ns);
}

/* The socket's side must see whole packets: what is left of the one that is
 * partly sent leaves the ring with the viewer. */
static void
keep_rest(struct viewer *v)
{
	uint8_t rest[RINGFILE_PACKET];

	if (v->waiting)
		return;
	buf_add(&v->pending, rest, ringfile_rest(v->set->ring, v->pos, rest));
}

/* Who is overtaken though his socket takes all that it is given has only
 * waited for his turn, while a step of the clock made the ring's past void. */
static int
catch_up(struct viewer *v)
{
	return v->pos < v->set->ring->tail && !v->full ? viewer_send(v) : 0;
}

void
viewers_lap(struct viewers *s)
{
	struct viewer *v, *next;

	for (v = s->first; v != NULL; v = next) {
		next = v->next;
		if (v->waiting)
			continue;
		if (catch_up(v) < 0) {
			viewer_drop(v);
			continue;
		}
		if (v->pos >= s->ring->tail)
			continue;
		keep_rest(v);
		viewer_join(v, 0);
		s->laps++;
	}
}

void
viewers_stop(struct viewers *s)
{
	struct viewer *v;

	for (v = s->first; v != NULL; v = v->next) {
		keep_rest(v);
		v->waiting = true;
	}
}

/* Nobody told the kernel to look at a viewer that is even: what comes for it
 * is sent from here, in pieces worth a system call. */
static int
flush_one(struct viewer *v, uint64_t now_ms)
{
	uint64_t n = viewer_behind(v);

	if (n == 0) {
		v->took_ms = now_ms;
		return 0;
	}
	if (v->full)
		return now_ms - v->took_ms < STUCK_MS ? 0 : -1;
	if (n < DUE_BYTES && now_ms - v->sent_ms < DUE_MS)
		return 0;
	return viewer_send(v);
}

void
viewers_flush(struct viewers *s, uint64_t now_ms)
{
	struct viewer *v, *next;

	for (v = s->first; v != NULL; v = next) {
		next = v->next;
		if (flush_one(v, now_ms) < 0)
			viewer_drop(v);
	}
	s->on_event(s->ctx);
}
