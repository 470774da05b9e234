/* test_demux.c - a child's bytes, whole, cut, torn and made up. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bitstream/mpeg/psi.h>

#include "packets.h"
#include "synth.h"

#define N0	INT64_C(44750000000)
#define LENGTH	50

static struct buf b;
static int seen[DEMUX_NSTREAMS];
static struct demux *d;

static void
on_pes(void *ctx, enum demux_stream s, int64_t pts, int64_t dts,
    const uint8_t *data, size_t len)
{
	(void)ctx;
	(void)data;
	(void)len;
	assert_true(pts >= 0 && pts < TS_WRAP && dts >= 0 && dts < TS_WRAP);
	seen[s]++;
}

static int
setup(void **state)
{
	struct grid g = grid_make((struct rate){ 25, 1 }, 48000, 1024);

	(void)state;
	synth_run(&g, N0, N0 + LENGTH, N0 + LENGTH, &b);
	d = demux_new(on_pes, NULL);
	seen[DEMUX_VIDEO] = seen[DEMUX_AUDIO] = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	demux_free(d);
	buf_fini(&b);
	return 0;
}

static void
the_last_unit_comes_at_the_end(void **state)
{
	(void)state;
	demux_feed(d, b.data, b.len);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH - 1);
	demux_end(d);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH);
	assert_int_equal(demux_counts(d)->packets, b.len / PACKET);
}

static void
garbage_is_skipped_and_counted(void **state)
{
	uint8_t junk[77] = { 0 };

	(void)state;
	demux_feed(d, junk, sizeof junk);
	demux_feed(d, b.data, b.len);
	demux_end(d);
	assert_int_equal(demux_counts(d)->garbage, sizeof junk);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH);
}

static void
a_lost_packet_costs_its_unit_only(void **state)
{
	size_t at = b.len / PACKET / 2 * PACKET;

	(void)state;
	while ((b.data[at + 1] & 0x5f) != 0x01 || b.data[at + 2] != 0)
		at += PACKET;	/* in mid-picture */
	demux_feed(d, b.data, at);
	demux_feed(d, b.data + at + PACKET, b.len - at - PACKET);
	demux_end(d);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH - 1);
	assert_int_equal(demux_counts(d)->cc_errors, 1);
	assert_int_equal(demux_counts(d)->damaged, 1);
}

static void
a_packet_sent_twice_is_taken_once(void **state)
{
	size_t at = b.len / PACKET / 2 * PACKET;

	(void)state;
	demux_feed(d, b.data, at + PACKET);
	demux_feed(d, b.data + at, b.len - at);
	demux_end(d);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH);
	assert_int_equal(demux_counts(d)->damaged, 0);
}

/* Only video may leave PES_packet_length at 0 (ISO/IEC 13818-1 2.4.3.7). */
static void
sound_that_does_not_give_its_length_is_damaged(void **state)
{
	int frames = 0;

	(void)state;
	for (uint8_t *p = b.data; p < b.data + b.len; p += PACKET) {
		uint8_t *pes = p + 5 + p[4];

		if (pid_of(p) != MUX_PID_AUDIO || (p[1] & 0x40) == 0)
			continue;
		pes[4] = pes[5] = 0;
		frames++;
	}
	demux_feed(d, b.data, b.len);
	demux_end(d);
	assert_int_equal(seen[DEMUX_AUDIO], 0);
	assert_int_equal(seen[DEMUX_VIDEO], LENGTH);
	assert_int_equal(demux_counts(d)->damaged, frames);
}

/* One slot whose sound's entry in the PMT is of such a type, its second descriptor's
 * tag such; how many PES packets of sound are found. */
static int
sound_found(uint8_t type, uint8_t tag)
{
	struct grid g = grid_make((struct rate){ 25, 1 }, 48000, 1536);
	struct demux *other = demux_new(on_pes, NULL);
	struct buf c = { 0 };

	g.codec = AFRAME_AC3;
	synth_run(&g, N0, N0 + 9, N0 + 9, &c);
	for (uint8_t *p = c.data; p < c.data + c.len; p += PACKET)
		if (pid_of(p) == MUX_PID_PMT) {
			p[5 + 17] = type;
			p[5 + 28] = tag;	/* the second one */
			psi_set_crc(p + 5);
		}
	seen[DEMUX_AUDIO] = 0;
	demux_feed(other, c.data, c.len);
	demux_end(other);
	demux_free(other);
	buf_fini(&c);
	return seen[DEMUX_AUDIO];
}

static void
sound_is_known_by_its_stream_type_or_descriptor(void **state)
{
	(void)state;
	assert_true(sound_found(0x06, 0x6a) > 0);
	assert_true(sound_found(0x81, 0x05) > 0);
	assert_true(sound_found(0x0f, 0x05) > 0);
	assert_true(sound_found(0x03, 0x05) > 0);
	assert_true(sound_found(0x04, 0x05) > 0);
	assert_int_equal(sound_found(0x06, 0x56), 0);	/* teletext */
	assert_int_equal(sound_found(0x05, 0x6a), 0);	/* sections */
}

static void
no_bytes_can_hurt_it(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < b.len; i += 1 + (x >> 24)) {
			x = x * 1664525u + 1013904223u;
			if (i % PACKET != 0)
				b.data[i] ^= (uint8_t)(x >> 16);
		}
		demux_feed(d, b.data, b.len);
	}
	demux_end(d);
	assert_true(demux_counts(d)->packets > 0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_unit_comes_at_the_end),
		TEST(garbage_is_skipped_and_counted),
		TEST(a_lost_packet_costs_its_unit_only),
		TEST(a_packet_sent_twice_is_taken_once),
		TEST(sound_that_does_not_give_its_length_is_damaged),
		TEST(sound_is_known_by_its_stream_type_or_descriptor),
		TEST(no_bytes_can_hurt_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
