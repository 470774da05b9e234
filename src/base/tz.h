/* tz.h - a time zone, from the bytes of a TZif file (RFC 9636).
 *
 * Reads no file and no environment: whoever has the file passes its bytes.
 * After the last transition of the file the POSIX TZ string in its footer
 * goes on, so that every future year has its rule. */

#ifndef BASE_TZ_H
#define BASE_TZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tz;

/* A civil time of day on a date of the proleptic Gregorian calendar. */
struct civil {
	int year;
	int month;		/* 1..12 */
	int day;		/* 1..31 */
	int hour, min, sec;
};

/* The zone in those bytes (versions 1 to 4), or NULL with *why set to a
 * static text.  Free with tz_free(). */
struct tz *tz_parse(const uint8_t *data, size_t len, const char **why);

/* UTC, always there. */
struct tz *tz_utc(void);
void tz_free(struct tz *z);

/* Seconds east of UTC at the UTC instant t (seconds since the epoch). */
int32_t tz_offset(const struct tz *z, int64_t t);

/* The local time at t. */
struct civil tz_local(const struct tz *z, int64_t t);

/* The UTC instant of a local time, a pure function of both:
 * - a time that comes twice (clocks go back) is the first of the two;
 * - a time that never comes (clocks go forward) is what it would have been
 *   by the offset before the change: 02:30 becomes 03:30, and nothing falls
 *   into the hole.
 * Fields out of range carry over (24:00, day 32). */
int64_t tz_instant(const struct tz *z, const struct civil *c);

/* Days since 1970-01-01 of a date, and back; month may be out of range. */
int64_t civil_to_days(int year, int month, int day);
void civil_from_days(int64_t days, int *year, int *month, int *day);

/* The same of a date from 1970 to 9999 as somebody has written it; false where
 * the calendar has none such: 30 February. */
bool civil_find_days(int64_t year, int64_t month, int64_t day, int64_t *days);

/* 0 Sunday .. 6 Saturday. */
int civil_weekday(int64_t days);

#endif
