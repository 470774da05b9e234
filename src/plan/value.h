/* value.h - what a text means as a number, a span, a time of day.
 *
 * Each function takes the whole text or nothing of it: true with *out set,
 * or false with *out as it was.  Integers only, every range checked. */

#ifndef PLAN_VALUE_H
#define PLAN_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

/* "-12": a whole decimal number from min to max. */
bool value_int(const char *s, int64_t min, int64_t max, int64_t *out);

/* "true", "false" and YAML 1.1's yes, no, on, off, in its three spellings. */
bool value_bool(const char *s, bool *out);

/* "24h", "90m", "1h30m", "20s" or plain seconds, in seconds. */
bool value_duration(const char *s, int64_t *out);

/* "HH:MM" or "HH:MM:SS" up to "24:00", in seconds since midnight. */
bool value_clock(const char *s, int64_t *out);

/* "SS.mmm", "M:SS.mmm" or "H:MM:SS.mmm", in microseconds; digits beyond
 * those (nine at most) are cut off. */
bool value_time(const char *s, int64_t *out);

/* "30000/1001", "25" or "29.97", in lowest terms. */
bool value_rate(const char *s, struct rate *out);

/* "1200k", "3M", "2.5M" or plain bits per second. */
bool value_bitrate(const char *s, int64_t *out);

/* "2024-01-01" from 1970 to 9999, in days since 1970-01-01. */
bool value_date(const char *s, int64_t *out);

/* A name that stays below the zone directory: "America/New_York". */
bool value_zone(const char *s);

#endif
