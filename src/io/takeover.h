/* takeover.h - the operator's emergency override: a file or the slate on a
 * channel, or on all, in place of what is planned.
 *
 * Happy path: takeover_post(), a thread asks ffprobe whether the file can air
 * at all, then it is put above the channel's timeline and noted on disk.  A
 * reload goes on with it, and so does the next daemon: with the slate until
 * the file has been looked at again. */

#ifndef IO_TAKEOVER_H
#define IO_TAKEOVER_H

#include <stdint.h>
#include <uv.h>

#include "air/shim.h"
#include "io/http.h"
#include "io/pages.h"

struct takeovers_env {
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);	/* the house clock */
	int64_t (*stepped)(void *ctx);	/* ... by that, all steps together */
	void *ctx;
	const char *ffprobe;
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;		/* copied */
	struct pages *pages;		/* the feeds on the air */
};

/* With what was noted on disk; reads that.  All else in env is borrowed. */
struct takeovers *takeovers_new(const struct takeovers_env *env);

/* What is under way ends soon; once the loop has nothing left of it, free. */
void takeovers_stop(struct takeovers *t);
void takeovers_free(struct takeovers *t);

/* This feed may be a new one: put above it what holds for its channel. */
void takeovers_apply(struct takeovers *t, struct feed *f);

/* The house clock has stepped: what is noted goes with it, as it does above
 * the feeds. */
void takeovers_rejoin(struct takeovers *t);

/* POST of ?file=PATH or ?slate=1 and &for=SECONDS: the channel of that feed,
 * or all (NULL), is taken over; and is given back. */
void takeover_post(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);
void takeover_release(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

#endif
