#include "ctl_ask.h"

#include <stdio.h>
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
ctl_complain_channel(const char *which)
{
	fprintf(stderr, "retrovuectl: no channel '%s'; see "
	    "'retrovuectl channels'\n", which);
	return EXIT_FAULTS;
}

enum exit_code
ctl_ask_channel(const char *socket, const char *which, const char *target,
    struct buf *body)
{
	enum ctl_answer answer;

	if (socket == NULL)
		return EXIT_FAULTS;
	answer = ctl_http_ask(socket, "POST", target, body);
	if (answer == CTL_NOT_FOUND)
		return ctl_complain_channel(which);
	if (answer == CTL_REFUSED) {
		fprintf(stderr, "retrovuectl: channel '%s': %s\n", which,
		    buf_str(body));
		return EXIT_FAULTS;
	}
	return complain_answer(answer, socket, body);
}

enum exit_code
ctl_ask_viewer(const char *socket, const char *id, const char *target,
    struct buf *body)
{
	enum ctl_answer answer;

	if (socket == NULL)
		return EXIT_FAULTS;
	answer = ctl_http_ask(socket, "POST", target, body);
	if (answer != CTL_NOT_FOUND)
		return complain_answer(answer, socket, body);
	fprintf(stderr, "retrovuectl: no viewer '%s'; see 'retrovuectl "
	    "viewers'\n", id);
	return EXIT_FAULTS;
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
