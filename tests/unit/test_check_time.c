/* test_check_time.c - clocks and time stamps that do not go on as they
 * should. */

#include "checked.h"

/* The packet with the n-th picture's PCR. */
static size_t
picture(int64_t n)
{
	size_t i = find(0, MUX_PID_VIDEO, true);

	while (n-- > 0)
		i = find(i + 1, MUX_PID_VIDEO, true);
	return i;
}

static void
a_hole_is_found_in_every_clock(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	slots(N0 + 150, N0 + 250);
	judge();
	i = picture(100);
	assert_found(CHECK_PCR_REPETITION, MUX_PID_VIDEO, i);
	assert_int_equal(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 2020000);
	assert_found(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO, i);
	assert_found(CHECK_DTS_GAP, MUX_PID_VIDEO, i);
	assert_int_equal(value(CHECK_DTS_GAP, MUX_PID_VIDEO), 2000000);
	assert_found(CHECK_PTS_GAP, MUX_PID_VIDEO, i);
	assert_found(CHECK_PTS, MUX_PID_VIDEO, i);
	assert_found(CHECK_AUDIO_GAP, MUX_PID_AUDIO,
	    find(i, MUX_PID_AUDIO, true));
	assert_int_equal(fault(CHECK_PAT, 0)->count, 1);
	assert_true(value(CHECK_PAT, 0) >= 2000000);
	assert_null(fault(CHECK_CC, MUX_PID_VIDEO));
}

static void
one_missing_picture_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 60);
	slots(N0 + 61, N0 + 120);
	judge();
	i = picture(60);
	assert_found(CHECK_DTS_GAP, MUX_PID_VIDEO, i);
	assert_int_equal(value(CHECK_DTS_GAP, MUX_PID_VIDEO), 40000);
	assert_non_null(fault(CHECK_PTS_GAP, MUX_PID_VIDEO));
	assert_non_null(fault(CHECK_AUDIO_GAP, MUX_PID_AUDIO));
	assert_null(fault(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO));
}

static void
a_clock_that_goes_back_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	slots(N0, N0 + 100);
	judge();
	i = picture(100);
	assert_found(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO, i);
	assert_int_equal(value(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO),
	    -99 * 40000 - 20000);
	assert_null(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO));
	assert_found(CHECK_DTS_ORDER, MUX_PID_VIDEO, i);
	assert_int_equal(stream(MUX_PID_VIDEO)->pcr.back, 1);
}

static void
a_clock_may_jump_where_a_flag_says_so(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	mux_discontinuity(m);
	slots(N0, N0 + 100);
	judge();
	assert_null(fault(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO));
	assert_non_null(fault(CHECK_DISCONTINUITY, MUX_PID_VIDEO));
	assert_non_null(fault(CHECK_DTS_ORDER, MUX_PID_VIDEO));
}

static void
a_flag_excuses_one_jump_only(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	mux_discontinuity(m);
	slots(N0, N0 + 100);
	slots(N0, N0 + 100);
	judge();
	assert_found(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO, picture(200));
}

static void
pcrs_forty_milliseconds_apart_are_noted(void **state)
{
	(void)state;
	g = grid_make((struct rate){ 24000, 1001 }, 48000, 1024);
	mux_free(m);
	m = mux_new(&g, "Retrovue", "One");
	for (int64_t n = N0; n < N0 + 100; n++)
		synth_slot(m, &g, N0, N0 + 1000, n, &b);
	cut_halves(0);
	judge();
	assert_int_equal(r->total_faults, 0);
	assert_int_equal(fault(CHECK_PCR_40MS, MUX_PID_VIDEO)->count, 99);
}

static void
missing_tables_are_found_where_they_are_missed(void **state)
{
	const struct check_fault *f;
	size_t from, to;

	(void)state;
	slots(N0, N0 + 200);
	from = picture(60);
	to = picture(80);
	silence(0, from, to);
	silence(MUX_PID_PMT, from, to - 10);
	judge();
	f = fault(CHECK_PAT, 0);
	assert_int_equal(f->count, 1);
	assert_in_range(f->places[0].packet, from, to);
	assert_in_range(f->places[0].value, 800000, 900000);
	assert_int_equal(fault(CHECK_PMT, MUX_PID_PMT)->count, 1);
	assert_int_equal(r->total_faults, 2);
	assert_true(r->pat_max_gap > PCR_HZ * 8 / 10);
}

static void
tables_that_end_are_found(void **state)
{
	(void)state;
	slots(N0, N0 + 200);
	silence(0, picture(100), b.len / PACKET);
	judge();
	assert_int_equal(fault(CHECK_PAT, 0)->count, 1);
	assert_in_range(value(CHECK_PAT, 0), 3900000, 4100000);
}

static void
tables_a_little_late_are_noted(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), 0, true);
	silence(0, i, i + 1);
	judge();
	assert_int_equal(r->total_faults, 0);
	assert_int_equal(fault(CHECK_TABLES_100MS, 0)->count, 1);
	assert_null(fault(CHECK_TABLES_100MS, MUX_PID_PMT));
}

static void
a_silent_stream_is_found_by_its_stamps_and_its_pid(void **state)
{
	(void)state;
	slots(N0, N0 + 300);
	silence(MUX_PID_AUDIO, picture(50), picture(250));
	judge();
	assert_int_equal(fault(CHECK_PTS, MUX_PID_AUDIO)->count, 1);
	assert_in_range(value(CHECK_PTS, MUX_PID_AUDIO), 7900000, 8100000);
	assert_int_equal(fault(CHECK_PID, MUX_PID_AUDIO)->count, 1);
	assert_int_equal(fault(CHECK_AUDIO_GAP, MUX_PID_AUDIO)->count, 1);
	assert_null(fault(CHECK_PTS, MUX_PID_VIDEO));
}

static void
a_pid_that_never_comes_is_found(void **state)
{
	(void)state;
	slots(N0, N0 + 200);
	silence(MUX_PID_AUDIO, 0, b.len / PACKET);
	judge();
	assert_int_equal(fault(CHECK_PID, MUX_PID_AUDIO)->count, 1);
}

static void
a_programme_without_clock_is_found(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	for (size_t i = 0; i < b.len / PACKET; i++)
		if (pid_at(i) == MUX_PID_VIDEO && (packet_at(i)[3] & 0x20))
			packet_at(i)[5] &= 0xef;
	judge();
	assert_int_equal(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO)->count,
	    1);
}

/* Only nulls and what stands on these PIDs; PID 0x1fff: nothing else. */
static void
only(uint16_t a, uint16_t d)
{
	for (size_t i = 0; i < b.len / PACKET; i++)
		if (pid_at(i) != a && pid_at(i) != d) {
			packet_at(i)[1] |= 0x1f;
			packet_at(i)[2] = 0xff;
		}
}

static void
what_never_comes_is_missed_without_a_clock(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		teardown(state);
		setup(state);
		slots(N0, N0 + 100);
		only(i < 1 ? 0x1fff : 0, i < 2 ? 0x1fff : MUX_PID_PMT);
		judge();
		assert_int_equal(r->total_faults, 1);
		assert_non_null(i == 0 ? fault(CHECK_PAT, 0) : i == 1 ?
		    fault(CHECK_PMT, MUX_PID_PMT) :
		    fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO));
	}
}

static void
a_lone_packet_is_no_good_stream(void **state)
{
	(void)state;
	slots(N0, N0 + 1);
	check_feed(c, packet_at(find(0, MUX_PID_VIDEO, true)), PACKET, -1);
	r = check_end(c);
	assert_int_equal(r->packets, 1);
	assert_int_equal(fault(CHECK_PAT, 0)->count, 1);
}

/* Take the PCRs of the pictures [from, to), and those half-way. */
static void
pcrs_cut(int64_t from, int64_t to)
{
	size_t end = to == INT64_MAX ? b.len / PACKET : picture(to);

	for (size_t i = picture(from); i < end; i++)
		if (pid_at(i) == MUX_PID_VIDEO && (packet_at(i)[3] & 0x20))
			packet_at(i)[5] &= 0xef;
}

static void
a_clock_that_stops_is_found_at_the_end(void **state)
{
	(void)state;
	slots(N0, N0 + 300);
	pcrs_cut(292, INT64_MAX);
	judge();
	assert_int_equal(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO)->count,
	    1);
	assert_in_range(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 200000,
	    320000);
	assert_int_equal(r->total_faults, 1);
}

static void
a_capture_may_end_anywhere(void **state)
{
	(void)state;
	for (int64_t n = 0; n < 40; n++) {
		teardown(state);
		setup(state);
		g = grid_make((struct rate){ 30, 1 }, 48000, 1024);
		mux_free(m);
		m = mux_new(&g, "Retrovue", "One");
		slots(N0, N0 + 70);
		b.len -= (size_t)n * PACKET + 50;
		judge();
		assert_int_equal(r->total_faults, 0);
	}
}

static void
time_goes_on_without_a_clock(void **state)
{
	size_t end;

	(void)state;
	slots(N0, N0 + 600);
	end = b.len / PACKET;
	pcrs_cut(100, INT64_MAX);
	silence(0, picture(300), end);
	silence(MUX_PID_PMT, picture(300), end);
	judge();
	assert_in_range(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 19800000,
	    20020000);
	assert_in_range(value(CHECK_PAT, 0), 11700000, 12100000);
	assert_in_range(value(CHECK_PMT, MUX_PID_PMT), 11700000, 12100000);
	/* A clock that stands still makes nothing early. */
	assert_int_equal(r->total_faults, 3);
	assert_in_range(r->duration, 23 * PCR_HZ, 24 * PCR_HZ);
}

static void
a_clock_that_comes_again_has_one_gap(void **state)
{
	(void)state;
	slots(N0, N0 + 300);
	pcrs_cut(100, 200);
	judge();
	assert_int_equal(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO)->count,
	    1);
	assert_int_equal(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 4020000);
	assert_int_equal(fault(CHECK_PCR_DISCONTINUITY, MUX_PID_VIDEO)->count,
	    1);
	assert_int_equal(r->total_faults, 2);
	assert_int_equal(r->duration, 599 * PCR_HZ / 50);
}

static void
sound_without_its_clock_is_found(void **state)
{
	(void)state;
	slots(N0, N0 + 300);
	silence(MUX_PID_VIDEO, picture(100), b.len / PACKET);
	judge();
	assert_in_range(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 7800000,
	    8000000);
	assert_int_equal(fault(CHECK_PID, MUX_PID_VIDEO)->count, 1);
	assert_int_equal(fault(CHECK_PTS, MUX_PID_VIDEO)->count, 1);
	assert_null(fault(CHECK_EARLY, MUX_PID_AUDIO));
}

static void
a_jump_of_the_stamps_is_no_stop_of_the_clock(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	for (size_t i = picture(60); i < b.len / PACKET; i++)
		if (pid_at(i) == MUX_PID_AUDIO && (packet_at(i)[1] & 0x40))
			stamp_move(PTS_OF(pes_at(i)), 3 * TS_HZ);
	judge();
	assert_null(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO));
	assert_null(fault(CHECK_PAT, 0));
	assert_int_equal(r->duration, 199 * PCR_HZ / 50);
}

static void
a_picture_shown_before_it_is_decoded_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = picture(52);
	stamp_move(PTS_OF(pes_at(i)), -20 * 3600);
	judge();
	assert_found(CHECK_PTS_DTS, MUX_PID_VIDEO, i);
	assert_null(fault(CHECK_DTS_ORDER, MUX_PID_VIDEO));
}

static void
a_picture_shown_twice_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 150);
	i = picture(52);
	stamp_move(PTS_OF(pes_at(i)), 3600);
	judge();
	assert_int_equal(fault(CHECK_PTS_GAP, MUX_PID_VIDEO)->count, 2);
	assert_null(fault(CHECK_DTS_GAP, MUX_PID_VIDEO));
}

static void
a_dts_that_stands_still_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = picture(52);
	stamp_move(DTS_OF(pes_at(i)), -3600);
	judge();
	assert_found(CHECK_DTS_ORDER, MUX_PID_VIDEO, i);
}

static void
sound_half_a_frame_off_is_a_gap_and_less_is_noted(void **state)
{
	size_t i, k;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_AUDIO, true);
	k = find(i + 20, MUX_PID_AUDIO, true);
	stamp_move(PTS_OF(pes_at(i)), 100);
	stamp_move(PTS_OF(pes_at(k)), 1000);
	judge();
	assert_int_equal(fault(CHECK_UNEVEN, MUX_PID_AUDIO)->count, 2);
	assert_int_equal(fault(CHECK_UNEVEN, MUX_PID_AUDIO)->places[0].packet,
	    i);
	assert_int_equal(fault(CHECK_AUDIO_GAP, MUX_PID_AUDIO)->count, 2);
	assert_int_equal(fault(CHECK_AUDIO_GAP, MUX_PID_AUDIO)->places[0]
	    .packet, k);
	assert_int_equal(r->total_faults, 2);
}

static void
late_and_early_access_units_are_found(void **state)
{
	size_t i, k;

	(void)state;
	slots(N0, N0 + 200);
	i = find(middle(), MUX_PID_AUDIO, true);
	k = find(i + 20, MUX_PID_AUDIO, true);
	/* Sound has its PTS 500 ms and two pictures after the PCR. */
	stamp_move(PTS_OF(pes_at(i)), -(TS_HZ / 2 + 3 * 3600));
	stamp_move(PTS_OF(pes_at(k)), TS_HZ / 2);
	judge();
	assert_found(CHECK_LATE, MUX_PID_AUDIO, i);
	assert_found(CHECK_EARLY, MUX_PID_AUDIO, k);
}

static void
an_impossible_pes_header_is_found(void **state)
{
	size_t i, k;

	(void)state;
	slots(N0, N0 + 100);
	i = picture(50);
	k = find(i, MUX_PID_AUDIO, true);
	pes_at(i)[2] = 2;
	PTS_OF(pes_at(k))[0] &= 0xfe;
	PTS_OF(pes_at(k))[2] &= 0xfe;
	PTS_OF(pes_at(k))[4] &= 0xfe;
	judge();
	assert_found(CHECK_PES, MUX_PID_VIDEO, i);
	assert_found(CHECK_PES, MUX_PID_AUDIO, k);
}

static void
a_wrong_pes_length_is_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = picture(50);
	pes_at(i)[5] ^= 1;
	judge();
	assert_found(CHECK_PES, MUX_PID_VIDEO, i);
	assert_int_equal(r->nfaults, 1);
}

static void
a_stream_of_varying_rate_has_no_gaps(void **state)
{
	int64_t n = N0;

	(void)state;
	for (int i = 0; i < 40; i++, n++) {
		slots(n, n + 24);
		n += 24;
	}
	judge();
	assert_true(stream(MUX_PID_VIDEO)->uneven);
	assert_non_null(fault(CHECK_DTS_GAP, MUX_PID_VIDEO));
	assert_false(fault(CHECK_DTS_GAP, MUX_PID_VIDEO)->fault);
}

/* At a constant rate a packet takes 188 x 8 / 1.504 Mbit/s = 1 ms. */
static void
constant_rate(size_t count, size_t wrong)
{
	size_t n;

	slots(N0, N0 + 1);
	n = b.len / PACKET;
	for (size_t i = n; i < n + count; i++) {
		uint8_t *p = buf_extend(&b, PACKET);
		int64_t pcr = grid_pcr(&g, N0) + (int64_t)i * PCR_HZ / 1000;

		memset(p, 0xff, PACKET);
		memcpy(p, "\x47\x1f\xff\x10", 4);
		if (i % 20 != 0)
			continue;
		pcr += i == wrong ? 54 : 0;
		memcpy(p, "\x47\x01\x00\x20\xb7\x10", 6);
		p[3] |= (packet_at(find(0, MUX_PID_VIDEO, false))[3] + 2) &
		    0xf;
		for (int k = 0; k < 4; k++)
			p[6 + k] = (uint8_t)(pcr / 300 % TS_WRAP >>
			    (25 - 8 * k));
		p[10] = (uint8_t)((pcr / 300 & 1) << 7 | 0x7e |
		    (pcr % 300 >> 8));
		p[11] = (uint8_t)(pcr % 300);
	}
}

static void
at_a_constant_rate_a_pcr_out_of_place_is_found(void **state)
{
	(void)state;
	constant_rate(4000, 2000);
	judge();
	assert_true(r->accuracy);
	assert_found(CHECK_PCR_ACCURACY, MUX_PID_VIDEO, 2000);
	assert_in_range(value(CHECK_PCR_ACCURACY, MUX_PID_VIDEO), 1990, 2010);
}

static void
at_a_constant_rate_right_pcrs_are_right(void **state)
{
	(void)state;
	constant_rate(4000, 0);
	judge();
	assert_true(r->accuracy);
	assert_null(fault(CHECK_PCR_ACCURACY, MUX_PID_VIDEO));
	assert_true(stream(MUX_PID_VIDEO)->pcr.max_error_ns < 40);
}

static void
at_a_constant_rate_stuffing_alone_tells_the_time(void **state)
{
	(void)state;
	constant_rate(4000, 0);
	for (int i = 0; i < 6000; i++) {
		uint8_t *p = buf_extend(&b, PACKET);

		memset(p, 0xff, PACKET);
		memcpy(p, "\x47\x1f\xff\x10", 4);
	}
	judge();
	assert_int_equal(fault(CHECK_PCR_REPETITION, MUX_PID_VIDEO)->count,
	    1);
	assert_in_range(value(CHECK_PCR_REPETITION, MUX_PID_VIDEO), 5600000,
	    6020000);
	assert_in_range(value(CHECK_PAT, 0), 9000000, 10000000);
	assert_int_equal(fault(CHECK_PID, MUX_PID_AUDIO)->count, 1);
}

/* Slots that arrive at their time, late by turns, or on another clock. */
static void
arrive(int64_t late_ns, int64_t ppm)
{
	size_t done = 0;

	for (int64_t n = 0; n < 3000; n++) {
		int64_t at = n * 40000000;

		synth_slot(m, &g, N0, N0 + 100000, N0 + n, &b);
		cut_halves(done / PACKET);
		at += at * ppm / 1000000 + (n % 2 != 0 ? late_ns : 0);
		check_feed(c, b.data + done, b.len - done, at);
		done = b.len;
	}
	r = check_end(c);
	assert_true(r->pace.measured);
}

static void
arrival_in_time_has_no_spread(void **state)
{
	(void)state;
	arrive(0, 0);
	assert_int_equal(r->pace.spread_ns, 0);
	assert_int_equal(r->pace.ppb, 0);
	assert_int_equal(r->pace.silence_ns, 40000000);
}

static void
late_arrival_is_measured(void **state)
{
	(void)state;
	arrive(30000000, 0);
	assert_int_equal(r->pace.spread_ns, 30000000);
	assert_in_range(r->pace.ppb + 1000, 0, 2000);
	/* A band of 30 ms in 118 s tilts by 250 ppm; all points on its edges,
	 * it looks wider. */
	assert_in_range(r->pace.off_ppb, 430000, 460000);
	assert_int_equal(r->pace.silence_ns, 70000000);
}

static void
a_clock_that_is_off_is_measured(void **state)
{
	(void)state;
	arrive(0, 100);
	assert_in_range(r->pace.ppb + 100000, 0, 200);
	assert_in_range(r->pace.off_ppb, 0, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hole_is_found_in_every_clock),
		TEST(one_missing_picture_is_found),
		TEST(a_clock_that_goes_back_is_found),
		TEST(a_clock_may_jump_where_a_flag_says_so),
		TEST(a_flag_excuses_one_jump_only),
		TEST(pcrs_forty_milliseconds_apart_are_noted),
		TEST(missing_tables_are_found_where_they_are_missed),
		TEST(tables_that_end_are_found),
		TEST(tables_a_little_late_are_noted),
		TEST(a_silent_stream_is_found_by_its_stamps_and_its_pid),
		TEST(a_pid_that_never_comes_is_found),
		TEST(a_programme_without_clock_is_found),
		TEST(what_never_comes_is_missed_without_a_clock),
		TEST(a_lone_packet_is_no_good_stream),
		TEST(a_clock_that_stops_is_found_at_the_end),
		TEST(a_capture_may_end_anywhere),
		TEST(time_goes_on_without_a_clock),
		TEST(a_clock_that_comes_again_has_one_gap),
		TEST(sound_without_its_clock_is_found),
		TEST(a_jump_of_the_stamps_is_no_stop_of_the_clock),
		TEST(a_picture_shown_before_it_is_decoded_is_found),
		TEST(a_picture_shown_twice_is_found),
		TEST(a_dts_that_stands_still_is_found),
		TEST(sound_half_a_frame_off_is_a_gap_and_less_is_noted),
		TEST(late_and_early_access_units_are_found),
		TEST(an_impossible_pes_header_is_found),
		TEST(a_wrong_pes_length_is_found),
		TEST(a_stream_of_varying_rate_has_no_gaps),
		TEST(at_a_constant_rate_a_pcr_out_of_place_is_found),
		TEST(at_a_constant_rate_right_pcrs_are_right),
		TEST(at_a_constant_rate_stuffing_alone_tells_the_time),
		TEST(arrival_in_time_has_no_spread),
		TEST(late_arrival_is_measured),
		TEST(a_clock_that_is_off_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
