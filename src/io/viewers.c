#include "io/viewers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/uri.h"
#include "io/answer.h"
#include "io/relay.h"

/* One channel's part of the list. */
struct part {
	const struct pages *pages;
	const struct chan *chan;
	json_t *list;
};

static void
on_viewer(void *ctx, const struct relay_viewer *v)
{
	const struct part *p = ctx;
	const struct pages *g = p->pages;
	int64_t ms = (int64_t)(uv_now(g->loop) - v->since_ms);
	json_t *j = json_object();

	json_object_set_new(j, "id", json_sprintf("%s-%" PRIu64,
	    p->chan->slug, v->id));
	json_object_set_new(j, "channel", json_text(p->chan->slug));
	json_object_set_new(j, "number", json_text(p->chan->number));
	json_object_set_new(j, "peer", json_text(v->peer));
	json_object_set_new(j, "user_agent", json_text(v->agent[0] != '\0' ?
	    v->agent : NULL));
	json_object_set_new(j, "since", json_instant(g->now(g->ctx) -
	    ms * (NS_PER_S / 1000)));
	json_object_set_new(j, "seconds", json_integer(ms / 1000));
	json_object_set_new(j, "bytes", json_integer((json_int_t)v->bytes));
	json_object_set_new(j, "behind_bytes",
	    json_integer((json_int_t)v->behind));
	json_object_set_new(j, "behind_ms", json_integer(v->behind_ns /
	    (NS_PER_S / 1000)));
	json_array_append_new(p->list, j);
}

void
viewers_get(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *list = json_array();

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++) {
		struct part p = { g, feed_chan(g->feeds[i]), list };

		relay_list(feed_relay(g->feeds[i]), on_viewer, &p);
	}
	answer_json(a, 200, json_pack("{s:o}", "viewers", list));
}

/* The channel that a name like "one-17" begins with, and the number behind
 * it; NULL if it is none. */
static struct feed *
id_parse(const struct pages *g, const char *id, uint64_t *number)
{
	const char *dash = strrchr(id, '-');
	char *end;

	if (dash == NULL || dash[1] < '0' || dash[1] > '9')
		return NULL;
	*number = strtoull(dash + 1, &end, 10);
	for (size_t i = 0; *end == '\0' && i < g->nfeeds; i++) {
		const char *slug = feed_chan(g->feeds[i])->slug;

		if (strlen(slug) == (size_t)(dash - id) &&
		    strncmp(slug, id, strlen(slug)) == 0)
			return g->feeds[i];
	}
	return NULL;
}

void
viewers_kick(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	char *id = uri_query(q->query, "id");
	uint64_t number = 0;
	struct feed *f = id != NULL ? id_parse(g, id, &number) : NULL;

	if (id == NULL)
		answer_text(a, 400, "which viewer? ?id=ID");
	else if (f == NULL || !relay_kick(feed_relay(f), number))
		answer_text(a, 404, "no such viewer");
	else
		answer_done(a);
	free(id);
}
