/* checked.h - streams to be judged: made well, then spoilt. */

#ifndef CHECKED_H
#define CHECKED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "packets.h"
#include "synth.h"

#define N0	INT64_C(44750000000)	/* at 25/s a key frame in 2026 */

static const struct rate pal = { 25, 1 };

static struct grid g;
static struct buf b;
static struct mux *m;
static struct check *c;
static const struct check_report *r;

static inline int
setup(void **state)
{
	(void)state;
	g = grid_make(pal, 48000, 1024);
	m = mux_new(&g, "Retrovue", "One");
	c = check_new();
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	check_free(c);
	mux_free(m);
	buf_fini(&b);
	return 0;
}

static inline void
slots(int64_t from, int64_t to)
{
	for (int64_t n = from; n < to; n++)
		synth_slot(m, &g, N0, N0 + 100000, n, &b);
}

static inline uint8_t *
packet_at(size_t i)
{
	assert_true((i + 1) * PACKET <= b.len);
	return b.data + i * PACKET;
}

static inline uint16_t
pid_at(size_t i)
{
	return (uint16_t)pid_of(packet_at(i));
}

/* The first packet of that PID at or after i; with `start`, one in which a
 * unit starts. */
static inline size_t
find(size_t i, uint16_t pid, bool start)
{
	while (pid_at(i) != pid || (start && !(packet_at(i)[1] & 0x40)))
		i++;
	return i;
}

/* The first packet with nothing but a PCR, at or after i. */
static inline size_t
half(size_t i)
{
	while ((packet_at(i)[3] & 0x10) != 0)
		i++;
	return i;
}

static inline size_t
middle(void)
{
	return b.len / PACKET / 2;
}

static inline void
cut(size_t i)
{
	memmove(packet_at(i), packet_at(i) + PACKET,
	    b.len - (i + 1) * PACKET);
	b.len -= PACKET;
}

static inline void
insert(size_t at, const void *data, size_t len)
{
	buf_extend(&b, len);
	memmove(b.data + at + len, b.data + at, b.len - len - at);
	memcpy(b.data + at, data, len);
}

/* Cut all of these, from packet i on. */
static inline void
cut_halves(size_t i)
{
	for (; i < b.len / PACKET; i++)
		if ((packet_at(i)[3] & 0x10) == 0)
			cut(i);
}

/* Give the packets of a PID continuous counters. */
static inline void
recount(uint16_t pid)
{
	uint8_t cc = 0;

	for (size_t i = 0; i < b.len / PACKET; i++)
		if (pid_at(i) == pid && (packet_at(i)[3] & 0x10)) {
			packet_at(i)[3] = (uint8_t)((packet_at(i)[3] & 0xf0) |
			    cc);
			cc = (cc + 1) & 0xf;
		}
}

/* Cut all packets of a PID between two of the stream's. */
static inline void
silence(uint16_t pid, size_t from, size_t to)
{
	size_t out = from;

	for (size_t i = from; i < b.len / PACKET; i++)
		if (i >= to || pid_at(i) != pid)
			memmove(b.data + out++ * PACKET, packet_at(i),
			    PACKET);
	b.len = out * PACKET;
	recount(pid);
}

/* The PES header that begins in packet i. */
static inline uint8_t *
pes_at(size_t i)
{
	uint8_t *p = packet_at(i);

	return p + 4 + ((p[3] & 0x20) != 0 ? 1 + p[4] : 0);
}

static inline int64_t
stamp_get(const uint8_t *s)
{
	return (int64_t)(s[0] >> 1 & 7) << 30 | (int64_t)s[1] << 22 |
	    (int64_t)(s[2] >> 1) << 15 | (int64_t)s[3] << 7 | s[4] >> 1;
}

static inline void
stamp_move(uint8_t *s, int64_t by)
{
	int64_t t = (stamp_get(s) + by) & (TS_WRAP - 1);

	s[0] = (uint8_t)((s[0] & 0xf0) | (t >> 30 & 7) << 1 | 1);
	s[1] = (uint8_t)(t >> 22);
	s[2] = (uint8_t)(t >> 14 | 1);
	s[3] = (uint8_t)(t >> 7);
	s[4] = (uint8_t)(t << 1 | 1);
}

#define PTS_OF(pes)	((pes) + 9)
#define DTS_OF(pes)	((pes) + 14)

static inline void
judge(void)
{
	check_feed(c, b.data, b.len, -1);
	r = check_end(c);
}

static inline const struct check_fault *
fault(enum check_kind k, uint16_t pid)
{
	for (size_t i = 0; i < r->nfaults; i++)
		if (r->faults[i].kind == k && r->faults[i].pid == pid)
			return &r->faults[i];
	return NULL;
}

/* It was found once, at this packet. */
static inline void
assert_found(enum check_kind k, uint16_t pid, size_t packet)
{
	const struct check_fault *f = fault(k, pid);

	if (f == NULL)
		fail_msg("no %s", check_kind_info(k)->name);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->places[0].packet, packet);
	assert_int_equal(f->places[0].pos, packet * PACKET);
}

static inline int64_t
value(enum check_kind k, uint16_t pid)
{
	return fault(k, pid)->places[0].value;
}

static inline const struct check_stream *
stream(uint16_t pid)
{
	for (size_t i = 0; i < r->nstreams; i++)
		if (r->streams[i]->pid == pid)
			return r->streams[i];
	fail_msg("no PID 0x%04x", pid);
	return NULL;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
