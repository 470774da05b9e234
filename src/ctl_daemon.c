#include "ctl_daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ctl_http.h"
#include "ctl_reload.h"
#include "ctl_status.h"

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
 * NULL is one that options_find_socket() has complained of. */
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
		rc = options_print(&out);
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
	char *path = options_find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc;

	if ((rc = ask(path, "GET", target, &body)) == EXIT_DONE)
		rc = show(&body, view, o);
	buf_fini(&body);
	free(path);
	return rc;
}

enum exit_code
ctl_daemon_status(const struct options *o)
{
	return run_view(o, CTL_STATUS, "/status");
}

enum exit_code
ctl_daemon_now(const struct options *o)
{
	return run_view(o, CTL_NOW, "/status");
}

enum exit_code
ctl_daemon_channels(const struct options *o)
{
	return run_view(o, CTL_CHANNELS, "/channels");
}

/* POST a command and say nothing if it was done. */
static enum exit_code
command(const struct options *o, char *target)
{
	char *path = options_find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc = ask(path, "POST", target, &body);

	if (rc == EXIT_DONE && o->json)
		rc = options_print(&body);
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
	socket = options_find_socket(o);
	target = xasprintf("/channel/%s/%s", o->args[0], verb);
	rc = ask_channel(socket, o->args[0], target, &body);
	if (rc == EXIT_DONE && o->json)
		rc = options_print(&body);
	buf_fini(&body);
	free(target);
	free(socket);
	return rc;
}

enum exit_code
ctl_daemon_start(const struct options *o)
{
	return run_channel(o, "start");
}

enum exit_code
ctl_daemon_stop(const struct options *o)
{
	return run_channel(o, "stop");
}

enum exit_code
ctl_daemon_restart(const struct options *o)
{
	return run_channel(o, "restart");
}

enum exit_code
ctl_daemon_log(const struct options *o)
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

enum exit_code
ctl_daemon_reload(const struct options *o)
{
	char *path = options_find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc = ask(path, "POST", "/reload", &body);

	if (rc == EXIT_DONE)
		rc = ctl_reload_follow(path, buf_str(&body), o->json) == 0 ?
		    EXIT_DONE : EXIT_FAULTS;
	buf_fini(&body);
	free(path);
	return rc;
}
