#include "io/api.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/instant.h"
#include "base/uri.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/document.h"
#include "io/guide_json.h"
#include "media/jsontext.h"
#include "plan/seed.h"

#define MINUTE_NS	(60 * NS_PER_S)
#define SPAN_NS		(86400 * NS_PER_S)	/* where no end is asked for */
#define SPAN_MAX_NS	(2 * SPAN_NS)		/* of all channels */
#define SPAN_ONE_NS	(16 * SPAN_NS)		/* of one: more than it has */

/* They are there before there is a guide. */
void
api_get_channels(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *doc = json_object(), *list = json_array();
	struct buf base = { 0 };

	(void)q;
	station_base_path(g->station, &base);
	for (size_t i = 0; i < g->nfeeds; i++) {
		const struct chan *ch = feed_chan(g->feeds[i]);
		const struct guide facts = {
			.slug = ch->slug, .number = ch->number,
			.name = ch->name, .group = ch->group,
			.language = ch->language, .logo = ch->logo,
		};

		json_array_append_new(list, guide_json_channel(&facts,
		    buf_str(&base)));
	}
	buf_fini(&base);
	json_object_set_new(doc, "station", json_text(g->station->name));
	json_object_set_new(doc, "channels", list);
	answer_json(a, 200, doc);
}

/* The guide is JSON already: documents are put together, not built. */
static void
add_instant(struct buf *out, const char *key, int64_t ns)
{
	json_t *j = json_object();
	char *text;

	guide_json_set_instant(j, key, ns);
	text = json_dumps(j, JSON_COMPACT);
	buf_add(out, text + 1, strlen(text) - 2);
	free(text);
	json_decref(j);
}

/* ---- The guide */

struct question {
	int64_t from_ns, to_ns;
	const struct book_channel *channel;	/* NULL: all */
};

/* An instant of the query; false where it is none. */
static bool
read_instant(const char *query, const char *key, int64_t otherwise,
    int64_t *ns)
{
	char *text = uri_query(query, key);

	*ns = text != NULL ? instant_parse(text) : otherwise;
	free(text);
	return *ns >= 0;
}

/* Who does not say when asks for the same as others in this minute. */
static const char *
read_times(struct question *w, int64_t now, const char *query)
{
	if (!read_instant(query, "from", now - now % MINUTE_NS,
	    &w->from_ns) ||
	    !read_instant(query, "to", w->from_ns + SPAN_NS, &w->to_ns))
		return "from and to are times like 2026-01-15T14:30:00Z, or "
		    "milliseconds since 1970";
	return w->to_ns > w->from_ns ? NULL : "to is not after from";
}

/* False: there is no such channel. */
static bool
read_channel(struct question *w, const struct book *b, const char *query)
{
	char *which = uri_query(query, "channel");
	int64_t span_ns = which != NULL ? SPAN_ONE_NS : SPAN_MAX_NS;
	bool found = true;

	if (which != NULL)
		found = (w->channel = book_find(b, which)) != NULL;
	if (w->to_ns - w->from_ns > span_ns)
		w->to_ns = w->from_ns + span_ns;
	free(which);
	return found;
}

static void
add_channel(struct buf *out, const struct book_channel *c,
    const struct question *w)
{
	size_t from = guide_find(c->guide, w->from_ns);
	size_t to = guide_find(c->guide, w->to_ns - 1);

	if (to < c->guide->n && c->guide->v[to].start_ns < w->to_ns)
		to++;
	buf_adds(out, "{");
	buf_add(out, c->head.data, c->head.len);
	buf_adds(out, ",\"programmes\":[");
	book_add_entries(out, c, from, to);
	buf_adds(out, "]}");
}

static void
add_guide(struct buf *out, const struct book *b, const struct question *w)
{
	size_t begun;

	buf_adds(out, "{");
	add_instant(out, "from", w->from_ns);
	buf_adds(out, ",");
	add_instant(out, "to", w->to_ns);
	buf_adds(out, ",\"channels\":[");
	begun = out->len;
	for (size_t i = 0; i < b->n; i++) {
		if (w->channel != NULL && w->channel != &b->channels[i])
			continue;
		if (out->len > begun)
			buf_adds(out, ",");
		add_channel(out, &b->channels[i], w);
	}
	buf_adds(out, "]}\n");
}

/* NULL: too many are being sent. */
static struct blob *
guide_document(struct book *b, const struct question *w, const char *key)
{
	struct shelf_item *i = shelf_get(&b->answers, key);
	struct buf out = { 0 };

	if (i != NULL && i->blob == NULL) {
		add_guide(&out, b, w);
		i->blob = blob_new(&out);
	}
	return i != NULL ? blob_ref(i->blob) : NULL;
}

/* It is made for who will have it: not for HEAD, nor for who has the same. */
static void
answer_guide(struct book *b, const struct question *w,
    const struct http_request *q, struct http_answer *a)
{
	char *key = xasprintf("%" PRId64 " %" PRId64 " %s", w->from_ns,
	    w->to_ns, w->channel != NULL ? w->channel->guide->slug : "");
	uint64_t print = seed_add(b->print, seed_text(key));

	a->type = "application/json";
	if (!document_begin(a, q, print, -1) && !q->head &&
	    (a->blob = guide_document(b, w, key)) == NULL) {
		buf_reset(&a->fields);
		document_later(a, "too many clients at once");
	}
	free(key);
}

void
api_get_guide(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct book *b = guides_book(g->guides);
	struct question w = { 0 };
	const char *why = read_times(&w, g->now(g->ctx), q->query);

	if (why != NULL)
		answer_text(a, 400, why);
	else if (b == NULL)
		document_later(a, "the guide is still being made");
	else if (!read_channel(&w, b, q->query))
		answer_text(a, 404, "no such channel");
	else
		answer_guide(b, &w, q, a);
}

/* ---- Now */

static void
add_entry(struct buf *out, const char *key, const struct book_channel *c,
    size_t i)
{
	buf_addf(out, ",\"%s\":", key);
	if (i < c->guide->n)
		book_add_entries(out, c, i, i + 1);
	else
		buf_adds(out, "null");
}

void
api_get_now(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct book *b = guides_book(g->guides);
	int64_t now = g->now(g->ctx);
	struct buf *out = &a->body;

	(void)q;
	if (b == NULL) {
		document_later(a, "the guide is still being made");
		return;
	}
	buf_adds(out, "{");
	add_instant(out, "time", now);
	buf_adds(out, ",\"channels\":[");
	for (size_t i = 0; i < b->n; i++) {
		const struct book_channel *c = &b->channels[i];
		size_t at = guide_find(c->guide, now);

		buf_adds(out, i > 0 ? ",{" : "{");
		buf_add(out, c->head.data, c->head.len);
		add_entry(out, "now", c, at);
		add_entry(out, "next", c, at + 1);
		buf_adds(out, "}");
	}
	buf_adds(out, "]}\n");
	a->status = 200;
	a->type = "application/json";
}
