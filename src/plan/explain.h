/* explain.h - why a channel airs what it airs.
 *
 * Nothing is noted down while a day is planned: the answer is worked out when
 * somebody asks, from the same timeline that airs. */

#ifndef PLAN_EXPLAIN_H
#define PLAN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/timeline.h"

struct explain {
	struct segment segment;
	struct programme programme;	/* where has_programme */
	bool has_programme;
	bool kept;		/* it stands as it was stored: the files may
				 * say something else by now */

	/* The entry that has the channel off the air, borrowed; NULL: none
	 * has. */
	const struct block *off_air;

	/* Of a program's presentation, which comes before its parts: which
	 * of how many, from 1. */
	size_t lead, leads;

	/* Of what airs in a break: which of how many, from 1. */
	size_t brk, breaks;
	bool after;		/* it comes after the programme's last part */
	int64_t avail_us;	/* where in the programme's file it is, -1:
				 * not in it */
	const struct marker *marker;	/* that put it there, NULL: none */

	/* Of a programme's own parts: which of how many, from 1. */
	size_t part, parts;

	/* Among how many it was chosen, and which of them it is by its pool's
	 * order, from 1; 0 where that does not apply. */
	size_t among, place;
	const char *pool;	/* NULL: of none */
	const char *how;	/* static: "next in order" and so on */
};

/* About the segment at frame n.  Pointers hold as those of timeline_at(). */
void explain_make(struct explain *x, struct timeline *t, int64_t n);

/* The entry that has the channel off the air at frame n, which is s's: its
 * sign-off or the black behind it.  NULL: there is none, or none any more. */
const struct block *explain_off_air(const struct timeline *t,
    const struct segment *s, int64_t n);

/* Append it as one sentence, without a newline. */
void explain_add_text(struct buf *out, struct timeline *t,
    const struct explain *x);

/* Append only why it was chosen, "least recently aired of 41", of a segment
 * that timeline_at() has told; nothing where there is no more to say. */
void explain_add_why(struct buf *out, struct timeline *t,
    const struct segment *s);

#endif
