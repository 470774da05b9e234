/* house.h - what a house format means for the stream. */

#ifndef AIR_HOUSE_H
#define AIR_HOUSE_H

#include "plan/format.h"
#include "ts/grid.h"

/* The house format's grids of pictures and audio frames, and what every
 * audio frame is. */
struct grid house_grid(const struct format *f);

#endif
