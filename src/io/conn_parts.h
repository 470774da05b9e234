/* conn_parts.h - what conn.c (the life of a connection) and conn_limits.c (who
 * has to give way) share. */

#ifndef IO_CONN_PARTS_H
#define IO_CONN_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "io/conn.h"
#include "io/sender.h"

enum conn_state {
	CONN_READ, CONN_AWAIT, CONN_NEXT, CONN_HOLD, CONN_WRITE, CONN_LINGER
};

struct conn {
	uv_poll_t poll;
	struct conns *set;
	struct conn *prev, *next;
	int fd;
	enum conn_state state;
	bool closed;
	bool last;		/* the answer being written is the last */
	struct http_peer from;
	uint64_t deadline_ms;
	uint64_t taken_by_ms;		/* all of the answer */
	struct request request;
	struct buf in;		/* read, not yet parsed */
	struct sender out;
	struct http_ticket *ticket;	/* the handler's, with HOLD */
	uint64_t group;		/* of its address, see net_group() */
	char peer[64];
};

/* Is that one, which has just been added and counts, one too many? */
bool conns_is_full(const struct conns *s, const struct conn *c);

/* Newcomers are not turned away for those who dawdle: beyond the limit the one
 * that has owed us its request longest gives way.  NULL: nobody has to. */
struct conn *conns_dawdler(const struct conns *s);

/* Nor for those who have had their answer: as many as may owe us a request
 * may be listened to for a moment longer.  The one that goes, or NULL. */
struct conn *conns_lingerer(const struct conns *s);

#endif
