/* A day's plan, as it is stored, against what really aired. */

#include "ctl_plan.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/xmem.h"
#include "ctl_library.h"
#include "media/asrunfile.h"
#include "media/jsontext.h"
#include "media/scan.h"
#include "media/tlogfile.h"
#include "plan/daytext.h"

/* One airing: the row that ended it. */
struct airing {
	const json_t *row;		/* of rows below */
	const char *id, *status, *reason;
	const struct segment *plan;	/* NULL: of that name none */
	bool first, last;		/* of a stretch without a gap */
};

struct reconcile {
	const struct ctl_plan_view *v;
	const struct day *day;
	json_t *rows;
	struct airing *aired;
	size_t naired;
	bool *seen;			/* by segment */
	size_t differences, agreed, unseen;
	struct buf text;
	json_t *list;
};

/* ---- Reading */

/* Every line that is a row; half a line, of a daemon that was killed, is
 * none. */
static json_t *
rows_read(const struct ctl_plan_view *v, const char **why)
{
	char *path = asrunfile_path(v->cfg->station->asrun_dir, v->ch->slug,
	    v->date, ".jsonl");
	struct buf text = { 0 };
	json_t *rows = NULL;
	char day[16], *p, *q;

	if (scan_read_file(NULL, path, &text, why) == 0) {
		rows = json_array();
		for (p = (char *)(uintptr_t)buf_str(&text); (q = strchr(p,
		    '\n')) != NULL; p = q + 1)
			json_array_append_new(rows, json_loadb(p,
			    (size_t)(q - p), 0, NULL));
	} else if (errno == ENOENT) {
		ctl_plan_date_name(v->date, day);
		fprintf(stderr, "retrovuectl: no as-run log of channel %s for "
		    "%s: nothing of that day has aired\n", v->ch->slug, day);
	} else {
		fprintf(stderr, "retrovuectl: %s: %s\n", path, *why);
	}
	buf_fini(&text);
	free(path);
	return rows;
}

static const char *
text_of(const json_t *row, const char *key)
{
	const char *s = json_string_value(json_object_get(row, key));

	return s != NULL ? s : "";
}

/* The segment of that EVENT_ID. */
static const struct segment *
find(const struct reconcile *r, const char *id)
{
	const struct day *d = r->day;
	size_t n = strlen(r->v->ch->slug), lo = 0, hi = d->nsegments;
	int64_t n0;

	if (strncmp(id, r->v->ch->slug, n) != 0 || id[n] != '-')
		return NULL;
	n0 = strtoll(id + n + 1, NULL, 10);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->segments[mid].n0 < n0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->nsegments && d->segments[lo].n0 == n0 ?
	    &d->segments[lo] : NULL;
}

static void
collect(struct reconcile *r)
{
	size_t cap = 0;
	json_t *row;
	size_t i;

	json_array_foreach(r->rows, i, row) {
		struct airing *a, *before;

		if (strcmp(text_of(row, "status"), "SEG_START") == 0)
			continue;
		xgrow(&r->aired, &cap, r->naired + 1, sizeof *r->aired);
		a = &r->aired[r->naired];
		*a = (struct airing){
			.row = row,
			.id = text_of(row, "event_id"),
			.status = text_of(row, "status"),
			.reason = text_of(row, "reason"),
			.plan = find(r, text_of(row, "event_id")),
			.first = true, .last = true,
		};
		before = r->naired > 0 ? a - 1 : NULL;
		if (before != NULL && before->plan != NULL &&
		    a->plan == before->plan + 1)
			a->first = before->last = false;
		r->naired++;
	}
}

/* ---- Comparing */

/* A channel that airs for its viewers only is joined in progress, and left:
 * that is no fault of it. */
static bool
is_edge(const struct reconcile *r, const struct airing *a)
{
	return !r->v->ch->always && (a->first || a->last) &&
	    strcmp(a->status, "TRUNCATED") == 0;
}

/* How the row differs from the plan, or NULL. */
static const char *
difference(const struct reconcile *r, const struct airing *a)
{
	const json_t *frames = json_object_get(a->row, "planned_frames");
	const struct segment *s = a->plan;

	if (s == NULL)
		return "not planned";
	if (strcmp(text_of(a->row, "kind"), segment_kind_name(s->kind)) != 0)
		return "another kind than planned";
	if (json_integer_value(frames) != s->n1 - s->n0)
		return "another length than planned";
	if (json_is_string(json_object_get(a->row, "asset")) !=
	    (s->asset != NULL) || (s->asset != NULL &&
	    strcmp(text_of(a->row, "asset"), s->asset->path) != 0))
		return "another file than planned";
	if (strcmp(a->status, "AIRED") == 0 || is_edge(r, a))
		return NULL;
	return a->status;
}

static void
tell(struct reconcile *r, const char *id, const char *what,
    const char *reason, const struct segment *plan)
{
	json_t *j = json_object();

	r->differences++;
	buf_addf(&r->text, "%-24s  %-11s  ", id,
	    plan != NULL ? segment_kind_name(plan->kind) : "-");
	errs_escape(&r->text, what);
	if (reason[0] != '\0') {
		buf_adds(&r->text, " | ");
		errs_escape(&r->text, reason);
	}
	if (plan != NULL && plan->asset != NULL) {
		buf_adds(&r->text, " | ");
		errs_escape(&r->text, plan->asset->path);
	}
	buf_adds(&r->text, "\n");
	json_object_set_new(j, "event_id", json_text(id));
	json_object_set_new(j, "difference", json_text(what));
	json_object_set_new(j, "reason", reason[0] != '\0' ?
	    json_text(reason) : json_null());
	json_array_append_new(r->list, j);
}

static void
compare_aired(struct reconcile *r)
{
	for (size_t i = 0; i < r->naired; i++) {
		const struct airing *a = &r->aired[i];
		const char *what = difference(r, a);

		if (a->plan != NULL)
			r->seen[a->plan - r->day->segments] = true;
		if (what == NULL)
			r->agreed++;
		else
			tell(r, a->id, what, a->reason, a->plan);
	}
}

/* What was planned and never came, up to now; a channel that airs always has
 * no excuse. */
static void
compare_planned(struct reconcile *r)
{
	int64_t now = rate_frame_at(r->v->ch->format.rate,
	    r->v->now_s * NS_PER_S);

	for (size_t i = 0; i < r->day->nsegments; i++) {
		const struct segment *s = &r->day->segments[i];
		char id[DAYTEXT_ID];

		if (r->seen[i] || s->n1 > now)
			continue;
		r->unseen++;
		daytext_id(id, r->v->ch->slug, s->n0);
		if (r->v->ch->always)
			tell(r, id, "never on the air", "", s);
	}
}

static int
print(struct reconcile *r)
{
	json_t *j;

	if (r->v->o->json) {
		j = json_object();
		json_object_set_new(j, "channel",
		    json_string(r->v->ch->slug));
		json_object_set_new(j, "agreed",
		    json_integer((json_int_t)r->agreed));
		json_object_set_new(j, "not_on_air",
		    json_integer((json_int_t)r->unseen));
		json_object_set(j, "differences", r->list);
		return ctl_library_print_json(j);
	}
	buf_addf(&r->text, "%zu aired as planned, %zu difference%s, %zu not "
	    "on the air\n", r->agreed, r->differences,
	    r->differences == 1 ? "" : "s", r->unseen);
	return ctl_library_print(&r->text);
}

static int
reconcile(const struct ctl_plan_view *v, const struct day *d, json_t *rows)
{
	struct reconcile r = {
		.v = v, .day = d, .rows = rows, .list = json_array(),
		.seen = xcalloc(d->nsegments, sizeof *r.seen),
	};
	int rc;

	collect(&r);
	compare_aired(&r);
	compare_planned(&r);
	if ((rc = print(&r)) == 0 && r.differences != 0)
		rc = 1;
	json_decref(r.list);
	buf_fini(&r.text);
	free(r.aired);
	free(r.seen);
	return rc;
}

int
ctl_reconcile(const struct ctl_plan *o)
{
	struct ctl_plan_view v;
	int rc = ctl_plan_open(&v, o, o->arg);
	json_t *rows = NULL;
	struct tlog *t = NULL;
	const char *why;

	if (rc == 0 && (t = tlogfile_read(v.dir, v.ch->slug, v.date,
	    &why)) == NULL) {
		fprintf(stderr, "retrovuectl: channel %s has no transmission "
		    "log of that day: %s\n", v.ch->number,
		    why != NULL ? why : "none was stored");
		rc = 1;
	}
	if (t != NULL && (rows = rows_read(&v, &why)) == NULL)
		rc = 1;
	if (rows != NULL)
		rc = reconcile(&v, t->day, rows);
	json_decref(rows);
	tlog_free(t);
	ctl_plan_close(&v);
	return rc;
}
