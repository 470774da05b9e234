/* ctl_http.h - one question to the daemon over its control socket. */

#ifndef CTL_HTTP_H
#define CTL_HTTP_H

#include "base/buf.h"

enum ctl_answer {
	CTL_OK,
	CTL_FAILED,		/* there is a daemon, but no answer to use */
	CTL_REFUSED,		/* it says why it does not */
	CTL_NOT_FOUND,		/* it says that there is no such thing (404) */
	CTL_NO_DAEMON,		/* nobody listens at that socket */
};

/* Ask for target (method "GET" or "POST") over the UNIX socket at path, within
 * five seconds in all.  On CTL_OK the body of a 200 or 202 stands in *body,
 * else a sentence that says why not. */
enum ctl_answer ctl_http_ask(const char *path, const char *method,
    const char *target, struct buf *body);

#endif
