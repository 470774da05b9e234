/* splice.h - what leads a viewer from one place of a channel's stream to
 * another: a packet for each PID that says that its counter goes on elsewhere,
 * and for the PCR that time does (ISO/IEC 13818-1 2.4.3.5). */

#ifndef TS_SPLICE_H
#define TS_SPLICE_H

#include <stdint.h>

#include "base/buf.h"

enum splice_pid {
	SPLICE_VIDEO,		/* and PCR */
	SPLICE_AUDIO,
	SPLICE_PAT,
	SPLICE_PMT,
	SPLICE_NIT,
	SPLICE_SDT,
	SPLICE_EIT,
	SPLICE_TDT,
	SPLICE_NPIDS
};

#define SPLICE_BYTES	(SPLICE_NPIDS * 188)

/* A place. */
struct splice {
	int64_t pcr;			/* the next one's, 27 MHz */
	uint8_t cc[SPLICE_NPIDS];	/* of the packets before it */
};

/* Append SPLICE_BYTES of packets without payload, to be followed by the stream
 * from that place on. */
void splice_put(struct buf *out, const struct splice *s);

#endif
