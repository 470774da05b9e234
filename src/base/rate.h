/* rate.h - the picture grid: frame n airs at n * den / num seconds after the
 * Unix epoch.  Instants are nanoseconds of UTC since the epoch (int64_t: to
 * the year 2262); frame numbers count from the epoch. */

#ifndef BASE_RATE_H
#define BASE_RATE_H

#include <stdint.h>

#include "base/arith.h"

struct rate {
	int64_t num;		/* pictures ... */
	int64_t den;		/* ... in so many seconds; lowest terms */
};

/* The frame on air at t_ns. */
static inline int64_t
rate_frame_at(struct rate r, int64_t t_ns)
{
	return muldiv_floor(t_ns, r.num, r.den * NS_PER_S);
}

/* The first frame that begins at or after t_ns: where a segment begins that
 * is scheduled for that instant. */
static inline int64_t
rate_frame_from(struct rate r, int64_t t_ns)
{
	return muldiv_ceil(t_ns, r.num, r.den * NS_PER_S);
}

/* The first whole nanosecond at which frame n is on air. */
static inline int64_t
rate_frame_ns(struct rate r, int64_t n)
{
	return muldiv_ceil(n, r.den * NS_PER_S, r.num);
}

/* Frame n's begin on a clock of hz ticks per second, to the nearest. */
static inline int64_t
rate_ticks(struct rate r, int64_t n, int64_t hz)
{
	return muldiv_round(n, r.den * hz, r.num);
}

/* A span or a media position in microseconds as whole frames, to the
 * nearest. */
static inline int64_t
rate_frames_of_us(struct rate r, int64_t us)
{
	return muldiv_round(us, r.num, r.den * US_PER_S);
}

#endif
