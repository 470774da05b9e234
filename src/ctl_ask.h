/* ctl_ask.h - asking the daemon for a person: what it says, or a complaint on
 * standard error and the exit code that goes with it. */

#ifndef CTL_ASK_H
#define CTL_ASK_H

#include <stdbool.h>

#include "base/buf.h"
#include "ctl_options.h"

/* What the daemon says to that in *body.  A socket of NULL is one that was
 * complained of. */
enum exit_code ctl_ask(const char *socket, const char *method,
    const char *target, struct buf *body);

/* POST the command in target, which is freed, and say nothing if it was done:
 * the answer is for programs.  It is about the "channel" or "viewer" (kind)
 * `which`, and so is a refusal; or about none, where kind is NULL. */
enum exit_code ctl_command(const struct options *o, const char *kind,
    const char *which, struct buf *target);

enum exit_code ctl_complain_channel(const char *which);

/* True for what goes into a request's path or query as it stands. */
bool ctl_is_channel(const char *s);

#endif
