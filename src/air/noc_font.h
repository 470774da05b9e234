/* noc_font.h - the slate's letters: ASCII, drawn for small and large dots. */

#ifndef AIR_NOC_FONT_H
#define AIR_NOC_FONT_H

#include <stdbool.h>
#include <stdint.h>

#define NOC_FONT_WIDTH	5	/* dots */
#define NOC_FONT_HEIGHT	9	/* two of them below the base line */
#define NOC_FONT_BOX	0x7f	/* stands for what has no glyph */

/* True if glyph c has a dot at column x of row y, counted from the top left;
 * what is no printable ASCII is the box. */
bool noc_font_ink(uint8_t c, int x, int y);

#endif
