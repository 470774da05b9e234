#include "ts/check_parts.h"

#include <bitstream/dvb/si/sdt.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define PID_NULL	0x1fff
#define PID_NIT		0x10	/* ETSI EN 300 468 table 1 */
#define PID_EIT		0x12
#define PID_TDT		0x14
#define STREAM_CUES	0x86	/* sections, ANSI/SCTE 35 */
#define AF_MAX		183	/* adaptation_field_length alone, ... */
#define AF_MAX_PAYLOAD	182	/* ... with a payload behind it */
#define AF_PCR		7	/* bytes that hold the flags and a PCR */
#define ACCURACY_PERCENT 90	/* of all PCRs: the rate is constant */

struct check *
check_new(void)
{
	struct check *c = xcalloc(1, sizeof *c);

	c->pat_version = -1;
	c->pat.last = c->tdt.last = CHECK_NO_TIME;
	c->r.utc = CHECK_NO_TIME;
	c->nit_pid = PID_NIT;
	c->arrival = -1;
	c->pacer.first = -1;
	return c;
}

static void
pid_free(struct check_pid *p)
{
	if (p == NULL)
		return;
	if (p->section != NULL)
		free(p->section->data);
	free(p->section);
	free(p->clock);
	free(p->es);
	free(p);
}

void
check_free(struct check *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < CHECK_NPIDS; i++)
		pid_free(c->pids[i]);
	free(c->r.streams);
	free(c->faults);
	free(c);
}

struct check_pid *
check_pid(struct check *c, uint16_t pid)
{
	struct check_pid *p = c->pids[pid];

	if (p == NULL) {
		p = c->pids[pid] = xcalloc(1, sizeof *p);
		p->m.pid = pid;
		p->m.codec = "";
		p->pcr_pid = PID_NULL;
		p->seen = c->now;
	}
	return p;
}

/* What a packet's adaptation field says (2.4.3.4). */
struct adaptation {
	size_t size;		/* of all of it; 0: none */
	bool discontinuity;
	bool random_access;
	int64_t pcr;		/* 27 MHz, -1: none */
};

/* False if the field cannot be so. */
static bool
adaptation_get(const uint8_t *pkt, struct adaptation *af)
{
	uint8_t len;

	*af = (struct adaptation){ .pcr = -1 };
	if (!ts_has_adaptation(pkt))
		return ts_has_payload(pkt);
	len = ts_get_adaptation(pkt);
	if (ts_has_payload(pkt) ? len > AF_MAX_PAYLOAD : len != AF_MAX)
		return false;
	af->size = 1u + len;
	if (len == 0)
		return true;
	af->discontinuity = tsaf_has_discontinuity(pkt);
	af->random_access = tsaf_has_randomaccess(pkt);
	if (tsaf_has_pcr(pkt)) {
		if (len < AF_PCR)
			return false;
		af->pcr = (int64_t)tsaf_get_pcr(pkt) * 300 +
		    (int64_t)tsaf_get_pcrext(pkt);
	}
	return true;
}

/* Enough to tell a packet sent twice from one that took its place. */
static uint64_t
payload_sum(const uint8_t *load, size_t len)
{
	uint64_t sum = len, w;

	for (; len >= sizeof w; load += sizeof w, len -= sizeof w) {
		memcpy(&w, load, sizeof w);
		sum = (sum ^ w) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 32;
	}
	while (len-- != 0)
		sum = (sum ^ *load++) * UINT64_C(0x100000001b3);
	return sum;
}

static void
continuity_lost(struct check *c, struct check_pid *p, int missing)
{
	p->m.cc_errors++;
	check_complain(c, CHECK_CC, p->m.pid, missing);
	check_section_lost(p);
	check_pes_lost(p);
}

/* The counter of a packet with payload (2.4.3.3); false if the packet is a
 * repetition, of which one is legal. */
static bool
continuity_check(struct check *c, struct check_pid *p, uint8_t cc,
    uint64_t sum, bool flagged)
{
	uint8_t due = (p->cc + 1) & 0xf;
	bool again = p->has_cc && cc == p->cc && sum == p->sum;

	if (again) {
		p->m.duplicates++;
		if (p->twice)
			continuity_lost(c, p, 0);
	} else if (p->has_cc && cc != due && !flagged) {
		continuity_lost(c, p, (cc - due) & 0xf);
	} else if (flagged && cc != due) {
		check_section_lost(p);
		check_pes_lost(p);
	}
	p->twice = again;
	p->has_cc = true;
	p->cc = cc;
	p->sum = sum;
	return !again;
}

/* Without payload it stands still, or with the flag begins anew. */
static void
continuity_still(struct check *c, struct check_pid *p, uint8_t cc,
    bool flagged)
{
	if (flagged)
		p->cc = cc;
	else if (p->has_cc && cc != p->cc)
		continuity_lost(c, p, (cc - p->cc) & 0xf);
}

static bool
holds_tables(const struct check *c, const struct check_pid *p)
{
	uint16_t pid = p->m.pid;

	return p->is_pmt || pid == PAT_PID || pid == CAT_PID ||
	    pid == PID_NIT || pid == c->nit_pid || pid == SDT_PID ||
	    pid == PID_EIT || pid == PID_TDT ||
	    (p->in_pmt && p->m.type == STREAM_CUES);
}

static void
payload(struct check *c, struct check_pid *p, const uint8_t *load,
    size_t len, bool start)
{
	if (holds_tables(c, p))
		check_section_packet(c, p, load, len, start);
	else if (p->m.pid > PID_TDT)
		check_pes_packet(c, p, load, len, start);
}

static void
scrambled(struct check *c, struct check_pid *p)
{
	p->m.scrambled++;
	if (p->m.pid == PAT_PID)
		check_complain(c, CHECK_PAT, p->m.pid, 0);
	else if (p->is_pmt)
		check_complain(c, CHECK_PMT, p->m.pid, 0);
	if (!c->has_scrambled)
		c->scrambled = c->at;
	c->has_scrambled = true;
}

static void
adaptation_apply(struct check *c, struct check_pid *p,
    const struct adaptation *af)
{
	if (af->random_access)
		p->m.random_access++;
	if (af->discontinuity) {
		p->m.discontinuities++;
		/* At a stream's begin it only says so. */
		if (p->m.packets > 1)
			check_complain(c, CHECK_DISCONTINUITY, p->m.pid, 0);
	}
	p->random_access = af->random_access;
	p->new_clock |= af->discontinuity;
	if (af->pcr >= 0) {
		check_clock_pcr(c, p, af->pcr, p->new_clock);
		p->new_clock = false;
	}
}

static void
packet_read(struct check *c, struct check_pid *p, const uint8_t *pkt)
{
	struct adaptation af;
	const uint8_t *load;
	size_t len;

	if (!adaptation_get(pkt, &af)) {
		check_complain(c, CHECK_PACKET, p->m.pid, 0);
		return;
	}
	adaptation_apply(c, p, &af);
	if (!ts_has_payload(pkt)) {
		continuity_still(c, p, ts_get_cc(pkt), af.discontinuity);
		return;
	}
	load = pkt + TS_HEADER_SIZE + af.size;
	len = TS_SIZE - TS_HEADER_SIZE - af.size;
	if (!continuity_check(c, p, ts_get_cc(pkt), payload_sum(load, len),
	    af.discontinuity))
		return;
	if (ts_get_scrambling(pkt) != 0)
		scrambled(c, p);
	else
		payload(c, p, load, len, ts_get_unitstart(pkt));
}

void
check_packet(struct check *c, const uint8_t *pkt)
{
	uint16_t pid = ts_get_pid(pkt);
	struct check_pid *p = check_pid(c, pid);

	c->r.packets++;
	p->m.packets++;
	check_still_bytes(c);
	if (ts_get_transporterror(pkt)) {
		/* Whatever else is wrong with it follows from that. */
		check_complain(c, CHECK_TRANSPORT, pid, 0);
		p->has_cc = false;
		check_section_lost(p);
		check_pes_lost(p);
	} else if (pid == PID_NULL) {
		c->r.nulls++;
	} else {
		p->seen = c->now;
		packet_read(c, p, pkt);
	}
}

void
check_feed(struct check *c, const uint8_t *data, size_t len,
    int64_t arrival_ns)
{
	c->r.bytes += len;
	c->arrival = arrival_ns;
	if (arrival_ns >= 0 && len != 0)
		check_pace_bytes(c);
	check_framer_feed(c, data, len);
}

const struct check_report *
check_sofar(const struct check *c)
{
	return &c->r;
}

/* The programme's first stream of a class that has time stamps. */
static const struct check_pid *
first_of(const struct check *c, uint16_t programme, enum check_class class)
{
	for (size_t i = 0; i < CHECK_NPIDS; i++) {
		const struct check_pid *p = c->pids[i];

		if (p != NULL && p->m.programme == programme &&
		    p->in_pmt && p->m.class == class && p->es != NULL &&
		    p->es->nstamps != 0)
			return p;
	}
	return NULL;
}

static void
programme_finish(struct check *c, struct check_programme *g)
{
	const struct check_pid *v = first_of(c, g->number, CHECK_VIDEO);
	const struct check_pid *a = first_of(c, g->number, CHECK_AUDIO);
	const struct check_pid *clock = c->pids[g->pcr_pid];

	if (g->pcr_pid != PID_NULL &&
	    (clock == NULL || clock->clock == NULL))
		check_complain(c, CHECK_PCR_REPETITION, g->pcr_pid, 0);
	if (v == NULL || a == NULL)
		return;
	g->av = true;
	g->av_start = ts_diff(a->es->first_upts, v->es->first_upts);
	g->av_end = ts_diff(a->es->max_upts, v->es->max_upts);
}

/* Without a clock no time passes in which something could be missed: what
 * has not come at all is missed nevertheless. */
static void
absence_judge(struct check *c)
{
	bool any = false;

	if (c->r.packets == 0)
		return;
	for (size_t i = 0; i < c->r.nprogrammes; i++)
		any |= c->programmes[i].pmts != 0;
	if (c->r.pats == 0 && check_pid(c, PAT_PID)->fault[CHECK_PAT] == 0)
		check_complain(c, CHECK_PAT, PAT_PID, 0);
	for (size_t i = 0; !any && i < c->r.nprogrammes; i++) {
		uint16_t pid = c->programmes[i].pmt_pid;

		if (check_pid(c, pid)->fault[CHECK_PMT] == 0)
			check_complain(c, CHECK_PMT, pid, 0);
	}
}

static void
streams_finish(struct check *c)
{
	struct check_report *r = &c->r;
	uint64_t judged = 0, unjudged = 0;

	r->streams = xcalloc(CHECK_NPIDS, sizeof *r->streams);
	for (size_t i = 0; i < CHECK_NPIDS; i++) {
		struct check_pid *p = c->pids[i];

		if (p == NULL)
			continue;
		if (holds_tables(c, p) || (p->m.class == CHECK_OTHER &&
		    p->m.pid <= PID_TDT))
			p->m.class = CHECK_PSI;
		check_pes_end(c, p);
		judged += p->m.pcr.judged;
		unjudged += p->m.pcr.unjudged;
		if (p->m.packets != 0 || p->in_pmt)
			r->streams[r->nstreams++] = &p->m;
	}
	r->accuracy = judged != 0 &&
	    judged * 100 >= (judged + unjudged) * ACCURACY_PERCENT;
}

const struct check_report *
check_end(struct check *c)
{
	struct check_report *r = &c->r;

	check_framer_end(c);
	check_clock_end(c);
	check_every_end(c);
	absence_judge(c);
	streams_finish(c);
	for (size_t i = 0; i < r->nprogrammes; i++)
		programme_finish(c, &c->programmes[i]);
	r->programmes = c->programmes;
	if (c->has_scrambled && !c->has_cat)
		check_complain_at(c, CHECK_CAT, CHECK_NO_PID, &c->scrambled,
		    -1);
	check_pace_end(c);
	check_faults_finish(c);
	return r;
}
