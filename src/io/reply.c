#include "io/reply.h"

#include <inttypes.h>
#include <stddef.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 302, "Found" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 421, "Misdirected Request" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

/* The phrase may be empty (RFC 9112 4), so an unlisted status is no error. */
static const char *
reason_find(int status)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

void
reply_stream(struct buf *out)
{
	buf_adds(out, "HTTP/1.1 200 OK\r\n"
	    "Content-Type: video/mp2t\r\n"
	    "Cache-Control: no-cache, no-store, must-revalidate\r\n"
	    "Connection: close\r\n"
	    "\r\n");
}

static uint64_t
body_length(const struct http_answer *a)
{
	return a->ring != NULL ? a->to - a->from :
	    a->body.len + (a->blob != NULL ? a->blob->len : 0);
}

/* An answer of 304 has the fields of the one that it spares, but tells of no
 * body (RFC 9110 15.4.5); one to HEAD need not say how long a body would be
 * that has not been made for it (9.3.2). */
static void
body_say(struct buf *out, const struct http_answer *a, bool head)
{
	if (a->status == 304)
		return;
	buf_addf(out, "Content-Type: %s\r\n", a->type != NULL ? a->type :
	    "text/plain; charset=utf-8");
	if (!head || body_length(a) > 0)
		buf_addf(out, "Content-Length: %" PRIu64 "\r\n",
		    body_length(a));
}

void
reply_document(struct buf *out, struct http_answer *a, bool head,
    bool keep_alive)
{
	if (body_length(a) == 0 && a->status >= 400) {
		buf_addf(&a->body, "%d %s\n", a->status,
		    reason_find(a->status));
		a->type = NULL;
	}
	buf_addf(out, "HTTP/1.1 %d %s\r\n", a->status,
	    reason_find(a->status));
	body_say(out, a, head);
	buf_addf(out, "Cache-Control: %s\r\n",
	    a->cache != NULL ? a->cache : "no-cache");
	if (a->allow != NULL)
		buf_addf(out, "Allow: %s\r\n", a->allow);
	buf_add(out, a->fields.data, a->fields.len);
	buf_addf(out, "Connection: %s\r\n\r\n",
	    keep_alive ? "keep-alive" : "close");
	if (!head && a->status != 304)
		buf_add(out, a->body.data, a->body.len);
}
