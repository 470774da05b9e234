#include "base/lastwords.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/xmem.h"

/* What ffmpeg says when it has said why already. */
static bool
says_nothing(const char *line, size_t n)
{
	static const char *const idle[] = {
		"Conversion failed!", "    Last message repeated",
	};

	if (n == 0)
		return true;
	for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
		if (n >= strlen(idle[i]) &&
		    memcmp(line, idle[i], strlen(idle[i])) == 0)
			return true;
	return false;
}

/* The last line worth it in text[n], and its length. */
static const char *
find_line(const char *text, size_t n, size_t *len)
{
	for (;;) {
		size_t from;

		while (n > 0 && text[n - 1] == '\n')
			n--;
		for (from = n; from > 0 && text[from - 1] != '\n'; from--)
			;
		*len = n - from;
		if (from == 0 || !says_nothing(text + from, *len))
			return text + from;
		n = from;
	}
}

/* Behind "[context @ address] ", as often as it stands there. */
static void
skip_context(const char **line, size_t *n)
{
	const char *end;

	while (*n > 0 && **line == '[' &&
	    (end = memchr(*line, ']', *n)) != NULL &&
	    memmem(*line, (size_t)(end - *line), " @ 0x", 5) != NULL) {
		*n -= (size_t)(end + 1 - *line);
		*line = end + 1;
		while (*n > 0 && **line == ' ') {
			++*line;
			--*n;
		}
	}
}

/* Behind "file:PATH: "; a path may hold any text, so the last colon counts. */
static void
skip_path(const char **line, size_t *n)
{
	if (*n < 5 || memcmp(*line, "file:", 5) != 0)
		return;
	for (size_t i = *n - 1; i-- > 0;) {
		if ((*line)[i] != ':' || (*line)[i + 1] != ' ')
			continue;
		*line += i + 2;
		*n -= i + 2;
		return;
	}
}

char *
last_words(const char *text, unsigned max)
{
	size_t n;
	const char *line = find_line(text, strlen(text), &n);
	char *words;

	skip_context(&line, &n);
	skip_path(&line, &n);
	while (n > 0 && line[n - 1] == ' ')
		n--;
	words = xstrndup(line, n < max ? n : max);
	for (char *p = words; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	return words;
}
