/* rig.h - a relay on a loop of its own, fed packets that say their number,
 * and what reads them at the other end of a TCP connection. */

#ifndef RIG_H
#define RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/arith.h"
#include "base/buf.h"
#include "io/relay.h"
#include "ts/grid.h"
#include "ts/ringidx.h"

#define PACKET		188
#define HEAD		"HTTP/1.1 200 OK\r\n\r\n"
#define HEAD_LEN	(sizeof HEAD - 1)
#define DEADLINE_NS	(20 * NS_PER_S)

struct rig {
	uv_loop_t loop;
	struct relay *relay;
	size_t told;		/* the count that on_count told */
	uint64_t packets;	/* fed so far */
	bool flushing;		/* who waits for bytes flushes meanwhile */
};

/* The other end of a viewer. */
struct peer {
	int fd;
	struct buf got;		/* not yet looked at */
};

static inline void
packet_write(uint8_t *p, uint64_t n)
{
	p[0] = 0x47;
	for (size_t i = 1; i < PACKET; i++)
		p[i] = (uint8_t)(n >> i % 8 * 8);
}

/* The number of the packet at p, which is whole. */
static inline uint64_t
packet_number(const uint8_t *p)
{
	uint8_t want[PACKET];
	uint64_t n = 0;

	for (size_t i = 8; i-- > 0;)
		n = n << 8 | p[8 + i];
	packet_write(want, n);
	assert_memory_equal(p, want, PACKET);
	return n;
}

static inline void
rig_on_count(void *ctx, size_t viewers)
{
	((struct rig *)ctx)->told = viewers;
}

static inline void
rig_init(struct rig *g, bool sendfile, int coalesce_ms)
{
	const struct station st = {
		.relay = { .ring_ns = RINGIDX_NS, .coalesce_ms = coalesce_ms,
		    .sendfile = sendfile },
		.gate.limits.stuck_seconds = 10,
	};

	*g = (struct rig){ 0 };
	assert_int_equal(uv_loop_init(&g->loop), 0);
	g->relay = relay_new(&g->loop, rig_on_count, g);
	relay_tune(g->relay, &st);
}

static inline void
rig_fini(struct rig *g)
{
	relay_close(g->relay);
	uv_run(&g->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&g->loop), 0);
}

/* Append n packets. */
static inline void
rig_feed(struct rig *g, size_t n)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n; i++)
		packet_write(buf_extend(&b, PACKET), g->packets++);
	assert_int_equal(relay_append(g->relay, b.data, b.len), 0);
	buf_fini(&b);
}

/* The next packet begins the key frame of that second. */
static inline void
rig_mark(struct rig *g, int64_t second)
{
	const struct splice splice = { .pcr = (second + 1) * PCR_HZ };

	relay_mark(g->relay, second, second * NS_PER_S, &splice);
}

/* As if so many milliseconds had passed since the loop looked at the clock. */
static inline void
rig_flush(struct rig *g, uint64_t ms)
{
	relay_flush(g->relay, uv_now(&g->loop) + ms);
}

/* Let the loop see what sockets have to say. */
static inline void
rig_turn(struct rig *g)
{
	uv_run(&g->loop, UV_RUN_NOWAIT);
}

/* A viewer with that backlog; rcvbuf: its end's buffer, 0 the usual. */
static inline struct peer
rig_join(struct rig *g, int64_t backlog_s, int rcvbuf)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int l = socket(AF_INET, SOCK_STREAM, 0), fd;
	struct peer p = { .fd = socket(AF_INET, SOCK_STREAM, 0) };

	if (rcvbuf != 0)
		assert_int_equal(setsockopt(p.fd, SOL_SOCKET, SO_RCVBUF,
		    &rcvbuf, sizeof rcvbuf), 0);
	assert_int_equal(bind(l, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(l, 1), 0);
	assert_int_equal(getsockname(l, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(connect(p.fd, (struct sockaddr *)&a, len), 0);
	fd = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	assert_true(fd >= 0);
	close(l);
	relay_viewer_add(g->relay, fd, HEAD, HEAD_LEN, backlog_s * NS_PER_S,
	    "127.0.0.1:1", "");
	return p;
}

static inline void
peer_close(struct peer *p)
{
	close(p->fd);
	buf_fini(&p->got);
}

/* Take what is there; true if that was something. */
static inline bool
peer_take(struct peer *p)
{
	uint8_t bytes[65536];
	bool some = false;
	ssize_t n;

	while ((n = recv(p->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
		buf_add(&p->got, bytes, (size_t)n);
		some = true;
	}
	return some;
}

/* Take what the relay has for it by now, as far as it is here. */
static inline void
peer_drain(struct rig *g, struct peer *p)
{
	do
		rig_turn(g);
	while (peer_take(p));
}

/* Wait until n bytes are here that have not been looked at. */
static inline void
peer_await(struct rig *g, struct peer *p, size_t n)
{
	uint64_t end = uv_hrtime() + DEADLINE_NS;

	for (;;) {
		peer_drain(g, p);
		if (p->got.len >= n)
			return;
		assert_true(uv_hrtime() < end);
		if (g->flushing)
			rig_flush(g, 100);
		(void)poll(&(struct pollfd){ p->fd, POLLIN, 0 }, 1, 1);
	}
}

static inline void
peer_expect_head(struct rig *g, struct peer *p)
{
	peer_await(g, p, HEAD_LEN);
	assert_memory_equal(p->got.data, HEAD, HEAD_LEN);
	buf_drain(&p->got, HEAD_LEN);
}

/* The number of the next packet. */
static inline uint64_t
peer_next(struct rig *g, struct peer *p)
{
	uint64_t n;

	peer_await(g, p, PACKET);
	n = packet_number(p->got.data);
	buf_drain(&p->got, PACKET);
	return n;
}

/* True if the next one has a discontinuity_indicator and no payload, as none
 * that is fed has. */
static inline bool
peer_is_led(struct rig *g, struct peer *p)
{
	const uint8_t *next;

	peer_await(g, p, PACKET);
	next = p->got.data;
	return next[3] >> 4 == 2 && next[4] == 183 && (next[5] & 0x80) != 0;
}

/* What leads to another place is next, once. */
static inline void
peer_expect_splice(struct rig *g, struct peer *p)
{
	for (int i = 0; i < SPLICE_NPIDS; i++) {
		assert_true(peer_is_led(g, p));
		buf_drain(&p->got, PACKET);
	}
	assert_false(peer_is_led(g, p));
}

/* The next ones are the packets from first to last - 1; what there is of
 * another stays. */
static inline void
peer_expect(struct rig *g, struct peer *p, uint64_t first, uint64_t last)
{
	size_t n = (size_t)(last - first);

	peer_await(g, p, n * PACKET);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(packet_number(p->got.data + i * PACKET),
		    first + i);
	buf_drain(&p->got, n * PACKET);
}

/* There are no more. */
static inline void
peer_expect_nothing(struct rig *g, struct peer *p)
{
	peer_drain(g, p);
	assert_int_equal(p->got.len, 0);
}

/* Wait until so many viewers are left. */
static inline void
rig_await_told(struct rig *g, size_t n)
{
	uint64_t end = uv_hrtime() + DEADLINE_NS;

	while (g->told != n) {
		assert_true(uv_hrtime() < end);
		rig_turn(g);
		(void)poll(NULL, 0, 1);
	}
}

#endif
