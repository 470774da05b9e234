#include "ts/psi.h"

#include <bitstream/dvb/si/desc_40.h>
#include <bitstream/dvb/si/desc_41.h>
#include <bitstream/dvb/si/desc_48.h>
#include <bitstream/dvb/si/desc_6a.h>
#include <bitstream/dvb/si/nit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/mpeg/psi/desc_05.h>
#include <bitstream/mpeg/psi/desc_0a.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#include "base/length.h"
#include "ts/mux.h"

#define SERVICE_AVC_SD	0x16	/* EN 300 468 table 87 */
#define SERVICE_AVC_HD	0x19
#define RUNNING		4	/* table 6 */
#define NAME_MAX_BYTES	100	/* two names fit one descriptor */
#define DVB_UTF8	0x15	/* annex A.2: UTF-8 follows */

/* Of a NIT's section: what a stream takes, and how many it has room for. */
#define NIT_STREAM_SIZE	(NIT_TS_SIZE + DESC41_HEADER_SIZE +		\
	DESC41_SERVICE_SIZE)
#define NIT_STREAMS	((PSI_SECTION_MAX - NIT_HEADER_SIZE -		\
	DESC40_HEADER_SIZE - NAME_MAX_BYTES - 1 - NIT_HEADER2_SIZE -	\
	PSI_CRC_SIZE) / NIT_STREAM_SIZE)

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
psi_make_pat(uint8_t section[PSI_SECTION_MAX], uint16_t ts_id)
{
	/* The order is free, and there are readers of the first one only:
	 * hls.js, for one. */
	static const struct {
		uint16_t number, pid;
	} programs[] = {
		{ MUX_SERVICE_ID, MUX_PID_PMT }, { 0, NIT_PID },
	};

	pat_init(section);
	pat_set_tsid(section, ts_id);
	pat_set_length(section, LENGTH(programs) * PAT_PROGRAM_SIZE);
	for (uint8_t i = 0; i < LENGTH(programs); i++) {
		uint8_t *entry = pat_get_program(section, i);

		patn_init(entry);
		patn_set_program(entry, programs[i].number);
		patn_set_pid(entry, programs[i].pid);
	}
	return section_finish(section);
}

/* An elementary stream's entry; returns where its descriptors go. */
static uint8_t *
es_make(uint8_t *es, uint8_t type, uint16_t pid)
{
	pmtn_init(es);
	pmtn_set_streamtype(es, type);
	pmtn_set_pid(es, pid);
	pmtn_set_desclength(es, 0);
	return es + PMT_ES_SIZE;
}

static uint8_t
audio_stream_type(enum aframe_codec c)
{
	/* MPEG-1 is what layer II at 48 kHz is; AC-3 is private in DVB. */
	static const uint8_t types[AFRAME_NCODECS] = {
		[AFRAME_AAC] = PSI_AAC,
		[AFRAME_AC3] = PSI_PRIVATE,
		[AFRAME_MP2] = PSI_MPEG1_AUDIO,
	};

	return types[c];
}

/* AC-3_descriptor (EN 300 468 annex D.3) with the component_type: a full
 * service, complete main, of so many channels. */
static uint8_t *
ac3_desc_put(uint8_t *p, int channels)
{
	uint8_t mode = channels == 1 ? 0 : channels == 2 ? 2 : 4;

	desc6a_init(p);
	desc6a_clear_flags(p);
	desc6a_set_component_type_flag(p, channels != 0);
	desc6a_set_component_type(p, 0x40 | mode);
	desc6a_set_length(p);
	return p + DESC_HEADER_SIZE + desc_get_length(p);
}

/* For who does not read DVB's (13818-1 2.6.8, ETSI TS 102 366 annex A). */
static uint8_t *
ac3_registration_put(uint8_t *p)
{
	desc05_init(p);
	desc05_set_identifier(p, (const uint8_t *)"AC-3");
	return p + DESC05_HEADER_SIZE;
}

static bool
is_language(const char *s)
{
	return s != NULL && strlen(s) == 3 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz") == 3;
}

static uint8_t *
language_desc_put(uint8_t *p, const char *language)
{
	uint8_t *entry;

	desc0a_init(p);
	desc_set_length(p, DESC0A_LANGUAGE_SIZE);
	entry = desc0a_get_language(p, 0);
	desc0an_set_code(entry, (const uint8_t *)language);
	desc0an_set_audiotype(entry, DESC0A_TYPE_UNDEFINED);
	return p + DESC_HEADER_SIZE + DESC0A_LANGUAGE_SIZE;
}

size_t
psi_make_pmt(uint8_t section[PSI_SECTION_MAX], const struct grid *g,
    const char *language)
{
	uint8_t *audio, *descs, *p;

	pmt_init(section);
	pmt_set_program(section, MUX_SERVICE_ID);
	pmt_set_pcrpid(section, MUX_PID_VIDEO);
	pmt_set_desclength(section, 0);
	audio = es_make(section + PMT_HEADER_SIZE, PSI_H264, MUX_PID_VIDEO);
	p = descs = es_make(audio, audio_stream_type(g->codec),
	    MUX_PID_AUDIO);
	if (g->codec == AFRAME_AC3)
		p = ac3_registration_put(p);
	if (is_language(language))
		p = language_desc_put(p, language);
	if (g->codec == AFRAME_AC3)
		p = ac3_desc_put(p, g->channels);
	pmtn_set_desclength(audio, (uint16_t)(p - descs));
	pmt_set_length(section, (uint16_t)(p - section - PMT_HEADER_SIZE));
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

static uint8_t
service_type(bool hd)
{
	return hd ? SERVICE_AVC_HD : SERVICE_AVC_SD;
}

size_t
psi_make_sdt(uint8_t section[PSI_SECTION_MAX], uint16_t ts_id,
    const char *provider, const char *service, bool hd)
{
	uint8_t name[NAME_MAX_BYTES + 1], *entry, *desc;
	uint16_t len;

	sdt_init(section, true);
	sdt_set_tsid(section, ts_id);
	sdt_set_onid(section, MUX_ORIGINAL_NETWORK_ID);
	sdt_set_length(section, PSI_SECTION_MAX / 2);	/* for the getter */
	entry = sdt_get_service(section, 0);
	sdtn_init(entry);
	sdtn_set_sid(entry, MUX_SERVICE_ID);
	sdtn_set_eitpresent(entry);
	sdtn_set_running(entry, RUNNING);
	desc = entry + SDT_SERVICE_SIZE;
	desc48_init(desc);
	desc48_set_type(desc, service_type(hd));
	desc48_set_provider(desc, name, name_make(name, provider));
	desc48_set_service(desc, name, name_make(name, service));
	desc48_set_length(desc);
	len = (uint16_t)(desc_get_length(desc) + DESC_HEADER_SIZE);
	sdtn_set_desclength(entry, len);
	sdt_set_length(section, (uint16_t)(SDT_SERVICE_SIZE + len));
	return section_finish(section);
}

/* The whole descriptor's length. */
static uint16_t
desc_size(const uint8_t *desc)
{
	return (uint16_t)(desc_get_length(desc) + DESC_HEADER_SIZE);
}

/* A transport stream with its one service (service_list_descriptor). */
static uint8_t *
nit_ts_put(uint8_t *ts, const struct psi_stream *stream)
{
	uint8_t *desc = ts + NIT_TS_SIZE, *entry;

	nitn_init(ts);
	nitn_set_tsid(ts, stream->ts_id);
	nitn_set_onid(ts, MUX_ORIGINAL_NETWORK_ID);
	desc41_init(desc);
	desc_set_length(desc, DESC41_SERVICE_SIZE);
	entry = desc41_get_service(desc, 0);
	desc41n_set_sid(entry, MUX_SERVICE_ID);
	desc41n_set_type(entry, service_type(stream->hd));
	nitn_set_desclength(ts, desc_size(desc));
	return ts + NIT_STREAM_SIZE;
}

/* A section up to its streams; returns where these go. */
static uint8_t *
nit_begin(uint8_t section[PSI_SECTION_MAX], const char *network)
{
	uint8_t name[NAME_MAX_BYTES + 1], *desc = section + NIT_HEADER_SIZE;

	nit_init(section, true);
	nit_set_nid(section, MUX_NETWORK_ID);
	desc40_init(desc);
	desc40_set_networkname(desc, name, name_make(name, network));
	nit_set_desclength(section, desc_size(desc));
	nith_init(desc + desc_size(desc));
	return desc + desc_size(desc) + NIT_HEADER2_SIZE;
}

/* One section of n streams, without its CRC. */
static void
nit_section_make(uint8_t section[PSI_SECTION_MAX], const char *network,
    const struct psi_stream *streams, size_t n)
{
	uint8_t *begin = nit_begin(section, network), *p = begin;

	for (size_t i = 0; i < n; i++)
		p = nit_ts_put(p, &streams[i]);
	nith_set_tslength(begin - NIT_HEADER2_SIZE, (uint16_t)(p - begin));
	nit_set_length(section, (uint16_t)(p - section - NIT_HEADER_SIZE));
}

void
psi_make_nit(struct buf *out, const char *network,
    const struct psi_stream *streams, size_t n)
{
	size_t count = (n + NIT_STREAMS - 1) / NIT_STREAMS;

	for (size_t i = 0; i < count; i++) {
		uint8_t section[PSI_SECTION_MAX] = { 0 };
		size_t first = i * NIT_STREAMS;

		nit_section_make(section, network, streams + first,
		    n - first < NIT_STREAMS ? n - first : NIT_STREAMS);
		(void)section_finish(section);
		psi_set_section(section, (uint8_t)i);
		psi_set_lastsection(section, (uint8_t)(count - 1));
		psi_set_crc(section);
		buf_add(out, section, (size_t)psi_get_length(section) +
		    PSI_HEADER_SIZE);
	}
}
