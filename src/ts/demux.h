/* demux.h - a child's transport stream taken apart into PES packets.
 *
 * Bytes come in any split; sync is sought again after garbage.  The streams
 * are found through the stream's own PAT and PMT: the first H.264 stream and
 * the first of AAC, AC-3 or MPEG audio of the first programme.  Each PES packet
 * that is whole is handed on; one that lost a packet, has no PTS or is too long
 * is not, and is counted.  Nothing else of the stream goes any further. */

#ifndef TS_DEMUX_H
#define TS_DEMUX_H

#include <stddef.h>
#include <stdint.h>

enum demux_stream {
	DEMUX_VIDEO,
	DEMUX_AUDIO,
	DEMUX_NSTREAMS
};

/* One PES packet's payload; pts and dts are 33-bit.  data is borrowed for the
 * call. */
typedef void demux_pes_fn(void *ctx, enum demux_stream s, int64_t pts,
    int64_t dts, const uint8_t *data, size_t len);

struct demux_counts {
	uint64_t packets;
	uint64_t garbage;	/* bytes skipped in search of sync */
	uint64_t cc_errors;
	uint64_t damaged;	/* PES packets thrown away */
};

struct demux;

struct demux *demux_new(demux_pes_fn *on_pes, void *ctx);
void demux_free(struct demux *d);
void demux_feed(struct demux *d, const uint8_t *data, size_t len);

/* The stream has ended: hand on what is whole. */
void demux_end(struct demux *d);

const struct demux_counts *demux_counts(const struct demux *d);

#endif
