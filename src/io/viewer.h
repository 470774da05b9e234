/* viewer.h - the viewers of one relay: sockets, and where each stands.
 *
 * Internal to the relay.  A viewer owes its socket first the bytes in
 * pending (the response head, or the end of a packet that has left the
 * ring), then the ring from pos on, unless it waits for a key frame.
 *
 * Each is in one of three lists.  Those that take all they are given stand in
 * the order in which they were sent to: whose turn it is stands in front, and
 * nobody else need be looked at.  Those whose socket is full stand in the
 * order in which they last took something; libuv says when they can again. */

#ifndef IO_VIEWER_H
#define IO_VIEWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "io/ringfile.h"

enum viewer_state {
	VIEWER_EVEN,		/* sent to by viewers_flush() */
	VIEWER_FULL,		/* sent to when its socket is WRITABLE */
	VIEWER_WAITING,		/* for a key frame to begin at */
	VIEWER_NSTATES
};

struct viewer {
	uv_poll_t poll;
	struct viewers *set;
	struct viewer *prev, *next;
	enum viewer_state state;
	int fd;
	bool unplaced;		/* has no pos yet; it may be FULL as well */
	struct buf pending;
	bool spliced;		/* pending ends with what leads to pos */
	uint64_t pos;
	int64_t backlog_ns;
	uint64_t sent_ms;	/* when it was last sent to */
	uint64_t took_ms;	/* FULL: when it last took something */
	uint64_t bytes;
	uint64_t id;		/* of the set's; never used twice */
	uint64_t since_ms;
	uint64_t group;		/* of its address, see net_group() */
	char *peer;
	char *agent;		/* what it says it is, or "" */
};

struct viewer_list {
	struct viewer *first, *last;
};

struct viewers {
	uv_loop_t *loop;
	struct ringfile *ring;
	uint64_t coalesce_ms;	/* from one sending to the next */
	uint64_t stuck_ms;	/* dropped when it takes nothing */
	struct viewer_list lists[VIEWER_NSTATES];
	bool rest;		/* the last flush left some */
	size_t count;
	size_t handles;		/* not yet given back by libuv */
	uint64_t joined, bytes, sends, laps;
	void (*on_event)(void *ctx);	/* a viewer or a handle has gone */
	void *ctx;
};

/* Take fd over and send what there is; on failure fd is closed. */
void viewer_open(struct viewers *s, int fd, const char *head, size_t len,
    int64_t backlog_ns, const char *peer, const char *agent);

/* How many bytes are still to be sent to it. */
uint64_t viewer_behind(const struct viewer *v);

/* Drop a viewer; it is freed once its handle is closed. */
void viewer_close(struct viewer *v);

/* Drop them all. */
void viewers_close(struct viewers *s);

/* Call each for every viewer, none of which it may drop. */
void viewers_each(const struct viewers *s,
    void (*each)(void *ctx, const struct viewer *v), void *ctx);

/* The one of that id, or NULL. */
struct viewer *viewers_find(const struct viewers *s, uint64_t id);

/* Give those that wait for a key frame the one to begin at. */
void viewers_start(struct viewers *s);

/* Move those that the tail has overtaken to the newest key frame, each with
 * the end of its packet and what leads there (ts/splice.h) pending. */
void viewers_lap(struct viewers *s);

/* Make all wait for a key frame: the ring is about to be forgotten. */
void viewers_stop(struct viewers *s);

/* Send to those whose turn it is, drop those that take nothing.  True if
 * that takes so long that it should go on when the loop has gone round. */
bool viewers_flush(struct viewers *s, uint64_t now_ms);

#endif
