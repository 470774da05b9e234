/* grid.h - the two grids of a channel, pictures and audio frames, what lies on
 * them, and the time stamps.
 *
 * Everything hangs on the Unix epoch: picture n airs at n * den / num
 * seconds after it, audio frame m begins m * spf samples after it.  The
 * stream's 27 MHz clock is UTC.  So no time stamp depends on when a daemon
 * or a child started, and two daemons agree without talking.
 *
 * Time stamps are returned unwrapped (ticks since the epoch); whoever writes
 * them takes them modulo 2^33 (ISO/IEC 13818-1 2.4.3.7). */

#ifndef TS_GRID_H
#define TS_GRID_H

#include <stdint.h>

#include "base/rate.h"
#include "ts/aframe.h"

#define TS_HZ		INT64_C(90000)		/* PTS and DTS */
#define PCR_HZ		INT64_C(27000000)
#define TS_WRAP		(INT64_C(1) << 33)	/* of PTS, DTS, PCR base */
#define GRID_LEAD	(TS_HZ / 2)		/* DTS - PCR: 500 ms */

struct grid {
	struct rate rate;
	int64_t sample_rate;	/* Hz */
	int64_t spf;		/* samples per audio frame: AAC 1024 */
	enum aframe_codec codec;
	int channels;		/* of sound, the LFE counted; 0: any */
	int64_t reorder;	/* pictures between decoding and display */
	int64_t gop;		/* a key frame wherever n mod gop = 0 */
};

/* A house format's grid; gop is 2 * ceil(rate).  The codec is AAC with any
 * number of channels until the caller sets it. */
struct grid grid_make(struct rate rate, int64_t sample_rate, int64_t spf);

/* 90 kHz ticks from the release of a picture's slot to its display. */
int64_t grid_delay(const struct grid *g);

/* PTS of picture n; DTS of the access unit in slot n (decode order). */
int64_t grid_pts(const struct grid *g, int64_t n);
int64_t grid_dts(const struct grid *g, int64_t n);

/* The 27 MHz clock when slot n is released, and half a picture later. */
int64_t grid_pcr(const struct grid *g, int64_t n);
int64_t grid_pcr_half(const struct grid *g, int64_t n);

/* True where one PCR per picture is too far apart (40 ms at most are
 * allowed, ISO/IEC 13818-1 2.7.2 says 100, DVB 40): one more half-way. */
int grid_needs_half(const struct grid *g);

/* The nanosecond at which the half-way packet of slot n is due. */
int64_t grid_half_ns(const struct grid *g, int64_t n);

/* The first audio frame that begins at or after picture n: slot n owns the
 * audio frames [grid_audio(n), grid_audio(n + 1)). */
int64_t grid_audio(const struct grid *g, int64_t n);

/* PTS of audio frame m. */
int64_t grid_audio_pts(const struct grid *g, int64_t m);

/* Samples from the first instant of picture n to audio frame grid_audio(n),
 * to the nearest. */
int64_t grid_audio_lag(const struct grid *g, int64_t n);

/* a - b of two 33-bit time stamps, the short way round. */
int64_t ts_diff(int64_t a, int64_t b);

#endif
