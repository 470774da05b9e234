#include "ts/packet.h"

#include <bitstream/mpeg/ts.h>
#include <string.h>

#include "ts/grid.h"

#define PES_UNBOUNDED_MAX 0xffffu
#define AF_FLAGS	1	/* adaptation field: the flags' byte */
#define AF_PCR		6
#define PAYLOAD_MAX	(TS_SIZE - TS_HEADER_SIZE)

uint8_t *
packet_begin(struct buf *out, uint16_t pid, uint8_t *cc)
{
	uint8_t *p = buf_extend(out, TS_SIZE);

	ts_init(p);
	ts_set_pid(p, pid);
	ts_set_payload(p);
	ts_set_cc(p, *cc);
	*cc = (*cc + 1) & 0xf;
	return p;
}

static void
pcr_set(uint8_t *p, int64_t pcr)
{
	int64_t base = pcr / 300 % TS_WRAP;

	tsaf_set_pcr(p, (uint64_t)base);
	tsaf_set_pcrext(p, (uint16_t)(pcr % 300));
}

void
packet_put_section(uint16_t pid, uint8_t *cc, const uint8_t *section,
    size_t len, struct buf *out)
{
	size_t done = 0;

	while (done < len) {
		uint8_t *p = packet_begin(out, pid, cc);
		size_t off = TS_HEADER_SIZE, n;

		if (done == 0) {
			ts_set_unitstart(p);
			p[off++] = 0;		/* pointer_field */
		}
		n = len - done < TS_SIZE - off ? len - done : TS_SIZE - off;
		memcpy(p + off, section + done, n);
		memset(p + off + n, 0xff, TS_SIZE - off - n);
		done += n;
	}
}

/* Room the adaptation field needs, its length byte included; 0: none. */
static size_t
adaptation_size(const struct adaptation *af)
{
	if (!af->random_access && !af->discontinuity && af->pcr < 0)
		return 0;
	return 1 + AF_FLAGS + (af->pcr >= 0 ? AF_PCR : 0);
}

static void
adaptation_put(uint8_t *p, size_t size, const struct adaptation *af)
{
	ts_set_adaptation(p, (uint8_t)(size - 1));
	if (size < 1 + AF_FLAGS)
		return;
	if (af->random_access)
		tsaf_set_randomaccess(p);
	if (af->discontinuity)
		tsaf_set_discontinuity(p);
	if (af->pcr >= 0)
		pcr_set(p, af->pcr);
}

void
packet_put_empty(struct buf *out, uint16_t pid, uint8_t cc,
    const struct adaptation *af)
{
	uint8_t *p = buf_extend(out, TS_SIZE);

	ts_init(p);
	ts_set_pid(p, pid);
	ts_set_cc(p, cc);
	adaptation_put(p, PAYLOAD_MAX, af);
}

/* A PES header (2.4.3.6). */
void
pes_begin(struct pes *e, uint8_t stream_id, int64_t pts, int64_t dts)
{
	size_t size = dts >= 0 ? PES_HEADER_SIZE_PTSDTS : PES_HEADER_SIZE_PTS;
	size_t after = size - PES_HEADER_SIZE + e->u->len;

	pes_init(e->head);
	pes_set_streamid(e->head, stream_id);
	pes_set_headerlength(e->head, (uint8_t)(size -
	    PES_HEADER_SIZE_NOPTS));
	pes_set_dataalignment(e->head);
	pes_set_pts(e->head, (uint64_t)(pts % TS_WRAP));
	if (dts >= 0)
		pes_set_dts(e->head, (uint64_t)(dts % TS_WRAP));
	/* 0 is allowed for video only: audio frames are short. */
	pes_set_length(e->head, after > PES_UNBOUNDED_MAX ? 0 :
	    (uint16_t)after);
	e->nhead = size;
}

static size_t
pes_left(const struct pes *e)
{
	return e->nhead + e->u->len - e->done;
}

static size_t
pes_room(const struct pes *e)
{
	return PAYLOAD_MAX - adaptation_size(&e->af);
}

size_t
pes_count(const struct pes *e)
{
	size_t left = pes_left(e), room = pes_room(e);

	if (left <= room)
		return left > 0;
	return 1 + (left - room + PAYLOAD_MAX - 1) / PAYLOAD_MAX;
}

/* The last one is filled up by stuffing in its adaptation field (2.4.3.5).
 * The header always fits the first. */
void
pes_put(struct pes *e, struct buf *out)
{
	uint8_t *p = packet_begin(out, e->pid, e->cc), *to;
	size_t size = adaptation_size(&e->af);
	size_t room = pes_room(e), left = pes_left(e);
	size_t n = left < room ? left : room;

	size += room - n;
	if (size != 0)
		adaptation_put(p, size, &e->af);
	if (!e->begun)
		ts_set_unitstart(p);
	to = p + TS_HEADER_SIZE + size;
	memcpy(to, e->head, e->nhead);
	n -= e->nhead;
	memcpy(to + e->nhead, e->u->data + e->done, n);
	e->nhead = 0;
	e->done += n;
	e->begun = true;
	e->af = (struct adaptation){ .pcr = -1 };
}
