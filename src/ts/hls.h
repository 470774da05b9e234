/* hls.h - HTTP Live Streaming (RFC 8216) out of the ring: which of its bytes
 * are a segment, and the playlist that names the newest.
 *
 * A segment is HLS_GOPS key-frame distances long, about 6 s, and number k is
 * the pictures [k * S, (k + 1) * S) of the channel, counted from the epoch as
 * all pictures are.  So the cuts and the numbers depend on the clock alone:
 * they are the same from every daemon and after every restart, and there is
 * no state here.  A segment is there while the ring has the key frames at
 * both its ends and nothing between them that broke off. */

#ifndef TS_HLS_H
#define TS_HLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ts/grid.h"
#include "ts/ringidx.h"

#define HLS_GOPS	3	/* key-frame distances in a segment */
#define HLS_LISTED	4	/* segments in a playlist, at most */

/* Those that a playlist lists: n from number first on, one after the other; no
 * list reaches over a place where the clock stepped. */
struct hls_list {
	int64_t first;
	size_t n;
	uint64_t breaks;	/* such places before the first, and whether */
	bool broken;		/* ... it is the next one behind such */
};

/* Bytes [from, to) of the ring. */
struct hls_range {
	uint64_t from, to;
};

/* S: the pictures in a segment; and how long it is, to the nanosecond. */
int64_t hls_frames(const struct grid *g);
int64_t hls_segment_ns(const struct grid *g);

/* The newest segments that are whole, up to HLS_LISTED of them. */
struct hls_list hls_list(const struct grid *g, const struct ringidx *x);

/* True where a player can begin with what is listed: two segments, or one
 * while the channel is still catching up, so that the next comes before that
 * one has been played. */
bool hls_suffices(const struct grid *g, struct hls_list l, int64_t now);

/* The bytes of segment seq; false where the ring does not have all of it, as
 * it has of none below 0. */
bool hls_find(const struct grid *g, const struct ringidx *x, int64_t seq,
    struct hls_range *out);

/* The playlist.  Segments are named relative to it: "NUMBER.ts". */
void hls_playlist(const struct grid *g, struct hls_list l, struct buf *out);

/* The number in such a name, or -1 where it is none. */
int64_t hls_parse_name(const char *name);

/* Whole seconds for which that playlist may be kept: half a segment, but not
 * over the moment at which the next one is whole. */
int64_t hls_max_age_s(const struct grid *g, struct hls_list l, int64_t now);

/* Where a cold channel begins to fill a playlist: at the cut that is two
 * segments back, or up to three, so that at least two are whole as soon as it
 * has caught up.  As a backlog, see channel_start(). */
int64_t hls_backlog_ns(const struct grid *g, int64_t now);

#endif
