/* seed.h - numbers that look random and are the same on every machine: FNV-1a
 * over names, the finisher of SplitMix64 (Steele, Lea, Flood: Fast Splittable
 * Pseudorandom Number Generators, 2014) over everything else.  What is drawn
 * depends on what went in, not on what was drawn before. */

#ifndef PLAN_SEED_H
#define PLAN_SEED_H

#include <stdint.h>

/* Begin with a name. */
uint64_t seed_text(const char *text);

/* A seed that differs in every bit's chance for every n. */
uint64_t seed_add(uint64_t seed, uint64_t n);

/* A number in [0, n), n > 0.  The remainder favours none by more than one in
 * 2^64 / n. */
static inline uint64_t
seed_below(uint64_t seed, uint64_t n)
{
	return seed % n;
}

#endif
