#include "plan/guide.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/daytext.h"

#define OFF_AIR	"Off air"

static char *
copy_text(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

/* What p says of itself.  An asset of which only the name is left, because
 * its file is gone, is about nothing. */
static void
describe(struct guide_entry *e, const struct programme *p)
{
	const struct asset *a = p->asset;

	e->title = xstrdup(p->title != NULL ? p->title : "?");
	e->subtitle = daytext_subtitle(p);
	e->description = copy_text(p->description);
	e->first_run = p->first_run;
	e->rerun_channel = copy_text(p->rerun_channel);
	e->rerun_hours = p->rerun_hours;
	if (a == NULL || p->several)
		return;
	asset_about_copy(&e->about, &a->about);
	free(e->about.plot);		/* the description, and long */
	e->about.plot = NULL;
	e->movie = a->type == ASSET_movie;
	/* By title and number recorders know what they have: of a title that
	 * many series go by these would be others' numbers. */
	if (daytext_is_titled(p))
		e->about.season = e->about.episode = -1;
}

static void
add(struct guide *g, int64_t n0, int64_t n1, const struct programme *p)
{
	struct guide_entry *e;

	xgrow(&g->v, &g->cap, g->n + 1, sizeof *g->v);
	e = &g->v[g->n++];
	*e = (struct guide_entry){
		.n0 = n0, .n1 = n1, .off_air = p == NULL,
		.about = ASSET_ABOUT_NONE,
	};
	if (p != NULL)
		describe(e, p);
	else
		e->title = xstrdup(OFF_AIR);
}

/* The same programme is in each of the days that it is part of; and where it
 * is kept until a moment, in what follows. */
static bool
is_same(const struct programme *p, const struct programme *q)
{
	return p->n0 == q->n0 && strcmp(p->title, q->title) == 0;
}

/* Walks over the segments, because they alone tile the line: where a reload
 * has kept what was on air, a programme may be there only in part. */
static void
add_all(struct guide *g, struct timeline *t, int64_t n0, int64_t n1)
{
	struct programme copy = { .n0 = -1, .title = "" };	/* none's */
	const struct programme *last = &copy, *p;
	int64_t n = n0;

	if (g->n > 0 && g->v[g->n - 1].off_air)
		last = NULL;
	while (n < n1 || (last != NULL && n < last->n1)) {
		const struct segment *s = timeline_at(t, n);
		bool more;

		p = timeline_programme(t, s);
		more = p == NULL ? last == NULL :
		    last != NULL && is_same(p, last);
		if (more)
			g->v[g->n - 1].n1 = s->n1;
		else if (n < n1)
			add(g, g->n == 0 && p != NULL ? p->n0 : n, s->n1, p);
		else
			break;
		n = s->n1;
		/* The texts hold until the second next day: long enough. */
		if (p != NULL)
			copy = *p;
		last = p != NULL ? &copy : NULL;
	}
	if (last == NULL && n > n1)
		g->v[g->n - 1].n1 = n1;
}

/* Of the entries from the i-th on. */
static void
set_times(struct guide *g, size_t i, struct rate r, const struct tz *z)
{
	for (; i < g->n; i++) {
		struct guide_entry *e = &g->v[i];

		e->start_ns = rate_frame_ns(r, e->n0);
		e->end_ns = rate_frame_ns(r, e->n1);
		e->start_east_s = tz_offset(z, div_floor(e->start_ns,
		    NS_PER_S));
		e->end_east_s = tz_offset(z, div_floor(e->end_ns, NS_PER_S));
	}
}

struct guide *
guide_new(struct timeline *t, int64_t n0, int64_t n1)
{
	const struct chan *ch = timeline_chan(t);
	struct guide *g = xcalloc(1, sizeof *g);

	g->refs = 1;
	g->slug = xstrdup(ch->slug);
	g->number = copy_text(ch->number);
	g->name = copy_text(ch->name);
	g->group = copy_text(ch->group);
	g->language = copy_text(ch->language);
	g->logo = copy_text(ch->logo);
	add_all(g, t, n0, n1);
	set_times(g, 0, ch->format.rate, timeline_zone(t));
	return g;
}

void
guide_extend(struct guide *g, struct timeline *t, int64_t n1)
{
	size_t last = g->n - 1;

	add_all(g, t, g->v[last].n1, n1);
	set_times(g, last, timeline_chan(t)->format.rate, timeline_zone(t));
}

struct guide *
guide_ref(struct guide *g)
{
	__atomic_add_fetch(&g->refs, 1, __ATOMIC_RELAXED);
	return g;
}

static void
entry_fini(struct guide_entry *e)
{
	free(e->title);
	free(e->subtitle);
	free(e->description);
	free(e->rerun_channel);
	asset_about_fini(&e->about);
}

void
guide_unref(struct guide *g)
{
	if (g == NULL ||
	    __atomic_sub_fetch(&g->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	for (size_t i = 0; i < g->n; i++)
		entry_fini(&g->v[i]);
	free(g->v);
	free(g->slug);
	free(g->number);
	free(g->name);
	free(g->group);
	free(g->language);
	free(g->logo);
	free(g);
}

size_t
guide_find(const struct guide *g, int64_t ns)
{
	size_t lo = 0, hi = g->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->v[mid].end_ns <= ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
guide_add_id(struct buf *out, const char *slug)
{
	buf_addf(out, "%s.retrovue", slug);
}

void
guide_add_episode(struct buf *out, const struct asset_about *a)
{
	if (a->episode < 0)
		return;
	if (a->season >= 0)
		buf_addf(out, "S%02d", a->season);
	buf_addf(out, "E%02d", a->episode);
}
