#include "plan/explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/err.h"
#include "plan/brk_stock.h"
#include "plan/daytext.h"
#include "plan/select.h"

/* ---- Where it stands in its programme */

/* Is it of the programme, or of a break in it? */
static bool
is_part(const struct segment *s)
{
	return s->kind == SEGMENT_programme || s->kind == SEGMENT_intro ||
	    s->kind == SEGMENT_outro || s->kind == SEGMENT_ident;
}

/* How many pieces of a presentation the programme begins with; *which becomes
 * the one that s is, from 1, or 0.  A break comes after a part, so its bumpers
 * are never the first. */
static size_t
count_leads(struct timeline *t, const struct programme *p,
    const struct segment *s, size_t *which)
{
	const struct asset *last = NULL;
	size_t leads = 0;

	*which = 0;
	for (int64_t n = p->n0; n < p->n1;) {
		struct segment at = *timeline_at(t, n);

		if (at.kind != SEGMENT_bumper)
			break;
		leads += at.asset != last;	/* it may be in several rows */
		last = at.asset;
		if (at.n0 == s->n0)
			*which = leads;
		n = at.n1 > n ? at.n1 : p->n1;
	}
	return leads;
}

/* The marker that makes a break at that frame of the asset, or NULL. */
static const struct marker *
find_marker(const struct asset *a, struct rate rate, int64_t frame)
{
	const struct marker *found = NULL;

	for (size_t i = 0; i < a->nmarkers; i++) {
		const struct marker *m = &a->markers[i];

		if (rate_frames_of_us(rate, m->start_us) != frame)
			continue;
		if (m->kind == MARKER_avail)
			return m;
		if (m->kind == MARKER_chapter)
			found = m;
	}
	return found;
}

/* The break follows frame `at` of an asset, or nothing at all. */
static void
set_avail(struct explain *x, struct rate rate, const struct asset *a,
    int64_t at)
{
	x->marker = a != NULL ? find_marker(a, rate, at) : NULL;
	x->avail_us = x->marker != NULL ? x->marker->start_us :
	    muldiv_round(at, rate.den * US_PER_S, rate.num);
}

/* Walk through the programme and count; what it was before the day began or
 * is after a lock counts as far as it is there. */
static void
find_place(struct explain *x, struct timeline *t)
{
	struct rate rate = timeline_chan(t)->format.rate;
	bool in_break = false, more = false;
	const struct asset *last = NULL;
	int64_t at = 0;

	for (int64_t n = x->programme.n0; n < x->programme.n1;) {
		struct segment s = *timeline_at(t, n);

		if (is_part(&s)) {
			at = s.in + (s.n1 - s.n0);
			last = s.asset;
			in_break = false;
			x->parts++;
			more |= s.n0 > x->segment.n0;
			if (s.n0 == x->segment.n0)
				x->part = x->parts;
		} else if (x->parts != 0 || x->leads == 0) {
			x->breaks += !in_break;
			in_break = true;
			if (s.n0 == x->segment.n0) {
				x->brk = x->breaks;
				set_avail(x, rate, last, at);
			}
		}
		n = s.n1 > n ? s.n1 : x->programme.n1;
	}
	if (x->brk != 0 && !more) {
		x->after = true;
		x->avail_us = -1;
		x->marker = NULL;
	}
}

/* ---- Why just that one */

static void
find_in_pool(struct explain *x, const struct choices *c, const char *name)
{
	for (size_t i = 0; i < c->n && x->place == 0; i++)
		if (c->v[i].asset == x->segment.asset)
			x->place = i + 1;
	if (x->place != 0) {
		x->pool = name;
		x->among = c->n;
	}
}

static void
find_in_pools(struct explain *x, const struct selection *sel,
    const size_t *pools, size_t n)
{
	for (size_t i = 0; i < n && x->place == 0; i++)
		find_in_pool(x, &sel->pools[pools[i]],
		    chan_pool(sel->ch, pools[i])->name);
}

/* One of those that a program has before or after its content. */
static void
why_drawn(struct explain *x, const struct selection *sel)
{
	const struct block *b = x->programme.block;

	x->how = "drawn at random";
	for (size_t i = 0; b != NULL && i < b->nprograms; i++) {
		const struct program *p = &sel->ch->programs[b->programs[i]];
		const struct pool_list *of =
		    x->segment.kind == SEGMENT_bumper ? &p->presentation :
		    x->segment.kind == SEGMENT_intro ? &p->intro : &p->outro;

		find_in_pools(x, sel, of->v, of->n);
	}
}

static void
why_programme(struct explain *x, const struct timeline *t)
{
	static const char *const hows[] = {
		[BLOCK_SEQUENTIAL] = "next in order",
		[BLOCK_RANDOM] = "drawn at random",
		[BLOCK_SHUFFLE] = "next of the shuffle",
	};
	const struct selection *sel = timeline_selection(t);
	const struct block *b = x->programme.block;

	if (b == NULL)
		return;
	x->how = hows[b->mode];
	find_in_pools(x, sel, b->pools, b->npools);
	for (size_t i = 0; i < b->nprograms && x->place == 0; i++) {
		const struct program *p = &sel->ch->programs[b->programs[i]];

		find_in_pools(x, sel, p->pools, p->npools);
	}
	if (x->place == 0 && (x->segment.kind == SEGMENT_intro ||
	    x->segment.kind == SEGMENT_outro))
		why_drawn(x, sel);
}

static const char *
why_black(const struct explain *x, const struct timeline *t)
{
	if (x->has_programme ||
	    timeline_filler(t, x->segment.n0).asset != NULL)
		return "nothing that may air fits";
	return "nothing is scheduled, and there is no filler";
}

static void
why(struct explain *x, const struct timeline *t)
{
	const struct selection *sel = timeline_selection(t);

	if (x->off_air != NULL) {
		x->how = "the schedule has the channel off the air";
		return;
	}
	switch (x->segment.kind) {
	case SEGMENT_programme:
	case SEGMENT_intro:
	case SEGMENT_outro:
	case SEGMENT_ident:
		why_programme(x, t);
		break;
	case SEGMENT_spot:
		x->how = "least recently aired";
		x->among = sel->stock->nspots;
		break;
	case SEGMENT_bumper:
		if (x->lead != 0)
			why_drawn(x, sel);
		else
			x->how = "least recently aired of those for its place";
		break;
	case SEGMENT_station_id:
		x->how = "least recently aired";
		x->among = sel->stock->nplace[TRAFFIC_station_id];
		break;
	case SEGMENT_filler:
		x->how = "where the filler, which rolls on by the clock, is "
		    "by then";
		break;
	case SEGMENT_pad:
		x->how = why_black(x, t);
		break;
	default:
		break;
	}
}

const struct block *
explain_off_air(const struct timeline *t, const struct segment *s, int64_t n)
{
	const struct chan *ch = timeline_chan(t);
	const struct calendar cal = selection_calendar(timeline_selection(t),
	    timeline_zone(t));
	size_t i;

	if (s->programme != DAY_OFF_AIR ||
	    (s->kind != SEGMENT_pad && s->kind != SEGMENT_sign_off))
		return NULL;
	i = day_block_at(&cal, muldiv_floor(n, ch->format.rate.den,
	    ch->format.rate.num));
	return i != PIECE_FREE && ch->blocks[i].kind == BLOCK_OFF_AIR ?
	    &ch->blocks[i] : NULL;
}

/* What both the sentence and its last words are made of, at frame n of s. */
static void
begin(struct explain *x, struct timeline *t, const struct segment *s,
    int64_t n)
{
	const struct programme *p = timeline_programme(t, s);

	*x = (struct explain){ .segment = *s, .avail_us = -1 };
	x->has_programme = p != NULL;
	if (p != NULL)
		x->programme = *p;
	x->off_air = explain_off_air(t, &x->segment, n);
	if (p != NULL)
		x->leads = count_leads(t, &x->programme, &x->segment,
		    &x->lead);
}

void
explain_make(struct explain *x, struct timeline *t, int64_t n)
{
	begin(x, t, timeline_at(t, n), n);
	x->kept = n < timeline_kept_until(t);
	if (x->has_programme)
		find_place(x, t);
	why(x, t);
}

/* ---- The sentence */

/* "7:13.240". */
static void
add_position(struct buf *out, int64_t us)
{
	int64_t s = us / US_PER_S;

	if (s >= 3600)
		buf_addf(out, "%" PRId64 ":%02d:", s / 3600,
		    (int)(s / 60 % 60));
	else
		buf_addf(out, "%d:", (int)(s / 60));
	buf_addf(out, "%02d.%03d", (int)(s % 60),
	    (int)(us % US_PER_S / 1000));
}

static void
add_quoted(struct buf *out, const char *text)
{
	buf_adds(out, "'");
	errs_escape(out, text);
	buf_adds(out, "'");
}

static void
add_programme(struct buf *out, const struct programme *p)
{
	char *name = daytext_programme(p);

	add_quoted(out, name);
	free(name);
}

static void
add_avail(struct buf *out, const struct explain *x)
{
	if (x->after) {
		buf_adds(out, " (after its end)");
		return;
	}
	buf_adds(out, x->marker != NULL &&
	    x->marker->kind == MARKER_chapter ? " (chapter at " :
	    " (avail at ");
	add_position(out, x->avail_us);
	if (x->marker == NULL)
		buf_adds(out, ", by rule)");
	else
		buf_adds(out, x->marker->imported ?
		    ", marker from the container)" :
		    ", marker from sidecar)");
}

static void
add_entry(struct buf *out, const struct timeline *t, const struct block *b)
{
	buf_adds(out, " the entry at ");
	errs_escape(out, timeline_chan(t)->file);
	buf_addf(out, ":%u:%u", b->line, b->column);
}

static void
add_place(struct buf *out, const struct timeline *t, const struct explain *x)
{
	const struct block *b = x->programme.block;

	if (x->off_air != NULL) {
		buf_adds(out, ": off the air by");
		add_entry(out, t, x->off_air);
		return;
	}
	if (!x->has_programme) {
		buf_adds(out, ": between programmes");
		return;
	}
	if (x->lead != 0) {
		buf_addf(out, ": presentation %zu of %zu before ", x->lead,
		    x->leads);
		add_programme(out, &x->programme);
		return;
	}
	if (x->brk != 0) {
		buf_addf(out, ": break %zu of %zu in ", x->brk, x->breaks);
		add_programme(out, &x->programme);
		add_avail(out, x);
		return;
	}
	buf_addf(out, ": part %zu of %zu, from ", x->part, x->parts);
	add_position(out, muldiv_round(x->segment.in,
	    timeline_chan(t)->format.rate.den * US_PER_S,
	    timeline_chan(t)->format.rate.num));
	if (b != NULL) {
		buf_adds(out, ", of");
		add_entry(out, t, b);
	}
}

static void
add_why(struct buf *out, const struct explain *x, const char *before)
{
	if (x->how != NULL)
		buf_addf(out, "%s%s", before, x->how);
	if (x->pool != NULL) {
		buf_addf(out, ", %zu of %zu in pool ", x->place, x->among);
		add_quoted(out, x->pool);
	} else if (x->among != 0) {
		buf_addf(out, " of %zu", x->among);
	}
}

void
explain_add_why(struct buf *out, struct timeline *t, const struct segment *s)
{
	struct explain x;

	begin(&x, t, s, s->n0);
	why(&x, t);
	add_why(out, &x, "");
}

/* "commercial 'Cola 1985'", "pad". */
static void
add_what(struct buf *out, const struct explain *x)
{
	const struct segment *s = &x->segment;
	char *name = daytext_name(s, x->has_programme ? &x->programme :
	    NULL);

	buf_adds(out, s->kind == SEGMENT_spot ?
	    asset_type_name(s->asset->type) : segment_kind_name(s->kind));
	if (name == NULL)
		return;
	buf_adds(out, " ");
	add_quoted(out, name);
	free(name);
}

void
explain_add_text(struct buf *out, struct timeline *t,
    const struct explain *x)
{
	struct rate r = timeline_chan(t)->format.rate;
	int64_t s = muldiv_floor(x->segment.n0, r.den, r.num);
	struct civil c = tz_local(timeline_zone(t), s);

	buf_addf(out, "%02d:%02d:%02d ", c.hour, c.min, c.sec);
	add_what(out, x);
	add_place(out, t, x);
	if (x->off_air == NULL)
		add_why(out, x, ", chosen: ");
	if (x->kept)
		buf_adds(out, "; it stands as it was stored");
}
