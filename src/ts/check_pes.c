#include "ts/check_parts.h"

#include <bitstream/mpeg/pes.h>
#include <string.h>

#include "base/xmem.h"

#define STAMP_SIZE	5	/* bytes of a PTS or DTS */
#define US(t)		((t) * 100 / 9)

/* Streams whose packets have no optional header: 2.4.3.7. */
static bool
is_plain(uint8_t id)
{
	switch (id) {
	case 0xbc:		/* program_stream_map */
	case 0xbe:		/* padding_stream */
	case 0xbf:		/* private_stream_2 */
	case 0xf0:		/* ECM */
	case 0xf1:		/* EMM */
	case 0xf2:		/* DSM-CC */
	case 0xf8:		/* H.222.1 type E */
	case 0xff:		/* program_stream_directory */
		return true;
	}
	return false;
}

static bool
is_timed(const struct check_pid *p)
{
	return p->m.class == CHECK_VIDEO || p->m.class == CHECK_AUDIO;
}

/* Bytes of the header as far as the time stamps reach; 0: what there is does
 * not tell yet. */
static size_t
head_size(const struct check_es *e)
{
	if (e->nhead < PES_HEADER_SIZE)
		return 0;
	if (is_plain(pes_get_streamid(e->head)))
		return PES_HEADER_SIZE;
	if (e->nhead < PES_HEADER_SIZE_NOPTS)
		return 0;
	if (!pes_has_pts(e->head))
		return PES_HEADER_SIZE_NOPTS;
	return pes_has_dts(e->head) ? PES_HEADER_SIZE_PTSDTS :
	    PES_HEADER_SIZE_PTS;
}

static bool
has_prefix(const uint8_t *h)
{
	return h[0] == 0 && h[1] == 0 && h[2] == 1;
}

/* '0010' or '0011' or '0001', and three marker bits. */
static bool
is_stamp(const uint8_t *b, uint8_t mark)
{
	return b[0] >> 4 == mark && (b[0] & b[2] & b[4] & 1) != 0;
}

static bool
head_is_valid(const struct check_es *e, size_t size)
{
	const uint8_t *h = e->head;
	size_t more = size - PES_HEADER_SIZE_NOPTS;

	if ((h[6] & 0xc0) != 0x80 || (h[7] & 0xc0) == 0x40 ||
	    pes_get_headerlength(h) < more)
		return false;
	if (pes_has_pts(h) && !is_stamp(h + PES_HEADER_SIZE_NOPTS,
	    pes_has_dts(h) ? 3 : 2))
		return false;
	return !pes_has_dts(h) ||
	    is_stamp(h + PES_HEADER_SIZE_NOPTS + STAMP_SIZE, 1);
}

static void
head_stamps(struct check *c, struct check_pid *p)
{
	struct check_es *e = p->es;
	int64_t pts = (int64_t)pes_get_pts(e->head);
	int64_t dts = pes_has_dts(e->head) ?
	    (int64_t)pes_get_dts(e->head) : pts;

	e->stamped = true;
	check_stamp(c, p, pts, dts);
	check_event(c, EVENT_PTS, p->m.pid, p->pcr_pid);
}

/* The header is here as far as it is needed. */
static void
head_done(struct check *c, struct check_pid *p, size_t size)
{
	struct check_es *e = p->es;

	e->in_head = false;
	p->m.pes++;
	e->said = pes_get_length(e->head);
	if (size == PES_HEADER_SIZE)
		return;
	if (!head_is_valid(e, size)) {
		check_complain_at(c, CHECK_PES, p->m.pid, &e->start, 0);
		return;
	}
	if (pes_has_pts(e->head))
		head_stamps(c, p);
	else
		p->m.pes_without_pts++;
	e->skip = (size_t)pes_get_headerlength(e->head) -
	    (size - PES_HEADER_SIZE_NOPTS);
	e->valid = true;
	check_frame_start(p, e->stamped);
}

/* Collect the header, which may be cut anywhere; the bytes taken. */
static size_t
head_take(struct check *c, struct check_pid *p, const uint8_t *load,
    size_t len)
{
	struct check_es *e = p->es;
	size_t n = 0, size;

	while (n < len && e->in_head) {
		e->head[e->nhead++] = load[n++];
		if (e->nhead == 3 && !has_prefix(e->head)) {
			e->in_head = false;
			/* Sections and the like are no PES packets. */
			if (is_timed(p))
				check_complain_at(c, CHECK_PES, p->m.pid,
				    &e->start, 0);
		}
		if ((size = head_size(e)) != 0 && e->nhead >= size)
			head_done(c, p, size);
	}
	return n;
}

/* The packet before is complete: was it as long as it said? */
static void
pes_finish(struct check *c, struct check_pid *p)
{
	struct check_es *e = p->es;

	if (e->said != 0 && !e->damaged && is_timed(p) &&
	    e->got != e->said + PES_HEADER_SIZE)
		check_complain_at(c, CHECK_PES, p->m.pid, &e->start, 0);
}

static void
pes_start(struct check *c, struct check_pid *p)
{
	struct check_es *e = p->es;

	pes_finish(c, p);
	e->nhead = 0;
	e->in_head = true;
	e->skip = 0;
	e->valid = e->damaged = e->stamped = e->late = false;
	e->got = e->said = 0;
	e->start = c->at;
}

/* Bytes of an access unit that come when it is to be decoded are too late
 * (2.4.2.6).  Of sound only the first packet is judged: one PES packet may
 * hold several frames, of which only the first has a time. */
static void
late_check(struct check *c, struct check_pid *p, bool start)
{
	struct check_es *e = p->es;
	const struct check_clock *k = check_clock_of(c, p);
	int64_t lead;

	if (k == NULL || !e->stamped || e->late || !is_timed(p) ||
	    (p->m.class == CHECK_AUDIO && !start))
		return;
	lead = ts_diff(e->dts, k->pcr / 300);
	if (lead > 0)
		return;
	e->late = true;
	check_complain(c, CHECK_LATE, p->m.pid, US(lead));
}

void
check_pes_packet(struct check *c, struct check_pid *p, const uint8_t *load,
    size_t len, bool start)
{
	struct check_es *e = p->es;
	size_t n;

	if (e == NULL) {
		if (!start)
			return;
		e = p->es = xcalloc(1, sizeof *e);
		e->stamp.last = CHECK_NO_TIME;
		e->damaged = true;	/* there is none before it */
	}
	if (start)
		pes_start(c, p);
	e->got += len;
	if (e->in_head) {
		n = head_take(c, p, load, len);
		load += n;
		len -= n;
	}
	late_check(c, p, start);
	if (!e->valid || e->damaged)
		return;
	n = e->skip < len ? e->skip : len;
	e->skip -= n;
	if (len != n)
		check_frame_bytes(c, p, load + n, len - n);
}

void
check_pes_lost(struct check_pid *p)
{
	if (p->es == NULL)
		return;
	p->es->damaged = true;
	p->es->in_head = false;
	p->es->stamped = false;
	check_frame_lost(p);
}

void
check_pes_end(struct check *c, struct check_pid *p)
{
	if (p->es != NULL)
		check_stamp_end(c, p);
}
