#include "ts/check_parts.h"

#include "base/arith.h"

#define BURST_NS	(2 * NS_PER_S)	/* a viewer's backlog comes at once */
#define POINTS_MIN	10
#define NS_PER_MS	1000000
#define NS_PER_US	1000

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
	y /= NS_PER_US;
	q->y += y;
	q->xx += (check_int128)x * x;
	q->xy += (check_int128)x * y;
	q->yy += (check_int128)y * y;
}

/* Of the mean of products of n pairs what the means do not explain. */
static int64_t
covariance(check_int128 xy, check_int128 x, check_int128 y, check_int128 n)
{
	return (int64_t)((n * xy - x * y) / (n * n));
}

static int64_t
root(int64_t v)
{
	int64_t r = 0;

	for (int64_t bit = INT64_C(1) << 31; bit != 0; bit >>= 1)
		if ((r | bit) <= v / (r | bit))
			r |= bit;
	return r;
}

/* The line through lateness over time: its slope, microseconds lost in a
 * millisecond, is how much slower the stream's clock is.  Points that lie
 * off it may tilt it by their band's height over the time that was measured;
 * an even band is 3.5 standard deviations high. */
void
check_pace_end(struct check *c)
{
	struct check_pacer *q = &c->pacer;
	check_int128 n = (check_int128)q->n;
	int64_t var, cov, off;

	if (q->n < POINTS_MIN)
		return;
	var = covariance(q->xx, q->x, q->x, n);
	cov = covariance(q->xy, q->x, q->y, n);
	if (var <= 0 || q->last == q->base)
		return;
	off = covariance(q->yy, q->y, q->y, n) -
	    (int64_t)((check_int128)cov * cov / var);
	c->r.pace.measured = true;
	c->r.pace.spread_ns = q->max - q->min;
	c->r.pace.ppb = (int64_t)(-(check_int128)cov * 1000000 / var);
	c->r.pace.off_ppb = muldiv_round(off > 0 ? root(off) * 3500 : 0,
	    NS_PER_S, q->last - q->base);
}
