/* ctl_cells.h - how wide a text is on a terminal, whose unit is the cell: a
 * Latin letter takes one, an accent that combines with it none, an ideograph
 * two.
 *
 * What is wide the C library knows: it wants an LC_CTYPE of UTF-8, else every
 * character counts one. */

#ifndef CTL_CELLS_H
#define CTL_CELLS_H

#include <stddef.h>

/* Of a text of clean UTF-8. */
size_t cells_width(const char *text);

/* How many of its bytes fit into that many cells, cut between characters. */
size_t cells_fit(const char *text, size_t cells);

#endif
