/* when.h - the days that a layer of the schedule is for.
 *
 * Dates are broadcast days, counted from 1970-01-01.  Pure calendar
 * arithmetic, proleptic Gregorian. */

#ifndef PLAN_WHEN_H
#define PLAN_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* The kinds, and with them the layers, the least specific first: of two
 * layers that have the same moment the later kind has it. */
#define WHEN_KINDS(X)							\
	X(ALWAYS)	/* all_day */					\
	X(HALF)		/* weekdays, weekends */			\
	X(WEEKDAY)	/* monday ... sunday */				\
	X(SEASON)	/* 07-01..08-31, every year */			\
	X(SPAN)		/* 2026-07-01..2026-08-31 */			\
	X(NTH)		/* 4th thursday of november, every year */	\
	X(EASTER)	/* easter-2, every year */			\
	X(YEARLY)	/* 12-25 */					\
	X(DATE)		/* 2026-12-24 */

enum when_kind {
#define X(name) WHEN_##name,
	WHEN_KINDS(X)
#undef X
	WHEN_NKINDS
};

struct when {
	enum when_kind kind;
	unsigned weekdays;	/* HALF, WEEKDAY: 1 << civil_weekday() */
	int64_t first, last;	/* DATE, SPAN: days since 1970-01-01 */
	int month, day;		/* YEARLY, SEASON: from; NTH: month */
	int last_month, last_day;	/* SEASON: to, both within */
	int nth, weekday;	/* NTH: 1 to 5, -1 the last one; 0 Sunday */
	int offset;		/* EASTER: days after Easter Sunday */
};

/* "all_day", "weekdays", "monday" ...: a key of `schedule`.  False, with *w
 * as it was, for any other text. */
bool when_layer(const char *s, struct when *w);

/* "2026-12-24", "12-25", "2026-07-01..2026-08-31", "12-20..01-06",
 * "easter-2", "4th thursday of november", "last monday of may": a key of
 * `schedule: dates`.  False, with *w as it was, and *why (static) says what
 * is wrong. */
bool when_date(const char *s, struct when *w, const char **why);

/* True if the layer has that day. */
bool when_has(const struct when *w, int64_t date);

/* Easter Sunday of a year, in days since 1970-01-01. */
int64_t when_easter(int year);

#endif
