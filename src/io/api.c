#include "io/api.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/instant.h"
#include "base/uri.h"
#include "io/answer.h"
#include "io/document.h"
#include "io/guide_json.h"

#define SPAN_NS		(86400 * NS_PER_S)	/* where no end is asked for */

/* They are there before there is a guide. */
void
api_get_channels(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *doc = json_object(), *list = json_array();

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++) {
		const struct chan *ch = feed_chan(g->feeds[i]);
		const struct guide facts = {
			.slug = ch->slug, .number = ch->number,
			.name = ch->name, .group = ch->group,
			.language = ch->language, .logo = ch->logo,
		};

		json_array_append_new(list, guide_json_channel(&facts));
	}
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

static void
answer_built(struct http_answer *a)
{
	a->status = 200;
	a->type = "application/json";
}

/* ---- The guide */

struct question {
	int64_t from_ns, to_ns;
	char *channel;			/* NULL: all */
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

/* What is wrong with it, or NULL. */
static const char *
question_read(struct question *w, const struct pages *g, const char *query)
{
	int64_t now = g->now(g->ctx);

	if (!read_instant(query, "from", now, &w->from_ns) ||
	    !read_instant(query, "to", w->from_ns + SPAN_NS, &w->to_ns))
		return "from and to are times like 2026-01-15T14:30:00Z, or "
		    "milliseconds since 1970";
	if (w->to_ns <= w->from_ns)
		return "to is not after from";
	w->channel = uri_query(query, "channel");
	return NULL;
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
add_guide(struct buf *out, const struct book *b, const struct question *w,
    const struct book_channel *only)
{
	buf_adds(out, "{");
	add_instant(out, "from", w->from_ns);
	buf_adds(out, ",");
	add_instant(out, "to", w->to_ns);
	buf_adds(out, ",\"channels\":[");
	for (size_t i = 0; i < b->n; i++) {
		if (only != NULL && only != &b->channels[i])
			continue;
		if (only == NULL && i > 0)
			buf_adds(out, ",");
		add_channel(out, &b->channels[i], w);
	}
	buf_adds(out, "]}\n");
}

void
api_get_guide(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct book *b = guides_book(g->guides);
	struct question w = { 0 };
	const struct book_channel *only = NULL;
	const char *why = question_read(&w, g, q->query);

	if (why != NULL) {
		answer_text(a, 400, why);
	} else if (b == NULL) {
		document_later(a, "the guide is still being made");
	} else if (w.channel != NULL &&
	    (only = book_find(b, w.channel)) == NULL) {
		answer_text(a, 404, "no such channel");
	} else {
		add_guide(&a->body, b, &w, only);
		answer_built(a);
	}
	free(w.channel);
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
	answer_built(a);
}
