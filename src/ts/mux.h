/* mux.h - a channel's own transport stream, packet by packet.
 *
 * One programme, two elementary streams; PIDs, service id and stream types
 * never change.  Everything that decides a byte is the slot number and what
 * is put in it, except the continuity counters.
 *
 * Slot n goes out as: PAT, PMT (before every key frame and at least every
 * 100 ms), SDT (before every key frame, and between), EIT (each of its two
 * sections at least every 2 s), NIT and TDT (in the first slot of every 5 and
 * 10 s of UTC), then the picture, with the PCR of the slot's release in its
 * first packet, and spread among its packets those of the slot's audio frames,
 * one PES packet each (ISO/IEC 13818-1 2.4.3).  Where a picture lasts longer
 * than 35 ms, a packet with nothing but the PCR of half a picture later stands
 * in the middle of these: so the rate from PCR to PCR is even, and a key frame
 * does not run over a decoder's transport buffer (2.4.2.4). */

#ifndef TS_MUX_H
#define TS_MUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ts/au.h"
#include "ts/grid.h"

enum {
	MUX_PID_PMT = 0x1000,
	MUX_PID_VIDEO = 0x100,
	MUX_PID_AUDIO = 0x101,
	MUX_SERVICE_ID = 1,
	MUX_NETWORK_ID = 0xff01,	/* both private, ETSI TS 101 162 */
	MUX_ORIGINAL_NETWORK_ID = 0xff01,
};

struct mux;

/* Names are UTF-8, cut to what the SDT holds; g is copied. */
struct mux *mux_new(const struct grid *g, const char *provider,
    const char *service);
void mux_free(struct mux *m);

/* What tells the stream from the network's others, before the first slot: its
 * transport_stream_id (1 until told), the same on every node. */
void mux_set_ts_id(struct mux *m, uint16_t id);

/* The slots are of another time than it is: nobody is to set a clock by
 * them. */
void mux_set_past(struct mux *m);

/* What the tables say: the service's name, the height of the pictures (SD or
 * HD; HD until told) and the language of the sound, an ISO 639-2 code of three
 * letters; any other, or NULL, is left out.  A table that this changes while
 * the channel is on the air goes out with the next version_number. */
void mux_describe(struct mux *m, const char *service, int height,
    const char *language);

/* What is on in the slots [from, until) and what follows, each as made by
 * eit_event_put(), empty for nothing; the version_number that these two have,
 * or the next one where others went out under that.
 * The present one goes out with slot `from`, the following one shortly after,
 * and then again and again, counted from there: where in the stream depends on
 * no daemon's start.  Before the first call there is no EIT. */
void mux_events(struct mux *m, int64_t from, int64_t until, uint8_t version,
    const struct buf *present, const struct buf *following);

/* Append slot n.  audio[i] is frame grid_audio(n) + i.  Returns how many bytes
 * of it, at the end, are due only half a picture after it, at grid_half_ns():
 * 0 if none are. */
size_t mux_slot(struct mux *m, int64_t n, const struct au *picture,
    const struct au *const *audio, size_t naudio, struct buf *out);

/* The clock has stepped: the next slot's PCR packet says so
 * (discontinuity_indicator, 2.4.3.5). */
void mux_discontinuity(struct mux *m);

#endif
