#include "ctl_daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "ctl_ask.h"
#include "ctl_reload.h"
#include "ctl_status.h"

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
		rc = ctl_complain_channel(which);
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

	if ((rc = ctl_ask(path, "GET", target, &body)) == EXIT_DONE)
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

static enum exit_code
run_channel(const struct options *o, const char *verb)
{
	struct buf target = { 0 };

	if (!ctl_is_channel(o->args[0]))
		return EXIT_USAGE;
	buf_addf(&target, "/channel/%s/%s", o->args[0], verb);
	return ctl_command(o, "channel", o->args[0], &target);
}

enum exit_code
ctl_daemon_skip(const struct options *o)
{
	return run_channel(o, "skip");
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
	struct buf target = { 0 };

	for (size_t i = 0; i < LENGTH(levels); i++) {
		if (strcmp(o->args[0], levels[i]) != 0)
			continue;
		buf_addf(&target, "/log?level=%s", levels[i]);
		return ctl_command(o, NULL, NULL, &target);
	}
	fprintf(stderr, "retrovuectl: log level '%s': must be error, warn, "
	    "info or debug\n", o->args[0]);
	return EXIT_USAGE;
}

enum exit_code
ctl_daemon_reload(const struct options *o)
{
	char *path = options_find_socket(o);
	struct buf body = { 0 };
	enum exit_code rc = ctl_ask(path, "POST", "/reload", &body);

	if (rc == EXIT_DONE)
		rc = ctl_reload_follow(path, buf_str(&body), o->json) == 0 ?
		    EXIT_DONE : EXIT_FAULTS;
	buf_fini(&body);
	free(path);
	return rc;
}
