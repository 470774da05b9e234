#include "io/guide_json.h"

#include <inttypes.h>

#include "base/arith.h"
#include "media/jsontext.h"
#include "plan/m3u.h"

/* Takes b's text. */
static void
set_built(json_t *j, const char *key, struct buf *b)
{
	json_object_set_new(j, key, json_text(b->len > 0 ? buf_str(b) : NULL));
	buf_fini(b);
}

static json_t *
json_urls(const char *base, const char *slug)
{
	json_t *j = json_object();
	struct buf b = { 0 };

	buf_addf(&b, "%s/channel/%s/stream.ts", base, slug);
	set_built(j, "ts", &b);
	buf_addf(&b, "%s/channel/%s/hls/index.m3u8", base, slug);
	set_built(j, "hls", &b);
	return j;
}

/* Paths, not addresses: who asks knows by which name we are reached. */
json_t *
guide_json_channel(const struct guide *g, const char *base)
{
	json_t *j = json_object();
	struct buf b = { 0 };

	json_object_set_new(j, "number", json_text(g->number));
	json_object_set_new(j, "name", json_text(g->name));
	json_object_set_new(j, "slug", json_text(g->slug));
	guide_add_id(&b, g->slug);
	set_built(j, "id", &b);
	json_object_set_new(j, "group", json_text(g->group));
	json_object_set_new(j, "language", json_text(g->language));
	m3u_add_logo(&b, base, g->slug, g->logo);
	set_built(j, "logo", &b);
	json_object_set_new(j, "urls", json_urls(base, g->slug));
	return j;
}

void
guide_json_set_instant(json_t *j, const char *key, int64_t ns)
{
	char ms[32];

	snprintf(ms, sizeof ms, "%s_ms", key);
	json_object_set_new(j, key, json_instant(ns));
	json_object_set_new(j, ms, json_integer(ns / (NS_PER_S / 1000)));
}

static json_t *
json_texts(const struct texts *t)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->n; i++)
		json_array_append_new(list, json_text(t->v[i]));
	return list;
}

/* A number where there is one. */
static json_t *
json_number(int n, int least)
{
	return n >= least ? json_integer(n) : json_null();
}

static void
set_about(json_t *j, const struct guide_entry *e)
{
	const struct asset_about *a = &e->about;
	struct buf b = { 0 };

	guide_add_episode(&b, a);
	set_built(j, "episode", &b);
	json_object_set_new(j, "season", json_number(a->season, 0));
	json_object_set_new(j, "episode_number", json_number(a->episode, 0));
	json_object_set_new(j, "year", json_number(a->year, 1));
	json_object_set_new(j, "rating", json_text(a->rating));
	json_object_set_new(j, "category", json_texts(&a->genres));
	json_object_set_new(j, "icon", json_text(a->icon));
}

json_t *
guide_json_entry(const struct guide *g, const struct guide_entry *e)
{
	json_t *j = json_object();

	json_object_set_new(j, "event_id", json_sprintf("%s-%" PRId64,
	    g->slug, e->n0));
	guide_json_set_instant(j, "start", e->start_ns);
	guide_json_set_instant(j, "end", e->end_ns);
	json_object_set_new(j, "off_air", json_boolean(e->off_air));
	json_object_set_new(j, "title", json_text(e->title));
	json_object_set_new(j, "subtitle", json_text(e->subtitle));
	json_object_set_new(j, "desc", json_text(e->description));
	json_object_set_new(j, "movie", json_boolean(e->movie));
	json_object_set_new(j, "new", json_boolean(e->first_run));
	json_object_set_new(j, "rerun_of", json_text(e->rerun_channel));
	set_about(j, e);
	return j;
}
