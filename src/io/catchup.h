/* catchup.h - what a channel has aired, again: /channel/N/stream.ts?at=TIME.
 *
 * One viewer, one feed of his own, with a clock that is behind the house's by
 * just so much: the same timeline, the same children, the same time stamps as
 * then.  Nothing that happens on it is noted anywhere but as one event in the
 * log.
 *
 * Happy path: catchup_answer() holds the request, a thread reads the stored
 * transmission logs of those days, the loop makes the feed and hands it the
 * viewer; when he leaves it ends.  What it was planned by, the edition, is
 * held until then, over reloads. */

#ifndef IO_CATCHUP_H
#define IO_CATCHUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/feed.h"
#include "io/http.h"
#include "io/pages.h"
#include "media/edition.h"

struct catchups_env {
	struct feed_env feed;		/* as of the live ones */
	const char *state_dir;		/* copied */
};

/* All else in env is borrowed. */
struct catchups *catchups_new(const struct catchups_env *env);

/* From now on viewers get what that edition has; it is held. */
void catchups_take(struct catchups *c, struct edition *ed);

/* Answer, at once or later, a request for channel f of which the query has an
 * "at"; false where it has none. */
bool catchup_answer(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

/* Do what is due; when to be called next (house clock), next at the latest. */
int64_t catchups_step(struct catchups *c, int64_t now, int64_t next);

/* The clock has stepped.  By years: then those that were on end. */
void catchups_rejoin(struct catchups *c);

/* End all, and answer nobody any more; catchups_idle() when no child is left;
 * kill those that are.  Free once the loop has nothing left of it. */
void catchups_end(struct catchups *c);
bool catchups_idle(const struct catchups *c);
void catchups_kill(struct catchups *c);
void catchups_close(struct catchups *c);
void catchups_free(struct catchups *c);

/* Call each for the feed of every viewer, with the session's number. */
void catchups_list(const struct catchups *c, void (*each)(void *ctx,
    struct feed *f, uint64_t number), void *ctx);

#endif
