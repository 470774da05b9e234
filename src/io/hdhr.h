/* hdhr.h - the station as a tuner of HDHomeRun's: what Plex, Jellyfin, Emby,
 * Channels and Kodi ask for by HTTP.  Rows of the table in pages.c.
 *
 * Errors say in X-HDHomeRun-Error what the clients' own words for them are.
 * A channel is in use while somebody watches it, by whatever path: another
 * viewer of it takes no further tuner. */

#ifndef IO_HDHR_H
#define IO_HDHR_H

#include <stddef.h>

#include "air/hdhr.h"
#include "io/http.h"
#include "io/pages.h"

typedef void hdhr_fn(struct pages *g, const struct http_request *q,
    struct http_answer *a);

hdhr_fn hdhr_get_discover;		/* /discover.json */
hdhr_fn hdhr_get_device;		/* /device.xml, /capability */
hdhr_fn hdhr_get_lineup_json;
hdhr_fn hdhr_get_lineup_xml;
hdhr_fn hdhr_get_lineup_m3u;
hdhr_fn hdhr_get_lineup_status;		/* /lineup_status.json */
hdhr_fn hdhr_get_scan, hdhr_post_scan;	/* /lineup.post */
hdhr_fn hdhr_get_auto;			/* /auto/vN */
hdhr_fn hdhr_get_tuner;			/* /tunerK/vN */

/* How many tuners there are. */
unsigned hdhr_tuners(const struct pages *g);

/* Those in use, in used[max]; returns how many. */
size_t hdhr_used(const struct pages *g, struct hdhr_tuner *used, size_t max);

#endif
