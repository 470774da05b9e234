/* discard.h - free what takes its time to be freed, a hundred thousand assets
 * or the guide of two weeks: not on the loop. */

#ifndef IO_DISCARD_H
#define IO_DISCARD_H

#include <uv.h>

#include "io/book.h"
#include "media/edition.h"

/* As edition_free() and book_free(), a little later, on a thread; NULL is
 * nothing. */
void discard_edition(uv_loop_t *loop, struct edition *ed);
void discard_book(uv_loop_t *loop, struct book *b);

#endif
