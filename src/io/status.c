#include "io/status.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>

#include "base/version.h"
#include "io/answer.h"
#include "io/logfile.h"
#include "media/jsontext.h"
#include "plan/explain.h"

/* What really airs at frame n, or would if anybody watched. */
struct airing {
	const char *kind;
	const struct asset *asset;	/* NULL: black, or the slate */
	int64_t frame;			/* of the asset */
};

static struct airing
airing_at(struct feed *f, int64_t n)
{
	struct sight at = feed_at(f, n);
	const struct segment *s = &at.segment;
	enum channel_airs airs = feed_airs(f);
	struct run filler;

	if (airs == AIRS_SLATE)
		return (struct airing){ .kind = channel_airs_name(airs) };
	if (airs == AIRS_FILLER) {
		filler = timeline_filler(feed_timeline(f), n);
		return (struct airing){ channel_airs_name(airs), filler.asset,
		    filler.in + n - filler.n0 };
	}
	return (struct airing){ segment_kind_name(s->kind), s->asset,
	    s->asset != NULL ? s->in + n + at.ahead - s->n0 : 0 };
}

/* What is on the air at frame n: what airs, and the segment that it is of. */
static json_t *
json_content(struct feed *f, int64_t n)
{
	const struct airing a = airing_at(f, n);
	struct rate r = feed_chan(f)->format.rate;
	struct sight at = feed_at(f, n);
	const struct segment *s = &at.segment;
	const struct programme *p = timeline_programme(feed_timeline(f), s);
	json_t *j = json_object();

	json_object_set_new(j, "path", json_text(a.asset != NULL ?
	    a.asset->path : NULL));
	json_object_set_new(j, "title", json_text(p != NULL ? p->title :
	    s->asset != NULL ? s->asset->title : NULL));
	json_object_set_new(j, "kind", json_text(a.kind));
	json_object_set_new(j, "timestamp",
	    json_instant(rate_frame_ns(r, s->n0 - at.ahead)));
	json_object_set_new(j, "ends",
	    json_instant(rate_frame_ns(r, s->n1 - at.ahead)));
	json_object_set_new(j, "off_air", json_boolean(explain_off_air(
	    feed_timeline(f), s, n + at.ahead) != NULL));
	json_object_set_new(j, "frame", json_integer(a.frame));
	json_object_set_new(j, "event_id", json_sprintf("%s-%" PRId64,
	    feed_chan(f)->slug, s->n0));
	return j;
}

/* What the operator has put in place of the plan, or null. */
static json_t *
json_override(struct feed *f, int64_t n)
{
	static const char *const kinds[] = {
		[OVERRIDE_FILE] = "takeover",
		[OVERRIDE_SLATE] = "takeover",
		[OVERRIDE_SKIP] = "skip",
	};
	const struct override *o = feed_at(f, n).by;
	struct rate r = feed_chan(f)->format.rate;
	json_t *j;

	if (o == NULL)
		return json_null();
	j = json_object();
	json_object_set_new(j, "kind", json_text(kinds[o->kind]));
	json_object_set_new(j, "file", json_text(o->asset != NULL ?
	    o->asset->path : NULL));
	json_object_set_new(j, "since", json_instant(rate_frame_ns(r, o->n0)));
	json_object_set_new(j, "until", o->n1 < OVERRIDE_EVER ?
	    json_instant(rate_frame_ns(r, o->n1)) : json_null());
	json_object_set_new(j, "why", json_text(o->why));
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

/* How its children do. */
static void
json_work(json_t *j, struct feed *f)
{
	struct channel_state s = feed_state(f);
	int speed = feed_counts(f).speed;

	json_object_set_new(j, "children",
	    json_integer((json_int_t)s.children));
	json_object_set_new(j, "speed", s.children != 0 && speed != 0 ?
	    json_real(speed / 100.0) : json_null());
	json_object_set_new(j, "slate", json_boolean(s.slate));
	json_object_set_new(j, "filler", json_boolean(s.filler));
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
	json_object_set_new(j, "healthy",
	    json_boolean(feed_fault(f) == NULL));
	json_object_set_new(j, "viewers",
	    json_integer((json_int_t)feed_viewers(f)));
	json_object_set_new(j, "bytes_sent", json_integer((json_int_t)n.bytes));
	json_object_set_new(j, "child_failures",
	    json_integer((json_int_t)feed_failures(f)));
	json_object_set_new(j, "laps", json_integer((json_int_t)n.laps));
	json_object_set_new(j, "bytes_made", json_integer((json_int_t)n.made));
	json_work(j, f);
	if (feed_reason(f) != NULL) {
		json_object_set_new(j, "reason", json_text(feed_reason(f)));
		json_object_set_new(j, "content", json_null());
		json_object_set_new(j, "next", json_null());
		json_object_set_new(j, "override", json_null());
	} else {
		int64_t now = g->now(g->ctx);
		int64_t at = rate_frame_at(ch->format.rate, now);

		json_object_set_new(j, "time", json_instant(now));
		json_object_set_new(j, "content", json_content(f, at));
		json_object_set_new(j, "next", json_next(f, at));
		json_object_set_new(j, "override", json_override(f, at));
	}
	return j;
}

/* What the daemon itself takes, its children apart. */
static json_t *
json_process(void)
{
	uv_rusage_t u = { 0 };
	size_t rss = 0;

	(void)uv_getrusage(&u);
	(void)uv_resident_set_memory(&rss);
	return json_pack("{s:I, s:I}", "cpu_ms", (json_int_t)(
	    (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000),
	    "resident", (json_int_t)rss);
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
	json_object_set_new(j, "process", json_process());
	json_object_set_new(j, "channels", list);
	return j;
}

void
status_station(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	answer_json(a, 200, json_station(g));
}

void
status_channel(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	answer_json(a, 200, json_channel(g, f));
}

/* reason: NULL where all is well. */
static json_t *
json_health(const char *reason)
{
	json_t *j = json_object();

	json_object_set_new(j, "status", json_text(reason == NULL ?
	    "healthy" : "unhealthy"));
	json_object_set_new(j, "stream_accessible",
	    json_boolean(reason == NULL));
	json_object_set_new(j, "content_type", json_text("video/mp2t"));
	if (reason != NULL)
		json_object_set_new(j, "reason", json_text(reason));
	return j;
}

static int
health_status(const char *reason)
{
	return reason == NULL ? 200 : 503;
}

static json_t *
json_unhealthy(struct feed *f)
{
	json_t *j = json_object();

	json_object_set_new(j, "channel", json_text(feed_chan(f)->slug));
	json_object_set_new(j, "number", json_text(feed_chan(f)->number));
	json_object_set_new(j, "reason", json_text(feed_fault(f)));
	return j;
}

void
status_health(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const char *reason = NULL;
	json_t *list = json_array(), *j;

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++) {
		struct feed *f = g->feeds[i];

		if (feed_fault(f) == NULL || feed_barred(f))
			continue;
		if (reason == NULL)
			reason = feed_fault(f);
		json_array_append_new(list, json_unhealthy(f));
	}
	j = json_health(reason);
	json_object_set_new(j, "channels",
	    json_integer((json_int_t)g->nfeeds));
	json_object_set_new(j, "unhealthy", list);
	answer_json(a, health_status(reason), j);
}

void
status_channel_health(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	const char *reason = feed_fault(f);
	json_t *j = json_health(reason);

	(void)g;
	(void)q;
	json_object_set_new(j, "active", json_boolean(feed_on_air(f)));
	answer_json(a, health_status(reason), j);
}

void
status_ready(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *j = json_object();

	(void)q;
	json_object_set_new(j, "ready", json_boolean(g->ready));
	json_object_set_new(j, "reading", json_boolean(g->reading));
	answer_json(a, g->ready ? 200 : 503, j);
}
