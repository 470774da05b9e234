#include "io/pages.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/length.h"
#include "base/version.h"
#include "io/answer.h"
#include "io/api.h"
#include "io/control.h"
#include "io/gate.h"
#include "io/hdhr.h"
#include "io/iptv.h"
#include "io/logfile.h"
#include "io/www.h"

#define BACKLOG_MAX_S	10

/* What is on the air at frame n: the segment, and the offset in its asset. */
static json_t *
json_content(struct feed *f, int64_t n)
{
	struct rate r = feed_chan(f)->format.rate;
	struct timeline *tl = feed_timeline(f);
	const struct segment *s = timeline_at(tl, n);
	const struct programme *p = timeline_programme(tl, s);
	json_t *j = json_object();

	json_object_set_new(j, "path", json_text(s->asset != NULL ?
	    s->asset->path : NULL));
	json_object_set_new(j, "title", json_text(p != NULL ? p->title :
	    s->asset != NULL ? s->asset->title : NULL));
	json_object_set_new(j, "kind", json_text(segment_kind_name(s->kind)));
	json_object_set_new(j, "timestamp",
	    json_instant(rate_frame_ns(r, s->n0)));
	json_object_set_new(j, "ends", json_instant(rate_frame_ns(r, s->n1)));
	json_object_set_new(j, "frame", json_integer(s->asset != NULL ?
	    s->in + n - s->n0 : 0));
	json_object_set_new(j, "event_id", json_sprintf("%s-%" PRId64,
	    feed_chan(f)->slug, s->n0));
	return j;
}

static json_t *
json_next(struct feed *f, int64_t n)
{
	const struct programme *p = timeline_next(feed_timeline(f), n + 1);
	json_t *j;

	if (p == NULL)
		return json_null();
	j = json_object();
	json_object_set_new(j, "title", json_text(p->title));
	json_object_set_new(j, "timestamp",
	    json_instant(rate_frame_ns(feed_chan(f)->format.rate, p->n0)));
	return j;
}

static json_t *
json_channel(const struct pages *g, struct feed *f)
{
	const struct chan *ch = feed_chan(f);
	struct relay_counts n = relay_counts(feed_relay(f));
	json_t *j = json_object();

	json_object_set_new(j, "channel", json_text(ch->slug));
	json_object_set_new(j, "channel_id", json_text(ch->slug));
	json_object_set_new(j, "number", json_text(ch->number));
	json_object_set_new(j, "name", json_text(ch->name));
	json_object_set_new(j, "active", json_boolean(feed_on_air(f)));
	json_object_set_new(j, "viewers",
	    json_integer((json_int_t)feed_viewers(f)));
	json_object_set_new(j, "bytes_sent", json_integer((json_int_t)n.bytes));
	json_object_set_new(j, "child_failures",
	    json_integer((json_int_t)feed_failures(f)));
	json_object_set_new(j, "laps", json_integer((json_int_t)n.laps));
	if (feed_reason(f) != NULL) {
		json_object_set_new(j, "reason", json_text(feed_reason(f)));
		json_object_set_new(j, "content", json_null());
		json_object_set_new(j, "next", json_null());
	} else {
		int64_t now = g->now(g->ctx);
		int64_t at = rate_frame_at(ch->format.rate, now);

		json_object_set_new(j, "time", json_instant(now));
		json_object_set_new(j, "content", json_content(f, at));
		json_object_set_new(j, "next", json_next(f, at));
	}
	return j;
}

static json_t *
json_station(const struct pages *g)
{
	json_t *j = json_object(), *list = json_array();
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	for (size_t i = 0; i < g->nfeeds; i++)
		json_array_append_new(list, json_channel(g, g->feeds[i]));
	json_object_set_new(j, "station", json_text(g->station->name));
	json_object_set_new(j, "version", json_text(RETROVUE_VERSION));
	json_object_set_new(j, "ready", json_boolean(g->ready));
	json_object_set_new(j, "reading", json_boolean(g->reading));
	json_object_set_new(j, "uptime_s", json_integer(ts.tv_sec -
	    g->started_ns / NS_PER_S));
	json_object_set_new(j, "log_lost",
	    json_integer((json_int_t)logfile_lost()));
	json_object_set_new(j, "channels", list);
	return j;
}

static void
answer_health(struct http_answer *a, bool healthy, const char *reason)
{
	json_t *j = json_object();

	json_object_set_new(j, "status", json_text(healthy ? "healthy" :
	    "unhealthy"));
	json_object_set_new(j, "stream_accessible", json_boolean(healthy));
	json_object_set_new(j, "content_type", json_text("video/mp2t"));
	if (reason != NULL)
		json_object_set_new(j, "reason", json_text(reason));
	answer_json(a, healthy ? 200 : 503, j);
}

static void
answer_health_all(const struct pages *g, struct http_answer *a)
{
	const char *reason = NULL;

	for (size_t i = 0; i < g->nfeeds && reason == NULL; i++)
		reason = feed_reason(g->feeds[i]);
	answer_health(a, reason == NULL, reason);
}

/* ?backlog=N, whole seconds, 0 to 10; what is none of that is ignored. */
static int64_t
backlog_of(const char *query)
{
	const char *p = strstr(query, "backlog=");
	char *end;
	long s;

	if (p == NULL || (p != query && p[-1] != '&'))
		return FEED_BACKLOG_NS;
	p += strlen("backlog=");
	if (*p < '0' || *p > '9')
		return FEED_BACKLOG_NS;
	s = strtol(p, &end, 10);
	if (s > BACKLOG_MAX_S)
		s = BACKLOG_MAX_S;
	return s * NS_PER_S;
}

void
pages_answer_stream(const struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	if (feed_reason(f) != NULL) {
		answer_text(a, 503, feed_reason(f));
		return;
	}
	if (!q->head && gate_is_full(g, q, a))
		return;
	a->status = 200;
	a->type = "video/mp2t";
	a->stream = feed_relay(f);
	a->backlog_ns = backlog_of(q->query);
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
	pages_answer_stream(g, f, q, a);
}

static void
get_channel_hls(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	struct hls_server *h = feed_hls(f);
	const char *name;

	(void)pages_find(g, q->path + strlen("/channel/"), &name);
	name += strlen("/hls/");
	if (hls_server_is_new(h, name, q) && gate_is_full(g, q, a))
		return;
	hls_server_answer(h, name, feed_reason(f), q, a, g->now(g->ctx));
}

static void
get_channel_status(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	(void)q;
	answer_json(a, 200, json_channel(g, f));
}

static void
get_channel_health(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	(void)g;
	(void)q;
	answer_health(a, feed_reason(f) == NULL, feed_reason(f));
}

static void
get_status(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	answer_json(a, 200, json_station(g));
}

static void
get_health(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	answer_health_all(g, a);
}

/* What stands below /channel/N; one that ends in '/' or '*' is a prefix. */
static const struct {
	const char *rest;
	channel_fn *get;
} channel_pages[] = {
	{ "/stream.ts", get_channel_stream },
	{ "/hls/", get_channel_hls },
	{ "/status", get_channel_status },
	{ "/health", get_channel_health },
	{ "/logo", iptv_get_logo },
};

static const struct {
	const char *path;
	page_fn *get;
	page_fn *post;		/* changes nothing, or NULL */
} top_pages[] = {
	{ "/", www_get_page, NULL },
	{ "/assets/", www_get_asset, NULL },
	{ "/status", get_status, NULL },
	{ "/health", get_health, NULL },
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
	{ "/iptv/xmltv.xml", iptv_get_xmltv, NULL },
	{ "/api/channels", api_get_channels, NULL },
	{ "/api/guide", api_get_guide, NULL },
	{ "/api/now", api_get_now, NULL },
};

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
