#include "ts/check_parts.h"

#include <string.h>

#include "base/utf8.h"

#define DVB_UTF8	0x15	/* EN 300 468 annex A.2 */
#define DVB_ISO		0x10	/* two more bytes say which 8859 */
#define FIRST_LETTER	0x20
#define CHARACTER_MAX	4	/* bytes */

/* One character of s into out; the bytes it took. */
static size_t
utf8_put(char *out, size_t *at, const uint8_t *s, size_t len)
{
	uint8_t c[CHARACTER_MAX + 1] = { 0 };
	size_t n;

	memcpy(c, s, len < CHARACTER_MAX ? len : CHARACTER_MAX);
	n = utf8_len(c);
	if (n == 0 || c[0] < FIRST_LETTER || c[0] == 0x7f ||
	    (c[0] == 0xc2 && c[1] < 0xa0)) {
		out[(*at)++] = '?';
		return n != 0 ? n : 1;
	}
	memcpy(out + *at, c, n);
	*at += n;
	return n;
}

void
check_name(char out[CHECK_NAME_MAX], const uint8_t *s, size_t len)
{
	bool utf8 = len > 0 && s[0] == DVB_UTF8;
	size_t at = 0, i = 0;

	if (len > 0 && s[0] < FIRST_LETTER)
		i = s[0] == DVB_ISO ? 3 : 1;
	while (i < len && at < CHECK_NAME_MAX - 1 - CHARACTER_MAX) {
		/* Of all other character sets only ASCII is told. */
		if (!utf8 && s[i] >= 0x80) {
			out[at++] = '?';
			i++;
		} else {
			i += utf8_put(out, &at, s + i, len - i);
		}
	}
	out[at] = '\0';
}
