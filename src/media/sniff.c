#include "media/sniff.h"

#include <stdbool.h>

#define TEXT_MIN	16	/* bytes: fewer are no sample */

/* Every container that airs has control characters in its first bytes: sizes,
 * versions, sync words.  Text has none; what is beyond ASCII may be text in
 * any of its encodings. */
static bool
is_text(uint8_t c)
{
	return c >= 0x20 ? c != 0x7f : c == '\t' || c == '\n' || c == '\r' ||
	    c == '\f';
}

const char *
sniff(const uint8_t *head, size_t n)
{
	size_t i = 0;

	while (i < n && is_text(head[i]))
		i++;
	return i == n && n >= TEXT_MIN ? "is text, no media file" : NULL;
}
