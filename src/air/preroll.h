/* preroll.h - how long before its boundary a child is started.
 *
 * Three seconds, or twice the slowest start seen of the same kind of source
 * (codec and height: what decides how long decoding takes to begin).  It
 * decides only when a child is started, never what airs.  A zeroed struct
 * preroll has seen nothing. */

#ifndef AIR_PREROLL_H
#define AIR_PREROLL_H

#include <stddef.h>
#include <stdint.h>

#include "plan/library.h"

#define PREROLL_KINDS	16	/* remembered; then the oldest is replaced */

struct preroll {
	struct preroll_kind {
		char codec[16];
		int height;
		int64_t slowest_ns;
	} kinds[PREROLL_KINDS];
	size_t n, next;
};

/* The kind that a belongs to, for preroll_note(). */
size_t preroll_kind(struct preroll *p, const struct asset *a);

/* A child of that kind took so long from its start to its first byte.  One
 * slow start is forgotten by and by. */
void preroll_note(struct preroll *p, size_t kind, int64_t took_ns);

/* The preroll of a's kind, 3 to 20 s, and the longest of all kinds. */
int64_t preroll_ns(const struct preroll *p, const struct asset *a);
int64_t preroll_longest_ns(const struct preroll *p);

#endif
