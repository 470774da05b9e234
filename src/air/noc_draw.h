/* noc_draw.h - lines of text on the slate's plane, as samples. */

#ifndef AIR_NOC_DRAW_H
#define AIR_NOC_DRAW_H

#include "ts/h264_mb.h"

/* Draw over all of the picture, of which width x height samples are shown. */
void noc_draw(struct h264_picture *p, int width, int height,
    const char *text);

#endif
