/* test_mux.c - a channel's stream, packet by packet. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bitstream/dvb/si/nit.h>
#include <bitstream/mpeg/psi.h>

#include "packets.h"
#include "synth.h"
#include "ts/eit.h"
#include "ts/psi.h"

#define N0	INT64_C(44750000010)	/* at 25/s in 2026: 10 after a key */
#define GROUPS	3

static const struct rate pal = { 25, 1 };

static struct grid g;
static struct buf b;
static struct mux *m;

static int
setup(void **state)
{
	(void)state;
	g = grid_make(pal, 48000, 1024);
	m = mux_new(&g, "Retrovue", "One");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	mux_free(m);
	buf_fini(&b);
	return 0;
}

static void
fill(void)
{
	for (int64_t n = N0; n < N0 + GROUPS * g.gop; n++)
		synth_slot(m, &g, N0, N0 + GROUPS * g.gop, n, &b);
	assert_int_equal(b.len % PACKET, 0);
}

static int64_t
wrapped(int64_t t)
{
	return t % (TS_WRAP * 300);
}

static void
counters_are_continuous_on_every_pid(void **state)
{
	int last[8192];

	(void)state;
	memset(last, 0xff, sizeof last);
	fill();
	for (size_t i = 0; i < b.len; i += PACKET) {
		const uint8_t *p = b.data + i;
		int *cc = &last[pid_of(p)];

		assert_int_equal(p[0], 0x47);
		if (*cc >= 0)
			assert_int_equal(p[3] & 0xf,
			    (*cc + (p[3] >> 4 & 1)) & 0xf);
		*cc = p[3] & 0xf;
	}
	assert_true(last[0] >= 0 && last[MUX_PID_PMT] >= 0);
	assert_true(last[0x11] >= 0 && last[MUX_PID_AUDIO] >= 0);
}

static void
every_slot_has_the_pcr_of_its_release_and_half_way(void **state)
{
	int64_t pcrs = 0;

	(void)state;
	fill();
	for (size_t i = 0; i < b.len; i += PACKET)
		if (pcr_of(b.data + i) >= 0) {
			int64_t n = N0 + pcrs / 2;

			assert_int_equal(pid_of(b.data + i), MUX_PID_VIDEO);
			assert_int_equal(pcr_of(b.data + i), wrapped(
			    pcrs++ % 2 == 0 ? grid_pcr(&g, n) :
			    grid_pcr_half(&g, n)));
		}
	assert_int_equal(pcrs, GROUPS * g.gop * 2);
}

static void
the_tables_stand_before_every_key_frame(void **state)
{
	bool pat = false, pmt = false, sdt = false;
	int found = 0;

	(void)state;
	fill();
	for (size_t i = 0; i < b.len; i += PACKET) {
		const uint8_t *p = b.data + i;

		pat |= pid_of(p) == 0;
		pmt |= pid_of(p) == MUX_PID_PMT;
		sdt |= pid_of(p) == 0x11;
		if (pcr_of(p) < 0)
			continue;
		if ((p[5] & 0x40) != 0) {
			assert_true(pat && pmt && sdt);
			found++;
		}
		pat = pmt = sdt = false;
	}
	assert_int_equal(found, GROUPS + 1);
}

static void
check_pat_distance(void)
{
	int64_t last = -1, clock = -1;

	for (size_t i = 0; i < b.len; i += PACKET) {
		if (pcr_of(b.data + i) >= 0)
			clock = pcr_of(b.data + i);
		if (pid_of(b.data + i) != 0)
			continue;
		if (last >= 0)
			assert_true(clock - last <= PCR_HZ / 10);
		last = clock;
	}
}

static void
the_pat_comes_at_least_every_100_ms_at_any_rate(void **state)
{
	static const struct rate rates[] = {
		{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 },
		{ 30, 1 }, { 50, 1 }, { 60000, 1001 }, { 60, 1 },
	};

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		teardown(state);
		g = grid_make(rates[i], 48000, 1024);
		m = mux_new(&g, "Retrovue", "One");
		fill();
		check_pat_distance();
	}
}

/* The first section on a PID: all of ours fit one packet. */
static const uint8_t *
section_on(int wanted)
{
	for (size_t i = 0; i < b.len; i += PACKET)
		if (pid_of(b.data + i) == wanted)
			return b.data + i + 5;
	fail_msg("nothing on PID %d", wanted);
	return NULL;
}

/* One slot of a grid with such sound, described. */
static void
describe(enum aframe_codec codec, int channels, int height,
    const char *language)
{
	mux_free(m);
	buf_reset(&b);
	g.codec = codec;
	g.channels = channels;
	m = mux_new(&g, "Retrovue", "One");
	if (height != 0)
		mux_describe(m, "One", height, language);
	synth_slot(m, &g, N0, N0 + 9, N0, &b);
}

static void
the_pmt_names_the_sound(void **state)
{
	static const struct {
		enum aframe_codec codec;
		int channels;
		const char *language;
		size_t len;
		uint8_t es[24];
	} sounds[] = {
		{ AFRAME_AAC, 2, NULL, 5, { 0x0f, 0xe1, 1, 0xf0, 0 } },
		{ AFRAME_MP2, 2, NULL, 5, { 0x03, 0xe1, 1, 0xf0, 0 } },
		{ AFRAME_MP2, 1, "deu", 11, { 0x03, 0xe1, 1, 0xf0, 6,
		    0x0a, 4, 'd', 'e', 'u', 0 } },
		{ AFRAME_AAC, 6, "en", 5, { 0x0f, 0xe1, 1, 0xf0, 0 } },
		{ AFRAME_AAC, 6, "ENG", 5, { 0x0f, 0xe1, 1, 0xf0, 0 } },
		{ AFRAME_AC3, 1, NULL, 15, { 0x06, 0xe1, 1, 0xf0, 10,
		    5, 4, 'A', 'C', '-', '3', 0x6a, 2, 0x8f, 0x40 } },
		{ AFRAME_AC3, 2, NULL, 15, { 0x06, 0xe1, 1, 0xf0, 10,
		    5, 4, 'A', 'C', '-', '3', 0x6a, 2, 0x8f, 0x42 } },
		{ AFRAME_AC3, 6, "eng", 21, { 0x06, 0xe1, 1, 0xf0, 16,
		    5, 4, 'A', 'C', '-', '3', 0x0a, 4, 'e', 'n', 'g', 0,
		    0x6a, 2, 0x8f, 0x44 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof sounds / sizeof sounds[0]; i++) {
		const uint8_t *pmt;

		describe(sounds[i].codec, sounds[i].channels, 720,
		    sounds[i].language);
		pmt = section_on(MUX_PID_PMT);
		/* The header to the loop of 12 bytes, the picture of 5. */
		assert_int_equal(pmt[2], 9 + 5 + sounds[i].len + 4);
		assert_int_equal(pmt[12], 0x1b);
		assert_memory_equal(pmt + 17, sounds[i].es, sounds[i].len);
	}
}

/* version_number of what the next group carries on that PID. */
static int
version_on(int wanted)
{
	static int64_t n = N0;

	buf_reset(&b);
	n += g.gop;
	synth_slot(m, &g, n, n + 9, n, &b);
	return section_on(wanted)[5] >> 1 & 0x1f;
}

static void
a_table_that_changes_on_the_air_has_the_next_version(void **state)
{
	int pmt, sdt;

	(void)state;
	describe(AFRAME_AAC, 2, 360, NULL);
	sdt = version_on(0x11);
	pmt = version_on(MUX_PID_PMT);
	mux_describe(m, "One", 360, NULL);
	assert_int_equal(version_on(0x11), sdt);
	for (int i = 1; i <= 33; i++) {
		mux_describe(m, i % 2 != 0 ? "Uno" : "One", 360, NULL);
		assert_int_equal(version_on(0x11), (sdt + i) % 32);
		assert_int_equal(version_on(MUX_PID_PMT), pmt);
	}
	mux_describe(m, "Uno", 360, "eng");
	assert_int_equal(version_on(MUX_PID_PMT), (pmt + 1) % 32);
}

/* As after a daemon's start: what was changed since the last one must not go
 * out as what is known. */
static void
a_stream_that_begins_has_its_tables_versions(void **state)
{
	static const int pids[] = { 0, MUX_PID_PMT, 0x11, NIT_PID };
	int seen[4][40], others[4] = { 0 };

	(void)state;
	for (int i = 0; i < 80; i++) {
		char name[] = "One ?", language[] = "eng";

		name[4] = language[2] = (char)('a' + i % 20);
		mux_free(m);
		m = mux_new(&g, name, name);
		mux_set_network(m, (uint16_t)(1 + i % 40), NULL, 0);
		mux_describe(m, name, 360, i % 40 < 20 ? language : NULL);
		buf_reset(&b);
		synth_slot(m, &g, N0 - 10, N0, N0 - 10, &b);
		for (int p = 0; p < 4; p++) {
			int version = section_on(pids[p])[5] >> 1 & 0x1f;

			if (i < 40)
				seen[p][i] = version;
			assert_int_equal(version, seen[p][i % 40]);
			others[p] += version != seen[p][0];
		}
	}
	for (int p = 0; p < 4; p++)
		assert_true(others[p] > 30);
}

static void
the_service_is_sd_up_to_576_lines(void **state)
{
	static const struct {
		int height, type;
	} services[] = { { 576, 0x16 }, { 578, 0x19 }, { 0, 0x19 } };

	(void)state;
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		const uint8_t *sdt;

		describe(AFRAME_AAC, 2, services[i].height, NULL);
		sdt = section_on(0x11);
		assert_int_equal(sdt[16], 0x48);
		assert_int_equal(sdt[18], services[i].type);
	}
}

static void
the_service_has_present_and_following_but_no_schedule(void **state)
{
	(void)state;
	describe(AFRAME_AAC, 2, 720, NULL);
	assert_int_equal(section_on(0x11)[13] & 3, 1);
}

static size_t
count_on(int wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < b.len; i += PACKET)
		n += pid_of(b.data + i) == wanted && (b.data[i + 1] & 0x40);
	return n;
}

/* Every five seconds, before it is asked for (EN 300 468 5.2.1). */
static void
the_network_has_this_one_stream(void **state)
{
	static const uint8_t service[] = { 0x41, 3, 0, 1, 0x19 };
	const uint8_t *nit, *pat;
	size_t len;

	(void)state;
	mux_set_network(m, 0x1234, NULL, 0);
	fill();
	pat = section_on(0);
	assert_memory_equal(pat + 3, "\x12\x34", 2);
	assert_memory_equal(pat + 8, "\0\1\xf0\0\0\0\xe0\x10", 8);
	nit = section_on(0x10);
	assert_int_equal(nit[0], 0x40);
	assert_memory_equal(nit + 3, "\xff\x01", 2);
	assert_int_equal(nit[10], 0x40);
	assert_memory_equal(nit + 12, "\x15" "Retrovue", 9);
	len = 3 + (size_t)((nit[1] & 0xf) << 8 | nit[2]);
	assert_memory_equal(nit + len - 4 - sizeof service, service,
	    sizeof service);
	assert_memory_equal(nit + len - 4 - sizeof service - 6,
	    "\x12\x34\xff\x01", 4);
	assert_memory_equal(section_on(0x11) + 3, "\x12\x34", 2);
	assert_in_range(count_on(0x10), GROUPS * g.gop / 25 / 5,
	    GROUPS * g.gop / 25 / 5 + 1);
}

/* A NIT's section as it comes, packet by packet. */
struct nit {
	uint8_t section[PSI_SECTION_MAX];
	size_t len;
	size_t sections;	/* that are whole */
	bool told[1001];	/* by transport_stream_id */
};

static void
nit_take(struct nit *nit, const uint8_t *p)
{
	size_t begins = (p[1] & 0x40) != 0, n = 184 - begins;

	if (begins)
		nit->len = 0;
	if (n > sizeof nit->section - nit->len)
		n = sizeof nit->section - nit->len;
	memcpy(nit->section + nit->len, p + 4 + begins, n);
	nit->len += n;
	if (nit->len < (size_t)psi_get_length(nit->section) + 3)
		return;
	assert_true(psi_check_crc(nit->section));
	assert_true(nit_validate(nit->section));
	assert_int_equal(psi_get_section(nit->section), nit->sections++);
	assert_int_equal(psi_get_lastsection(nit->section), 12);
	for (uint8_t i = 0; nit_get_ts(nit->section, i) != NULL; i++)
		nit->told[nitn_get_tsid(nit_get_ts(nit->section, i))] = true;
}

/* As many as a station may have, told in sections: all of them, and none
 * within 25 ms of another (EN 300 468 5.1.4). */
static void
the_network_has_all_streams_of_the_house(void **state)
{
	static struct mux_stream v[1000];
	const int64_t begin = N0 / 125 * 125;	/* 5 s */
	struct nit nit = { .len = 0 };
	int64_t last = begin - 2;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		v[i] = (struct mux_stream){ (uint16_t)(1 + i), 576 };
	mux_set_network(m, 5, v, 1000);
	for (int64_t n = begin; n < begin + 125; n++) {
		buf_reset(&b);
		synth_slot(m, &g, begin, begin + 200, n, &b);
		if (count_on(NIT_PID) == 0)
			continue;
		assert_int_equal(count_on(NIT_PID), 1);
		assert_true(n - last >= 2);
		last = n;
		for (size_t i = 0; i < b.len; i += PACKET)
			if (pid_of(b.data + i) == NIT_PID)
				nit_take(&nit, b.data + i);
	}
	assert_int_equal(nit.sections, 13);
	for (size_t i = 1; i <= 1000; i++)
		assert_true(nit.told[i]);
}

/* Two sections of a table are 25 ms apart (EN 300 468 5.1.4). */
static void
a_key_frame_beside_another_has_no_second_sdt(void **state)
{
	int64_t gop;

	(void)state;
	mux_free(m);
	g = grid_make((struct rate){ 50, 1 }, 48000, 1024);
	m = mux_new(&g, "Retrovue", "One");
	gop = g.gop;
	for (int64_t n = N0 / gop * gop; n < N0 / gop * gop + 4 * gop; n++) {
		/* Boundaries just behind the grid's key frame, just before
		 * the place in the middle, and just behind that. */
		int64_t in = n % gop, key = n / gop * gop;

		if (in == 1 || in == gop / 2 - 1 || in == gop / 2 + 1)
			key = n;
		synth_slot(m, &g, key, key + 400, n, &b);
	}
	assert_int_equal(count_on(0x11), 2 * 4);
}

/* Nor a PAT: what comes again and again is counted from the key frame. */
static void
behind_a_key_frame_the_pat_waits_its_time(void **state)
{
	static const struct rate rates[] = {
		{ 24000, 1001 }, { 25, 1 }, { 30000, 1001 }, { 50, 1 },
		{ 60000, 1001 }, { 60, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		for (int64_t in = 1; in < 20; in++) {
			int64_t begin, last = -1;

			mux_free(m);
			buf_reset(&b);
			g = grid_make(rates[i], 48000, 1024);
			m = mux_new(&g, "Retrovue", "One");
			begin = N0 / g.gop * g.gop;
			for (int64_t n = begin; n < begin + g.gop; n++) {
				int64_t key = n < begin + in ? begin :
				    begin + in;

				buf_reset(&b);
				synth_slot(m, &g, key, begin + 400, n, &b);
				if (count_on(0) == 0)
					continue;
				assert_int_equal(count_on(MUX_PID_PMT), 1);
				if (last >= 0 && n != begin + in)
					assert_true((n - last) * 1000 *
					    g.rate.den >= 25 * g.rate.num);
				if (last >= 0)
					assert_true((n - last) * 1000 *
					    g.rate.den < 101 * g.rate.num);
				last = n;
			}
		}
}

static void
of_another_time_none_is_told(void **state)
{
	(void)state;
	for (int64_t n = N0; n < N0 + 500; n++)
		synth_slot(m, &g, N0, N0 + 1000, n, &b);
	assert_int_equal(count_on(0x14), 2);
	mux_set_past(m);
	for (int64_t n = N0 + 500; n < N0 + 1000; n++)
		synth_slot(m, &g, N0, N0 + 1000, n, &b);
	assert_int_equal(count_on(0x14), 2);
}

static int
eit_version_of(const char *title, uint64_t count)
{
	static int64_t n = N0;
	struct eit_event e = { .title = title };
	struct buf event = { 0 };

	eit_event_put(&event, &e);
	n += g.gop;
	mux_events(m, n, n + 1000, count, &event, &event);
	buf_fini(&event);
	buf_reset(&b);
	synth_slot(m, &g, n, n + 9, n, &b);
	return section_on(0x12)[5] >> 1 & 0x1f;
}

/* A new plan may have another count, or another event under the count that is
 * known. */
static void
versions_of_events_count_up(void **state)
{
	const struct buf none = { 0 };

	(void)state;
	assert_int_equal(eit_version_of("Fog", 32 * 1000 + 30), 30);
	assert_int_equal(eit_version_of("Fog", 32 * 1000 + 30), 30);
	assert_int_equal(eit_version_of("Rain", 32 * 1000 + 31), 31);
	assert_int_equal(eit_version_of("Fog", 32 * 1000 + 32), 0);
	assert_int_equal(eit_version_of("Snow", 32 * 1000 + 32), 1);
	assert_int_equal(eit_version_of("Rain", 32 * 1000 + 33), 2);
	assert_int_equal(eit_version_of("Sun", 7), 3);
	/* What has never gone out is nobody's. */
	mux_events(m, 0, 0, 9, &none, &none);
	assert_int_equal(eit_version_of("Snow", 10), 4);
	assert_int_equal(eit_version_of("Snow", 11), 5);
}

static void
a_stream_that_begins_has_the_count_s_version(void **state)
{
	(void)state;
	assert_int_equal(eit_version_of("Fog", 30), 30);
	mux_begin(m);
	assert_int_equal(eit_version_of("Fog", 30), 30);
	mux_begin(m);
	assert_int_equal(eit_version_of("Rain", 32 + 3), 3);
	assert_int_equal(eit_version_of("Snow", 32 + 4), 4);
	/* Who waited for it has not heard of another one under that. */
	mux_begin(m);
	assert_int_equal(eit_version_of("Rain", 4), 5);
	assert_int_equal(eit_version_of("Sun", 5), 6);
}

/* At 50/s a section comes every 90 slots: here it would in the last one. */
static void
nothing_is_told_just_before_a_change(void **state)
{
	const struct buf none = { 0 };
	size_t sections = 0;

	(void)state;
	mux_free(m);
	g = grid_make((struct rate){ 50, 1 }, 48000, 1024);
	m = mux_new(&g, "Retrovue", "One");
	mux_events(m, N0, N0 + 91, 0, &none, &none);
	for (int64_t n = N0; n < N0 + 91; n++)
		synth_slot(m, &g, N0, N0 + 200, n, &b);
	for (size_t i = 0; i < b.len; i += PACKET)
		sections += pid_of(b.data + i) == 0x12;
	assert_int_equal(sections, 2);
}

static void
ac3_is_a_private_stream(void **state)
{
	(void)state;
	for (int c = 0; c < AFRAME_NCODECS; c++) {
		size_t i = 0;
		const uint8_t *p;

		describe((enum aframe_codec)c, 2, 720, NULL);
		while (pid_of(b.data + i) != MUX_PID_AUDIO)
			i += PACKET;
		p = b.data + i + 4 + 1 + b.data[i + 4];
		assert_memory_equal(p, "\0\0\1", 3);
		assert_int_equal(p[3], c == AFRAME_AC3 ? 0xbd : 0xc0);
		assert_int_equal(p[6], 0x84);	/* data_alignment_indicator */
	}
}

static int64_t next_slot, next_frame;

static void
on_pes(void *ctx, enum demux_stream s, int64_t pts, int64_t dts,
    const uint8_t *data, size_t len)
{
	int64_t n1 = N0 + GROUPS * g.gop;

	(void)ctx;
	(void)data;
	if (s == DEMUX_AUDIO) {
		assert_int_equal(pts, grid_audio_pts(&g, next_frame++) &
		    (TS_WRAP - 1));
		assert_int_equal(len, SYNTH_AUDIO);
		return;
	}
	assert_int_equal(len, SYNTH_PICTURE);
	assert_int_equal(dts, grid_dts(&g, next_slot) & (TS_WRAP - 1));
	assert_int_equal(pts, grid_pts(&g, synth_index(&g, N0, n1,
	    next_slot)) & (TS_WRAP - 1));
	next_slot++;
}

static void
units_carry_the_grid_s_time_stamps(void **state)
{
	struct demux *d = demux_new(on_pes, NULL);

	(void)state;
	next_slot = N0;
	next_frame = grid_audio(&g, N0);
	fill();
	demux_feed(d, b.data, b.len);
	demux_end(d);
	assert_int_equal(next_slot, N0 + GROUPS * g.gop);
	assert_int_equal(next_frame, grid_audio(&g, next_slot));
	assert_int_equal(demux_counts(d)->damaged, 0);
	assert_int_equal(demux_counts(d)->cc_errors, 0);
	demux_free(d);
}

static void
a_picture_of_any_length_comes_back_whole(void **state)
{
	(void)state;
	for (size_t len = 5; len < 400; len++) {
		struct join *j = join_new(&g, N0, N0 + 1);
		struct au *u = synth_picture(N0, true), *got;
		struct au *sound[JOIN_AUDIO_MAX];

		u->len = len;
		buf_reset(&b);
		mux_slot(m, N0, u, NULL, 0, &b);
		join_feed(j, b.data, b.len);
		join_end(j);
		assert_int_equal(join_cut(j), N0 + 1);
		join_take(j, N0, &got, sound);
		assert_int_equal(got->len, len);
		assert_memory_equal(got->data, u->data, len);
		free(got);
		free(u);
		join_free(j);
	}
}

static void
a_half_way_packet_has_a_pcr_and_spends_no_counter(void **state)
{
	struct au *u = synth_picture(N0, true);
	const uint8_t *p;
	size_t at;

	(void)state;
	at = mux_slot(m, N0, u, NULL, 0, &b);
	assert_in_range(at, 2 * PACKET, b.len - PACKET);
	at = b.len - at;
	p = b.data + at;
	assert_int_equal(pcr_of(p), wrapped(grid_pcr_half(&g, N0)));
	assert_int_equal(p[3] & 0x30, 0x20);
	assert_int_equal(pid_of(p + PACKET), MUX_PID_VIDEO);
	assert_int_equal(p[PACKET + 3] & 0xf, ((p[3] & 0xf) + 1) & 0xf);
	free(u);
}

static void
short_pictures_leave_at_once(void **state)
{
	struct au *u = synth_picture(N0, true);

	(void)state;
	mux_free(m);
	g = grid_make((struct rate){ 30000, 1001 }, 48000, 1024);
	m = mux_new(&g, "Retrovue", "One");
	assert_int_equal(mux_slot(m, N0, u, NULL, 0, &b), 0);
	free(u);
}

static void
a_step_of_the_clock_is_announced_once(void **state)
{
	int told = 0;

	(void)state;
	mux_discontinuity(m);
	fill();
	for (size_t i = 0; i < b.len; i += PACKET)
		told += pcr_of(b.data + i) >= 0 && (b.data[i + 5] & 0x80) != 0;
	assert_int_equal(told, 1);
}

static void
the_same_slots_make_the_same_bytes(void **state)
{
	struct mux *other = mux_new(&g, "Retrovue", "One");
	struct buf c = { 0 };

	(void)state;
	fill();
	for (int64_t n = N0; n < N0 + GROUPS * g.gop; n++)
		synth_slot(other, &g, N0, N0 + GROUPS * g.gop, n, &c);
	assert_int_equal(b.len, c.len);
	assert_memory_equal(b.data, c.data, b.len);
	mux_free(other);
	buf_fini(&c);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counters_are_continuous_on_every_pid),
		TEST(every_slot_has_the_pcr_of_its_release_and_half_way),
		TEST(the_tables_stand_before_every_key_frame),
		TEST(the_pat_comes_at_least_every_100_ms_at_any_rate),
		TEST(the_pmt_names_the_sound),
		TEST(a_table_that_changes_on_the_air_has_the_next_version),
		TEST(a_stream_that_begins_has_its_tables_versions),
		TEST(the_service_is_sd_up_to_576_lines),
		TEST(the_service_has_present_and_following_but_no_schedule),
		TEST(the_network_has_this_one_stream),
		TEST(the_network_has_all_streams_of_the_house),
		TEST(a_key_frame_beside_another_has_no_second_sdt),
		TEST(behind_a_key_frame_the_pat_waits_its_time),
		TEST(of_another_time_none_is_told),
		TEST(versions_of_events_count_up),
		TEST(a_stream_that_begins_has_the_count_s_version),
		TEST(nothing_is_told_just_before_a_change),
		TEST(ac3_is_a_private_stream),
		TEST(units_carry_the_grid_s_time_stamps),
		TEST(a_picture_of_any_length_comes_back_whole),
		TEST(a_half_way_packet_has_a_pcr_and_spends_no_counter),
		TEST(short_pictures_leave_at_once),
		TEST(a_step_of_the_clock_is_announced_once),
		TEST(the_same_slots_make_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
