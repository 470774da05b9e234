#include "plan/tlog.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/xmem.h"
#include "plan/daytext.h"

#define DAY_MAX_S	(50 * 3600)	/* no zone makes a day as long */
#define ITEM_MAX_S	(7 * 86400)	/* nor is a programme */
#define FRAMES_MAX	(INT64_MAX / 2)

struct tlog *
tlog_new(int64_t date)
{
	struct tlog *t = xcalloc(1, sizeof *t);

	t->day = xcalloc(1, sizeof *t->day);
	t->day->date = date;
	return t;
}

void
tlog_free(struct tlog *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->nassets; i++) {
		asset_fini(t->assets[i]);
		free(t->assets[i]);
	}
	free(t->assets);
	texts_fini(&t->texts);
	buf_fini(&t->cursors);
	day_free(t->day);
	free(t);
}

/* Where the path is, or would be. */
static size_t
asset_index(const struct tlog *t, const char *path)
{
	size_t lo = 0, hi = t->nassets;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(t->assets[mid]->path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A file of which no more is known: a child will find out. */
static struct asset *
asset_of_name(const char *path, const char *title)
{
	struct asset *a = xcalloc(1, sizeof *a);

	*a = (struct asset){
		.path = xstrdup(path),
		.title = xstrdup(title != NULL ? title : ""),
		.about = ASSET_ABOUT_NONE,
		.has_video = true,
		.audio_stream = -1,
	};
	return a;
}

static const struct asset *
asset_get(struct tlog *t, const char *path, const char *title)
{
	size_t i;

	if (path == NULL)
		return NULL;
	i = asset_index(t, path);
	if (i < t->nassets && strcmp(t->assets[i]->path, path) == 0)
		return t->assets[i];
	xgrow(&t->assets, &t->cap_assets, t->nassets + 1, sizeof *t->assets);
	memmove(t->assets + i + 1, t->assets + i,
	    (t->nassets - i) * sizeof *t->assets);
	t->nassets++;
	t->assets[i] = asset_of_name(path, title);
	return t->assets[i];
}

static bool
same_programme(const struct programme *p, const struct tlog_row *r)
{
	return p->n0 == r->p0 && p->n1 == r->p1 &&
	    strcmp(p->title, r->p_title) == 0;
}

static const char *
text_keep(struct tlog *t, const char *s)
{
	if (s == NULL)
		return NULL;
	texts_add(&t->texts, s);
	return t->texts.v[t->texts.n - 1];
}

/* The index of a row's programme, which is the last one or a new one. */
static size_t
programme_get(struct tlog *t, const struct tlog_row *r)
{
	struct day *d = t->day;

	if (r->off_air)
		return DAY_OFF_AIR;
	if (d->nprogrammes > 0 &&
	    same_programme(&d->programmes[d->nprogrammes - 1], r))
		return d->nprogrammes - 1;
	xgrow(&d->programmes, &t->cap_programmes, d->nprogrammes + 1,
	    sizeof *d->programmes);
	d->programmes[d->nprogrammes++] = (struct programme){
		.n0 = r->p0,
		.n1 = r->p1,
		.title = text_keep(t, r->p_title),
		.subtitle = text_keep(t, r->p_subtitle),
		.description = text_keep(t, r->p_description),
		.several = r->several,
		.first_run = r->first_run,
		.rerun_channel = text_keep(t, r->rerun_channel),
		.rerun_hours = r->rerun_hours,
		.asset = asset_get(t, r->p_asset, r->p_title),
	};
	return d->nprogrammes - 1;
}

void
tlog_add(struct tlog *t, const struct tlog_row *r)
{
	struct day *d = t->day;

	xgrow(&d->segments, &t->cap_segments, d->nsegments + 1,
	    sizeof *d->segments);
	d->segments[d->nsegments++] = (struct segment){
		.n0 = r->n0,
		.n1 = r->n1,
		.kind = r->kind,
		.asset = asset_get(t, r->asset, r->title),
		.in = r->in,
		.fade_in = r->fade_in,
		.fade_out = r->fade_out,
		.programme = programme_get(t, r),
	};
	if (d->nsegments == 1)
		d->n0 = r->n0;
	d->n1 = r->n1;
}

/* ---- Is it whole? */

static int64_t
frames_max(const struct tlog *t, int64_t s)
{
	return muldiv_ceil(s, t->rate.num, t->rate.den);
}

static const char *
check_segment(const struct tlog *t, const struct segment *s, int64_t n0)
{
	if (s->n0 != n0)
		return "its segments do not follow one another";
	if (s->n1 <= s->n0)
		return "it has a segment without a frame";
	if (s->n1 - s->n0 > frames_max(t, DAY_MAX_S))
		return "it has a segment longer than a day";
	if ((s->asset == NULL) != (s->kind == SEGMENT_pad))
		return "it has a segment of no asset, or pad of one";
	if (s->in < 0 || s->in > FRAMES_MAX ||
	    (s->asset == NULL && s->in != 0))
		return "it has an in-point that is none";
	return NULL;
}

static const char *
check_programme(const struct tlog *t, const struct segment *s)
{
	const struct programme *p;

	if (s->programme == DAY_OFF_AIR)
		return NULL;
	p = &t->day->programmes[s->programme];
	if (p->n0 > s->n0 || p->n1 < s->n1)
		return "it has a segment that is not in its programme";
	if (p->n0 < 0 || p->n1 - p->n0 > frames_max(t, ITEM_MAX_S))
		return "it has a programme that is too long";
	return p->asset == NULL ? "it has a programme of no asset" : NULL;
}

static const char *
check_order(const struct day *d)
{
	for (size_t i = 1; i < d->nprogrammes; i++)
		if (d->programmes[i].n0 < d->programmes[i - 1].n1)
			return "its programmes do not follow one another";
	return NULL;
}

const char *
tlog_check(const struct tlog *t)
{
	const struct day *d = t->day;
	const char *why = NULL;
	int64_t n = d->n0;

	if (d->nsegments == 0 || n < 0)
		return "it has no segment";
	for (size_t i = 0; i < d->nsegments && why == NULL; i++) {
		const struct segment *s = &d->segments[i];

		if ((why = check_segment(t, s, n)) == NULL)
			why = check_programme(t, s);
		n = s->n1;
		if (why == NULL && n - d->n0 > frames_max(t, DAY_MAX_S))
			why = "it is longer than a day";
	}
	return why != NULL ? why : check_order(d);
}

/* ---- What is done with it */

static const struct asset *
bound(const struct library *l, const struct asset *a)
{
	const struct asset *found = a != NULL ? library_find(l, a->path) :
	    NULL;

	return found != NULL && found->bad == NULL ? found : a;
}

void
tlog_bind(struct tlog *t, const struct library *l)
{
	struct day *d = t->day;

	for (size_t i = 0; i < d->nsegments; i++)
		d->segments[i].asset = bound(l, d->segments[i].asset);
	for (size_t i = 0; i < d->nprogrammes; i++)
		d->programmes[i].asset = bound(l, d->programmes[i].asset);
}

/* A programme that crosses from one day to the next is in both. */
static size_t
join_programmes(struct day *to, const struct day *from, size_t at)
{
	bool carries_on = at > 0 && from->nprogrammes > 0 &&
	    to->programmes[at - 1].n0 == from->programmes[0].n0;

	at -= carries_on;
	if (from->nprogrammes > 0)
		memcpy(to->programmes + at, from->programmes,
		    from->nprogrammes * sizeof *to->programmes);
	to->nprogrammes = at + from->nprogrammes;
	return at;
}

static void
join(struct day *to, const struct day *from)
{
	size_t base = join_programmes(to, from, to->nprogrammes);

	for (size_t i = 0; i < from->nsegments; i++) {
		struct segment *s = &to->segments[to->nsegments++];

		*s = from->segments[i];
		if (s->programme != DAY_OFF_AIR)
			s->programme += base;
	}
	to->n1 = from->n1;
}

struct day *
tlog_join(struct tlog *const *logs, size_t n)
{
	struct day *d = xcalloc(1, sizeof *d);
	size_t segments = 0, programmes = 0;

	for (size_t i = 0; i < n; i++) {
		segments += logs[i]->day->nsegments;
		programmes += logs[i]->day->nprogrammes;
	}
	d->segments = xcalloc(segments, sizeof *d->segments);
	d->programmes = xcalloc(programmes, sizeof *d->programmes);
	d->date = logs[0]->day->date;
	d->n0 = d->n1 = logs[0]->day->n0;
	for (size_t i = 0; i < n && logs[i]->day->n0 == d->n1; i++)
		join(d, logs[i]->day);
	return d;
}

int64_t
tlog_kept_until(const struct day *d, int64_t now, int64_t n)
{
	const struct segment *s = d->segments;
	size_t i = d->nsegments;
	int64_t end;

	if (n >= d->n1)
		return n;
	while (i > 0 && (s[i - 1].n0 > n ||
	    (segment_is_idle(&s[i - 1]) && s[i - 1].n0 > now)))
		i--;
	if (i == 0 || segment_is_idle(&s[i - 1]))
		return now;
	s = &s[i - 1];
	end = s->programme == DAY_OFF_AIR ? s->n1 :
	    d->programmes[s->programme].n1;
	return end < d->n1 ? end : d->n1;
}

/* ---- For people */

/* What may have any name comes last. */
static void
add_notes(struct buf *out, const struct day *d, const struct segment *s)
{
	char *name = daytext_name(s, s->programme != DAY_OFF_AIR ?
	    &d->programmes[s->programme] : NULL);

	errs_escape(out, name != NULL ? name : "-");
	buf_adds(out, " | ");
	errs_escape(out, s->asset != NULL ? s->asset->path : "-");
	free(name);
}

static void
add_row(struct buf *out, const struct chan *ch, const struct tz *z,
    const struct day *d, const struct segment *s)
{
	char id[DAYTEXT_ID];

	daytext_id(id, ch->slug, s->n0);
	daytext_add_time(out, ch, z, d->date, s->n0);
	daytext_add_length(out, ch->format.rate, s->n1 - s->n0);
	buf_addf(out, "%-10s  %-24s  ", segment_kind_name(s->kind), id);
	daytext_add_length(out, ch->format.rate, s->in);
	daytext_add_shift(out, ch, z, d->date, s->n0);
	add_notes(out, d, s);
	buf_adds(out, "\n");
}

void
tlog_add_text(struct buf *out, const struct chan *ch, const struct tz *z,
    const struct day *d, int64_t n0, int64_t n1)
{
	daytext_add_head(out, ch, z, d->date);
	buf_addf(out, "%-11s  %-11s  %-10s  %-24s  %-11s  %s\n", "START",
	    "DUR", "TYPE", "EVENT_ID", "IN", "NOTES");
	for (size_t i = 0; i < d->nsegments; i++)
		if (d->segments[i].n0 < n1 && d->segments[i].n1 > n0)
			add_row(out, ch, z, d, &d->segments[i]);
}
