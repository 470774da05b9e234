#include "io/www.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/answer.h"
#include "io/document.h"
#include "io/www_files.h"
#include "media/gzip.h"
#include "plan/seed.h"

#define PRINT_LEN	16
#define FOR_EVER	"public, max-age=31536000, immutable"

/* Nothing from elsewhere, no script but the page's own, and no text that
 * becomes one.  The player hands what it has fetched over as blob: URLs. */
#define POLICY	"default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self'; connect-src 'self'; media-src 'self' blob:; " \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " \
	"require-trusted-types-for 'script'"

struct document {
	struct blob *plain, *packed;
};

struct www {
	uint64_t print;		/* of everything */
	char text[PRINT_LEN + 1];
	struct document docs[];	/* as www_files */
};

static struct buf
file_read(const struct www_file *f)
{
	struct buf b = { 0 };

	buf_add(&b, f->data, (size_t)(f->end - f->data));
	return b;
}

static void
print_make(struct www *w)
{
	for (size_t i = 0; i < www_nfiles; i++) {
		struct buf b = file_read(&www_files[i]);

		w->print = seed_add(w->print, seed_text(www_files[i].name));
		w->print = seed_add(w->print, seed_text(buf_str(&b)));
		buf_fini(&b);
	}
	(void)snprintf(w->text, sizeof w->text, "%016" PRIx64, w->print);
}

/* The page has the print wherever its file has '@'. */
static void
page_fill(struct buf *b, const char *print)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < b->len; i++) {
		if (b->data[i] == '@')
			buf_adds(&out, print);
		else
			buf_add(&out, &b->data[i], 1);
	}
	buf_fini(b);
	*b = out;
}

/* Takes b's bytes. */
static void
document_make(struct document *d, struct buf *b)
{
	const struct gzip_part nothing = { 0 };
	struct gzip_part all;
	struct buf packed = { 0 };

	(void)gzip_part(&all, b, true, NULL);
	gzip_join(&packed, &nothing, &all);
	buf_fini(&all.deflated);
	d->packed = blob_new(&packed);
	d->plain = blob_new(b);
}

struct www *
www_new(void)
{
	struct www *w = xcalloc(1, sizeof *w + www_nfiles * sizeof *w->docs);

	print_make(w);
	for (size_t i = 0; i < www_nfiles; i++) {
		struct buf b = file_read(&www_files[i]);

		if (i == 0)
			page_fill(&b, w->text);
		document_make(&w->docs[i], &b);
	}
	return w;
}

void
www_free(struct www *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < www_nfiles; i++) {
		blob_unref(w->docs[i].plain);
		blob_unref(w->docs[i].packed);
	}
	free(w);
}

static void
answer_file(const struct www *w, size_t i, const struct http_request *q,
    struct http_answer *a)
{
	const struct document *d = &w->docs[i];

	buf_adds(&a->fields, "X-Content-Type-Options: nosniff\r\n"
	    "Referrer-Policy: no-referrer\r\n"
	    "Vary: Accept-Encoding\r\n");
	/* Packed it is another document to a cache (RFC 9110 8.8.3.3). */
	if (document_begin(a, q, seed_add(w->print, i * 2 + q->gzip), -1))
		return;
	if (q->gzip)
		buf_adds(&a->fields, "Content-Encoding: gzip\r\n");
	a->type = www_files[i].type;
	a->blob = blob_ref(q->gzip ? d->packed : d->plain);
}

void
www_get_page(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	buf_adds(&a->fields, "Content-Security-Policy: " POLICY "\r\n");
	answer_file(g->www, 0, q, a);
}

void
www_get_asset(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const struct www *w = g->www;
	const char *print = q->path + strlen("/assets/");
	const char *name = strchr(print, '/');

	/* A page that another version of us has sent, before it was replaced
	 * or beside us, gets ours, but not for ever. */
	for (size_t i = 1; name != NULL && i < www_nfiles; i++) {
		if (strcmp(name + 1, www_files[i].name) != 0)
			continue;
		if (name - print == PRINT_LEN &&
		    memcmp(print, w->text, PRINT_LEN) == 0)
			a->cache = FOR_EVER;
		answer_file(w, i, q, a);
		return;
	}
	answer_text(a, 404, "no such page");
}
