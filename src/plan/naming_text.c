#include "plan/naming_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/length.h"
#include "base/utf8.h"
#include "base/xmem.h"

#define YEAR_MIN	1888	/* the first film */
#define YEAR_MAX	2039
#define NUMBER_MAX	99999
#define BETWEEN		" -([)]"	/* words */

/* Words of releases.  Those that are also words of titles count only before
 * or behind one that is not. */
static const char *const strong[] = {
	"480p", "480i", "540p", "576p", "576i", "720p", "1080p", "1080i",
	"1440p", "2160p", "4320p", "x264", "h264", "x265", "h265", "hevc",
	"xvid", "divx", "bluray", "brrip", "bdrip", "bdremux", "webrip",
	"webdl", "web-dl", "dvdrip", "hdtv", "pdtv", "hdrip", "tvrip",
	"vhsrip", "blu-ray", "10bit", "8bit",
};
static const char *const weak[] = {
	"web", "dvd", "tv", "proper", "repack", "internal", "extended",
	"uncut", "unrated", "remastered", "remux", "limited", "complete",
	"4k", "uhd", "hdr", "hdr10", "nf", "amzn", "hulu", "dsnp", "atvp",
	"multi", "dual", "dubbed", "subbed", "german", "french", "english",
	"aac", "ac3", "avc", "dts", "vhs", "ntsc", "pal", "dl",
};


bool
naming_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
naming_is_alnum(char c)
{
	return naming_is_digit(c) || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

size_t
naming_number(const char *s, int *value)
{
	size_t n = 0;

	for (*value = 0; naming_is_digit(s[n]); n++)
		if (*value <= NUMBER_MAX)
			*value = *value * 10 + (s[n] - '0');
	if (*value > NUMBER_MAX)
		*value = NUMBER_MAX;
	return n;
}

static bool
is_letter(char c)
{
	return naming_is_alnum(c) && !naming_is_digit(c);
}

/* The dot at s[i] stands for a shortened word, as in S.W.A.T.: behind a
 * letter that stands alone and has such a one beside it. */
static bool
is_initial(const char *s, size_t i)
{
	bool alone = i > 0 && is_letter(s[i - 1]) &&
	    (i == 1 || !naming_is_alnum(s[i - 2]));
	bool before = i > 2 && s[i - 2] == '.' && is_letter(s[i - 3]) &&
	    (i == 3 || !naming_is_alnum(s[i - 4]));
	bool after = is_letter(s[i + 1]) && s[i + 2] == '.';

	return alone && (before || after);
}

static void
add_dot(struct buf *b, const char *s, size_t i)
{
	bool more = is_letter(s[i + 1]) && !naming_is_alnum(s[i + 2]);

	if (is_initial(s, i)) {
		buf_adds(b, ".");
		if (more)
			return;
	}
	buf_adds(b, " ");
}

/* The dashes of typography: U+2012 to U+2015. */
static bool
is_dash(const uint8_t *p)
{
	return p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x92 && p[2] <= 0x95;
}

static void
add_character(struct buf *b, const char *s, size_t i, size_t len,
    bool spaced)
{
	const uint8_t *p = (const uint8_t *)s + i;

	if (len == 0 || utf8_is_control(utf8_get(p, len)))
		buf_adds(b, "?");
	else if (*p == '.' && !spaced)
		add_dot(b, s, i);
	else if (*p == '_' && !spaced)
		buf_adds(b, " ");
	else if (len == 3 && is_dash(p))
		buf_adds(b, "-");
	else
		buf_add(b, p, len);
}

static char *
squeeze(const char *s)
{
	char *out = xmalloc(strlen(s) + 1), *to = out;

	for (; *s != '\0'; s++)
		if (*s != ' ' || (to > out && to[-1] != ' '))
			*to++ = *s;
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

char *
naming_clean(const char *s, size_t n)
{
	char *text = xstrndup(s, n), *out;
	bool spaced = strchr(text, ' ') != NULL;
	struct buf b = { 0 };
	size_t i, len;

	for (i = 0; text[i] != '\0'; i += len > 0 ? len : 1) {
		len = utf8_len((const uint8_t *)text + i);
		add_character(&b, text, i, len, spaced);
	}
	out = squeeze(buf_str(&b));
	buf_fini(&b);
	free(text);
	return out;
}

void
naming_trim(char *s)
{
	size_t from = strspn(s, " -_,:)]}"), n = strlen(s);

	while (n > from && strchr(" -_,([{", s[n - 1]) != NULL)
		n--;
	memmove(s, s + from, n - from);
	s[n - from] = '\0';
}

static int
year_at(const char *s)
{
	int year;

	if (naming_number(s, &year) != 4 || year < YEAR_MIN ||
	    year > YEAR_MAX)
		return 0;
	return year;
}

/* The length of the bracket that opens at s, 0 where it is to stay. */
static size_t
bracket_len(const char *s)
{
	const char *end;

	if ((*s != '[' && *s != '{') ||
	    (end = strchr(s, *s == '[' ? ']' : '}')) == NULL ||
	    (end == s + 5 && year_at(s + 1) != 0))
		return 0;
	return (size_t)(end - s) + 1;
}

void
naming_drop_brackets(char *s, bool all)
{
	char *text = xmalloc(strlen(s) + 1), *to = text, *clean;
	size_t n;

	for (const char *p = s; *p != '\0'; p += n > 0 ? n : 1)
		*to++ = (n = bracket_len(p)) > 0 ? ' ' : *p;
	*to = '\0';
	clean = squeeze(text);
	naming_trim(clean);
	if (all || *clean != '\0')
		memcpy(s, clean, strlen(clean) + 1);
	free(clean);
	free(text);
}

static bool
is_among(const char *s, size_t n, const char *const *words, size_t nwords)
{
	for (size_t i = 0; i < nwords; i++)
		if (strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0)
			return true;
	return false;
}

/* The word at s, its release's group behind a dash not counted. */
static size_t
word_len(const char *s)
{
	size_t n = strcspn(s, " ([)]");

	for (size_t i = n; i-- > 1;)
		if (s[i] == '-' && (is_among(s, i, strong, LENGTH(strong)) ||
		    is_among(s, i, weak, LENGTH(weak))) &&
		    !is_among(s, n, strong, LENGTH(strong)))
			return i;
	return n;
}

static bool
is_strong(const char *s)
{
	size_t n = word_len(s);

	/* "H.264" has lost its dot. */
	return is_among(s, n, strong, LENGTH(strong)) ||
	    strncasecmp(s, "h 264", 5) == 0 ||
	    strncasecmp(s, "h 265", 5) == 0;
}

static bool
is_weak(const char *s, size_t i)
{
	return (i == 0 || s[i - 1] != '-') &&
	    is_among(s + i, word_len(s + i), weak, LENGTH(weak));
}

bool
naming_drop_release(char *s, bool all)
{
	size_t cut = 0, i = 0, n;
	bool found = false;

	/* cut is where the weak words begin that lead up to here. */
	for (; s[i] != '\0' && !found; i += n) {
		if ((n = strspn(s + i, BETWEEN)) > 0)
			continue;
		n = strcspn(s + i, BETWEEN);
		found = is_strong(s + i);
		if (!found && !is_weak(s, i))
			cut = i + n;
	}
	if (!found || (cut == 0 && !all))
		return false;
	s[cut] = '\0';
	naming_trim(s);
	return true;
}

static bool
is_year_bracket(const char *s)
{
	return (*s == '(' || *s == '[') && year_at(s + 1) != 0 &&
	    (s[5] == ')' || s[5] == ']');
}

int
naming_take_year(char *s)
{
	for (size_t i = strlen(s); i-- > 1;) {
		size_t from = i, behind = i + 6;
		int year;

		if (!is_year_bracket(s + i))
			continue;
		year = year_at(s + i + 1);
		while (from > 0 && s[from - 1] == ' ')
			from--;
		memmove(s + from, s + behind, strlen(s + behind) + 1);
		naming_trim(s);
		return year;
	}
	return 0;
}

int
naming_find_year(const char *s, size_t *at)
{
	size_t len = strlen(s);
	int year = 0, y;

	for (size_t i = 1; i < len; i++) {
		if (naming_is_alnum(s[i - 1]) || s[i - 1] == '-' ||
		    (y = year_at(s + i)) == 0 || naming_is_alnum(s[i + 4]))
			continue;
		year = y;
		*at = i;
	}
	return year;
}

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Compare letters and digits alone, up to where one text ends; *rest is
 * what is left of the other. */
static bool
agree(const char *a, const char *b, const char **rest)
{
	size_t same = 0;

	for (;; same++, a++, b++) {
		while (*a != '\0' && !naming_is_alnum(*a))
			a++;
		while (*b != '\0' && !naming_is_alnum(*b))
			b++;
		*rest = *a != '\0' ? a : b;
		if (*a == '\0' || *b == '\0')
			return same > 0;
		if (fold(*a) != fold(*b))
			return false;
	}
}

bool
naming_agree(const char *a, const char *b)
{
	const char *rest;

	return agree(a, b, &rest);
}

bool
naming_equal(const char *a, const char *b)
{
	const char *rest;

	return agree(a, b, &rest) && *rest == '\0';
}
