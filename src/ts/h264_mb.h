/* h264_mb.h - pictures of few colours as H.264 macroblocks, without loss.
 *
 * Meant for what is drawn: a plane, rectangles, large letters.  A macroblock
 * that continues the one above costs a byte, one made of flat 4x4 blocks some
 * ten; any other goes uncompressed, 384 bytes. */

#ifndef TS_H264_MB_H
#define TS_H264_MB_H

#include <stddef.h>
#include <stdint.h>

#include "ts/h264_bits.h"

enum {
	/* Flat 4x4 blocks of a macroblock may differ in luma from one another
	 * by multiples of this (whole macroblocks of a sixteenth of it), and
	 * macroblocks in chroma, without being sent uncompressed. */
	H264_LUMA_STEP = 16 * 11,
	H264_CHROMA_STEP = 7,
};

/* 16x16 samples, 4:2:0, in the order of a picture's rows; without gaps, as
 * they are compared and sent. */
struct h264_mb {
	uint8_t y[256], cb[64], cr[64];
};

struct h264_picture {
	int width, height;	/* macroblocks */
	struct h264_mb *mb;	/* row by row */
};

/* The slice data of a picture.  Where there is one before it, it is coded as
 * a P slice of what has changed since, else as an I slice. */
void h264_picture_code(struct h264_bits *b, const struct h264_picture *now,
    const struct h264_picture *before);

#endif
