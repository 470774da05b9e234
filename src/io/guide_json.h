/* guide_json.h - channels and what is on them as JSON: the names that
 * retrovued(8) tells of under The guide. */

#ifndef IO_GUIDE_JSON_H
#define IO_GUIDE_JSON_H

#include <jansson.h>

#include "plan/guide.h"

/* Of the channel alone, without its entries.  base: see station_base_path(). */
json_t *guide_json_channel(const struct guide *g, const char *base);

json_t *guide_json_entry(const struct guide *g, const struct guide_entry *e);

/* The instant as key, and as key_ms in milliseconds since 1970. */
void guide_json_set_instant(json_t *j, const char *key, int64_t ns);

#endif
