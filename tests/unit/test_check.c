/* test_check.c - packets that are as they should be, and others. */

#include "checked.h"

static void
assert_good(void)
{
	judge();
	if (r->total_faults != 0)
		fail_msg("%s", check_kind_info(r->faults[0].kind)->name);
	assert_null(fault(CHECK_UNEVEN, MUX_PID_VIDEO));
	assert_null(fault(CHECK_UNEVEN, MUX_PID_AUDIO));
	assert_int_equal(r->packets, b.len / PACKET);
	assert_int_equal(r->garbage, 0);
}

static void
what_the_mux_makes_is_good(void **state)
{
	static const struct rate rates[] = { { 25, 1 }, { 24000, 1001 },
	    { 24, 1 }, { 30000, 1001 }, { 30, 1 }, { 48, 1 }, { 50, 1 },
	    { 60000, 1001 }, { 60, 1 }, { 12, 1 } };

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		teardown(state);
		setup(state);
		g = grid_make(rates[i], 48000, 1024);
		mux_free(m);
		m = mux_new(&g, "Retrovue", "One");
		slots(N0, N0 + 300);
		assert_good();
		assert_null(fault(CHECK_TABLES_100MS, 0));
		assert_null(fault(CHECK_TABLES_100MS, MUX_PID_PMT));
		assert_int_equal(stream(MUX_PID_VIDEO)->pes, 300);
	}
}

/* Short and long pictures in no order: between two PCRs tables stand near
 * the one or near the other. */
static void
tables_come_within_100_ms_by_bytes_at_any_rate(void **state)
{
	static const struct rate rates[] = { { 24000, 1001 }, { 24, 1 },
	    { 25, 1 }, { 30000, 1001 }, { 30, 1 }, { 50, 1 },
	    { 60000, 1001 }, { 60, 1 } };
	static uint8_t data[40000];

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		teardown(state);
		setup(state);
		g = grid_make(rates[i], 48000, 1024);
		mux_free(m);
		m = mux_new(&g, "Retrovue", "One");
		for (int64_t n = N0; n < N0 + 600; n++) {
			struct au *u = au_new(n, n % g.gop == 0, data,
			    (n - N0) * (n - N0) % 7 < 3 ? 20 : sizeof data);

			mux_slot(m, n, u, NULL, 0, &b);
			free(u);
		}
		judge();
		assert_in_range(r->pat_max_gap, 1, PCR_HZ / 10);
		assert_in_range(r->programmes[0].pmt_max_gap, 1, PCR_HZ / 10);
	}
}

static void
time_stamps_may_wrap(void **state)
{
	int64_t n = ((N0 * 3600 / TS_WRAP) + 1) * TS_WRAP / 3600;

	(void)state;
	slots(n - 150, n + 150);
	assert_good();
	assert_int_equal(stream(MUX_PID_VIDEO)->dts_deltas.n, 1);
	assert_int_equal(stream(MUX_PID_VIDEO)->pts_span, 299 * 3600);
}

static void
the_measures_are_those_of_the_mux(void **state)
{
	const struct check_stream *v, *a;

	(void)state;
	slots(N0, N0 + 250);
	assert_good();
	v = stream(MUX_PID_VIDEO);
	assert_int_equal(v->delay.min, GRID_LEAD);
	assert_int_equal(v->delay.max, GRID_LEAD);
	assert_int_equal(v->pts_deltas.n, 1);
	assert_int_equal(v->pts_deltas.deltas[0].ticks, 3600);
	assert_int_equal(v->pts_deltas.deltas[0].n, 249);
	assert_int_equal(v->keys, 5);
	assert_int_equal(v->key_pictures.min, 50);
	assert_int_equal(v->key_pictures.max, 50);
	assert_int_equal(v->key_ticks.max, 50 * 3600);
	assert_int_equal(v->pcr.max_gap, PCR_HZ / 50);
	a = stream(MUX_PID_AUDIO);
	assert_string_equal(a->codec, "AAC");
	assert_int_equal(a->sample_rate, 48000);
	assert_int_equal(a->frames, a->pes);
	assert_int_equal(a->drift, 0);
	assert_int_equal(r->duration, 499 * PCR_HZ / 50);
	assert_false(r->accuracy);
}

static void
the_programme_has_its_name(void **state)
{
	(void)state;
	slots(N0, N0 + 50);
	assert_good();
	assert_int_equal(r->nprogrammes, 1);
	assert_string_equal(r->programmes[0].name, "One");
	assert_string_equal(r->programmes[0].provider, "Retrovue");
	assert_int_equal(r->programmes[0].pcr_pid, MUX_PID_VIDEO);
	assert_true(r->programmes[0].av);
	assert_in_range(r->programmes[0].av_start, 0, 1920);
}

/* Each packet padded to a size, with a time stamp in front where it is
 * m2ts. */
static void
resize(size_t before, size_t after)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < b.len / PACKET; i++) {
		memset(buf_extend(&out, before), 0x12, before);
		buf_add(&out, packet_at(i), PACKET);
		memset(buf_extend(&out, after), 0x55, after);
	}
	buf_fini(&b);
	b = out;
}

static void
packets_of_192_bytes_are_read(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	resize(4, 0);
	judge();
	assert_int_equal(r->nfaults, 0);
	assert_int_equal(r->packet_size, 192);
	assert_int_equal(r->packets, b.len / 192);
	assert_int_equal(r->garbage, 0);
}

static void
packets_of_204_bytes_are_read(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	resize(0, 16);
	judge();
	assert_int_equal(r->nfaults, 0);
	assert_int_equal(r->packet_size, 204);
	assert_int_equal(r->packets, b.len / 204);
}

static void
a_capture_may_begin_and_end_in_mid_packet(void **state)
{
	(void)state;
	slots(N0, N0 + 100);
	check_feed(c, b.data + 50, b.len - 100, -1);
	r = check_end(c);
	assert_int_equal(r->total_faults, 0);
	assert_int_equal(r->garbage, 138);
	assert_int_equal(r->tail, 138);
}

/* One byte more than the rest of a packet is none. */
static void
garbage_before_the_first_packet_is_at_fault(void **state)
{
	uint8_t junk[PACKET] = { 0 };

	for (size_t len = PACKET - 1; len <= PACKET; len++) {
		teardown(state);
		setup(state);
		slots(N0, N0 + 100);
		insert(0, junk, len);
		judge();
		assert_int_equal(r->garbage, len);
		assert_int_equal(r->total_faults, len == PACKET);
	}
	assert_int_equal(value(CHECK_SYNC_LOSS, CHECK_NO_PID), PACKET);
}

static void
no_stream_has_no_packets(void **state)
{
	(void)state;
	memset(buf_extend(&b, 100000), 'x', 100000);
	memset(buf_extend(&b, 300), 'G', 300);
	judge();
	assert_int_equal(r->packets, 0);
	assert_int_equal(r->bytes, 100300);
}

static void
a_wrong_sync_byte_is_one_error(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_AUDIO, false);
	packet_at(i)[0] = 0x46;
	judge();
	assert_found(CHECK_SYNC_BYTE, CHECK_NO_PID, i);
	assert_null(fault(CHECK_SYNC_LOSS, CHECK_NO_PID));
	assert_int_equal(value(CHECK_CC, MUX_PID_AUDIO), 1);
}

static void
bytes_that_are_no_packets_lose_sync(void **state)
{
	uint8_t junk[77];
	size_t i;

	(void)state;
	memset(junk, 0x47, sizeof junk);
	junk[0] = 0;
	slots(N0, N0 + 100);
	i = middle();
	insert(i * PACKET, junk, sizeof junk);
	judge();
	assert_found(CHECK_SYNC_LOSS, CHECK_NO_PID, i);
	assert_int_equal(value(CHECK_SYNC_LOSS, CHECK_NO_PID), sizeof junk);
	assert_int_equal(r->garbage, sizeof junk);
	assert_null(fault(CHECK_CC, MUX_PID_VIDEO));
}

static void
a_lost_packet_is_a_continuity_error(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(half(middle()) + 1, MUX_PID_VIDEO, false);
	cut(i);
	judge();
	i = find(i, MUX_PID_VIDEO, false);
	assert_found(CHECK_CC, MUX_PID_VIDEO, i);
	assert_int_equal(value(CHECK_CC, MUX_PID_VIDEO), 1);
	assert_int_equal(r->nfaults, 1);
	assert_int_equal(stream(MUX_PID_VIDEO)->cc_errors, 1);
}

static void
a_packet_may_come_twice_but_not_thrice(void **state)
{
	uint8_t copy[PACKET];
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_VIDEO, true);
	memcpy(copy, packet_at(i), PACKET);
	insert((i + 1) * PACKET, copy, PACKET);
	judge();
	assert_int_equal(r->total_faults, 0);
	assert_int_equal(stream(MUX_PID_VIDEO)->duplicates, 1);
	check_free(c);
	c = check_new();
	insert((i + 1) * PACKET, copy, PACKET);
	judge();
	assert_found(CHECK_CC, MUX_PID_VIDEO, i + 2);
}

static void
another_packet_with_the_same_counter_is_no_repetition(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_VIDEO, true) + 1;
	packet_at(i)[3] = (uint8_t)((packet_at(i)[3] & 0xf0) |
	    (packet_at(i - 1)[3] & 0xf));
	judge();
	assert_int_equal(fault(CHECK_CC, MUX_PID_VIDEO)->places[0].packet, i);
}

static void
the_counter_stands_still_without_payload(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 50);
	i = half(middle());
	packet_at(i)[3] ^= 1;
	judge();
	assert_found(CHECK_CC, MUX_PID_VIDEO, i);
}

static void
a_transport_error_is_all_that_is_said_of_its_packet(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_VIDEO, true) + 1;
	packet_at(i)[1] |= 0x80;
	packet_at(i)[3] ^= 7;
	judge();
	assert_found(CHECK_TRANSPORT, MUX_PID_VIDEO, i);
	assert_int_equal(r->nfaults, 1);
}

static void
impossible_headers_are_found(void **state)
{
	size_t i;

	(void)state;
	slots(N0, N0 + 100);
	i = find(middle(), MUX_PID_AUDIO, true);
	packet_at(i)[3] &= 0xcf;
	judge();
	assert_found(CHECK_PACKET, MUX_PID_AUDIO, i);
	check_free(c);
	c = check_new();
	packet_at(i)[3] |= 0x30;
	packet_at(i)[4] = 183;
	judge();
	assert_found(CHECK_PACKET, MUX_PID_AUDIO, i);
}

static void
a_flag_in_mid_stream_is_a_fault(void **state)
{
	(void)state;
	mux_discontinuity(m);
	slots(N0, N0 + 50);
	mux_discontinuity(m);
	slots(N0 + 50, N0 + 100);
	judge();
	assert_int_equal(r->total_faults, 1);
	assert_int_equal(fault(CHECK_DISCONTINUITY, MUX_PID_VIDEO)->count, 1);
	assert_int_equal(stream(MUX_PID_VIDEO)->discontinuities, 2);
}

static void
scrambling_needs_a_cat_and_clear_tables(void **state)
{
	size_t a, t, p;

	(void)state;
	slots(N0, N0 + 100);
	a = find(middle(), MUX_PID_AUDIO, true);
	t = find(a, MUX_PID_PMT, true);
	p = find(a, 0, true);
	packet_at(a)[3] |= 0x80;
	packet_at(t)[3] |= 0x80;
	packet_at(p)[3] |= 0x80;
	judge();
	assert_found(CHECK_CAT, CHECK_NO_PID, a);
	assert_found(CHECK_PMT, MUX_PID_PMT, t);
	assert_found(CHECK_PAT, 0, p);
}

static void
first_and_last_places_are_kept(void **state)
{
	const struct check_fault *f;

	(void)state;
	slots(N0, N0 + 250);
	for (size_t i = 100; i < 150; i++)
		packet_at(i)[1] |= 0x80;
	for (size_t i = 100; i < 150; i++)
		packet_at(i)[2] = 0x77;
	judge();
	f = fault(CHECK_TRANSPORT, (uint16_t)(pid_at(149)));
	assert_non_null(f);
	assert_true(f->nplaces <= 2 * CHECK_PLACES);
	assert_int_equal(f->places[f->nplaces - 1].packet, 149);
	for (size_t k = 1; k < f->nplaces; k++)
		assert_true(f->places[k].packet > f->places[k - 1].packet);
}

/* A stream with something of everything wrong. */
static void
spoil(void)
{
	slots(N0, N0 + 200);
	slots(N0 + 260, N0 + 400);
	insert(middle() * PACKET, "junk, and more of it", 20);
	cut(100);
	packet_at(400)[0] = 0;
	packet_at(700)[1] ^= 0x80;
}

static void
any_split_gives_the_same_report(void **state)
{
	static const size_t steps[] = { 1, 2, 7, 187, 188, 189, 1000, 65537 };
	struct check *other;
	const struct check_report *q;

	(void)state;
	spoil();
	judge();
	assert_true(r->nfaults > 5);
	for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
		other = check_new();
		for (size_t i = 0; i < b.len; i += steps[k])
			check_feed(other, b.data + i, b.len - i < steps[k] ?
			    b.len - i : steps[k], -1);
		q = check_end(other);
		assert_int_equal(q->nfaults, r->nfaults);
		for (size_t i = 0; i < r->nfaults; i++) {
			assert_int_equal(q->faults[i].count,
			    r->faults[i].count);
			assert_int_equal(q->faults[i].nplaces,
			    r->faults[i].nplaces);
			assert_memory_equal(q->faults[i].places,
			    r->faults[i].places, r->faults[i].nplaces *
			    sizeof r->faults[i].places[0]);
		}
		assert_int_equal(q->packets, r->packets);
		assert_int_equal(q->garbage, r->garbage);
		check_free(other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_mux_makes_is_good),
		TEST(tables_come_within_100_ms_by_bytes_at_any_rate),
		TEST(time_stamps_may_wrap),
		TEST(the_measures_are_those_of_the_mux),
		TEST(the_programme_has_its_name),
		TEST(packets_of_192_bytes_are_read),
		TEST(packets_of_204_bytes_are_read),
		TEST(a_capture_may_begin_and_end_in_mid_packet),
		TEST(garbage_before_the_first_packet_is_at_fault),
		TEST(no_stream_has_no_packets),
		TEST(a_wrong_sync_byte_is_one_error),
		TEST(bytes_that_are_no_packets_lose_sync),
		TEST(a_lost_packet_is_a_continuity_error),
		TEST(a_packet_may_come_twice_but_not_thrice),
		TEST(another_packet_with_the_same_counter_is_no_repetition),
		TEST(the_counter_stands_still_without_payload),
		TEST(a_transport_error_is_all_that_is_said_of_its_packet),
		TEST(impossible_headers_are_found),
		TEST(a_flag_in_mid_stream_is_a_fault),
		TEST(scrambling_needs_a_cat_and_clear_tables),
		TEST(first_and_last_places_are_kept),
		TEST(any_split_gives_the_same_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
