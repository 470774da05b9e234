/* ctl_http.h - one question to the daemon over its control socket. */

#ifndef CTL_HTTP_H
#define CTL_HTTP_H

#include "base/buf.h"

enum ctl_answer {
	CTL_OK,
	CTL_FAILED,		/* there is a daemon, but no answer to use */
	CTL_NO_DAEMON,		/* nobody listens at that socket */
};

/* GET target over the UNIX socket at path, within five seconds in all.  On
 * CTL_OK the body stands in *body, else a sentence that says why. */
enum ctl_answer ctl_http_get(const char *path, const char *target,
    struct buf *body);

/* The same with POST and nothing to send. */
enum ctl_answer ctl_http_post(const char *path, const char *target,
    struct buf *body);

#endif
