/* What a changed channel file would do to the days to come. */

#include "ctl_plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/instant.h"
#include "base/xmem.h"
#include "ctl_library.h"
#include "media/jsontext.h"

#define DAYS	7

enum fate {
	SAME,
	MOVED,
	REMOVED,
	ADDED,
};

/* A programme of a day, in either plan. */
struct item {
	int64_t t0, t1;			/* ns since 1970 */
	char *title;
	const char *path;		/* of its asset */
	enum fate fate;
	int64_t from;			/* MOVED: its t0 before */
};

struct items {
	struct item *v;
	size_t n, cap;
};

struct diff {
	const struct ctl_plan_view *v;
	struct timeline *was, *is;
	bool any;
	struct buf text;
	json_t *days;
};

/* The programmes that begin in a day, which is the old plan's. */
static void
collect(struct timeline *t, int64_t t0_ns, int64_t t1_ns, struct items *out)
{
	struct rate r = timeline_chan(t)->format.rate;
	int64_t n = rate_frame_from(r, t0_ns), n1 = rate_frame_from(r, t1_ns);

	while (n < n1) {
		const struct segment *s = timeline_at(t, n);
		const struct programme *p = timeline_programme(t, s);
		int64_t end = p != NULL ? p->n1 : s->n1;

		if (p != NULL && p->n0 >= n) {
			xgrow(&out->v, &out->cap, out->n + 1, sizeof *out->v);
			out->v[out->n++] = (struct item){
				.t0 = rate_frame_ns(r, p->n0),
				.t1 = rate_frame_ns(r, p->n1),
				.title = xstrdup(p->title),
				.path = p->asset->path,
			};
		}
		n = end > n ? end : s->n1;
	}
}

static void
items_fini(struct items *i)
{
	for (size_t k = 0; k < i->n; k++)
		free(i->v[k].title);
	free(i->v);
}

static bool
same_show(const struct item *a, const struct item *b)
{
	return strcmp(a->path, b->path) == 0 && strcmp(a->title, b->title) == 0;
}

/* Both are in the order of their begins: what stays where it is first, then
 * each of the rest with the first of its kind that is left. */
static void
compare(struct items *was, struct items *is)
{
	for (size_t i = 0; i < was->n; i++)
		was->v[i].fate = REMOVED;
	for (size_t i = 0, k = 0; i < is->n; i++) {
		struct item *x = &is->v[i];

		x->fate = ADDED;
		while (k < was->n && was->v[k].t0 < x->t0)
			k++;
		if (k < was->n && was->v[k].t0 == x->t0 &&
		    was->v[k].t1 == x->t1 && same_show(&was->v[k], x))
			x->fate = was->v[k].fate = SAME;
	}
	for (size_t i = 0; i < is->n; i++) {
		struct item *x = &is->v[i];

		for (size_t k = 0; k < was->n && x->fate == ADDED; k++) {
			if (was->v[k].fate != REMOVED ||
			    !same_show(&was->v[k], x))
				continue;
			x->fate = MOVED;
			x->from = was->v[k].t0;
			was->v[k].fate = MOVED;
		}
	}
}

/* True if every segment is the same where every programme is. */
static bool
same_breaks(const struct diff *d, int64_t t0_ns, int64_t t1_ns)
{
	struct rate r = timeline_chan(d->was)->format.rate;
	struct rate q = timeline_chan(d->is)->format.rate;
	int64_t n1 = rate_frame_from(r, t1_ns);

	if (r.num != q.num || r.den != q.den)
		return false;
	for (int64_t n = rate_frame_from(r, t0_ns); n < n1;) {
		const struct segment *a = timeline_at(d->was, n);
		const struct segment *b = timeline_at(d->is, n);

		if (a->n0 != b->n0 || a->n1 != b->n1 || a->in != b->in ||
		    a->kind != b->kind || (a->asset == NULL) !=
		    (b->asset == NULL) || (a->asset != NULL &&
		    strcmp(a->asset->path, b->asset->path) != 0))
			return false;
		n = a->n1;
	}
	return true;
}

/* ---- What is said */

static void
add_clock(struct buf *out, const struct ctl_plan_view *v, int64_t ns)
{
	struct civil c = tz_local(v->z, ns / NS_PER_S);

	buf_addf(out, "%02d:%02d:%02d", c.hour, c.min, c.sec);
}

static void
say(struct diff *d, const struct item *x)
{
	static const char *const marks[] = {
		[MOVED] = ">", [REMOVED] = "-", [ADDED] = "+",
	};

	buf_addf(&d->text, "  %s ", marks[x->fate]);
	add_clock(&d->text, d->v, x->t0);
	buf_adds(&d->text, "  ");
	errs_escape(&d->text, x->title);
	buf_adds(&d->text, " | ");
	errs_escape(&d->text, x->path);
	if (x->fate == MOVED) {
		buf_adds(&d->text, x->from == x->t0 ? " (another length)" :
		    " (was at ");
		if (x->from != x->t0) {
			add_clock(&d->text, d->v, x->from);
			buf_adds(&d->text, ")");
		}
	}
	buf_adds(&d->text, "\n");
}

static json_t *
instant(int64_t ns)
{
	char text[INSTANT_TEXT];

	instant_print(text, ns);
	return json_string(text);
}

static void
note(json_t *day, const struct item *x)
{
	static const char *const lists[] = {
		[MOVED] = "moved", [REMOVED] = "removed", [ADDED] = "added",
	};
	json_t *j = json_object();

	json_object_set_new(j, "start", instant(x->t0));
	json_object_set_new(j, "end", instant(x->t1));
	json_object_set_new(j, "title", json_text(x->title));
	ctl_library_set_path(j, x->path);
	if (x->fate == MOVED)
		json_object_set_new(j, "was", instant(x->from));
	json_array_append_new(json_object_get(day, lists[x->fate]), j);
}

static json_t *
day_json(int64_t date, bool breaks)
{
	json_t *j = json_object();
	char name[16];

	ctl_plan_date_name(date, name);
	json_object_set_new(j, "date", json_string(name));
	json_object_set_new(j, "added", json_array());
	json_object_set_new(j, "removed", json_array());
	json_object_set_new(j, "moved", json_array());
	json_object_set_new(j, "breaks_differ", json_boolean(breaks));
	return j;
}

static void
tell(struct diff *d, json_t *day, const struct item *x)
{
	if (x->fate == SAME)
		return;
	say(d, x);
	note(day, x);
}

/* Both lists in the order of time; what has moved is told where it is. */
static void
tell_day(struct diff *d, int64_t date, const struct items *was,
    const struct items *is, bool breaks)
{
	json_t *day = day_json(date, breaks);
	char name[16];

	ctl_plan_date_name(date, name);
	buf_addf(&d->text, "%s\n", name);
	for (size_t i = 0, k = 0; i < was->n || k < is->n;) {
		if (i < was->n && (k == is->n || was->v[i].t0 <= is->v[k].t0)) {
			if (was->v[i].fate == REMOVED)
				tell(d, day, &was->v[i]);
			i++;
		} else {
			tell(d, day, &is->v[k++]);
		}
	}
	if (breaks)
		buf_adds(&d->text, "  * the same programmes, other breaks\n");
	json_array_append_new(d->days, day);
}

static void
diff_day(struct diff *d, int64_t date)
{
	const struct ctl_plan_view *v = d->v;
	int64_t t0 = day_begin(v->ch, v->z, date) * NS_PER_S;
	int64_t t1 = day_begin(v->ch, v->z, date + 1) * NS_PER_S;
	struct items was = { 0 }, is = { 0 };
	bool differ = false, breaks = false;

	if (t0 < v->now_s * NS_PER_S)
		t0 = v->now_s * NS_PER_S;
	collect(d->was, t0, t1, &was);
	collect(d->is, t0, t1, &is);
	compare(&was, &is);
	for (size_t i = 0; i < was.n; i++)
		differ |= was.v[i].fate != SAME;
	for (size_t i = 0; i < is.n; i++)
		differ |= is.v[i].fate != SAME;
	if (!differ)
		breaks = !same_breaks(d, t0, t1);
	if (differ || breaks)
		tell_day(d, date, &was, &is, breaks);
	d->any |= differ || breaks;
	items_fini(&was);
	items_fini(&is);
}

static int
print(struct diff *d)
{
	const struct ctl_plan_view *v = d->v;
	json_t *j;

	if (!v->o->json) {
		if (!d->any)
			buf_addf(&d->text, "channel %s: the next %d days stay "
			    "the same\n", v->ch->number, DAYS);
		return ctl_library_print(&d->text);
	}
	j = json_object();
	json_object_set_new(j, "channel", json_string(v->ch->slug));
	json_object_set_new(j, "same", json_boolean(!d->any));
	json_object_set(j, "days", d->days);
	return ctl_library_print_json(j);
}

static int
diff(const struct ctl_plan_view *v, const struct chan *changed)
{
	struct diff d = { .v = v, .days = json_array() };
	int rc;

	d.was = ctl_plan_timeline(v, v->ch, v->now_s, false);
	d.is = ctl_plan_timeline(v, changed, v->now_s, false);
	for (int i = 0; i < DAYS; i++)
		diff_day(&d, v->date + i);
	rc = print(&d);
	timeline_free(d.was);
	timeline_free(d.is);
	json_decref(d.days);
	buf_fini(&d.text);
	return rc != 0 ? rc : d.any;
}

/* The channel in the file, with its faults told; or NULL. */
static struct config *
load(const struct ctl_plan *o)
{
	char *files[] = { xstrdup(o->arg) };
	struct errs e = { 0 };
	struct buf text = { 0 };
	struct config *c = config_load_files(o->config, files, 1, &e);

	if (c != NULL && (e.faults != 0 || c->nchans != 1)) {
		errs_print(&e, &text);
		fputs(buf_str(&text), stderr);
		config_free(c);
		c = NULL;
	}
	free(files[0]);
	buf_fini(&text);
	errs_fini(&e);
	return c;
}

int
ctl_diff(const struct ctl_plan *o)
{
	struct config *changed = load(o);
	struct ctl_plan_view v = { 0 };
	int rc = 1;

	if (changed != NULL)
		rc = ctl_plan_open(&v, o, changed->chans[0]->slug);
	if (rc == 0)
		rc = ctl_plan_open_library(&v);
	if (rc == 0)
		rc = diff(&v, changed->chans[0]);
	ctl_plan_close(&v);
	config_free(changed);
	return rc;
}
