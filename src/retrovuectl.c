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
#include "ctl_status.h"
#include "media/config.h"

#define CONFIG_PATH	"/etc/retrovue/retrovued.yaml"
#define SOCKET_PATH	"/run/retrovue/control.sock"

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
	int nargs;		/* behind the verb */
	char **args;
};

struct verb {
	const char *name;
	const char *usage;	/* arguments and meaning, for --help */
	bool takes_args;
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

static enum exit_code
show_status(struct buf *body, bool json)
{
	struct buf out = { 0 };
	enum exit_code rc = EXIT_FAULTS;

	if (json) {
		buf_add(&out, body->data, body->len);
		if (body->len == 0 || body->data[body->len - 1] != '\n')
			buf_adds(&out, "\n");
		rc = print(&out);
	} else if (ctl_status_format(buf_str(body), body->len, &out) == 0) {
		rc = print(&out);
	} else {
		fputs("retrovuectl: the daemon's answer is no status\n",
		    stderr);
	}
	buf_fini(&out);
	return rc;
}

static enum exit_code
run_status(const struct options *o)
{
	char *path = find_socket(o);
	enum exit_code rc = EXIT_FAULTS;
	enum ctl_answer answer;
	struct buf body = { 0 };

	answer = ctl_http_get(path, "/status", &body);
	if (answer == CTL_OK) {
		rc = show_status(&body, o->json);
	} else if (answer == CTL_NO_DAEMON) {
		fprintf(stderr, "retrovuectl: no daemon at %s: %s\n", path,
		    buf_str(&body));
		rc = EXIT_NO_DAEMON;
	} else {
		fprintf(stderr, "retrovuectl: %s: %s\n", path,
		    buf_str(&body));
	}
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

static enum exit_code complain_usage(void);

static enum exit_code
run_check(const struct options *o)
{
	int rc = ctl_check(o->nargs, o->args, o->json);

	return rc < 0 ? complain_usage() : (enum exit_code)rc;
}

static const struct verb verbs[] = {
	{ "check", "    FILE|URL is it a good transport stream?", true,
	    run_check },
	{ "status", "            what every channel is airing", false,
	    run_status },
	{ "validate", " [FILE...] check the configuration, or channel FILEs",
	    true, run_validate },
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
		fprintf(f, "  %s%s\n", verbs[i].name, verbs[i].usage);
}

static enum exit_code
complain_usage(void)
{
	print_usage(stderr);
	return EXIT_USAGE;
}

static enum exit_code
run_verb(struct options *o, int argc, char **argv)
{
	const char *names[NVERBS], *near;

	if (argc == 0)
		return complain_usage();
	for (size_t i = 0; i < NVERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		o->nargs = argc - 1;
		o->args = argv + 1;
		if (o->nargs > 0 && !verbs[i].takes_args)
			return complain_usage();
		return verbs[i].run(o);
	}
	near = err_suggest(argv[0], names, NVERBS);
	fprintf(stderr, "retrovuectl: unknown verb '%s'%s%s%s\n", argv[0],
	    near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { 0 };
	int opt;

	while ((opt = getopt_long(argc, argv, "+c:s:hV", longs, NULL)) != -1) {
		switch (opt) {
		case 'c':
			o.config = optarg;
			break;
		case 's':
			o.socket = optarg;
			break;
		case 'j':
			o.json = true;
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
	return (int)run_verb(&o, argc - optind, argv + optind);
}
