#include "air/asrun.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/rate.h"
#include "base/xmem.h"
#include "plan/daytext.h"
#include "plan/layout.h"

#define SKIPPED_MAX	99		/* rows for one jump */
#define BEHIND_NS	(10 * NS_PER_S)	/* later than this nobody waits */

static const char *const status_names[] = {
#define X(name) #name,
	ASRUN_STATUSES(X)
#undef X
};

const char *
asrun_status_name(enum asrun_status s)
{
	return status_names[s];
}

int64_t
asrun_frames(const struct asrun_row *r)
{
	return r->from.asset + r->from.pad - r->held;
}

/* ---- From events to rows */

static void __attribute__((format(printf, 2, 3)))
reason_add(struct asrun_row *r, const char *fmt, ...)
{
	size_t n = strlen(r->reason);
	va_list ap;

	if (n != 0 && n + 2 < sizeof r->reason)
		n += (size_t)snprintf(r->reason + n, sizeof r->reason - n,
		    "; ");
	va_start(ap, fmt);
	vsnprintf(r->reason + n, sizeof r->reason - n, fmt, ap);
	va_end(ap);
}

static void
row_fini(struct asrun_row *r)
{
	free(r->asset);
	free(r->title);
	r->asset = r->title = NULL;
}

static struct asrun_row
row_of(const struct asrun_env *env, const struct segment *s)
{
	struct rate rate = env->ch->format.rate;
	bool slate = s->kind == SEGMENT_takeover && s->asset == NULL;

	return (struct asrun_row){
		.date = day_of(env->ch, timeline_zone(env->timeline),
		    muldiv_floor(s->n0, rate.den, rate.num)),
		.n0 = s->n0,
		.n1 = s->n1,
		.slot = s->n0,
		.end = s->n0,
		.kind = s->kind,
		.asset = s->asset != NULL ? xstrdup(s->asset->path) : NULL,
		.title = slate ? xstrdup("slate") : daytext_name(s,
		    timeline_programme(env->timeline, s)),
	};
}

/* Where many segments were jumped over, the first are told of; nobody knows
 * those of years. */
static void
skipped_put(const struct asrun_env *env, int64_t from, int64_t to,
    const char *why)
{
	const struct segment *s;
	int n = 0;

	for (int64_t at = from; at < to && n < SKIPPED_MAX &&
	    timeline_knows(env->timeline, at); at = s->n1) {
		struct asrun_row r;

		s = timeline_at(env->timeline, at);
		if (s->n0 < from || s->n1 > to)
			continue;
		r = row_of(env, s);
		r.status = ASRUN_SKIPPED;
		r.never = true;
		reason_add(&r, "%s", why);
		if (++n == SKIPPED_MAX && r.n1 < to)
			reason_add(&r, "more were skipped, up to the next "
			    "row's");
		env->put(env->ctx, &r);
		row_fini(&r);
	}
}

/* Whatever had all of its time while a takeover was on. */
static void
displaced_put(struct asrun *a, const struct asrun_env *env, int64_t to)
{
	int64_t at = a->displaced;

	while (at < to) {
		struct segment s = *timeline_at(env->timeline, at);
		struct asrun_row r;

		if (s.n1 > to)
			break;
		at = s.n1;
		if (s.n0 < a->displaced)
			continue;
		r = row_of(env, &s);
		r.status = ASRUN_SUBSTITUTED;
		r.never = true;
		reason_add(&r, "%s", a->displacer);
		env->put(env->ctx, &r);
		row_fini(&r);
	}
	a->displaced = at;
}

static void
on_air(struct asrun *a, const struct asrun_env *env,
    const struct channel_event *e, size_t viewers)
{
	/* What was skipped is told of: it was not displaced, too. */
	if (a->cut && e->slot > a->next) {
		skipped_put(env, a->next, e->slot, a->why);
		a->displaced = e->slot;
	}
	if (a->row.kind != SEGMENT_takeover || !a->cut ||
	    e->slot < a->displaced)	/* the clock was set back */
		a->displaced = e->slot;
	a->cut = false;
	row_fini(&a->row);
	a->row = row_of(env, &e->segment);
	a->row.slot = a->row.end = e->slot;
	a->row.ahead = e->ahead;
	memcpy(a->displacer, e->text, sizeof a->displacer);
	reason_add(&a->row, "%s", e->text);
	a->row.late_ns = e->late_ns;
	a->row.viewers_max = viewers;
	a->open = true;
	env->put(env->ctx, &a->row);
}

static enum asrun_status
status_of(const struct asrun_row *r, bool displaced)
{
	if (r->from.slate != 0)
		return ASRUN_ERROR;
	if (r->from.filler != 0 || displaced)
		return ASRUN_SUBSTITUTED;
	if (r->held != 0)
		return ASRUN_SHORT;
	if (asrun_frames(r) < r->n1 - r->n0)
		return ASRUN_TRUNCATED;
	return ASRUN_AIRED;
}

/* The last failure of a child that was to play any of that segment.  NULL:
 * there was none. */
static const char *
failure_of(const struct asrun *a, const struct asrun_row *r)
{
	size_t n = a->nfailures;

	for (size_t i = 1; i <= n && i <= ASRUN_FAILURES; i++) {
		const struct asrun_failure *f =
		    &a->failures[(n - i) % ASRUN_FAILURES];

		if (f->n0 < r->n1 && f->n1 > r->n0)
			return f->text;
	}
	return NULL;
}

static void
reason_make(const struct asrun *a, struct asrun_row *r,
    const struct channel_event *e, const char *why)
{
	const char *failure = failure_of(a, r);

	if (r->from.slate != 0)
		reason_add(r, "%s", failure != NULL ? failure :
		    "nothing had come when it was due");
	else if (r->from.filler != 0)
		reason_add(r, "%s", failure != NULL ? failure :
		    "it could not air");
	if (r->held != 0)
		reason_add(r, "the source ended early");
	if (r->slot + r->ahead > r->n0)
		reason_add(r, "joined in progress");
	/* That a takeover has ended for good is said even of a whole turn. */
	if (r->end + r->ahead < r->n1 || (r->kind == SEGMENT_takeover &&
	    e->text[0] != '\0'))
		reason_add(r, "%s", why);
}

static void
off_air(struct asrun *a, const struct asrun_env *env,
    const struct channel_event *e, const char *why)
{
	struct asrun_row *r = &a->row;

	if (why == NULL)
		why = e->late_ns > BEHIND_NS ? "the daemon could not run" :
		    "the plan was changed";
	a->cut = true;
	a->next = e->slot;
	a->why = why;
	if (e->text[0] != '\0')
		why = e->text;
	if (!a->open)
		return;
	a->open = false;
	r->end = e->slot;
	r->from = e->from;
	/* A file's pictures may end a little before its sound: so little is
	 * its own end. */
	r->held = e->held < half_second(env->ch->format.rate) ? 0 : e->held;
	reason_make(a, r, e, why);
	r->status = status_of(r, e->displaced && r->end + r->ahead < r->n1);
	env->put(env->ctx, r);
	if (r->kind == SEGMENT_takeover)
		displaced_put(a, env, r->end);
}

static void
failed(struct asrun *a, const struct channel_event *e)
{
	struct asrun_failure *f =
	    &a->failures[a->nfailures++ % ASRUN_FAILURES];

	f->n0 = e->slot;
	f->n1 = e->until;
	memcpy(f->text, e->text, sizeof f->text);
}

void
asrun_event(struct asrun *a, const struct asrun_env *env,
    const struct channel_event *e, size_t viewers, const char *why)
{
	switch (e->kind) {
	case EVENT_ON_AIR:
		on_air(a, env, e, viewers);
		break;
	case EVENT_OFF_AIR:
		off_air(a, env, e, why);
		break;
	case EVENT_CHILD_FAILED:
		failed(a, e);
		break;
	default:
		break;
	}
}

void
asrun_viewers(struct asrun *a, size_t viewers)
{
	if (viewers > a->row.viewers_max)
		a->row.viewers_max = viewers;
}

void
asrun_stopped(struct asrun *a)
{
	a->cut = false;
	a->nfailures = 0;
}

void
asrun_fini(struct asrun *a)
{
	row_fini(&a->row);
}

/* ---- From rows to text */

void
asrun_add_head(struct buf *out, const struct asrun_env *env, int64_t date)
{
	daytext_add_head(out, env->ch, timeline_zone(env->timeline), date);
	buf_addf(out, "%-11s  %-11s  %-11s  %-10s  %-24s  %s\n", "ACTUAL",
	    "DUR", "STATUS", "TYPE", "EVENT_ID", "NOTES");
}

/* What may have any name comes last. */
static void
add_notes(struct buf *out, const struct asrun_row *r)
{
	if (r->status == ASRUN_SEG_START) {
		errs_escape(out, r->title != NULL ? r->title : "-");
		buf_adds(out, " | ");
		errs_escape(out, r->asset != NULL ? r->asset : "-");
		return;
	}
	buf_addf(out, "%" PRId64 " of %" PRId64, asrun_frames(r),
	    r->n1 - r->n0);
	if (r->from.slate != 0)
		buf_addf(out, ", slate %" PRId64, r->from.slate);
	if (r->from.filler != 0)
		buf_addf(out, ", filler %" PRId64, r->from.filler);
	if (r->reason[0] != '\0') {
		buf_adds(out, " | ");
		errs_escape(out, r->reason);
	}
}

void
asrun_add_row(struct buf *out, const struct asrun_env *env,
    const struct asrun_row *r)
{
	const struct tz *z = timeline_zone(env->timeline);
	char id[DAYTEXT_ID];

	daytext_id(id, env->ch->slug, r->n0);
	daytext_add_time(out, env->ch, z, r->date, r->slot);
	daytext_add_length(out, env->ch->format.rate,
	    r->status == ASRUN_SEG_START ? r->n1 - r->n0 : r->end - r->slot);
	buf_addf(out, "%-11s  %-10s  %-24s  ", asrun_status_name(r->status),
	    segment_kind_name(r->kind), id);
	daytext_add_shift(out, env->ch, z, r->date, r->slot);
	add_notes(out, r);
	buf_adds(out, "\n");
}
