#include "base/err.h"

#include <string.h>

#define NAME_MAX_LEN	64	/* nobody mistypes more; bounds the work */

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its restricted form (optimal string
 * alignment): insert, delete, replace, swap two neighbours.  Three rows of
 * the table are enough.  Both lengths are at most NAME_MAX_LEN. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned rows[3][NAME_MAX_LEN + 1] = { { 0 } };

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *before = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j],
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

const char *
err_suggest(const char *written, const char *const *names, size_t n)
{
	size_t len = strnlen(written, NAME_MAX_LEN + 1);
	unsigned limit = len < 3 ? 1 : (unsigned)len / 3;
	unsigned best = limit + 1;
	const char *found = NULL;

	if (len == 0 || len > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t nlen = strnlen(names[i], NAME_MAX_LEN + 1);
		unsigned d;

		if (nlen > len + limit || nlen + limit < len ||
		    nlen > NAME_MAX_LEN)
			continue;
		d = distance(written, len, names[i], nlen);
		if (d < best) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
