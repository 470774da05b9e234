#include "ts/mux.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/nit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ts/eit.h"
#include "ts/packet.h"
#include "ts/psi.h"

#define SD_LINES	576	/* more is HD, ETSI TS 101 154 */
#define TABLES_MS	100	/* PAT and PMT, ETSI TR 101 211 4.4 */
#define VERSION_MAX	0x1f
#define EIT_MS		1900	/* to the same section again: 2 s at most */
#define EIT_GAP_MS	50	/* from one section to another: 25 at least */
#define NIT_NS		(5 * NS_PER_S)	/* 10 s at most */
#define TDT_NS		(10 * NS_PER_S)	/* all four: TR 101 211 4.4 */

struct table {
	uint16_t pid;
	uint8_t cc, version;
	uint8_t section[PSI_SECTION_MAX];
	size_t len;
};

/* Present and following, of the slots [from, until). */
struct events {
	uint8_t cc, version;
	int sent_version;	/* the last one sent; -1: none */
	uint8_t sent[2][PSI_CRC_SIZE];	/* under that */
	int64_t from, until;
	int64_t every, gap;	/* slots */
	struct {
		uint8_t section[EIT_SECTION_MAX];
		size_t len;	/* 0: nobody has said what is on */
	} parts[2];
};

struct mux {
	struct grid grid;
	uint16_t ts_id;
	char *provider, *service;
	bool hd;
	int64_t tables_every;	/* slots */
	struct table pat, pmt, sdt, nit;
	int64_t sdt_at;		/* slot of the last one */
	struct events eit;
	uint8_t cc_video, cc_audio, cc_tdt;
	bool past;
	bool begun;		/* a slot has gone out */
	bool discontinuity;
};

/* Slots from tables to tables.  What stands between two PCRs has its time by
 * bytes (2.4.2.2): tables behind a long picture come up to a slot later than
 * those behind a short one, or half a slot where a PCR stands half-way.  The
 * odd millisecond is for 29.97 and 59.94, of which three and six slots are
 * 100.1 ms. */
static int64_t
tables_distance(const struct grid *g)
{
	int64_t num = g->rate.num, slot = 1000 * g->rate.den, n;

	if (grid_needs_half(g))
		n = (2 * TABLES_MS * num - slot) / (2 * slot);
	else
		n = (TABLES_MS + 1) * num / slot - 1;
	return n > 0 ? n : 1;
}

struct mux *
mux_new(const struct grid *g, const char *provider, const char *service)
{
	struct mux *m = xcalloc(1, sizeof *m);

	m->grid = *g;
	m->tables_every = tables_distance(g);
	m->ts_id = 1;
	m->pat.pid = PAT_PID;
	m->pmt.pid = MUX_PID_PMT;
	m->sdt.pid = SDT_PID;
	m->sdt_at = INT64_MAX;
	m->nit.pid = NIT_PID;
	m->eit.sent_version = -1;
	m->eit.every = rate_frame_at(g->rate, EIT_MS * (NS_PER_S / 1000));
	m->eit.gap = rate_frame_from(g->rate, EIT_GAP_MS * (NS_PER_S / 1000));
	m->provider = xstrdup(provider);
	mux_describe(m, service, SD_LINES + 1, NULL);
	return m;
}

static void
version_set(uint8_t *section, uint8_t version)
{
	psi_set_version(section, version);
	psi_set_current(section);	/* which the former clears */
	psi_set_crc(section);
}

/* What has gone out as one version, from 0 on, goes out as the next of 32
 * once it changes (2.4.4.5). */
static void
table_set(struct table *t, bool begun, uint8_t *section, size_t len)
{
	if (begun) {
		version_set(section, t->version);
		if (t->len == len && memcmp(t->section, section, len) == 0)
			return;
		t->version = (t->version + 1) & VERSION_MAX;
		version_set(section, t->version);
	}
	memcpy(t->section, section, len);
	t->len = len;
}

/* All but the PMT have the ts_id. */
static void
tables_make(struct mux *m)
{
	uint8_t pat[PSI_SECTION_MAX] = { 0 }, sdt[PSI_SECTION_MAX] = { 0 };
	uint8_t nit[PSI_SECTION_MAX] = { 0 };

	table_set(&m->pat, m->begun, pat, psi_make_pat(pat, m->ts_id));
	table_set(&m->sdt, m->begun, sdt, psi_make_sdt(sdt, m->ts_id,
	    m->provider, m->service, m->hd));
	table_set(&m->nit, m->begun, nit, psi_make_nit(nit, m->ts_id,
	    m->provider, m->hd));
}

void
mux_describe(struct mux *m, const char *service, int height,
    const char *language)
{
	uint8_t pmt[PSI_SECTION_MAX] = { 0 };
	char *name = xstrdup(service);

	free(m->service);
	m->service = name;
	m->hd = height > SD_LINES;
	table_set(&m->pmt, m->begun, pmt,
	    psi_make_pmt(pmt, &m->grid, language));
	tables_make(m);
}

void
mux_set_ts_id(struct mux *m, uint16_t id)
{
	m->ts_id = id;
	tables_make(m);
}

void
mux_set_past(struct mux *m)
{
	m->past = true;
}

static void
events_make(const struct mux *m, struct events *e, uint8_t version,
    const struct buf *present, const struct buf *following)
{
	const struct buf *events[] = { present, following };

	e->version = version;
	for (int i = 0; i < 2; i++)
		e->parts[i].len = eit_make(e->parts[i].section, m->ts_id,
		    i == 1, version, events[i]);
}

static const uint8_t *
events_crc(const struct events *e, int i)
{
	return e->parts[i].section + e->parts[i].len - PSI_CRC_SIZE;
}

static bool
events_were_sent(const struct events *e)
{
	return memcmp(e->sent[0], events_crc(e, 0), PSI_CRC_SIZE) == 0 &&
	    memcmp(e->sent[1], events_crc(e, 1), PSI_CRC_SIZE) == 0;
}

static void
events_note_sent(struct events *e)
{
	e->sent_version = e->version;
	for (int i = 0; i < 2; i++)
		memcpy(e->sent[i], events_crc(e, i), PSI_CRC_SIZE);
}

/* Neighbours in a plan have other versions; but a new plan may have another
 * event in the place of one that was told of under the same. */
void
mux_events(struct mux *m, int64_t from, int64_t until, uint8_t version,
    const struct buf *present, const struct buf *following)
{
	struct events e = m->eit;

	e.from = from;
	e.until = until;
	events_make(m, &e, version, present, following);
	if (version == m->eit.sent_version && !events_were_sent(&e))
		events_make(m, &e, (version + 1) & VERSION_MAX, present,
		    following);
	m->eit = e;
}

void
mux_free(struct mux *m)
{
	if (m == NULL)
		return;
	free(m->provider);
	free(m->service);
	free(m);
}

void
mux_discontinuity(struct mux *m)
{
	m->discontinuity = true;
}

static void
section_put(uint16_t pid, uint8_t *cc, const uint8_t *section, size_t len,
    struct buf *out)
{
	size_t done = 0;

	while (done < len) {
		uint8_t *p = packet_begin(out, pid, cc);
		size_t off = TS_HEADER_SIZE, n;

		if (done == 0) {
			ts_set_unitstart(p);
			p[off++] = 0;		/* pointer_field */
		}
		n = len - done < TS_SIZE - off ? len - done : TS_SIZE - off;
		memcpy(p + off, section + done, n);
		memset(p + off + n, 0xff, TS_SIZE - off - n);
		done += n;
	}
}

static void
table_put(struct table *t, struct buf *out)
{
	section_put(t->pid, &t->cc, t->section, t->len, out);
}

/* Nothing just before a change: its first section must not follow on another
 * too soon (ETSI TR 101 290 5.3, 3.6.c). */
static void
events_put(struct events *e, int64_t n, struct buf *out)
{
	int64_t phase = mod_floor(n - e->from, e->every);
	int i = phase == 0 ? 0 : 1;

	if ((phase != 0 && phase != e->gap) || e->until - n < e->gap)
		return;
	section_put(EIT_PID, &e->cc, e->parts[i].section, e->parts[i].len,
	    out);
	if (e->sent_version != e->version)
		events_note_sent(e);
}

/* The house clock's UTC is the slot's own, so that it is right to the
 * second. */
static void
time_put(struct mux *m, int64_t n, struct buf *out)
{
	int64_t t = rate_frame_ns(m->grid.rate, n) / TDT_NS * TDT_NS;
	uint8_t section[EIT_SECTION_MAX];

	if (m->past || rate_frame_from(m->grid.rate, t) != n)
		return;
	section_put(TDT_PID, &m->cc_tdt, section,
	    tdt_make(section, t / NS_PER_S), out);
}

static void
network_put(struct mux *m, int64_t n, struct buf *out)
{
	int64_t t = rate_frame_ns(m->grid.rate, n) / NIT_NS * NIT_NS;

	if (rate_frame_from(m->grid.rate, t) == n)
		table_put(&m->nit, out);
}

/* Before every key frame and half a group later; but a key frame at a boundary
 * may stand next to either, and two sections of a table may not. */
static void
service_put(struct mux *m, int64_t n, bool key, struct buf *out)
{
	int64_t since = n - m->sdt_at;

	if ((!key && mod_floor(n, m->grid.gop) != m->grid.gop / 2) ||
	    (since >= 0 && since < m->eit.gap))
		return;
	table_put(&m->sdt, out);
	m->sdt_at = n;
}

static struct pes
picture_begin(struct mux *m, int64_t n, const struct au *u)
{
	int64_t pts = grid_pts(&m->grid, u->index);
	int64_t dts = grid_dts(&m->grid, n);
	struct pes e = {
		.pid = MUX_PID_VIDEO, .cc = &m->cc_video, .u = u,
		.af = {
			.random_access = u->key,
			.discontinuity = m->discontinuity,
			.pcr = grid_pcr(&m->grid, n),
		},
	};

	m->discontinuity = false;
	pes_begin(&e, PES_STREAM_ID_VIDEO_MPEG, pts, dts != pts ? dts : -1);
	return e;
}

/* AC-3 is private_stream_1 (ETSI TS 102 366 annex A). */
static struct pes
audio_begin(struct mux *m, int64_t frame, const struct au *u)
{
	struct pes e = {
		.pid = MUX_PID_AUDIO, .cc = &m->cc_audio, .u = u,
		.af = { .random_access = true, .pcr = -1 },
	};

	pes_begin(&e, m->grid.codec == AFRAME_AC3 ?
	    PES_STREAM_ID_PRIVATE_1 : PES_STREAM_ID_AUDIO_MPEG,
	    grid_audio_pts(&m->grid, frame), -1);
	return e;
}

/* A slot's picture and sound on their way into packets. */
struct units {
	struct pes picture, *sound;
	size_t n, nsound;	/* packets of all, and of the sound */
	size_t i;		/* so many have been put */
};

static void
units_begin(struct units *x, struct mux *m, int64_t n,
    const struct au *picture, const struct au *const *audio, size_t naudio)
{
	int64_t frame = grid_audio(&m->grid, n);

	*x = (struct units){ .picture = picture_begin(m, n, picture) };
	x->sound = xcalloc(naudio + 1, sizeof x->sound[0]);
	for (size_t i = 0; i < naudio; i++) {
		x->sound[i] = audio_begin(m, frame + (int64_t)i, audio[i]);
		x->nsound += pes_count(&x->sound[i]);
	}
	x->n = x->nsound + pes_count(&x->picture);
}

/* Put them up to packet `until`: the picture's first, and sound as far apart
 * as can be, so that a decoder's transport buffer of 512 bytes, which is
 * emptied at 2 Mb/s, runs empty in between (2.4.2.4). */
static void
units_put(struct units *x, size_t until, struct buf *out)
{
	struct pes *sound = x->sound;

	for (; x->i < until; x->i++) {
		if ((x->i + 1) * x->nsound / x->n ==
		    x->i * x->nsound / x->n) {
			pes_put(&x->picture, out);
			continue;
		}
		while (pes_count(sound) == 0)
			sound++;
		pes_put(sound, out);
	}
}

size_t
mux_slot(struct mux *m, int64_t n, const struct au *picture,
    const struct au *const *audio, size_t naudio, struct buf *out)
{
	int64_t in_gop = mod_floor(n, m->grid.gop);
	bool two = grid_needs_half(&m->grid);
	struct units x;
	size_t at;

	m->begun = true;
	if (picture->key || in_gop % m->tables_every == 0) {
		table_put(&m->pat, out);
		table_put(&m->pmt, out);
	}
	service_put(m, n, picture->key, out);
	network_put(m, n, out);
	events_put(&m->eit, n, out);
	time_put(m, n, out);
	units_begin(&x, m, n, picture, audio, naudio);
	/* As many from PCR to PCR: each half begins with its own. */
	units_put(&x, two ? (x.n + 1) / 2 : x.n, out);
	at = out->len;
	if (two)
		packet_put_pcr(out, MUX_PID_VIDEO, m->cc_video,
		    grid_pcr_half(&m->grid, n));
	units_put(&x, x.n, out);
	free(x.sound);
	return out->len - at;
}
