#include "io/iptv.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/answer.h"
#include "io/document.h"
#include "media/card.h"
#include "plan/m3u.h"
#include "plan/seed.h"

#define LOGO_CACHE	"max-age=3600"
#define WAIT_MS		20000	/* for the first guide */

static void
answer_list(struct pages *g, const struct http_request *q,
    enum m3u_streams streams, struct http_answer *a)
{
	struct buf base = { 0 };

	station_base_url(g->station, q->host, &base);
	m3u_add_head(&a->body, buf_str(&base));
	for (size_t i = 0; i < g->nfeeds; i++)
		m3u_add_channel(&a->body, buf_str(&base),
		    feed_chan(g->feeds[i]), g->station->name, streams);
	a->status = 200;
	a->type = "audio/x-mpegurl; charset=utf-8";
	answer_anywhere(a);
	buf_fini(&base);
}

void
iptv_get_m3u(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	answer_list(g, q, M3U_TS, a);
}

void
iptv_get_hls(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	answer_list(g, q, M3U_HLS, a);
}

/* Packed and plain are two representations, so they have two tags. */
static void
answer_packed(struct book *b, const char *base, const struct http_request *q,
    struct http_answer *a)
{
	const struct shelf_item *i = book_packed(b, base);

	if (i == NULL) {
		document_later(a, "too many clients at once");
		return;
	}
	if (document_begin(a, q, seed_add(i->print, 1), b->made_s))
		return;
	buf_adds(&a->fields, "Content-Encoding: gzip\r\n");
	a->blob = blob_ref(i->blob);
}

static void
answer_plain(struct book *b, const char *base, const struct http_request *q,
    struct http_answer *a)
{
	uint64_t print = book_add_head(&a->body, b, base);

	if (!document_begin(a, q, print, b->made_s))
		a->blob = blob_ref(b->body);
}

static void
answer_xmltv(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct book *b = guides_book(g->guides);
	struct buf base = { 0 };

	if (b == NULL) {
		document_later(a, "the guide is still being made");
		return;
	}
	station_base_url(g->station, q->host, &base);
	a->type = "application/xml; charset=utf-8";
	buf_adds(&a->fields, "Vary: Accept-Encoding\r\n");
	answer_anywhere(a);
	if (q->gzip)
		answer_packed(b, buf_str(&base), q, a);
	else
		answer_plain(b, buf_str(&base), q, a);
	buf_fini(&base);
}

/* ---- Who asks before there is a guide.  Some take whatever they get for the
 * guide of the next hour, and they are started when we are. */

struct asked {
	struct guides_waiter waiter;
	uv_timer_t timer;
	struct pages *pages;
	struct http_ticket *ticket;
	char *host;
	bool gzip;
};

static void
on_timer_closed(uv_handle_t *h)
{
	struct asked *w = h->data;

	free(w->host);
	free(w);
}

/* What it has of an older guide is not asked: there was none to have. */
static void
asked_settle(struct asked *w)
{
	const struct http_request q = {
		.host = w->host, .gzip = w->gzip,
		.if_none_match = "", .if_modified_since = "",
	};
	struct http_answer a = { 0 };

	answer_xmltv(w->pages, &q, &a);
	http_settle(w->ticket, &a);
	uv_close((uv_handle_t *)&w->timer, on_timer_closed);
}

static void
on_book(struct guides_waiter *waiter)
{
	asked_settle((struct asked *)(void *)((char *)waiter -
	    offsetof(struct asked, waiter)));
}

static void
on_asked_long(uv_timer_t *t)
{
	struct asked *w = t->data;

	guides_leave(&w->waiter);
	asked_settle(w);
}

static void
hold(struct pages *g, const struct http_request *q)
{
	struct asked *w = xcalloc(1, sizeof *w);

	w->pages = g;
	w->ticket = http_hold(q);
	w->host = xstrdup(q->host);
	w->gzip = q->gzip;
	w->waiter.on_book = on_book;
	guides_await(g->guides, &w->waiter);
	uv_timer_init(g->loop, &w->timer);
	w->timer.data = w;
	uv_timer_start(&w->timer, on_asked_long, WAIT_MS, 0);
}

void
iptv_get_xmltv(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	if (guides_book(g->guides) == NULL && !q->head)
		hold(g, q);
	else
		answer_xmltv(g, q, a);
}

/* ---- Logos */

/* The operator's file, whatever is in it: an SVG may not run anything. */
static void
answer_file(const struct book_channel *c, const struct http_request *q,
    struct http_answer *a)
{
	buf_adds(&a->fields, "X-Content-Type-Options: nosniff\r\n"
	    "Content-Security-Policy: default-src 'none'; "
	    "style-src 'unsafe-inline'\r\n");
	if (document_begin(a, q, c->logo_print, -1))
		return;
	a->type = c->logo_type;
	a->blob = blob_ref(c->logo);
}

static void
answer_card(const struct chan *ch, const struct http_request *q,
    struct http_answer *a)
{
	if (document_begin(a, q, seed_add(seed_text(ch->slug),
	    seed_text(ch->number)), -1))
		return;
	card_draw(&a->body, ch->slug, ch->number);
	a->type = "image/png";
}

/* The operator may have written anything: one line of a head it stays. */
static void
answer_elsewhere(const char *url, struct http_answer *a)
{
	buf_adds(&a->fields, "Location: ");
	for (; *url != '\0'; url++)
		buf_addf(&a->fields, *url > ' ' && *url < 0x7f ? "%c" : "%%%02X",
		    (unsigned char)*url);
	buf_adds(&a->fields, "\r\n");
	answer_text(a, 302, "it is elsewhere");
}

void
iptv_get_logo(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	const struct chan *ch = feed_chan(f);
	struct book *b = guides_book(g->guides);
	const struct book_channel *c = b != NULL ? book_find(b, ch->slug) :
	    NULL;

	if (ch->logo != NULL && strstr(ch->logo, "://") != NULL) {
		answer_elsewhere(ch->logo, a);
		return;
	}
	a->cache = LOGO_CACHE;
	answer_anywhere(a);
	if (c != NULL && c->logo != NULL)
		answer_file(c, q, a);
	else
		answer_card(ch, q, a);
}
