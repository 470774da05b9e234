/* aframe.h - audio frames as they lie one after the other in a PES packet:
 * AAC in ADTS (ISO/IEC 13818-7 6.2), AC-3 (ETSI TS 102 366 4.4) and MPEG-1
 * layer II (ISO/IEC 11172-3 2.4.2.3). */

#ifndef TS_AFRAME_H
#define TS_AFRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum aframe_codec {
	AFRAME_AAC,
	AFRAME_AC3,
	AFRAME_MP2,
	AFRAME_NCODECS
};

struct aframe {
	size_t len;		/* bytes, the header's included */
	int samples;		/* per channel */
	int sample_rate;	/* Hz */
	int channels;		/* the LFE counts; 0: AAC that says it
				 * in its payload */
};

/* True, and *f says what it is, if a frame begins at data and all of it is
 * within len bytes.  Only headers are read: the sound in it may still be
 * damaged. */
bool aframe_parse(enum aframe_codec c, const uint8_t *data, size_t len,
    struct aframe *f);

#endif
