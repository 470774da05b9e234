#include "io/viewers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/uri.h"
#include "io/answer.h"
#include "io/catchup.h"
#include "io/relay.h"
#include "media/jsontext.h"

#define LIVE	'-'	/* in an id, before its number */
#define CATCHUP	'@'
#define HLS	'~'

/* One channel's part of the list, or a catch-up's. */
struct part {
	const struct pages *pages;
	const struct chan *chan;
	uint64_t session;	/* 0: it is live */
	json_t *list;
};

/* One more in the list, who that is: to be completed. */
static json_t *
viewer_json(const struct part *p, char kind, uint64_t id, uint64_t since_ms)
{
	const struct pages *g = p->pages;
	int64_t ms = (int64_t)(uv_now(g->loop) - since_ms);
	json_t *j = json_object();

	json_object_set_new(j, "id", json_sprintf("%s%c%" PRIu64,
	    p->chan->slug, kind, id));
	json_object_set_new(j, "channel", json_text(p->chan->slug));
	json_object_set_new(j, "number", json_text(p->chan->number));
	json_object_set_new(j, "since", json_instant(g->now(g->ctx) -
	    ms * (NS_PER_S / 1000)));
	json_object_set_new(j, "seconds", json_integer(ms / 1000));
	json_array_append_new(p->list, j);
	return j;
}

static void
set_agent(json_t *j, const char *agent)
{
	json_object_set_new(j, "user_agent", json_text(agent[0] != '\0' ?
	    agent : NULL));
}

static void
on_viewer(void *ctx, const struct relay_viewer *v)
{
	const struct part *p = ctx;
	json_t *j = p->session != 0 ?
	    viewer_json(p, CATCHUP, p->session, v->since_ms) :
	    viewer_json(p, LIVE, v->id, v->since_ms);

	json_object_set_new(j, "protocol", json_string("ts"));
	json_object_set_new(j, "peer", json_text(v->peer));
	set_agent(j, v->agent);
	json_object_set_new(j, "bytes", json_integer((json_int_t)v->bytes));
	json_object_set_new(j, "behind_bytes",
	    json_integer((json_int_t)v->behind));
	json_object_set_new(j, "behind_ms", json_integer(v->behind_ns /
	    (NS_PER_S / 1000)));
}

/* Nobody knows how far a player is behind what it has fetched. */
static void
on_lease(void *ctx, const struct lease *who)
{
	const struct part *p = ctx;
	json_t *j = viewer_json(p, HLS, who->id, who->since_ms);

	json_object_set_new(j, "protocol", json_string("hls"));
	json_object_set_new(j, "peer", json_text(who->peer));
	set_agent(j, who->agent);
	json_object_set_new(j, "bytes", json_integer((json_int_t)who->bytes));
	json_object_set_new(j, "behind_bytes", json_null());
	json_object_set_new(j, "behind_ms", json_null());
}

static void
on_catchup(void *ctx, struct feed *f, uint64_t number)
{
	struct part *p = ctx;

	p->chan = feed_chan(f);
	p->session = number;
	relay_list(feed_relay(f), on_viewer, p);
}

void
viewers_get(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *list = json_array();
	struct part all = { .pages = g, .list = list };

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++) {
		struct part p = { g, feed_chan(g->feeds[i]), 0, list };

		relay_list(feed_relay(g->feeds[i]), on_viewer, &p);
		hls_server_list(feed_hls(g->feeds[i]), on_lease, &p);
	}
	catchups_list(g->catchups, on_catchup, &all);
	answer_json(a, 200, json_pack("{s:o}", "viewers", list));
}

/* A name like "one-17" taken apart; false if it is none. */
struct name {
	const char *slug;
	size_t len;		/* of the slug */
	char kind;
	uint64_t number;
	bool found;
};

static bool
name_parse(struct name *n, const char *id)
{
	static const char kinds[] = { CATCHUP, HLS, LIVE };
	const char *at = NULL;
	char *end;

	/* A slug may have a '-', but neither of the others. */
	for (size_t i = 0; at == NULL && i < sizeof kinds; i++) {
		n->kind = kinds[i];
		at = strrchr(id, kinds[i]);
	}
	if (at == NULL || at[1] < '0' || at[1] > '9')
		return false;
	n->slug = id;
	n->len = (size_t)(at - id);
	n->number = strtoull(at + 1, &end, 10);
	return *end == '\0';
}

static bool
is_named(const struct name *n, struct feed *f)
{
	const char *slug = feed_chan(f)->slug;

	return strlen(slug) == n->len && memcmp(slug, n->slug, n->len) == 0;
}

static void
kick_catchup(void *ctx, struct feed *f, uint64_t number)
{
	struct name *n = ctx;

	if (number != n->number || !is_named(n, f))
		return;
	relay_close_viewers(feed_relay(f));
	n->found = true;
}

static bool
kick(const struct pages *g, const char *id)
{
	struct name n = { 0 };

	if (!name_parse(&n, id))
		return false;
	if (n.kind == CATCHUP)
		catchups_list(g->catchups, kick_catchup, &n);
	for (size_t i = 0; n.kind != CATCHUP && i < g->nfeeds; i++) {
		struct feed *f = g->feeds[i];

		if (is_named(&n, f))
			n.found = n.kind == HLS ?
			    hls_server_kick(feed_hls(f), n.number) :
			    relay_kick(feed_relay(f), n.number);
	}
	return n.found;
}

void
viewers_kick(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	char *id = uri_query(q->query, "id");

	if (id == NULL)
		answer_text(a, 400, "which viewer? ?id=ID");
	else if (!kick(g, id))
		answer_text(a, 404, "no such viewer");
	else
		answer_done(a);
	free(id);
}
