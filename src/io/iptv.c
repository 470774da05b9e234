#include "io/iptv.h"

#include <string.h>

#include "io/answer.h"
#include "io/document.h"
#include "media/card.h"
#include "plan/m3u.h"
#include "plan/seed.h"

#define LOGO_CACHE	"max-age=3600"

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

void
iptv_get_xmltv(struct pages *g, const struct http_request *q,
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
