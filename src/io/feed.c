#include "io/feed_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "air/house.h"
#include "base/xmem.h"
#include "io/logfile.h"
#include "plan/kept.h"

#define WAIT_NS		(NS_PER_S / 20)	/* to look if a child may start */
#define SILENT_MS	2000	/* on the air, without a byte: a fault */
#define START_MS	4000	/* ... since a start, which waits so long */
#define KEEP_NS		(600 * NS_PER_S)	/* ahead, over a reload */
#define IDLE_NS		(5 * NS_PER_S)		/* ... of what is only idle */
#define KEEP_PAST_NS	RINGIDX_NS		/* as long as the ring */

static const char stopped[] = "stopped by the operator";

static int64_t
backlog_ns(const struct feed *f, int64_t now)
{
	int64_t hls = hls_server_backlog_ns(f->hls, now);

	return hls > f->chan->backlog_ns ? hls : f->chan->backlog_ns;
}

static void
begin(struct feed *f, int64_t now)
{
	f->silent_ms = uv_now(f->env.loop) + START_MS;
	if (f->env.again_ns != 0) {
		channel_start_at(f->channel, now, rate_frame_at(
		    f->chan->format.rate, f->env.again_ns));
		return;
	}
	logfile(LOG_INFO, "mpegts_stream", "channel=%s event=start",
	    logfile_value(f->chan->number));
	channel_start(f->channel, now, backlog_ns(f, now));
}

/* After anything that feed depends on has changed: on the air at once, off
 * it after lingering. */
static void
adjust(struct feed *f)
{
	int64_t now = f->env.now(f->env.ctx);

	if (f->channel == NULL)
		return;
	if (!feed_is_wanted(f)) {
		if (f->linger_until == INT64_MAX && channel_on_air(f->channel))
			f->linger_until = f->env.again_ns != 0 ? now :
			    now + f->chan->linger_ns;
	} else {
		f->linger_until = INT64_MAX;
		if (!channel_on_air(f->channel))
			begin(f, now);
	}
	f->env.wake(f->env.ctx);
}

/* One of the two counts has changed from what it was. */
static void
count_take(struct feed *f, size_t *count, size_t n)
{
	bool joined = n > *count;

	*count = n;
	if (f->env.again_ns == 0)
		logfile(LOG_INFO, "mpegts_stream",
		    "channel=%s event=%s viewers=%zu",
		    logfile_value(f->chan->number), joined ? "viewer_join" :
		    "viewer_leave", feed_viewers(f));
	asrun_viewers(&f->asrun.asrun, feed_viewers(f));
	adjust(f);
}

static void
on_watching(void *ctx, size_t n)
{
	struct feed *f = ctx;

	count_take(f, &f->watching, n);
}

static void
on_asking(void *ctx, size_t n)
{
	struct feed *f = ctx;

	count_take(f, &f->asking, n);
}

static struct hls_server *
hls_make(struct feed *f)
{
	const struct hls_server_env env = {
		.loop = f->env.loop,
		.relay = f->relay,
		.grid = house_grid(&f->chan->format),
		.slug = f->slug,
		.on_count = on_asking,
		.ctx = f,
	};

	return hls_server_new(&env);
}

struct feed *
feed_new(const struct feed_env *env, const struct chan *chan)
{
	struct feed *f = xcalloc(1, sizeof *f);

	f->env = *env;
	f->slug = xstrdup(chan->slug);
	f->chan = chan;
	f->relay = relay_new(env->loop, on_watching, f);
	f->hls = hls_make(f);
	f->asrun.dir = env->asrun_dir;
	f->linger_until = INT64_MAX;
	f->reason = "the library is still being read";
	return f;
}

void
feed_tune(struct feed *f, const struct station *st)
{
	relay_tune(f->relay, st);
}

void
feed_wait(struct feed *f, const struct chan *chan, const char *why)
{
	f->chan = chan;
	free(f->wait_reason);
	f->wait_reason = xstrdup(why);
	f->reason = f->wait_reason;
}

/* The step's bytes [from, to), where there are any. */
static void
ring_add(struct feed *f, size_t from, size_t to)
{
	if (from == to || relay_append(f->relay, f->out.bytes.data + from,
	    to - from) < 0)
		return;
	f->tally.bytes += to - from;
	f->silent_ms = uv_now(f->env.loop) + SILENT_MS;
}

/* Hand the step's bytes to the ring, marking the key frames in them. */
static void
bytes_relay(struct feed *f)
{
	const struct channel_out *o = &f->out;
	size_t done = 0;

	for (size_t i = 0; i < o->nmarks; i++) {
		const struct channel_mark *m = &o->marks[i];

		ring_add(f, done, m->offset);
		if (m->first)
			relay_break(f->relay);
		relay_mark(f->relay, m->slot,
		    rate_frame_ns(f->chan->format.rate, m->slot), &m->splice);
		done = m->offset;
	}
	ring_add(f, done, o->bytes.len);
}

static void
event_take(struct feed *f, const struct channel_event *e, const char *why)
{
	if (f->env.again_ns != 0)
		return;
	tally_event(&f->tally, e);
	airlog_event(&f->log, f->chan, e);
	asrunlog_event(&f->asrun, f->chan, f->timeline, e, feed_viewers(f),
	    why);
	if (e->kind == EVENT_BAD_ASSET)
		f->env.bad_asset(f->env.ctx, e->segment.asset->path, e->text);
}

/* why: what takes a segment off the air before its end, or NULL. */
static void
out_apply(struct feed *f, const char *why)
{
	bytes_relay(f);
	for (size_t i = 0; i < f->out.nevents; i++)
		event_take(f, &f->out.events[i], why);
	/* A spawn that fails reports back: the next step sees it. */
	for (size_t i = 0; i < f->out.norders; i++)
		feed_procs_order(f, &f->out.orders[i]);
	channel_out_reset(&f->out);
	feed_procs_start(f);
}

/* What the new timeline takes over of the old one: all that begins within
 * the next ten minutes, to its end; and as much of idle time, or of pad for
 * want of a plan, as the first child of what comes in its place needs. */
static void
plan_keep(struct feed *f, struct timeline *tl)
{
	struct rate r = f->chan->format.rate;
	int64_t now = f->env.now(f->env.ctx);
	int64_t from = rate_frame_at(r, now > KEEP_PAST_NS ?
	    now - KEEP_PAST_NS : 0);
	int64_t least = rate_frame_at(r, now + IDLE_NS);
	int64_t end = 0;
	bool changed;

	if (timeline_knows(f->timeline, rate_frame_at(r, now)))
		end = kept_until(f->timeline, rate_frame_at(r, now),
		    rate_frame_at(r, now + KEEP_NS));
	end = end > least ? end : least;
	/* What is on the air keeps its first slot, which is its name. */
	from = timeline_at(f->timeline, from)->n0;
	changed = timeline_keep(tl, f->timeline, from, end);

	logfile(LOG_INFO, "plan", "channel=%s changed=%s kept_s=%" PRId64,
	    logfile_value(f->chan->number), changed ? "yes" : "no",
	    changed ? (rate_frame_ns(r, end) - now) / NS_PER_S : 0);
}

/* By how much the clock has stepped that the channel does not know of yet. */
static int64_t
step_of(const struct feed *f)
{
	if (f->env.stepped == NULL)
		return 0;
	return f->env.stepped(f->env.ctx) - f->stepped;
}

void
feed_update(struct feed *f, const struct chan *chan, struct timeline *tl,
    struct pad *pad, const struct pad *slate, const struct argv_caps *caps)
{
	struct pad *was = f->pad;

	f->chan = chan;
	if (pad == NULL)
		pad = f->pad;
	if (pad == NULL) {
		f->reason = "no pad could be made: see the log for why "
		    "ffmpeg failed";
		return;
	}
	f->pad = pad_ref(pad);
	if (f->channel == NULL) {
		f->channel = channel_new(tl, pad, f->env.ffmpeg,
		    f->env.station);
		f->stepped += step_of(f);
		if (f->env.again_ns != 0)
			channel_set_past(f->channel);
		f->reason = f->barred ? stopped : NULL;
	} else {
		plan_keep(f, tl);
		channel_set_timeline(f->channel, tl, pad,
		    f->env.now(f->env.ctx), &f->out);
		out_apply(f, NULL);
	}
	pad_free(was);
	channel_set_slate(f->channel, slate);
	channel_set_caps(f->channel, caps);
	f->timeline = tl;
	adjust(f);
}

static void
stop(struct feed *f, const char *why)
{
	if (f->channel == NULL || !channel_on_air(f->channel))
		return;
	if (f->env.again_ns == 0)
		logfile(LOG_INFO, "mpegts_stream", "channel=%s event=stop",
		    logfile_value(f->chan->number));
	channel_stop(f->channel, f->env.now(f->env.ctx), &f->out);
	out_apply(f, why);
	asrun_stopped(&f->asrun.asrun);
	relay_reset(f->relay);
}

void
feed_end(struct feed *f)
{
	f->ended = true;
	stop(f, "the daemon ended");
	hls_server_end(f->hls, "the daemon ends");
}

void
feed_operate(struct feed *f, bool on)
{
	logfile(LOG_INFO, "mpegts_stream", "channel=%s event=%s",
	    logfile_value(f->chan->number), on ? "started" : "stopped");
	f->held = on;
	f->barred = !on;
	if (f->channel == NULL)
		return;
	f->reason = on ? NULL : stopped;
	if (!on) {
		relay_close_viewers(f->relay);
		hls_server_end(f->hls, stopped);
		stop(f, stopped);
	}
	adjust(f);
}

const char *
feed_restart(struct feed *f)
{
	int64_t now = f->env.now(f->env.ctx);

	if (f->barred)
		return "stopped by the operator: start it first";
	if (f->channel == NULL)
		return f->reason;
	logfile(LOG_INFO, "mpegts_stream", "channel=%s event=restart",
	    logfile_value(f->chan->number));
	timeline_let_go(f->timeline);
	channel_restart(f->channel, now, &f->out);
	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return NULL;
}

/* The time for the operator's word, who may be the first to see the clock
 * stepped. */
static int64_t
settled_now(struct feed *f)
{
	(void)f->env.now(f->env.ctx);
	if (step_of(f) != 0)
		feed_rejoin(f);
	return f->env.now(f->env.ctx);
}

int64_t
feed_take_over(struct feed *f, const struct override *o)
{
	int64_t n0 = channel_take_over(f->channel, o, settled_now(f),
	    &f->out);

	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return n0;
}

bool
feed_release(struct feed *f, const char *why)
{
	bool was = channel_release(f->channel, why, settled_now(f),
	    &f->out);

	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return was;
}

bool
feed_is_overridden(struct feed *f)
{
	return channel_is_overridden(f->channel, settled_now(f));
}

const char *
feed_skip(struct feed *f, const char *why)
{
	const char *wrong = f->reason;

	if (wrong == NULL)
		wrong = channel_skip(f->channel, why, settled_now(f),
		    &f->out);
	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return wrong;
}

void
feed_retire(struct feed *f)
{
	stop(f, "the channel's files were changed");
	relay_close(f->relay);
	f->relay = NULL;
	f->linger_until = INT64_MAX;
}

/* Who waits for a channel that is no more is told here: an answer may bring
 * in another request, and feed_retire() is no moment for one. */
static void
viewers_step(struct feed *f, int64_t now)
{
	if (f->relay != NULL) {
		relay_flush(f->relay, uv_now(f->env.loop));
		hls_server_step(f->hls, now);
	} else {
		hls_server_free(f->hls);
		f->hls = NULL;
	}
}

int64_t
feed_step(struct feed *f, int64_t now)
{
	int64_t next;

	if (f->channel == NULL)
		return INT64_MAX;
	if (now >= f->linger_until) {
		f->linger_until = INT64_MAX;
		stop(f, "nobody watched any more");
	}
	next = channel_step(f->channel, now, &f->out);
	out_apply(f, NULL);
	if (f->nwaiting != 0 && now + WAIT_NS < next)
		next = now + WAIT_NS;
	viewers_step(f, now);
	return next < f->linger_until ? next : f->linger_until;
}

void
feed_rejoin(struct feed *f)
{
	int64_t now = f->env.now(f->env.ctx);
	int64_t by = step_of(f);

	/* The operator may have been the first to see it. */
	if (f->channel == NULL || by == 0)
		return;
	f->stepped += by;
	channel_shift(f->channel, by, now);
	channel_rejoin(f->channel, now, &f->out);
	f->silent_ms = uv_now(f->env.loop) + START_MS;
	out_apply(f, "the clock was set");
	if (f->linger_until != INT64_MAX)
		f->linger_until = f->env.now(f->env.ctx) + f->chan->linger_ns;
}

void
feed_close(struct feed *f)
{
	hls_server_free(f->hls);
	if (f->relay != NULL)
		relay_close(f->relay);
	feed_procs_drop(f);
	channel_free(f->channel);
	pad_free(f->pad);
	channel_out_fini(&f->out);
	free(f->wait_reason);
	asrunlog_fini(&f->asrun);
	free(f->slug);
	free(f);
}
