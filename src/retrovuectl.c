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
#include "ctl_check.h"
#include "ctl_http.h"
#include "ctl_library.h"
#include "ctl_reload.h"
#include "ctl_status.h"
#include "media/config.h"
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

/* Where the daemon listens; malloc'd.  A faulty file is the business of
 * "validate". */
static char *
find_socket(const struct options *o)
{
	struct errs e = { 0 };
	struct config *c;
	char *path;

	if (o->socket != NULL)
		return xstrdup(o->socket);
	c = config_load_files(config_path(o), NULL, 0, &e);
	path = xstrdup(c != NULL ? c->station->control_socket : SOCKET_PATH);
	config_free(c);
	errs_fini(&e);
	return path;
}

/* What the daemon says to that, or its failure as an exit code. */
static enum exit_code
ask(const char *socket, const char *method, const char *target,
    struct buf *body)
{
	switch (ctl_http_ask(socket, method, target, body)) {
	case CTL_OK:
		return EXIT_DONE;
	case CTL_NO_DAEMON:
		fprintf(stderr, "retrovuectl: no daemon at %s: %s\n", socket,
		    buf_str(body));
		return EXIT_NO_DAEMON;
	case CTL_FAILED:
		break;
	}
	fprintf(stderr, "retrovuectl: %s: %s\n", socket, buf_str(body));
	return EXIT_FAULTS;
}

static enum exit_code
show(struct buf *body, enum ctl_view view, const struct options *o)
{
	const char *which = o->nargs > 0 ? o->args[0] : NULL;
	struct buf out = { 0 };
	enum exit_code rc = EXIT_FAULTS;
	int found = 0;

	if (o->json) {
		buf_add(&out, body->data, body->len);
		if (body->len == 0 || body->data[body->len - 1] != '\n')
			buf_adds(&out, "\n");
	} else {
		found = ctl_status_format(view, which, buf_str(body),
		    body->len, &out);
	}
	if (found == 0)
		rc = print(&out);
	else if (found == -2)
		fprintf(stderr, "retrovuectl: no channel '%s'; see "
		    "'retrovuectl channels'\n", which);
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
	if (!is_word(o->args[0]))
		return EXIT_USAGE;
	return command(o, xasprintf("/channel/%s/%s", o->args[0], verb));
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

	errs_print(&e, &out);
	buf_addf(&out, "%zu channel%s, %zu fault%s\n", n, n == 1 ? "" : "s",
	    faults, faults == 1 ? "" : "s");
	rc = print(&out);
	buf_fini(&out);
	errs_fini(&e);
	config_free(c);
	return faults == 0 ? rc : EXIT_FAULTS;
}

static enum exit_code
run_library(const struct options *o, int (*verb)(const struct ctl_library *))
{
	char *socket = find_socket(o);
	struct ctl_library l = {
		.config = config_path(o), .socket = socket, .json = o->json,
		.bad = o->bad, .type = o->type, .match = o->match,
		.nargs = o->nargs,
		.args = o->args,
	};
	int rc = verb(&l);

	free(socket);
	return (enum exit_code)rc;
}

static enum exit_code
run_scan(const struct options *o)
{
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

static enum exit_code complain_usage(void);

static enum exit_code
run_check(const struct options *o)
{
	int rc = ctl_check(o->nargs, o->args, o->json);

	return rc < 0 ? complain_usage() : (enum exit_code)rc;
}

static const struct verb verbs[] = {
	{ "assets", "[--bad] [--type T] [--match M] [PATTERN]",
	    "what the last scan found", 0, 1, run_assets },
	{ "channels", "", "the channels and their formats", 0, 0,
	    run_channels },
	{ "check", "[-q] [--seconds N] FILE|URL",
	    "is it a good transport stream?", 1, ARGS_MAX, run_check },
	{ "log", "LEVEL", "log error, warn, info or debug and above", 1, 1,
	    run_log },
	{ "markers", "FILE", "where FILE may be broken into", 1, 1,
	    run_markers },
	{ "now", "[CH]", "what airs now, from which file, until when", 0, 1,
	    run_now },
	{ "reload", "", "read all files again; all or nothing", 0, 0,
	    run_reload },
	{ "restart", "CH", "new children, the newest plan at once", 1, 1,
	    run_restart },
	{ "scan", "", "look through the libraries", 0, 0, run_scan },
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
		fprintf(f, "  %-8s %-28s %s\n", verbs[i].name,
		    verbs[i].args, verbs[i].what);
}

static enum exit_code
complain_usage(void)
{
	print_usage(stderr);
	return EXIT_USAGE;
}

/* Take options off argv, up to the first other word where `first`, else from
 * among them; -1 to go on, else the exit code. */
static int
options_parse(struct options *o, int argc, char **argv, bool first)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "bad", no_argument, NULL, 'b' },
		{ "type", required_argument, NULL, 't' },
		{ "match", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	optind = 0;			/* glibc: begin anew, with this '+' */
	while ((opt = getopt_long(argc, argv, first ? "+c:s:hV" : "c:s:hV",
	    longs, NULL)) != -1) {
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
		case 'h':
			print_usage(stdout);
			return EXIT_DONE;
		case 'V':
			puts("retrovuectl " RETROVUE_VERSION);
			return EXIT_DONE;
		default:
			return (int)complain_usage();
		}
	}
	return -1;
}

static const struct verb *
verb_find(const char *name)
{
	const char *names[NVERBS], *near;

	for (size_t i = 0; i < NVERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	}
	near = err_suggest(name, names, NVERBS);
	fprintf(stderr, "retrovuectl: unknown verb '%s'%s%s%s\n", name,
	    near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	return NULL;
}

/* argv[0] is the verb. */
static int
verb_run(const struct verb *v, struct options *o, int argc, char **argv)
{
	int rc;

	if (v->run == run_check)	/* it reads what is behind it */
		optind = 1;
	else if ((rc = options_parse(o, argc, argv, false)) >= 0)
		return rc;
	o->nargs = argc - optind;
	o->args = argv + optind;
	if (o->nargs >= v->min_args && o->nargs <= v->max_args)
		return (int)v->run(o);
	fprintf(stderr, "usage: retrovuectl %s %s\n", v->name, v->args);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	const struct verb *v;
	int rc;

	if ((rc = options_parse(&o, argc, argv, true)) >= 0)
		return rc;
	if (optind == argc)
		return (int)complain_usage();
	if ((v = verb_find(argv[optind])) == NULL)
		return EXIT_USAGE;
	return verb_run(v, &o, argc - optind, argv + optind);
}
