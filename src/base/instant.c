#include "base/instant.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/arith.h"
#include "base/tz.h"

#define MS_MAX	INT64_C(7289654399999)	/* of 2200 the last */
#define NS_PER_MS	(NS_PER_S / 1000)

/* ".25Z" and "Z"; digits beyond nanoseconds are dropped. */
static bool
parse_fraction(const char *s, int64_t *ns)
{
	int64_t unit = NS_PER_S;

	*ns = 0;
	if (*s == '.') {
		if (s[1] < '0' || s[1] > '9')
			return false;
		for (s++; *s >= '0' && *s <= '9'; s++)
			*ns += (*s - '0') * (unit /= 10);
	}
	return s[0] == 'Z' && s[1] == '\0';
}

/* sscanf(3) would take blanks and signs, too. */
static bool
is_like(const char *s, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, s++)
		if (*pattern == '0' ? *s < '0' || *s > '9' : *s != *pattern)
			return false;
	return true;
}

/* No 31st of February. */
static bool
is_date(const struct civil *c)
{
	int year, month, day;

	if (c->year < 1970 || c->year > 2200 || c->month < 1 ||
	    c->month > 12 || c->day < 1)
		return false;
	civil_from_days(civil_to_days(c->year, c->month, c->day), &year,
	    &month, &day);
	return day == c->day;
}

static int64_t
parse_civil(const char *s)
{
	struct civil c;
	int64_t ns, at;

	if (!is_like(s, "0000-00-00T00:00:00") ||
	    !parse_fraction(s + 19, &ns) ||
	    sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d", &c.year, &c.month, &c.day,
	    &c.hour, &c.min, &c.sec) != 6)
		return -1;
	if (!is_date(&c) || c.hour > 23 || c.min > 59 || c.sec > 60)
		return -1;
	at = civil_to_days(c.year, c.month, c.day) * 86400 + c.hour * 3600 +
	    c.min * 60 + c.sec;
	return at <= MS_MAX / 1000 ? at * NS_PER_S + ns : -1;
}

static int64_t
parse_ms(const char *s)
{
	int64_t ms = 0;

	for (; *s >= '0' && *s <= '9' && ms <= MS_MAX; s++)
		ms = ms * 10 + (*s - '0');
	return *s == '\0' && ms <= MS_MAX ? ms * NS_PER_MS : -1;
}

int64_t
instant_parse(const char *s)
{
	if (*s == '\0')
		return -1;
	return s[1] != '\0' && s[2] != '\0' && s[3] != '\0' && s[4] == '-' ?
	    parse_civil(s) : parse_ms(s);
}
