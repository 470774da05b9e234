#include "plan/layout.h"

#include <stdlib.h>

#include "base/xmem.h"

/* A boundary: the asset stops at frame `at` and goes on at `go`, which is
 * further where something is cut out.  The first mark is where the asset
 * begins, the last is its end. */
struct mark {
	int64_t at, go;
	bool avail;
};

struct marks {
	struct mark *v;
	size_t n, cap;
};

/* Ranges of some kinds in order of their begins, each with the furthest end
 * of all up to it: so one search finds whether any meets [a, b). */
struct span {
	int64_t begin, reach;
};

struct spans {
	struct span *v;
	size_t n, cap;
};

struct places {
	int64_t *v;
	size_t n, cap;
};

struct work {
	const struct asset *asset;
	struct rate rate;
	int64_t total;			/* the asset's frames */
	int64_t half;			/* frames in half a second */
	bool breaks;
	struct spans spans[MARKER_NKINDS];
	struct spans guarded;		/* intro and outro: never broken into */
	struct marks marks;
	size_t merged;
};

static int64_t
frame_of(const struct work *w, int64_t us)
{
	int64_t n = rate_frames_of_us(w->rate, us);

	return n < w->total ? n : w->total;
}

static bool
is_range(const struct work *w, const struct marker *m)
{
	return m->range && frame_of(w, m->start_us) < frame_of(w, m->end_us);
}

static void
spans_add(struct spans *s, int64_t begin, int64_t end)
{
	if (s->n > 0 && s->v[s->n - 1].reach > end)
		end = s->v[s->n - 1].reach;
	xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
	s->v[s->n++] = (struct span){ begin, end };
}

/* Does any of the ranges begin before b and end after a? */
static bool
spans_meet(const struct spans *s, int64_t a, int64_t b)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].begin < b)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && s->v[lo - 1].reach > a;
}

static void
find_spans(struct work *w)
{
	for (size_t i = 0; i < w->asset->nmarkers; i++) {
		const struct marker *m = &w->asset->markers[i];
		int64_t begin = frame_of(w, m->start_us);
		int64_t end = frame_of(w, m->end_us);

		if (!is_range(w, m))
			continue;
		spans_add(&w->spans[m->kind], begin, end);
		if (m->kind == MARKER_intro || m->kind == MARKER_outro)
			spans_add(&w->guarded, begin, end);
	}
}

static void
marks_add(struct marks *m, struct mark mark)
{
	xgrow(&m->v, &m->cap, m->n + 1, sizeof *m->v);
	m->v[m->n++] = mark;
}

/* Old commercials go; and a rest too short to be played goes with them. */
static void
cut_range(struct work *w, int64_t begin, int64_t end)
{
	struct mark *last = &w->marks.v[w->marks.n - 1];

	if (begin - last->go >= w->half)
		marks_add(&w->marks, (struct mark){ begin, end, w->breaks });
	else if (end > last->go)
		last->go = end;
}

static void
find_cuts(struct work *w)
{
	struct mark *last;

	marks_add(&w->marks, (struct mark){ 0, 0, false });
	for (size_t i = 0; i < w->asset->nmarkers; i++) {
		const struct marker *m = &w->asset->markers[i];
		int64_t begin = frame_of(w, m->start_us);
		int64_t end = frame_of(w, m->end_us);

		if (m->kind == MARKER_avail && is_range(w, m) &&
		    !spans_meet(&w->guarded, begin, end))
			cut_range(w, begin, end);
	}
	last = &w->marks.v[w->marks.n - 1];
	if (w->marks.n > 1 && w->total - last->go < w->half)
		*last = (struct mark){ last->at, w->total, false };
	else
		marks_add(&w->marks,
		    (struct mark){ w->total, w->total, false });
}

/* May something be put at `at`, between these two?  What lies on one of them
 * or in a cut does not count as having given way, nor does an outro's end
 * just before the asset's: nobody misses that row. */
static bool
has_room(struct work *w, const struct mark *before, const struct mark *after,
    int64_t at, bool avail)
{
	int64_t left = at - before->go, right = after->at - at;

	if (left >= w->half && right >= w->half)
		return true;
	w->merged += left > 0 && right > 0 && (avail || after->at < w->total);
	return false;
}

/* Both lists ascend: so does their union. */
static void
put_places(struct work *w, const struct places *p, bool avail)
{
	struct marks old = w->marks;
	size_t k = 0;

	w->marks = (struct marks){ 0 };
	for (size_t i = 0; i + 1 < old.n; i++) {
		marks_add(&w->marks, old.v[i]);
		for (; k < p->n && p->v[k] < old.v[i + 1].go; k++)
			if (has_room(w, &w->marks.v[w->marks.n - 1],
			    &old.v[i + 1], p->v[k], avail))
				marks_add(&w->marks, (struct mark){
				    p->v[k], p->v[k], avail });
	}
	marks_add(&w->marks, old.v[old.n - 1]);
	free(old.v);
}

static void
places_add(struct places *p, int64_t at)
{
	xgrow(&p->v, &p->cap, p->n + 1, sizeof *p->v);
	p->v[p->n++] = at;
}

static bool
has_avails(const struct asset *a)
{
	for (size_t i = 0; i < a->nmarkers; i++)
		if (a->markers[i].kind == MARKER_avail)
			return true;
	return false;
}

/* Avails that are points; where the asset has none at all, its chapters. */
static void
put_avails(struct work *w)
{
	enum marker_kind kind = has_avails(w->asset) ? MARKER_avail :
	    MARKER_chapter;
	struct places p = { 0 };

	for (size_t i = 0; i < w->asset->nmarkers; i++) {
		const struct marker *m = &w->asset->markers[i];
		int64_t at = frame_of(w, m->start_us);

		if (m->kind != kind || spans_meet(&w->guarded, at, at))
			continue;
		if (kind == MARKER_chapter || !is_range(w, m))
			places_add(&p, at);
	}
	put_places(w, &p, true);
	free(p.v);
}

static int
compare_place(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* An avail in an intro or outro is as good as none. */
static bool
is_name(const struct work *w, const struct marker *m)
{
	int64_t at = frame_of(w, m->start_us);

	return m->kind != MARKER_avail ||
	    (!is_range(w, m) && !spans_meet(&w->guarded, at, at));
}

/* What only names a place: the programme runs on there. */
static void
put_names(struct work *w)
{
	struct places p = { 0 };

	for (size_t i = 0; i < w->asset->nmarkers; i++) {
		const struct marker *m = &w->asset->markers[i];

		if (!is_name(w, m))
			continue;
		places_add(&p, frame_of(w, m->start_us));
		if (is_range(w, m))
			places_add(&p, frame_of(w, m->end_us));
	}
	if (p.n > 0)
		qsort(p.v, p.n, sizeof *p.v, compare_place);
	put_places(w, &p, false);
	free(p.v);
}

/* What the asset is at a frame. */
static enum segment_kind
kind_at(const struct work *w, int64_t n)
{
	static const struct {
		enum marker_kind marker;
		enum segment_kind segment;
	} kinds[] = {
		{ MARKER_bumper, SEGMENT_ident },
		{ MARKER_outro, SEGMENT_outro },
		{ MARKER_intro, SEGMENT_intro },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (spans_meet(&w->spans[kinds[i].marker], n, n + 1))
			return kinds[i].segment;
	return SEGMENT_programme;
}

/* A row is what its middle is: its edges may have given way. */
static void
make_rows(const struct work *w, struct layout *l)
{
	const struct mark *m = w->marks.v;

	l->rows = xcalloc(w->marks.n, sizeof *l->rows);
	for (size_t i = 0; i + 1 < w->marks.n; i++) {
		int64_t frames = m[i + 1].at - m[i].go;

		if (frames <= 0)
			continue;
		l->rows[l->nrows++] = (struct layout_row){
			.kind = kind_at(w, m[i].go + frames / 2),
			.in = m[i].go,
			.frames = frames,
			.avail = m[i + 1].avail,
		};
		l->frames += frames;
		l->navails += m[i + 1].avail;
	}
}

static void
work_fini(struct work *w)
{
	for (int k = 0; k < MARKER_NKINDS; k++)
		free(w->spans[k].v);
	free(w->guarded.v);
	free(w->marks.v);
}

void
layout_make(struct layout *l, const struct asset *a, struct rate rate,
    bool breaks)
{
	struct work w = {
		.asset = a,
		.rate = rate,
		.total = rate_frames_of_us(rate, a->duration_us),
		.half = half_second(rate),
		.breaks = breaks,
	};

	*l = (struct layout){ 0 };
	find_spans(&w);
	find_cuts(&w);
	if (breaks)
		put_avails(&w);
	put_names(&w);
	make_rows(&w, l);
	l->length_us = a->duration_us - muldiv_round(w.total - l->frames,
	    rate.den * US_PER_S, rate.num);
	l->merged = w.merged;
	work_fini(&w);
}

void
layout_fini(struct layout *l)
{
	free(l->rows);
	*l = (struct layout){ 0 };
}
