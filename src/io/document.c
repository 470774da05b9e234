#include "io/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "io/answer.h"

#define RETRY_S	5
#define DATE_FORMAT	"%a, %d %b %Y %H:%M:%S GMT"	/* RFC 9110 5.6.7 */

/* One of a list, weak or not: 304 says nothing of the bytes. */
static bool
has_tag(const char *list, const char *tag)
{
	return strcmp(list, "*") == 0 || strstr(list, tag) != NULL;
}

/* False also of a date in one of the forms that nobody sends any more. */
static bool
is_since(const char *date, int64_t modified_s)
{
	struct tm tm = { 0 };
	const char *end = strptime(date, DATE_FORMAT, &tm);

	return end != NULL && *end == '\0' && timegm(&tm) >= modified_s;
}

/* Where a tag is sent it alone counts (13.2.2). */
static bool
is_known(const struct http_request *q, const char *tag, int64_t modified_s)
{
	if (q->if_none_match[0] != '\0')
		return has_tag(q->if_none_match, tag);
	return modified_s >= 0 && q->if_modified_since[0] != '\0' &&
	    is_since(q->if_modified_since, modified_s);
}

bool
document_begin(struct http_answer *a, const struct http_request *q,
    uint64_t print, int64_t modified_s)
{
	time_t t = (time_t)modified_s;
	char tag[32], date[64];
	struct tm tm;

	snprintf(tag, sizeof tag, "\"%016" PRIx64 "\"", print);
	buf_addf(&a->fields, "ETag: %s\r\n", tag);
	if (modified_s >= 0 && gmtime_r(&t, &tm) != NULL &&
	    strftime(date, sizeof date, DATE_FORMAT, &tm) > 0)
		buf_addf(&a->fields, "Last-Modified: %s\r\n", date);
	a->status = is_known(q, tag, modified_s) ? 304 : 200;
	return a->status == 304;
}

void
document_later(struct http_answer *a, const char *text)
{
	buf_addf(&a->fields, "Retry-After: %d\r\n", RETRY_S);
	answer_text(a, 503, text);
}
