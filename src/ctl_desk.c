#include "ctl_desk.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/uri.h"
#include "ctl_ask.h"
#include "ctl_top.h"
#include "ctl_viewers.h"
#include "plan/station.h"
#include "plan/value.h"

#define SPAN_MAX_S	(31 * 86400)	/* of a takeover that ends by itself */

enum exit_code
ctl_desk_viewers(const struct options *o)
{
	struct buf body = { 0 }, out = { 0 };
	char *socket = options_find_socket(o);
	enum exit_code rc = ctl_ask(socket, "GET", "/viewers", &body);

	if (rc == EXIT_DONE && o->json) {
		rc = options_print(&body);
	} else if (rc == EXIT_DONE) {
		if (ctl_viewers_format(buf_str(&body), body.len, &out) == 0) {
			rc = options_print(&out);
		} else {
			fputs("retrovuectl: the daemon's answer is no list of "
			    "viewers\n", stderr);
			rc = EXIT_FAULTS;
		}
	}
	buf_fini(&body);
	buf_fini(&out);
	free(socket);
	return rc;
}

enum exit_code
ctl_desk_kick(const struct options *o)
{
	struct buf target = { 0 };

	buf_adds(&target, "/viewers/kick?id=");
	uri_add_escaped(&target, o->args[0]);
	return ctl_command(o, "viewer", o->args[0], &target);
}

/* which: NULL, all of them. */
static enum exit_code
command(const struct options *o, const char *which, struct buf *target)
{
	return ctl_command(o, which != NULL ? "channel" : NULL, which, target);
}

static enum exit_code
usage(const char *verb, const char *text)
{
	fprintf(stderr, "retrovuectl: %s: %s\n", verb, text);
	return EXIT_USAGE;
}

/* The words that are not options: a channel unless --all stands for it, and
 * so many more.  NULL if these are; else what is wrong. */
static const char *
words_check(const struct options *o, int more)
{
	if (o->nargs == !o->all + more)
		return NULL;
	return o->all ? "--all stands in place of a channel" :
	    "which channel? A number or a name, or --all";
}

static void
path_add(struct buf *target, const char *verb, const char *which)
{
	if (which != NULL)
		buf_addf(target, "/channel/%s/%s", which, verb);
	else
		buf_addf(target, "/%s", verb);
}

/* The daemon has another working directory. */
static bool
file_add(struct buf *target, const char *file)
{
	char *here = getcwd(NULL, 0), *path;

	if (here == NULL && file[0] != '/') {
		perror("retrovuectl: working directory");
		return false;
	}
	path = path_resolve(here != NULL ? here : "/", file);
	buf_adds(target, "file=");
	uri_add_escaped(target, path);
	free(path);
	free(here);
	return true;
}

enum exit_code
ctl_desk_takeover(const struct options *o)
{
	const char *which = o->all || o->nargs == 0 ? NULL : o->args[0];
	const char *wrong = words_check(o, !o->slate);
	struct buf target = { 0 };
	int64_t span = 0;

	if (o->slate && o->nargs > !o->all)
		wrong = "either a file or --slate";
	else if (!o->slate && o->nargs == !o->all)
		wrong = "what is to air? A file, or --slate";
	if (wrong != NULL)
		return usage("takeover", wrong);
	if (o->span != NULL && (!value_duration(o->span, &span) || span < 1 ||
	    span > SPAN_MAX_S))
		return usage("takeover", "--for takes a time like 90s, 5m or "
		    "1h30m, in h, m and s, up to 744h, which are 31 days");
	if (which != NULL && !ctl_is_channel(which))
		return EXIT_USAGE;
	path_add(&target, "takeover", which);
	buf_adds(&target, "?");
	if (o->slate)
		buf_adds(&target, "slate=1");
	else if (!file_add(&target, o->args[o->nargs - 1]))
		return EXIT_FAULTS;
	if (o->span != NULL)
		buf_addf(&target, "&for=%" PRId64, span);
	return command(o, which, &target);
}

enum exit_code
ctl_desk_release(const struct options *o)
{
	const char *which = o->all || o->nargs == 0 ? NULL : o->args[0];
	const char *wrong = words_check(o, 0);
	struct buf target = { 0 };

	if (wrong != NULL)
		return usage("release", wrong);
	if (which != NULL && !ctl_is_channel(which))
		return EXIT_USAGE;
	path_add(&target, "release", which);
	return command(o, which, &target);
}

enum exit_code
ctl_desk_top(const struct options *o)
{
	char *socket = options_find_socket(o);
	int rc = socket != NULL ? ctl_top(socket, o->json) : EXIT_FAULTS;

	free(socket);
	return (enum exit_code)rc;
}
