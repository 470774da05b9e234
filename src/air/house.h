/* house.h - what a house format means for the stream. */

#ifndef AIR_HOUSE_H
#define AIR_HOUSE_H

#include "plan/format.h"
#include "ts/grid.h"

/* The house format's grids of pictures and audio frames, and what every
 * audio frame is. */
struct grid house_grid(const struct format *f);

/* The transport_stream_id of the channel with that key: the same on every node,
 * whatever its number or name. */
uint16_t house_ts_id(const char *slug);

#endif
