#include "io/feed_parts.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/logfile.h"

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

	if (f->nprocs < FEED_PROCS_MAX)
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
	if (f->nwaiting == FEED_PROCS_MAX) {
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

void
feed_procs_order(struct feed *f, struct channel_order *o)
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

void
feed_procs_start(struct feed *f)
{
	while (f->nwaiting != 0 && f->env.may_spawn(f->env.ctx)) {
		spawn(f, f->waiting[0].id, f->waiting[0].argv);
		waiting_remove(f, 0);
	}
}

void
feed_procs_drop(struct feed *f)
{
	while (f->nwaiting != 0)
		waiting_remove(f, 0);
}

void
feed_kill(struct feed *f)
{
	for (size_t i = 0; i < f->nprocs; i++)
		proc_signal(f->procs[i].proc, SIGKILL);
}
