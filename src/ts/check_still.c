#include "ts/check_parts.h"

#include <stdlib.h>

#include "base/arith.h"

/* A PCR that never comes leaves no gap to be measured.  But what the stream
 * sends goes on being due: no access unit can be further ahead of the clock
 * than the decoder's buffer lets it, and how far that is units have shown
 * while PCRs came as they should.  One that is further ahead by a while says
 * that this while has passed since the last PCR; never too much, for it may
 * have been as far ahead as any before it.
 *
 * A time stamp that is itself wrong must not be believed: several units have
 * to agree, and none after a jump.
 *
 * Where a stream is stuffed to a constant rate, bytes tell the time as well,
 * even if nothing comes any more but stuffing. */

#define REPETITION	(100 * PCR_MS)	/* 13818-1 2.7.2 */
#define PCRS_MIN	50	/* before these little is known, so ... */
#define MARGIN		PCR_HZ	/* ... much is allowed for */
#define WITNESSES	3
#define STRIDE_MAX	(TS_HZ * 3 / 10)	/* longer is no usual step */
#define STEP_MAX	(TS_HZ * 7 / 10)	/* between stamps, 2.7.4 */
#define JUDGED_MIN	100	/* PCRs, all at one rate */
#define SURE_PERCENT	95	/* of what bytes say: so even is that rate */
#define TICK		(10 * PCR_MS)

/* Where PCRs have come, and none off its time, what units did until then is
 * what they may do. */
static void
lead_learn(struct check_es *e, const struct check_pid *q)
{
	if (e->pcrs == q->m.pcr.n)
		return;
	if (e->pcrs != 0 && q->clock->broken <= e->pcrs &&
	    (!e->knows || e->pending > e->most)) {
		e->most = e->pending;
		e->knows = true;
	}
	e->pcrs = q->m.pcr.n;
	e->pending = INT64_MIN;
	e->shaken = false;
	e->beyond = 0;
}

static void
step_take(struct check_es *e)
{
	if (llabs(e->moved) > STEP_MAX)
		e->shaken = true;
	else if (e->moved > e->stride && e->moved <= STRIDE_MAX)
		e->stride = e->moved;
}

bool
check_still_unit(struct check *c, struct check_pid *p, int64_t lead)
{
	struct check_pid *q = c->pids[p->pcr_pid];
	struct check_es *e = p->es;
	int64_t past = 0;

	lead_learn(e, q);
	step_take(e);
	if (lead > e->pending)
		e->pending = lead;
	if (e->knows && !e->shaken)
		past = (lead - e->most - e->stride) * 300 -
		    (q->m.pcr.n < PCRS_MIN ? MARGIN : 0);
	e->beyond = past > REPETITION ? e->beyond + 1 : 0;
	if (e->beyond >= WITNESSES)
		check_clock_lend(c, q, past);
	return q->clock->lent != 0;
}

void
check_still_bytes(struct check *c)
{
	struct check_pid *q = c->has_ref ? c->pids[c->ref] : NULL;
	const struct clock_mark *first, *last;
	int64_t bytes, span, past;

	if (q == NULL || c->r.nulls == 0 || q->m.pcr.unjudged != 0 ||
	    q->m.pcr.judged < JUDGED_MIN || q->clock->nwindow < CLOCK_WINDOW)
		return;
	first = &q->clock->window[0];
	last = &q->clock->window[CLOCK_WINDOW - 1];
	bytes = (int64_t)(c->at.pos - last->place.pos);
	span = (int64_t)(last->place.pos - first->place.pos);
	if (bytes <= span / CLOCK_WINDOW)
		return;
	past = muldiv_floor(bytes, last->now - first->now, span) *
	    SURE_PERCENT / 100;
	if (past > REPETITION && past - q->clock->lent > TICK)
		check_clock_lend(c, q, past);
}
