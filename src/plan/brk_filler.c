#include "plan/brk_filler.h"

#include "plan/layout.h"

void
filler_put(const struct reel *r, struct segs *out, int64_t n, int64_t n1,
    size_t programme)
{
	while (n < n1) {
		int64_t at = mod_floor(n, r->frames);
		const struct reel_part *p = reel_at(r, at);
		int64_t in = at - p->begin, left = p->frames - in;
		int64_t end = n1 - n < left ? n1 : n + left;

		*segs_next(out) = (struct segment){
			.n0 = n, .n1 = end, .kind = SEGMENT_filler,
			.asset = p->asset, .in = in,
			.programme = programme,
		};
		segs_take(out);
		n = end;
	}
}

/* The end of the run of filler that begins at s[i]. */
static size_t
filler_run(const struct segs *s, size_t i)
{
	for (i++; i < s->n; i++) {
		const struct segment *a = &s->v[i - 1], *b = &s->v[i];

		if (b->kind != SEGMENT_filler || b->asset != a->asset ||
		    b->in != a->in + (a->n1 - a->n0))
			break;
	}
	return i;
}

void
filler_trim(struct segs *day, struct rate rate, int64_t n0, int64_t n1)
{
	for (size_t i = 0, end; i < day->n; i = end) {
		struct segment *s = day->v;
		int64_t frames;

		end = i + 1;
		if (s[i].kind != SEGMENT_filler)
			continue;
		end = filler_run(day, i);
		frames = s[end - 1].n1 - s[i].n0;
		if (frames >= half_second(rate) || s[i].n0 == n0 ||
		    s[end - 1].n1 == n1)
			continue;
		for (size_t k = i; k < end; k++) {
			s[k].kind = SEGMENT_pad;
			s[k].asset = NULL;
			s[k].in = 0;
		}
	}
}
