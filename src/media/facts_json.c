#include "media/facts_json.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define MARKERS_MAX	10000	/* as in a sidecar */

static void
put_text(json_t *o, const char *key, const char *s)
{
	if (s != NULL)
		json_object_set_new(o, key, json_string(s));
}

static void
put_number(json_t *o, const char *key, int v, int none)
{
	if (v != none)
		json_object_set_new(o, key, json_integer(v));
}

static void
put_list(json_t *o, const char *key, const struct texts *t)
{
	json_t *list;

	if (t->n == 0)
		return;
	list = json_array();
	for (size_t i = 0; i < t->n; i++)
		json_array_append_new(list, json_string(t->v[i]));
	json_object_set_new(o, key, list);
}

/* [kind, start, end], without an end where it is a point. */
static void
put_markers(json_t *o, const struct facts *f)
{
	json_t *list, *m;

	if (!f->has_markers)
		return;
	list = json_array();
	for (size_t i = 0; i < f->nmarkers; i++) {
		const struct marker *k = &f->markers[i];

		m = json_array();
		json_array_append_new(m,
		    json_string(marker_kind_name(k->kind)));
		json_array_append_new(m, json_integer(k->start_us));
		if (k->range)
			json_array_append_new(m, json_integer(k->end_us));
		json_array_append_new(list, m);
	}
	json_object_set_new(o, "markers", list);
}

static void
put_about(json_t *o, const struct asset_about *a)
{
	put_text(o, "series", a->series);
	put_number(o, "series_year", a->series_year, 0);
	put_number(o, "season", a->season, -1);
	put_number(o, "episode", a->episode, -1);
	put_number(o, "year", a->year, 0);
	put_text(o, "plot", a->plot);
	put_text(o, "rating", a->rating);
	put_text(o, "icon", a->icon);
	put_text(o, "advertiser", a->advertiser);
	put_text(o, "category", a->category);
	put_list(o, "genres", &a->genres);
	put_list(o, "tags", &a->tags);
	put_list(o, "directors", &a->directors);
	put_list(o, "writers", &a->writers);
	put_list(o, "actors", &a->actors);
}

char *
facts_to_json(const struct facts *f)
{
	json_t *o = json_object();
	char *text = NULL;

	put_text(o, "title", f->title);
	if (f->type >= 0)
		put_text(o, "type",
		    asset_type_name((enum asset_type)f->type));
	put_about(o, &f->about);
	put_markers(o, f);
	if (json_object_size(o) > 0)
		text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static void
get_text(const json_t *o, const char *key, size_t max, char **to)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (s != NULL)
		facts_set(to, s, max);
}

static void
get_number(const json_t *o, const char *key, int *to)
{
	const json_t *v = json_object_get(o, key);
	json_int_t n = json_integer_value(v);

	if (json_is_integer(v) && n >= 0 && n <= FACTS_NUMBER_MAX)
		*to = (int)n;
}

static void
get_list(const json_t *o, const char *key, struct texts *t)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	json_array_foreach(list, i, v) {
		if (json_is_string(v) && t->n < FACTS_LIST_MAX)
			texts_add(t, json_string_value(v));
	}
}

static bool
get_marker(const json_t *v, struct marker *m)
{
	const char *name = json_string_value(json_array_get(v, 0));
	const json_t *start = json_array_get(v, 1);
	const json_t *end = json_array_get(v, 2);
	int kind = name != NULL ? marker_kind_find(name) : -1;

	if (kind < 0 || !json_is_integer(start))
		return false;
	m->kind = (enum marker_kind)kind;
	m->start_us = m->end_us = json_integer_value(start);
	m->range = json_is_integer(end);
	if (m->range)
		m->end_us = json_integer_value(end);
	return m->start_us >= 0 && m->end_us >= m->start_us;
}

static void
get_markers(const json_t *o, struct facts *f)
{
	const json_t *list = json_object_get(o, "markers"), *v;
	size_t i, n = json_array_size(list);

	f->has_markers = json_is_array(list);
	if (n == 0 || n > MARKERS_MAX)
		return;
	f->markers = xcalloc(n, sizeof *f->markers);
	json_array_foreach(list, i, v) {
		if (get_marker(v, &f->markers[f->nmarkers]))
			f->nmarkers++;
	}
	qsort(f->markers, f->nmarkers, sizeof *f->markers, marker_compare);
}

static void
get_about(const json_t *o, struct asset_about *a)
{
	get_text(o, "series", FACTS_TITLE_MAX, &a->series);
	get_number(o, "series_year", &a->series_year);
	get_number(o, "season", &a->season);
	get_number(o, "episode", &a->episode);
	get_number(o, "year", &a->year);
	get_text(o, "plot", FACTS_PLOT_MAX, &a->plot);
	get_text(o, "rating", FACTS_WORD_MAX, &a->rating);
	get_text(o, "icon", FACTS_ICON_MAX, &a->icon);
	get_text(o, "advertiser", FACTS_WORD_MAX, &a->advertiser);
	get_text(o, "category", FACTS_WORD_MAX, &a->category);
	get_list(o, "genres", &a->genres);
	get_list(o, "tags", &a->tags);
	get_list(o, "directors", &a->directors);
	get_list(o, "writers", &a->writers);
	get_list(o, "actors", &a->actors);
}

void
facts_of_json(struct facts *f, const char *text)
{
	json_t *o = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const char *type = json_string_value(json_object_get(o, "type"));

	*f = (struct facts)FACTS_NONE;
	get_text(o, "title", FACTS_TITLE_MAX, &f->title);
	if (type != NULL)
		f->type = asset_type_find(type);
	get_about(o, &f->about);
	get_markers(o, f);
	json_decref(o);
}
