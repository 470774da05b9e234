#include "plan/naming_parts.h"

#include <string.h>
#include <strings.h>

#define SEPARATORS	" ._-"
#define DIGITS_MAX	4	/* of a season, an episode */

static const char *const season_words[] = {
	"season", "series", "staffel", "saison", "temporada", "stagione",
	NULL
};
static const char *const episode_words[] = {
	"episode", "ep", "folge", "episodio", NULL
};

/* A word may begin at s[i]. */
static bool
begins(const char *s, size_t i)
{
	return i == 0 || !naming_is_alnum(s[i - 1]);
}

static bool
is_letter(char c, char lower)
{
	return c == lower || c == lower - 'a' + 'A';
}

/* Digits at s + *at, at most DIGITS_MAX; *at is then behind them. */
static bool
take_number(const char *s, size_t *at, int *value)
{
	size_t n = naming_number(s + *at, value);

	*at += n;
	return n > 0 && n <= DIGITS_MAX;
}

/* "-E03", "E03", "-03", "-1x03" behind an episode: it has several parts. */
static void
skip_parts(const char *s, size_t *at)
{
	size_t to, n;
	int value;

	for (;; *at = to) {
		to = *at + strspn(s + *at, SEPARATORS);
		if (is_letter(s[to], 'e')) {
			to += 1 + (size_t)is_letter(s[to + 1], 'p');
		} else {
			if (s[*at] != '-' || to != *at + 1)
				return;
			if ((n = naming_number(s + to, &value)) > 0 &&
			    is_letter(s[to + n], 'x'))
				to += n + 1;
		}
		if (!take_number(s, &to, &value) || naming_is_alnum(s[to]))
			return;
	}
}

/* "S01E02", "s1 e2", "S01EP02"; "S2 - 05". */
static bool
is_s_e(const char *s, size_t i, struct naming_mark *m)
{
	size_t to = i + 1;

	if (!is_letter(s[i], 's') || !take_number(s, &to, &m->season))
		return false;
	if (strncmp(s + to, " - ", 3) == 0 && naming_is_digit(s[to + 3])) {
		to += 3;
		if (!take_number(s, &to, &m->episode) ||
		    naming_is_alnum(s[to]))
			return false;
	} else {
		to += strspn(s + to, SEPARATORS);
		if (!is_letter(s[to], 'e'))
			return false;
		to += 1 + (size_t)is_letter(s[to + 1], 'p');
		if (!take_number(s, &to, &m->episode))
			return false;
		skip_parts(s, &to);
	}
	m->end = to;
	return true;
}

/* "1x02", never "1920x1080". */
static bool
is_n_x_n(const char *s, size_t i, struct naming_mark *m)
{
	size_t n = naming_number(s + i, &m->season), digits;

	if (n < 1 || n > 2 || !is_letter(s[i + n], 'x'))
		return false;
	digits = naming_number(s + i + n + 1, &m->episode);
	m->end = i + n + 1 + digits;
	if (digits < 2 || digits > 3 || naming_is_alnum(s[m->end]))
		return false;
	skip_parts(s, &m->end);
	return true;
}

/* "1985-04-12": a season of the year, in the order of its days. */
static bool
is_date(const char *s, size_t i, struct naming_mark *m)
{
	int month, day;

	if (naming_number(s + i, &m->year) != 4 || m->year < 1900 ||
	    m->year > 2099 || strspn(s + i + 4, "-. ") == 0 ||
	    naming_number(s + i + 5, &month) != 2 || s[i + 7] != s[i + 4] ||
	    naming_number(s + i + 8, &day) != 2)
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	m->season = m->year;
	m->episode = month * 100 + day;
	m->end = i + 10;
	return true;
}

/* One of these words at s + i, then a number: its value, or -1. */
static int
word_number(const char *s, size_t i, const char *const *words, size_t *end)
{
	int value;

	for (; *words != NULL; words++) {
		size_t n = strlen(*words), to = i + n;

		if (strncasecmp(s + i, *words, n) != 0)
			continue;
		to += strspn(s + to, SEPARATORS);
		if (take_number(s, &to, &value) && !naming_is_alnum(s[to])) {
			*end = to;
			return value;
		}
	}
	return -1;
}

/* "Season 1, Episode 2". */
static bool
is_words(const char *s, size_t i, struct naming_mark *m)
{
	if ((m->season = word_number(s, i, season_words, &m->end)) < 0)
		return false;
	m->end += strspn(s + m->end, SEPARATORS ",");
	m->episode = word_number(s, m->end, episode_words, &m->end);
	return m->episode >= 0;
}

static bool
is_episode_word(const char *s, size_t i, struct naming_mark *m)
{
	size_t to = i + 1;

	m->episode = word_number(s, i, episode_words, &m->end);
	if (m->episode >= 0) {
		skip_parts(s, &m->end);
		return true;
	}
	if (!is_letter(s[i], 'e') || !naming_is_digit(s[i + 1]) ||
	    !naming_is_digit(s[i + 2]) || !take_number(s, &to, &m->episode) ||
	    naming_is_alnum(s[to]))
		return false;
	m->end = to;
	skip_parts(s, &m->end);
	return true;
}

typedef bool is_mark_fn(const char *s, size_t i, struct naming_mark *m);

static bool
find(const char *s, is_mark_fn *is_mark, struct naming_mark *m)
{
	for (size_t i = 0; s[i] != '\0'; i++) {
		*m = (struct naming_mark){
			.at = i, .season = -1, .episode = -1,
		};
		if (begins(s, i) && is_mark(s, i, m))
			return true;
	}
	return false;
}

bool
naming_find_mark(const char *s, struct naming_mark *m)
{
	return find(s, is_s_e, m) || find(s, is_n_x_n, m) ||
	    find(s, is_words, m) || find(s, is_date, m);
}

bool
naming_find_word(const char *s, struct naming_mark *m)
{
	return find(s, is_episode_word, m);
}

/* "S01", and nothing that goes on. */
static int
short_season(const char *s, size_t i, size_t *end)
{
	int value;

	*end = i + 1;
	if (!is_letter(s[i], 's') || !take_number(s, end, &value) ||
	    naming_is_alnum(s[*end]))
		return -1;
	return value;
}

int
naming_find_season(const char *s, size_t *at, size_t *end)
{
	int season;

	*at = 0;
	*end = strlen(s);
	if (strcasecmp(s, "specials") == 0)
		return 0;
	for (size_t i = 0; s[i] != '\0'; i++) {
		if (!begins(s, i))
			continue;
		*at = i;
		if ((season = word_number(s, i, season_words, end)) >= 0 ||
		    (season = short_season(s, i, end)) >= 0)
			return season;
	}
	return -1;
}
