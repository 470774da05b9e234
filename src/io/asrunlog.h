/* asrunlog.h - a channel's as-run log, kept while it airs: see asrun.h for
 * what is in it, asrunfile.h for where. */

#ifndef IO_ASRUNLOG_H
#define IO_ASRUNLOG_H

#include <stddef.h>

#include "air/asrun.h"
#include "plan/timeline.h"

/* One channel's; zeroed but for dir, it has seen nothing. */
struct asrunlog {
	struct asrun asrun;
	const char *dir;	/* of all channels; borrowed */
};

/* As asrun_event(); the rows are on their way to disk. */
void asrunlog_event(struct asrunlog *l, const struct chan *ch,
    struct timeline *t, const struct channel_event *e, size_t viewers,
    const char *why);

void asrunlog_fini(struct asrunlog *l);

/* Close what a daemon before us has left open in dir, before any row is
 * written. */
void asrunlog_recover(const char *dir);

#endif
