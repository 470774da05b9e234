/* guides.h - the guide of the station that is on the air.
 *
 * Happy path: guides_begin() with a new edition, guides_put() for each of its
 * channels as the planner has made it, a thread of libuv's renders them, and
 * on the loop the new book takes the old one's place.  From then on each
 * channel that is put anew leads to another book.  Until all channels of an
 * edition are there the book before it is shown. */

#ifndef IO_GUIDES_H
#define IO_GUIDES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "io/book.h"
#include "plan/guide.h"
#include "plan/station.h"

struct guides;

/* now: the house clock. */
struct guides *guides_new(uv_loop_t *loop, int64_t (*now)(void *ctx),
    void *ctx);

/* Another edition of n channels. */
void guides_begin(struct guides *g, const struct station *st, size_t n);

/* The i-th channel's; takes the reference. */
void guides_put(struct guides *g, size_t i, struct guide *guide);

/* What is shown, or NULL where nothing is yet; until the loop's next turn. */
struct book *guides_book(struct guides *g);

/* Who waits for the first book. */
struct guides_waiter {
	LIST_ENTRY(guides_waiter) link;
	/* There is a book, or (guides_book() is NULL) there will be none; not
	 * from within guides_await().  The waiter is off the list. */
	void (*on_book)(struct guides_waiter *w);
};

/* Where guides_book() is NULL; the waiter stays the caller's. */
void guides_await(struct guides *g, struct guides_waiter *w);

/* It does not wait any more. */
void guides_leave(struct guides_waiter *w);

/* No more of it; freed with the last turn of the loop. */
void guides_close(struct guides *g);

#endif
