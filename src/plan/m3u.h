/* m3u.h - the channel list as players take it: extended M3U with the
 * attributes of Kodi, TiviMate, Jellyfin, Channels.
 *
 * The format knows no escapes: a line is an entry, a quote ends a value, and
 * some readers take the first comma for the end of all attributes, others the
 * last.  So none of these is in a text, whatever it is made of. */

#ifndef PLAN_M3U_H
#define PLAN_M3U_H

#include "base/buf.h"
#include "plan/chan.h"

/* What may stand in quotes or behind the comma. */
void m3u_add_text(struct buf *out, const char *text);

/* Where the entries lead to. */
enum m3u_streams {
	M3U_TS,
	M3U_HLS,
};

/* base: what URLs begin with, see station_base_url().  group: of a channel
 * that has none, because some players hide such. */
void m3u_add_head(struct buf *out, const char *base);
void m3u_add_channel(struct buf *out, const char *base,
    const struct chan *ch, const char *group, enum m3u_streams streams);

/* Where its logo is to be had: of a URL that itself. */
void m3u_add_logo(struct buf *out, const char *base, const char *slug,
    const char *logo);

#endif
