/* relay.h - one channel's stream on its way to its viewers.
 *
 * The last minute stands in memory, see ringfile.h.  A viewer is an own socket
 * and an offset in it, served by sendfile(2): no copy per viewer, and a slow
 * one costs nobody else anything.
 *
 * One loop does it all, threads would not help: it feeds 1,000 viewers of
 * 4 Mb/s with a tenth of a core, and what one core can send is more than ten
 * 1 Gb/s ports take.
 *
 * Happy path: http.c parses a request, answers with the head and gives the
 * socket here; the viewer is sent everything from a key frame on as fast as it
 * takes it, then what relay_flush() makes due.  Ways it ends: the peer closes,
 * an error, or so many seconds in which it took nothing.  One that falls out
 * of the ring gets the rest of the packet it is in and goes on at the newest
 * key frame. */

#ifndef IO_RELAY_H
#define IO_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "plan/station.h"
#include "ts/ringidx.h"

struct relay;

/* on_count is called when the number of viewers has changed. */
struct relay *relay_new(uv_loop_t *loop,
    void (*on_count)(void *ctx, size_t viewers), void *ctx);

/* Set what the station file says of relays, and how long viewers may be
 * stuck; until then its defaults hold.  sendfile counts until the first byte
 * is there. */
void relay_tune(struct relay *r, const struct station *st);

/* Close every viewer and free the relay once their handles are closed and
 * nobody holds it. */
void relay_close(struct relay *r);

/* Who reads a range of the ring without being a viewer keeps it there, though
 * not its bytes, until the release. */
void relay_hold(struct relay *r);
void relay_release(struct relay *r);

/* Send of the ring's bytes [*pos, to) what fd takes in one call, and move
 * *pos.  Bytes sent, or -errno; -ESTALE where the first of them has left the
 * ring. */
ssize_t relay_send(struct relay *r, int fd, uint64_t *pos, uint64_t to);

/* Append len bytes (whole packets) to the ring; 0 or -errno. */
int relay_append(struct relay *r, const void *data, size_t len);

/* The next byte appended begins the key frame of slot frame (PAT first),
 * due at air_ns; splice: how to come there from elsewhere (copied). */
void relay_mark(struct relay *r, int64_t frame, int64_t air_ns,
    const struct splice *splice);

/* The next key frame marked does not follow on what stands in the ring. */
void relay_break(struct relay *r);

/* Where the key frames in the ring are; borrowed until the next call. */
const struct ringidx *relay_index(const struct relay *r);

/* Send what waits: to each viewer with 60 KiB or more waiting or last sent
 * to coalesce_ms ago or longer.  now_ms is uv_now().  Gives the ring's tail back
 * and closes viewers that are stuck.  Where there is much to send the rest of
 * it follows by itself, a little each time that the loop goes round. */
void relay_flush(struct relay *r, uint64_t now_ms);

/* Close every viewer. */
void relay_close_viewers(struct relay *r);

/* Forget the stream: the channel has stopped, positions are void. */
void relay_reset(struct relay *r);

/* Take over a connected non-blocking socket whose response head (len bytes)
 * is still to be sent before the stream.  backlog_ns: how old the key frame
 * to begin at should at least be, counted from the newest mark's air_ns (or
 * the oldest there is).  With nothing in the ring yet, the viewer waits for
 * the first mark.
 * agent: what it says it is, or "". */
void relay_viewer_add(struct relay *r, int fd, const char *head, size_t len,
    int64_t backlog_ns, const char *peer, const char *agent);

struct relay_counts {
	size_t viewers;
	uint64_t joined;	/* viewers ever */
	uint64_t bytes;		/* sent to all viewers */
	uint64_t sends;		/* calls that it took */
	uint64_t laps;		/* times a viewer fell out of the ring */
	uint64_t made;		/* bytes of the stream, ever */
};
struct relay_counts relay_counts(const struct relay *r);

/* What is known of a viewer; borrowed. */
struct relay_viewer {
	uint64_t id;		/* of this relay's; never used twice */
	uint64_t group;		/* of its address, see net_group() */
	const char *peer, *agent;
	uint64_t since_ms;	/* by uv_now() */
	uint64_t bytes;		/* sent to it */
	uint64_t behind;	/* waiting to be ... */
	int64_t behind_ns;	/* ... and how long the oldest of that has,
				 * to a group of pictures */
};

/* Call each for every viewer. */
void relay_list(const struct relay *r,
    void (*each)(void *ctx, const struct relay_viewer *v), void *ctx);

/* Close that viewer; false where there is none. */
bool relay_kick(struct relay *r, uint64_t id);

#endif
