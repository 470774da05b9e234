#include "media/nfo.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/length.h"
#include "base/xmem.h"
#include "media/libs.h"

/* No entity is replaced (no XML_PARSE_NOENT), no DTD loaded, no net used, and
 * the encoding is the one that we have looked at.  Kodi puts two episodes of
 * one file one after the other, and an address behind the document: what
 * follows the first is let go. */
#define OPTIONS		(XML_PARSE_NONET | XML_PARSE_NOERROR |		\
			XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |	\
			XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC)

#define ACTORS_MAX	10
#define ATTRIBUTES_MAX	64	/* of one tag */
#define NAMESPACES_MAX	64	/* of a document */
#define BLANKS		" \t\r\n"

enum kind { KIND_MOVIE, KIND_EPISODE, KIND_SHOW };

static const struct {
	const char *root;
	int type;		/* -1: of no file */
} kinds[] = {
	[KIND_MOVIE] = { "movie", ASSET_movie },
	[KIND_EPISODE] = { "episodedetails", ASSET_episode },
	[KIND_SHOW] = { "tvshow", -1 },
};

static bool
is_called(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	    strcmp((const char *)n->name, name) == 0;
}

/* The text right in an element, malloc'd. */
static char *
text_in(const xmlNode *element)
{
	struct buf b = { 0 };
	char *s;

	for (const xmlNode *n = element->children; n != NULL; n = n->next)
		if ((n->type == XML_TEXT_NODE ||
		    n->type == XML_CDATA_SECTION_NODE) && n->content != NULL)
			buf_adds(&b, (const char *)n->content);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

/* The text of the first child of that name, "" where there is none;
 * malloc'd. */
static char *
text_of(const xmlNode *root, const char *name)
{
	for (const xmlNode *n = root->children; n != NULL; n = n->next)
		if (is_called(n, name))
			return text_in(n);
	return xstrdup("");
}

/* The first of the names that has a text. */
static char *
first_of(const xmlNode *root, const char *const *names)
{
	char *s = xstrdup("");

	for (; *names != NULL && *s == '\0'; names++) {
		free(s);
		s = text_of(root, *names);
	}
	return s;
}
#define FIRST_OF(root, ...)						\
	first_of(root, (const char *const[]){ __VA_ARGS__, NULL })

static void
set_text(char **to, const xmlNode *root, const char *name, size_t max)
{
	char *s = text_of(root, name);

	facts_set(to, s, max);
	free(s);
}

static void
set_number(int *to, const xmlNode *root, const char *name)
{
	char *s = text_of(root, name), *end;
	long v = strtol(s, &end, 10);

	if (end != s && v >= 0 && v <= FACTS_NUMBER_MAX)
		*to = (int)v;
	free(s);
}

static int
year_of(const xmlNode *root)
{
	char *s = FIRST_OF(root, "year", "premiered", "aired",
	    "releasedate");
	int year = facts_year(s);

	free(s);
	return year;
}

static void
add_all(struct texts *t, const xmlNode *root, const char *name)
{
	for (const xmlNode *n = root->children; n != NULL; n = n->next) {
		char *s;

		if (!is_called(n, name))
			continue;
		s = text_in(n);
		facts_add_list(t, s);
		free(s);
	}
}

/* Names are kept whole: "Robert Downey, Jr." */
static void
add_names(struct texts *t, const xmlNode *root, const char *name)
{
	for (const xmlNode *n = root->children; n != NULL; n = n->next) {
		char *s;

		if (!is_called(n, name))
			continue;
		s = text_in(n);
		facts_add_name(t, s);
		free(s);
	}
}

/* The first of them, who matter most. */
static void
add_actors(struct texts *t, const xmlNode *root)
{
	for (const xmlNode *n = root->children; n != NULL && t->n < ACTORS_MAX;
	    n = n->next) {
		char *s;

		if (!is_called(n, "actor"))
			continue;
		s = text_of(n, "name");
		facts_add_name(t, s);
		free(s);
	}
}

/* Kodi calls its writers credits. */
static void
add_credits(struct asset_about *a, const xmlNode *root)
{
	add_names(&a->directors, root, "director");
	add_names(&a->writers, root, "credits");
	add_actors(&a->actors, root);
}

static void
set_icon(struct asset_about *a, const xmlNode *root)
{
	for (const xmlNode *n = root->children; n != NULL && a->icon == NULL;
	    n = n->next) {
		char *s;

		if (!is_called(n, "thumb"))
			continue;
		s = text_in(n);
		facts_set_icon(&a->icon, s);
		free(s);
	}
}

/* "Rated PG-13 for thrills" and "US:TV-PG / UK:12" are PG-13 and TV-PG. */
static void
set_rating(struct asset_about *a, const xmlNode *root)
{
	char *s = FIRST_OF(root, "mpaa", "certification"), *word = s, *colon;

	word += strspn(word, " ");
	word[strcspn(word, "/")] = '\0';
	if ((colon = strchr(word, ':')) != NULL)
		word = colon + 1;
	if (strncasecmp(word, "rated ", 6) == 0) {
		word += 6;
		word[strcspn(word, " ")] = '\0';
	}
	facts_set(&a->rating, word, FACTS_WORD_MAX);
	free(s);
}

static void
fill_series(struct facts *f, const xmlNode *root, const char *name)
{
	char *s = text_of(root, name);

	facts_set_series(&f->about, s);
	free(s);
}

static void
fill_own(struct facts *f, const xmlNode *root)
{
	char *plot = FIRST_OF(root, "plot", "outline");

	set_text(&f->title, root, "title", FACTS_TITLE_MAX);
	facts_set(&f->about.plot, plot, FACTS_PLOT_MAX);
	f->about.year = year_of(root);
	free(plot);
}

static void
fill(struct facts *f, const xmlNode *root, enum kind kind)
{
	f->type = kinds[kind].type;
	set_rating(&f->about, root);
	add_all(&f->about.genres, root, "genre");
	add_all(&f->about.tags, root, "tag");
	add_credits(&f->about, root);
	set_icon(&f->about, root);
	switch (kind) {
	case KIND_SHOW:
		fill_series(f, root, "title");
		if (f->about.series != NULL && f->about.series_year == 0)
			f->about.series_year = year_of(root);
		return;
	case KIND_EPISODE:
		fill_series(f, root, "showtitle");
		set_number(&f->about.season, root, "season");
		set_number(&f->about.episode, root, "episode");
		break;
	case KIND_MOVIE:
		break;
	}
	fill_own(f, root);
}

/* libxml2 compares each attribute of a tag with each before it (xmlParseStart-
 * Tag2), and calls nobody until it is through: 1 MiB of them takes minutes.
 * What counts is '=' and a quote, and '<' begins anew: a value that has one
 * ends its tag (XML 1.0, 3.1).  So there are never more attributes than are
 * counted here, in comments and CDATA or not. */
static bool
has_too_many_attributes(const char *text, size_t len)
{
	char before = '\0';		/* the last that is no blank */
	size_t n = 0;

	for (size_t i = 0; i < len && n <= ATTRIBUTES_MAX; i++) {
		if (memchr(BLANKS, text[i], strlen(BLANKS)) != NULL)
			continue;
		if (text[i] == '<')
			n = 0;
		else if (before == '=' && (text[i] == '"' || text[i] == '\''))
			n++;
		before = text[i];
	}
	return n > ATTRIBUTES_MAX;
}

/* All that hold are gone through for every name that has a prefix: as many as
 * fit into 1 MiB, a tag's share each, take libxml2 ten seconds. */
static bool
has_too_many_namespaces(const char *text, size_t len)
{
	static const char key[] = "xmlns";
	const char *end = text + len;
	size_t n = 0;

	while (n <= NAMESPACES_MAX &&
	    (text = memmem(text, (size_t)(end - text), key,
	    strlen(key))) != NULL) {
		text += strlen(key);
		n++;
	}
	return n > NAMESPACES_MAX;
}

/* Those in which '<', '=' and the quotes are the bytes that they are in ASCII,
 * and no byte of another character is one of them. */
static bool
is_like_ascii(const char *encoding)
{
	static const char *const begin[] = {
		"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-",
		"iso_8859-", "latin1", "windows-125", "windows-874", "cp125",
		"koi8-", "shift_jis", "euc-", "gb2312", "gbk", "gb18030",
		"big5",
	};
	size_t i = 0;

	while (i < LENGTH(begin) &&
	    strncasecmp(encoding, begin[i], strlen(begin[i])) != 0)
		i++;
	return i < LENGTH(begin);
}

/* What the declaration in front says (XML 1.0, 4.3.3), or UTF-8; malloc'd.
 * libxml2 is told the same, and does not look. */
static char *
encoding_of(const char *text, size_t len)
{
	static const char key[] = "encoding";
	const char *end = memchr(text, '>', len), *at;
	char *head, *name;

	if (end == NULL || strncmp(text, "<?xml", 5) != 0)
		return xstrdup("UTF-8");
	head = xstrndup(text, (size_t)(end - text));
	if ((at = strstr(head, key)) == NULL) {
		free(head);
		return xstrdup("UTF-8");
	}
	at += strlen(key);
	at += strspn(at, BLANKS "=\"'");
	name = xstrndup(at, strcspn(at, "\"'"));
	free(head);
	return name;
}

static void
on_dtd(void *ctx, const xmlChar *name, const xmlChar *public_id,
    const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	xmlStopParser(ctx);
}

static const char *
take(const xmlParserCtxt *ctxt, xmlDoc *doc, struct facts *f)
{
	const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;

	if (ctxt->disableSAX && ctxt->errNo == XML_ERR_USER_STOP)
		return "has a DTD, which is not read";
	if (root == NULL)
		return "is no XML that can be read";
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (is_called(root, kinds[i].root)) {
			fill(f, root, (enum kind)i);
			return NULL;
		}
	}
	return NULL;			/* an artist's, an album's */
}

static const char *
read_document(const char *text, size_t len, const char *encoding,
    struct facts *f)
{
	xmlParserCtxt *ctxt;
	const char *why;
	xmlDoc *doc;

	libs_thread();
	if ((ctxt = xmlNewParserCtxt()) == NULL)
		return "cannot be read: out of memory";
	ctxt->sax->internalSubset = on_dtd;
	doc = xmlCtxtReadMemory(ctxt, text, (int)len, NULL, encoding, OPTIONS);
	why = take(ctxt, doc, f);
	if (why != NULL)
		facts_fini(f);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	return why;
}

const char *
nfo_parse(const char *text, size_t len, struct facts *f)
{
	const char *why;
	char *encoding;
	size_t at = 0;

	*f = (struct facts)FACTS_NONE;
	if (len > NFO_MAX)
		return "has more than 1 MiB";
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && memchr(BLANKS, text[at], strlen(BLANKS)) != NULL)
		at++;
	if (at == len || text[at] != '<')
		return NULL;
	encoding = encoding_of(text + at, len - at);
	/* A NUL: two bytes a character. */
	if (memchr(text, '\0', len) != NULL || !is_like_ascii(encoding))
		why = "is in an encoding that is not read";
	else if (has_too_many_attributes(text + at, len - at))
		why = "has a tag with more than 64 attributes";
	else if (has_too_many_namespaces(text + at, len - at))
		why = "declares more than 64 namespaces";
	else
		why = read_document(text + at, len - at, encoding, f);
	free(encoding);
	return why;
}
