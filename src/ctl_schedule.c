/* The plan of a day: as it is stored, and as it would be. */

#include "ctl_plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "ctl_library.h"
#include "ctl_live.h"
#include "media/scan.h"
#include "media/tlogfile.h"
#include "plan/daytext.h"
#include "plan/explain.h"
#include "plan/kept.h"

static int
complain_none(const struct ctl_plan_view *v, const char *why)
{
	char *path = tlogfile_path(v->dir, v->ch->slug, v->date, ".jsonl");

	fprintf(stderr, "retrovuectl: %s: %s\n", path, why != NULL ? why :
	    "there is no such transmission log; 'retrovuectl preview' tells "
	    "what would be planned");
	free(path);
	return 1;
}

/* The lines as they are stored, for there is more in them than in a day: why
 * each was chosen.  The last one is about the day. */
static void
add_stored(struct buf *out, const struct ctl_plan_view *v)
{
	char *path = tlogfile_path(v->dir, v->ch->slug, v->date, ".jsonl");
	struct buf text = { 0 };
	const char *why;

	if (scan_read_file(NULL, path, &text, &why) == 0 && text.len > 1) {
		const char *s = buf_str(&text);
		const char *last = memrchr(s, '\n', text.len - 1);

		buf_add(out, s, last != NULL ? (size_t)(last + 1 - s) : 0);
	}
	buf_fini(&text);
	free(path);
}

int
ctl_schedule(const struct ctl_plan *o)
{
	struct ctl_plan_view v;
	int rc = ctl_plan_open(&v, o, o->arg);
	struct buf out = { 0 };
	struct tlog *t;
	const char *why;

	if (rc == 0) {
		t = tlogfile_read(v.dir, v.ch->slug, v.date, &why);
		if (t != NULL) {
			if (o->json)
				add_stored(&out, &v);
			else
				tlog_add_text(&out, v.ch, v.z, t->day,
				    t->day->n0, t->day->n1);
			rc = ctl_library_print(&out);
		} else {
			rc = complain_none(&v, why);
		}
		tlog_free(t);
	}
	buf_fini(&out);
	ctl_plan_close(&v);
	return rc;
}

/* What is on at frame n as a whole; the day where it is not given. */
static void
find_stretch(const struct ctl_plan_view *v, struct timeline *t, int64_t n,
    int64_t *n0, int64_t *n1)
{
	const struct programme *p;
	const struct segment *s;

	*n0 = timeline_day(t, v->date);
	*n1 = timeline_day(t, v->date + 1);
	if (n < 0)
		return;
	s = timeline_at(t, n);
	p = timeline_programme(t, s);
	*n0 = p != NULL ? p->n0 : s->n0;
	*n1 = timeline_item_end(t, n);
}

static void
preview(const struct ctl_plan_view *v, int64_t n, struct buf *out)
{
	int64_t from = day_begin(v->ch, v->z, v->date), n0, n1;
	struct timeline *t = ctl_plan_timeline(v, v->ch,
	    from < v->now_s ? from : v->now_s, false);
	struct kept *k;

	find_stretch(v, t, n, &n0, &n1);
	k = kept_new(t, n0, n1);
	kept_day(k)->date = v->date;
	if (v->o->json)
		tlogfile_add_segments(out, v->ch->slug, v->ch->format.rate,
		    kept_day(k), t);
	else
		tlog_add_text(out, v->ch, v->z, kept_day(k), n0, n1);
	kept_free(k);
	timeline_free(t);
}

int
ctl_preview(const struct ctl_plan *o)
{
	struct ctl_plan_view v;
	int rc = ctl_plan_open(&v, o, o->arg);
	struct buf out = { 0 };
	int64_t n = -1;

	if (rc == 0 && o->at != NULL && (n = ctl_plan_at(&v, o->at)) < 0)
		rc = 2;
	if (rc == 0)
		rc = ctl_plan_open_library(&v);
	if (rc == 0) {
		preview(&v, n, &out);
		rc = ctl_library_print(&out);
	}
	buf_fini(&out);
	ctl_plan_close(&v);
	return rc;
}

/* ---- Why */

static void
set_count(json_t *j, const char *key, size_t n)
{
	json_object_set_new(j, key, n != 0 ? json_integer((json_int_t)n) :
	    json_null());
}

/* instead: see ctl_live_add(). */
static json_t *
explain_json(const struct ctl_plan_view *v, const struct explain *x,
    struct timeline *t, struct buf *instead)
{
	struct buf text = { 0 }, row = { 0 };
	struct segment s = x->segment;
	struct programme p = x->programme;
	const struct day d = {
		.n0 = s.n0, .n1 = s.n1, .segments = &s, .nsegments = 1,
		.programmes = &p, .nprogrammes = 1,
	};
	json_t *j;

	s.programme = x->has_programme ? 0 : DAY_OFF_AIR;
	tlogfile_add_segments(&row, v->ch->slug, v->ch->format.rate, &d,
	    NULL);
	j = json_loadb(buf_str(&row), row.len, 0, NULL);
	explain_add_text(&text, t, x);
	ctl_library_set_text(j, "text", buf_str(&text));
	json_object_set_new(j, "off_air", json_boolean(x->off_air != NULL));
	set_count(j, "presentation", x->lead);
	set_count(j, "presentations", x->lead != 0 ? x->leads : 0);
	set_count(j, "break", x->brk);
	set_count(j, "breaks", x->brk != 0 ? x->breaks : 0);
	set_count(j, "part", x->part);
	set_count(j, "parts", x->part != 0 ? x->parts : 0);
	json_object_set_new(j, "avail_us", x->avail_us >= 0 ?
	    json_integer(x->avail_us) : json_null());
	ctl_library_set_text(j, "marker", x->marker == NULL ? NULL :
	    x->marker->imported ? "container" : "sidecar");
	ctl_library_set_text(j, "chosen", x->how);
	ctl_library_set_text(j, "pool", x->pool);
	set_count(j, "place", x->place);
	set_count(j, "among", x->among);
	json_object_set_new(j, "stored", json_boolean(x->kept));
	ctl_library_set_text(j, "instead", instead->len > 0 ?
	    buf_str(instead) : NULL);
	buf_fini(&text);
	buf_fini(&row);
	return j;
}

static int
explain(const struct ctl_plan_view *v, int64_t n)
{
	struct rate r = v->ch->format.rate;
	int64_t s = muldiv_floor(n, r.den, r.num);
	struct timeline *t = ctl_plan_timeline(v, v->ch,
	    s < v->now_s ? s : v->now_s, true);
	struct buf out = { 0 }, instead = { 0 };
	struct explain x;
	int rc;

	explain_make(&x, t, n);
	if (v->o->at == NULL)
		ctl_live_add(&instead, v->o->socket != NULL ? v->o->socket :
		    v->cfg->station->control_socket, v->ch->slug, v->now_s);
	if (v->o->json) {
		rc = ctl_library_print_json(explain_json(v, &x, t, &instead));
	} else {
		explain_add_text(&out, t, &x);
		buf_addf(&out, "%s%s\n", instead.len > 0 ?
		    "\nin its place now: " : "", buf_str(&instead));
		rc = ctl_library_print(&out);
	}
	buf_fini(&instead);
	buf_fini(&out);
	timeline_free(t);
	return rc;
}

int
ctl_explain(const struct ctl_plan *o)
{
	struct ctl_plan_view v;
	int rc = ctl_plan_open(&v, o, o->arg);
	int64_t n = -1;

	if (rc == 0) {
		n = o->at != NULL ? ctl_plan_at(&v, o->at) :
		    rate_frame_at(v.ch->format.rate, v.now_s * NS_PER_S);
		rc = n < 0 ? 2 : 0;
	}
	if (rc == 0)
		rc = ctl_plan_open_library(&v);
	if (rc == 0)
		rc = explain(&v, n);
	ctl_plan_close(&v);
	return rc;
}
