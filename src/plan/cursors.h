/* cursors.h - whose turn it is in every block of a channel, what is still on,
 * when each spot aired last, and how much has been on: all that one day hands
 * to the next.
 *
 * A cursor remembers what aired last by name, not by number: so a file that
 * is added between two days takes its own place in the order, and nobody
 * else's turn comes twice or not at all. */

#ifndef PLAN_CURSORS_H
#define PLAN_CURSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/chan.h"
#include "plan/changes.h"

/* One per block; and where lists take turns, as in a block that shuffles its
 * pools or has programs, one more for each of them. */
struct cursor {
	uint64_t place;		/* in order: the index of the last choice;
				 * of turns: the list whose turn it is;
				 * shuffled: the cycle */
	uint64_t last;		/* the last choice's id, 0 before the first;
				 * shuffled: the least key that is due */
};

/* A choice that aired before its turn, because the one whose turn it was did
 * not fit.  Its turn is then left out. */
struct ahead {
	size_t cursor;		/* a list's */
	uint64_t key;		/* in order: its id */
};

/* When a spot, bumper or station id began last.  Of these there is one for
 * each that has aired and still may. */
struct aired {
	uint64_t id;		/* of its channel and path */
	int64_t at_ms;		/* since the epoch, UTC */
	size_t hint;		/* where it was last found; any number */
};

struct cursors {
	struct cursor *v;
	size_t n;
	struct ahead *ahead;	/* by cursor, then key */
	size_t nahead, cap;
	int64_t from;		/* when the piece begins that is not through,
				 * and which the next day begins with; 0: the
				 * day's first */
	int64_t busy;		/* until when what is before it is on; 0: it
				 * begins when it should */
	struct aired *aired;	/* the least recently aired first */
	size_t naired;
	struct changes changes;
};

/* How many cursors a block has; they follow those of the block before. */
size_t cursors_of_block(const struct block *b);

/* v, which has been malloc'd, becomes what has aired. */
void cursors_set_aired(struct cursors *c, struct aired *v, size_t n);

/* The position before the first day ever. */
void cursors_init(struct cursors *c, const struct chan *ch);
void cursors_copy(struct cursors *to, const struct cursors *from);
void cursors_fini(struct cursors *c);
bool cursors_equal(const struct cursors *a, const struct cursors *b);

/* Append the cursors as text, a line each, to be stored with the log of the
 * day before.  Each goes by the layer, start, mode and pool or program that
 * it is for. */
void cursors_print(const struct cursors *c, const struct chan *ch,
    struct buf *out);

/* What cursors_print() wrote, for ch, which may have changed since: what it
 * has besides stands at its beginning, what it has no more is let go.  False,
 * with c as cursors_init() leaves it, where text is no such thing.  Free with
 * cursors_fini() in either case. */
bool cursors_parse(struct cursors *c, const struct chan *ch,
    const char *text);

bool cursors_has_ahead(const struct cursors *c, size_t cursor, uint64_t key);
void cursors_put_ahead(struct cursors *c, size_t cursor, uint64_t key);

size_t cursors_count_ahead(const struct cursors *c, size_t cursor);

/* Forget one, if it is there. */
void cursors_drop_one(struct cursors *c, size_t cursor, uint64_t key);

/* Forget those of a cursor whose keys are below `key`. */
void cursors_drop_ahead(struct cursors *c, size_t cursor, uint64_t key);

#endif
