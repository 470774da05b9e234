/* watch.h - a viewer who misses nothing: a transport stream of a channel,
 * judged packet by packet as it comes, for as many hours as it lasts.
 *
 * Nothing of the daemon's own arithmetic is used: where picture n and audio
 * frame m belong is worked out in 128 bits from the epoch, so a stream that
 * drifts by one tick in a day is found out. */

#ifndef SIM_WATCH_H
#define SIM_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the payload says, see fakechild.h; asset 0: pad.  n: the channel's
 * picture or audio frame by its PTS. */
typedef void watch_unit_fn(void *ctx, int64_t n, bool key, uint32_t asset,
    int64_t position);

/* What is said to be on in a slot (number 0), or to follow (1): the event's
 * id, -1 for nothing. */
typedef void watch_event_fn(void *ctx, int64_t slot, int number, int id);

struct watch_span {
	int64_t min, max;
};

struct watch_counts {
	uint64_t packets, pictures, sounds, wraps;
	uint64_t discontinuities;	/* flagged, all of them announced */
	struct watch_span dts, pts, sound;	/* deltas, 90 kHz */
	struct watch_span pcr;			/* 27 MHz */
	struct watch_span delay;		/* DTS - PCR, 90 kHz */
	int64_t av_first, av_last;	/* sound against picture, 90 kHz,
					 * beyond what the grids say */
	uint64_t faults;
};

struct watch;

/* A channel of num/den pictures a second, 48 kHz, spf samples a frame, from
 * slot `first` on.  The first faults are printed. */
struct watch *watch_new(int64_t num, int64_t den, int64_t spf, int64_t first,
    watch_unit_fn *on_picture, watch_unit_fn *on_sound,
    watch_event_fn *on_event, void *ctx);
void watch_free(struct watch *w);

/* Whole packets. */
void watch_feed(struct watch *w, const uint8_t *p, size_t len);

/* The clock steps: the next picture is slot `first` and says so. */
void watch_step(struct watch *w, int64_t first);

const struct watch_counts *watch_counts(const struct watch *w);

/* Report a fault found elsewhere. */
void watch_fault(struct watch *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The first picture whose PTS is at or past wrap k of the 33 bits. */
int64_t watch_wrap_picture(int64_t num, int64_t den, int64_t k);

#endif
