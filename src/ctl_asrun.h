/* ctl_asrun.h - retrovuectl's view of the as-run logs, which are files: no
 * daemon is needed. */

#ifndef CTL_ASRUN_H
#define CTL_ASRUN_H

#include <stdbool.h>

struct ctl_asrun {
	const char *config;	/* the station file */
	const char *channel;	/* number or slug; NULL: all */
	const char *date;	/* "2026-01-15", "today", "yesterday"; NULL:
				 * the last day that came of which there is
				 * a log */
	bool follow;		/* print what comes, too, until killed */
	bool json;		/* one object a line */
};

/* Print it.  Returns retrovuectl's exit status: 0 done, 1 it could not be
 * done, 2 the command line is wrong. */
int ctl_asrun(const struct ctl_asrun *o);

#endif
