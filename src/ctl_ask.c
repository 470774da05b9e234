#include "ctl_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_http.h"

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

static enum exit_code
complain_missing(const char *kind, const char *which)
{
	fprintf(stderr, "retrovuectl: no %s '%s'; see 'retrovuectl %ss'\n",
	    kind, which, kind);
	return EXIT_FAULTS;
}

static enum exit_code
post(const char *socket, const char *kind, const char *which,
    const char *target, struct buf *body)
{
	enum ctl_answer answer;

	if (socket == NULL)
		return EXIT_FAULTS;
	answer = ctl_http_ask(socket, "POST", target, body);
	if (kind != NULL && answer == CTL_NOT_FOUND)
		return complain_missing(kind, which);
	if (kind != NULL && answer == CTL_REFUSED) {
		fprintf(stderr, "retrovuectl: %s '%s': %s\n", kind, which,
		    buf_str(body));
		return EXIT_FAULTS;
	}
	return complain_answer(answer, socket, body);
}

enum exit_code
ctl_ask(const char *socket, const char *method, const char *target,
    struct buf *body)
{
	if (socket == NULL)
		return EXIT_FAULTS;
	return complain_answer(ctl_http_ask(socket, method, target, body),
	    socket, body);
}

enum exit_code
ctl_command(const struct options *o, const char *kind, const char *which,
    struct buf *target)
{
	struct buf body = { 0 };
	char *socket = options_find_socket(o);
	enum exit_code rc = post(socket, kind, which, buf_str(target), &body);

	if (rc == EXIT_DONE && o->json)
		rc = options_print(&body);
	buf_fini(&body);
	buf_fini(target);
	free(socket);
	return rc;
}

enum exit_code
ctl_complain_channel(const char *which)
{
	return complain_missing("channel", which);
}

bool
ctl_is_channel(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	if (n > 0 && s[n] == '\0')
		return true;
	fprintf(stderr, "retrovuectl: '%s' is neither a channel's number nor "
	    "its name\n", s);
	return false;
}
