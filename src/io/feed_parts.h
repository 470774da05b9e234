/* feed_parts.h - what the files of a feed share.
 *
 * feed.c has the channel on and off the air, feed_procs.c its child processes,
 * feed_look.c what others may know of it. */

#ifndef IO_FEED_PARTS_H
#define IO_FEED_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/airlog.h"
#include "io/asrunlog.h"
#include "io/feed.h"
#include "io/proc.h"

#define FEED_PROCS_MAX	32

struct feed {
	struct feed_env env;
	char *slug;			/* outlives the edition */
	const struct chan *chan;
	struct timeline *timeline;
	struct pad *pad;		/* outlives the edition, too */
	struct channel *channel;	/* NULL until ready */
	int64_t stepped;		/* by how much, as the channel knows */
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
	} procs[FEED_PROCS_MAX];
	size_t nprocs;
	struct {			/* ordered, not started yet */
		uint64_t id;
		char **argv;
	} waiting[FEED_PROCS_MAX];
	size_t nwaiting;
};

/* On the air for its viewers, for the operator, or always. */
bool feed_is_wanted(const struct feed *f);

/* Carry out an order of the channel's; one to spawn may have to wait. */
void feed_procs_order(struct feed *f, struct channel_order *o);

/* Start of those that wait as many as may start by now. */
void feed_procs_start(struct feed *f);

/* Forget those that wait. */
void feed_procs_drop(struct feed *f);

#endif
