#include "ctl_doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ctl_http.h"
#include "ctl_table.h"
#include "media/ffcaps.h"
#include "media/jsontext.h"
#include "media/shimfind.h"

static const char *const verdict_names[] = {
	[DOCTOR_GOOD] = "good",
	[DOCTOR_NOTE] = "note",
	[DOCTOR_BAD] = "bad",
};

static const struct table_column columns[] = {
	{ "PART", false, 0 },
	{ "CHECK", false, 0 },
	{ "", false, 0 },
	{ "FOUND", false, 0 },
};
#define NCOLUMNS	(sizeof columns / sizeof columns[0])

void
doctor_say(struct doctor *d, const char *part, const char *name,
    enum verdict verdict, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	xgrow(&d->v, &d->cap, d->n + 1, sizeof *d->v);
	d->v[d->n++] = (struct check){ part, name, verdict, xstrdup(text) };
}

/* ---- what is looked at */

/* The station as it is, or with every default where it is at fault. */
static struct config *
load(struct doctor *d, const char *path)
{
	struct errs e = { 0 };
	struct config *c = config_load(path, &e);

	if (e.faults == 0)
		doctor_say(d, "station", "files", DOCTOR_GOOD, "%s, %zu "
		    "channel%s", path, c->nchans, c->nchans == 1 ? "" : "s");
	else
		doctor_say(d, "station", "files", DOCTOR_BAD, "%s: %zu fault%s"
		    ", see retrovuectl validate", path, e.faults,
		    e.faults == 1 ? "" : "s");
	errs_fini(&e);
	if (c == NULL)
		c = config_load_files(NULL, NULL, 0, &e);
	errs_fini(&e);
	return c;
}

static void
find_daemon(struct doctor *d)
{
	struct buf body = { 0 };

	d->runs = ctl_http_ask(d->socket, "GET", "/health", &body) !=
	    CTL_NO_DAEMON;
	doctor_say(d, "station", "daemon", DOCTOR_GOOD, d->runs ?
	    "runs, and answers at %s" : "none answers at %s", d->socket);
	buf_fini(&body);
}

/* What root may says nothing about the one whom the daemon becomes. */
static void
find_user(struct doctor *d)
{
	const char *name = d->cfg->station->user != NULL ?
	    d->cfg->station->user : PRIVS_USER;

	if (geteuid() != 0)
		return;
	if (privs_find(name, &d->user) == 0) {
		doctor_say(d, "station", "user", d->user.uid == 0 ?
		    DOCTOR_NOTE : DOCTOR_GOOD, "root becomes %s%s", name,
		    d->user.uid == 0 ? ": no protection" : "");
		return;
	}
	d->user.name = NULL;
	doctor_say(d, "station", "user", DOCTOR_NOTE, "there is no user '%s': "
	    "retrovued -u must name one, or be started by one", name);
}

static void
examine(struct doctor *d)
{
	find_daemon(d);
	find_user(d);
	doctor_system(d);
	doctor_discovery(d);
	doctor_ffmpeg(d);
	doctor_sandbox(d);
	doctor_plan(d);
	doctor_speed(d);
}

/* ---- the report */

static bool
is_good(const struct doctor *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].verdict == DOCTOR_BAD)
			return false;
	return true;
}

static int
print_json(const struct doctor *d)
{
	json_t *top = json_object(), *list = json_array(), *o;

	for (size_t i = 0; i < d->n; i++) {
		const struct check *c = &d->v[i];

		o = json_object();
		json_object_set_new(o, "part", json_string(c->part));
		json_object_set_new(o, "name", json_string(c->name));
		json_object_set_new(o, "verdict",
		    json_string(verdict_names[c->verdict]));
		json_object_set_new(o, "text", json_text(c->text));
		json_array_append_new(list, o);
	}
	json_object_set_new(top, "good", json_boolean(is_good(d)));
	json_object_set_new(top, "checks", list);
	return ctl_library_print_json(top);
}

static int
print_table(const struct doctor *d)
{
	struct buf out = { 0 };
	struct table t;
	int rc;

	table_init(&t, columns, NCOLUMNS);
	for (size_t i = 0; i < d->n; i++) {
		const struct check *c = &d->v[i];

		table_cell(&t, i > 0 && d->v[i - 1].part == c->part ? " " :
		    c->part);
		table_cell(&t, c->name);
		table_cell(&t, c->verdict == DOCTOR_BAD ? "BAD" :
		    verdict_names[c->verdict]);
		table_cell(&t, c->text);
	}
	table_print(&t, &out);
	table_fini(&t);
	rc = ctl_library_print(&out);
	buf_fini(&out);
	return rc;
}

int
ctl_doctor(const struct ctl_library *o)
{
	struct doctor d = { .socket = o->socket };
	struct config *cfg = load(&d, o->config);
	struct shim *shim = shimfind(cfg->station);
	int rc;

	d.cfg = cfg;
	d.shim = shim;
	examine(&d);
	rc = o->json ? print_json(&d) : print_table(&d);
	if (!is_good(&d))
		rc = 1;
	for (size_t i = 0; i < d.n; i++)
		free(d.v[i].text);
	free(d.v);
	ffcaps_fini(&d.caps);
	shim_free(shim);
	config_free(cfg);
	return rc;
}
