/* pool.h - many files probed by a few threads. */

#ifndef MEDIA_POOL_H
#define MEDIA_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "air/shim.h"
#include "media/chapters.h"
#include "media/probe.h"
#include "media/walk.h"
#include "plan/facts.h"
#include "plan/library.h"

/* One file to be probed; what is in it after its file is the answer. */
struct pool_job {
	const struct walk_file *file;
	struct asset *asset;		/* of that path; filled in */
	struct chapters chapters;
	struct facts tags;
	enum probe_answer answer;
	size_t turn;			/* for who sorts them */
	struct pool_job *next;		/* the pool's */
};

struct pool_options {
	const char *ffprobe;
	const struct shim *shim;	/* NULL: none */
	int threads;
	int patience_ms;		/* with the disk, for one file */
	const volatile int *stop;	/* may be NULL */
	/* Called on the caller's thread with each answer, in any order, and
	 * once in a while with NULL; done of n have ended by then. */
	void (*on_answer)(void *ctx, struct pool_job *j, size_t done);
	void *ctx;
};

/* Probe jobs[n] at a lower priority than what is on air; returns when all
 * have an answer.  A file whose disk does not answer is left behind after
 * patience_ms, and where that happens again and again what else is on that
 * disk is not tried: its answer is asset->bad.  Where the system lacks what it
 * takes to ask, no more are: their answer is PROBE_UNASKED. */
void pool_run(struct pool_job *jobs, size_t n, const struct pool_options *o);

#endif
