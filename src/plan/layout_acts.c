/* Where breaks go in a programme in which nobody has marked any.
 *
 * The first act is a fifth at least, and each that follows is shorter than
 * the one before: with n breaks their lengths are as 2n + 2, 2n + 1, ...,
 * n + 2.  Every place then moves to the lull nearest to it. */

#include "plan/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define FIRST		5	/* no break in the first one of so many parts */
#define ACT_S		420	/* what an act after it lasts, on average */
#define NEAR_US		(20 * US_PER_S)

struct acts {
	struct layout *layout;
	const struct asset *asset;
	struct rate rate;
	int64_t first;		/* frames that are never broken into */
};

/* A place that may be broken at: the end of the first `at` frames of a row,
 * which are all of it where two rows meet. */
struct place {
	size_t row;
	int64_t at;
};

/* What n frames into the programme is, or false: outside, too early, or in
 * what must stay whole.  What is near a row's edge moves there. */
static bool
find_place(const struct acts *a, int64_t n, struct place *p)
{
	const struct layout_row *row = a->layout->rows;
	int64_t half = half_second(a->rate), left, begin = 0;
	size_t i = 0;

	while (i < a->layout->nrows && begin + row[i].frames <= n)
		begin += row[i++].frames;
	if (n < a->first || i == a->layout->nrows)
		return false;
	left = begin + row[i].frames - n;
	if (n - begin < half && i > 0 && begin >= a->first)
		*p = (struct place){ i - 1, row[i - 1].frames };
	else if (left < half && i + 1 < a->layout->nrows)
		*p = (struct place){ i, row[i].frames };
	else if (n - begin >= half && left >= half &&
	    row[i].kind == SEGMENT_programme)
		*p = (struct place){ i, n - begin };
	else
		return false;
	return true;
}

/* The asset's frame that is n frames into the programme. */
static int64_t
asset_frame(const struct layout *l, int64_t n)
{
	size_t i = 0;

	while (i + 1 < l->nrows && n >= l->rows[i].frames)
		n -= l->rows[i++].frames;
	return l->rows[i].in + n;
}

/* And the other way round; -1 for what is cut out. */
static int64_t
programme_frame(const struct layout *l, int64_t frame)
{
	int64_t n = 0;

	for (size_t i = 0; i < l->nrows; i++) {
		int64_t at = frame - l->rows[i].in;

		if (at >= 0 && at < l->rows[i].frames)
			return n + at;
		n += l->rows[i].frames;
	}
	return -1;
}

/* The first lull at or after an instant of the asset. */
static size_t
first_lull(const struct asset *a, int64_t us)
{
	size_t lo = 0, hi = a->nlulls;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (a->lulls[mid].at_us < us)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The lull nearest to n that may be broken at. */
static bool
find_lull(const struct acts *a, int64_t n, struct place *p)
{
	int64_t us = muldiv_round(asset_frame(a->layout, n),
	    a->rate.den * US_PER_S, a->rate.num), least = NEAR_US + 1;

	for (size_t i = first_lull(a->asset, us - NEAR_US);
	    i < a->asset->nlulls; i++) {
		int64_t at = a->asset->lulls[i].at_us;
		struct place q;

		if (at - us >= least)
			break;
		if (llabs(at - us) < least && find_place(a,
		    programme_frame(a->layout,
		    rate_frames_of_us(a->rate, at)), &q)) {
			least = llabs(at - us);
			*p = q;
		}
	}
	return least <= NEAR_US;
}

/* Rows that meet there, with an avail between them. */
static void
put_avail(struct layout *l, const struct place *p, bool fade)
{
	struct layout_row *row = &l->rows[p->row];

	if (p->at < row->frames) {
		memmove(row + 1, row, (l->nrows - p->row) * sizeof *row);
		row[1].in += p->at;
		row[1].frames -= p->at;
		row->frames = p->at;
		l->nrows++;
	}
	l->navails += !row->avail;
	row->avail = true;
	row->fade_out = row[1].fade_in = fade;
}

/* Where the k-th of n breaks should be. */
static int64_t
act_end(const struct acts *a, int64_t n, int64_t k)
{
	int64_t frames = a->layout->frames, first;
	int64_t rest = n * (2 * n + 2) - n * (n + 1) / 2;
	int64_t before = k * (2 * n + 2) - k * (k + 1) / 2;

	first = muldiv_floor(frames, 2 * n + 2, 2 * n + 2 + rest);
	if (first < a->first)
		first = a->first;
	return first + muldiv_floor(frames - first, before, rest);
}

void
layout_break(struct layout *l, const struct asset *asset, struct rate rate,
    int64_t most)
{
	struct acts a = {
		.layout = l, .asset = asset, .rate = rate,
		.first = (l->frames + FIRST - 1) / FIRST,
	};
	int64_t n = (l->frames - a.first) * rate.den / (ACT_S * rate.num);
	struct place p;

	n = n < most ? n : most;
	if (n <= 0)
		return;
	l->rows = xreallocarray(l->rows, l->nrows + (size_t)n,
	    sizeof *l->rows);
	for (int64_t k = 0; k < n; k++) {
		int64_t at = act_end(&a, n, k);

		if (find_lull(&a, at, &p))
			put_avail(l, &p, false);
		else if (find_place(&a, at, &p))
			put_avail(l, &p, true);
	}
}
