#include "media/xmltv.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "base/tz.h"
#include "base/utf8.h"
#include "base/version.h"
#include "base/xmem.h"
#include "media/libs.h"
#include "plan/language.h"
#include "plan/m3u.h"

#define DAY_S	86400

/* A writer into memory, of which there is enough: see libs.h. */
struct doc {
	xmlBufferPtr bytes;
	xmlTextWriterPtr w;
	const char *language;		/* of texts; NULL: not known */
};

static void
doc_open(struct doc *d)
{
	libs_thread();
	d->bytes = xmlBufferCreate();
	d->w = d->bytes != NULL ? xmlNewTextWriterMemory(d->bytes, 0) : NULL;
	if (d->w == NULL)
		xmem_exhausted();
	xmlTextWriterSetIndent(d->w, 1);
}

static void
doc_close(struct doc *d, struct buf *out)
{
	xmlTextWriterFlush(d->w);
	buf_add(out, xmlBufferContent(d->bytes),
	    (size_t)xmlBufferLength(d->bytes));
	xmlFreeTextWriter(d->w);
	xmlBufferFree(d->bytes);
}

static const xmlChar *
x(const char *s)
{
	return (const xmlChar *)s;
}

/* XML 1.0 2.2 has no place for control characters, escaped or not, nor for
 * U+FFFE and U+FFFF; malloc'd. */
static char *
clean(const char *text)
{
	struct buf whole = { 0 }, out = { 0 };
	const uint8_t *p;
	char *s;
	size_t n;

	utf8_add(&whole, text);
	for (p = (const uint8_t *)buf_str(&whole); *p != '\0'; p += n) {
		n = utf8_len(p);
		if (utf8_is_control(utf8_get(p, n)))
			buf_adds(&out, " ");
		else
			buf_add(&out, p, n);
	}
	s = xstrdup(buf_str(&out));
	buf_fini(&out);
	buf_fini(&whole);
	return s;
}

static void
begin(struct doc *d, const char *element)
{
	xmlTextWriterStartElement(d->w, x(element));
}

static void
end(struct doc *d)
{
	xmlTextWriterEndElement(d->w);
}

static void
attribute(struct doc *d, const char *name, const char *value)
{
	char *s = clean(value);

	xmlTextWriterWriteAttribute(d->w, x(name), x(s));
	free(s);
}

static void
text(struct doc *d, const char *s)
{
	char *c = clean(s);

	xmlTextWriterWriteString(d->w, x(c));
	free(c);
}

/* <element attribute="value">of</element>; without the attribute where value
 * is NULL, and nothing at all where there is no text. */
static void
element(struct doc *d, const char *name, const char *key, const char *value,
    const char *of)
{
	if (of == NULL || of[0] == '\0')
		return;
	begin(d, name);
	if (value != NULL)
		attribute(d, key, value);
	text(d, of);
	end(d);
}

static void
icon(struct doc *d, const char *src)
{
	begin(d, "icon");
	attribute(d, "src", src);
	end(d);
}

/* ---- Channels */

static void
channel(struct doc *d, const char *base, const struct guide *g)
{
	char *both = xasprintf("%s %s", g->number, g->name);
	struct buf id = { 0 }, logo = { 0 };

	guide_add_id(&id, g->slug);
	m3u_add_logo(&logo, base, g->slug, g->logo);
	begin(d, "channel");
	attribute(d, "id", buf_str(&id));
	element(d, "display-name", NULL, NULL, both);
	element(d, "display-name", NULL, NULL, g->number);
	element(d, "display-name", NULL, NULL, g->name);
	icon(d, buf_str(&logo));
	end(d);
	buf_fini(&id);
	buf_fini(&logo);
	free(both);
}

void
xmltv_add_head(struct buf *out, const char *station, const char *base,
    struct guide *const *guides, size_t n)
{
	struct doc d = { 0 };

	doc_open(&d);
	xmlTextWriterStartDocument(d.w, NULL, "UTF-8", NULL);
	xmlTextWriterWriteDTD(d.w, x("tv"), NULL, x("xmltv.dtd"), NULL);
	begin(&d, "tv");
	attribute(&d, "source-info-name", station);
	attribute(&d, "generator-info-name", "retrovue " RETROVUE_VERSION);
	xmlTextWriterWriteRaw(d.w, x("\n"));	/* ends its tag */
	for (size_t i = 0; i < n; i++)
		channel(&d, base, guides[i]);
	doc_close(&d, out);
}

void
xmltv_add_end(struct buf *out)
{
	buf_adds(out, "</tv>\n");
}

/* ---- Programmes */

/* "20260115143000 +0100".  Whole seconds: those of frames that belong to one
 * are all of it. */
static char *
time_text(int64_t ns, int east_s)
{
	int64_t s = div_floor(ns, NS_PER_S) + east_s;
	int sec = (int)mod_floor(s, DAY_S);
	int east = abs(east_s) / 60;
	int year, month, day;

	civil_from_days(div_floor(s, DAY_S), &year, &month, &day);
	return xasprintf("%04d%02d%02d%02d%02d%02d %c%02d%02d", year, month,
	    day, sec / 3600, sec / 60 % 60, sec % 60, east_s < 0 ? '-' : '+',
	    east / 60, east % 60);
}

static void
times(struct doc *d, const struct guide_entry *e)
{
	char *start = time_text(e->start_ns, e->start_east_s);
	char *stop = time_text(e->end_ns, e->end_east_s);

	attribute(d, "start", start);
	attribute(d, "stop", stop);
	free(start);
	free(stop);
}

static void
names(struct doc *d, const char *role, const struct texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		element(d, role, NULL, NULL, t->v[i]);
}

static void
credits(struct doc *d, const struct asset_about *a)
{
	if (a->directors.n + a->actors.n + a->writers.n == 0)
		return;
	begin(d, "credits");
	names(d, "director", &a->directors);
	names(d, "actor", &a->actors);
	names(d, "writer", &a->writers);
	end(d);
}

static void
categories(struct doc *d, const struct guide_entry *e)
{
	const struct texts *t = &e->about.genres;

	/* By these words recorders tell films from series; in the language of
	 * the others, for some readers keep those of one language only. */
	element(d, "category", "lang", d->language, e->movie ? "movie" :
	    "series");
	for (size_t i = 0; i < t->n; i++)
		element(d, "category", "lang", d->language, t->v[i]);
}

/* What has no number has its beginning for one: some take what has none at all
 * for a film, and two of the same number for the same. */
static void
episode_by_time(struct doc *d, const struct guide_entry *e)
{
	char *t = time_text(e->start_ns, e->start_east_s);
	char *text = xasprintf("%.4s-%.2s-%.2s %.2s:%.2s:%.2s", t, t + 4,
	    t + 6, t + 8, t + 10, t + 12);

	element(d, "episode-num", "system", "original-air-date", text);
	free(text);
	free(t);
}

/* Counted from 0, which a special's season does not allow. */
static void
episode(struct doc *d, const struct guide_entry *e)
{
	const struct asset_about *a = &e->about;
	struct buf ns = { 0 }, onscreen = { 0 };

	if (a->episode < 0 && !e->movie) {
		episode_by_time(d, e);
		return;
	}
	guide_add_episode(&onscreen, a);
	if (a->episode > 0) {
		if (a->season > 0)
			buf_addf(&ns, "%d", a->season - 1);
		buf_addf(&ns, ".%d.", a->episode - 1);
	}
	element(d, "episode-num", "system", "xmltv_ns", buf_str(&ns));
	element(d, "episode-num", "system", "onscreen", buf_str(&onscreen));
	buf_fini(&ns);
	buf_fini(&onscreen);
}

/* What is not new has been shown, be it elsewhere: recorders of what is new
 * take all for new that does not say so. */
static void
previously(struct doc *d, const struct guide_entry *e)
{
	struct buf id = { 0 };
	char *start;

	if (e->rerun_channel == NULL) {
		if (!e->first_run)
			xmlTextWriterWriteElement(d->w,
			    x("previously-shown"), NULL);
		return;
	}
	start = time_text(e->start_ns - e->rerun_hours * INT64_C(3600) *
	    NS_PER_S, 0);
	guide_add_id(&id, e->rerun_channel);
	begin(d, "previously-shown");
	attribute(d, "start", start);
	attribute(d, "channel", buf_str(&id));
	end(d);
	buf_fini(&id);
	free(start);
}

/* Who gives such ratings. */
static const char *
rating_system(const char *rating)
{
	static const char *const films[] = { "G", "PG", "PG-13", "R", "NC-17" };

	if (strncmp(rating, "TV-", 3) == 0)
		return "VCHIP";
	for (size_t i = 0; i < sizeof films / sizeof films[0]; i++)
		if (strcmp(rating, films[i]) == 0)
			return "MPAA";
	return NULL;
}

static void
rating(struct doc *d, const char *of)
{
	const char *system;

	if (of == NULL)
		return;
	begin(d, "rating");
	if ((system = rating_system(of)) != NULL)
		attribute(d, "system", system);
	element(d, "value", NULL, NULL, of);
	end(d);
}

/* In the order of the DTD. */
static void
details(struct doc *d, const struct guide_entry *e)
{
	const struct asset_about *a = &e->about;

	element(d, "sub-title", "lang", d->language, e->subtitle);
	element(d, "desc", "lang", d->language, e->description);
	credits(d, a);
	if (a->year > 0)
		xmlTextWriterWriteFormatElement(d->w, x("date"), "%04d",
		    a->year);
	categories(d, e);
	if (a->icon != NULL)
		icon(d, a->icon);
	episode(d, e);
	previously(d, e);
	if (e->first_run)
		xmlTextWriterWriteElement(d->w, x("new"), NULL);
	rating(d, a->rating);
}

static void
programme(struct doc *d, const char *id, const struct guide_entry *e)
{
	begin(d, "programme");
	times(d, e);
	attribute(d, "channel", id);
	element(d, "title", "lang", e->off_air ? "en" : d->language, e->title);
	if (!e->off_air)
		details(d, e);
	end(d);
}

/* What takes less than a second has no place in it. */
void
xmltv_add_programmes(struct buf *out, const struct guide *g)
{
	struct doc d = { 0 };
	struct buf id = { 0 };
	char key[4];

	if (g->language != NULL && language_short(g->language, key))
		d.language = key;
	guide_add_id(&id, g->slug);
	doc_open(&d);
	for (size_t i = 0; i < g->n; i++)
		if (div_floor(g->v[i].start_ns, NS_PER_S) <
		    div_floor(g->v[i].end_ns, NS_PER_S))
			programme(&d, buf_str(&id), &g->v[i]);
	doc_close(&d, out);
	buf_fini(&id);
}
