#include "plan/value.h"

#include <stddef.h>
#include <string.h>

#include "base/arith.h"
#include "base/take.h"

#define FRACTION_MAX	9
#define ZONE_MAX	64	/* bytes; the longest of tzdata has 32 */

bool
value_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = take_char(&s, '-');
	int64_t v;

	if (!take_digits(&s, 1, TAKE_DIGITS_MAX, &v) || *s != '\0')
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

	if (!take_digits(&s, 1, 2, &h) || !take_char(&s, ':') ||
	    !take_digits(&s, 2, 2, &m))
		return false;
	if (take_char(&s, ':') && !take_digits(&s, 2, 2, &sec))
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
	while (take_char(&s, ':')) {
		/* 90:00 is an hour and a half, 1:90:00 is nothing. */
		if (++colons > 2 || !take_digits(&s, 2, 2, &part) || part > 59)
			return false;
		v = v * 60 + part;
	}
	if (!take_fraction(&s, FRACTION_MAX, US_PER_S, &us) || *s != '\0')
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
	if (take_char(&s, '/')) {
		if (!take_digits(&s, 1, 9, &den))
			return false;
	} else {
		if (!take_fraction(&s, FRACTION_MAX, US_PER_S, &us))
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
	if (!take_fraction(&s, FRACTION_MAX, US_PER_S, &us))
		return false;
	if (take_char(&s, 'k') || take_char(&s, 'K'))
		unit = 1000;
	else if (take_char(&s, 'M'))
		unit = 1000000;
	else if (*point == '.')
		return false;		/* half a bit */
	if (*s != '\0')
		return false;
	*out = v * unit + us * unit / US_PER_S;
	return true;
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

bool
value_zone(const char *s)
{
	static const char others[] = "_+-/";
	size_t n = 0;

	for (; s[n] != '\0'; n++) {
		char c = s[n];

		if (n == ZONE_MAX || !((c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || take_is_digit(c) ||
		    strchr(others, c) != NULL))
			return false;
		if (c == '/' && (n == 0 || s[n + 1] == '/' ||
		    s[n + 1] == '\0'))
			return false;
	}
	return n > 0;
}
