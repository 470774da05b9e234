/* ctl_desk.h - what an operator does to a running station by hand: viewers
 * and takeovers.  All return retrovuectl's exit code. */

#ifndef CTL_DESK_H
#define CTL_DESK_H

#include <stdbool.h>

#include "ctl_ask.h"

struct ctl_desk {
	const char *socket;
	bool json;
	bool all, slate;	/* --all, --slate */
	const char *span;	/* --for, or NULL */
	int nargs;
	char **args;
};

enum exit_code ctl_desk_viewers(const struct ctl_desk *d);
enum exit_code ctl_desk_kick(const struct ctl_desk *d);

/* What they take on the command line is checked by them. */
enum exit_code ctl_desk_takeover(const struct ctl_desk *d);
enum exit_code ctl_desk_release(const struct ctl_desk *d);

#endif
