/* idr.h - of two IDR pictures in a row each has an idr_pic_id of its own.
 *
 * ISO/IEC 14496-10 7.4.3 demands it, and every encoder begins at 0: where one
 * stretch ends with a key frame of the grid and the next one begins, two such
 * pictures can meet that came from different encoders. */

#ifndef TS_IDR_H
#define TS_IDR_H

#include <stddef.h>
#include <stdint.h>

#include "ts/au.h"

/* The idr_pic_id of an IDR access unit that brings its SPS along; -1 where it
 * cannot be told. */
int64_t idr_id(const uint8_t *data, size_t len);

/* A copy of the unit under another idr_pic_id, to be freed; NULL where it
 * cannot be made. */
struct au *idr_renamed(const struct au *u);

#endif
