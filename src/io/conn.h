/* conn.h - connections that have not become viewers, oldest first.
 *
 * Internal to http.c.  A connection belongs to its set; whatever ends it,
 * it is freed when libuv has given its handle back, and on_gone is told. */

#ifndef IO_CONN_H
#define IO_CONN_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "io/http.h"
#include "io/request.h"

struct conn;

struct conns_limits {
	size_t connections, pending;	/* pending: that owe us a head */
	size_t per_address, control;
	uint64_t head_ms, idle_ms, stuck_ms, answer_ms;
	struct request_limits request;
};

struct conns {
	uv_loop_t *loop;
	http_handler *handler;
	http_counter *counter;
	void *handler_ctx;
	struct conns_limits limits;
	struct conn *first, *last;
	size_t count;
	size_t lingering;		/* of these: have had their last answer */
	size_t handles;			/* not yet given back by libuv */
	void (*on_gone)(void *ctx);	/* a handle has been */
	void *ctx;
};

/* Serve fd, a non-blocking socket, until it ends.  Names are copied.  Beyond
 * the limits it, or the one that has kept us waiting longest, gets 503. */
void conns_add(struct conns *s, int fd, const char *peer,
    const struct http_peer *from);

/* End those that have been given long enough; call it about twice a
 * second. */
void conns_sweep(struct conns *s, uint64_t now_ms);

void conns_close(struct conns *s);

#endif
