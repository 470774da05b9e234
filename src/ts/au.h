/* au.h - access units: one coded picture or one audio frame, as taken out of
 * a child's PES packets and on its way into the channel's. */

#ifndef TS_AU_H
#define TS_AU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au {
	int64_t index;		/* picture: frame number; audio: frame m */
	bool key;		/* picture: decoding can begin here */
	size_t len;
	uint8_t data[];
};

/* A copy of the bytes; free with free(). */
struct au *au_new(int64_t index, bool key, const uint8_t *data, size_t len);

/* True if an H.264 access unit (ISO/IEC 14496-10 Annex B byte stream) holds
 * an IDR slice: NAL unit type 5. */
bool h264_is_idr(const uint8_t *data, size_t len);

#endif
