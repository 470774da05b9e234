/* retrovuectl - the operator's desk: see retrovuectl(1). */

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/version.h"
#include "base/xmem.h"
#include "ctl_asrun.h"
#include "ctl_check.h"
#include "ctl_doctor.h"
#include "ctl_http.h"
#include "ctl_library.h"
#include "ctl_plan.h"
#include "ctl_reload.h"
#include "ctl_status.h"
#include "ctl_validate.h"
#include "media/config.h"
#include "media/libs.h"
#include "paths.h"

#define CONFIG_PATH	SYSCONFDIR "/retrovue/retrovued.yaml"
#define ARGS_MAX	1000000
#define SOCKET_PATH	RUNDIR "/retrovue/control.sock"

enum exit_code {
	EXIT_DONE,
	EXIT_FAULTS,
	EXIT_USAGE,
	EXIT_NO_DAEMON,
};

struct options {
	const char *socket;	/* NULL: as the station file says */
	const char *config;	/* NULL: CONFIG_PATH, if it is there */
	bool json;
	bool bad;		/* of assets */
	const char *type;	/* of assets; NULL: all */
	const char *match;	/* the same */
	const char *date;	/* of asrun (NULL: the last) and the plan */
	const char *at;		/* of the plan; NULL: not given */
	bool follow;		/* of asrun */
	int nargs;		/* behind the verb */
	char **args;
};

struct verb {
	const char *name;
	const char *args, *what;	/* for --help */
	int min_args, max_args;
	enum exit_code (*run)(const struct options *o);
};

/* All of it, or failure: a full disk must not look like success. */
static enum exit_code
print(struct buf *text)
{
	if (text->len != 0)
		fwrite(text->data, 1, text->len, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	perror("retrovuectl: cannot write");
	return EXIT_FAULTS;
}

static const char *
config_path(const struct options *o)
{
	return o->config != NULL ? o->config : CONFIG_PATH;
}

/* Where the daemon listens, malloc'd, as the command line says or the station
 * file; without any file that may be read, the usual place.  NULL with what
 * is wrong in e if the file does not tell. */
static char *
socket_of(const struct options *o, struct errs *e)
{
	if (o->socket != NULL)
		return xstrdup(o->socket);
	if (o->config == NULL && access(CONFIG_PATH, R_OK) < 0)
		return xstrdup(SOCKET_PATH);
	return config_socket(config_path(o), e);
}

/* The same, or NULL with a complaint. */
static char *
find_socket(const struct options *o)
{
	struct errs e = { 0 };
	struct buf out = { 0 };
	char *path = socket_of(o, &e);

	if (path == NULL) {
		errs_print(&e, &out);
		fprintf(stderr, "%sretrovuectl: where the daemon listens is "
		    "not known; name its socket with -s\n", buf_str(&out));
	}
	buf_fini(&out);
	errs_fini(&e);
	return path;
}

/* Why there is no answer to use, as an exit code. */
static enum exit_code
complain_answer(enum ctl_answer answer, const char *socket, struct buf *body)
{
	if (answer == CTL_OK)
		return EXIT_DONE;
	if (answer == CTL_NO_DAEMON) {
		fprintf(stderr, "retrovuectl: no daemon at %s: %s\n", socket,
		    buf_str(body));
		return EXIT_NO_DAEMON;
	}
	fprintf(stderr, "retrovuectl: %s: %s\n", socket, buf_str(body));
	return EXIT_FAULTS;
}

/* What the daemon says to that, or its failure as an exit code.  A socket of
 * NULL is one that find_socket() has complained of. */
static enum exit_code
ask(const char *socket, const char *method, const char *target,
    struct buf *body)
{
	if (socket == NULL)
		return EXIT_FAULTS;
	return complain_answer(ctl_http_ask(socket, method, target, body),
	    socket, body);
}

static enum exit_code
complain_channel(const char *which)
{
	fprintf(stderr, "retrovuectl: no channel '%s'; see "
	    "'retrovuectl channels'\n", which);
	return EXIT_FAULTS;
}

/* A command to one channel: a refusal is about it, not about the socket. */
static enum exit_code
ask_channel(const char *socket, const char *which, const char *target,
    struct buf *body)
{
	enum ctl_answer answer;

	if (socket == NULL)
		return EXIT_FAULTS;
	answer = ctl_http_ask(socket, "POST", target, body);
	if (answer == CTL_NOT_FOUND)
		return complain_channel(which);
	if (answer == CTL_REFUSED) {
		fprintf(stderr, "retrovuectl: channel '%s': %s\n", which,
		    buf_str(body));
		return EXIT_FAULTS;
	}
	return complain_answer(answer, socket, body);
}

static enum exit_code
show(struct buf *body, enum ctl_view view, const struct options *o)
{
	const char *which = o->nargs > 0 ? o->args[0] : NULL;
	struct buf out = { 0 };
	enum exit_code rc = EXIT_FAULTS;
	int found;

	if (o->json)
		found = ctl_status_select(which, buf_str(body), body->len,
		    &out);
	else
		found = ctl_status_format(view, which, buf_str(body),
		    body->len, &out);
	if (found == 0)
		rc = print(&out);
	else if (found == -2)
		rc = complain_channel(which);
	else
		fputs("retrovuectl: the daemon's answer is no status\n",
		    stderr);
	buf_fini(&out);
	return rc;
}

static enum exit_code
run_view(const struct options *o, enum ctl_view view, const char *target)
{
	char *path = find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc;

	if ((rc = ask(path, "GET", target, &body)) == EXIT_DONE)
		rc = show(&body, view, o);
	buf_fini(&body);
	free(path);
	return rc;
}

static enum exit_code
run_status(const struct options *o)
{
	return run_view(o, CTL_STATUS, "/status");
}

static enum exit_code
run_now(const struct options *o)
{
	return run_view(o, CTL_NOW, "/status");
}

static enum exit_code
run_channels(const struct options *o)
{
	return run_view(o, CTL_CHANNELS, "/channels");
}

/* POST a command and say nothing if it was done. */
static enum exit_code
command(const struct options *o, char *target)
{
	char *path = find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc = ask(path, "POST", target, &body);

	if (rc == EXIT_DONE && o->json)
		rc = print(&body);
	buf_fini(&body);
	free(path);
	free(target);
	return rc;
}

/* What goes into a request's path or query as it stands. */
static bool
is_word(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	if (n > 0 && s[n] == '\0')
		return true;
	fprintf(stderr, "retrovuectl: '%s' is neither a channel's number nor "
	    "its name\n", s);
	return false;
}

static enum exit_code
run_channel(const struct options *o, const char *verb)
{
	struct buf body = { 0 };
	enum exit_code rc;
	char *socket, *target;

	if (!is_word(o->args[0]))
		return EXIT_USAGE;
	socket = find_socket(o);
	target = xasprintf("/channel/%s/%s", o->args[0], verb);
	rc = ask_channel(socket, o->args[0], target, &body);
	if (rc == EXIT_DONE && o->json)
		rc = print(&body);
	buf_fini(&body);
	free(target);
	free(socket);
	return rc;
}

static enum exit_code
run_start(const struct options *o)
{
	return run_channel(o, "start");
}

static enum exit_code
run_stop(const struct options *o)
{
	return run_channel(o, "stop");
}

static enum exit_code
run_restart(const struct options *o)
{
	return run_channel(o, "restart");
}

static enum exit_code
run_log(const struct options *o)
{
	static const char *const levels[] = {
		"error", "warn", "info", "debug",
	};

	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (strcmp(o->args[0], levels[i]) == 0)
			return command(o, xasprintf("/log?level=%s",
			    levels[i]));
	fprintf(stderr, "retrovuectl: log level '%s': must be error, warn, "
	    "info or debug\n", o->args[0]);
	return EXIT_USAGE;
}

static enum exit_code
run_reload(const struct options *o)
{
	char *path = find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc = ask(path, "POST", "/reload", &body);

	if (rc == EXIT_DONE)
		rc = ctl_reload_follow(path, buf_str(&body), o->json) == 0 ?
		    EXIT_DONE : EXIT_FAULTS;
	buf_fini(&body);
	free(path);
	return rc;
}

/* Files are checked without a station where none was named and none is at
 * the usual place. */
static struct config *
load_config(const struct options *o, struct errs *e)
{
	const char *path = config_path(o);

	if (o->nargs == 0)
		return config_load(path, e);
	if (o->config == NULL && access(path, F_OK) < 0)
		path = NULL;
	return config_load_files(path, o->args, (size_t)o->nargs, e);
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
	rc = print(&out);
	buf_fini(&out);
	errs_fini(&e);
	config_free(c);
	return faults == 0 ? rc : EXIT_FAULTS;
}

static enum exit_code
run_library(const struct options *o, int (*verb)(const struct ctl_library *))
{
	struct errs e = { 0 };
	char *socket = socket_of(o, &e);
	struct ctl_library l = {
		.config = config_path(o),
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
	char *socket = find_socket(o);

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
		.config = config_path(o),
		.channel = o->nargs > 0 ? o->args[0] : NULL,
		.date = o->date, .follow = o->follow, .json = o->json,
	};

	return (enum exit_code)ctl_asrun(&a);
}

static enum exit_code
run_plan(const struct options *o, int (*verb)(const struct ctl_plan *))
{
	const struct ctl_plan p = {
		.config = config_path(o), .arg = o->args[0],
		.date = o->date, .at = o->at, .json = o->json,
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
	    run_channels },
	{ "check", "[-q] [--seconds N] FILE|URL",
	    "is it a good transport stream?", 1, ARGS_MAX, run_check },
	{ "diff", "FILE", "what a changed channel FILE would do", 1, 1,
	    run_diff },
	{ "doctor", "", "is this machine fit for it?", 0, 0, run_doctor },
	{ "explain", "[--date D] [--at T] CH", "why it airs what it airs", 1, 1,
	    run_explain },
	{ "log", "LEVEL", "log error, warn, info or debug and above", 1, 1,
	    run_log },
	{ "markers", "FILE", "where FILE may be broken into", 1, 1,
	    run_markers },
	{ "now", "[CH]", "what airs now, from which file, until when", 0, 1,
	    run_now },
	{ "preview", "[--date D] [--at T] CH",
	    "what a day would be by the files now", 1, 1, run_preview },
	{ "reconcile", "[--date D] CH", "did the day air as planned?", 1, 1,
	    run_reconcile },
	{ "reload", "", "read all files again; all or nothing", 0, 0,
	    run_reload },
	{ "restart", "CH", "new children, the newest plan at once", 1, 1,
	    run_restart },
	{ "scan", "", "look through the libraries", 0, 0, run_scan },
	{ "schedule", "[--date D] CH", "the stored plan of a day", 1, 1,
	    run_schedule },
	{ "start", "CH", "put on the air, viewers or not", 1, 1, run_start },
	{ "status", "", "what every channel is airing", 0, 0, run_status },
	{ "stop", "CH", "take off the air until it is started", 1, 1,
	    run_stop },
	{ "validate", "[FILE...]", "check the configuration, or channel FILEs",
	    0, ARGS_MAX, run_validate },
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
		fprintf(f, "  %-9s %-28s %s\n", verbs[i].name,
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
		{ "at", required_argument, NULL, 'a' },
		{ "follow", no_argument, NULL, 'f' },
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
		case 'a':
			o->at = optarg;
			break;
		case 'f':
			o->follow = true;
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
	if ((rc = options_parse(&o, argc, argv, NULL)) >= 0)
		return rc;
	if (optind == argc)
		return (int)help(NULL, stderr);
	if ((v = verb_find(argv[optind])) == NULL)
		return (int)complain_unknown(argv[optind]);
	return verb_run(v, &o, argc - optind, argv + optind);
}
