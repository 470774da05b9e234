#include "ts/check_parts.h"

#include <bitstream/mpeg/ts.h>
#include <string.h>

#define SYNC_BYTE	0x47
#define SYNC_RUN	5	/* TR 101 290 5.2.1: so many acquire sync */
#define SIZE_MAX_TS	204	/* with Reed-Solomon bytes behind */
#define SIZE_M2TS	192	/* with a time stamp in front */
#define LOOKAHEAD	((SYNC_RUN - 1) * SIZE_MAX_TS + 1)

static const size_t sizes[] = { TS_SIZE, SIZE_M2TS, SIZE_MAX_TS };

/* True if packets of this size begin at b: five of them, or all up to the
 * end of the input where `few` will do. */
static bool
is_run(const uint8_t *b, size_t len, size_t size, bool few)
{
	if (len < (few ? TS_SIZE : (SYNC_RUN - 1) * size + 1))
		return false;
	for (size_t k = 0; k < SYNC_RUN && k * size < len; k++)
		if (b[k * size] != SYNC_BYTE)
			return false;
	return true;
}

static size_t
run_find(const struct check_framer *f, const uint8_t *b, size_t len)
{
	/* A text that ends with a G is no stream; a lone packet is one. */
	bool few = f->size != 0 || f->pos + (size_t)(b - f->buf) == 0;

	if (f->size != 0)
		return is_run(b, len, f->size, few) ? f->size : 0;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (is_run(b, len, sizes[i], few))
			return sizes[i];
	return 0;
}

/* The first bytes of an input may be the rest of a packet, or an m2ts time
 * stamp: no loss of sync. */
static void
lost_settle(struct check *c)
{
	struct check_framer *f = &c->framer;
	bool start = c->r.packets == 0;

	if (f->lost == 0)
		return;
	if (!start || f->lost >= f->size)
		check_complain_at(c, CHECK_SYNC_LOSS, CHECK_NO_PID,
		    &f->lost_at, (int64_t)f->lost);
	if (!(start && f->size == SIZE_M2TS &&
	    f->lost == SIZE_M2TS - TS_SIZE))
		c->r.garbage += f->lost;
	f->lost = 0;
}

/* Seek a run of packets; how many bytes are none. */
static size_t
hunt(struct check *c, const uint8_t *b, size_t len, bool end)
{
	struct check_framer *f = &c->framer;
	const uint8_t *q;
	size_t i = 0, size;

	while (i < len && (end || len - i >= LOOKAHEAD)) {
		if ((q = memchr(b + i, SYNC_BYTE, len - i)) == NULL) {
			i = len;
			break;
		}
		i = (size_t)(q - b);
		if (!end && len - i < LOOKAHEAD)
			break;
		if ((size = run_find(f, b + i, len - i)) != 0) {
			f->size = c->r.packet_size = size;
			f->in_sync = true;
			break;
		}
		i++;
	}
	f->lost += i;
	if (f->in_sync)
		lost_settle(c);
	return i;
}

/* A wrong sync byte: one flipped bit, or no packet at all?  The bytes to
 * pass, 0 if that cannot be told yet. */
static size_t
sync_wrong(struct check *c, const uint8_t *b, size_t len, bool end)
{
	struct check_framer *f = &c->framer;

	if (len <= f->size && !end)
		return 0;
	check_complain(c, CHECK_SYNC_BYTE, CHECK_NO_PID, 0);
	if (len > f->size && b[f->size] == SYNC_BYTE) {
		c->r.packets++;
		return f->size;
	}
	f->in_sync = false;
	f->lost_at = c->at;
	f->lost = 1;
	return 1;
}

/* One packet, or what stands in its place; the bytes passed, 0: more are
 * needed. */
static size_t
packet_step(struct check *c, const uint8_t *b, size_t len, bool end)
{
	struct check_framer *f = &c->framer;

	c->at.packet = c->r.packets;
	c->at.time = c->has_ref ? c->now : CHECK_NO_TIME;
	if (b[0] != SYNC_BYTE)
		return sync_wrong(c, b, len, end);
	if (len < TS_SIZE)
		return 0;
	check_packet(c, b);
	f->skip = f->size - TS_SIZE;
	return TS_SIZE;
}

static void
framer_run(struct check *c, bool end)
{
	struct check_framer *f = &c->framer;
	size_t i = 0, n;

	while (i < f->have) {
		size_t len = f->have - i;

		c->at.pos = f->pos + i;
		if (f->skip != 0) {
			n = f->skip < len ? f->skip : len;
			f->skip -= n;
		} else if (f->in_sync) {
			n = packet_step(c, f->buf + i, len, end);
			if (n == 0)
				break;
		} else {
			n = hunt(c, f->buf + i, len, end);
			if (n == 0 && !f->in_sync)
				break;
		}
		i += n;
	}
	memmove(f->buf, f->buf + i, f->have - i);
	f->have -= i;
	f->pos += i;
}

void
check_framer_feed(struct check *c, const uint8_t *data, size_t len)
{
	struct check_framer *f = &c->framer;

	while (len != 0) {
		size_t n = FRAMER_SIZE - f->have;

		n = n < len ? n : len;
		memcpy(f->buf + f->have, data, n);
		f->have += n;
		data += n;
		len -= n;
		framer_run(c, false);
	}
}

void
check_framer_end(struct check *c)
{
	struct check_framer *f = &c->framer;

	framer_run(c, true);
	if (f->in_sync)
		c->r.tail = f->have;
	else if (c->r.packets != 0)
		lost_settle(c);
}
