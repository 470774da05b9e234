/* h264_cavlc.h - levels of DC coefficients as H.264's variable-length codes
 * (ISO/IEC 14496-10 7.3.5.3.2, 9.2). */

#ifndef TS_H264_CAVLC_H
#define TS_H264_CAVLC_H

#include "ts/h264_bits.h"

/* The 16 of an Intra_16x16 macroblock's luma in zigzag order, each within
 * +-2000.  nc is the mean number of coefficients in its neighbours: 0, or
 * at least 8. */
void h264_luma_code(struct h264_bits *b, const int level[16], int nc);

/* The four of one chroma component, of which all but the first are 0. */
void h264_chroma_code(struct h264_bits *b, int level);

#endif
