#include "io/hls_server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/lease.h"
#include "base/length.h"
#include "base/net.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "plan/seed.h"
#include "ts/hls.h"

#define INDEX		"index.m3u8"
#define LEASE_SEGMENTS	3
#define HOLD_SEGMENTS	2
#define LEASES_MAX	16384	/* viewers counted */
#define FLEETING_MAX	1024	/* of these, that have asked but once */
#define HOLDS_MAX	256
#define RETRY_S		3	/* for who has waited in vain */
#define NS_PER_MS	INT64_C(1000000)

/* A segment's bytes never change, and its number never comes again, unless the
 * clock goes back. */
#define SEGMENT_CACHE	"public, max-age=3600, immutable"
#define STEPPED_CACHE	"public, max-age=60"

struct held {
	struct http_ticket *ticket;
	struct lease who;
	uint64_t until_ms;
};

struct hls_server {
	struct hls_server_env env;
	struct leases leases;
	struct leases kicked;	/* by an operator, while they still ask */
	size_t told;		/* the count that on_count knows */
	struct held *held;
	size_t nheld, cap_held;
};

struct hls_server *
hls_server_new(const struct hls_server_env *env)
{
	struct hls_server *h = xcalloc(1, sizeof *h);

	h->env = *env;
	return h;
}

/* So many segments, in milliseconds. */
static uint64_t
segments_ms(const struct hls_server *h, int64_t n)
{
	return (uint64_t)(n * hls_segment_ns(&h->env.grid) / NS_PER_MS);
}

/* ---- Viewers */

static struct lease
viewer_of(const struct http_request *q)
{
	char *address = xstrndup(q->peer, http_peer_address(q->peer));
	uint64_t seed = seed_text(address);

	free(address);
	return (struct lease){
		.key = seed_add(seed, seed_text(q->user_agent)),
		.group = net_group(q->peer),
	};
}

static void
count_tell(struct hls_server *h)
{
	if (h->leases.n == h->told)
		return;
	h->told = h->leases.n;
	h->env.on_count(h->env.ctx, h->told);
}

/* q: NULL where what it says is known already. */
static void
viewer_renew(struct hls_server *h, struct lease who,
    const struct http_request *q)
{
	struct lease *is = leases_find(&h->leases, who.key);

	who.since_ms = uv_now(h->env.loop);
	who.until_ms = who.since_ms + segments_ms(h, LEASE_SEGMENTS);
	if (is != NULL)
		is->settled |= q != NULL;
	else
		leases_yield(&h->leases, FLEETING_MAX);
	leases_renew(&h->leases, &who, q != NULL ? q->peer : NULL,
	    q != NULL ? q->user_agent : NULL, LEASES_MAX);
	count_tell(h);
}

/* True for who is to be gone, as long as he goes on asking. */
static bool
is_kicked(struct hls_server *h, struct lease who)
{
	leases_expire(&h->kicked, uv_now(h->env.loop));
	if (leases_find(&h->kicked, who.key) == NULL)
		return false;
	who.until_ms = uv_now(h->env.loop) + segments_ms(h, LEASE_SEGMENTS);
	leases_renew(&h->kicked, &who, NULL, NULL, LEASES_MAX);
	return true;
}

static void
sent_count(struct hls_server *h, uint64_t key, size_t bytes)
{
	struct lease *who = leases_find(&h->leases, key);

	if (who == NULL)
		return;
	who->bytes += bytes;
	who->settled = true;
}

/* ---- Answers */

static void
answer_refuse(struct http_answer *a, const char *reason)
{
	answer_text(a, 503, reason);
	answer_anywhere(a);
	buf_addf(&a->fields, "Retry-After: %d\r\n", RETRY_S);
}

/* No Retry-After: a player that is told to go is not to come back. */
static void
answer_kicked(struct http_answer *a)
{
	answer_text(a, 403, "the operator has disconnected this player");
	answer_anywhere(a);
}

static void
answer_list(const struct hls_server *h, struct http_answer *a,
    struct hls_list l, int64_t now)
{
	static const char *const caches[] = {
		"max-age=0", "max-age=1", "max-age=2", "max-age=3",
	};
	size_t age = (size_t)hls_max_age_s(&h->env.grid, l, now);

	a->status = 200;
	a->type = "application/vnd.apple.mpegurl";
	a->cache = caches[age < LENGTH(caches) ? age : LENGTH(caches) - 1];
	answer_anywhere(a);
	hls_playlist(&h->env.grid, l, &a->body);
}

/* Whoever has the segment from another daemon has the same pictures, though
 * not the same continuity counters: a weak tag (RFC 9110 8.8.1). */
static void
answer_segment(struct hls_server *h, const struct http_request *q,
    uint64_t viewer, struct http_answer *a, int64_t seq)
{
	struct hls_range r;
	char *tag;

	answer_anywhere(a);
	if (!hls_find(&h->env.grid, relay_index(h->env.relay), seq, &r)) {
		answer_text(a, 404, "no such segment: it has gone, or is yet "
		    "to come");
		return;
	}
	tag = xasprintf("\"%s-%" PRId64 "\"", h->env.slug, seq);
	a->status = strstr(q->if_none_match, tag) != NULL ? 304 : 200;
	a->type = "video/mp2t";
	a->cache = relay_index(h->env.relay)->breaks == 0 ? SEGMENT_CACHE :
	    STEPPED_CACHE;
	buf_addf(&a->fields, "ETag: W/%s\r\n", tag);
	a->ring = h->env.relay;
	a->from = r.from;
	a->to = r.to;
	if (a->status == 200 && !q->head)
		sent_count(h, viewer, (size_t)(r.to - r.from));
	free(tag);
}

/* ---- Who waits for a playlist */

static struct hls_list
list_now(const struct hls_server *h)
{
	return hls_list(&h->env.grid, relay_index(h->env.relay));
}

static void
hold(struct hls_server *h, const struct http_request *q,
    const struct lease *who)
{
	xgrow(&h->held, &h->cap_held, h->nheld + 1, sizeof h->held[0]);
	h->held[h->nheld++] = (struct held){
		.ticket = http_hold(q),
		.who = *who,
		.until_ms = uv_now(h->env.loop) +
		    segments_ms(h, HOLD_SEGMENTS),
	};
}

/* Settling may bring in the client's next request, which may have to wait,
 * too: it must find the list in order. */
static void
settle(struct hls_server *h, size_t at, struct http_answer *a)
{
	struct http_ticket *t = h->held[at].ticket;

	h->held[at] = h->held[--h->nheld];
	http_settle(t, a);
}

static void
settle_all(struct hls_server *h, const char *reason)
{
	for (size_t i = h->nheld; i-- > 0;) {
		struct http_answer a = { 0 };

		answer_refuse(&a, reason);
		settle(h, i, &a);
	}
}

static void
settle_kicked(struct hls_server *h, uint64_t key)
{
	for (size_t i = h->nheld; i-- > 0;) {
		struct http_answer a = { 0 };

		if (i >= h->nheld || h->held[i].who.key != key)
			continue;
		answer_kicked(&a);
		settle(h, i, &a);
	}
}

/* It is a viewer from now on, however long it has waited. */
static void
settle_list(struct hls_server *h, size_t at, struct hls_list l, int64_t now)
{
	const struct held *held = &h->held[at];
	struct http_answer a = { 0 };

	if (!http_ticket_gone(held->ticket))
		viewer_renew(h, held->who, NULL);
	if (l.n > 0)
		answer_list(h, &a, l, now);
	else
		answer_refuse(&a, "the channel has not got going in time: try "
		    "again");
	settle(h, at, &a);
}

static void
get_list(struct hls_server *h, const struct http_request *q,
    struct lease who, struct http_answer *a, int64_t now)
{
	struct hls_list l;

	if (!q->head)
		viewer_renew(h, who, q);
	l = list_now(h);
	if (q->head || hls_suffices(&h->env.grid, l, now))
		answer_list(h, a, l, now);
	else if (h->nheld < HOLDS_MAX)
		hold(h, q, &who);
	else
		answer_refuse(a, "too many wait for this channel: try again");
}

enum hls_guest
hls_server_guest(const struct hls_server *h, const char *name,
    const struct http_request *q)
{
	const struct lease *who = leases_find(&h->leases, viewer_of(q).key);

	if (q->head)
		return HLS_KNOWN;
	if (who != NULL)
		return who->settled ? HLS_KNOWN : HLS_ONCE;
	return strcmp(name, INDEX) == 0 ? HLS_STRANGER : HLS_KNOWN;
}

size_t
hls_server_count(const struct hls_server *h, uint64_t group)
{
	return leases_count(&h->leases, group);
}

size_t
hls_server_fleeting(const struct hls_server *h)
{
	return leases_fleeting(&h->leases);
}

void
hls_server_answer(struct hls_server *h, const char *name, const char *reason,
    const struct http_request *q, struct http_answer *a, int64_t now)
{
	struct lease who = viewer_of(q);

	if (reason != NULL)
		answer_refuse(a, reason);
	else if (is_kicked(h, who))
		answer_kicked(a);
	else if (strcmp(name, INDEX) == 0)
		get_list(h, q, who, a, now);
	else
		answer_segment(h, q, who.key, a, hls_parse_name(name));
}

void
hls_server_step(struct hls_server *h, int64_t now)
{
	uint64_t now_ms = uv_now(h->env.loop);

	if (h->nheld > 0) {
		struct hls_list l = list_now(h);
		bool enough = hls_suffices(&h->env.grid, l, now);

		for (size_t i = h->nheld; i-- > 0;)
			if (enough || now_ms >= h->held[i].until_ms ||
			    http_ticket_gone(h->held[i].ticket))
				settle_list(h, i, l, now);
	}
	leases_expire(&h->leases, now_ms);
	count_tell(h);
}

void
hls_server_end(struct hls_server *h, const char *reason)
{
	settle_all(h, reason);
	leases_clear(&h->leases);
	count_tell(h);
}

void
hls_server_free(struct hls_server *h)
{
	if (h == NULL)
		return;
	settle_all(h, "the channel is no more");
	leases_fini(&h->leases);
	leases_fini(&h->kicked);
	free(h->held);
	free(h);
}

void
hls_server_list(const struct hls_server *h,
    void (*fn)(void *ctx, const struct lease *who), void *ctx)
{
	for (size_t i = 0; i < h->leases.n; i++)
		fn(ctx, &h->leases.v[i]);
}

bool
hls_server_kick(struct hls_server *h, uint64_t id)
{
	struct lease *who = leases_find_id(&h->leases, id);
	struct lease gone;

	if (who == NULL)
		return false;
	gone = *who;
	gone.until_ms = uv_now(h->env.loop) + segments_ms(h, LEASE_SEGMENTS);
	leases_renew(&h->kicked, &gone, NULL, NULL, LEASES_MAX);
	leases_drop(&h->leases, who);
	count_tell(h);
	settle_kicked(h, gone.key);
	return true;
}

int64_t
hls_server_backlog_ns(const struct hls_server *h, int64_t now)
{
	return h->leases.n != 0 ? hls_backlog_ns(&h->env.grid, now) : 0;
}
