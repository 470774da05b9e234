#include "io/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/uri.h"
#include "io/answer.h"
#include "io/api.h"
#include "io/catchup.h"
#include "io/control.h"
#include "io/gate.h"
#include "io/hdhr.h"
#include "io/iptv.h"
#include "io/metrics.h"
#include "io/status.h"
#include "io/www.h"

/* ?backlog=N, whole seconds; what is none of that is ignored. */
static int64_t
backlog_of(const char *query, int64_t otherwise)
{
	char *text = uri_query(query, "backlog"), *end;
	int64_t backlog_ns = otherwise;
	long s;

	if (text != NULL && *text >= '0' && *text <= '9') {
		s = strtol(text, &end, 10);
		if (*end == '\0')
			backlog_ns = NS_PER_S * (s < STATION_BACKLOG_MAX_S ?
			    s : STATION_BACKLOG_MAX_S);
	}
	free(text);
	return backlog_ns;
}

void
pages_answer_stream(const struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	if (feed_reason(f) != NULL) {
		answer_text(a, 503, feed_reason(f));
		return;
	}
	if (!q->head && gate_is_full(g, q, false, a))
		return;
	a->status = 200;
	a->type = "video/mp2t";
	a->stream = feed_relay(f);
	a->backlog_ns = backlog_of(q->query, feed_chan(f)->backlog_ns);
}

struct feed *
pages_find(const struct pages *g, const char *path, const char **rest)
{
	size_t n = strcspn(path, "/");

	*rest = path + n;
	if (**rest == '\0' && n > 3 && strcmp(path + n - 3, ".ts") == 0) {
		n -= 3;
		*rest = "/stream.ts";
	}
	for (size_t i = 0; i < g->nfeeds; i++) {
		const struct chan *ch = feed_chan(g->feeds[i]);

		if ((strlen(ch->slug) == n && memcmp(ch->slug, path, n) == 0) ||
		    (strlen(ch->number) == n &&
		    memcmp(ch->number, path, n) == 0))
			return g->feeds[i];
	}
	return NULL;
}

/* ---- Tables */

typedef void page_fn(struct pages *g, const struct http_request *q,
    struct http_answer *a);
typedef void channel_fn(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

static void
get_channel_stream(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	if (!catchup_answer(g, f, q, a))
		pages_answer_stream(g, f, q, a);
}

static void
get_channel_hls(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	struct hls_server *h = feed_hls(f);
	enum hls_guest guest;
	const char *name;

	(void)pages_find(g, q->path + strlen("/channel/"), &name);
	name += strlen("/hls/");
	guest = hls_server_guest(h, name, q);
	if (guest != HLS_KNOWN && gate_is_full(g, q, guest == HLS_ONCE, a))
		return;
	hls_server_answer(h, name, feed_reason(f), q, a, g->now(g->ctx));
}

/* What stands below /channel/N; one that ends in '/' or '*' is a prefix. */
static const struct {
	const char *rest;
	channel_fn *get;
} channel_pages[] = {
	{ "/stream.ts", get_channel_stream },
	{ "/hls/", get_channel_hls },
	{ "/status", status_channel },
	{ "/health", status_channel_health },
	{ "/logo", iptv_get_logo },
};

static const struct {
	const char *path;
	page_fn *get;
	page_fn *post;		/* changes nothing, or NULL */
} top_pages[] = {
	{ "/", www_get_page, NULL },
	{ "/assets/", www_get_asset, NULL },
	{ "/status", status_station, NULL },
	{ "/health", status_health, NULL },
	{ "/ready", status_ready, NULL },
	{ "/metrics", metrics_get, NULL },
	{ "/discover.json", hdhr_get_discover, NULL },
	{ "/device.xml", hdhr_get_device, NULL },
	{ "/capability", hdhr_get_device, NULL },
	{ "/lineup.json", hdhr_get_lineup_json, NULL },
	{ "/lineup.xml", hdhr_get_lineup_xml, NULL },
	{ "/lineup.m3u", hdhr_get_lineup_m3u, NULL },
	{ "/lineup_status.json", hdhr_get_lineup_status, NULL },
	{ "/lineup.post", hdhr_get_scan, hdhr_post_scan },
	{ "/auto/", hdhr_get_auto, NULL },
	{ "/tuner*", hdhr_get_tuner, NULL },
	{ "/iptv/channels.m3u", iptv_get_m3u, NULL },
	{ "/iptv/hls.m3u", iptv_get_hls, NULL },
	{ "/iptv/xmltv.xml", iptv_get_xmltv, NULL },
	{ "/api/channels", api_get_channels, NULL },
	{ "/api/guide", api_get_guide, NULL },
	{ "/api/now", api_get_now, NULL },
};

/* "/" itself is no prefix: the page is not everything. */
static bool
is_path(const char *path, const char *pattern)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(path, pattern, n - 1) == 0;
	return n > 1 && pattern[n - 1] == '/' ? strncmp(path, pattern, n) == 0 :
	    strcmp(path, pattern) == 0;
}

/* Nothing that changes state is reachable over TCP. */
static void
refuse_method(struct http_answer *a)
{
	a->status = 405;
	a->allow = "GET, HEAD";
}

static void
answer_channel(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const char *rest;
	struct feed *f = pages_find(g, q->path + strlen("/channel/"), &rest);

	if (f == NULL) {
		answer_text(a, 404, "no such channel");
		return;
	}
	for (size_t i = 0; i < LENGTH(channel_pages); i++) {
		if (!is_path(rest, channel_pages[i].rest))
			continue;
		channel_pages[i].get(g, f, q, a);
		return;
	}
	answer_text(a, 404, "no such page");
}

static void
answer_top(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	for (size_t i = 0; i < LENGTH(top_pages); i++) {
		page_fn *fn = q->post ? top_pages[i].post : top_pages[i].get;

		if (fn == NULL || !is_path(q->path, top_pages[i].path))
			continue;
		fn(g, q, a);
		return;
	}
	if (q->post)
		refuse_method(a);
	else
		answer_text(a, 404, "no such page");
}

void
pages_answer(void *ctx, const struct http_request *asked,
    struct http_answer *a)
{
	struct pages *g = ctx;
	struct http_request q = *asked;

	if (gate_refuses(g, &q, a))
		return;
	if (q.from.control && control_answer(g, &q, a))
		return;
	if (!q.post && strncmp(q.path, "/channel/", strlen("/channel/")) == 0)
		answer_channel(g, &q, a);
	else
		answer_top(g, &q, a);
}

/* The table's row that the path belongs to: pages have names of their own, not
 * each client's. */
static const char *
route_find(const char *path, const char **prefix)
{
	*prefix = "";
	if (strncmp(path, "/channel/", strlen("/channel/")) == 0) {
		path += strlen("/channel/");
		path += strcspn(path, "/");
		*prefix = "/channel/N";
		for (size_t i = 0; i < LENGTH(channel_pages); i++)
			if (is_path(path, channel_pages[i].rest))
				return channel_pages[i].rest;
		return *path == '\0' ? channel_pages[0].rest : "/other";
	}
	for (size_t i = 0; i < LENGTH(top_pages); i++)
		if (is_path(path, top_pages[i].path))
			return top_pages[i].path;
	return "other";
}

void
pages_count(void *ctx, const char *path, int status)
{
	struct pages *g = ctx;
	const char *prefix;
	const char *route = route_find(gate_path(g, path), &prefix);

	routes_count(&g->routes, prefix, route, status);
}
