#include "base/uri.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "base/xmem.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* In place: what is decoded is never longer than what it came from. */
static int
percent_decode(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '%') {
			int hi = hex_value(s[1]);
			int lo = hi < 0 ? -1 : hex_value(s[2]);

			if (lo < 0 || hi + lo == 0)
				return -1;
			*to++ = (char)(hi << 4 | lo);
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return 0;
}

const char *
uri_authority(const char *target, size_t *n)
{
	if (strncasecmp(target, "http://", 7) == 0)
		target += 7;
	else if (strncasecmp(target, "https://", 8) == 0)
		target += 8;
	else
		return NULL;
	*n = strcspn(target, "/?");
	return target;
}

/* Where the path of a target begins, NULL if it has no form we know. */
static char *
path_find(char *target)
{
	const char *host;
	size_t n;

	if (target[0] == '/')
		return target;
	if ((host = uri_authority(target, &n)) == NULL || n == 0)
		return NULL;
	return target + (host - target) + n;
}

int
uri_split(char *target, const char **path, const char **query)
{
	char *p = path_find(target), *q;

	if (p == NULL || strchr(p, '#') != NULL)
		return -1;
	q = strchr(p, '?');
	*query = q != NULL ? q + 1 : "";
	if (q != NULL)
		*q = '\0';
	if (percent_decode(p) < 0 || !utf8_is_valid(p))
		return -1;
	*path = *p != '\0' ? p : "/";
	return 0;
}

static char *
unescape(char *value)
{
	if (percent_decode(value) == 0)
		return value;
	free(value);
	return NULL;
}

char *
uri_unescape(const char *s)
{
	return unescape(xstrdup(s));
}

char *
uri_query(const char *query, const char *key)
{
	size_t n = strlen(key);

	while (strncmp(query, key, n) != 0 || query[n] != '=') {
		query += strcspn(query, "&");
		if (*query++ == '\0')
			return NULL;
	}
	query += n + 1;
	return unescape(xstrndup(query, strcspn(query, "&")));
}

void
uri_add_escaped(struct buf *out, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/:";

	for (; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL)
			buf_add(out, s, 1);
		else
			buf_addf(out, "%%%02X", (unsigned char)*s);
	}
}
