#include "io/book.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/xmem.h"
#include "io/guide_json.h"
#include "media/logo.h"
#include "media/xmltv.h"
#include "plan/seed.h"

#define LATE_MAX	2	/* logos to wait for on disks that hang */

/* ---- Rendering */

static bool
is_stopped(const volatile int *stop)
{
	return __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

/* "5.1" after "5", "10" after "9". */
static int
compare_numbers(const void *va, const void *vb)
{
	const struct guide *a = *(struct guide *const *)va;
	const struct guide *b = *(struct guide *const *)vb;
	char *a_minor, *b_minor;
	long x = strtol(a->number, &a_minor, 10);
	long y = strtol(b->number, &b_minor, 10);

	if (x == y) {
		x = *a_minor == '.' ? strtol(a_minor + 1, NULL, 10) : -1;
		y = *b_minor == '.' ? strtol(b_minor + 1, NULL, 10) : -1;
	}
	return (x > y) - (x < y);
}

/* Takes doc. */
static void
add_json(struct buf *out, json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);

	if (text != NULL)
		buf_adds(out, text);
	free(text);
	json_decref(doc);
}

/* An object without its braces. */
static void
render_head(struct book_channel *c, const char *base)
{
	add_json(&c->head, guide_json_channel(c->guide, base));
	c->head.len--;
	buf_drain(&c->head, 1);
}

static void
render_entries(struct book_channel *c)
{
	const struct guide *g = c->guide;

	c->at = xcalloc(g->n + 1, sizeof *c->at);
	for (size_t i = 0; i < g->n; i++) {
		c->at[i] = c->entries.len;
		add_json(&c->entries, guide_json_entry(g, &g->v[i]));
		buf_adds(&c->entries, ",");
	}
	c->at[g->n] = c->entries.len;
}

/* Where disks do not answer the cards of the others do for today. */
static void
read_logo(struct book_channel *c, const volatile int *stop, int *late)
{
	const char *path = c->guide->logo, *why;
	struct buf bytes = { 0 };

	if (path == NULL || strstr(path, "://") != NULL || *late == LATE_MAX)
		return;
	c->logo_type = logo_read(path, &bytes, &why, stop);
	if (c->logo_type != NULL) {
		c->logo_print = seed_add(crc32_z(0, bytes.data,
		    bytes.len), bytes.len);
		c->logo = blob_new(&bytes);
		return;
	}
	c->logo_fault = xasprintf("the logo %s", why);
	*late += why == logo_late;
}

static void
fingerprint(struct book *b, struct buf *body)
{
	b->print = seed_add(seed_text(buf_str(body)), seed_text(b->station));
	for (size_t i = 0; i < b->n; i++)
		b->print = seed_add(b->print,
		    seed_text(buf_str(&b->channels[i].head)));
}

static bool
render(struct book *b, const char *base, const volatile int *stop)
{
	struct buf body = { 0 };
	bool whole;
	int late = 0;

	for (size_t i = 0; i < b->n && !is_stopped(stop); i++) {
		struct book_channel *c = &b->channels[i];

		render_head(c, base);
		render_entries(c);
		read_logo(c, stop, &late);
		xmltv_add_programmes(&body, c->guide);
	}
	xmltv_add_end(&body);
	fingerprint(b, &body);
	whole = gzip_part(&b->packed, &body, true, stop);
	b->body = blob_new(&body);
	return whole;
}

struct book *
book_new(struct book_source *s, int64_t now_s, const volatile int *stop)
{
	struct book *b = xcalloc(1, sizeof *b);

	b->station = xstrdup(s->station);
	b->made_s = now_s;
	b->channels = xcalloc(s->n, sizeof *b->channels);
	b->n = s->n;
	if (s->n > 0)
		qsort(s->guides, s->n, sizeof s->guides[0], compare_numbers);
	for (size_t i = 0; i < s->n; i++)
		b->channels[i].guide = s->guides[i];
	if (render(b, s->base, stop))
		return b;
	book_free(b);
	return NULL;
}

void
book_free(struct book *b)
{
	if (b == NULL)
		return;
	shelf_fini(&b->documents);
	shelf_fini(&b->answers);
	for (size_t i = 0; i < b->n; i++) {
		struct book_channel *c = &b->channels[i];

		guide_unref(c->guide);
		buf_fini(&c->head);
		buf_fini(&c->entries);
		blob_unref(c->logo);
		free(c->at);
		free(c->logo_fault);
	}
	buf_fini(&b->packed.deflated);
	blob_unref(b->body);
	free(b->channels);
	free(b->station);
	free(b);
}

/* ---- Asking */

const struct book_channel *
book_find(const struct book *b, const char *which)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct guide *g = b->channels[i].guide;

		if (strcmp(g->slug, which) == 0 ||
		    strcmp(g->number, which) == 0)
			return &b->channels[i];
	}
	return NULL;
}

void
book_add_entries(struct buf *out, const struct book_channel *c, size_t from,
    size_t to)
{
	if (from < to)
		buf_add(out, c->entries.data + c->at[from],
		    c->at[to] - c->at[from] - 1);
}

uint64_t
book_add_head(struct buf *out, const struct book *b, const char *base)
{
	struct guide **guides = xcalloc(b->n, sizeof *guides);
	size_t begun = out->len;

	for (size_t n = 0; n < b->n; n++)
		guides[n] = b->channels[n].guide;
	xmltv_add_head(out, b->station, base, guides, b->n);
	free(guides);
	return seed_add(b->print, seed_text(buf_str(out) + begun));
}

const struct shelf_item *
book_packed(struct book *b, const char *base)
{
	struct shelf_item *i = shelf_get(&b->documents, base);
	struct buf head = { 0 }, out = { 0 };
	struct gzip_part first;

	if (i == NULL || i->blob != NULL)
		return i;
	i->print = book_add_head(&head, b, base);
	gzip_part(&first, &head, false, NULL);
	gzip_join(&out, &first, &b->packed);
	i->blob = blob_new(&out);
	buf_fini(&first.deflated);
	buf_fini(&head);
	return i;
}
