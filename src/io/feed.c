#include "io/feed.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "air/house.h"
#include "base/xmem.h"
#include "io/airlog.h"
#include "io/asrunlog.h"
#include "io/logfile.h"
#include "io/proc.h"

#define PROCS_MAX	32
#define WAIT_NS		(NS_PER_S / 20)	/* to look if a child may start */
#define SILENT_MS	2000	/* on the air, without a byte: a fault */
#define START_MS	4000	/* ... since a start, which waits so long */
#define KEEP_NS		(600 * NS_PER_S)	/* ahead, over a reload */
#define KEEP_PAST_NS	RINGIDX_NS		/* as long as the ring */

static const char stopped[] = "stopped by the operator";

struct feed {
	struct feed_env env;
	char *slug;			/* outlives the edition */
	const struct chan *chan;
	struct timeline *timeline;
	struct pad *pad;		/* outlives the edition, too */
	struct channel *channel;	/* NULL until ready */
	struct relay *relay;
	struct channel_out out;
	struct airlog log;
	struct tally tally;
	uint64_t silent_ms;		/* when it is, by uv_now() */
	struct asrunlog asrun;
	const char *reason;
	char *wait_reason;		/* what reason points to, or NULL */
	bool held, barred;		/* by the operator */
	bool ended;			/* the daemon ends */
	struct hls_server *hls;
	size_t watching, asking;	/* of the stream, for HLS */
	int64_t linger_until;		/* INT64_MAX: somebody watches */
	struct {
		uint64_t id;
		struct proc *proc;
		bool ended;		/* by us */
	} procs[PROCS_MAX];
	size_t nprocs;
	struct {			/* ordered, not started yet */
		uint64_t id;
		char **argv;
	} waiting[PROCS_MAX];
	size_t nwaiting;
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

static const struct {
	enum channel_end end;
	enum tally_exit exit;
} ends[] = {
	[PROC_WELL] = { END_WELL, TALLY_done },
	[PROC_BADLY] = { END_BADLY, TALLY_failed },
	[PROC_KILLED] = { END_KILLED, TALLY_killed },
	[PROC_OUTSIDE] = { END_OUTSIDE, TALLY_system },
};

static struct proc *proc_find(struct feed *f, uint64_t id, size_t *at);

static void
proc_on_exit(void *ctx, uint64_t id, enum proc_end end, const char *why)
{
	struct feed *f = ctx;
	size_t at;
	bool ended = proc_find(f, id, &at) != NULL && f->procs[at].ended;

	f->tally.exits[ended ? TALLY_stopped : ends[end].exit]++;
	logfile(LOG_DEBUG, "child_exit", "channel=%s child=%" PRIu64 " why=%s",
	    f->slug, id, logfile_value(why != NULL ? why : "done"));
	channel_on_exit(f->channel, id, ends[end].end, why,
	    f->env.now(f->env.ctx));
	f->env.wake(f->env.ctx);
}

static void
proc_on_line(void *ctx, uint64_t id, const char *line)
{
	struct feed *f = ctx;
	int64_t n = argv_told(line);

	if (n >= 0)
		channel_on_told(f->channel, id, n);
}

static const struct proc_hooks hooks = {
	.on_bytes = proc_on_bytes,
	.on_eof = proc_on_eof,
	.on_line = proc_on_line,
	.on_exit = proc_on_exit,
};

/* On the air for its viewers, for the operator, or always. */
static bool
is_wanted(const struct feed *f)
{
	return !f->ended && !f->barred && (feed_viewers(f) != 0 || f->held ||
	    (f->chan->always && f->env.again_ns == 0));
}

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
	if (!is_wanted(f)) {
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

bool
feed_waits(const struct feed *f)
{
	return f->channel == NULL;
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

/* A child that never was. */
static void
report_unborn(struct feed *f, uint64_t id, const char *why)
{
	int64_t now = f->env.now(f->env.ctx);

	channel_on_exit(f->channel, id, END_OUTSIDE, why, now);
	channel_on_eof(f->channel, id, now);
}

static void
spawn(struct feed *f, uint64_t id, char **argv)
{
	struct proc *p = NULL;
	int error = UV_EAGAIN;

	if (f->nprocs < PROCS_MAX)
		p = proc_spawn(f->env.loop, id, f->env.shim, argv, &hooks, f,
		    &error);
	if (p == NULL) {
		char *why = xasprintf("exec %s: %s", argv[0],
		    uv_strerror(error));

		f->tally.exits[TALLY_unborn]++;
		report_unborn(f, id, why);
		free(why);
		return;
	}
	f->tally.starts++;
	logfile(LOG_DEBUG, "child_spawn", "channel=%s child=%" PRIu64 " pid=%d",
	    f->slug, id, proc_pid(p));
	channel_on_started(f->channel, id, f->env.now(f->env.ctx));
	f->procs[f->nprocs].id = id;
	f->procs[f->nprocs].ended = false;
	f->procs[f->nprocs++].proc = p;
}

static void
waiting_remove(struct feed *f, size_t at)
{
	argv_free(f->waiting[at].argv);
	f->nwaiting--;
	memmove(&f->waiting[at], &f->waiting[at + 1],
	    (f->nwaiting - at) * sizeof f->waiting[0]);
}

/* Those that may start by now. */
static void
waiting_start(struct feed *f)
{
	while (f->nwaiting != 0 && f->env.may_spawn(f->env.ctx)) {
		spawn(f, f->waiting[0].id, f->waiting[0].argv);
		waiting_remove(f, 0);
	}
}

/* It takes its place behind those that wait already; but one that is to be
 * ready at a boundary starts now, however many channels share that: what must
 * not come all at once are those that stand in for others. */
static void
order_spawn(struct feed *f, struct channel_order *o)
{
	if (o->planned) {
		spawn(f, o->id, o->argv);
		return;
	}
	if (f->nwaiting == PROCS_MAX) {
		report_unborn(f, o->id, "too many children");
		return;
	}
	f->waiting[f->nwaiting].id = o->id;
	f->waiting[f->nwaiting++].argv = o->argv;
	o->argv = NULL;
}

/* An order for one that has not started: only its end is of interest. */
static void
order_waiting(struct feed *f, const struct channel_order *o)
{
	size_t at = 0;

	while (at < f->nwaiting && f->waiting[at].id != o->id)
		at++;
	if (at == f->nwaiting || (o->kind != ORDER_TERM &&
	    o->kind != ORDER_KILL))
		return;
	waiting_remove(f, at);
	report_unborn(f, o->id, "not started yet");
}

static void
order_do(struct feed *f, struct channel_order *o)
{
	size_t at;
	struct proc *p = proc_find(f, o->id, &at);

	if (o->kind == ORDER_SPAWN) {
		order_spawn(f, o);
		return;
	}
	if (p == NULL) {
		order_waiting(f, o);
		return;
	}
	switch (o->kind) {
	case ORDER_TERM:
	case ORDER_KILL:
		f->procs[at].ended = true;
		proc_signal(p, o->kind == ORDER_TERM ? SIGTERM : SIGKILL);
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
		    rate_frame_ns(f->chan->format.rate, m->slot));
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
		order_do(f, &f->out.orders[i]);
	channel_out_reset(&f->out);
	waiting_start(f);
}

/* What the new timeline takes over of the old one: all that begins within
 * the next ten minutes, to its end. */
static void
plan_keep(struct feed *f, struct timeline *tl)
{
	struct rate r = f->chan->format.rate;
	int64_t now = f->env.now(f->env.ctx);
	int64_t from = rate_frame_at(r, now > KEEP_PAST_NS ?
	    now - KEEP_PAST_NS : 0);
	int64_t end = timeline_item_end(f->timeline,
	    rate_frame_at(r, now + KEEP_NS));
	bool changed;

	/* What is on the air keeps its first slot, which is its name. */
	from = timeline_at(f->timeline, from)->n0;
	changed = timeline_keep(tl, f->timeline, from, end);

	logfile(LOG_INFO, "plan", "channel=%s changed=%s kept_s=%" PRId64,
	    logfile_value(f->chan->number), changed ? "yes" : "no",
	    changed ? (rate_frame_ns(r, end) - now) / NS_PER_S : 0);
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

int64_t
feed_take_over(struct feed *f, const struct override *o)
{
	int64_t n0 = channel_take_over(f->channel, o, f->env.now(f->env.ctx),
	    &f->out);

	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return n0;
}

bool
feed_release(struct feed *f, const char *why)
{
	bool was = channel_release(f->channel, why, f->env.now(f->env.ctx),
	    &f->out);

	out_apply(f, NULL);
	f->env.wake(f->env.ctx);
	return was;
}

bool
feed_is_overridden(const struct feed *f)
{
	return channel_is_overridden(f->channel, f->env.now(f->env.ctx));
}

const char *
feed_skip(struct feed *f, const char *why)
{
	const char *wrong = f->reason;

	if (wrong == NULL)
		wrong = channel_skip(f->channel, why,
		    f->env.now(f->env.ctx), &f->out);
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
	if (f->channel == NULL)
		return;
	channel_rejoin(f->channel, f->env.now(f->env.ctx), &f->out);
	f->silent_ms = uv_now(f->env.loop) + START_MS;
	out_apply(f, "the clock was set");
	if (f->linger_until != INT64_MAX)
		f->linger_until = f->env.now(f->env.ctx) + f->chan->linger_ns;
}

bool
feed_idle(const struct feed *f)
{
	return f->nprocs == 0 && f->nwaiting == 0 &&
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
	hls_server_free(f->hls);
	if (f->relay != NULL)
		relay_close(f->relay);
	while (f->nwaiting != 0)
		waiting_remove(f, 0);
	channel_free(f->channel);
	pad_free(f->pad);
	channel_out_fini(&f->out);
	free(f->wait_reason);
	asrunlog_fini(&f->asrun);
	free(f->slug);
	free(f);
}

const struct chan *
feed_chan(const struct feed *f)
{
	return f->chan;
}

const char *
feed_fault(const struct feed *f)
{
	if (f->reason != NULL)
		return f->reason;
	if (is_wanted(f) && uv_now(f->env.loop) > f->silent_ms)
		return "on the air, but nothing has come for two seconds";
	return NULL;
}

bool
feed_barred(const struct feed *f)
{
	return f->barred;
}

struct tally
feed_tally(const struct feed *f)
{
	struct channel_source now = feed_counts(f).from;
	struct tally t = f->tally;

	tally_aired(&t, &now);
	return t;
}

struct channel_counts
feed_counts(const struct feed *f)
{
	return f->channel != NULL ? channel_counts(f->channel) :
	    (struct channel_counts){ 0 };
}

uint64_t
feed_failures(const struct feed *f)
{
	return f->log.failures;
}

struct relay *
feed_relay(struct feed *f)
{
	return f->relay;
}

struct hls_server *
feed_hls(struct feed *f)
{
	return f->hls;
}

size_t
feed_viewers(const struct feed *f)
{
	return f->watching + f->asking;
}

struct timeline *
feed_timeline(struct feed *f)
{
	return f->timeline;
}

struct sight
feed_at(struct feed *f, int64_t n)
{
	return channel_at(f->channel, n);
}

bool
feed_on_air(const struct feed *f)
{
	return f->channel != NULL && channel_on_air(f->channel);
}

enum channel_airs
feed_airs(const struct feed *f)
{
	return f->channel != NULL ? channel_airs(f->channel) : AIRS_NOTHING;
}

struct channel_state
feed_state(const struct feed *f)
{
	return f->channel != NULL ? channel_state(f->channel) :
	    (struct channel_state){ 0 };
}
