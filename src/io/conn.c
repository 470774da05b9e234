/* Happy path: AWAIT, first byte, READ, the head is complete, the handler
 * answers (or HOLDs the connection until it can), WRITE until the answer is
 * out, AWAIT the next request.  What the peer has already sent of that is
 * looked at when everybody else has had a turn (NEXT): hundreds of requests
 * fit into one read.  A stream's socket is duplicated for the relay and the
 * connection ends without the peer noticing.
 * Ways it ends: the peer closes, an error, a time limit (sweep), a refusal:
 * that is written, our side shut, and what the peer still sends discarded
 * for a moment (LINGER), because closing on unread input resets the
 * connection and may take the answer with it. */

#include "io/conn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net.h"
#include "base/xmem.h"
#include "io/logfile.h"
#include "io/relay.h"
#include "io/reply.h"

#define HOLD_MS		60000	/* what a holder may take at most */
#define LINGER_MS	2000
#define AHEAD_MAX	16384	/* sent by a client that waits for an answer */

struct http_ticket {
	struct conn *conn;	/* NULL: the client has gone */
};

static void
on_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;
	struct conns *s = c->set;

	close(c->fd);
	request_fini(&c->request);
	buf_fini(&c->in);
	sender_fini(&c->out);
	free(c);
	s->handles--;
	s->on_gone(s->ctx);
}

static void
conn_close(struct conn *c)
{
	struct conns *s = c->set;

	if (c->closed)
		return;
	c->closed = true;
	if (c->ticket != NULL)
		c->ticket->conn = NULL;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		s->last = c->prev;
	s->count--;
	s->lingering -= c->state == CONN_LINGER;
	uv_close((uv_handle_t *)&c->poll, on_closed);
}

static void on_poll(uv_poll_t *poll, int status, int events);

/* The only place that sets state. */
static void
conn_enter(struct conn *c, enum conn_state state)
{
	const struct conns_limits *l = &c->set->limits;
	const uint64_t limit_ms[] = {
		[CONN_READ] = l->head_ms,
		[CONN_AWAIT] = l->idle_ms,
		[CONN_NEXT] = l->stuck_ms,
		[CONN_HOLD] = HOLD_MS,
		[CONN_WRITE] = l->stuck_ms,
		[CONN_LINGER] = LINGER_MS,
	};
	int events = state == CONN_WRITE || state == CONN_NEXT ?
	    UV_WRITABLE : UV_READABLE;

	c->set->lingering += state == CONN_LINGER;
	c->state = state;
	c->deadline_ms = uv_now(c->set->loop) + limit_ms[state];
	if (uv_poll_start(&c->poll, events, on_poll) < 0)
		conn_close(c);
}

static void
conn_count(const struct conn *c, int status)
{
	const struct request *r = &c->request;

	c->set->counter(c->set->handler_ctx, r->status == 200 ? r->path : "",
	    status);
}

static void
conn_refuse(struct conn *c, int status)
{
	struct http_answer a = { .status = status };

	if (status == 405)
		a.allow = "GET, HEAD";
	c->last = !c->request.keep_alive;
	reply_document(&c->out.head, &a, c->request.head, !c->last);
	conn_count(c, status);
	if (c->from.control)
		logfile(LOG_WARN, "control", "uid=%" PRId64 " pid=%" PRId64
		    " status=%d", c->from.uid, c->from.pid, status);
	buf_fini(&a.body);
}

/* The relay gets a descriptor of its own: libuv must not poll one twice, and
 * this one's handle is gone only some time after now. */
static void
conn_hand_over(struct conn *c, const struct http_answer *a)
{
	struct buf head = { 0 };
	int fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0) {
		c->request.keep_alive = false;
		conn_refuse(c, 503);
		return;
	}
	conn_count(c, 200);
	conn_close(c);
	reply_stream(&head);
	relay_viewer_add(a->stream, fd, (const char *)head.data, head.len,
	    a->backlog_ns, c->peer, request_value(&c->request,
	    FIELD_USER_AGENT));
	buf_fini(&head);
}

static void
answer_fini(struct http_answer *a)
{
	buf_fini(&a->body);
	buf_fini(&a->fields);
	blob_unref(a->blob);
}

static void
conn_document(struct conn *c, struct http_answer *a)
{
	bool head = c->request.head || a->status == 304;

	c->last = !c->request.keep_alive;
	reply_document(&c->out.head, a, head, !c->last);
	if (a->ring != NULL && !head)
		sender_ring(&c->out, a->ring, a->from, a->to);
	if (a->blob != NULL && !head)
		sender_blob(&c->out, blob_ref(a->blob));
}

static void
conn_take(struct conn *c, struct http_answer *a)
{
	if (a->stream != NULL && a->status == 200 && !c->request.head) {
		conn_hand_over(c, a);
	} else if (a->stream != NULL && a->status == 200) {
		c->last = true;
		conn_count(c, a->status);
		reply_stream(&c->out.head);
	} else {
		conn_count(c, a->status);
		conn_document(c, a);
	}
}

static void
conn_ask(struct conn *c)
{
	struct conns *s = c->set;
	struct request *r = &c->request;
	struct http_answer a = { .status = 404 };
	const struct http_request q = {
		.head = r->head,
		.post = r->post,
		.gzip = request_takes_gzip(r),
		.from = c->from,
		.path = r->path,
		.query = r->query,
		.peer = c->peer,
		.host = request_value(r, FIELD_HOST),
		.if_none_match = request_value(r, FIELD_IF_NONE_MATCH),
		.if_modified_since = request_value(r, FIELD_IF_MODIFIED_SINCE),
		.user_agent = request_value(r, FIELD_USER_AGENT),
		.conn = c,
	};

	s->handler(s->handler_ctx, &q, &a);
	if (c->ticket != NULL)
		conn_enter(c, CONN_HOLD);
	else
		conn_take(c, &a);
	answer_fini(&a);
}

struct http_ticket *
http_hold(const struct http_request *q)
{
	struct http_ticket *t = xcalloc(1, sizeof(*t));

	t->conn = q->conn;
	q->conn->ticket = t;
	return t;
}

bool
http_ticket_gone(const struct http_ticket *t)
{
	return t->conn == NULL;
}

static void
conn_finish(struct conn *c)
{
	if (c->last) {
		(void)shutdown(c->fd, SHUT_WR);
		conn_enter(c, CONN_LINGER);
		return;
	}
	request_reset(&c->request);
	if (c->in.len == 0)
		buf_fini(&c->in);	/* who idles costs little */
	conn_enter(c, c->in.len > 0 ? CONN_NEXT : CONN_AWAIT);
}

/* For as long as he goes on, but not for ever: what is kept for who takes a
 * byte now and then is kept from others. */
static void
conn_wait_taken(struct conn *c, bool moved)
{
	const struct conns_limits *l = &c->set->limits;
	uint64_t now_ms = uv_now(c->set->loop);

	if (c->state != CONN_WRITE) {
		c->taken_by_ms = now_ms + l->answer_ms;
		conn_enter(c, CONN_WRITE);
	} else if (moved) {
		c->deadline_ms = now_ms + l->stuck_ms < c->taken_by_ms ?
		    now_ms + l->stuck_ms : c->taken_by_ms;
	}
}

/* Send what the socket takes of the answer. */
static void
conn_answer(struct conn *c)
{
	bool moved = false;
	int rc = sender_write(&c->out, c->fd, &moved);

	if (rc < 0)
		conn_close(c);
	else if (rc > 0)
		conn_finish(c);
	else
		conn_wait_taken(c, moved);
}

/* Parse what is there, up to the end of one request, and answer that. */
static void
conn_proceed(struct conn *c)
{
	size_t n = request_feed(&c->request, c->in.data, c->in.len);

	buf_drain(&c->in, n);
	if (c->request.status == 0) {
		if (c->state != CONN_READ && n > 0)
			conn_enter(c, CONN_READ);
		return;
	}
	if (c->request.status == 200)
		conn_ask(c);
	else
		conn_refuse(c, c->request.status);
	if (!c->closed && c->ticket == NULL)
		conn_answer(c);
}

void
http_settle(struct http_ticket *t, struct http_answer *a)
{
	struct conn *c = t->conn;

	if (c != NULL) {
		c->ticket = NULL;
		conn_take(c, a);
		if (!c->closed)
			conn_answer(c);
	}
	answer_fini(a);
	free(t);
}

static void
conn_read(struct conn *c)
{
	uint8_t bytes[16384];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		conn_close(c);
		return;
	}
	if (c->state == CONN_LINGER)
		return;
	buf_add(&c->in, bytes, (size_t)n);
	if (c->state != CONN_HOLD)
		conn_proceed(c);
	else if (c->in.len > AHEAD_MAX)
		conn_close(c);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct conn *c = poll->data;

	if (status < 0)
		conn_close(c);
	else if (c->state == CONN_WRITE)
		conn_answer(c);
	else if (c->state == CONN_NEXT)
		conn_proceed(c);
	else if (events & UV_READABLE)
		conn_read(c);
}

/* Say status if the socket takes it, and end. */
static void
conn_dismiss(struct conn *c, int status)
{
	c->request.keep_alive = false;
	conn_refuse(c, status);
	conn_answer(c);
}

static struct conn *
conn_new(struct conns *s, int fd, const char *peer)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->set = s;
	c->fd = fd;
	(void)snprintf(c->peer, sizeof(c->peer), "%s", peer);
	c->group = net_group(peer);
	if (uv_poll_init(s->loop, &c->poll, fd) < 0) {
		free(c);
		return NULL;
	}
	c->poll.data = c;
	request_init(&c->request, &s->limits.request);
	c->prev = s->last;
	if (s->last != NULL)
		s->last->next = c;
	else
		s->first = c;
	s->last = c;
	s->count++;
	s->handles++;
	return c;
}

void
conns_add(struct conns *s, int fd, const char *peer,
    const struct http_peer *from)
{
	struct conn *c = conn_new(s, fd, peer), *late;

	if (c == NULL) {
		close(fd);
		return;
	}
	c->from = *from;
	conn_enter(c, CONN_READ);
	if (conns_is_full(s, c))
		conn_dismiss(c, 503);
	else if ((late = conns_dawdler(s)) != NULL)
		conn_dismiss(late, 503);
	if ((late = conns_lingerer(s)) != NULL)
		conn_close(late);
}

void
conns_sweep(struct conns *s, uint64_t now_ms)
{
	struct conn *c, *next;

	for (c = s->first; c != NULL; c = next) {
		next = c->next;
		if (now_ms < c->deadline_ms)
			continue;
		if (c->state == CONN_READ)
			conn_dismiss(c, 408);
		else
			conn_close(c);
	}
}

void
conns_close(struct conns *s)
{
	while (s->first != NULL)
		conn_close(s->first);
}
