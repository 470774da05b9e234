/* psi.h - the tables of a channel: PAT, PMT (ISO/IEC 13818-1 2.4.4) and SDT
 * (ETSI EN 300 468 5.2.3), each one section. */

#ifndef TS_PSI_H
#define TS_PSI_H

#include <stddef.h>
#include <stdint.h>

#define PSI_SECTION_MAX	1024

/* Each writes one section with its CRC and returns its length. */
size_t psi_make_pat(uint8_t section[PSI_SECTION_MAX]);
size_t psi_make_pmt(uint8_t section[PSI_SECTION_MAX]);
size_t psi_make_sdt(uint8_t section[PSI_SECTION_MAX], const char *provider,
    const char *service);

#endif
