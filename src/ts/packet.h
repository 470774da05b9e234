/* packet.h - transport stream packets, made one by one (ISO/IEC 13818-1
 * 2.4.3).
 *
 * A PES packet is begun and then put packet by packet, so that its maker can
 * put others between them. */

#ifndef TS_PACKET_H
#define TS_PACKET_H

#include <bitstream/mpeg/pes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ts/au.h"

/* Append a packet with payload, which is still to be written; *cc is that of
 * the PID's next packet. */
uint8_t *packet_begin(struct buf *out, uint16_t pid, uint8_t *cc);

/* Append a section; the rest of its last packet is stuffing (2.4.4). */
void packet_put_section(uint16_t pid, uint8_t *cc, const uint8_t *section,
    size_t len, struct buf *out);

/* What an adaptation field says. */
struct adaptation {
	bool random_access;
	bool discontinuity;
	int64_t pcr;		/* 27 MHz, -1: none */
};

/* Append one with nothing but an adaptation field.  Without payload the counter
 * stands still (2.4.3.3): cc is that of the packet before. */
void packet_put_empty(struct buf *out, uint16_t pid, uint8_t cc,
    const struct adaptation *af);

struct pes {
	uint16_t pid;
	uint8_t *cc;		/* see packet_begin() */
	struct adaptation af;	/* of the next packet */
	const struct au *u;	/* borrowed: what is in it */
	/* Private. */
	uint8_t head[PES_HEADER_SIZE_PTSDTS];
	size_t nhead, done;	/* bytes still to be put; put of u */
	bool begun;
};

/* What stands above is set, the rest zero.  pts and dts in 90 kHz; dts < 0:
 * none. */
void pes_begin(struct pes *e, uint8_t stream_id, int64_t pts, int64_t dts);

/* How many packets are left to put. */
size_t pes_count(const struct pes *e);

/* Append the next one. */
void pes_put(struct pes *e, struct buf *out);

#endif
