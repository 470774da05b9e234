#include "ts/check_parts.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <string.h>

#include "base/arith.h"

#define TABLES		(500 * PCR_MS)	/* TR 101 290 5.2.1 */
#define TABLES_DVB	(101 * PCR_MS)	/* ETSI TR 101 211 4.4: 100 */
#define STAMPS		(700 * PCR_MS)	/* 13818-1 2.7.4 */
#define TOLD		(2 * PCR_HZ)	/* TR 101 290 5.4.6 */
#define TOLD_TWICE	(25 * PCR_MS)
#define TIMES		(30 * PCR_HZ)	/* 5.4.8 */
#define ABSENT		(5 * PCR_HZ)	/* TR 101 290 5.2.1: by the user */
#define SWEEP		(50 * PCR_MS)
#define PID_NULL	0x1fff	/* as PCR_PID: none, 2.4.4.9 */
#define SPAN_BITS	31
#define US(t)		((t) / (PCR_HZ / US_PER_S))

void
check_event(struct check *c, enum check_event_kind kind, uint16_t id,
    uint16_t clock)
{
	if (clock == PID_NULL)
		return;
	if (c->nevents == EVENTS_MAX) {
		/* The clocks these wait for have stopped. */
		c->nevents /= 2;
		memmove(c->events, c->events + c->nevents,
		    c->nevents * sizeof c->events[0]);
	}
	c->events[c->nevents++] = (struct check_event){
		.kind = kind,
		.id = id,
		.clock = clock,
		.place = c->at,
	};
}

/* Whatever is missed has been seen once, or its time has been taken. */
static void
gap_end(struct check *c, struct check_every *e, enum check_kind k,
    uint16_t pid, int64_t now)
{
	if (e->missed)
		check_complain_at(c, k, pid, &e->at, US(now - e->last));
	e->missed = false;
}

/* It came, at `time`; the gap before it. */
static int64_t
every_seen(struct check *c, struct check_every *e, int64_t limit,
    enum check_kind k, uint16_t pid, const struct check_place *at,
    int64_t time)
{
	int64_t gap = e->last != CHECK_NO_TIME ? time - e->last : 0;

	if (gap > limit && !e->missed) {
		e->missed = true;
		e->at = *at;
	}
	gap_end(c, e, k, pid, time);
	e->last = time;
	return gap;
}

/* It may not have come for too long. */
static void
every_sweep(struct check *c, struct check_every *e, int64_t limit,
    int64_t now)
{
	if (e->last == CHECK_NO_TIME)
		e->last = now;
	if (now - e->last > limit && !e->missed) {
		e->missed = true;
		e->at = c->at;
	}
}

static void
table_seen(struct check *c, struct check_every *e, enum check_kind k,
    uint16_t pid, const struct check_event *v, int64_t time, int64_t *max)
{
	int64_t gap = every_seen(c, e, TABLES, k, pid, &v->place, time);

	if (gap > TABLES_DVB && gap <= TABLES)
		check_complain_at(c, CHECK_TABLES_100MS, pid, &v->place,
		    US(gap));
	if (gap > *max)
		*max = gap;
}

static void
eit_seen(struct check *c, struct check_prog *x, unsigned i,
    const struct check_event *v, int64_t time)
{
	if (x->told != CHECK_NO_TIME && time - x->told < TOLD_TWICE)
		check_complain_at(c, CHECK_EIT, EIT_PID, &v->place,
		    US(time - x->told));
	x->told = time;
	every_seen(c, &x->eit[i].every, TOLD, CHECK_EIT, EIT_PID, &v->place,
	    time);
}

static void
event_happen(struct check *c, const struct check_event *v, int64_t time)
{
	struct check_programme *g;
	struct check_pid *p;

	switch (v->kind) {
	case EVENT_PAT:
		table_seen(c, &c->pat, CHECK_PAT, 0, v, time,
		    &c->r.pat_max_gap);
		break;
	case EVENT_PMT:
		g = &c->programmes[v->id];
		table_seen(c, &c->progs[v->id].every, CHECK_PMT, g->pmt_pid,
		    v, time, &g->pmt_max_gap);
		break;
	case EVENT_PTS:
		p = check_pid(c, v->id);
		every_seen(c, &p->es->stamp, STAMPS, CHECK_PTS, v->id,
		    &v->place, time);
		break;
	case EVENT_EIT:
		eit_seen(c, &c->progs[v->id / 2], v->id % 2, v, time);
		break;
	case EVENT_TDT:
		every_seen(c, &c->tdt, TIMES, CHECK_TDT, TDT_PID, &v->place,
		    time);
		break;
	}
}

/* Between two PCRs time goes by bytes (2.4.2.2).  The shifts keep the product
 * of what hostile bytes may claim within 64 bits. */
static int64_t
time_at(const struct check_clock *was, uint64_t pos, int64_t now,
    uint64_t at)
{
	uint64_t span = pos - was->pos;
	uint64_t off = at > was->pos ? at - was->pos : 0;

	if (off == 0)
		return was->now;
	if (off >= span)
		return now;
	while (span >> SPAN_BITS != 0) {
		span >>= 1;
		off >>= 1;
	}
	return was->now + muldiv_floor(now - was->now, (int64_t)off,
	    (int64_t)span);
}

void
check_every_pcr(struct check *c, uint16_t clock,
    const struct check_clock *was, uint64_t pos, int64_t now, bool hole)
{
	bool ref = !c->has_ref || c->ref == clock;
	size_t n = 0;

	for (size_t i = 0; i < c->nevents; i++) {
		struct check_event *v = &c->events[i];

		if (v->clock == clock || (v->clock == CHECK_NO_PID && ref))
			event_happen(c, v, hole ? was->now :
			    time_at(was, pos, now, v->place.pos));
		else
			c->events[n++] = *v;
	}
	c->nevents = n;
}

static bool
is_owed(const struct check_pid *p)
{
	return p != NULL && p->in_pmt && (p->m.class == CHECK_VIDEO ||
	    p->m.class == CHECK_AUDIO);
}

static void
absence_sweep(struct check *c, struct check_pid *p)
{
	if (c->now - p->seen <= ABSENT) {
		p->absent = false;
	} else if (!p->absent) {
		p->absent = true;
		check_complain(c, CHECK_PID, p->m.pid, US(c->now - p->seen));
	}
}

static void
pid_sweep(struct check *c, struct check_pid *p)
{
	const struct check_clock *k;

	if (is_owed(p)) {
		absence_sweep(c, p);
		if (p->es != NULL && (k = check_clock_of(c, p)) != NULL)
			every_sweep(c, &p->es->stamp, STAMPS, k->now);
	}
}

void
check_every_sweep(struct check *c)
{
	if (c->now - c->swept < SWEEP)
		return;
	c->swept = c->now;
	every_sweep(c, &c->pat, TABLES, c->now);
	for (size_t i = 0; i < c->r.nprogrammes; i++) {
		struct check_prog *x = &c->progs[i];

		if (x->listed)
			every_sweep(c, &x->every, TABLES, c->now);
		/* One alone misses the other. */
		for (int k = 0; k < 2 && x->told != CHECK_NO_TIME; k++)
			every_sweep(c, &x->eit[k].every, TOLD, c->now);
	}
	if (c->tdt.last != CHECK_NO_TIME)
		every_sweep(c, &c->tdt, TIMES, c->now);
	for (size_t i = 0; i < CHECK_NPIDS; i++)
		if (c->pids[i] != NULL)
			pid_sweep(c, c->pids[i]);
}

static void
prog_end(struct check *c, struct check_prog *x, uint16_t pmt_pid)
{
	gap_end(c, &x->every, CHECK_PMT, pmt_pid, c->now);
	for (int k = 0; k < 2; k++)
		gap_end(c, &x->eit[k].every, CHECK_EIT, EIT_PID, c->now);
}

/* What waits for a PCR that does not come happened after the last one; what
 * is missing stays so. */
void
check_every_end(struct check *c)
{
	for (size_t i = 0; i < c->nevents; i++) {
		const struct check_event *v = &c->events[i];
		const struct check_pid *p = v->clock == CHECK_NO_PID ?
		    (c->has_ref ? c->pids[c->ref] : NULL) :
		    c->pids[v->clock];

		if (p != NULL && p->clock != NULL)
			event_happen(c, v, p->clock->now);
	}
	c->nevents = 0;
	gap_end(c, &c->pat, CHECK_PAT, 0, c->now);
	for (size_t i = 0; i < c->r.nprogrammes; i++)
		prog_end(c, &c->progs[i], c->programmes[i].pmt_pid);
	gap_end(c, &c->tdt, CHECK_TDT, TDT_PID, c->now);
	for (size_t i = 0; i < CHECK_NPIDS; i++) {
		struct check_pid *p = c->pids[i];
		const struct check_clock *k;

		if (p != NULL && p->es != NULL &&
		    (k = check_clock_of(c, p)) != NULL)
			gap_end(c, &p->es->stamp, CHECK_PTS, p->m.pid,
			    k->now);
	}
}
