/* ctl_daemon.h - the verbs that a running daemon answers: each asks it, prints
 * what it says and gives the exit code. */

#ifndef CTL_DAEMON_H
#define CTL_DAEMON_H

#include "ctl_options.h"

enum exit_code ctl_daemon_status(const struct options *o);
enum exit_code ctl_daemon_now(const struct options *o);
enum exit_code ctl_daemon_channels(const struct options *o);
enum exit_code ctl_daemon_skip(const struct options *o);
enum exit_code ctl_daemon_start(const struct options *o);
enum exit_code ctl_daemon_stop(const struct options *o);
enum exit_code ctl_daemon_restart(const struct options *o);
enum exit_code ctl_daemon_log(const struct options *o);
enum exit_code ctl_daemon_reload(const struct options *o);

#endif
