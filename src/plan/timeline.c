#include "plan/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/changes.h"
#include "plan/course.h"
#include "plan/days.h"
#include "plan/kept.h"
#include "plan/select.h"

#define DAYS_BACK	2	/* a run is sought no further back */
#define DAYS_AHEAD	1	/* nor the next programme further ahead */
#define DAYS_NEAR	14	/* played through, where nobody can wait: well
				 * under a millisecond each */

struct timeline {
	const struct chan *ch;
	const struct tz *z;
	struct selection *sel;
	struct course first;		/* from the first day ever */
	struct course stored;		/* from what was stored, and later */
	struct days days;
	int64_t from, to;		/* the days asked for so far */
	bool settled;
};

static struct course *
course_to(struct timeline *t, int64_t date)
{
	return t->stored.n > 0 && date >= t->stored.since ? &t->stored :
	    &t->first;
}

/* The cursors at the begin of a day; free with cursors_fini(). */
static void
cursors_at(struct timeline *t, int64_t date, struct cursors *out)
{
	course_at(course_to(t, date), &(struct course_of){
	    t->ch, t->sel, t->z }, date, out);
}

/* The day counts as asked for; false where it is too far. */
static bool
reach(struct timeline *t, int64_t date)
{
	if (t->settled && (date < t->from - DAYS_NEAR ||
	    date > t->to + DAYS_NEAR ||
	    course_way(course_to(t, date), date) > DAYS_NEAR))
		return false;
	t->from = date < t->from ? date : t->from;
	t->to = date > t->to ? date : t->to;
	return true;
}

/* The broadcast day of frame n. */
static int64_t
date_at(const struct timeline *t, int64_t n)
{
	struct rate r = t->ch->format.rate;

	return day_of(t->ch, t->z, muldiv_floor(n, r.den, r.num));
}

/* Nothing but pad stands in for a day. */
static struct day *
stand_in(const struct timeline *t, int64_t date)
{
	struct day *d = xcalloc(1, sizeof *d);

	d->date = date;
	d->unknown = true;
	d->n0 = timeline_day(t, date);
	d->n1 = timeline_day(t, date + 1);
	d->segments = xcalloc(1, sizeof *d->segments);
	d->segments[d->nsegments++] = (struct segment){
		.n0 = d->n0, .n1 = d->n1, .kind = SEGMENT_pad,
		.programme = DAY_OFF_AIR,
	};
	return d;
}

/* The day that frame n is in: n0 <= n < n1, so there is a segment that has it,
 * as segments tile a day (plan.h), the stretch that is kept (kept.h) and what
 * is left of a day around that. */
static const struct day *
day_at(struct timeline *t, int64_t n)
{
	const struct day *d = days_find(&t->days, n);
	int64_t date;

	if (d != NULL)
		return d;
	date = date_at(t, n);
	return days_put_at(&t->days, reach(t, date) ?
	    timeline_plan(t, date) : stand_in(t, date), n);
}

/* The segment that has frame n, which d does: one of [lo, hi). */
static size_t
segment_index(const struct day *d, int64_t n)
{
	size_t lo = 0, hi = d->nsegments;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->segments[mid - 1].n1 <= n)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static struct run
run_of(const struct segment *s)
{
	return (struct run){
		s->n0, s->n1, s->asset, s->in, s->fade_in, s->fade_out,
	};
}

static bool
runs_on(const struct run *a, const struct run *b)
{
	if (a->asset == NULL || b->asset == NULL)
		return a->asset == b->asset;
	/* What is kept of another plan has assets of its own. */
	return (a->asset == b->asset ||
	    strcmp(a->asset->path, b->asset->path) == 0) &&
	    a->in + (a->n1 - a->n0) == b->in;
}

/* Lengthen the run to the left within one day; false where it begins. */
static bool
run_left(struct run *r, const struct day *d)
{
	for (size_t i = segment_index(d, r->n0 - 1) + 1; i-- > 0;) {
		struct run s = run_of(&d->segments[i]);

		if (!runs_on(&s, r))
			return false;
		r->n0 = s.n0;
		r->in = s.in;
		r->fade_in = s.fade_in;
	}
	return true;
}

static bool
run_right(struct run *r, const struct day *d, int64_t limit)
{
	for (size_t i = segment_index(d, r->n1); i < d->nsegments; i++) {
		struct run s = run_of(&d->segments[i]);

		if (r->n1 >= limit || !runs_on(r, &s))
			return false;
		r->n1 = s.n1;
		r->fade_out = s.fade_out;
	}
	return r->n1 < limit;
}

struct timeline *
timeline_new(const struct chan *ch, const struct library *l,
    const struct tz *z, int64_t since)
{
	struct timeline *t = xcalloc(1, sizeof *t);
	struct cursors c;

	t->ch = ch;
	t->z = z;
	t->from = INT64_MAX;
	t->to = INT64_MIN;
	t->sel = selection_new(ch, l);
	cursors_init(&c, ch);
	course_add(&t->first, since, c);
	return t;
}

void
timeline_free(struct timeline *t)
{
	if (t == NULL)
		return;
	days_fini(&t->days);
	course_fini(&t->first);
	course_fini(&t->stored);
	selection_free(t->sel);
	free(t);
}

void
timeline_cursors(struct timeline *t, int64_t date, struct buf *out)
{
	struct cursors c;

	cursors_at(t, date, &c);
	cursors_print(&c, t->ch, out);
	cursors_fini(&c);
}

bool
timeline_resume(struct timeline *t, int64_t date, const char *text)
{
	struct cursors c;

	if (!cursors_parse(&c, t->ch, text)) {
		cursors_fini(&c);
		return false;
	}
	if (date > t->first.since)
		course_add(&t->stored, date, c);
	else
		cursors_fini(&c);
	return true;
}

void
timeline_settle(struct timeline *t)
{
	t->settled = true;
}

bool
timeline_knows(struct timeline *t, int64_t n)
{
	return !day_at(t, n)->unknown;
}

int64_t
timeline_day(const struct timeline *t, int64_t date)
{
	return rate_frame_from(t->ch->format.rate,
	    day_begin(t->ch, t->z, date) * NS_PER_S);
}

struct day *
timeline_plan(struct timeline *t, int64_t date)
{
	struct cursors cur;
	struct day *d;

	cursors_at(t, date, &cur);
	d = plan_day(t->ch, t->sel, t->z, &cur, date);
	cursors_fini(&cur);
	return d;
}

void
timeline_put(struct timeline *t, struct day *d)
{
	struct cursors c;

	/* So that t keeps up with the days that it need not plan. */
	if (reach(t, d->date)) {
		cursors_at(t, d->date, &c);
		cursors_fini(&c);
	}
	if (days_has_date(&t->days, d->date))
		day_free(d);
	else
		days_put(&t->days, d);
}

int64_t
timeline_item_end(struct timeline *t, int64_t n)
{
	const struct segment *s = timeline_at(t, n);
	const struct programme *p = timeline_programme(t, s);

	return p != NULL ? p->n1 : s->n1;
}

void
timeline_let_go(struct timeline *t)
{
	days_let_go(&t->days);
}

/* Takes k. */
static bool
keep(struct timeline *t, struct kept *k)
{
	if (kept_agrees(k, t)) {
		kept_free(k);
		return false;
	}
	days_keep(&t->days, k);
	return true;
}

bool
timeline_keep(struct timeline *t, struct timeline *old, int64_t n0,
    int64_t n1)
{
	struct kept *k = kept_new(old, n0, n1);

	if (timeline_kept_until(t) > n1)
		kept_extend(k, t, timeline_kept_until(t));
	return keep(t, k);
}

bool
timeline_keep_day(struct timeline *t, const struct day *d, int64_t n0,
    int64_t n1)
{
	return keep(t, kept_of_day(d, n0, n1));
}

int64_t
timeline_kept_until(const struct timeline *t)
{
	return days_kept_until(&t->days);
}

const struct segment *
timeline_at(struct timeline *t, int64_t n)
{
	const struct day *d = day_at(t, n);

	return &d->segments[segment_index(d, n)];
}

const struct programme *
timeline_programme(struct timeline *t, const struct segment *s)
{
	const struct day *d = day_at(t, s->n0);

	if (s->programme == DAY_OFF_AIR)
		return NULL;
	return &d->programmes[s->programme];
}

const struct programme *
timeline_next(struct timeline *t, int64_t n)
{
	int64_t end = timeline_day(t, date_at(t, n) + DAYS_AHEAD + 1);
	const struct day *d;

	for (int64_t at = n; at < end; at = d->n1) {
		d = day_at(t, at);
		for (size_t i = 0; i < d->nprogrammes; i++)
			if (d->programmes[i].n0 >= n &&
			    d->programmes[i].n0 < d->programmes[i].n1)
				return &d->programmes[i];
	}
	return NULL;
}

uint64_t
timeline_changes(struct timeline *t, int64_t n)
{
	int64_t date = date_at(t, n), at = timeline_day(t, date);
	struct changes x = { 0 };
	struct cursors c;

	if (reach(t, date)) {
		cursors_at(t, date, &c);
		x = c.changes;
		cursors_fini(&c);
	}
	while (at <= n) {
		const struct day *d = day_at(t, at);

		changes_add(&x, d, at, n);
		at = d->n1;
	}
	return x.n;
}

struct run
timeline_run(struct timeline *t, int64_t n, int64_t max)
{
	const struct day *d = day_at(t, n);
	struct run r = run_of(&d->segments[segment_index(d, n)]);
	/* Where pad began matters to nobody, and days without a programme may
	 * lead as far back as there are days. */
	int64_t first = r.asset != NULL ? 0 : d->n0;
	int64_t last = r.asset != NULL ? n + max : d->n1;

	last = last < n + max ? last : n + max;
	for (int i = 0; i <= DAYS_BACK && r.n0 > first; i++)
		if (!run_left(&r, day_at(t, r.n0 - 1)))
			break;
	while (r.n1 < last && run_right(&r, day_at(t, r.n1), last))
		;
	if (r.n1 > n + max) {
		r.n1 = n + max;
		r.fade_out = false;
	}
	day_at(t, n);		/* the one that a caller may hold on to */
	return r;
}

struct run
timeline_filler(const struct timeline *t, int64_t n)
{
	const struct reel *r = &t->sel->filler;
	const struct reel_part *p;
	int64_t begin;

	if (r->n == 0)
		return (struct run){ .n0 = n, .n1 = n };
	p = reel_at(r, mod_floor(n, r->frames));
	begin = n - mod_floor(n, r->frames) + p->begin;
	return (struct run){
		.n0 = begin, .n1 = begin + p->frames, .asset = p->asset,
	};
}

void
timeline_check(const struct timeline *t, bool whole, struct errs *e)
{
	selection_check(t->sel, whole, e);
}

const struct selection *
timeline_selection(const struct timeline *t)
{
	return t->sel;
}

const struct chan *
timeline_chan(const struct timeline *t)
{
	return t->ch;
}

const struct tz *
timeline_zone(const struct timeline *t)
{
	return t->z;
}
