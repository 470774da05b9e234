#include "plan/when.h"

#include <string.h>
#include <strings.h>

#include "base/arith.h"
#include "base/tz.h"
#include "plan/value.h"

#define EVERY_WEEKDAY	0x7fu
#define SATURDAY	(1u << 6)
#define SUNDAY		1u
#define OFFSET_MAX	366	/* days from Easter */
#define YEAR_MIN	1970
#define WORD_MAX	16	/* bytes of a name */
#define WORDS		4	/* "4th thursday of november" */

static const char *const weekday_names[] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday",
};

static const char *const month_names[] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december",
};

static const char *const ordinals[] = { "1st", "2nd", "3rd", "4th", "5th" };

/* The index of a name, or of its first three letters and more; -1: none. */
static int
name_index(const char *s, const char *const *names, int n)
{
	size_t len = strlen(s);

	for (int i = 0; i < n; i++)
		if (len >= 3 && strncasecmp(s, names[i], len) == 0)
			return i;
	return -1;
}

bool
when_layer(const char *s, struct when *w)
{
	struct when layer = { .kind = WHEN_HALF };
	int i;

	if (strcmp(s, "all_day") == 0) {
		layer.kind = WHEN_ALWAYS;
	} else if (strcmp(s, "weekdays") == 0) {
		layer.weekdays = EVERY_WEEKDAY & ~(SATURDAY | SUNDAY);
	} else if (strcmp(s, "weekends") == 0) {
		layer.weekdays = SATURDAY | SUNDAY;
	} else {
		for (i = 0; i < 7; i++)
			if (strcmp(s, weekday_names[i]) == 0)
				break;
		if (i == 7)
			return false;
		layer.kind = WHEN_WEEKDAY;
		layer.weekdays = 1u << i;
	}
	*w = layer;
	return true;
}

static int
month_length(int year, int month)
{
	return (int)(civil_to_days(year, month + 1, 1) -
	    civil_to_days(year, month, 1));
}

static bool
two_digits(const char *s, int *out)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return false;
	*out = (s[0] - '0') * 10 + s[1] - '0';
	return true;
}

/* "MM-DD", of any year: 02-29 is one. */
static bool
month_day(const char *s, int *month, int *day)
{
	int m, d;

	if (strlen(s) != 5 || s[2] != '-' || !two_digits(s, &m) ||
	    !two_digits(s + 3, &d) || m < 1 || m > 12 || d < 1 ||
	    d > month_length(2000, m))
		return false;
	*month = m;
	*day = d;
	return true;
}

/* "A..B" cut in two; false if it is no such text. */
static bool
cut_range(const char *s, char a[WORD_MAX], const char **b)
{
	const char *dots = strstr(s, "..");

	if (dots == NULL || dots - s >= WORD_MAX)
		return false;
	memcpy(a, s, (size_t)(dots - s));
	a[dots - s] = '\0';
	*b = dots + 2;
	return true;
}

static bool
parse_range(const char *s, struct when *w, const char **why)
{
	char from[WORD_MAX];
	const char *to;

	if (!cut_range(s, from, &to))
		return false;
	w->kind = WHEN_SPAN;
	if (value_date(from, &w->first) && value_date(to, &w->last)) {
		if (w->first <= w->last)
			return true;
		*why = "ends before it begins";
		return false;
	}
	w->kind = WHEN_SEASON;
	if (month_day(from, &w->month, &w->day) &&
	    month_day(to, &w->last_month, &w->last_day))
		return true;
	*why = "must be two dates of one kind, like 2026-07-01..2026-08-31 "
	    "or 12-20..01-06";
	return false;
}

static bool
parse_easter(const char *s, struct when *w, const char **why)
{
	int64_t days = 0;

	w->kind = WHEN_EASTER;
	s += strlen("easter");
	if (*s == '\0')
		return true;
	*why = "must be like easter, easter-2 or easter+50, a year away at "
	    "most";
	if ((*s != '+' && *s != '-') ||
	    !value_int(s + 1, 0, OFFSET_MAX, &days))
		return false;
	w->offset = (int)(*s == '-' ? -days : days);
	return true;
}

/* Cut s into words; their number, 0 if there are too many or one is too
 * long. */
static int
cut_words(const char *s, char words[WORDS][WORD_MAX])
{
	int n = 0;

	while (*s != '\0') {
		size_t len = strcspn(s, " ");

		if (len > 0) {
			if (n == WORDS || len >= WORD_MAX)
				return 0;
			memcpy(words[n], s, len);
			words[n++][len] = '\0';
		}
		s += len + (s[len] == ' ');
	}
	return n;
}

static bool
parse_nth(const char *s, struct when *w, const char **why)
{
	char words[WORDS][WORD_MAX];
	int month;

	*why = "must be a date (2026-12-24, 12-25), two of them with .. "
	    "between, easter-2 or '4th thursday of november'";
	if (cut_words(s, words) != WORDS || strcasecmp(words[2], "of") != 0)
		return false;
	w->kind = WHEN_NTH;
	w->nth = strcasecmp(words[0], "last") == 0 ? -1 :
	    1 + name_index(words[0], ordinals, 5);
	w->weekday = name_index(words[1], weekday_names, 7);
	month = name_index(words[3], month_names, 12);
	w->month = month + 1;
	return w->nth != 0 && w->weekday >= 0 && month >= 0;
}

bool
when_date(const char *s, struct when *w, const char **why)
{
	struct when x = { .kind = WHEN_DATE };
	bool good;

	*why = "";
	if (value_date(s, &x.first)) {
		x.last = x.first;
		good = true;
	} else if (month_day(s, &x.month, &x.day)) {
		x.kind = WHEN_YEARLY;
		good = true;
	} else if (strstr(s, "..") != NULL) {
		good = parse_range(s, &x, why);
	} else if (strncasecmp(s, "easter", strlen("easter")) == 0) {
		good = parse_easter(s, &x, why);
	} else {
		good = parse_nth(s, &x, why);
	}
	if (good)
		*w = x;
	return good;
}

/* The Gregorian computus as Meeus gives it (Astronomical Algorithms, ch. 8;
 * first in Nature, 20 April 1876). */
int64_t
when_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return civil_to_days(year, n / 31, n % 31 + 1);
}

/* Easter may be another year's: its neighbour's, when a year away. */
static bool
has_easter(const struct when *w, int64_t date, int year)
{
	for (int y = year - 1; y <= year + 1; y++)
		if (y >= YEAR_MIN - 1 && when_easter(y) + w->offset == date)
			return true;
	return false;
}

static bool
has_nth(const struct when *w, int64_t date, int year, int month, int day)
{
	if (month != w->month || civil_weekday(date) != w->weekday)
		return false;
	if (w->nth < 0)
		return day + 7 > month_length(year, month);
	return (day - 1) / 7 + 1 == w->nth;
}

/* From one day of the year to another, over New Year if need be. */
static bool
has_season(const struct when *w, int month, int day)
{
	int at = month * 32 + day;
	int from = w->month * 32 + w->day;
	int to = w->last_month * 32 + w->last_day;

	return from <= to ? at >= from && at <= to : at >= from || at <= to;
}

bool
when_has(const struct when *w, int64_t date)
{
	int year, month, day;

	civil_from_days(date, &year, &month, &day);
	switch (w->kind) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_HALF:
	case WHEN_WEEKDAY:
		return (w->weekdays >> civil_weekday(date) & 1) != 0;
	case WHEN_SEASON:
		return has_season(w, month, day);
	case WHEN_SPAN:
	case WHEN_DATE:
		return date >= w->first && date <= w->last;
	case WHEN_NTH:
		return has_nth(w, date, year, month, day);
	case WHEN_EASTER:
		return has_easter(w, date, year);
	case WHEN_YEARLY:
		return month == w->month && day == w->day;
	case WHEN_NKINDS:
		break;
	}
	return false;
}
