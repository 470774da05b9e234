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

/* POST a command to the channel `which`: a refusal is about it, not about the
 * socket. */
enum exit_code ctl_ask_channel(const char *socket, const char *which,
    const char *target, struct buf *body);

/* The same about a viewer, by his id. */
enum exit_code ctl_ask_viewer(const char *socket, const char *id,
    const char *target, struct buf *body);

enum exit_code ctl_complain_channel(const char *which);

/* True for what goes into a request's path or query as it stands. */
bool ctl_is_channel(const char *s);

#endif
