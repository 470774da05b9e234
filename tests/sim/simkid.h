/* simkid.h - the children of a simulated channel, without processes: they
 * start late, write in bursts, die, fall silent and write noise, all from one
 * seed. */

#ifndef SIMKID_H
#define SIMKID_H

#include <stdbool.h>
#include <stdint.h>

#include "air/channel.h"

struct simkids;

/* Every percentage is of children. */
struct simkids_habits {
	int late;		/* start later than the preroll */
	int die;		/* end badly somewhere in the middle */
	int early;		/* end well, but too early */
	int mute;		/* fall silent until they are ended */
	int noise;		/* write garbage, or cut a packet */
	int slow;		/* write at less than real time */
	int unborn;		/* cannot be started at all */
};

extern const struct simkids_habits simkids_calm, simkids_wild;

/* c is borrowed. */
struct simkids *simkids_new(struct channel *c,
    const struct simkids_habits *habits, uint64_t seed);
void simkids_free(struct simkids *s);

/* No child brings anything any more, or as before again. */
void simkids_strike(struct simkids *s, bool on);

/* No child can begin to play that asset (0: all can), or anything. */
void simkids_spoil(struct simkids *s, uint32_t asset);
void simkids_spoil_all(struct simkids *s, bool on);

/* Carry out the orders of a step. */
void simkids_obey(struct simkids *s, const struct channel_out *o,
    int64_t now);

/* When one of them does something next, INT64_MAX: none; let them do what is
 * due. */
int64_t simkids_next(const struct simkids *s);
void simkids_run(struct simkids *s, int64_t now);

struct simkids_counts {
	uint64_t spawned, died, early, mute, noise, slow, unborn;
	const char *fault;	/* an order that makes no sense, or NULL */
};
const struct simkids_counts *simkids_counts(const struct simkids *s);

/* A number in [0, n), the same ones for the same seed. */
int64_t simkids_random(struct simkids *s, int64_t n);

#endif
