/* feed.h - one channel of the running station: the channel on the air, its
 * child processes and its relay, tied to the loop. */

#ifndef IO_FEED_H
#define IO_FEED_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "air/channel.h"
#include "air/shim.h"
#include "air/tally.h"
#include "io/hls_server.h"
#include "io/relay.h"
#include "plan/timeline.h"

struct feed;

struct feed_env {
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);	/* the house clock; of what is shown
					 * again, one that began there */
	/* By how much that has stepped, all steps together; NULL: by none. */
	int64_t (*stepped)(void *ctx);
	void (*wake)(void *ctx);	/* something has happened: step soon */
	/* True if a child may be started now, of which it then is one. */
	bool (*may_spawn)(void *ctx);
	void (*bad_asset)(void *ctx, const char *path, const char *why);
	void *ctx;
	const char *ffmpeg;
	const struct shim *shim;	/* NULL: none */
	const char *station;		/* its name */
	const char *asrun_dir;		/* of the as-run logs */
	/* Not 0: what has been on the air is shown again, from there on, to
	 * who asked for it; then there is no as-run, and no log of it. */
	int64_t again_ns;
};

/* Everything is borrowed and outlives the feed.  It cannot air until
 * feed_update(). */
struct feed *feed_new(const struct feed_env *env, const struct chan *chan);

/* How its stream reaches viewers, as the station file says (copied). */
void feed_tune(struct feed *f, const struct station *st);

/* A new edition's part in this channel, of the same slug and house format;
 * borrowed until the next one's.  What airs now or begins within ten minutes
 * stays as it was planned.  Where there has never been a pad (NULL) the channel
 * cannot air; without a slate (NULL) that is what pad stands in for. */
void feed_update(struct feed *f, const struct chan *chan, struct timeline *tl,
    struct pad *pad, const struct pad *slate, const struct argv_caps *caps);

/* It cannot air yet, for that reason (copied).  Only while feed_waits(). */
void feed_wait(struct feed *f, const struct chan *chan, const char *why);

/* True until the first feed_update() with a pad. */
bool feed_waits(const struct feed *f);

/* Why it cannot air, shown to clients, or NULL. */
const char *feed_reason(const struct feed *f);

/* Why nobody can watch it, or NULL: that reason, or that it should be on the
 * air and no byte has come for two seconds.  A channel that nobody wants is
 * well. */
const char *feed_fault(const struct feed *f);

/* True while the operator has it stopped. */
bool feed_barred(const struct feed *f);

/* As channel_forgive(). */
void feed_forgive(struct feed *f);

/* What the operator has said of another one holds for f, which is new, too. */
void feed_order_as(struct feed *f, const struct feed *other);

/* The operator's word.  Started: on the air with or without viewers.
 * Stopped: off the air, viewers are closed and newcomers refused, until it
 * is started.  Restarted: new children at exactly the next frame, and a
 * changed plan at once; NULL, or why it cannot be. */
void feed_operate(struct feed *f, bool on);
const char *feed_restart(struct feed *f);

/* The operator has something else air, or what is planned again: see
 * channel_take_over() and channel_release().  Not while feed_waits(). */
int64_t feed_take_over(struct feed *f, const struct override *o);
bool feed_release(struct feed *f, const char *why);

/* True if something airs in place of the plan, or is about to. */
bool feed_is_overridden(struct feed *f);

/* NULL, or why not. */
const char *feed_skip(struct feed *f, const char *why);

/* Do what is due; returns when to be called next (house clock, ns). */
int64_t feed_step(struct feed *f, int64_t now);

/* The house clock has stepped. */
void feed_rejoin(struct feed *f);

/* Off the air for good: children are ended.  feed_idle(): none is left. */
void feed_end(struct feed *f);
bool feed_idle(const struct feed *f);

/* The channel is no more: stop, close its viewers; what was borrowed is not
 * touched again.  Then only feed_step(), feed_idle(), feed_kill() and
 * feed_close(). */
void feed_retire(struct feed *f);

void feed_kill(struct feed *f);		/* SIGKILL to what is left */
void feed_close(struct feed *f);	/* when idle: frees it */

const struct chan *feed_chan(const struct feed *f);
/* What has aired so far counts as well. */
struct tally feed_tally(const struct feed *f);
struct channel_counts feed_counts(const struct feed *f);
uint64_t feed_failures(const struct feed *f);	/* of children, ever */
struct relay *feed_relay(struct feed *f);
struct hls_server *feed_hls(struct feed *f);
size_t feed_viewers(const struct feed *f);	/* of the stream and HLS */
struct timeline *feed_timeline(struct feed *f);

/* What is to air in slot n; only without a feed_reason(). */
struct sight feed_at(struct feed *f, int64_t n);
bool feed_on_air(const struct feed *f);
enum channel_airs feed_airs(const struct feed *f);
struct channel_state feed_state(const struct feed *f);

#endif
