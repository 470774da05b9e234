/* Names out and back: whatever a file or a channel is called, what is read
 * out of a document by somebody else's parser is what was put into it, and a
 * line stays one line.  The input is a name. */

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/hdhr.h"
#include "io/iptv.h"
#include "io/logfile.h"
#include "media/jsontext.h"
#include "media/xmltv.h"
#include "plan/guide.h"
#include "plan/naming.h"
#include "tiny.h"

typedef void page_fn(struct pages *g, const struct http_request *q,
    struct http_answer *a);

static struct tiny tiny;

/* Clean: UTF-8 without controls. */
static bool
is_clean(const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n;

	for (; *p != '\0'; p += n)
		if ((n = utf8_len(p)) == 0 ||
		    utf8_is_control(utf8_get(p, n)))
			return false;
	return true;
}

/* What a file's name says about it. */
static char *
title_of(const char *name)
{
	struct asset a = { .path = xasprintf("/tv/%s.mkv", name),
	    .about = ASSET_ABOUT_NONE };

	naming_read(&a, 4);
	naming_set_title(&a);
	need(a.title != NULL && is_clean(a.title));
	need(a.about.series == NULL || is_clean(a.about.series));
	free(a.path);
	asset_about_fini(&a.about);
	return a.title;
}

static void
through_json(const char *text)
{
	json_t *j = json_pack("{s:o}", "name", json_text(text)), *back;
	char *dump;

	need(j != NULL && (dump = json_dumps(j, JSON_COMPACT)) != NULL);
	need(strchr(dump, '\n') == NULL);
	need((back = json_loads(dump, 0, NULL)) != NULL);
	need(!utf8_is_valid(text) || strcmp(json_string_value(
	    json_object_get(back, "name")), text) == 0);
	json_decref(j);
	json_decref(back);
	free(dump);
}

/* One word, or one in quotes. */
static void
through_log(const char *text)
{
	const char *v = logfile_value(text);
	size_t n = strlen(v);

	need(n > 0 && utf8_is_valid(v) && strchr(v, '\n') == NULL);
	if (*v != '"') {
		need(strpbrk(v, " \"") == NULL);
		return;
	}
	need(n >= 2 && v[n - 1] == '"');
	for (size_t i = 1; i < n - 1; i++) {
		need(v[i] != '"');
		i += v[i] == '\\';
		need(i < n - 1);
	}
}

static const char *
lineup(page_fn *get, struct http_answer *a)
{
	const struct http_request q = { .path = "/", .query = "",
	    .host = "localhost", .peer = "127.0.0.1:1", .if_none_match = "",
	    .if_modified_since = "", .user_agent = "" };

	get(&tiny.pages, &q, a);
	need(a->status == 200);
	return buf_str(&a->body);
}

/* What somebody else's parser makes of it. */
static xmlDoc *
parse(const struct buf *text)
{
	xmlDoc *doc = xmlReadMemory((const char *)text->data, (int)text->len,
	    NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING);

	need(doc != NULL);
	return doc;
}

/* The first element of that name below the root has such a child, which says
 * that. */
static void
says(xmlDoc *doc, const char *element, const char *child, const char *text)
{
	xmlNode *n = xmlDocGetRootElement(doc)->children, *c;
	xmlChar *is;

	while (n != NULL && (n->type != XML_ELEMENT_NODE ||
	    strcmp((const char *)n->name, element) != 0))
		n = n->next;
	need(n != NULL);
	for (c = n->children; c != NULL; c = c->next)
		if (strcmp((const char *)c->name, child) == 0)
			break;
	need(c != NULL);
	is = xmlNodeGetContent(c);
	need(strcmp((const char *)is, text) == 0);
	xmlFree(is);
}

static void
through_lineup(const char *name)
{
	struct http_answer a = { 0 };
	xmlDoc *doc;

	(void)lineup(hdhr_get_lineup_xml, &a);
	doc = parse(&a.body);
	says(doc, "Program", "GuideName", name);
	xmlFreeDoc(doc);
	tiny_answer_fini(&a);
}

/* Whatever the guide has of a programme, any bytes too. */
static void
through_xmltv(const char *title, const char *any)
{
	char *clean = xstrdup(title), *raw = xstrdup(any);
	struct guide_entry e = { .title = clean, .subtitle = raw,
	    .description = raw, .about = ASSET_ABOUT_NONE,
	    .end_ns = INT64_C(1000000000) };
	struct guide guide = { .slug = tiny.chan.slug,
	    .number = tiny.chan.number, .name = clean, .group = raw,
	    .logo = raw, .v = &e, .n = 1 };
	struct guide *guides[] = { &guide };
	struct buf out = { 0 };
	xmlDoc *doc;

	texts_add(&e.about.genres, any);
	texts_add(&e.about.actors, any);
	xmltv_add_head(&out, any, "http://localhost", guides, 1);
	xmltv_add_programmes(&out, &guide);
	xmltv_add_end(&out);
	doc = parse(&out);
	says(doc, "programme", "title", title);
	xmlFreeDoc(doc);
	buf_fini(&out);
	texts_fini(&e.about.genres);
	texts_fini(&e.about.actors);
	free(clean);
	free(raw);
}

/* Four lines; in the third all quotes are shut, and there is one comma,
 * with the name behind it. */
static void
through_m3u(const char *name)
{
	struct http_answer a = { 0 };
	const char *text = lineup(iptv_get_m3u, &a), *comma;
	size_t lines = 0, quotes = 0, commas = 0;

	for (const char *p = text; *p != '\0'; p++) {
		lines += *p == '\n';
		quotes += *p == '"';
	}
	need(lines == 4);
	need((comma = strchr(text, ',')) != NULL);
	for (const char *p = strstr(text, "\n#EXTINF") + 1; *p != '\n'; p++)
		commas += *p == ',';
	need(commas == 1 && quotes % 2 == 0 &&
	    memchr(comma, '"', strcspn(comma, "\n")) == NULL);
	need(strpbrk(name, ",\"") != NULL || strstr(name, "  ") != NULL ||
	    strncmp(comma + 1, name, strcspn(comma + 1, "\n")) == 0);
	tiny_answer_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = xstrndup((const char *)data, size < 2000 ? size : 2000);
	char *title = title_of(name);

	if (tiny.station == NULL)
		tiny_init(&tiny);
	through_json(name);
	through_log(name);
	tiny.chan.name = title;		/* clean, as a channel's is */
	through_json(title);
	through_lineup(title);
	through_xmltv(title, name);
	through_m3u(title);
	free(name);
	free(title);
	return 0;
}
