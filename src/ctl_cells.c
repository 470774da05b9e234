#include "ctl_cells.h"

#include <stdint.h>
#include <wchar.h>

#include "base/utf8.h"

/* Of the character at p, whose length goes to *len. */
static size_t
cells_at(const char *p, size_t *len)
{
	const uint8_t *u = (const uint8_t *)p;
	size_t n = utf8_len(u);
	int cells = n != 0 ? wcwidth((wchar_t)utf8_get(u, n)) : 1;

	*len = n != 0 ? n : 1;
	return cells >= 0 ? (size_t)cells : 1;
}

size_t
cells_width(const char *text)
{
	size_t cells = 0, len;

	for (; *text != '\0'; text += len)
		cells += cells_at(text, &len);
	return cells;
}

size_t
cells_fit(const char *text, size_t cells)
{
	size_t n = 0, taken = 0, len;

	while (text[n] != '\0' &&
	    (taken += cells_at(text + n, &len)) <= cells)
		n += len;
	return n;
}
