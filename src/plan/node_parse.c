/* From libyaml's events to nodes.
 *
 * Events only: libyaml's own document loader has no limits, and its scanner
 * takes 20 s over 128 KiB of '[', so depth is looked at on each start event
 * and the parser is left as soon as it is too much.  A syntax error or a
 * spent budget ends the reading (NULL all the way up); any other fault is
 * reported and the reading goes on. */

#include "plan/node_doc.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/xmem.h"

#define DIRECTIVES_MAX	1000	/* libyaml compares each with each */
#define ANCHORS_MAX	1000	/* nobody writes as many */

struct anchor {
	char *name;
	struct node *node;
};

struct reader {
	yaml_parser_t yaml;
	struct node_doc *doc;
	const struct node_source *src;
	void *anchors;		/* a tree of struct anchor, tsearch(3) */
	int nanchors;		/* each time that one was set */
};

static struct node *read_value(struct reader *r, yaml_event_t *ev,
    unsigned depth);

static int
compare_anchors(const void *va, const void *vb)
{
	const struct anchor *a = va, *b = vb;

	return strcmp(a->name, b->name);
}

static void
free_anchor(void *p)
{
	struct anchor *a = p;

	free(a->name);
	free(a);
}

/* YAML lets an anchor be set again; the last one before an alias counts.
 * False with a fault where there are too many. */
static bool
set_anchor(struct reader *r, const yaml_char_t *name, struct node *n)
{
	struct anchor *a, **slot;

	if (name == NULL)
		return true;
	if (++r->nanchors > ANCHORS_MAX) {
		node_fault(r->doc, n, "more than %d anchors", ANCHORS_MAX);
		return false;
	}
	a = xmalloc(sizeof *a);
	*a = (struct anchor){ xstrdup((const char *)name), n };
	if ((slot = tsearch(a, &r->anchors, compare_anchors)) == NULL)
		xmem_exhausted();
	if (*slot != a) {
		(*slot)->node = n;
		free_anchor(a);
	}
	return true;
}

static struct node *
get_anchor(struct reader *r, yaml_char_t *name)
{
	struct anchor wanted = { .name = (char *)name };
	struct anchor **slot;

	slot = tfind(&wanted, &r->anchors, compare_anchors);
	return slot != NULL ? (*slot)->node : NULL;
}

/* libyaml gives bad bytes by offset only. */
static void
fault_at_offset(struct reader *r, const struct buf *text)
{
	const yaml_parser_t *y = &r->yaml;
	unsigned line = 1, column = 1;

	for (size_t i = 0; i < y->problem_offset && i < text->len; i++) {
		if (text->data[i] == '\n') {
			line++;
			column = 1;
		} else if ((text->data[i] & 0xc0) != 0x80) {
			column++;	/* of characters, not bytes */
		}
	}
	errs_fault(r->doc->errs, r->src->path, line, column,
	    "not UTF-8 text: %s", y->problem);
}

static bool
stopped_at_tab(const yaml_parser_t *y)
{
	return y->buffer.pointer < y->buffer.last && *y->buffer.pointer == '\t';
}

static void
fault_syntax(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	unsigned line = (unsigned)y->problem_mark.line + 1;
	unsigned column = (unsigned)y->problem_mark.column + 1;

	if (y->error == YAML_MEMORY_ERROR)
		xmem_exhausted();
	if (y->error == YAML_SCANNER_ERROR && stopped_at_tab(y))
		errs_fault(r->doc->errs, r->src->path, line, column,
		    "a tab where only spaces may indent");
	else if (y->context != NULL)
		errs_fault(r->doc->errs, r->src->path, line, column,
		    "%s, %s that began on line %u", y->problem, y->context,
		    (unsigned)y->context_mark.line + 1);
	else
		errs_fault(r->doc->errs, r->src->path, line, column, "%s",
		    y->problem != NULL ? y->problem : "not YAML");
}

static bool
next_event(struct reader *r, yaml_event_t *ev)
{
	if (yaml_parser_parse(&r->yaml, ev))
		return true;
	if (r->yaml.error != YAML_READER_ERROR)
		fault_syntax(r);
	return false;		/* bad bytes: node_parse() has the text */
}

static struct node *
node_at(struct reader *r, const yaml_event_t *ev)
{
	return node_new(r->doc, r->src->path,
	    (unsigned)ev->start_mark.line + 1,
	    (unsigned)ev->start_mark.column + 1);
}

static struct node *
read_alias(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	yaml_char_t *name = ev->data.alias.anchor;
	struct node *n = node_at(r, ev), *target;

	if (n == NULL)
		return NULL;
	target = get_anchor(r, name);
	if (target == NULL) {
		node_fault(r->doc, n, "no anchor '&%.80s' before this alias",
		    (const char *)name);
		return n;
	}
	if (node_own(target)->open) {
		node_fault(r->doc, n, "alias '*%.80s' stands inside what it "
		    "names", (const char *)name);
		return n;
	}
	return node_share(r->doc, target, n, depth);
}

static bool
is_tag(const yaml_char_t *tag, const char *name)
{
	return strcmp((const char *)tag, name) == 0;
}

/* "!" is YAML's way to say "text, whatever it looks like". */
static void
check_tag(struct reader *r, struct node *n, const yaml_char_t *tag)
{
	if (tag == NULL)
		return;
	if (n->kind == NODE_SCALAR && (is_tag(tag, "!") ||
	    is_tag(tag, YAML_STR_TAG)))
		n->quoted = true;
	else if (!(n->kind == NODE_MAP && is_tag(tag, YAML_MAP_TAG)) &&
	    !(n->kind == NODE_LIST && is_tag(tag, YAML_SEQ_TAG)))
		node_fault(r->doc, n, "unknown tag '%.80s'; there is only "
		    "!include FILE[:key.path]", (const char *)tag);
}

static struct node *
read_scalar(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	const char *value = (const char *)ev->data.scalar.value;
	const yaml_char_t *tag = ev->data.scalar.tag;
	size_t len = ev->data.scalar.length;
	struct node *n = node_at(r, ev);

	if (n == NULL)
		return NULL;
	n->kind = NODE_SCALAR;
	n->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	n->text = xstrndup(value, len);
	if (memchr(value, '\0', len) != NULL)
		node_fault(r->doc, n, "text with a NUL character");
	else if (tag != NULL && is_tag(tag, "!include"))
		n = node_include(r->doc, r->src, n, depth);
	else
		check_tag(r, n, tag);
	if (n == NULL || !set_anchor(r, ev->data.scalar.anchor, n))
		return NULL;
	return n;
}

static bool
read_list_items(struct reader *r, struct node *list, unsigned depth)
{
	size_t cap = 0;
	yaml_event_t ev;
	struct node *n;

	while (next_event(r, &ev)) {
		if (ev.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&ev);
			return true;
		}
		if ((n = read_value(r, &ev, depth)) == NULL)
			return false;
		xgrow(&list->items, &cap, list->n + 1, sizeof *list->items);
		list->items[list->n++] = n;
	}
	return false;
}

/* NULL where reading cannot go on; a key that cannot be one comes back bad,
 * and its value is read and forgotten. */
static struct node *
read_key(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	bool plain = ev->type == YAML_SCALAR_EVENT &&
	    (ev->data.scalar.tag == NULL ||
	    !is_tag(ev->data.scalar.tag, "!include"));
	unsigned line = (unsigned)ev->start_mark.line + 1;
	unsigned column = (unsigned)ev->start_mark.column + 1;
	struct node *key = read_value(r, ev, depth), *bad;

	if (key == NULL || plain)
		return key;
	/* Shared with where it was anchored: that one is not at fault. */
	if ((bad = node_new(r->doc, r->src->path, line, column)) != NULL)
		node_fault(r->doc, bad, "a key must be plain text");
	return bad;
}

static bool
read_map_items(struct reader *r, struct node *map, unsigned depth)
{
	size_t kcap = 0, icap = 0;
	struct node *key, *item;
	yaml_event_t ev;

	while (next_event(r, &ev)) {
		if (ev.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&ev);
			return true;
		}
		if ((key = read_key(r, &ev, depth)) == NULL ||
		    !next_event(r, &ev) ||
		    (item = read_value(r, &ev, depth)) == NULL)
			return false;
		if (key->bad)
			continue;
		xgrow(&map->keys, &kcap, map->n + 1, sizeof *map->keys);
		xgrow(&map->items, &icap, map->n + 1, sizeof *map->items);
		map->keys[map->n] = key;
		map->items[map->n++] = item;
	}
	return false;
}

static struct node *
read_collection(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	bool map = ev->type == YAML_MAPPING_START_EVENT;
	struct node *n = node_at(r, ev);

	if (n == NULL)
		return NULL;
	n->kind = map ? NODE_MAP : NODE_LIST;
	if (depth == NODE_DEPTH_MAX) {
		node_fault(r->doc, n, "nested deeper than %d", NODE_DEPTH_MAX);
		return NULL;
	}
	check_tag(r, n, map ? ev->data.mapping_start.tag :
	    ev->data.sequence_start.tag);
	node_own(n)->open = true;
	if (!set_anchor(r, map ? ev->data.mapping_start.anchor :
	    ev->data.sequence_start.anchor, n))
		return NULL;
	if (!(map ? read_map_items(r, n, depth + 1) :
	    read_list_items(r, n, depth + 1)))
		return NULL;
	node_finish(r->doc, n);
	return n;
}

/* The value that begins with *ev, which is used up. */
static struct node *
read_value(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	struct node *n;

	if (ev->type == YAML_ALIAS_EVENT)
		n = read_alias(r, ev, depth);
	else if (ev->type == YAML_SCALAR_EVENT)
		n = read_scalar(r, ev, depth);
	else
		n = read_collection(r, ev, depth);
	yaml_event_delete(ev);
	return n;
}

static bool
is_empty(const struct node *n)
{
	return n->kind == NODE_SCALAR && !n->quoted && n->text[0] == '\0' &&
	    !n->bad;
}

static struct node *
read_document(struct reader *r)
{
	yaml_event_t ev;
	struct node *n;

	if (!next_event(r, &ev))
		return NULL;
	if ((n = read_value(r, &ev, 0)) == NULL || !next_event(r, &ev))
		return NULL;
	yaml_event_delete(&ev);		/* the document's end */
	if (is_empty(n))
		n->kind = NODE_MAP;
	return n;
}

static struct node *
read_stream(struct reader *r)
{
	yaml_event_t ev;
	struct node *n = NULL;

	if (!next_event(r, &ev))
		return NULL;
	for (;;) {
		yaml_event_delete(&ev);
		if (!next_event(r, &ev))
			return NULL;
		if (ev.type == YAML_STREAM_END_EVENT)
			break;
		if (n != NULL) {
			errs_fault(r->doc->errs, r->src->path,
			    (unsigned)ev.start_mark.line + 1,
			    (unsigned)ev.start_mark.column + 1,
			    "a second document; a file holds one");
			yaml_event_delete(&ev);
			return n;
		}
		yaml_event_delete(&ev);
		if ((n = read_document(r)) == NULL)
			return NULL;
	}
	yaml_event_delete(&ev);
	if (n == NULL && (n = node_new(r->doc, r->src->path, 1, 1)) != NULL)
		n->kind = NODE_MAP;
	return n;
}

static bool
too_many_directives(struct reader *r, struct buf *text)
{
	const char *s = buf_str(text);
	int n = 0;

	while ((s = strstr(s, "%TAG")) != NULL && ++n <= DIRECTIVES_MAX)
		s++;
	if (s == NULL)
		return false;
	errs_fault(r->doc->errs, r->src->path, 0, 0,
	    "more than %d %%TAG directives", DIRECTIVES_MAX);
	return true;
}

/* libyaml skips the mark but counts it as a column, and then takes the first
 * line for an indented one. */
static void
drop_byte_order_mark(struct buf *text)
{
	if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
		buf_drain(text, 3);
}

struct node *
node_parse(struct node_doc *d, const struct node_source *src,
    struct buf *text)
{
	struct reader r = { .doc = d, .src = src };
	struct node *n = NULL;

	drop_byte_order_mark(text);
	if (too_many_directives(&r, text))
		return NULL;
	if (!yaml_parser_initialize(&r.yaml))
		xmem_exhausted();
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, text->data, text->len);
	n = read_stream(&r);
	if (r.yaml.error == YAML_READER_ERROR)
		fault_at_offset(&r, text);
	yaml_parser_delete(&r.yaml);
	tdestroy(r.anchors, free_anchor);
	return n;
}
