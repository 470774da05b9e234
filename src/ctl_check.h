/* ctl_check.h - retrovuectl check: a file's or a URL's transport stream,
 * read and judged; see ts/check.h for what is looked at. */

#ifndef CTL_CHECK_H
#define CTL_CHECK_H

#include <stdbool.h>

#include "base/buf.h"
#include "ts/check.h"

enum {
	CTL_CHECK_CLEAN = 0,
	CTL_CHECK_FAULTS = 1,	/* or cut short, or the report unwritten */
	CTL_CHECK_USAGE = -1,	/* what is wrong has been said */
	CTL_CHECK_HELP = -2,	/* it was asked for */
	CTL_CHECK_UNREAD = 3,	/* no such file or server, no such stream */
};

/* The verb with what stands behind it.  Prints the report, or on stderr why
 * there is none. */
int ctl_check(int argc, char **argv, bool json);

/* The report for people, and as one JSON object; appended to out. */
void ctl_check_text(const struct check_report *r, const char *source,
    struct buf *out);
void ctl_check_json(const struct check_report *r, const char *source,
    struct buf *out);

/* What class a PID is of, in a word. */
const char *ctl_check_class(enum check_class class);

#endif
