#include "base/take.h"

#include "base/tz.h"

bool
take_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

bool
take_digits(const char **s, int min, int max, int64_t *out)
{
	int64_t v = 0;
	int n = 0;

	for (; n < max && take_is_digit(**s); n++, (*s)++)
		v = v * 10 + (**s - '0');
	if (n < min || take_is_digit(**s))
		return false;
	*out = v;
	return true;
}

bool
take_fraction(const char **s, int max, int64_t whole, int64_t *out)
{
	int n = 0;

	*out = 0;
	if (!take_char(s, '.'))
		return true;
	for (; n < max && take_is_digit(**s); n++, (*s)++) {
		whole /= 10;
		*out += whole * (**s - '0');
	}
	return n > 0 && !take_is_digit(**s);
}

bool
take_date(const char **s, int64_t *out)
{
	int64_t y, m, d;

	return take_digits(s, 4, 4, &y) && take_char(s, '-') &&
	    take_digits(s, 2, 2, &m) && take_char(s, '-') &&
	    take_digits(s, 2, 2, &d) && civil_find_days(y, m, d, out);
}
