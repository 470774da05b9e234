#include "ts/demux.h"

#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "ts/psi.h"

/* A picture is never larger: 2160 lines at 100 Mbit/s begin with 5 MB where
 * they are noise.  Audio must give its length (2.4.3.7), in 16 bits. */
#define PICTURE_MAX	(16u << 20)
#define AUDIO_MAX	(PES_HEADER_SIZE + 0xffffu)
#define PID_NONE	0x1fff
#define SYNC_BYTE	0x47

struct stream {
	uint16_t pid;
	int cc;			/* of the last packet with payload, or -1 */
	bool open;		/* a PES packet is being collected ... */
	bool damaged;		/* ... and is already spoilt */
	bool stuffed;		/* its last packet was filled up: its end */
	struct buf pes;
};

struct demux {
	demux_pes_fn *on_pes;
	void *ctx;
	uint8_t part[TS_SIZE];	/* a packet cut by the end of a read */
	size_t npart;
	uint16_t pmt_pid;
	struct stream streams[DEMUX_NSTREAMS];
	struct demux_counts counts;
};

struct demux *
demux_new(demux_pes_fn *on_pes, void *ctx)
{
	struct demux *d = xcalloc(1, sizeof *d);

	d->on_pes = on_pes;
	d->ctx = ctx;
	d->pmt_pid = PID_NONE;
	for (int s = 0; s < DEMUX_NSTREAMS; s++)
		d->streams[s] = (struct stream){ .pid = PID_NONE, .cc = -1 };
	return d;
}

void
demux_free(struct demux *d)
{
	if (d == NULL)
		return;
	for (int s = 0; s < DEMUX_NSTREAMS; s++)
		buf_fini(&d->streams[s].pes);
	free(d);
}

const struct demux_counts *
demux_counts(const struct demux *d)
{
	return &d->counts;
}

/* biTStream's accessors trust the packet: this is the only place that finds
 * a payload, and it stays within 188 bytes whatever the lengths say. */
static const uint8_t *
payload_find(const uint8_t *p, size_t *len)
{
	size_t off = TS_HEADER_SIZE;

	*len = 0;
	if (!ts_has_payload(p))
		return NULL;
	if (ts_has_adaptation(p))
		off += 1u + ts_get_adaptation(p);
	if (off >= TS_SIZE)
		return NULL;
	*len = TS_SIZE - off;
	return p + off;
}

/* The section in a packet's payload, if it begins and ends in it: a child's
 * PAT and PMT have one programme and two streams. */
static const uint8_t *
section_find(const uint8_t *p, const uint8_t *load, size_t len)
{
	size_t skip;

	if (!ts_get_unitstart(p) || len == 0 || (skip = 1u + load[0]) >= len)
		return NULL;
	load += skip;
	len -= skip;
	if (len < PSI_HEADER_SIZE_SYNTAX1 + PSI_CRC_SIZE ||
	    psi_get_length(load) + (size_t)PSI_HEADER_SIZE > len ||
	    psi_get_length(load) < PSI_HEADER_SIZE_SYNTAX1 -
	    PSI_HEADER_SIZE + PSI_CRC_SIZE ||
	    !psi_validate(load) || !psi_check_crc(load))
		return NULL;
	return load;
}

static void
on_pat(struct demux *d, const uint8_t *section)
{
	/* biTStream's finders take mutable pointers but only read. */
	uint8_t *pat = (uint8_t *)(uintptr_t)section, *entry;

	if (psi_get_tableid(pat) != PAT_TABLE_ID || !pat_validate(pat))
		return;
	for (uint8_t i = 0; (entry = pat_get_program(pat, i)) != NULL; i++)
		if (patn_get_program(entry) != 0) {
			d->pmt_pid = patn_get_pid(entry);
			return;
		}
}

static void
stream_found(struct demux *d, enum demux_stream s, uint16_t pid)
{
	if (d->streams[s].pid == PID_NONE)
		d->streams[s].pid = pid;
}

/* A private stream is AC-3 where DVB's descriptor says so. */
static bool
es_is_audio(uint8_t *es)
{
	uint8_t *desc;

	switch (pmtn_get_streamtype(es)) {
	case PSI_AAC:
	case PSI_MPEG1_AUDIO:
	case PSI_MPEG2_AUDIO:
	case PSI_ATSC_AC3:
		return true;
	case PSI_PRIVATE:
		break;
	default:
		return false;
	}
	for (uint16_t i = 0; (desc = descs_get_desc(pmtn_get_descs(es), i)) !=
	    NULL; i++)
		if (desc_get_tag(desc) == PSI_DESC_AC3)
			return true;
	return false;
}

static void
on_pmt(struct demux *d, const uint8_t *section)
{
	uint8_t *pmt = (uint8_t *)(uintptr_t)section, *es;

	if (psi_get_tableid(pmt) != PMT_TABLE_ID || !pmt_validate(pmt))
		return;
	for (uint8_t i = 0; (es = pmt_get_es(pmt, i)) != NULL; i++) {
		if (pmtn_get_streamtype(es) == PSI_H264)
			stream_found(d, DEMUX_VIDEO, pmtn_get_pid(es));
		else if (es_is_audio(es))
			stream_found(d, DEMUX_AUDIO, pmtn_get_pid(es));
	}
}

/* Length of a valid PES header with a PTS, or 0. */
static size_t
pes_header_len(const uint8_t *pes, size_t len)
{
	size_t head;

	if (len < PES_HEADER_SIZE_PTS || !pes_validate(pes) ||
	    (pes[6] & 0xc0) != 0x80 || !pes_has_pts(pes))
		return 0;
	head = (size_t)PES_HEADER_SIZE_NOPTS + pes_get_headerlength(pes);
	if (head > len || head < PES_HEADER_SIZE_PTS)
		return 0;
	if (pes_has_dts(pes) && head < PES_HEADER_SIZE_PTSDTS)
		return 0;
	return head;
}

/* PES_packet_length counts what follows it; 0 means open-ended, which only
 * video may be. */
static bool
pes_is_whole(const uint8_t *pes, size_t len, enum demux_stream which)
{
	size_t said = pes_get_length(pes);

	if (said == 0)
		return which == DEMUX_VIDEO;
	return said + PES_HEADER_SIZE == len;
}

static void
pes_finish(struct demux *d, enum demux_stream which)
{
	struct stream *s = &d->streams[which];
	const uint8_t *pes = s->pes.data;
	size_t len = s->pes.len, head;

	if (!s->open)
		return;
	s->open = false;
	head = s->damaged ? 0 : pes_header_len(pes, len);
	if (head == 0 || !pes_is_whole(pes, len, which)) {
		d->counts.damaged++;
		return;
	}
	int64_t pts = (int64_t)pes_get_pts(pes);
	int64_t dts = pes_has_dts(pes) ? (int64_t)pes_get_dts(pes) : pts;

	d->on_pes(d->ctx, which, pts, dts, pes + head, len - head);
}

/* Count a jump of the continuity counter and spoil the PES it fell into.
 * False for a packet sent twice (2.4.3.3), which is skipped. */
static bool
continuity_check(struct demux *d, struct stream *s, const uint8_t *p)
{
	int cc = ts_get_cc(p);
	bool first = s->cc < 0;
	bool twice = !first && cc == s->cc;

	if (!first && !twice && cc != ((s->cc + 1) & 0xf)) {
		d->counts.cc_errors++;
		s->damaged = true;
	}
	s->cc = cc;
	return !twice;
}

static void
stream_packet(struct demux *d, enum demux_stream which, const uint8_t *p)
{
	struct stream *s = &d->streams[which];
	size_t len, max = which == DEMUX_VIDEO ? PICTURE_MAX : AUDIO_MAX;
	const uint8_t *load;

	if ((load = payload_find(p, &len)) == NULL ||
	    !continuity_check(d, s, p))
		return;
	if (ts_get_unitstart(p)) {
		pes_finish(d, which);
		buf_reset(&s->pes);
		s->open = true;
		s->damaged = false;
	}
	if (!s->open)
		return;
	s->stuffed = len < TS_SIZE - TS_HEADER_SIZE && !ts_get_unitstart(p);
	if (ts_get_transporterror(p) || s->pes.len + len > max) {
		s->damaged = true;
		return;
	}
	buf_add(&s->pes, load, len);
}

static void
packet(struct demux *d, const uint8_t *p)
{
	const uint8_t *load, *section;
	uint16_t pid = ts_get_pid(p);
	size_t len;

	d->counts.packets++;
	for (int s = 0; s < DEMUX_NSTREAMS; s++)
		if (pid == d->streams[s].pid && pid != PID_NONE) {
			stream_packet(d, (enum demux_stream)s, p);
			return;
		}
	if (pid != PAT_PID && (pid != d->pmt_pid || pid == PID_NONE))
		return;
	if ((load = payload_find(p, &len)) == NULL ||
	    (section = section_find(p, load, len)) == NULL)
		return;
	if (pid == PAT_PID)
		on_pat(d, section);
	else
		on_pmt(d, section);
}

/* Where the next sync byte may be; garbage before it is counted.  The packet
 * before the garbage may have been cut and filled up with another's bytes, so
 * whatever is being collected is spoilt. */
static size_t
resync(struct demux *d, const uint8_t *data, size_t len)
{
	const uint8_t *q = memchr(data, SYNC_BYTE, len);
	size_t skip = q != NULL ? (size_t)(q - data) : len;

	for (int s = 0; s < DEMUX_NSTREAMS; s++)
		d->streams[s].damaged = true;
	d->counts.garbage += skip;
	return skip;
}

/* Complete the packet that the last read cut, as far as data goes. */
static size_t
part_fill(struct demux *d, const uint8_t *data, size_t len)
{
	size_t n = TS_SIZE - d->npart;

	if (n > len)
		n = len;
	memcpy(d->part + d->npart, data, n);
	d->npart += n;
	if (d->npart == TS_SIZE) {
		packet(d, d->part);
		d->npart = 0;
	}
	return n;
}

void
demux_feed(struct demux *d, const uint8_t *data, size_t len)
{
	size_t i = 0;

	if (d->npart != 0)
		i = part_fill(d, data, len);
	while (i < len) {
		if (data[i] != SYNC_BYTE) {
			i += resync(d, data + i, len - i);
		} else if (len - i < TS_SIZE) {
			i += part_fill(d, data + i, len - i);
		} else {
			packet(d, data + i);
			i += TS_SIZE;
		}
	}
}

void
demux_end(struct demux *d)
{
	d->npart = 0;
	/* A child killed in mid-picture must not leave half of one.  Where no
	 * length tells, the stuffing of a PES packet's last TS packet does. */
	for (int s = 0; s < DEMUX_NSTREAMS; s++) {
		struct stream *st = &d->streams[s];

		if (st->pes.len >= PES_HEADER_SIZE &&
		    pes_get_length(st->pes.data) == 0 && !st->stuffed)
			st->damaged = true;
		pes_finish(d, (enum demux_stream)s);
	}
}
