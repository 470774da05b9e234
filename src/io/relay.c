#include "io/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sendfile.h>

#include "base/xmem.h"
#include "io/ringfile.h"
#include "io/viewer.h"

#define SLACK_BYTES	(UINT64_C(4) << 20)	/* over the limit unflushed */

struct relay {
	struct ringfile ring;
	struct viewers viewers;
	void (*on_count)(void *ctx, size_t viewers);
	void *ctx;
	size_t told;		/* the count that on_count knows */
	size_t holders;		/* of ranges */
	bool closing;
};

/* After the lists are in order: on_count may call back into the relay. */
static void
on_event(void *ctx)
{
	struct relay *r = ctx;

	if (r->closing) {
		if (r->viewers.handles == 0 && r->holders == 0) {
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

struct relay *
relay_new(uv_loop_t *loop, void (*on_count)(void *ctx, size_t viewers),
    void *ctx)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	ringfile_init(&r->ring);
	r->viewers = (struct viewers){
		.loop = loop, .ring = &r->ring,
		.on_event = on_event, .ctx = r,
	};
	r->on_count = on_count;
	r->ctx = ctx;
	return r;
}

void
relay_close_viewers(struct relay *r)
{
	while (r->viewers.first != NULL)
		viewer_close(r->viewers.first);
}

/* on_event() frees r when the last handle has gone: at once if there is
 * none, else from the loop. */
void
relay_close(struct relay *r)
{
	bool idle = r->viewers.handles == 0 && r->holders == 0;

	r->closing = true;
	relay_close_viewers(r);
	if (idle)
		on_event(r);
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
	off_t off = (off_t)*pos;
	ssize_t n;

	if (*pos < r->ring.tail)
		return -ESTALE;
	n = sendfile(fd, r->ring.fd, &off, (size_t)(to - *pos));
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
relay_mark(struct relay *r, int64_t frame, int64_t air_ns)
{
	ringidx_add(&r->ring.idx, frame, air_ns, r->ring.head);
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
	viewers_flush(&r->viewers, now_ms);
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
		.laps = r->viewers.laps,
		.made = r->ring.head,
	};
}

void
relay_list(const struct relay *r,
    void (*each)(void *ctx, const struct relay_viewer *v), void *ctx)
{
	for (const struct viewer *v = r->viewers.first; v != NULL;
	    v = v->next) {
		const struct relay_viewer known = {
			.id = v->id,
			.peer = v->peer,
			.agent = v->agent,
			.since_ms = v->since_ms,
			.bytes = v->bytes,
			.behind = viewer_behind(v),
			.behind_ns = v->waiting ? 0 :
			    ringidx_behind(&r->ring.idx, v->pos),
		};

		each(ctx, &known);
	}
}

bool
relay_kick(struct relay *r, uint64_t id)
{
	struct viewer *v = r->viewers.first;

	while (v != NULL && v->id != id)
		v = v->next;
	if (v != NULL)
		viewer_close(v);
	return v != NULL;
}
