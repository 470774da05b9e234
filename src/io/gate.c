#include "io/gate.h"

#include <string.h>

#include "base/net.h"
#include "base/uri.h"
#include "io/answer.h"
#include "io/logfile.h"
#include "plan/station.h"

#define TELL_MS	60000	/* from one word about a strange name to another */

/* Looks at every byte: how much of it is right is not to be had from how long
 * this takes. */
static bool
is_token(const char *s, size_t n, const char *token)
{
	unsigned differ = 0;

	if (n != strlen(token))
		return false;
	for (size_t i = 0; i < n; i++)
		differ |= (unsigned char)(s[i] ^ token[i]);
	return differ == 0;
}

/* "/TOKEN/health" becomes "/health" and "/TOKEN" empty; NULL where it does not
 * begin so. */
static const char *
token_strip(const char *path, const char *token)
{
	size_t n;

	if (*path != '/')
		return NULL;
	n = strcspn(path + 1, "/");
	return is_token(path + 1, n, token) ? path + 1 + n : NULL;
}

const char *
gate_path(const struct pages *g, const char *path)
{
	const char *token = g->station->gate.token, *rest = NULL;

	if (token != NULL)
		rest = token_strip(path, token);
	return rest == NULL ? path : *rest == '\0' ? "/" : rest;
}

/* What the page refers to is below the token for a browser only where its own
 * path ends in '/'.  Relative (RFC 9110 10.2.2): there may be more before it
 * where a proxy is in front. */
static void
redirect_below(const char *token, struct http_answer *a)
{
	buf_adds(&a->fields, "Location: ");
	uri_add_escaped(&a->fields, token);
	buf_adds(&a->fields, "/\r\n");
	answer_text(a, 302, "here, with a slash");
}

/* Now and then: anybody may ask by any name. */
static void
tell_host(struct pages *g, const struct http_request *q)
{
	uint64_t now_ms = uv_now(g->loop);

	if (g->host_told_ms != 0 && now_ms < g->host_told_ms + TELL_MS)
		return;
	g->host_told_ms = now_ms;
	logfile(LOG_WARN, "http_host", "host=%s peer=%s text=%s",
	    logfile_value(q->host), logfile_value(q->peer),
	    logfile_value("refused: if it is this station's name, it "
	    "belongs in http.hosts"));
}

bool
gate_refuses(struct pages *g, struct http_request *q,
    struct http_answer *a)
{
	const struct station *st = g->station;
	const char *path;

	if (q->from.control)
		return false;
	/* HTTP/1.0 may have no Host; browsers always do. */
	if (q->host[0] != '\0' && !station_is_host(st, q->host)) {
		tell_host(g, q);
		answer_text(a, 421, "not the name of this station: see "
		    "http.hosts");
		return true;
	}
	if (st->gate.token == NULL)
		return false;
	if ((path = token_strip(q->path, st->gate.token)) == NULL) {
		answer_text(a, 404, "no such page");
	} else if (*path == '\0') {
		redirect_below(st->gate.token, a);
	} else {
		q->path = path;
		return false;
	}
	return true;
}

struct same {
	uint64_t group;
	size_t n;
};

static void
count_same(void *ctx, const struct relay_viewer *v)
{
	struct same *s = ctx;

	s->n += v->group == s->group;
}

bool
gate_is_full(const struct pages *g, const struct http_request *q,
    bool counted, struct http_answer *a)
{
	const struct station_limits *l = &g->station->gate.limits;
	struct same same = { net_group(q->peer), 0 };
	int64_t all = 0;

	if (q->from.control)
		return false;
	for (size_t i = 0; i < g->nfeeds; i++) {
		struct feed *f = g->feeds[i];

		all += (int64_t)(feed_viewers(f) -
		    hls_server_fleeting(feed_hls(f)));
		same.n += hls_server_count(feed_hls(f), same.group);
		relay_list(feed_relay(f), count_same, &same);
	}
	if (all >= l->viewers)
		answer_text(a, 503, "no more viewers: see "
		    "http.limits.viewers");
	else if ((int64_t)same.n - counted >= l->viewers_per_address)
		answer_text(a, 503, "no more viewers from your address: see "
		    "http.limits.viewers_per_address");
	else
		return false;
	return true;
}
