#include "ctl_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/instant.h"
#include "base/xmem.h"
#include "media/dayfile.h"
#include "media/db.h"
#include "media/scan.h"
#include "media/tlogfile.h"

#define ZONE_FILE	"/etc/localtime"
#define ZONE_PART	"/zoneinfo/"	/* before a zone's name in its path */
#define DAY_S		86400
#define HOUR_MAX	53		/* of a day that begins at 24:00 */

/* ---- The library */

struct reading {
	struct library *l;
	size_t cap;
	struct errs errs;	/* of sidecars: the scan's business */
};

/* In the order of the paths, as a library has them. */
static bool
on_file(void *ctx, const struct db_file *f)
{
	struct reading *r = ctx;
	struct asset *a;

	xgrow(&r->l->assets, &r->cap, r->l->n + 1, sizeof *r->l->assets);
	a = &r->l->assets[r->l->n++];
	asset_copy(a, &f->asset);
	if (a->bad == NULL)
		(void)scan_apply_markers(a, &f->chapters, &r->errs);
	return true;
}

struct library *
ctl_plan_library(const struct config *cfg, char **why)
{
	struct reading r = { .l = xcalloc(1, sizeof *r.l) };
	struct db *db;

	*why = NULL;
	db = db_open_read(cfg->station->state_dir, why);
	if (db == NULL || db_list(db, on_file, &r, why) < 0) {
		library_free(r.l);
		r.l = NULL;
	}
	db_close(db);
	errs_fini(&r.errs);
	return r.l;
}

/* ---- Channel and day */

/* As somebody has written it; NULL: the system's. */
static const char *
zone_written(const struct config *cfg, const struct chan *ch)
{
	return ch->timezone != NULL ? ch->timezone : cfg->station->timezone;
}

struct tz *
ctl_plan_zone(const struct config *cfg, const struct chan *ch)
{
	const char *name = zone_written(cfg, ch);
	struct errs e = { 0 };
	struct tz *z = config_zone(name != NULL ? name : ZONE_FILE, ch->file,
	    &e);

	errs_fini(&e);
	return z != NULL ? z : tz_utc();
}

char *
ctl_plan_zone_name(const struct config *cfg, const struct chan *ch)
{
	const char *name = zone_written(cfg, ch), *at;
	char path[256];
	ssize_t n;

	if (name != NULL)
		return xstrdup(name);
	n = readlink(ZONE_FILE, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	at = strstr(path, ZONE_PART);
	return xstrdup(at != NULL ? at + strlen(ZONE_PART) :
	    "the system's zone");
}

static int
complain_channel(const struct config *cfg, const char *which)
{
	fprintf(stderr, "retrovuectl: no channel '%s'", which);
	for (size_t i = 0; i < cfg->nchans; i++)
		fprintf(stderr, "%s%s (%s)", i == 0 ? "; there are: " : ", ",
		    cfg->chans[i]->number, cfg->chans[i]->slug);
	fputs("\n", stderr);
	return 1;
}

/* -1 if the text says no day. */
static int64_t
date_meant(const char *text, int64_t today)
{
	static const struct {
		const char *name;
		int days;
	} names[] = {
		{ "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 },
	};

	if (text == NULL)
		return today;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(text, names[i].name) == 0)
			return today + names[i].days;
	return strlen(text) == 10 ? dayfile_date(text) : -1;
}

static int
find(struct ctl_plan_view *v, const char *channel)
{
	for (size_t i = 0; i < v->cfg->nchans && v->ch == NULL; i++) {
		const struct chan *ch = v->cfg->chans[i];

		if (strcmp(ch->slug, channel) == 0 ||
		    strcmp(ch->number, channel) == 0)
			v->ch = ch;
	}
	if (v->ch == NULL)
		return complain_channel(v->cfg, channel);
	v->z = ctl_plan_zone(v->cfg, v->ch);
	v->date = date_meant(v->o->date, day_of(v->ch, v->z, v->now_s));
	if (v->date >= 0)
		return 0;
	fprintf(stderr, "retrovuectl: --date %s: must be a day like "
	    "2026-01-15, 'today', 'yesterday' or 'tomorrow'\n", v->o->date);
	return 2;
}

int
ctl_plan_open(struct ctl_plan_view *v, const struct ctl_plan *o,
    const char *channel)
{
	struct errs e = { 0 };
	struct buf text = { 0 };
	int rc = 1;

	*v = (struct ctl_plan_view){ .o = o, .now_s = (int64_t)time(NULL) };
	if ((v->cfg = config_load(o->config, &e)) != NULL) {
		v->dir = tlogfile_dir(v->cfg->station->state_dir);
		rc = find(v, channel);
	}
	/* Other channels may be at fault. */
	if (rc != 0 && e.faults != 0) {
		errs_print(&e, &text);
		fputs(buf_str(&text), stderr);
	}
	buf_fini(&text);
	errs_fini(&e);
	return rc;
}

void
ctl_plan_close(struct ctl_plan_view *v)
{
	tz_free(v->z);
	library_free(v->library);
	config_free(v->cfg);
	free(v->dir);
}

void
ctl_plan_date_name(int64_t date, char text[16])
{
	int year, month, day;

	civil_from_days(date, &year, &month, &day);
	snprintf(text, 16, "%04d-%02d-%02d", year % 10000, month, day);
}

int
ctl_plan_open_library(struct ctl_plan_view *v)
{
	char *why;

	if ((v->library = ctl_plan_library(v->cfg, &why)) != NULL)
		return 0;
	fprintf(stderr, "retrovuectl: %s\n", why);
	free(why);
	return 1;
}

/* ---- A moment */

/* The first frame of a second. */
static int64_t
frame_of(const struct ctl_plan_view *v, int64_t s)
{
	return rate_frame_from(v->ch->format.rate, s * NS_PER_S);
}

static int64_t
at_clock(const struct ctl_plan_view *v, int hour, int min, int sec)
{
	struct civil c = { .sec = hour * 3600 + min * 60 + sec };

	civil_from_days(v->date, &c.year, &c.month, &c.day);
	if (c.sec < v->ch->day_start_s)
		c.sec += DAY_S;
	return frame_of(v, tz_instant(v->z, &c));
}

static int64_t
at_instant(const struct ctl_plan_view *v, const char *text)
{
	/* Milliseconds are for programs. */
	int64_t ns = strchr(text, ':') != NULL ? instant_parse(text) : -1;

	return ns >= 0 ? rate_frame_from(v->ch->format.rate, ns) : -1;
}

static int64_t
at_event(const struct ctl_plan_view *v, const char *text)
{
	size_t n = strlen(v->ch->slug), digits;

	if (strncmp(text, v->ch->slug, n) != 0 || text[n] != '-')
		return -1;
	text += n + 1;
	digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 17 || text[digits] != '\0')
		return -1;
	return strtoll(text, NULL, 10);
}

int64_t
ctl_plan_at(const struct ctl_plan_view *v, const char *text)
{
	int h, m, s = 0, end = 0, got;
	int64_t n;

	got = sscanf(text, "%2d:%2d%n:%2d%n", &h, &m, &end, &s, &end);
	if (got >= 2 && text[end] == '\0' && h >= 0 && h <= HOUR_MAX &&
	    m >= 0 && m <= 59 && s >= 0 && s <= 59)
		return at_clock(v, h, m, s);
	if ((n = at_instant(v, text)) >= 0 || (n = at_event(v, text)) >= 0)
		return n;
	fprintf(stderr, "retrovuectl: --at %s: must be a time like 20:14:30 "
	    "of the day, 2026-01-15T14:30:00Z or an EVENT_ID\n", text);
	return -1;
}

struct timeline *
ctl_plan_timeline(const struct ctl_plan_view *v, const struct chan *ch,
    int64_t at_s, bool lock)
{
	struct timeline *t = timeline_new(ch, v->library, v->z,
	    v->cfg->station->since_days);
	const struct tlogfile_start s = {
		.dir = v->dir, .library = v->library, .now_ns = at_s * NS_PER_S,
		.lock_s = lock ? TLOGFILE_LOCK_S : -1,
	};
	struct errs e = { 0 };
	struct buf text = { 0 };

	tlogfile_start(t, &s, &e);
	errs_print(&e, &text);
	fputs(buf_str(&text), stderr);
	buf_fini(&text);
	errs_fini(&e);
	return t;
}
