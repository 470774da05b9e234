/* retry.h - when a run whose children fail may have another one.
 *
 * At once, then after 1, 2, 4 ... 20 s, for each run by itself: what goes
 * wrong with one file says nothing about the next.  A run is named by where
 * its asset would have begun (slot - in-point), which is the same all along
 * it.  One that no child can play is given up, but a disk that was away may
 * come back: it is tried after 20 s, then once a minute.  A zeroed struct
 * retry knows of no failure. */

#ifndef AIR_RETRY_H
#define AIR_RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RETRY_RUNS	32	/* more than can be wanted at a time */

struct retry {
	struct retry_run {
		int64_t begin;
		unsigned failures;
		unsigned blamed;	/* those of them that its file is */
		int64_t at;	/* no other child before */
		bool given_up;
	} runs[RETRY_RUNS];
	size_t next;		/* the oldest of them */
};

/* A child of that run failed.  afresh: not before it had been useful, so that
 * earlier failures do not count.  blame: its file may be why.  Returns how
 * many of those that count are such. */
unsigned retry_failed(struct retry *r, int64_t begin, int64_t now,
    bool afresh, bool blame);

/* No child can fill that run; said again with each that is tried on it. */
void retry_give_up(struct retry *r, int64_t begin, int64_t now);

/* True once that has been said, and not taken back. */
bool retry_is_given_up(const struct retry *r, int64_t begin);

/* A child of it is good after all. */
void retry_forget(struct retry *r, int64_t begin);

/* True if no child of it has failed yet. */
bool retry_is_new(const struct retry *r, int64_t begin);

/* True if the run may have a child now. */
bool retry_may(const struct retry *r, int64_t begin, int64_t now);

#endif
