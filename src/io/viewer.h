/* viewer.h - the viewers of one relay: sockets, and where each stands.
 *
 * Internal to the relay.  A viewer owes its socket first the bytes in
 * pending (the response head, or the end of a packet that has left the
 * ring), then the ring from pos on, unless it waits for a key frame. */

#ifndef IO_VIEWER_H
#define IO_VIEWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "io/ringfile.h"

struct viewer {
	uv_poll_t poll;
	struct viewers *set;
	struct viewer *prev, *next;
	int fd;
	bool waiting;		/* for a key frame to begin at */
	bool full;		/* polled for WRITABLE */
	struct buf pending;
	uint64_t pos;
	int64_t backlog_ns;
	uint64_t sent_ms;	/* when it was last sent to */
	uint64_t took_ms;	/* when it last took something or was even */
	uint64_t bytes;
	uint64_t id;		/* of the set's; never used twice */
	uint64_t since_ms;
	char *agent;		/* what it says it is, or "" */
	char peer[64];
};

struct viewers {
	uv_loop_t *loop;
	struct ringfile *ring;
	struct viewer *first;
	size_t count;
	size_t handles;		/* not yet given back by libuv */
	uint64_t joined, bytes, laps;
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

/* Give those that wait for a key frame the one to begin at. */
void viewers_start(struct viewers *s);

/* Move those that the tail has overtaken to the newest key frame, each with
 * the end of its packet pending. */
void viewers_lap(struct viewers *s);

/* Make all wait for a key frame: the ring is about to be forgotten. */
void viewers_stop(struct viewers *s);

/* Send to those to whom it is due, drop those that take nothing. */
void viewers_flush(struct viewers *s, uint64_t now_ms);

#endif
