/* Names out and back: whatever a file or a channel is called, what is read
 * out of a document by somebody else's parser is what was put into it, and a
 * line stays one line.  The input is a name. */

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/uri.h"
#include "base/utf8.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/hdhr.h"
#include "io/logfile.h"
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
	need(!uri_utf8_valid(text) || strcmp(json_string_value(
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

	need(n > 0 && uri_utf8_valid(v) && strchr(v, '\n') == NULL);
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

/* What XML cannot hold at all becomes a space. */
static bool
is_same_in_xml(const char *name, const char *back)
{
	for (; *name != '\0' && *back != '\0'; name++, back++)
		if (*name != *back && !((unsigned char)*name < ' ' &&
		    *back == ' '))
			return false;
	return *name == *back;
}

static void
through_xml(const char *name)
{
	struct http_answer a = { 0 };
	const char *text = lineup(hdhr_get_lineup_xml, &a);
	xmlDoc *doc = xmlReadMemory(text, (int)a.body.len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *n;
	xmlChar *back = NULL;

	need(doc != NULL);
	n = xmlDocGetRootElement(doc)->children;
	while (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->next;
	need(n != NULL && strcmp((const char *)n->name, "Program") == 0);
	for (n = n->children; n != NULL; n = n->next)
		if (strcmp((const char *)n->name, "GuideName") == 0) {
			need(back == NULL);
			back = xmlNodeGetContent(n);
		}
	need(back != NULL && is_same_in_xml(name, (const char *)back));
	xmlFree(back);
	xmlFreeDoc(doc);
	tiny_answer_fini(&a);
}

/* Three lines, of which the second ends with the name, and quotes are shut. */
static void
through_m3u(const char *name)
{
	struct http_answer a = { 0 };
	const char *text = lineup(hdhr_get_lineup_m3u, &a);
	size_t lines = 0, quotes = 0, len = strlen(name), line;

	for (const char *p = text; *p != '\0'; p++) {
		lines += *p == '\n';
		quotes += *p == '"';
	}
	need(lines == 3 && quotes == 6);
	text = strchr(text, '\n') + 1;
	line = strcspn(text, "\n");
	need(line > len);
	for (size_t i = 0; i < len; i++)
		need(text[line - len + i] == name[i] || name[i] == '"' ||
		    (unsigned char)name[i] < ' ');
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
	through_xml(title);
	through_m3u(title);
	free(name);
	free(title);
	return 0;
}
