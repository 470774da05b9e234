#include "media/title.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/xmem.h"

static int
is_trail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* The length of the UTF-8 sequence (Unicode 15, table 3-7) that begins at
 * s, NUL-terminated; 0 where none does. */
static size_t
sequence_len(const unsigned char *s)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t i, n;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		lo = 0xa0;		/* overlong */
	else if (s[0] == 0xed)
		hi = 0x9f;		/* surrogates */
	else if (s[0] == 0xf0)
		lo = 0x90;		/* overlong */
	else if (s[0] == 0xf4)
		hi = 0x8f;		/* beyond U+10FFFF */
	if (s[1] < lo || s[1] > hi)
		return 0;
	for (i = 2; i < n; i++) {
		if (!is_trail(s[i]))
			return 0;
	}
	return n;
}

static void
clean(char *text)
{
	unsigned char *s = (unsigned char *)text;
	size_t n;

	for (; *s != '\0'; s += n) {
		if ((n = sequence_len(s)) == 0 || *s < 0x20 || *s == 0x7f) {
			*s = '?';
			n = 1;
		}
	}
}

char *
title_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	char *title;

	if (dot != NULL && dot != name)
		title = xstrndup(name, (size_t)(dot - name));
	else
		title = xstrdup(name);
	clean(title);
	return title;
}
