/* feed.h - one channel of the running station: the channel on the air, its
 * child processes and its relay, tied to the loop. */

#ifndef IO_FEED_H
#define IO_FEED_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "air/channel.h"
#include "io/relay.h"
#include "plan/timeline.h"

#define FEED_BACKLOG_NS	(5 * NS_PER_S)

struct feed;

struct feed_env {
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);	/* the house clock */
	void (*wake)(void *ctx);	/* something has happened: step soon */
	void *ctx;
	const char *ffmpeg;
	const char *station;		/* its name */
};

/* Everything is borrowed and outlives the feed.  It cannot air until
 * feed_ready(). */
struct feed *feed_new(const struct feed_env *env, const struct chan *chan);

/* The library is there: z, tl and pad are borrowed. */
void feed_ready(struct feed *f, struct timeline *tl, const struct pad *pad);

/* Why it cannot air yet or at all, shown to clients; NULL once ready. */
void feed_set_reason(struct feed *f, const char *reason);
const char *feed_reason(const struct feed *f);

/* Do what is due; returns when to be called next (house clock, ns). */
int64_t feed_step(struct feed *f, int64_t now);

/* The house clock has stepped. */
void feed_rejoin(struct feed *f);

/* Off the air: children are ended.  feed_idle(): none is left. */
void feed_stop(struct feed *f);
bool feed_idle(const struct feed *f);
void feed_kill(struct feed *f);		/* SIGKILL to what is left */
void feed_close(struct feed *f);	/* when idle: frees it */

const struct chan *feed_chan(const struct feed *f);
struct relay *feed_relay(struct feed *f);
struct timeline *feed_timeline(struct feed *f);
bool feed_on_air(const struct feed *f);

#endif
