/* events.h - what is on and what follows, as a stream says it: EIT
 * present/following (ETSI EN 300 468 5.2.4), when its sections are sent, and
 * under which version_number. */

#ifndef TS_EVENTS_H
#define TS_EVENTS_H

#include <bitstream/mpeg/psi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rate.h"
#include "ts/eit.h"

/* Present and following, of the slots [from, until): these two and count are
 * the caller's to set. */
struct events {
	int64_t from, until;
	uint64_t count;		/* of changes up to these */
	uint8_t cc;		/* of the next packet */
	/* Private, but that a gap is a distance for other tables, too. */
	uint8_t version;
	int sent_version;	/* the last one sent; -1: none */
	uint64_t sent_count;
	uint8_t sent[2][PSI_CRC_SIZE];	/* under that version */
	bool anew;		/* the stream has begun since then */
	int64_t every, gap;	/* slots */
	struct {
		uint8_t section[EIT_SECTION_MAX];
		size_t len;	/* 0: nobody has said what is on */
	} parts[2];
};

void events_init(struct events *e, struct rate rate);

/* What is on is this from now on; each as eit_event_put() made it, empty for
 * nothing. */
void events_set(struct events *e, uint16_t ts_id, const struct buf *present,
    const struct buf *following);

/* Append the section that is due with slot n, if one is. */
void events_put(struct events *e, int64_t n, struct buf *out);

#endif
