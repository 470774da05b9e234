#include "plan/value.h"

#include <stddef.h>
#include <string.h>

#include "base/tz.h"

#define DIGITS_MAX	15	/* any product with 1000 fits 64 bits */
#define FRACTION_MAX	9
#define ZONE_MAX	64	/* bytes; the longest of tzdata has 32 */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
take(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* Take min to max digits. */
static bool
take_digits(const char **s, int min, int max, int64_t *out)
{
	int64_t v = 0;
	int n = 0;

	for (; n < max && is_digit(**s); n++, (*s)++)
		v = v * 10 + (**s - '0');
	if (n < min || is_digit(**s))
		return false;
	*out = v;
	return true;
}

/* Take ".5" as 500,000 of a million, if it is there. */
static bool
take_fraction(const char **s, int64_t whole, int64_t *out)
{
	int n = 0;

	*out = 0;
	if (!take(s, '.'))
		return true;
	for (; n < FRACTION_MAX && is_digit(**s); n++, (*s)++) {
		whole /= 10;
		*out += whole * (**s - '0');
	}
	return n > 0 && !is_digit(**s);
}

bool
value_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = take(&s, '-');
	int64_t v;

	if (!take_digits(&s, 1, DIGITS_MAX, &v) || *s != '\0')
		return false;
	if (negative)
		v = -v;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
value_bool(const char *s, bool *out)
{
	static const char *const words[][2] = {
		{ "false", "true" }, { "False", "True" }, { "FALSE", "TRUE" },
		{ "no", "yes" }, { "No", "Yes" }, { "NO", "YES" },
		{ "off", "on" }, { "Off", "On" }, { "OFF", "ON" },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		for (int v = 0; v < 2; v++) {
			if (strcmp(s, words[i][v]) == 0) {
				*out = v != 0;
				return true;
			}
		}
	}
	return false;
}

bool
value_duration(const char *s, int64_t *out)
{
	static const struct {
		char name;
		int64_t seconds;
	} units[] = { { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	size_t unit = 0, n = sizeof units / sizeof units[0];
	int64_t v, sum = 0;

	if (value_int(s, 0, INT64_MAX, out))
		return true;
	do {
		if (!take_digits(&s, 1, 9, &v))
			return false;
		while (unit < n && *s != units[unit].name)
			unit++;
		if (unit == n)
			return false;
		sum += v * units[unit++].seconds;
	} while (*++s != '\0');
	*out = sum;
	return true;
}

bool
value_clock(const char *s, int64_t *out)
{
	int64_t h, m, sec = 0;

	if (!take_digits(&s, 1, 2, &h) || !take(&s, ':') ||
	    !take_digits(&s, 2, 2, &m))
		return false;
	if (take(&s, ':') && !take_digits(&s, 2, 2, &sec))
		return false;
	if (*s != '\0' || m > 59 || sec > 59 ||
	    h * 3600 + m * 60 + sec > 86400)
		return false;
	*out = h * 3600 + m * 60 + sec;
	return true;
}

bool
value_time(const char *s, int64_t *out)
{
	int64_t v, part, us;
	int colons = 0;

	if (!take_digits(&s, 1, 9, &v))
		return false;
	while (take(&s, ':')) {
		/* 90:00 is an hour and a half, 1:90:00 is nothing. */
		if (++colons > 2 || !take_digits(&s, 2, 2, &part) || part > 59)
			return false;
		v = v * 60 + part;
	}
	if (!take_fraction(&s, US_PER_S, &us) || *s != '\0')
		return false;
	*out = v * US_PER_S + us;
	return true;
}

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

bool
value_rate(const char *s, struct rate *out)
{
	int64_t num, den = 1, us, d;

	if (!take_digits(&s, 1, 9, &num))
		return false;
	if (take(&s, '/')) {
		if (!take_digits(&s, 1, 9, &den))
			return false;
	} else {
		if (!take_fraction(&s, US_PER_S, &us))
			return false;
		num = num * US_PER_S + us;
		den = US_PER_S;
	}
	if (*s != '\0' || num == 0 || den == 0)
		return false;
	d = gcd(num, den);
	*out = (struct rate){ .num = num / d, .den = den / d };
	return true;
}

bool
value_bitrate(const char *s, int64_t *out)
{
	int64_t v, us, unit = 1;
	const char *point;

	if (!take_digits(&s, 1, 9, &v))
		return false;
	point = s;
	if (!take_fraction(&s, US_PER_S, &us))
		return false;
	if (take(&s, 'k') || take(&s, 'K'))
		unit = 1000;
	else if (take(&s, 'M'))
		unit = 1000000;
	else if (*point == '.')
		return false;		/* half a bit */
	if (*s != '\0')
		return false;
	*out = v * unit + us * unit / US_PER_S;
	return true;
}

static bool
date_make(int64_t y, int64_t m, int64_t d, int64_t *out)
{
	int year, month, day;
	int64_t days;

	if (y < 1970 || y > 9999)
		return false;
	days = civil_to_days((int)y, (int)m, (int)d);
	civil_from_days(days, &year, &month, &day);
	if (month != m || day != d)
		return false;		/* 30 February */
	*out = days;
	return true;
}

static bool
take_date(const char **s, int64_t *out)
{
	int64_t y, m, d;

	return take_digits(s, 4, 4, &y) && take(s, '-') &&
	    take_digits(s, 2, 2, &m) && take(s, '-') &&
	    take_digits(s, 2, 2, &d) && date_make(y, m, d, out);
}

bool
value_date(const char *s, int64_t *out)
{
	int64_t days;

	if (!take_date(&s, &days) || *s != '\0')
		return false;
	*out = days;
	return true;
}

/* "Z", or "+02:00" in seconds. */
static bool
take_offset(const char **s, int64_t *out)
{
	int64_t h, m;
	int sign = **s == '-' ? -1 : 1;

	*out = 0;
	if (take(s, 'Z') || take(s, 'z'))
		return true;
	if ((!take(s, '+') && !take(s, '-')) ||
	    !take_digits(s, 2, 2, &h) || !take(s, ':') ||
	    !take_digits(s, 2, 2, &m) || h > 23 || m > 59)
		return false;
	*out = sign * (h * 3600 + m * 60);
	return true;
}

/* RFC 3339 5.6. */
static bool
instant_rfc3339(const char *s, int64_t *out)
{
	int64_t days, h, m, sec = 0, ns = 0, offset;

	if (!take_date(&s, &days) || (!take(&s, 'T') && !take(&s, 't')) ||
	    !take_digits(&s, 2, 2, &h) || !take(&s, ':') ||
	    !take_digits(&s, 2, 2, &m))
		return false;
	if (take(&s, ':') && (!take_digits(&s, 2, 2, &sec) ||
	    !take_fraction(&s, NS_PER_S, &ns)))
		return false;
	if (!take_offset(&s, &offset) || *s != '\0' || h > 23 || m > 59 ||
	    sec > 60)
		return false;
	*out = (days * 86400 + h * 3600 + m * 60 + sec - offset) * NS_PER_S +
	    ns;
	return true;
}

bool
value_instant(const char *s, int64_t *out)
{
	int64_t n, days, h, m, sec;

	if (!value_int(s, 0, INT64_C(99999999999999), &n))
		return instant_rfc3339(s, out);
	if (strlen(s) != 14) {
		if (n > 9999999999)
			return false;
		*out = n * NS_PER_S;
		return true;
	}
	sec = n % 100;
	m = n / 100 % 100;
	h = n / 10000 % 100;
	if (!date_make(n / 10000000000, n / 100000000 % 100, n / 1000000 % 100,
	    &days) || h > 23 || m > 59 || sec > 60)
		return false;
	*out = (days * 86400 + h * 3600 + m * 60 + sec) * NS_PER_S;
	return true;
}

bool
value_zone(const char *s)
{
	static const char others[] = "_+-/";
	size_t n = 0;

	for (; s[n] != '\0'; n++) {
		char c = s[n];

		if (n == ZONE_MAX || !((c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || is_digit(c) ||
		    strchr(others, c) != NULL))
			return false;
		if (c == '/' && (n == 0 || s[n + 1] == '/' ||
		    s[n + 1] == '\0'))
			return false;
	}
	return n > 0;
}
