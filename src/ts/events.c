#include "ts/events.h"

#include <bitstream/dvb/si/eit.h>
#include <string.h>

#include "base/arith.h"
#include "ts/packet.h"

#define VERSION_MAX	0x1f
#define EIT_MS		1800	/* to the same section again: 2 s at most, with
				 * two gaps more where one is left out (ETSI
				 * TR 101 211 4.4) */
#define EIT_GAP_MS	50	/* from one section to another: 25 at least */

void
events_init(struct events *e, struct rate rate)
{
	e->sent_version = -1;
	e->anew = true;
	e->every = rate_frame_at(rate, EIT_MS * (NS_PER_S / 1000));
	e->gap = rate_frame_from(rate, EIT_GAP_MS * (NS_PER_S / 1000));
}

static void
events_make(struct events *e, uint16_t ts_id, uint8_t version,
    const struct buf *present, const struct buf *following)
{
	const struct buf *events[] = { present, following };

	e->version = version;
	for (int i = 0; i < 2; i++)
		e->parts[i].len = eit_make(e->parts[i].section, ts_id,
		    i == 1, version, events[i]);
}

static const uint8_t *
events_crc(const struct events *e, int i)
{
	return e->parts[i].section + e->parts[i].len - PSI_CRC_SIZE;
}

static bool
events_were_sent(const struct events *e)
{
	return memcmp(e->sent[0], events_crc(e, 0), PSI_CRC_SIZE) == 0 &&
	    memcmp(e->sent[1], events_crc(e, 1), PSI_CRC_SIZE) == 0;
}

static void
events_note_sent(struct events *e)
{
	e->sent_version = e->version;
	e->sent_count = e->count;
	e->anew = false;
	for (int i = 0; i < 2; i++)
		memcpy(e->sent[i], events_crc(e, i), PSI_CRC_SIZE);
}

/* The count itself where the stream begins, so that it depends on no daemon's
 * start; then from one to the next (EN 300 468 5.2.4), as the count goes, too:
 * unless another plan has another count, or another event in the place of one
 * that was told of.  e: as sent, if these are the same. */
static uint8_t
events_version(const struct events *e)
{
	uint8_t first = e->count & VERSION_MAX;

	if (e->sent_version < 0 || (e->anew && first != e->sent_version))
		return first;
	if (events_were_sent(e) && (e->anew || e->count == e->sent_count))
		return (uint8_t)e->sent_version;
	return (uint8_t)(e->sent_version + 1) & VERSION_MAX;
}

void
events_set(struct events *e, uint16_t ts_id, const struct buf *present,
    const struct buf *following)
{
	events_make(e, ts_id, (uint8_t)e->sent_version & VERSION_MAX, present,
	    following);
	events_make(e, ts_id, events_version(e), present, following);
}

/* Nothing just before a change: its first section must not follow on another
 * too soon (ETSI TR 101 290 5.3, 3.6.c). */
void
events_put(struct events *e, int64_t n, struct buf *out)
{
	int64_t phase = mod_floor(n - e->from, e->every);
	int i = phase == 0 ? 0 : 1;

	if ((phase != 0 && phase != e->gap) || e->until - n < e->gap)
		return;
	packet_put_section(EIT_PID, &e->cc, e->parts[i].section,
	    e->parts[i].len, out);
	if (e->sent_version != e->version)
		events_note_sent(e);
}
