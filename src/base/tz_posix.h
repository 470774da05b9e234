/* tz_posix.h - a POSIX TZ string as a TZif footer holds it (RFC 9636 3.3.1):
 * "EST5EDT,M3.2.0,M11.1.0", the rule for every year to come.  Private to
 * tz.c. */

#ifndef BASE_TZ_POSIX_H
#define BASE_TZ_POSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tz_form {
	TZ_JULIAN,		/* Jn: day 1..365, 29 February never counts */
	TZ_ORDINAL,		/* n: day 0..365, 29 February counts */
	TZ_WEEKDAY,		/* Mm.w.d: w-th weekday d of m, 5 is the last */
};

/* When the clocks change: a day of the year and a local time on it. */
struct tz_change {
	enum tz_form form;
	int day;		/* of the year, or 0 Sunday .. 6 Saturday */
	int month, week;	/* TZ_WEEKDAY only */
	int32_t time_s;		/* after midnight, -167 h .. 167 h */
};

struct tz_posix {
	int32_t std, dst;	/* seconds east of UTC */
	bool has_dst;
	struct tz_change begin, end;	/* of summer time, if it has_dst */
};

/* Read the len bytes at s.  False if they are no such string. */
bool tz_posix_parse(const char *s, size_t len, struct tz_posix *p);

/* The UTC instants at which summer time begins and ends in a year.  In the
 * south it ends before it begins. */
int64_t tz_posix_begin(const struct tz_posix *p, int year);
int64_t tz_posix_end(const struct tz_posix *p, int year);

#endif
