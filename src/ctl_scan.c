#include "ctl_library.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/xmem.h"
#include "ctl_http.h"
#include "io/privs.h"
#include "media/config.h"
#include "media/db.h"
#include "media/files.h"
#include "media/jsontext.h"
#include "media/mono.h"
#include "media/scan.h"
#include "media/shimfind.h"

#define JOBS		2	/* probes at a time, as in the daemon */
#define ASK_MS		500	/* how often the daemon is asked */
#define TERMINAL_MS	200	/* how often a line is drawn again */
#define LINE_MS		10000	/* how often one is written to a file */

/* What there is to say at the end. */
struct outcome {
	int64_t assets, fresh, changed, gone;	/* -1: not known */
	int64_t measured, to_measure;	/* by the daemon; -1: it does not */
	json_t *bad;			/* [{path, reason}] ... */
	bool unlisted;			/* ... which is not known, but ... */
	int64_t nbad;			/* ... so many */
	struct buf text;		/* the same, for people */
};

/* Where the progress was last said. */
struct progress {
	bool terminal, begun;
	int64_t said_ms;
};

static volatile int stop;

static void
on_signal(int signum)
{
	(void)signum;
	stop = 1;
}

/* On standard error, so that the list goes where it is sent. */
static void
say(struct progress *p, int64_t done, int64_t total)
{
	int64_t now = mono_ms();

	if (p->said_ms == 0)
		p->said_ms = now;
	if (now - p->said_ms < (p->terminal ? TERMINAL_MS : LINE_MS))
		return;
	p->said_ms = now;
	p->begun = true;
	fprintf(stderr, p->terminal ? "\rscanned %" PRId64 " of %" PRId64
	    "\033[K" : "scanned %" PRId64 " of %" PRId64 "\n", done, total);
	fflush(stderr);
}

static void
say_end(const struct progress *p)
{
	if (p->terminal && p->begun)
		fputs("\r\033[K", stderr);
}

static void
add_bad(struct outcome *r, const struct asset *a)
{
	json_t *o = json_object();

	ctl_library_set_path(o, a->path);
	json_object_set_new(o, "reason", json_text(a->bad));
	json_array_append_new(r->bad, o);
}

static void
set_count(json_t *o, const char *name, int64_t n)
{
	if (n >= 0)
		json_object_set_new(o, name, json_integer(n));
}

static void
add_count(struct buf *out, int64_t n, const char *what)
{
	if (n >= 0)
		buf_addf(out, "%" PRId64 " %s, ", n, what);
}

static int
print_outcome(struct outcome *r, bool json)
{
	json_t *o;

	if (json) {
		o = json_object();
		set_count(o, "assets", r->assets);
		set_count(o, "new", r->fresh);
		set_count(o, "changed", r->changed);
		set_count(o, "gone", r->gone);
		if (r->unlisted)
			json_object_set_new(o, "bad", json_null());
		else
			json_object_set(o, "bad", r->bad);
		return ctl_library_print_json(o);
	}
	add_count(&r->text, r->assets, "assets");
	add_count(&r->text, r->fresh, "new");
	add_count(&r->text, r->changed, "changed");
	add_count(&r->text, r->gone, "gone");
	buf_addf(&r->text, "%" PRId64 " bad\n", r->unlisted ? r->nbad :
	    (int64_t)json_array_size(r->bad));
	return ctl_library_print(&r->text);
}

/* ---- the daemon scans */

static int64_t
int_of(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_integer(v) ? json_integer_value(v) : -1;
}

static bool
on_file(void *ctx, const struct db_file *f)
{
	struct outcome *r = ctx;

	if (f->asset.bad == NULL)
		return true;
	add_bad(r, &f->asset);
	errs_escape(&r->text, f->asset.path);
	buf_adds(&r->text, ": cannot air: ");
	errs_escape(&r->text, f->asset.bad);
	buf_adds(&r->text, "\n");
	return true;
}

/* What cannot air, as the daemon has left it in the database. */
static int
read_bad(const char *state_dir, struct outcome *r)
{
	char *why = NULL;
	struct db *d = db_open_read(state_dir, &why);
	int rc = d != NULL ? db_list(d, on_file, r, &why) : -1;

	if (rc < 0)
		fprintf(stderr, "retrovuectl: %s\n", why);
	db_close(d);
	free(why);
	return rc;
}

/* One answer to GET /scan: true while it scans, with the counts in r. */
static bool
take_state(struct buf *body, struct progress *p, struct outcome *r)
{
	json_t *o = json_loadb(buf_str(body), body->len, 0, NULL);
	const char *state = json_string_value(json_object_get(o, "state"));
	bool scanning = state != NULL && strcmp(state, "scanning") == 0;

	say(p, int_of(o, "done"), int_of(o, "total"));
	r->assets = int_of(o, "assets");
	r->fresh = int_of(o, "new");
	r->changed = int_of(o, "changed");
	r->gone = int_of(o, "gone");
	r->measured = int_of(json_object_get(o, "measuring"), "done");
	r->to_measure = int_of(json_object_get(o, "measuring"), "total");
	r->nbad = int_of(o, "bad");
	json_decref(o);
	return scanning;
}

static enum ctl_answer
follow(const char *socket, struct buf *body, struct outcome *r)
{
	struct progress p = { .terminal = isatty(STDERR_FILENO) };
	enum ctl_answer answer;

	while ((answer = ctl_http_ask(socket, "GET", "/scan", body)) == CTL_OK &&
	    take_state(body, &p, r) && stop == 0)
		poll(NULL, 0, ASK_MS);
	say_end(&p);
	return answer;
}

/* What cannot air, if the station file says where that is kept: a daemon may
 * be asked by who cannot read it. */
static int
list_bad(const struct ctl_library *o, struct outcome *r)
{
	struct errs e = { 0 };
	struct config *c = config_load_files(o->config, NULL, 0, &e);
	struct buf why = { 0 };
	int rc = 0;

	if (c != NULL) {
		rc = read_bad(c->station->state_dir, r);
	} else {
		r->unlisted = true;
		errs_print(&e, &why);
		fprintf(stderr, "%sretrovuectl: so what cannot air is not "
		    "listed\n", buf_str(&why));
	}
	config_free(c);
	errs_fini(&e);
	buf_fini(&why);
	return rc;
}

static int
scan_by_daemon(const struct ctl_library *o, struct buf *body,
    struct outcome *r)
{
	if (follow(o->socket, body, r) != CTL_OK) {
		fprintf(stderr, "retrovuectl: %s: %s\n", o->socket,
		    buf_str(body));
		return 1;
	}
	if (stop != 0) {
		fputs("retrovuectl: the daemon goes on scanning\n", stderr);
		return 1;
	}
	if (list_bad(o, r) < 0)
		return 1;
	if (r->to_measure > 0)
		fprintf(stderr, "the daemon measures loudness and lulls: %"
		    PRId64 " of %" PRId64 " files\n", r->measured,
		    r->to_measure);
	return print_outcome(r, o->json);
}

/* ---- this process scans */

static void
on_progress(void *ctx, size_t done, size_t total)
{
	say(ctx, (int64_t)done, (int64_t)total);
}

/* What the daemon would look at. */
static struct library *
scan(const struct config *c, struct scan_counts *counts, struct errs *e)
{
	struct progress p = { .terminal = isatty(STDERR_FILENO) };
	struct shim *shim = shimfind(c->station);
	const char **extra = xcalloc(c->nchans, sizeof *extra);
	struct scan_options so = {
		.ffprobe = c->station->ffmpeg.ffprobe, .shim = shim,
		.jobs = JOBS, .extra = extra,
		.progress = on_progress, .ctx = &p, .stop = &stop,
		.counts = counts,
	};
	struct library *l;

	for (size_t i = 0; i < c->nchans; i++)
		if (c->chans[i]->filler != NULL)
			extra[so.nextra++] = c->chans[i]->filler;
	l = scan_library(c->station, &so, e);
	say_end(&p);
	free(extra);
	shim_free(shim);
	return l;
}

/* What root finds out is the daemon's to keep, and what he alone can read is
 * nothing that airs.  Where there is no such user the daemon is root, too. */
static int
become_the_daemon(const struct station *st)
{
	bool fresh = access(st->state_dir, F_OK) < 0;
	struct privs p;
	int rc;

	if (geteuid() != 0 || privs_find(st->user != NULL ? st->user :
	    PRIVS_USER, &p) < 0)
		return 0;
	if (fresh && (files_make_dirs(st->state_dir) < 0 ||
	    lchown(st->state_dir, p.uid, p.gid) < 0)) {
		perror(st->state_dir);
		return -1;
	}
	if ((rc = privs_become(&p)) < 0)
		fprintf(stderr, "retrovuectl: cannot become %s: %s\n", p.name,
		    strerror(-rc));
	return rc;
}

static int
scan_config(const struct ctl_library *o, const struct config *c,
    struct outcome *r)
{
	struct scan_counts counts = { 0 };
	struct errs e = { 0 };
	struct library *l;
	int rc;

	if (become_the_daemon(c->station) < 0)
		return 1;
	l = scan(c, &counts, &e);
	for (size_t i = 0; i < l->n; i++)
		if (l->assets[i].bad != NULL)
			add_bad(r, &l->assets[i]);
	r->assets = (int64_t)counts.assets;
	r->fresh = (int64_t)counts.fresh;
	r->changed = (int64_t)counts.changed;
	r->gone = (int64_t)counts.gone;
	errs_print(&e, &r->text);
	if (o->json)
		fputs(buf_str(&r->text), stderr);
	rc = print_outcome(r, o->json);
	if (stop != 0)
		fputs("retrovuectl: stopped; the next scan goes on from "
		    "here\n", stderr);
	library_free(l);
	errs_fini(&e);
	return stop != 0 || !counts.kept ? 1 : rc;
}

/* A faulty channel costs its filler, not the scan. */
static int
scan_here(const struct ctl_library *o, struct outcome *r)
{
	struct errs e = { 0 };
	struct config *c = config_load(o->config, &e);
	struct buf out = { 0 };
	int rc = 1;

	if (c != NULL) {
		rc = scan_config(o, c, r);
	} else {
		errs_print(&e, &out);
		fputs(buf_str(&out), stderr);
	}
	config_free(c);
	errs_fini(&e);
	buf_fini(&out);
	return rc;
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sa.sa_flags = (int)SA_RESETHAND;	/* twice means now */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

/* The daemon where there is one, which needs no file of ours to be asked. */
int
ctl_scan(const struct ctl_library *o)
{
	struct outcome r = { -1, -1, -1, -1, .measured = -1,
	    .to_measure = -1, .bad = json_array() };
	struct buf body = { 0 };
	enum ctl_answer answer;
	int rc = 1;

	if (o->nargs > 0) {
		fputs("retrovuectl: scan takes no argument\n", stderr);
		return 2;
	}
	catch_signals();
	answer = ctl_http_ask(o->socket, "POST", "/scan", &body);
	if (answer == CTL_OK)
		rc = scan_by_daemon(o, &body, &r);
	else if (answer == CTL_NO_DAEMON)
		rc = scan_here(o, &r);
	else
		fprintf(stderr, "retrovuectl: %s: %s\n", o->socket,
		    buf_str(&body));
	json_decref(r.bad);
	buf_fini(&r.text);
	buf_fini(&body);
	return rc;
}
