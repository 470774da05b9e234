/* xmltv.h - guides as an XMLTV document (xmltv.dtd, Debian: xmltv-util), in
 * two parts: the head, where the channels are and every URL of our own, is
 * made for each address that the station is asked by; the body with all
 * programmes is the same for everyone. */

#ifndef MEDIA_XMLTV_H
#define MEDIA_XMLTV_H

#include "base/buf.h"
#include "plan/guide.h"

/* From the first byte to behind the last channel.  base: what URLs begin
 * with, see station_base_url(). */
void xmltv_add_head(struct buf *out, const char *station, const char *base,
    struct guide *const *guides, size_t n);

/* The programmes of a channel.  Times are local, with their offset. */
void xmltv_add_programmes(struct buf *out, const struct guide *g);

/* Behind the last programme. */
void xmltv_add_end(struct buf *out);

#endif
