#include "plan/glob.h"

#include <stddef.h>
#include <string.h>

/* Where to go on when what follows a star does not match: the star takes
 * one character (or directory) more of the path. */
struct retry {
	const char *pattern;	/* behind the star; NULL: no star yet */
	const char *path;
	bool dirs;		/* "**" + '/': whole directories */
};

/* The length of the UTF-8 character at s, 1 for a byte that begins none. */
static size_t
char_len(const char *s)
{
	size_t n = 1;

	if ((unsigned char)s[0] < 0xc0)
		return 1;
	while (n < 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* As a number that orders as the characters do. */
static unsigned long
char_value(const char *s)
{
	size_t n = char_len(s);
	unsigned long v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)s[i];
	return v;
}

/* The end of the set that begins at the '[' at p, or NULL where it is not
 * closed; *in tells if c belongs to it.  A ']' that comes first is itself. */
static const char *
match_set(const char *p, unsigned long c, bool *in)
{
	bool negated = p[1] == '!' || p[1] == '^';
	const char *first = p + 1 + negated;
	bool found = false;

	for (p = first; *p != ']' || p == first;) {
		unsigned long low, high;

		if (*p == '\\' && p[1] != '\0')
			p++;
		if (*p == '\0' || *p == '/')
			return NULL;
		low = high = char_value(p);
		p += char_len(p);
		if (p[0] == '-' && p[1] != ']' && p[1] != '\0') {
			high = char_value(++p);
			p += char_len(p);
		}
		found |= low <= c && c <= high;
	}
	*in = found != negated;
	return p + 1;
}

/* Match one character that is no star; both pointers move on if it does. */
static bool
match_one(const char **p, const char **t)
{
	const char *end;
	bool in;

	if (**t == '\0' || **p == '\0')
		return false;
	if (**p == '[' && **t != '/' &&
	    (end = match_set(*p, char_value(*t), &in)) != NULL) {
		if (!in)
			return false;
		*p = end;
		*t += char_len(*t);
		return true;
	}
	if (**p == '?') {
		if (**t == '/')
			return false;
		(*p)++;
		*t += char_len(*t);
		return true;
	}
	if (**p == '\\' && (*p)[1] != '\0') {
		if ((*p)[1] != **t)
			return false;
		(*p)++;
	} else if (**p != **t) {
		return false;
	}
	(*p)++;
	(*t)++;
	return true;
}

/* Pass the stars at p, and note where to come back to.  What an earlier star
 * took needs no second thought once a later one of its kind is reached: the
 * later one can take whatever comes between. */
static const char *
pass_stars(const char *pattern, const char *p, const char *t,
    struct retry *star, struct retry *deep)
{
	bool begins = p == pattern || p[-1] == '/';
	size_t n = strspn(p, "*");

	p += n;
	if (n == 1) {
		*star = (struct retry){ .pattern = p, .path = t };
		return p;
	}
	*deep = (struct retry){ .path = t, .dirs = begins && *p == '/' };
	p += deep->dirs;
	deep->pattern = p;
	star->pattern = NULL;
	return p;
}

static bool
try_again(struct retry *star, struct retry *deep)
{
	const char *slash;

	if (star->pattern != NULL && *star->path != '\0' &&
	    *star->path != '/') {
		star->path += char_len(star->path);
		return true;
	}
	star->pattern = NULL;
	if (deep->pattern == NULL || *deep->path == '\0')
		return false;
	if (!deep->dirs) {
		deep->path += char_len(deep->path);
		return true;
	}
	if ((slash = strchr(deep->path, '/')) == NULL)
		return false;
	deep->path = slash + 1;
	return true;
}

bool
glob_match(const char *pattern, const char *path)
{
	struct retry star = { 0 }, deep = { 0 };
	const char *p = pattern, *t = path;

	for (;;) {
		if (*p == '*') {
			p = pass_stars(pattern, p, t, &star, &deep);
		} else if (*p == '\0' && *t == '\0') {
			return true;
		} else if (!match_one(&p, &t)) {
			if (!try_again(&star, &deep))
				return false;
			p = star.pattern != NULL ? star.pattern : deep.pattern;
			t = star.pattern != NULL ? star.path : deep.path;
		}
	}
}

bool
glob_is_pattern(const char *text)
{
	return text[strcspn(text, "*?[\\")] != '\0';
}
