#include "base/instant.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arith.h"
#include "base/take.h"
#include "base/tz.h"

#define MS_MAX		(INSTANT_LAST_S * 1000 + 999)
#define NS_PER_MS	(NS_PER_S / 1000)
#define DAY_S		86400
#define COMPACT_LEN	14			/* of "20260115143000" */

struct parts {
	int64_t days, hour, min, sec, ns;
	int64_t offset;			/* seconds east of UTC */
};

static int64_t
parts_instant(const struct parts *p)
{
	int64_t at = p->days * 86400 + p->hour * 3600 + p->min * 60 + p->sec -
	    p->offset;

	if (p->hour > 23 || p->min > 59 || p->sec > 60 || at < 0 ||
	    at > INSTANT_LAST_S)
		return -1;
	return at * NS_PER_S + p->ns;
}

/* "Z", or "+02:00" in seconds. */
static bool
take_offset(const char **s, int64_t *out)
{
	int64_t h, m;
	int sign = **s == '-' ? -1 : 1;

	*out = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if ((!take_char(s, '+') && !take_char(s, '-')) ||
	    !take_digits(s, 2, 2, &h) || !take_char(s, ':') ||
	    !take_digits(s, 2, 2, &m) || h > 23 || m > 59)
		return false;
	*out = sign * (h * 3600 + m * 60);
	return true;
}

static bool
take_seconds(const char **s, struct parts *p)
{
	if (!take_char(s, ':'))
		return true;
	return take_digits(s, 2, 2, &p->sec) &&
	    take_fraction(s, INT_MAX, NS_PER_S, &p->ns);
}

/* RFC 3339 5.6; but seconds may be left out. */
static int64_t
parse_rfc3339(const char *s)
{
	struct parts p = { 0 };

	if (!take_date(&s, &p.days) ||
	    (!take_char(&s, 'T') && !take_char(&s, 't')) ||
	    !take_digits(&s, 2, 2, &p.hour) || !take_char(&s, ':') ||
	    !take_digits(&s, 2, 2, &p.min) || !take_seconds(&s, &p) ||
	    !take_offset(&s, &p.offset) || *s != '\0')
		return -1;
	return parts_instant(&p);
}

static int64_t
parse_compact(int64_t n)
{
	struct parts p = {
		.hour = n / 10000 % 100, .min = n / 100 % 100, .sec = n % 100,
	};

	if (!civil_find_days(n / 10000000000, n / 100000000 % 100,
	    n / 1000000 % 100, &p.days))
		return -1;
	return parts_instant(&p);
}

/* -1: not all of it is a number. */
static int64_t
parse_number(const char *s)
{
	int64_t n;

	return take_digits(&s, 1, TAKE_DIGITS_MAX, &n) && *s == '\0' ? n : -1;
}

int64_t
instant_parse(const char *s)
{
	int64_t ms = parse_number(s);

	if (ms < 0)
		return parse_rfc3339(s);
	return ms <= MS_MAX ? ms * NS_PER_MS : -1;
}

int64_t
instant_parse_player(const char *s)
{
	int64_t n = parse_number(s);

	if (n < 0)
		return parse_rfc3339(s);
	if (strlen(s) == COMPACT_LEN)
		return parse_compact(n);
	return n <= INSTANT_LAST_S ? n * NS_PER_S : -1;
}

void
instant_print(char text[INSTANT_TEXT], int64_t ns)
{
	int64_t s = div_floor(ns, NS_PER_S);
	int year, month, day, sec = (int)mod_floor(s, DAY_S);

	civil_from_days(div_floor(s, DAY_S), &year, &month, &day);
	snprintf(text, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    year, month, day, sec / 3600, sec / 60 % 60, sec % 60,
	    (int)(mod_floor(ns, NS_PER_S) / NS_PER_MS));
}
