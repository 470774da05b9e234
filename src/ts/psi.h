/* psi.h - the tables of a channel: PAT, PMT (ISO/IEC 13818-1 2.4.4), SDT and
 * NIT (ETSI EN 300 468 5.2.3, 5.2.1), all but the last one section. */

#ifndef TS_PSI_H
#define TS_PSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ts/grid.h"

#define PSI_SECTION_MAX	1024

/* Stream types (ISO/IEC 13818-1 table 2-34) and descriptor tags. */
enum {
	PSI_MPEG1_AUDIO = 0x03,
	PSI_MPEG2_AUDIO = 0x04,
	PSI_PRIVATE = 0x06,		/* in PES packets */
	PSI_AAC = 0x0f,			/* in ADTS */
	PSI_H264 = 0x1b,
	PSI_ATSC_AC3 = 0x81,		/* ATSC A/53-3 */
	PSI_DESC_AC3 = 0x6a,		/* ETSI EN 300 468 annex D */
};

/* A channel's of the network. */
struct psi_stream {
	uint16_t ts_id;
	bool hd;		/* pictures of more than 576 lines */
};

/* Each writes one section with its CRC and returns its length; ts_id is the
 * transport_stream_id.  Their accessors set bits in what is there: let it be
 * zero. */
size_t psi_make_pat(uint8_t section[PSI_SECTION_MAX], uint16_t ts_id);

/* What the sound is says the grid; language is an ISO 639-2 code of three
 * letters, or NULL. */
size_t psi_make_pmt(uint8_t section[PSI_SECTION_MAX], const struct grid *g,
    const char *language);

size_t psi_make_sdt(uint8_t section[PSI_SECTION_MAX], uint16_t ts_id,
    const char *provider, const char *service, bool hd);

/* Append the sections of a network of n > 0 transport streams. */
void psi_make_nit(struct buf *out, const char *network,
    const struct psi_stream *streams, size_t n);

#endif
