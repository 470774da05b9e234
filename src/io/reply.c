#include "io/reply.h"

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

void
reply_document(struct buf *out, struct http_answer *a, bool head,
    bool keep_alive)
{
	const char *type = a->type;

	if (a->body.len == 0 && a->status >= 400) {
		buf_addf(&a->body, "%d %s\n", a->status,
		    reason_find(a->status));
		type = NULL;
	}
	buf_addf(out, "HTTP/1.1 %d %s\r\n", a->status,
	    reason_find(a->status));
	buf_addf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
	    type != NULL ? type : "text/plain; charset=utf-8", a->body.len);
	buf_adds(out, "Cache-Control: no-cache\r\n");
	if (a->allow != NULL)
		buf_addf(out, "Allow: %s\r\n", a->allow);
	buf_addf(out, "Connection: %s\r\n\r\n",
	    keep_alive ? "keep-alive" : "close");
	if (!head)
		buf_add(out, a->body.data, a->body.len);
}
