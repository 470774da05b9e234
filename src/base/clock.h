/* clock.h - the house clock: UTC that never jumps by itself.
 *
 * It runs with the monotonic clock and follows the system's UTC: a
 * difference under a second is slewed away at 25 ppm (a stream's 27 MHz may
 * be off by 30, ISO/IEC 13818-1 2.4.2.1), a larger one is a step.  A UTC
 * before 1970 or after 2200 is none, and is not followed.  Pure: both clocks
 * are arguments, in nanoseconds. */

#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	int64_t bias;		/* house - UTC, for rehearsals */
	int64_t offset;		/* house - monotonic */
	int64_t last_mono;
	int64_t stepped;	/* by all its steps together */
};

/* start >= 0: the house clock begins there instead of at UTC. */
void clock_init(struct clock *c, int64_t mono, int64_t utc, int64_t start);

/* The house clock; *stepped is set to true if it had to step. */
int64_t clock_read(struct clock *c, int64_t mono, int64_t utc,
    bool *stepped);

#endif
