#include "ts/check_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"

#define PCR_WRAP	(TS_WRAP * 300)
#define REPETITION	(100 * PCR_MS)	/* ISO/IEC 13818-1 2.7.2 */
#define REPETITION_DVB	(40 * PCR_MS)	/* ETSI TS 101 154 4.1.5.3 */
#define BELIEVED	(10 * PCR_HZ)	/* further is another clock */
#define REF_SILENT	PCR_HZ		/* then another one tells the time */
#define ACCURACY_NS	500		/* 13818-1 2.4.2.2 */
#define EVEN_PERCENT	5		/* so alike: a constant rate */
#define US(t)		((t) / (PCR_HZ / US_PER_S))

const struct check_clock *
check_clock_of(const struct check *c, const struct check_pid *p)
{
	const struct check_pid *q = c->pids[p->pcr_pid];

	return q != NULL ? q->clock : NULL;
}

/* The last PCRs came at one and the same rate, more or less. */
static bool
is_even(const struct check_clock *k)
{
	const struct clock_mark *w = k->window;
	int64_t bytes = (int64_t)(w[CLOCK_WINDOW - 1].place.pos -
	    w[0].place.pos);
	int64_t span = w[CLOCK_WINDOW - 1].now - w[0].now;

	for (size_t i = 1; i < CLOCK_WINDOW; i++) {
		int64_t due = muldiv_round(span,
		    (int64_t)(w[i].place.pos - w[i - 1].place.pos),
		    bytes);
		int64_t off = due - (w[i].now - w[i - 1].now);

		if (llabs(off) * 100 > due * EVEN_PERCENT)
			return false;
	}
	return true;
}

/* How far the mark in the middle is from the line between those n before
 * and after it. */
static int64_t
mark_error(const struct check_clock *k, size_t n)
{
	const struct clock_mark *m = &k->window[CLOCK_WINDOW / 2];
	const struct clock_mark *a = m - n, *b = m + n;

	return m->now - a->now - muldiv_round(b->now - a->now,
	    (int64_t)(m->place.pos - a->place.pos),
	    (int64_t)(b->place.pos - a->place.pos));
}

/* A PCR that is itself off must not make others look so: three lines have
 * to agree. */
static int64_t
accuracy_ns(const struct check_clock *k)
{
	int64_t least = INT64_MAX;

	for (size_t n = CLOCK_WINDOW / 2 - 2; n <= CLOCK_WINDOW / 2; n++) {
		int64_t e = mark_error(k, n);

		if (llabs(e) < llabs(least))
			least = e;
	}
	return least * 1000 / (PCR_HZ / US_PER_S);
}

static void
accuracy_check(struct check *c, struct check_pid *p)
{
	struct check_clock *k = p->clock;
	int64_t ns;

	if (k->nwindow == CLOCK_WINDOW)
		memmove(k->window, k->window + 1,
		    --k->nwindow * sizeof k->window[0]);
	k->window[k->nwindow++] = (struct clock_mark){ c->at, k->now };
	if (k->nwindow < CLOCK_WINDOW)
		return;
	if (!is_even(k)) {
		p->m.pcr.unjudged++;
		return;
	}
	p->m.pcr.judged++;
	ns = accuracy_ns(k);
	if (llabs(ns) > p->m.pcr.max_error_ns)
		p->m.pcr.max_error_ns = llabs(ns);
	if (llabs(ns) > ACCURACY_NS)
		check_complain_at(c, CHECK_PCR_ACCURACY, p->m.pid,
		    &k->window[CLOCK_WINDOW / 2].place, ns);
}

/* What the step d from the last PCR amounts to; by how much time went on. */
static int64_t
step_judge(struct check *c, struct check_pid *p, int64_t d)
{
	struct check_pcr *m = &p->m.pcr;
	uint16_t pid = p->m.pid;

	if (d < 0)
		m->back++;
	if (d > PCR_HZ)
		m->jumps++;
	if (d > m->max_gap)
		m->max_gap = d;
	/* A PID that is no programme's PCR_PID owes nobody any. */
	if (p->is_pcr && d > REPETITION)
		check_complain(c, CHECK_PCR_REPETITION, pid, US(d));
	else if (p->is_pcr && d > REPETITION_DVB)
		check_complain(c, CHECK_PCR_40MS, pid, US(d));
	if (p->is_pcr && (d < 0 || d > REPETITION))
		check_complain(c, CHECK_PCR_DISCONTINUITY, pid, US(d));
	return d < 0 || d > BELIEVED ? 0 : d;
}

static int64_t
pcr_diff(int64_t a, int64_t b)
{
	int64_t d = mod_floor(a - b, PCR_WRAP);

	return d >= PCR_WRAP / 2 ? d - PCR_WRAP : d;
}

static void
ref_follow(struct check *c, const struct check_pid *p)
{
	const struct check_clock *k = p->clock;

	if (!c->has_ref || (p->m.pid != c->ref &&
	    k->now - c->now > REF_SILENT)) {
		c->has_ref = true;
		c->ref = p->m.pid;
	}
	if (p->m.pid == c->ref)
		c->now = c->r.duration = k->now;
}

/* The clock tells another time: what has waited for that. */
static void
clock_moved(struct check *c, const struct check_pid *p,
    const struct check_clock *was, bool hole)
{
	const struct check_clock *k = p->clock;

	check_every_pcr(c, p->m.pid, was, k->pos, k->now, hole);
	ref_follow(c, p);
	check_every_sweep(c);
}

/* PCRs that were missed, where the next one does not tell how long. */
static void
missed_tell(struct check *c, struct check_pid *p)
{
	const struct check_clock *k = p->clock;

	if (k->lent == 0)
		return;
	if (k->lent > p->m.pcr.max_gap)
		p->m.pcr.max_gap = k->lent;
	check_complain_at(c, CHECK_PCR_REPETITION, p->m.pid, &k->missed,
	    US(k->lent));
}

static void
clock_start(struct check *c, struct check_pid *p, int64_t pcr)
{
	p->clock = xcalloc(1, sizeof *p->clock);
	p->clock->started = true;
	p->clock->now = c->now;
	p->clock->pos = c->at.pos;
	p->m.pcr.first = pcr;
}

void
check_clock_pcr(struct check *c, struct check_pid *p, int64_t pcr,
    bool flagged)
{
	struct check_clock was, *k;
	int64_t step = 0;

	if (p->clock == NULL)
		clock_start(c, p, pcr);
	was = *p->clock;
	k = p->clock;
	if (p->m.pcr.n++ != 0 && !flagged)
		step = step_judge(c, p, pcr_diff(pcr, was.pcr));
	if (step == 0)
		missed_tell(c, p);
	if (step == 0 || step > REPETITION)
		k->broken = p->m.pcr.n;
	if (k->broken == p->m.pcr.n || k->lent != 0)
		k->nwindow = 0;
	k->pcr = pcr;
	k->now += step > k->lent ? step - k->lent : 0;
	k->lent = 0;
	k->pos = c->at.pos;
	accuracy_check(c, p);
	clock_moved(c, p, &was, k->now - was.now > REPETITION);
	if (p->m.pid == c->ref)
		check_pace_pcr(c);
}

void
check_clock_lend(struct check *c, struct check_pid *q, int64_t past)
{
	struct check_clock *k = q->clock, was = *k;

	if (past <= k->lent)
		return;
	if (k->lent == 0)
		k->missed = c->at;
	k->now += past - k->lent;
	k->lent = past;
	k->pos = c->at.pos;
	clock_moved(c, q, &was, false);
}

void
check_clock_end(struct check *c)
{
	for (size_t i = 0; i < CHECK_NPIDS; i++)
		if (c->pids[i] != NULL && c->pids[i]->clock != NULL)
			missed_tell(c, c->pids[i]);
}
