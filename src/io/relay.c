#include "io/relay.h"

#include <errno.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "io/ringfile.h"
#include "io/viewer.h"

#define COALESCE_MS	100
#define STUCK_MS	30000
#define SLACK_BYTES	(UINT64_C(4) << 20)	/* over the limit unflushed */

struct relay {
	struct ringfile ring;
	struct viewers viewers;
	void (*on_count)(void *ctx, size_t viewers);
	void *ctx;
	size_t told;		/* the count that on_count knows */
	size_t holders;		/* of ranges */
	uv_idle_t more;		/* flushes what one call has left */
	bool closing, closed;
};

/* After the lists are in order: on_count may call back into the relay. */
static void
on_event(void *ctx)
{
	struct relay *r = ctx;

	if (r->closing) {
		if (r->viewers.handles == 0 && r->holders == 0 && r->closed) {
			ringfile_fini(&r->ring);
			free(r);
		}
	} else if (r->told != r->viewers.count) {
		r->told = r->viewers.count;
		r->on_count(r->ctx, r->told);
	}
}

/* Overtaken viewers are moved before their bytes go. */
static void
relay_trim(struct relay *r)
{
	if (!ringfile_trim(&r->ring))
		return;
	viewers_lap(&r->viewers);
	ringfile_punch(&r->ring);
}

static void on_more(uv_idle_t *idle);

/* The rest is left to an idle handle, not to a timer of 0 ms: libuv (before
 * 1.45) would call that again and again before it looks at sockets. */
static void
flush(struct relay *r, uint64_t now_ms)
{
	if (viewers_flush(&r->viewers, now_ms))
		(void)uv_idle_start(&r->more, on_more);
	else
		(void)uv_idle_stop(&r->more);
}

static void
on_more(uv_idle_t *idle)
{
	struct relay *r = idle->data;

	flush(r, uv_now(idle->loop));
}

static void
on_more_closed(uv_handle_t *handle)
{
	struct relay *r = handle->data;

	r->closed = true;
	on_event(r);
}

struct relay *
relay_new(uv_loop_t *loop, void (*on_count)(void *ctx, size_t viewers),
    void *ctx)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	ringfile_init(&r->ring, true);
	r->viewers = (struct viewers){
		.loop = loop, .ring = &r->ring, .coalesce_ms = COALESCE_MS,
		.stuck_ms = STUCK_MS,
		.on_event = on_event, .ctx = r,
	};
	r->on_count = on_count;
	r->ctx = ctx;
	(void)uv_idle_init(loop, &r->more);	/* cannot fail */
	r->more.data = r;
	return r;
}

void
relay_tune(struct relay *r, const struct station *st)
{
	const struct station_relay *t = &st->relay;

	r->viewers.stuck_ms = (uint64_t)st->gate.limits.stuck_seconds * 1000;
	r->viewers.coalesce_ms = (uint64_t)t->coalesce_ms;
	r->ring.idx.keep_ns = t->ring_ns;
	if (r->ring.head == 0 && t->sendfile != (r->ring.fd >= 0)) {
		ringfile_fini(&r->ring);
		ringfile_init(&r->ring, t->sendfile);
		r->ring.idx.keep_ns = t->ring_ns;
	}
}

void
relay_close_viewers(struct relay *r)
{
	viewers_close(&r->viewers);
}

/* on_event() frees r when the last handle has gone. */
void
relay_close(struct relay *r)
{
	r->closing = true;
	uv_close((uv_handle_t *)&r->more, on_more_closed);
	viewers_close(&r->viewers);
}

void
relay_hold(struct relay *r)
{
	r->holders++;
}

void
relay_release(struct relay *r)
{
	r->holders--;
	if (r->closing)
		on_event(r);
}

ssize_t
relay_send(struct relay *r, int fd, uint64_t *pos, uint64_t to)
{
	ssize_t n;

	if (*pos < r->ring.tail)
		return -ESTALE;
	n = ringfile_send(&r->ring, fd, *pos, (size_t)(to - *pos));
	if (n > 0) {
		*pos += (uint64_t)n;
		r->viewers.bytes += (uint64_t)n;
	}
	return n < 0 ? -errno : n == 0 ? -ESTALE : n;
}

int
relay_append(struct relay *r, const void *data, size_t len)
{
	int rc = ringfile_append(&r->ring, data, len);

	if (r->ring.head - r->ring.tail > RINGIDX_BYTES + SLACK_BYTES)
		relay_trim(r);
	return rc;
}

void
relay_mark(struct relay *r, int64_t frame, int64_t air_ns,
    const struct splice *splice)
{
	ringidx_add(&r->ring.idx, frame, air_ns, r->ring.head)->splice =
	    *splice;
	viewers_start(&r->viewers);
}

void
relay_break(struct relay *r)
{
	ringidx_break(&r->ring.idx);
}

const struct ringidx *
relay_index(const struct relay *r)
{
	return &r->ring.idx;
}

void
relay_flush(struct relay *r, uint64_t now_ms)
{
	relay_trim(r);
	flush(r, now_ms);
}

void
relay_reset(struct relay *r)
{
	viewers_stop(&r->viewers);
	ringfile_forget(&r->ring);
	ringfile_punch(&r->ring);
}

void
relay_viewer_add(struct relay *r, int fd, const char *head, size_t len,
    int64_t backlog_ns, const char *peer, const char *agent)
{
	viewer_open(&r->viewers, fd, head, len, backlog_ns, peer, agent);
}

struct relay_counts
relay_counts(const struct relay *r)
{
	return (struct relay_counts){
		.viewers = r->viewers.count,
		.joined = r->viewers.joined,
		.bytes = r->viewers.bytes,
		.sends = r->viewers.sends,
		.laps = r->viewers.laps,
		.made = r->ring.head,
	};
}

struct lister {
	const struct relay *relay;
	void (*each)(void *ctx, const struct relay_viewer *v);
	void *ctx;
};

static void
list_one(void *ctx, const struct viewer *v)
{
	const struct lister *l = ctx;
	const struct relay_viewer known = {
		.id = v->id,
		.group = v->group,
		.peer = v->peer,
		.agent = v->agent,
		.since_ms = v->since_ms,
		.bytes = v->bytes,
		.behind = viewer_behind(v),
		.behind_ns = v->unplaced ? 0 :
		    ringidx_behind(&l->relay->ring.idx, v->pos),
	};

	l->each(l->ctx, &known);
}

void
relay_list(const struct relay *r,
    void (*each)(void *ctx, const struct relay_viewer *v), void *ctx)
{
	struct lister l = { r, each, ctx };

	viewers_each(&r->viewers, list_one, &l);
}

bool
relay_kick(struct relay *r, uint64_t id)
{
	struct viewer *v = viewers_find(&r->viewers, id);

	if (v != NULL)
		viewer_close(v);
	return v != NULL;
}
