/* ctl_reload.h - a reload, followed to its end. */

#ifndef CTL_RELOAD_H
#define CTL_RELOAD_H

#include <stdbool.h>

/* answer: what the daemon at that socket said to POST /reload or /scan.  Show
 * progress on a terminal's stderr until that edition is there, then what was
 * wrong as FILE:LINE:COLUMN lines and a line that counts (or the daemon's
 * JSON).  0 if it is on the air, -1 if it was refused or lost. */
int ctl_reload_follow(const char *socket, const char *answer, bool json);

#endif
