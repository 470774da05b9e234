/* The programmes of some days to come, a line each: a week on one screen. */

#include "ctl_plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/instant.h"
#include "ctl_library.h"
#include "plan/guide.h"

#define DAYS_MAX	31

/* "Cheers S03E04: Endless Slumper", as a terminal may see it. */
static void
add_title(struct buf *out, const struct guide_entry *e)
{
	struct buf episode = { 0 };

	errs_escape(out, e->title);
	if (e->off_air)
		return;
	guide_add_episode(&episode, &e->about);
	if (episode.len > 0)
		buf_addf(out, " %s", buf_str(&episode));
	buf_fini(&episode);
	if (e->subtitle != NULL) {
		buf_adds(out, ": ");
		errs_escape(out, e->subtitle);
	}
}

static void
add_date(struct buf *out, int64_t date)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
	    "Wednesday", "Thursday", "Friday", "Saturday" };
	char name[16];

	ctl_plan_date_name(date, name);
	buf_addf(out, "%s%s %s\n", out->len > 0 ? "\n" : "",
	    days[civil_weekday(date)], name);
}

/* "  20:00  0:30  Cheers ...": on the channel's clocks, whatever they are
 * then.  Seconds where it does not begin with a minute. */
static void
add_entry(struct buf *out, const struct ctl_plan_view *v,
    const struct guide_entry *e)
{
	int64_t start_s = div_floor(e->start_ns, NS_PER_S);
	int64_t min = (e->end_ns - e->start_ns + 30 * NS_PER_S) /
	    (60 * NS_PER_S);
	struct civil c = tz_local(v->z, start_s);

	buf_addf(out, "  %02d:%02d", c.hour, c.min);
	buf_addf(out, c.sec != 0 ? ":%02d" : "   ", c.sec);
	buf_addf(out, " %3d:%02d  ", (int)(min / 60), (int)(min % 60));
	add_title(out, e);
	buf_adds(out, "\n");
}

static void
add_json(struct buf *out, const struct guide_entry *e)
{
	char start[INSTANT_TEXT], end[INSTANT_TEXT], *text;
	json_t *j = json_object();
	struct buf episode = { 0 };

	if (!e->off_air)
		guide_add_episode(&episode, &e->about);
	instant_print(start, e->start_ns);
	instant_print(end, e->end_ns);
	ctl_library_set_text(j, "start", start);
	ctl_library_set_text(j, "end", end);
	ctl_library_set_text(j, "title", e->title);
	ctl_library_set_text(j, "subtitle", e->off_air ? NULL :
	    e->subtitle);
	ctl_library_set_text(j, "episode", buf_str(&episode));
	json_object_set_new(j, "off_air", json_boolean(e->off_air));
	text = json_dumps(j, JSON_COMPACT);
	buf_addf(out, "%s\n", text);
	free(text);
	buf_fini(&episode);
	json_decref(j);
}

static void
add_days(struct buf *out, const struct ctl_plan_view *v, const struct guide *g,
    int64_t days)
{
	int64_t last = v->date - 1;

	for (size_t i = 0; i < g->n; i++) {
		const struct guide_entry *e = &g->v[i];

		if (v->o->json) {
			add_json(out, e);
			continue;
		}
		while (last < v->date || (last + 1 < v->date + days &&
		    day_begin(v->ch, v->z, last + 1) * NS_PER_S <=
		    e->start_ns))
			add_date(out, ++last);
		add_entry(out, v, e);
	}
}

static void
list(const struct ctl_plan_view *v, int64_t days, struct buf *out)
{
	int64_t from = day_begin(v->ch, v->z, v->date);
	struct timeline *t = ctl_plan_timeline(v, v->ch,
	    from < v->now_s ? from : v->now_s, false);
	struct guide *g = guide_new(t, timeline_day(t, v->date),
	    timeline_day(t, v->date + days));

	add_days(out, v, g, days);
	guide_unref(g);
	timeline_free(t);
}

/* Of --days; 0 after a complaint. */
static int64_t
read_days(const char *text)
{
	char *end;
	long n;

	if (text == NULL)
		return 1;
	n = strtol(text, &end, 10);
	if (end != text && *end == '\0' && n >= 1 && n <= DAYS_MAX)
		return n;
	fprintf(stderr, "retrovuectl: --days: from 1 to %d, not '%s'\n",
	    DAYS_MAX, text);
	return 0;
}

int
ctl_guide(const struct ctl_plan *o)
{
	struct ctl_plan_view v;
	int rc = ctl_plan_open(&v, o, o->arg);
	struct buf out = { 0 };
	int64_t days = read_days(o->days);

	if (rc == 0 && days == 0)
		rc = 2;
	if (rc == 0)
		rc = ctl_plan_open_library(&v);
	if (rc == 0) {
		list(&v, days, &out);
		rc = ctl_library_print(&out);
	}
	buf_fini(&out);
	ctl_plan_close(&v);
	return rc;
}
