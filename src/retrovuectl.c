/* retrovuectl - the operator's desk: see retrovuectl(1). */

#include <getopt.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/version.h"
#include "ctl_asrun.h"
#include "ctl_check.h"
#include "ctl_daemon.h"
#include "ctl_desk.h"
#include "ctl_doctor.h"
#include "ctl_library.h"
#include "ctl_options.h"
#include "ctl_plan.h"
#include "ctl_validate.h"
#include "media/config.h"
#include "media/libs.h"

#define ARGS_MAX	1000000

struct verb {
	const char *name;
	const char *args, *what;	/* for --help */
	int min_args, max_args;
	enum exit_code (*run)(const struct options *o);
};

/* Files are checked without a station where none was named and none is at
 * the usual place; and then without a library. */
static struct config *
load_config(const struct options *o, struct errs *e)
{
	const char *path = options_config(o);
	struct config *c;

	if (o->nargs > 0 && o->config == NULL && access(path, F_OK) < 0)
		path = NULL;
	c = o->nargs == 0 ? config_load(path, e) :
	    config_load_files(path, o->args, (size_t)o->nargs, e);
	if (c != NULL && path != NULL)
		ctl_validate_plan(c, path, e);
	return c;
}

static enum exit_code
run_validate(const struct options *o)
{
	struct errs e = { 0 };
	struct config *c = load_config(o, &e);
	struct buf out = { 0 };
	size_t n = c != NULL ? c->nchans : 0, faults = e.faults;
	enum exit_code rc;

	if (o->json) {
		ctl_validate_json(&e, n, &out);
	} else {
		errs_print(&e, &out);
		buf_addf(&out, "%zu channel%s, %zu fault%s\n", n,
		    n == 1 ? "" : "s", faults, faults == 1 ? "" : "s");
	}
	rc = options_print(&out);
	buf_fini(&out);
	errs_fini(&e);
	config_free(c);
	return faults == 0 ? rc : EXIT_FAULTS;
}

static enum exit_code
run_library(const struct options *o, int (*verb)(const struct ctl_library *))
{
	struct errs e = { 0 };
	char *socket = options_socket(o, &e);
	struct ctl_library l = {
		.config = options_config(o),
		.socket = socket != NULL ? socket : SOCKET_PATH,
		.json = o->json, .bad = o->bad, .type = o->type,
		.match = o->match, .nargs = o->nargs, .args = o->args,
	};
	int rc = verb(&l);

	errs_fini(&e);
	free(socket);
	return (enum exit_code)rc;
}

/* Not by whatever daemon there is. */
static enum exit_code
run_scan(const struct options *o)
{
	char *socket = options_find_socket(o);

	if (socket == NULL)
		return EXIT_FAULTS;
	free(socket);
	return run_library(o, ctl_scan);
}

static enum exit_code
run_assets(const struct options *o)
{
	return run_library(o, ctl_assets);
}

static enum exit_code
run_markers(const struct options *o)
{
	return run_library(o, ctl_markers);
}

static enum exit_code
run_asrun(const struct options *o)
{
	const struct ctl_asrun a = {
		.config = options_config(o),
		.channel = o->nargs > 0 ? o->args[0] : NULL,
		.date = o->date, .follow = o->follow, .json = o->json,
	};

	return (enum exit_code)ctl_asrun(&a);
}

static enum exit_code
run_plan(const struct options *o, int (*verb)(const struct ctl_plan *))
{
	const struct ctl_plan p = {
		.config = options_config(o), .socket = o->socket,
		.arg = o->args[0], .date = o->date, .days = o->days,
		.at = o->at, .json = o->json,
	};

	return (enum exit_code)verb(&p);
}

static enum exit_code
run_schedule(const struct options *o)
{
	return run_plan(o, ctl_schedule);
}

static enum exit_code
run_preview(const struct options *o)
{
	return run_plan(o, ctl_preview);
}

static enum exit_code
run_guide(const struct options *o)
{
	return run_plan(o, ctl_guide);
}

static enum exit_code
run_explain(const struct options *o)
{
	return run_plan(o, ctl_explain);
}

static enum exit_code
run_diff(const struct options *o)
{
	return run_plan(o, ctl_diff);
}

static enum exit_code
run_reconcile(const struct options *o)
{
	return run_plan(o, ctl_reconcile);
}

static enum exit_code
run_doctor(const struct options *o)
{
	return run_library(o, ctl_doctor);
}

static enum exit_code help_verb(const char *name, FILE *f);

static enum exit_code
run_check(const struct options *o)
{
	int rc = ctl_check(o->nargs, o->args, o->json);

	switch (rc) {
	case CTL_CHECK_HELP:
		return help_verb("check", stdout);
	case CTL_CHECK_USAGE:
		return help_verb("check", stderr);
	}
	return (enum exit_code)rc;
}

static const struct verb verbs[] = {
	{ "asrun", "[--date D] [--follow] [CH]", "what really aired", 0, 1,
	    run_asrun },
	{ "assets", "[--bad] [--type T] [--match M] [PATTERN]",
	    "what the last scan found", 0, 1, run_assets },
	{ "channels", "", "the channels and their formats", 0, 0,
	    ctl_daemon_channels },
	{ "check", "[-q] [--seconds N] FILE|URL",
	    "is it a good transport stream?", 1, ARGS_MAX, run_check },
	{ "diff", "FILE", "what a changed channel FILE would do", 1, 1,
	    run_diff },
	{ "doctor", "", "is this machine fit for it?", 0, 0, run_doctor },
	{ "explain", "[--date D] [--at T] CH", "why the plan has what it has", 1,
	    1, run_explain },
	{ "guide", "[--date D] [--days N] CH", "the programmes, a line each", 1,
	    1, run_guide },
	{ "kick", "ID", "disconnect a viewer, see viewers", 1, 1,
	    ctl_desk_kick },
	{ "log", "LEVEL", "log error, warn, info or debug and above", 1, 1,
	    ctl_daemon_log },
	{ "markers", "FILE", "where FILE may be broken into", 1, 1,
	    run_markers },
	{ "now", "[CH]", "what airs now, from which file, until when", 0, 1,
	    ctl_daemon_now },
	{ "preview", "[--date D] [--at T] CH",
	    "what a day would be by the files now", 1, 1, run_preview },
	{ "reconcile", "[--date D] CH", "did the day air as planned?", 1, 1,
	    run_reconcile },
	{ "release", "CH|--all", "end a takeover", 0, 1, ctl_desk_release },
	{ "reload", "", "read all files again; all or nothing", 0, 0,
	    ctl_daemon_reload },
	{ "restart", "CH", "new children, the newest plan at once", 1, 1,
	    ctl_daemon_restart },
	{ "scan", "", "look through the libraries", 0, 0, run_scan },
	{ "schedule", "[--date D] CH", "the stored plan of a day", 1, 1,
	    run_schedule },
	{ "skip", "CH", "go to the next segment now", 1, 1, ctl_daemon_skip },
	{ "start", "CH", "put on the air, viewers or not", 1, 1, ctl_daemon_start },
	{ "status", "", "what every channel is airing", 0, 0, ctl_daemon_status },
	{ "stop", "CH", "take off the air until it is started", 1, 1,
	    ctl_daemon_stop },
	{ "takeover", "[--for TIME] CH|--all FILE|--slate",
	    "air that instead of the plan", 0, 2, ctl_desk_takeover },
	{ "top", "", "the station, live", 0, 0, ctl_desk_top },
	{ "validate", "[FILE...]", "check the configuration, or channel FILEs",
	    0, ARGS_MAX, run_validate },
	{ "viewers", "", "who watches what, and since when", 0, 0,
	    ctl_desk_viewers },
};

#define NVERBS (sizeof verbs / sizeof verbs[0])

static void
print_usage(FILE *f)
{
	fputs("usage: retrovuectl [-s SOCKET] [-c FILE] [--json] VERB\n"
	    "\n"
	    "  -c, --config FILE    the station file (" CONFIG_PATH ")\n"
	    "  -s, --socket SOCKET  the daemon's control socket\n"
	    "      --json           JSON for programs, not a table\n"
	    "  -h, --help           this text\n"
	    "  -V, --version        the version\n"
	    "\n", f);
	for (size_t i = 0; i < NVERBS; i++)
		fprintf(f, "  %-9s %-33s %s\n", verbs[i].name,
		    verbs[i].args, verbs[i].what);
}

static const struct verb *
verb_find(const char *name)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	return NULL;
}

/* On stdout because it was asked for; else its first line, as a complaint. */
static enum exit_code
help_verb(const char *name, FILE *f)
{
	const struct verb *v = verb_find(name);

	fprintf(f, "usage: retrovuectl %s%s%s\n", v->name,
	    *v->args != '\0' ? " " : "", v->args);
	if (f != stdout)
		return EXIT_USAGE;
	fprintf(f, "\n  %s\n\n'retrovuectl --help' has what all verbs take, "
	    "retrovuectl(1) the rest.\n", v->what);
	return EXIT_DONE;
}

static enum exit_code
help(const struct verb *v, FILE *f)
{
	if (v != NULL)
		return help_verb(v->name, f);
	print_usage(f);
	return f == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* Take options off argv, up to the verb where there is none yet, else from
 * among the words behind it; -1 to go on, else the exit code. */
static int
options_parse(struct options *o, int argc, char **argv, const struct verb *v)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "bad", no_argument, NULL, 'b' },
		{ "type", required_argument, NULL, 't' },
		{ "match", required_argument, NULL, 'm' },
		{ "date", required_argument, NULL, 'd' },
		{ "days", required_argument, NULL, 'D' },
		{ "at", required_argument, NULL, 'a' },
		{ "follow", no_argument, NULL, 'f' },
		{ "all", no_argument, NULL, 'A' },
		{ "slate", no_argument, NULL, 'S' },
		{ "for", required_argument, NULL, 'F' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	optind = 0;			/* glibc: begin anew, with this '+' */
	while ((opt = getopt_long(argc, argv, v == NULL ? "+c:s:hV" :
	    "c:s:hV", longs, NULL)) != -1) {
		switch (opt) {
		case 'c':
			o->config = optarg;
			break;
		case 's':
			o->socket = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'b':
			o->bad = true;
			break;
		case 't':
			o->type = optarg;
			break;
		case 'm':
			o->match = optarg;
			break;
		case 'd':
			o->date = optarg;
			break;
		case 'D':
			o->days = optarg;
			break;
		case 'a':
			o->at = optarg;
			break;
		case 'f':
			o->follow = true;
			break;
		case 'A':
			o->all = true;
			break;
		case 'S':
			o->slate = true;
			break;
		case 'F':
			o->span = optarg;
			break;
		case 'h':
			return (int)help(v, stdout);
		case 'V':
			puts("retrovuectl " RETROVUE_VERSION);
			return EXIT_DONE;
		default:
			return (int)help(v, stderr);
		}
	}
	return -1;
}

static enum exit_code
complain_unknown(const char *name)
{
	const char *names[NVERBS], *near;

	for (size_t i = 0; i < NVERBS; i++)
		names[i] = verbs[i].name;
	near = err_suggest(name, names, NVERBS);
	fprintf(stderr, "retrovuectl: unknown verb '%s'%s%s%s\n", name,
	    near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	return EXIT_USAGE;
}

/* argv[0] is the verb, here with our name for getopt(3) to complain by. */
static int
verb_run(const struct verb *v, struct options *o, int argc, char **argv)
{
	char name[64];
	int rc;

	snprintf(name, sizeof name, "retrovuectl: %s", v->name);
	argv[0] = name;
	if (v->run == run_check)	/* it reads what is behind it */
		optind = 1;
	else if ((rc = options_parse(o, argc, argv, v)) >= 0)
		return rc;
	o->nargs = argc - optind;
	o->args = argv + optind;
	if (o->nargs >= v->min_args && o->nargs <= v->max_args)
		return (int)v->run(o);
	return (int)help(v, stderr);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	const struct verb *v;
	int rc;

	libs_init();
	(void)setlocale(LC_CTYPE, "C.UTF-8");	/* see ctl_cells.h */
	if ((rc = options_parse(&o, argc, argv, NULL)) >= 0)
		return rc;
	if (optind == argc)
		return (int)help(NULL, stderr);
	if ((v = verb_find(argv[optind])) == NULL)
		return (int)complain_unknown(argv[optind]);
	return verb_run(v, &o, argc - optind, argv + optind);
}
