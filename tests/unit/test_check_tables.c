/* test_check_tables.c - tables of any multiplex, damaged ones, and bytes that
 * want to do harm. */

#include <bitstream/mpeg/psi.h>

#include "checked.h"

#define STREAMS		100

/* Append a section, its length and CRC made right, as packets of a PID. */
static void
section_put(uint16_t pid, uint8_t *cc, uint8_t *s, size_t len)
{
	size_t done = 0;

	psi_set_length(s, (uint16_t)(len + PSI_CRC_SIZE - PSI_HEADER_SIZE));
	psi_set_crc(s);
	len += PSI_CRC_SIZE;
	while (done < len) {
		uint8_t *p = buf_extend(&b, PACKET);
		size_t off = 4, n;

		memset(p, 0xff, PACKET);
		p[0] = 0x47;
		p[1] = (uint8_t)(pid >> 8 | (done == 0 ? 0x40 : 0));
		p[2] = (uint8_t)pid;
		p[3] = 0x10 | (*cc)++ % 16;
		if (done == 0)
			p[off++] = 0;
		n = len - done < PACKET - off ? len - done : PACKET - off;
		memcpy(p + off, s + done, n);
		done += n;
	}
}

/* The head of a long section, as version 0, 1 of 1. */
static void
section_head(uint8_t *s, uint8_t id, uint16_t ext)
{
	memset(s, 0, 8);
	psi_init(s, true);
	psi_set_tableid(s, id);
	psi_set_tableidext(s, ext);
	psi_set_version(s, 0);
	psi_set_current(s);
	psi_set_section(s, 0);
	psi_set_lastsection(s, 0);
}

static size_t
entry(uint8_t *s, size_t at, uint8_t type, uint16_t pid, const void *desc,
    size_t len)
{
	uint8_t *e = s + at;

	e[0] = type;
	e[1] = (uint8_t)(0xe0 | pid >> 8);
	e[2] = (uint8_t)pid;
	e[3] = (uint8_t)(0xf0 | len >> 8);
	e[4] = (uint8_t)len;
	memcpy(e + 5, desc, len);
	return at + 5 + len;
}

static void
pat_put(uint16_t programmes)
{
	uint8_t s[PSI_PRIVATE_MAX_SIZE], cc = 0;
	size_t at = 8;

	section_head(s, 0, 7);
	for (uint16_t i = 1; i <= programmes; i++) {
		s[at++] = (uint8_t)(i >> 8);
		s[at++] = (uint8_t)i;
		s[at++] = (uint8_t)(0xe0 | (0x1000 + i) >> 8);
		s[at++] = (uint8_t)(0x1000 + i);
	}
	section_put(0, &cc, s, at);
}

static size_t
pmt_head(uint8_t *s, uint16_t programme)
{
	section_head(s, 2, programme);
	memcpy(s + 8, "\xe1\x00\xf0\x00", 4);
	return 12;
}

static void
a_table_of_many_packets_is_put_together(void **state)
{
	uint8_t s[PSI_PRIVATE_MAX_SIZE], cc = 3;
	size_t at;

	(void)state;
	pat_put(1);
	at = pmt_head(s, 1);
	for (uint16_t i = 0; i < STREAMS; i++)
		at = entry(s, at, 0x0f, (uint16_t)(0x100 + i),
		    "\x0a\x04" "deu", 6);
	section_put(0x1001, &cc, s, at);
	judge();
	assert_int_equal(r->programmes[0].pmts, 1);
	assert_string_equal(stream(0x100 + STREAMS - 1)->language, "deu");
	assert_int_equal(stream(0x100 + STREAMS - 1)->programme, 1);
	assert_null(fault(CHECK_CRC, 0x1001));
}

static void
a_table_that_lost_a_packet_is_not_taken(void **state)
{
	uint8_t s[PSI_PRIVATE_MAX_SIZE], cc = 0;
	size_t at;

	(void)state;
	pat_put(1);
	at = pmt_head(s, 1);
	for (uint16_t i = 0; i < STREAMS; i++)
		at = entry(s, at, 0x0f, (uint16_t)(0x100 + i), "", 0);
	section_put(0x1001, &cc, s, at);
	cut(2);
	judge();
	assert_int_equal(r->programmes[0].pmts, 0);
	assert_int_equal(fault(CHECK_CC, 0x1001)->count, 1);
}

static void
a_damaged_table_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_PMT, true);
	packet_at(i)[15] ^= 1;
	judge();
	assert_found(CHECK_CRC, MUX_PID_PMT, i);
	assert_int_equal(value(CHECK_CRC, MUX_PID_PMT), 2);
	assert_int_equal(r->total_faults, 1);
}

static void
a_table_that_does_not_end_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_PMT, true);
	packet_at(i)[7] = 250;		/* section_length */
	judge();
	assert_found(CHECK_CRC, MUX_PID_PMT, find(i + 1, MUX_PID_PMT, true));
}

static void
another_table_on_pid_0_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), 0, true);
	packet_at(i)[5] = 0x80;
	judge();
	assert_found(CHECK_PAT, 0, i);
}

static void
many_programmes_are_told_apart(void **state)
{
	uint8_t s[PSI_PRIVATE_MAX_SIZE];

	(void)state;
	pat_put(200);
	for (uint16_t n = 1; n <= 200; n++) {
		uint8_t cc = 0;
		size_t at = pmt_head(s, n);

		at = entry(s, at, 0x1b, (uint16_t)(0x200 + n), "", 0);
		section_put((uint16_t)(0x1000 + n), &cc, s, at);
	}
	judge();
	assert_int_equal(r->nprogrammes, 200);
	assert_int_equal(r->ts_id, 7);
	for (uint16_t n = 1; n <= 200; n++)
		assert_int_equal(stream((uint16_t)(0x200 + n))->programme, n);
}

static void
codecs_are_known_by_type_and_descriptor(void **state)
{
	static const struct {
		uint8_t type;
		const char *desc;
		size_t len;
		const char *codec;
		enum check_class class;
	} cases[] = {
		{ 0x02, "", 0, "MPEG-2 video", CHECK_VIDEO },
		{ 0x24, "", 0, "HEVC", CHECK_VIDEO },
		{ 0x06, "\x6a\x01\x00", 3, "AC-3", CHECK_AUDIO },
		{ 0x06, "\x7a\x01\x00", 3, "E-AC-3", CHECK_AUDIO },
		{ 0x06, "\x05\x04Opus", 6, "Opus", CHECK_AUDIO },
		{ 0x06, "\x0a\x04" "eng\x00\x59\x00", 8, "DVB subtitles",
		    CHECK_DATA },
		{ 0x06, "", 0, "private data", CHECK_DATA },
		{ 0x06, "\x05\x09Op", 4, "private data", CHECK_DATA },
		{ 0x81, "", 0, "AC-3", CHECK_AUDIO },
		{ 0x86, "", 0, "SCTE 35", CHECK_PSI },
		{ 0xd1, "", 0, "", CHECK_DATA },
	};
	uint8_t s[PSI_PRIVATE_MAX_SIZE], cc = 0;
	size_t n = sizeof cases / sizeof cases[0], at = pmt_head(s, 1);

	(void)state;
	for (size_t i = 0; i < n; i++)
		at = entry(s, at, cases[i].type, (uint16_t)(0x100 + i),
		    cases[i].desc, cases[i].len);
	pat_put(1);
	section_put(0x1001, &cc, s, at);
	judge();
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(stream((uint16_t)(0x100 + i))->codec,
		    cases[i].codec);
		assert_int_equal(stream((uint16_t)(0x100 + i))->class,
		    cases[i].class);
	}
}

static void
names_hold_nothing_a_terminal_obeys(void **state)
{
	(void)state;
	mux_free(m);
	m = mux_new(&g, "a\033[2Jb", "K\xc3\xb6ln \xc2\x9b 1");
	slots(N0, N0 + 50);
	judge();
	assert_string_equal(r->programmes[0].provider, "a?[2Jb");
	assert_string_equal(r->programmes[0].name, "K\xc3\xb6ln ? 1");
}

static uint32_t seed;

static uint32_t
next(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Spoil, cut, double or shift something. */
static void
mutate(void)
{
	uint8_t junk[300];
	size_t n = b.len / PACKET, i = next((uint32_t)n - 1);

	switch (next(5)) {
	case 0:
		cut(i);
		break;
	case 1:
		memcpy(junk, packet_at(i), PACKET);
		insert(next((uint32_t)n) * PACKET, junk, PACKET);
		break;
	case 2:
		for (size_t k = 0; k < sizeof junk; k++)
			junk[k] = (uint8_t)next(256);
		insert(next((uint32_t)b.len), junk, next(sizeof junk));
		break;
	case 3:
		b.data[i * PACKET + next(24)] = (uint8_t)next(256);
		break;
	default:
		b.data[next((uint32_t)b.len)] ^= (uint8_t)(1u << next(8));
	}
}

static void
no_bytes_can_hurt_it(void **state)
{
	(void)state;
	for (seed = 1; seed < 60; seed++) {
		uint32_t round = seed;

		b.len = 0;
		slots(N0, N0 + 60);
		for (uint32_t k = next(400); k > 0; k--)
			mutate();
		check_free(c);
		c = check_new();
		for (size_t i = 0, k; i < b.len; i += k) {
			k = 1 + next(5000);
			k = k < b.len - i ? k : b.len - i;
			check_feed(c, b.data + i, k, round % 2 != 0 ?
			    (int64_t)i * 1000 : -1);
		}
		r = check_end(c);
		assert_true(r->nfaults <= 1100);
		seed = round;
	}
}

/* Headers of all sorts over random bytes: every PID, clock and stamp. */
static void
random_packets_can_not_hurt_it(void **state)
{
	(void)state;
	seed = 7;
	for (size_t i = 0; i < 60000; i++) {
		uint8_t *p = buf_extend(&b, PACKET);

		for (size_t k = 0; k < PACKET; k++)
			p[k] = (uint8_t)next(256);
		p[0] = 0x47;
		p[1] &= 0x7f;
		if (next(2) != 0)
			memcpy(p + 4, "\0\0\1\xe0\0\0\x80\xc0\x0a", 9);
	}
	judge();
	assert_int_equal(r->packets, 60000);
	assert_int_equal(r->nstreams, 8192);
	assert_true(r->nfaults <= 1100);
}

/* Tables whose CRC is right and nothing else. */
static void
random_tables_can_not_hurt_it(void **state)
{
	static const uint16_t pids[] = {
		0, 1, 0x10, 0x11, 0x12, 0x14, 0x1001,
	};
	static const uint8_t ids[] = { 0, 1, 2, 0x42, 0x4e, 0x70, 2 };
	uint8_t s[PSI_PRIVATE_MAX_SIZE + 1], cc[7] = { 0 };

	(void)state;
	seed = 3;
	pat_put(1);
	for (size_t i = 0; i < 3000; i++) {
		size_t k = next(7), len = 8 + next(next(8) == 0 ? 4000 : 60);

		for (size_t n = 0; n < len; n++)
			s[n] = (uint8_t)next(next(2) != 0 ? 4 : 256);
		section_head(s, ids[k], (uint16_t)next(3));
		psi_set_section(s, (uint8_t)next(3));
		psi_set_version(s, (uint8_t)next(32));
		section_put(pids[k], &cc[k], s, len);
	}
	judge();
	assert_true(r->nprogrammes <= 512);
	assert_true(r->tables[2] > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_table_of_many_packets_is_put_together),
		TEST(a_table_that_lost_a_packet_is_not_taken),
		TEST(a_damaged_table_is_found),
		TEST(a_table_that_does_not_end_is_found),
		TEST(another_table_on_pid_0_is_found),
		TEST(many_programmes_are_told_apart),
		TEST(codecs_are_known_by_type_and_descriptor),
		TEST(names_hold_nothing_a_terminal_obeys),
		TEST(no_bytes_can_hurt_it),
		TEST(random_packets_can_not_hurt_it),
		TEST(random_tables_can_not_hurt_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
