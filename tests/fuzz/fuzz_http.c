/* Requests: the same however the bytes are cut, and what is good is what it
 * says it is.  The first byte says how they are cut. */

#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "io/request.h"

#define REQUESTS	4	/* of one connection */

static const struct request_limits limits = {
	.line = 4096, .head = 16384, .fields = 64,
};

struct seen {
	int status[REQUESTS];
	struct buf text[REQUESTS];
	size_t n;
};

static void
take(struct seen *s, struct request *r)
{
	struct buf *t = &s->text[s->n];

	s->status[s->n++] = r->status;
	if (r->status != 200)
		return;
	need(r->path[0] == '/' && utf8_is_valid(r->path));
	need(!(r->head && r->post));
	buf_addf(t, "%d %d %d %s %s", r->head, r->post, r->keep_alive,
	    r->path, r->query);
	for (int i = 0; i < FIELD_NKEPT; i++)
		buf_addf(t, "\n%s",
		    request_value(r, (enum request_field)i));
	buf_addf(t, "\n%d", request_takes_gzip(r));
	need(t->len < 4 * limits.head);
}

static void
feed(const uint8_t *p, size_t n, size_t piece, struct seen *s)
{
	struct request r;

	request_init(&r, &limits);
	while (n > 0 && s->n < REQUESTS) {
		size_t some = n < piece ? n : piece;
		size_t took = request_feed(&r, p, some);

		need(took <= some && (took > 0 || r.status != 0));
		p += took;
		n -= took;
		if (r.status == 0)
			continue;
		take(s, &r);
		if (!r.keep_alive)
			break;
		request_reset(&r);
	}
	request_fini(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { 0 }, cut = { 0 };

	if (size < 2)
		return 0;
	feed(data + 1, size - 1, size, &whole);
	feed(data + 1, size - 1, data[0] % 61 + 1u, &cut);
	need(whole.n == cut.n);
	for (size_t i = 0; i < whole.n; i++) {
		need(whole.status[i] == cut.status[i]);
		need(whole.text[i].len == cut.text[i].len);
		need(whole.text[i].len == 0 || memcmp(whole.text[i].data,
		    cut.text[i].data, cut.text[i].len) == 0);
		buf_fini(&whole.text[i]);
		buf_fini(&cut.text[i]);
	}
	return 0;
}
