#include "ts/psi.h"

#include <bitstream/dvb/si/desc_48.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#include "ts/mux.h"

#define STREAM_H264	0x1b	/* ISO/IEC 13818-1 table 2-34 */
#define STREAM_AAC	0x0f
#define SERVICE_TV_AVC	0x19	/* EN 300 468 table 87: AVC HD */
#define RUNNING		4	/* table 6 */
#define NAME_MAX_BYTES	100	/* two names fit one descriptor */
#define DVB_UTF8	0x15	/* annex A.2: UTF-8 follows */

static size_t
section_finish(uint8_t *section)
{
	psi_set_version(section, 0);
	psi_set_current(section);
	psi_set_section(section, 0);
	psi_set_lastsection(section, 0);
	psi_set_crc(section);
	return (size_t)psi_get_length(section) + PSI_HEADER_SIZE;
}

size_t
psi_make_pat(uint8_t section[PSI_SECTION_MAX])
{
	uint8_t *entry;

	pat_init(section);
	pat_set_tsid(section, MUX_TS_ID);
	pat_set_length(section, PAT_PROGRAM_SIZE);
	entry = pat_get_program(section, 0);
	patn_init(entry);
	patn_set_program(entry, MUX_SERVICE_ID);
	patn_set_pid(entry, MUX_PID_PMT);
	return section_finish(section);
}

static void
es_make(uint8_t *section, uint8_t i, uint8_t type, uint16_t pid)
{
	uint8_t *es = pmt_get_es(section, i);

	pmtn_init(es);
	pmtn_set_streamtype(es, type);
	pmtn_set_pid(es, pid);
	pmtn_set_desclength(es, 0);
}

size_t
psi_make_pmt(uint8_t section[PSI_SECTION_MAX])
{
	pmt_init(section);
	pmt_set_program(section, MUX_SERVICE_ID);
	pmt_set_pcrpid(section, MUX_PID_VIDEO);
	pmt_set_desclength(section, 0);
	pmt_set_length(section, 2 * PMT_ES_SIZE);
	es_make(section, 0, STREAM_H264, MUX_PID_VIDEO);
	es_make(section, 1, STREAM_AAC, MUX_PID_AUDIO);
	return section_finish(section);
}

/* A DVB string: the mark of UTF-8, then as many whole characters as fit. */
static uint8_t
name_make(uint8_t out[NAME_MAX_BYTES + 1], const char *name)
{
	size_t n = strnlen(name, NAME_MAX_BYTES + 1);

	if (n > NAME_MAX_BYTES) {
		n = NAME_MAX_BYTES;
		while (n > 0 && ((uint8_t)name[n] & 0xc0) == 0x80)
			n--;
	}
	out[0] = DVB_UTF8;
	memcpy(out + 1, name, n);
	return (uint8_t)(n + 1);
}

size_t
psi_make_sdt(uint8_t section[PSI_SECTION_MAX], const char *provider,
    const char *service)
{
	uint8_t name[NAME_MAX_BYTES + 1], *entry, *desc;
	uint16_t len;

	sdt_init(section, true);
	sdt_set_tsid(section, MUX_TS_ID);
	sdt_set_onid(section, MUX_ORIGINAL_NETWORK_ID);
	sdt_set_length(section, PSI_SECTION_MAX / 2);	/* for the getter */
	entry = sdt_get_service(section, 0);
	sdtn_init(entry);
	sdtn_set_sid(entry, MUX_SERVICE_ID);
	sdtn_set_running(entry, RUNNING);
	desc = entry + SDT_SERVICE_SIZE;
	desc48_init(desc);
	desc48_set_type(desc, SERVICE_TV_AVC);
	desc48_set_provider(desc, name, name_make(name, provider));
	desc48_set_service(desc, name, name_make(name, service));
	desc48_set_length(desc);
	len = (uint16_t)(desc_get_length(desc) + DESC_HEADER_SIZE);
	sdtn_set_desclength(entry, len);
	sdt_set_length(section, (uint16_t)(SDT_SERVICE_SIZE + len));
	return section_finish(section);
}
