#include "base/tz_posix.h"

#include "base/tz.h"

#define HOUR_S		3600
#define DAY_S		INT64_C(86400)
#define OFFSET_MAX_H	24
#define TIME_MAX_H	167		/* RFC 9636 3.3.1: from version 3 on */
#define TIME_DEFAULT_S	(2 * HOUR_S)

struct scan {
	const char *p, *end;
};

static bool
scan_char(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
scan_int(struct scan *s, int min, int max, int *out)
{
	const char *from = s->p;
	int v = 0;

	while (s->p < s->end && is_digit(*s->p) && v <= max)
		v = v * 10 + (*s->p++ - '0');
	*out = v;
	return s->p > from && v >= min && v <= max;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool
scan_time(struct scan *s, int max_h, int32_t *out)
{
	bool minus = scan_char(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		scan_char(s, '+');
	if (!scan_int(s, 0, max_h, &h))
		return false;
	if (scan_char(s, ':')) {
		if (!scan_int(s, 0, 59, &m))
			return false;
		if (scan_char(s, ':') && !scan_int(s, 0, 59, &sec))
			return false;
	}
	*out = (h * 60 + m) * 60 + sec;
	if (minus)
		*out = -*out;
	return true;
}

/* "EST" or "<+1030>": what it says does not matter here. */
static bool
scan_name(struct scan *s)
{
	const char *from;

	if (scan_char(s, '<')) {
		while (s->p < s->end && *s->p != '>')
			s->p++;
		return scan_char(s, '>');
	}
	for (from = s->p; s->p < s->end && is_letter(*s->p); s->p++)
		;
	return s->p - from >= 3;
}

/* POSIX counts west of Greenwich, everyone else east. */
static bool
scan_offset(struct scan *s, int32_t *out)
{
	if (!scan_time(s, OFFSET_MAX_H, out))
		return false;
	*out = -*out;
	return true;
}

static bool
scan_day(struct scan *s, struct tz_change *c)
{
	if (scan_char(s, 'M')) {
		c->form = TZ_WEEKDAY;
		return scan_int(s, 1, 12, &c->month) && scan_char(s, '.') &&
		    scan_int(s, 1, 5, &c->week) && scan_char(s, '.') &&
		    scan_int(s, 0, 6, &c->day);
	}
	if (scan_char(s, 'J')) {
		c->form = TZ_JULIAN;
		return scan_int(s, 1, 365, &c->day);
	}
	c->form = TZ_ORDINAL;
	return scan_int(s, 0, 365, &c->day);
}

static bool
scan_change(struct scan *s, struct tz_change *c)
{
	*c = (struct tz_change){ .time_s = TIME_DEFAULT_S };
	if (!scan_char(s, ',') || !scan_day(s, c))
		return false;
	return !scan_char(s, '/') || scan_time(s, TIME_MAX_H, &c->time_s);
}

bool
tz_posix_parse(const char *str, size_t len, struct tz_posix *p)
{
	struct scan s = { str, str + len };

	*p = (struct tz_posix){ 0 };
	if (!scan_name(&s) || !scan_offset(&s, &p->std))
		return false;
	if (s.p == s.end)
		return true;
	p->has_dst = true;
	p->dst = p->std + HOUR_S;
	if (!scan_name(&s))
		return false;
	if (s.p < s.end && *s.p != ',' && !scan_offset(&s, &p->dst))
		return false;
	return scan_change(&s, &p->begin) && scan_change(&s, &p->end) &&
	    s.p == s.end;
}

static int64_t
weekday_days(const struct tz_change *c, int year)
{
	int64_t first = civil_to_days(year, c->month, 1);
	int64_t days = first + (c->day - civil_weekday(first) + 7) % 7 +
	    7 * (c->week - 1);

	while (days >= civil_to_days(year, c->month + 1, 1))
		days -= 7;
	return days;
}

/* Local seconds since 1970-01-01 00:00 local. */
static int64_t
change_local(const struct tz_change *c, int year)
{
	int64_t days = 0;

	switch (c->form) {
	case TZ_JULIAN:		/* counted in a year without 29 February */
		days = civil_to_days(year, 1, 1) + c->day - 1;
		if (c->day >= 60)
			days += civil_to_days(year, 3, 1) -
			    civil_to_days(year, 1, 1) - 59;
		break;
	case TZ_ORDINAL:
		days = civil_to_days(year, 1, 1) + c->day;
		break;
	case TZ_WEEKDAY:
		days = weekday_days(c, year);
		break;
	}
	return days * DAY_S + c->time_s;
}

int64_t
tz_posix_begin(const struct tz_posix *p, int year)
{
	return change_local(&p->begin, year) - p->std;
}

int64_t
tz_posix_end(const struct tz_posix *p, int year)
{
	return change_local(&p->end, year) - p->dst;
}
