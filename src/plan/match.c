#include "plan/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/conf.h"
#include "plan/value.h"

#define NUMBER_MAX	99999	/* of a season, an episode, a year */
#define DURATION_MAX_S	(7 * 86400)

static const char *const type_names[] = {
#define X(name) #name,
	ASSET_TYPES(X)
#undef X
};

static void
read_types(struct match *m, const struct node *map, struct errs *e)
{
	struct node *const *texts;
	size_t n;

	if (node_get(map, "type") == NULL || !conf_need(e, map, "type"))
		return;
	n = conf_texts(e, map, "type", &texts);
	for (size_t i = 0; i < n; i++) {
		int type = asset_type_find(texts[i]->text);

		if (type >= 0)
			m->types |= 1u << type;
		else
			conf_unknown(e, texts[i], "type", texts[i]->text,
			    type_names, ASSET_NTYPES);
	}
}

static void
read_texts(struct texts *t, const struct node *map, const char *key,
    struct errs *e)
{
	struct node *const *texts;
	size_t n;

	if (node_get(map, key) == NULL || !conf_need(e, map, key))
		return;
	n = conf_texts(e, map, key, &texts);
	for (size_t i = 0; i < n; i++)
		texts_add(t, texts[i]->text);
}

/* "7", "2..10", "2.." or "..10". */
static bool
parse_range(const char *s, struct range *r)
{
	const char *dots = strstr(s, "..");
	char from[16];

	*r = (struct range){ 0, NUMBER_MAX };
	if (dots == NULL) {
		if (!value_int(s, 0, NUMBER_MAX, &r->min))
			return false;
		r->max = r->min;
		return true;
	}
	if ((size_t)(dots - s) >= sizeof from ||
	    (dots == s && dots[2] == '\0'))
		return false;
	snprintf(from, sizeof from, "%.*s", (int)(dots - s), s);
	return (dots == s || value_int(from, 0, NUMBER_MAX, &r->min)) &&
	    (dots[2] == '\0' ||
	    value_int(dots + 2, 0, NUMBER_MAX, &r->max)) && r->min <= r->max;
}

static void
read_ranges(struct ranges *out, const struct node *map, const char *key,
    struct errs *e)
{
	struct node *const *texts;
	struct range r;
	size_t n;

	if (node_get(map, key) == NULL || !conf_need(e, map, key))
		return;
	n = conf_texts(e, map, key, &texts);
	for (size_t i = 0; i < n; i++) {
		if (!parse_range(texts[i]->text, &r)) {
			conf_fault(e, texts[i], "%s must be a number or a "
			    "range like 2..10, not '%.80s'", key,
			    texts[i]->text);
			continue;
		}
		xgrow(&out->v, &out->cap, out->n + 1, sizeof *out->v);
		out->v[out->n++] = r;
	}
}

/* A rating, a list of them, or {include, exclude}. */
static void
read_ratings(struct match *m, const struct node *map, struct errs *e)
{
	const struct node *v = node_get(map, "rating");

	if (v == NULL || v->kind != NODE_MAP) {
		read_texts(&m->ratings, map, "rating", e);
		return;
	}
	CONF_KEYS(e, v, "include", "exclude");
	if (v->n == 0)
		conf_fault(e, v, "rating needs 'include' or 'exclude'");
	read_texts(&m->ratings, v, "include", e);
	read_texts(&m->not_ratings, v, "exclude", e);
}

static void
read_durations(struct match *m, const struct node *map, struct errs *e)
{
	int64_t min_s = 0, max_s = 0;

	conf_duration(e, map, "min_duration_sec", 0, DURATION_MAX_S, &min_s);
	if (conf_duration(e, map, "max_duration_sec", 1, DURATION_MAX_S,
	    &max_s) && max_s < min_s)
		conf_fault(e, conf_get(map, "max_duration_sec"),
		    "max_duration_sec is less than min_duration_sec");
	m->min_us = min_s * US_PER_S;
	m->max_us = max_s * US_PER_S;
}

void
match_read(struct match *m, const struct node *map, struct errs *e)
{
	CONF_KEYS(e, map, "type", "title", "series_title", "genre", "genres",
	    "rating", "season", "episode", "year", "tags",
	    "min_duration_sec", "max_duration_sec");
	if (map->n == 0)
		conf_fault(e, map, "match needs a criterion, like 'type'");
	read_types(m, map, e);
	read_texts(&m->titles, map, "title", e);
	read_texts(&m->series, map, "series_title", e);
	read_texts(&m->genres, map, "genre", e);
	read_texts(&m->genres, map, "genres", e);
	read_texts(&m->tags, map, "tags", e);
	read_ratings(m, map, e);
	read_ranges(&m->seasons, map, "season", e);
	read_ranges(&m->episodes, map, "episode", e);
	read_ranges(&m->years, map, "year", e);
	read_durations(m, map, e);
}

void
match_read_limits(struct match *m, const struct node *map, struct errs *e)
{
	read_ratings(m, map, e);
	read_durations(m, map, e);
}

void
match_fini(struct match *m)
{
	texts_fini(&m->titles);
	texts_fini(&m->series);
	texts_fini(&m->genres);
	texts_fini(&m->tags);
	texts_fini(&m->ratings);
	texts_fini(&m->not_ratings);
	free(m->seasons.v);
	free(m->episodes.v);
	free(m->years.v);
}

static bool
has_text(const struct texts *t, const char *s)
{
	for (size_t i = 0; s != NULL && i < t->n; i++)
		if (strcasecmp(t->v[i], s) == 0)
			return true;
	return false;
}

static bool
meet(const struct texts *a, const struct texts *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (has_text(a, b->v[i]))
			return true;
	return false;
}

static bool
in_ranges(const struct ranges *r, int64_t n)
{
	for (size_t i = 0; i < r->n; i++)
		if (n >= r->v[i].min && n <= r->v[i].max)
			return true;
	return r->n == 0;
}

/* "Batman (1966)" is the Batman of that year, too. */
static bool
has_series(const struct texts *t, const struct asset_about *a)
{
	char *dated;
	bool has;

	if (t->n == 0 || has_text(t, a->series))
		return true;
	if (a->series == NULL || a->series_year == 0)
		return false;
	dated = xasprintf("%s (%d)", a->series, a->series_year);
	has = has_text(t, dated);
	free(dated);
	return has;
}

static bool
has_texts(const struct match *m, const struct asset *a)
{
	const struct asset_about *b = &a->about;

	return (m->titles.n == 0 || has_text(&m->titles, a->title)) &&
	    has_series(&m->series, b) &&
	    (m->genres.n == 0 || meet(&m->genres, &b->genres)) &&
	    (m->tags.n == 0 || meet(&m->tags, &b->tags)) &&
	    (m->ratings.n == 0 || has_text(&m->ratings, b->rating)) &&
	    !has_text(&m->not_ratings, b->rating);
}

bool
match_has(const struct match *m, const struct asset *a)
{
	if (m->types != 0 && (m->types >> a->type & 1) == 0)
		return false;
	if (a->duration_us < m->min_us ||
	    (m->max_us != 0 && a->duration_us > m->max_us))
		return false;
	return in_ranges(&m->seasons, a->about.season) &&
	    in_ranges(&m->episodes, a->about.episode) &&
	    in_ranges(&m->years, a->about.year) && has_texts(m, a);
}
