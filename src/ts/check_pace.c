#include "ts/check_parts.h"

#include "base/arith.h"

#define BURST_NS	(2 * NS_PER_S)	/* a viewer's backlog comes at once */
#define POINTS_MIN	10
#define NS_PER_MS	1000000

void
check_pace_bytes(struct check *c)
{
	struct check_pacer *q = &c->pacer;

	if (q->first < 0)
		q->first = q->last = c->arrival;
	if (c->arrival - q->last > c->r.pace.silence_ns)
		c->r.pace.silence_ns = c->arrival - q->last;
	q->last = c->arrival;
}

void
check_pace_pcr(struct check *c)
{
	struct check_pacer *q = &c->pacer;
	int64_t x, y;

	if (c->arrival < 0 || c->arrival - q->first <= BURST_NS)
		return;
	if (!q->started) {
		q->started = true;
		q->base = c->arrival;
		q->pcr_base = c->now;
	}
	x = (c->arrival - q->base) / NS_PER_MS;
	y = c->arrival - q->base - muldiv_round(c->now - q->pcr_base,
	    NS_PER_S, PCR_HZ);
	if (q->n == 0 || y < q->min)
		q->min = y;
	if (q->n == 0 || y > q->max)
		q->max = y;
	q->n++;
	q->x += x;
	q->y += y;
	q->xx += (check_int128)x * x;
	q->xy += (check_int128)x * y;
}

/* The line through lateness over time: its slope, nanoseconds lost in a
 * millisecond, is how much slower the stream's clock is. */
void
check_pace_end(struct check *c)
{
	struct check_pacer *q = &c->pacer;
	check_int128 n = (check_int128)q->n;
	check_int128 den = n * q->xx - q->x * q->x;

	if (q->n < POINTS_MIN || den <= 0)
		return;
	c->r.pace.measured = true;
	c->r.pace.spread_ns = q->max - q->min;
	c->r.pace.ppb = (int64_t)(-(n * q->xy - q->x * q->y) * 1000 / den);
}
