#include "ts/grid.h"

#define REORDER		2	/* pictures: what -bf 2 with a pyramid needs */
#define HALF_PCR_MS	35	/* pictures longer than this get a second PCR */

struct grid
grid_make(struct rate rate, int64_t sample_rate, int64_t spf)
{
	return (struct grid){
		.rate = rate,
		.sample_rate = sample_rate,
		.spf = spf,
		.reorder = REORDER,
		.gop = 2 * muldiv_ceil(1, rate.num, rate.den),
	};
}

int64_t
grid_delay(const struct grid *g)
{
	return GRID_LEAD + rate_ticks(g->rate, g->reorder, TS_HZ);
}

int64_t
grid_pts(const struct grid *g, int64_t n)
{
	return rate_ticks(g->rate, n, TS_HZ) + grid_delay(g);
}

int64_t
grid_dts(const struct grid *g, int64_t n)
{
	return grid_pts(g, n - g->reorder);
}

int64_t
grid_pcr(const struct grid *g, int64_t n)
{
	return rate_ticks(g->rate, n, PCR_HZ);
}

int64_t
grid_pcr_half(const struct grid *g, int64_t n)
{
	return (grid_pcr(g, n) + grid_pcr(g, n + 1)) / 2;
}

int
grid_needs_half(const struct grid *g)
{
	return g->rate.den * 1000 > HALF_PCR_MS * g->rate.num;
}

int64_t
grid_half_ns(const struct grid *g, int64_t n)
{
	int64_t a = rate_frame_ns(g->rate, n);

	return a + (rate_frame_ns(g->rate, n + 1) - a) / 2;
}

int64_t
grid_audio(const struct grid *g, int64_t n)
{
	return muldiv_ceil(n, g->rate.den * g->sample_rate,
	    g->rate.num * g->spf);
}

int64_t
grid_audio_pts(const struct grid *g, int64_t m)
{
	return muldiv_round(m, g->spf * TS_HZ, g->sample_rate) +
	    grid_delay(g);
}

int64_t
grid_audio_lag(const struct grid *g, int64_t n)
{
	return grid_audio(g, n) * g->spf -
	    muldiv_round(n, g->rate.den * g->sample_rate, g->rate.num);
}

int64_t
ts_diff(int64_t a, int64_t b)
{
	int64_t d = (a - b) & (TS_WRAP - 1);

	return d >= TS_WRAP / 2 ? d - TS_WRAP : d;
}
