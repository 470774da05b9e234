#include "io/feed.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/logfile.h"
#include "io/proc.h"

#define PROCS_MAX	32

struct feed {
	struct feed_env env;
	const struct chan *chan;
	struct timeline *timeline;
	struct channel *channel;	/* NULL until ready */
	struct relay *relay;
	struct channel_out out;
	const char *reason;
	size_t viewers;
	int64_t linger_until;		/* INT64_MAX: somebody watches */
	struct {
		uint64_t id;
		struct proc *proc;
	} procs[PROCS_MAX];
	size_t nprocs;
};

static void
proc_on_bytes(void *ctx, uint64_t id, const uint8_t *data, size_t len)
{
	struct feed *f = ctx;

	channel_on_bytes(f->channel, id, data, len, f->env.now(f->env.ctx));
	f->env.wake(f->env.ctx);
}

static void
proc_on_eof(void *ctx, uint64_t id)
{
	struct feed *f = ctx;

	channel_on_eof(f->channel, id, f->env.now(f->env.ctx));
	f->env.wake(f->env.ctx);
}

static void
proc_on_exit(void *ctx, uint64_t id, const char *why)
{
	struct feed *f = ctx;

	logfile(LOG_DEBUG, "child_exit", "channel=%s child=%" PRIu64 " why=%s",
	    f->chan->slug, id, logfile_value(why != NULL ? why : "done"));
	channel_on_exit(f->channel, id, why, f->env.now(f->env.ctx));
	f->env.wake(f->env.ctx);
}

static const struct proc_hooks hooks = {
	.on_bytes = proc_on_bytes,
	.on_eof = proc_on_eof,
	.on_exit = proc_on_exit,
};

static void
on_count(void *ctx, size_t viewers)
{
	struct feed *f = ctx;
	bool joined = viewers > f->viewers;

	logfile(LOG_INFO, "mpegts_stream", "channel=%s event=%s viewers=%zu",
	    logfile_value(f->chan->number), joined ? "viewer_join" :
	    "viewer_leave", viewers);
	f->viewers = viewers;
	f->linger_until = viewers != 0 ? INT64_MAX :
	    f->env.now(f->env.ctx) + f->chan->linger_ns;
	if (viewers != 0 && f->channel != NULL &&
	    !channel_on_air(f->channel)) {
		logfile(LOG_INFO, "mpegts_stream", "channel=%s event=start",
		    logfile_value(f->chan->number));
		channel_start(f->channel, f->env.now(f->env.ctx),
		    FEED_BACKLOG_NS);
	}
	f->env.wake(f->env.ctx);
}

struct feed *
feed_new(const struct feed_env *env, const struct chan *chan)
{
	struct feed *f = xcalloc(1, sizeof *f);

	f->env = *env;
	f->chan = chan;
	f->relay = relay_new(env->loop, on_count, f);
	f->linger_until = INT64_MAX;
	f->reason = "the library is still being read";
	return f;
}

void
feed_ready(struct feed *f, struct timeline *tl, const struct pad *pad)
{
	f->timeline = tl;
	f->channel = channel_new(tl, pad, f->env.ffmpeg, f->env.station);
	f->reason = NULL;
}

void
feed_set_reason(struct feed *f, const char *reason)
{
	f->reason = reason;
}

const char *
feed_reason(const struct feed *f)
{
	return f->reason;
}

static struct proc *
proc_find(struct feed *f, uint64_t id, size_t *at)
{
	for (size_t i = 0; i < f->nprocs; i++)
		if (f->procs[i].id == id) {
			*at = i;
			return f->procs[i].proc;
		}
	return NULL;
}

static void
order_spawn(struct feed *f, const struct channel_order *o)
{
	struct proc *p = NULL;
	int error = UV_EAGAIN;

	if (f->nprocs < PROCS_MAX)
		p = proc_spawn(f->env.loop, o->id, o->argv, &hooks, f, &error);
	if (p == NULL) {
		int64_t now = f->env.now(f->env.ctx);
		char *why = xasprintf("exec %s: %s", o->argv[0],
		    uv_strerror(error));

		channel_on_exit(f->channel, o->id, why, now);
		channel_on_eof(f->channel, o->id, now);
		free(why);
		return;
	}
	logfile(LOG_DEBUG, "child_spawn", "channel=%s child=%" PRIu64 " pid=%d",
	    f->chan->slug, o->id, proc_pid(p));
	f->procs[f->nprocs].id = o->id;
	f->procs[f->nprocs++].proc = p;
}

static void
order_do(struct feed *f, const struct channel_order *o)
{
	size_t at;
	struct proc *p = proc_find(f, o->id, &at);

	if (o->kind == ORDER_SPAWN) {
		order_spawn(f, o);
		return;
	}
	if (p == NULL)
		return;
	switch (o->kind) {
	case ORDER_TERM:
		proc_signal(p, SIGTERM);
		break;
	case ORDER_KILL:
		proc_signal(p, SIGKILL);
		break;
	case ORDER_READ:
		proc_read(p);
		break;
	case ORDER_HOLD:
		proc_hold(p);
		break;
	case ORDER_CLOSE:
		proc_close_output(p);
		break;
	case ORDER_FORGET:
		proc_forget(p);
		f->procs[at] = f->procs[--f->nprocs];
		break;
	case ORDER_SPAWN:
		break;
	}
}

static void
event_on_air(const struct feed *f, const struct channel_event *e)
{
	const struct segment *s = &e->segment;

	logfile(LOG_INFO, "stream_created", "channel=%s event_id=%s-%" PRId64
	    " kind=%s frames=%" PRId64 " slot=%" PRId64 " late_ms=%" PRId64
	    ".%03" PRId64 " asset=%s", logfile_value(f->chan->number),
	    f->chan->slug, s->n0, segment_kind_name(s->kind), s->n1 - s->n0,
	    e->slot, e->late_ns / 1000000, e->late_ns / 1000 % 1000,
	    s->asset != NULL ? logfile_value(s->asset->path) : "-");
}

static void
event_log(const struct feed *f, const struct channel_event *e)
{
	const char *name = e->kind == EVENT_PAD ? "pad" :
	    e->kind == EVENT_REJOINED ? "programme" : "child_failed";
	const struct asset *a = e->segment.asset;

	if (e->kind == EVENT_ON_AIR) {
		event_on_air(f, e);
		return;
	}
	logfile(LOG_WARN, "mpegts_stream", "channel=%s event=%s event_id=%s-%"
	    PRId64 " slot=%" PRId64 " asset=%s cause=%s",
	    logfile_value(f->chan->number), name, f->chan->slug,
	    e->segment.n0, e->slot, a != NULL ? logfile_value(a->path) : "-",
	    e->text[0] != '\0' ? logfile_value(e->text) : "-");
}

/* Hand the step's bytes to the ring, marking the key frames in them. */
static void
bytes_relay(struct feed *f)
{
	const struct channel_out *o = &f->out;
	size_t done = 0;

	for (size_t i = 0; i < o->nmarks; i++) {
		const struct channel_mark *m = &o->marks[i];

		relay_append(f->relay, o->bytes.data + done, m->offset - done);
		relay_mark(f->relay, m->slot,
		    rate_frame_ns(f->chan->format.rate, m->slot));
		done = m->offset;
	}
	if (o->bytes.len != done)
		relay_append(f->relay, o->bytes.data + done,
		    o->bytes.len - done);
}

static void
out_apply(struct feed *f)
{
	bytes_relay(f);
	for (size_t i = 0; i < f->out.nevents; i++)
		event_log(f, &f->out.events[i]);
	/* A spawn that fails reports back: the next step sees it. */
	for (size_t i = 0; i < f->out.norders; i++)
		order_do(f, &f->out.orders[i]);
	channel_out_reset(&f->out);
}

void
feed_stop(struct feed *f)
{
	if (f->channel == NULL || !channel_on_air(f->channel))
		return;
	logfile(LOG_INFO, "mpegts_stream", "channel=%s event=stop",
	    logfile_value(f->chan->number));
	channel_stop(f->channel, f->env.now(f->env.ctx), &f->out);
	out_apply(f);
	relay_reset(f->relay);
}

int64_t
feed_step(struct feed *f, int64_t now)
{
	int64_t next;

	if (f->channel == NULL)
		return INT64_MAX;
	if (now >= f->linger_until) {
		f->linger_until = INT64_MAX;
		feed_stop(f);
	}
	next = channel_step(f->channel, now, &f->out);
	out_apply(f);
	relay_flush(f->relay, uv_now(f->env.loop));
	return next < f->linger_until ? next : f->linger_until;
}

void
feed_rejoin(struct feed *f)
{
	if (f->channel == NULL)
		return;
	channel_rejoin(f->channel, f->env.now(f->env.ctx), &f->out);
	out_apply(f);
	if (f->viewers == 0 && channel_on_air(f->channel))
		f->linger_until = f->env.now(f->env.ctx) + f->chan->linger_ns;
}

bool
feed_idle(const struct feed *f)
{
	return f->nprocs == 0 &&
	    (f->channel == NULL || channel_idle(f->channel));
}

void
feed_kill(struct feed *f)
{
	for (size_t i = 0; i < f->nprocs; i++)
		proc_signal(f->procs[i].proc, SIGKILL);
}

void
feed_close(struct feed *f)
{
	relay_close(f->relay);
	channel_free(f->channel);
	channel_out_fini(&f->out);
	free(f);
}

const struct chan *
feed_chan(const struct feed *f)
{
	return f->chan;
}

struct relay *
feed_relay(struct feed *f)
{
	return f->relay;
}

struct timeline *
feed_timeline(struct feed *f)
{
	return f->timeline;
}

bool
feed_on_air(const struct feed *f)
{
	return f->channel != NULL && channel_on_air(f->channel);
}
