#include "media/title.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"

static void
clean(char *text)
{
	unsigned char *s = (unsigned char *)text;
	size_t n;

	for (; *s != '\0'; s += n) {
		if ((n = utf8_len(s)) == 0 || *s < 0x20 || *s == 0x7f) {
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
