/* Requests to what answers them, as somebody trusted, as somebody who is not,
 * and over TCP: every answer is one of those there are, its head is fields and
 * nothing else, its JSON is JSON; only who is trusted changes something.  The
 * first byte says who asks. */

#include <jansson.h>

#include "base/length.h"
#include "tiny.h"

#define REQUESTS	4	/* of one connection */

static const struct request_limits limits = {
	.line = 4096, .head = 16384, .fields = 64,
};

static const struct http_peer peers[] = {
	{ .control = true, .trusted = true, .uid = 0, .pid = 1 },
	{ .control = true, .uid = 65534, .pid = 2 },
	{ .control = false },
};

static struct tiny tiny;

/* Lines that end in CR LF, each a name, a colon and a value. */
static void
check_head(const struct buf *head)
{
	const char *p = (const char *)head->data, *end = p + head->len;

	need(head->len > 4 && memcmp(end - 4, "\r\n\r\n", 4) == 0);
	need(memcmp(p, "HTTP/1.1 ", 9) == 0);
	for (; p < end - 2; p++) {
		const char *eol = memchr(p, '\r', (size_t)(end - p));

		need(eol != NULL && eol[1] == '\n' && eol > p);
		need(memchr(p, '\n', (size_t)(eol - p)) == NULL);
		need(memchr(p, '\0', (size_t)(eol - p)) == NULL);
		need(p == (const char *)head->data ||
		    memchr(p, ':', (size_t)(eol - p)) != NULL);
		p = eol + 1;
	}
}

static void
check_answer(struct http_answer *a, const struct http_request *q)
{
	static const int statuses[] = { 200, 202, 302, 304, 400, 403, 404, 405,
	    409, 421, 503 };
	struct buf head = { 0 };
	bool known = false;

	for (size_t i = 0; i < LENGTH(statuses); i++)
		known |= a->status == statuses[i];
	need(known);
	need(a->status != 405 || a->allow != NULL);
	need(!q->post || a->status >= 400 || q->from.trusted ||
	    strstr(q->path, "/lineup.post") != NULL);
	if (a->type != NULL && strcmp(a->type, "application/json") == 0) {
		json_t *j = json_loadb((const char *)a->body.data,
		    a->body.len, 0, NULL);

		need(j != NULL);
		json_decref(j);
	}
	reply_document(&head, a, true, true);
	check_head(&head);
	buf_fini(&head);
}

/* A file to take over with is looked at first, and the first guide is waited
 * for: answered later, to a connection that there is none of here. */
static bool
waits(const struct http_request *q)
{
	if (!q->head && strcmp(q->path, "/iptv/xmltv.xml") == 0)
		return true;
	return q->post && q->from.trusted && strstr(q->query, "file=") !=
	    NULL && strstr(q->path, "/takeover") != NULL;
}

static void
ask(struct request *r, struct http_peer from)
{
	struct http_request q = tiny_request(r, from);
	struct http_answer a = { 0 };

	if (waits(&q))
		return;
	pages_answer(&tiny.pages, &q, &a);
	pages_count(&tiny.pages, q.path, a.status);
	check_answer(&a, &q);
	/* There are as many counters as pages and statuses. */
	need(tiny.pages.routes.n < 500);
	tiny_answer_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request r;
	size_t n = 0;

	if (tiny.station == NULL)
		tiny_init(&tiny);
	if (size < 2)
		return 0;
	request_init(&r, &limits);
	for (size_t at = 1; at < size && n < REQUESTS;) {
		at += request_feed(&r, data + at, size - at);
		if (r.status == 0)
			break;
		n++;
		if (r.status != 200)
			break;
		ask(&r, peers[data[0] % LENGTH(peers)]);
		if (!r.keep_alive)
			break;
		request_reset(&r);
	}
	request_fini(&r);
	return 0;
}
