/* ringidx.h - where the key frames stand in a channel's ring.
 *
 * The ring is a file that only grows; a position in it is a byte count since
 * its beginning and is never used twice.  The index remembers the key frames
 * of the last keep_ns by air time and RINGIDX_BYTES by size:
 * what lies before the oldest of them is gone.  A zeroed struct ringidx is
 * empty. */

#ifndef TS_RINGIDX_H
#define TS_RINGIDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arith.h"
#include "ts/splice.h"

/* A segment of ts/hls.h leaves the list five segments after its begin and is to
 * be had for five more (RFC 8216 6.2.2), 60.06 s in all, and somebody may just
 * then have begun to fetch it. */
#define RINGIDX_NS	(66 * NS_PER_S)

/* The largest bit rate that a format takes, 100 Mbit/s, for as long, and a
 * quarter for packets and sound: what a channel holds is decided by its bit
 * rate, and this is for one that runs wild. */
#define RINGIDX_BYTES	(UINT64_C(1) << 30)

struct ringidx_mark {
	int64_t frame;		/* slot on the channel's key-frame grid */
	int64_t air_ns;
	uint64_t pos;		/* its PAT's first byte */
	bool breaks;		/* what stands before it is not its past */
	struct splice splice;	/* to there */
};

struct ringidx {
	struct ringidx_mark *marks;	/* oldest first */
	size_t n;
	size_t cap;
	int64_t keep_ns;		/* 0: RINGIDX_NS */
	bool broken;			/* the next mark breaks */
	uint64_t breaks;		/* that there have been, ever */
};

void ringidx_fini(struct ringidx *x);

/* Forget all marks. */
void ringidx_reset(struct ringidx *x);

/* The next key frame does not follow on what has been: the clock has
 * stepped. */
void ringidx_break(struct ringidx *x);

/* Enter a key frame.  pos never goes back; a second mark at the same
 * position replaces the first, because no byte lies between them.  The mark is
 * borrowed until the index changes: how to splice to it is for the caller to
 * fill in. */
struct ringidx_mark *ringidx_add(struct ringidx *x, int64_t frame, int64_t air_ns,
    uint64_t pos);

/* Drop the marks that are too old or, with the ring's end at head, too far
 * back; return the position of the oldest byte to keep, at least tail. */
uint64_t ringidx_trim(struct ringidx *x, uint64_t tail, uint64_t head);

/* The newest key frame at least backlog_ns older than the newest of all, or
 * the oldest there is.  NULL if there is none; else borrowed until the index
 * changes. */
const struct ringidx_mark *ringidx_join(const struct ringidx *x,
    int64_t backlog_ns);

/* How long before the newest key frame of all the one is due in whose group
 * of pictures pos stands, or the oldest; 0 where there is none. */
int64_t ringidx_behind(const struct ringidx *x, uint64_t pos);

#endif
