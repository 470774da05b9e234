/* discover_parts.h - what discover.c (the whole, and the search by UDP),
 * discover_control.c (settings by TCP) and discover_ssdp.c share. */

#ifndef IO_DISCOVER_PARTS_H
#define IO_DISCOVER_PARTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "air/ssdp.h"
#include "base/buf.h"
#include "io/discover.h"
#include "io/pages.h"

#define DISCOVER_IN	2048	/* bytes; no datagram of ours is longer */
#define SSDP_PLACES_MAX	16	/* addresses where we are announced */

struct control;

struct discover {
	uv_loop_t *loop;
	const struct pages *pages;
	uv_udp_t search, ssdp;
	uv_tcp_t control;
	uv_timer_t ssdp_timer;
	size_t handles;			/* not yet given back by libuv */
	bool closing;
	uint64_t second;		/* of the loop's clock, in which ... */
	unsigned answers;		/* ... so many were given */
	struct control *controls;	/* the newest first */
	size_t ncontrols;
	struct in_addr places[SSDP_PLACES_MAX];
	size_t nplaces;
	unsigned ticks;			/* of ssdp_timer */
	char uuid[SSDP_UUID_SIZE];
	char in[DISCOVER_IN];
};

/* A handle that has been initialised: it counts until it is closed. */
void discover_add(struct discover *d, uv_handle_t *h);
void discover_drop(uv_handle_t *h);
void discover_on_closed(uv_handle_t *h);

/* For uv_*_recv_start(): all datagrams are read into d->in. */
void discover_on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *b);

/* True if http.allow has him. */
bool discover_allows(const struct discover *d,
    const struct sockaddr_in *peer);

/* True if he may be answered; it counts as an answer. */
bool discover_may_answer(struct discover *d, const struct sockaddr_in *peer);

/* Append what URLs begin with for him; false if he reaches nothing of
 * ours. */
bool discover_base_url(const struct discover *d,
    const struct sockaddr_in *peer, struct buf *out);

/* True for a whole datagram of IPv4, whose sender is *from. */
bool discover_is_datagram(ssize_t n, const struct sockaddr *addr,
    unsigned flags, struct sockaddr_in *from);

void discover_send(uv_udp_t *h, const struct buf *b,
    const struct sockaddr_in *to);

/* Open; 0, or libuv's error. */
int discover_control_open(struct discover *d, const char *host);
int discover_ssdp_open(struct discover *d);

void discover_control_close(struct discover *d);
void discover_ssdp_close(struct discover *d);

#endif
