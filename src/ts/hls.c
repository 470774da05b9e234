#include "ts/hls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

#define VERSION		3	/* for EXTINF with decimals, RFC 8216 7 */
#define NS_PER_MS	INT64_C(1000000)
#define COLD_SEGMENTS	2
#define DIGITS_MAX	15	/* times any S it still fits 64 bits */

int64_t
hls_frames(const struct grid *g)
{
	return HLS_GOPS * g->gop;
}

int64_t
hls_segment_ns(const struct grid *g)
{
	return rate_frame_ns(g->rate, hls_frames(g));
}

/* The mark that ends the segment which mark i begins; 0 where it begins none,
 * or none that is whole.  Key frames may stand between: on the grid, and where
 * another child began. */
static size_t
segment_end(const struct grid *g, const struct ringidx *x, size_t i)
{
	int64_t n0 = x->marks[i].frame, n1 = n0 + hls_frames(g);

	if (mod_floor(n0, hls_frames(g)) != 0)
		return 0;
	while (++i < x->n && !x->marks[i].breaks && x->marks[i].frame < n1)
		;
	return i < x->n && !x->marks[i].breaks && x->marks[i].frame == n1 ?
	    i : 0;
}

/* True where there was a break, and no segment between that and the one which
 * mark begin begins. */
static bool
is_first(const struct grid *g, const struct ringidx *x, size_t begin)
{
	int64_t before = x->marks[begin].frame - hls_frames(g);

	if (x->breaks == 0)
		return false;
	for (size_t i = begin; i-- > 0 && !x->marks[i + 1].breaks;)
		if (x->marks[i].frame == before)
			return segment_end(g, x, i) != begin;
	return true;
}

struct hls_list
hls_list(const struct grid *g, const struct ringidx *x)
{
	struct hls_list l = { .breaks = x->breaks };
	size_t begin = 0;

	for (size_t i = x->n; i-- > 0 && l.n < HLS_LISTED;) {
		size_t end = segment_end(g, x, i);

		if (end == 0)
			continue;
		if (l.n > 0 && end != begin)
			break;
		begin = i;
		l.first = div_floor(x->marks[i].frame, hls_frames(g));
		l.n++;
	}
	l.broken = l.n > 0 && is_first(g, x, begin);
	return l;
}

/* When segment seq has been on the air to its end. */
static int64_t
segment_end_ns(const struct grid *g, int64_t seq)
{
	return rate_frame_ns(g->rate, (seq + 1) * hls_frames(g));
}

bool
hls_suffices(const struct grid *g, struct hls_list l, int64_t now)
{
	return l.n > 1 || (l.n == 1 &&
	    now - segment_end_ns(g, l.first) >= hls_segment_ns(g));
}

/* Newest first: after a step back of the clock a number comes twice. */
bool
hls_find(const struct grid *g, const struct ringidx *x, int64_t seq,
    struct hls_range *out)
{
	for (size_t i = x->n; i-- > 0;) {
		size_t end;

		if (x->marks[i].frame != seq * hls_frames(g) ||
		    (end = segment_end(g, x, i)) == 0)
			continue;
		*out = (struct hls_range){
			x->marks[i].pos, x->marks[end].pos
		};
		return true;
	}
	return false;
}

static void
add_date_time(struct buf *out, int64_t ns)
{
	char text[INSTANT_TEXT];

	instant_print(text, ns);
	buf_addf(out, "#EXT-X-PROGRAM-DATE-TIME:%s\n", text);
}

/* EXTINF rounded to the nearest second must not be above TARGETDURATION
 * (4.3.3.1).  At every rate of television S * den / num has at most three
 * decimals. */
void
hls_playlist(const struct grid *g, struct hls_list l, struct buf *out)
{
	int64_t s = hls_frames(g), len = hls_segment_ns(g);

	buf_addf(out, "#EXTM3U\n"
	    "#EXT-X-VERSION:%d\n"
	    "#EXT-X-INDEPENDENT-SEGMENTS\n"
	    "#EXT-X-TARGETDURATION:%" PRId64 "\n"
	    "#EXT-X-MEDIA-SEQUENCE:%" PRId64 "\n", VERSION,
	    (len + NS_PER_S / 2) / NS_PER_S, l.first);
	if (l.breaks > 0)
		buf_addf(out, "#EXT-X-DISCONTINUITY-SEQUENCE:%" PRIu64 "\n",
		    l.breaks - l.broken);
	if (l.broken)
		buf_adds(out, "#EXT-X-DISCONTINUITY\n");
	for (size_t i = 0; i < l.n; i++) {
		int64_t seq = l.first + (int64_t)i;

		add_date_time(out, rate_frame_ns(g->rate, seq * s));
		buf_addf(out, "#EXTINF:%" PRId64 ".%03" PRId64 ",\n"
		    "%" PRId64 ".ts\n", len / NS_PER_S,
		    len % NS_PER_S / NS_PER_MS, seq);
	}
}

/* One name for each: no sign, no zero in front. */
int64_t
hls_parse_name(const char *name)
{
	size_t n = strspn(name, "0123456789");

	if (n == 0 || n > DIGITS_MAX || (name[0] == '0' && n > 1) ||
	    strcmp(name + n, ".ts") != 0)
		return -1;
	return strtoll(name, NULL, 10);
}

int64_t
hls_max_age_s(const struct grid *g, struct hls_list l, int64_t now)
{
	int64_t left = segment_end_ns(g, l.first + (int64_t)l.n) - now;
	int64_t half = hls_segment_ns(g) / 2;

	if (left < 0)
		return 0;
	return (left < half ? left : half) / NS_PER_S;
}

int64_t
hls_backlog_ns(const struct grid *g, int64_t now)
{
	int64_t n = rate_frame_at(g->rate, now);
	int64_t seq = div_floor(n, hls_frames(g)) - COLD_SEGMENTS;

	return now - rate_frame_ns(g->rate, seq * hls_frames(g));
}
