/* hls_server.h - one channel as HLS: its playlist, its segments out of the
 * relay's ring, and which of those who ask for them are viewers.
 *
 * Nobody stays connected, so a viewer is who has asked for the playlist within
 * the last three segments; one address with one user agent counts as one.  That
 * costs a client nothing, not even a connection: who has asked but once takes
 * nobody's place yet, but for that of others from his address.
 *
 * Happy path: a playlist is asked for, which makes its client a viewer and so
 * puts an on-demand channel on the air; the request is held until there is
 * enough of it, and answered from hls_server_step().  Ways that ends
 * otherwise: two segments' time has passed (what there is, or 503), or the
 * channel goes off the air (503). */

#ifndef IO_HLS_SERVER_H
#define IO_HLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/lease.h"
#include "io/http.h"
#include "io/relay.h"
#include "ts/grid.h"

struct hls_server;

struct hls_server_env {
	uv_loop_t *loop;
	struct relay *relay;
	struct grid grid;
	const char *slug;		/* of the channel */
	/* Called when the number of viewers has changed. */
	void (*on_count)(void *ctx, size_t viewers);
	void *ctx;
};

/* What env points to is borrowed and outlives the server. */
struct hls_server *hls_server_new(const struct hls_server_env *env);

/* Who still waits gets 503; on_count is not called again, and the relay may
 * have gone before.  NULL is nothing. */
void hls_server_free(struct hls_server *h);

/* Answer, now or later, who asks for "index.m3u8" or "NUMBER.ts".  reason: why
 * the channel cannot air, or NULL.  now is the house clock. */
void hls_server_answer(struct hls_server *h, const char *name,
    const char *reason, const struct http_request *q, struct http_answer *a,
    int64_t now);

enum hls_guest {
	HLS_KNOWN,	/* makes no viewer more */
	HLS_ONCE,	/* has asked once, and counts in full from now on */
	HLS_STRANGER,	/* will have asked once */
};

/* Who he is that asks for that. */
enum hls_guest hls_server_guest(const struct hls_server *h, const char *name,
    const struct http_request *q);

/* How many viewers have an address of that group, see net_group(). */
size_t hls_server_count(const struct hls_server *h, uint64_t group);

/* How many viewers have asked but once, and fetched nothing. */
size_t hls_server_fleeting(const struct hls_server *h);

/* All viewers, in no order. */
void hls_server_list(const struct hls_server *h,
    void (*fn)(void *ctx, const struct lease *who), void *ctx);

/* That one is no viewer any more, and is refused (403) until he has not asked
 * for three segments' time.  False: there is no such one. */
bool hls_server_kick(struct hls_server *h, uint64_t id);

/* Answer those that wait and can be, let go of viewers that have not asked;
 * at least once a second, and when the ring has grown. */
void hls_server_step(struct hls_server *h, int64_t now);

/* The channel goes off the air, for that reason: there is no viewer, and who
 * waits gets 503. */
void hls_server_end(struct hls_server *h, const char *reason);

/* How far back a channel begins that is cold, where it has such viewers. */
int64_t hls_server_backlog_ns(const struct hls_server *h, int64_t now);

#endif
