/* book.h - the station's guide as clients get it: every channel's, rendered
 * once, away from the loop.
 *
 * A book does not change; what is made of it for those who ask stands on its
 * shelves. */

#ifndef IO_BOOK_H
#define IO_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blob.h"
#include "base/buf.h"
#include "io/shelf.h"
#include "media/gzip.h"
#include "plan/guide.h"

struct book_channel {
	struct guide *guide;
	struct buf head;	/* its JSON, an object's members */
	struct buf entries;	/* the JSON of each, commas between them */
	size_t *at;		/* where each begins; one more: the end + 1 */
	struct blob *logo;	/* of a file, or NULL */
	const char *logo_type;
	uint64_t logo_print;
	char *logo_fault;	/* why there is none from its file, or NULL */
};

struct book {
	char *station;
	struct book_channel *channels;	/* by number */
	size_t n;
	struct blob *body;		/* of the XMLTV document */
	struct gzip_part packed;	/* the same */
	uint64_t print;			/* of all there is in it */
	int64_t made_s;
	struct shelf documents;		/* XMLTV, packed; the loop's */
	struct shelf answers;		/* JSON; the same */
};

/* What a book is made from. */
struct book_source {
	char *station;			/* its name, and ... */
	char *base;			/* ... station_base_path() */
	struct guide **guides;
	size_t n;
};

/* Takes over the references to the guides, which it puts in order, and no
 * more.  NULL where *stop has become non-zero meanwhile.  Takes its time. */
struct book *book_new(struct book_source *s, int64_t now_s,
    const volatile int *stop);
void book_free(struct book *b);

/* The channel of that slug or number, or NULL. */
const struct book_channel *book_find(const struct book *b,
    const char *which);

/* Append entries [from, to) of a channel, commas between them. */
void book_add_entries(struct buf *out, const struct book_channel *c,
    size_t from, size_t to);

/* Append the head of the XMLTV document, behind which comes the body, for
 * clients that know us by that address, see station_base_url().  A number of
 * which documents that differ have different ones. */
uint64_t book_add_head(struct buf *out, const struct book *b,
    const char *base);

/* The whole of it, packed; NULL: too many are being sent. */
const struct shelf_item *book_packed(struct book *b, const char *base);

#endif
