/* packets.h - what a stream's packets say, for tests that read them back, and
 * how often a judge of streams complains. */

#ifndef PACKETS_H
#define PACKETS_H

#include <stddef.h>
#include <stdint.h>

#include "ts/check.h"

#define PACKET	188

static inline int
pid_of(const uint8_t *p)
{
	return (p[1] & 0x1f) << 8 | p[2];
}

/* The PCR in 27 MHz units, or -1. */
static inline int64_t
pcr_of(const uint8_t *p)
{
	if ((p[3] & 0x20) == 0 || p[4] < 7 || (p[5] & 0x10) == 0)
		return -1;
	return ((int64_t)p[6] << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 |
	    p[10] >> 7) * 300 + ((p[10] & 1) << 8 | p[11]);
}

/* How many faults of that kind there are, on all PIDs. */
static inline uint64_t
complaints(const struct check_report *r, enum check_kind k)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->nfaults; i++)
		if (r->faults[i].kind == k)
			n += r->faults[i].count;
	return n;
}

#endif
