/* join.h - one child's output, given its place on the channel's grids.
 *
 * A child plays the pictures [n0, n1) of the channel.  Its access units are
 * numbered by their distance from its first picture and queued in decoding
 * order: unit i is for slot n0 + i.  A slot holds one coded picture and the
 * audio frames [A(n), A(n + 1)), and leaves the daemon when picture n is due.
 *
 * Only whole stretches are let go: a slot can be taken when the pictures
 * decoded so far are, without a gap, the first ones displayed.  So wherever
 * the child ends, another can go on at join_cut() and no picture is missing:
 * a B picture whose successor never came is not left behind.
 *
 * What does not fit (pictures missing, twice or reordered deeper than the
 * grid's R, a damaged PES packet, sound that is not the house's) breaks the
 * join: what was whole before it stays good, the rest is worthless. */

#ifndef TS_JOIN_H
#define TS_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ts/au.h"
#include "ts/demux.h"
#include "ts/grid.h"

/* Audio frames per slot, at most: two at 24000/1001 pictures and 1024
 * samples, and room for slower grids. */
#define JOIN_AUDIO_MAX	8

struct join;

/* g is copied. */
struct join *join_new(const struct grid *g, int64_t n0, int64_t n1);
void join_free(struct join *j);

/* Bytes from the child, in any split; the end of its output. */
void join_feed(struct join *j, const uint8_t *data, size_t len);
void join_end(struct join *j);

/* No more is wanted of it than up to slot n, or to the first place behind it
 * where what has come is whole: that is then join_cut(). */
void join_end_at(struct join *j, int64_t n);

/* The slot of the first unit in the queue; n1 when nothing is left. */
int64_t join_head(const struct join *j);

/* One past the last slot that is whole: where a successor would begin. */
int64_t join_cut(const struct join *j);

/* True if slot n can be taken now: its picture and its sound are here, or
 * its sound will not come any more. */
bool join_has(const struct join *j, int64_t n);

/* Take slot n == join_head(j), which join_has(): the caller frees *picture
 * and the audio frames.  audio[i] is frame A(n) + i, NULL where the child
 * had none; returns their number. */
size_t join_take(struct join *j, int64_t n, struct au **picture,
    struct au *audio[JOIN_AUDIO_MAX]);

/* Slots before n have been aired by somebody else.  What was for them is
 * dropped, up to the first key frame at or after n: join_head() is then its
 * number (or that of the next such key frame to come). */
void join_skip(struct join *j, int64_t n);

/* Why the join is broken, or NULL. */
const char *join_broken(const struct join *j);

/* True once any picture was queued. */
bool join_started(const struct join *j);

/* The number of the picture that came last, wanted or not; n0 before any. */
int64_t join_newest(const struct join *j);

/* Bytes held in memory. */
size_t join_bytes(const struct join *j);

const struct demux_counts *join_counts(const struct join *j);

#endif
