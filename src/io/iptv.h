/* iptv.h - what players and recorders are set up with: the channel list as
 * M3U, the guide as XMLTV, the channels' logos. */

#ifndef IO_IPTV_H
#define IO_IPTV_H

#include "io/pages.h"

/* The list of the streams, and that of the playlists of HLS. */
void iptv_get_m3u(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void iptv_get_hls(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void iptv_get_xmltv(struct pages *g, const struct http_request *q,
    struct http_answer *a);
void iptv_get_logo(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

#endif
