#include "ctl_desk.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/uri.h"
#include "ctl_viewers.h"
#include "plan/station.h"
#include "plan/value.h"

enum exit_code
ctl_desk_viewers(const struct ctl_desk *d)
{
	struct buf body = { 0 }, out = { 0 };
	enum exit_code rc = ctl_ask(d->socket, "GET", "/viewers", &body);

	if (rc == EXIT_DONE && d->json) {
		rc = ctl_print(&body);
	} else if (rc == EXIT_DONE) {
		if (ctl_viewers_format(buf_str(&body), body.len, &out) == 0) {
			rc = ctl_print(&out);
		} else {
			fputs("retrovuectl: the daemon's answer is no list of "
			    "viewers\n", stderr);
			rc = EXIT_FAULTS;
		}
	}
	buf_fini(&body);
	buf_fini(&out);
	return rc;
}

/* POST what is in target; the answer is for programs. */
static enum exit_code
post(const struct ctl_desk *d, const char *which, struct buf *target)
{
	struct buf body = { 0 };
	enum exit_code rc = which != NULL ?
	    ctl_ask_channel(d->socket, which, buf_str(target), &body) :
	    ctl_ask(d->socket, "POST", buf_str(target), &body);

	if (rc == EXIT_DONE && d->json)
		rc = ctl_print(&body);
	buf_fini(&body);
	buf_fini(target);
	return rc;
}

enum exit_code
ctl_desk_kick(const struct ctl_desk *d)
{
	struct buf target = { 0 };

	buf_adds(&target, "/viewers/kick?id=");
	uri_add_escaped(&target, d->args[0]);
	return post(d, NULL, &target);
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
words_check(const struct ctl_desk *d, int more)
{
	if (d->nargs == !d->all + more)
		return NULL;
	return d->all ? "--all stands in place of a channel" :
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
ctl_desk_takeover(const struct ctl_desk *d)
{
	const char *which = d->all || d->nargs == 0 ? NULL : d->args[0];
	const char *wrong = words_check(d, !d->slate);
	struct buf target = { 0 };
	int64_t span = 0;

	if (d->slate && d->nargs > !d->all)
		wrong = "either a file or --slate";
	else if (!d->slate && d->nargs == !d->all)
		wrong = "what is to air? A file, or --slate";
	if (wrong != NULL)
		return usage("takeover", wrong);
	if (d->span != NULL && !value_duration(d->span, &span))
		return usage("takeover", "--for takes a time like 90s, 5m or "
		    "1h30m");
	if (which != NULL && !ctl_is_channel(which))
		return EXIT_USAGE;
	path_add(&target, "takeover", which);
	buf_adds(&target, "?");
	if (d->slate)
		buf_adds(&target, "slate=1");
	else if (!file_add(&target, d->args[d->nargs - 1]))
		return EXIT_FAULTS;
	if (d->span != NULL)
		buf_addf(&target, "&for=%" PRId64, span);
	return post(d, which, &target);
}

enum exit_code
ctl_desk_release(const struct ctl_desk *d)
{
	const char *which = d->all || d->nargs == 0 ? NULL : d->args[0];
	const char *wrong = words_check(d, 0);
	struct buf target = { 0 };

	if (wrong != NULL)
		return usage("release", wrong);
	if (which != NULL && !ctl_is_channel(which))
		return EXIT_USAGE;
	path_add(&target, "release", which);
	return post(d, which, &target);
}
