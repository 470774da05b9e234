/* arith.h - a * b / c in integers, rounded as the name says, where the
 * product would not fit 64 bits: a is split into q * c + r, so only q * b
 * and r * b have to fit.  b >= 0, c > 0; a may be negative (floor is toward
 * minus infinity). */

#ifndef BASE_ARITH_H
#define BASE_ARITH_H

#include <stdint.h>

#define NS_PER_S	INT64_C(1000000000)
#define US_PER_S	INT64_C(1000000)

static inline int64_t
div_floor(int64_t a, int64_t c)
{
	return a / c - (a % c < 0);
}

static inline int64_t
mod_floor(int64_t a, int64_t c)
{
	return a - div_floor(a, c) * c;
}

static inline int64_t
muldiv_floor(int64_t a, int64_t b, int64_t c)
{
	int64_t q = div_floor(a, c);

	return q * b + (a - q * c) * b / c;
}

static inline int64_t
muldiv_ceil(int64_t a, int64_t b, int64_t c)
{
	int64_t q = div_floor(a, c);

	return q * b + ((a - q * c) * b + c - 1) / c;
}

/* To nearest, halves up. */
static inline int64_t
muldiv_round(int64_t a, int64_t b, int64_t c)
{
	int64_t q = div_floor(a, c);

	return q * b + ((a - q * c) * b + c / 2) / c;
}

#endif
