/* ctl_desk.h - what an operator does to a running station by hand: viewers
 * and takeovers. */

#ifndef CTL_DESK_H
#define CTL_DESK_H

#include "ctl_options.h"

enum exit_code ctl_desk_viewers(const struct options *o);
enum exit_code ctl_desk_kick(const struct options *o);

/* What they take on the command line is checked by them. */
enum exit_code ctl_desk_takeover(const struct options *o);
enum exit_code ctl_desk_release(const struct options *o);

/* The live view, see ctl_top.h. */
enum exit_code ctl_desk_top(const struct options *o);

#endif
