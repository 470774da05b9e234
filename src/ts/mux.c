#include "ts/mux.h"

#include <bitstream/dvb/si/nit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ts/eit.h"
#include "ts/events.h"
#include "ts/packet.h"
#include "ts/psi.h"

#define SD_LINES	576	/* more is HD, ETSI TS 101 154 */
#define TABLES_MS	100	/* PAT and PMT, ETSI TR 101 211 4.4 */
#define VERSION_MAX	0x1f
#define NIT_NS		(5 * NS_PER_S)	/* 10 s at most */
#define TDT_NS		(10 * NS_PER_S)	/* all three: TR 101 211 4.4 */

struct table {
	uint16_t pid;
	uint8_t cc, version;
	struct buf sections;	/* one after the other */
};

struct mux {
	struct grid grid;
	uint16_t ts_id;
	char *provider, *service;
	bool hd;
	struct psi_stream *network;	/* NULL: this one stream */
	size_t nnetwork;
	int64_t tables_every;	/* slots */
	int64_t tables_at;	/* slot of the last ones */
	struct table pat, pmt, sdt, nit;
	int64_t sdt_at;		/* slot of the last one */
	struct events eit;
	uint8_t cc_video, cc_audio, cc_tdt;
	struct pes *sound;	/* room for a slot's */
	size_t cap_sound;
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
	m->tables_at = m->sdt_at = INT64_MAX;
	events_init(&m->eit, g->rate);
	m->provider = xstrdup(provider);
	mux_describe(m, service, SD_LINES + 1, NULL);
	return m;
}

static size_t
section_size(const uint8_t *section)
{
	return (size_t)psi_get_length(section) + PSI_HEADER_SIZE;
}

static void
version_set(struct buf *sections, uint8_t version)
{
	size_t at = 0;

	while (at < sections->len) {
		uint8_t *p = sections->data + at;

		psi_set_version(p, version);
		psi_set_current(p);	/* which the former clears */
		psi_set_crc(p);
		at += section_size(p);
	}
}

/* A version of what the sections say: so another one than that of yesterday,
 * which a receiver may remember, but for one change in 32; and on every node
 * the same. */
static uint8_t
version_of(struct buf *sections)
{
	uint8_t digest = 0;
	size_t at = 0;

	version_set(sections, 0);
	while (at < sections->len) {
		at += section_size(sections->data + at);
		digest ^= sections->data[at - 1];	/* of the CRC */
	}
	return digest & VERSION_MAX;
}

/* What has gone out as one version goes out as the next of 32 once it changes
 * (2.4.4.5).  Takes the sections. */
static void
table_set(struct table *t, bool begun, struct buf *sections)
{
	struct buf was = t->sections;

	if (!begun)
		t->version = version_of(sections);
	version_set(sections, t->version);
	if (begun && (was.len != sections->len ||
	    memcmp(was.data, sections->data, was.len) != 0)) {
		t->version = (t->version + 1) & VERSION_MAX;
		version_set(sections, t->version);
	}
	t->sections = *sections;
	buf_fini(&was);
}

static void
table_set_section(struct table *t, bool begun, const uint8_t *section,
    size_t len)
{
	struct buf b = { 0 };

	buf_add(&b, section, len);
	table_set(t, begun, &b);
}

static void
nit_make(struct mux *m)
{
	const struct psi_stream own = { m->ts_id, m->hd };
	struct buf nit = { 0 };

	if (m->nnetwork > 0)
		psi_make_nit(&nit, m->provider, m->network, m->nnetwork);
	else
		psi_make_nit(&nit, m->provider, &own, 1);
	table_set(&m->nit, m->begun, &nit);
}

/* All but the PMT have the ts_id. */
static void
tables_make(struct mux *m)
{
	uint8_t pat[PSI_SECTION_MAX] = { 0 }, sdt[PSI_SECTION_MAX] = { 0 };

	table_set_section(&m->pat, m->begun, pat, psi_make_pat(pat,
	    m->ts_id));
	table_set_section(&m->sdt, m->begun, sdt, psi_make_sdt(sdt, m->ts_id,
	    m->provider, m->service, m->hd));
	nit_make(m);
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
	table_set_section(&m->pmt, m->begun, pmt,
	    psi_make_pmt(pmt, &m->grid, language));
	tables_make(m);
}

void
mux_set_network(struct mux *m, uint16_t id, const struct mux_stream *v,
    size_t n)
{
	m->ts_id = id;
	free(m->network);
	m->network = xcalloc(n, sizeof *m->network);
	m->nnetwork = n;
	for (size_t i = 0; i < n; i++)
		m->network[i] = (struct psi_stream){
			v[i].ts_id, v[i].height > SD_LINES,
		};
	tables_make(m);
}

void
mux_set_past(struct mux *m)
{
	m->past = true;
}

void
mux_events(struct mux *m, int64_t from, int64_t until, uint64_t count,
    const struct buf *present, const struct buf *following)
{
	m->eit.from = from;
	m->eit.until = until;
	m->eit.count = count;
	events_set(&m->eit, m->ts_id, present, following);
}

void
mux_begin(struct mux *m)
{
	m->eit.anew = true;
}

void
mux_free(struct mux *m)
{
	if (m == NULL)
		return;
	free(m->provider);
	free(m->service);
	free(m->network);
	free(m->sound);
	buf_fini(&m->pat.sections);
	buf_fini(&m->pmt.sections);
	buf_fini(&m->sdt.sections);
	buf_fini(&m->nit.sections);
	free(m);
}

void
mux_discontinuity(struct mux *m)
{
	m->discontinuity = true;
}

struct splice
mux_splice(const struct mux *m, int64_t n)
{
	struct splice s = {
		.pcr = grid_pcr(&m->grid, n),
		.cc = {
			[SPLICE_VIDEO] = m->cc_video,
			[SPLICE_AUDIO] = m->cc_audio,
			[SPLICE_PAT] = m->pat.cc,
			[SPLICE_PMT] = m->pmt.cc,
			[SPLICE_NIT] = m->nit.cc,
			[SPLICE_SDT] = m->sdt.cc,
			[SPLICE_EIT] = m->eit.cc,
			[SPLICE_TDT] = m->cc_tdt,
		},
	};

	/* Ours are those of the packets to come. */
	for (int i = 0; i < SPLICE_NPIDS; i++)
		s.cc[i] = (s.cc[i] + 0xf) & 0xf;
	return s;
}

static void
table_put(struct table *t, struct buf *out)
{
	packet_put_section(t->pid, &t->cc, t->sections.data, t->sections.len, out);
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
	packet_put_section(TDT_PID, &m->cc_tdt, section,
	    tdt_make(section, t / NS_PER_S), out);
}

/* A section of several at a time, for none may follow on another too soon. */
static void
network_put(struct mux *m, int64_t n, struct buf *out)
{
	int64_t t = rate_frame_ns(m->grid.rate, n) / NIT_NS * NIT_NS;
	int64_t since = n - rate_frame_from(m->grid.rate, t);
	const struct buf *nit = &m->nit.sections;
	size_t at = 0;

	if (since % m->eit.gap != 0)
		return;
	for (int64_t i = since / m->eit.gap; i > 0 && at < nit->len; i--)
		at += section_size(nit->data + at);
	if (at < nit->len)
		packet_put_section(NIT_PID, &m->nit.cc, nit->data + at,
		    section_size(nit->data + at), out);
}

/* Before every key frame, and from there on again and again: so a key frame off
 * the grid is not followed by a second PAT at once. */
static void
programme_put(struct mux *m, int64_t n, bool key, struct buf *out)
{
	int64_t since = n - m->tables_at;

	if (!key && since >= 0 && since < m->tables_every)
		return;
	table_put(&m->pat, out);
	table_put(&m->pmt, out);
	m->tables_at = n;
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

/* A slot's picture and sound, which is in the mux's room for it, on their way
 * into packets. */
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

	xgrow(&m->sound, &m->cap_sound, naudio, sizeof *m->sound);
	*x = (struct units){
		.picture = picture_begin(m, n, picture), .sound = m->sound,
	};
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
	bool two = grid_needs_half(&m->grid);
	struct units x;
	size_t at;

	m->begun = true;
	programme_put(m, n, picture->key, out);
	service_put(m, n, picture->key, out);
	network_put(m, n, out);
	events_put(&m->eit, n, out);
	time_put(m, n, out);
	units_begin(&x, m, n, picture, audio, naudio);
	/* As many from PCR to PCR: each half begins with its own. */
	units_put(&x, two ? (x.n + 1) / 2 : x.n, out);
	at = out->len;
	if (two)
		packet_put_empty(out, MUX_PID_VIDEO, (m->cc_video + 0xf) & 0xf,
		    &(struct adaptation){
			.pcr = grid_pcr_half(&m->grid, n) });
	units_put(&x, x.n, out);
	return out->len - at;
}
