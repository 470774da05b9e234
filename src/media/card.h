/* card.h - the picture of a channel that has none: its number on a plain
 * card, as PNG (ISO/IEC 15948), which every client shows. */

#ifndef MEDIA_CARD_H
#define MEDIA_CARD_H

#include "base/buf.h"

/* The same for the same arguments; the slug chooses the colour. */
void card_draw(struct buf *out, const char *slug, const char *number);

#endif
