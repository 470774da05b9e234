/* test_join.c - what a child sends comes out in its slots, byte for byte. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "synth.h"

#define EPOCH	INT64_C(1790000000)	/* s */

static const struct rate rates[] = {
	{ 30000, 1001 }, { 25, 1 }, { 24000, 1001 }, { 60000, 1001 },
};

static struct grid
house(size_t i)
{
	return grid_make(rates[i], 48000, 1024);
}

static int64_t
begin(const struct grid *g)
{
	return rate_frame_at(g->rate, EPOCH * NS_PER_S) + 7;
}

static void
check_slot(struct join *j, const struct grid *g, int64_t n0, int64_t n1,
    int64_t n)
{
	struct au *u, *audio[JOIN_AUDIO_MAX];
	int64_t a = grid_audio(g, n);
	size_t count;

	assert_true(join_has(j, n));
	count = join_take(j, n, &u, audio);
	assert_int_equal(u->index, synth_index(g, n0, n1, n));
	assert_int_equal(synth_number(u), u->index);
	assert_int_equal(u->len, SYNTH_PICTURE);
	free(u);
	assert_int_equal(count, grid_audio(g, n + 1) - a);
	for (size_t i = 0; i < count; i++) {
		/* What ends before the first picture does counts as priming. */
		if (n == n0 && audio[i] == NULL)
			continue;
		assert_non_null(audio[i]);
		assert_int_equal(synth_number(audio[i]), a + (int64_t)i);
		free(audio[i]);
	}
}

/* Feed all in reads of so many bytes. */
static struct join *
fed(const struct grid *g, int64_t n0, int64_t n1, int64_t until, size_t read)
{
	struct join *j = join_new(g, n0, n1);
	struct buf b = { 0 };

	synth_run(g, n0, n1, until, &b);
	for (size_t i = 0; i < b.len; i += read)
		join_feed(j, b.data + i, b.len - i < read ? b.len - i : read);
	buf_fini(&b);
	return j;
}

static void
round_trip(size_t rate, size_t read)
{
	struct grid g = house(rate);
	int64_t n0 = begin(&g), n1 = n0 + 3 * g.gop + 5;
	struct join *j = fed(&g, n0, n1, n1, read);

	join_end(j);
	assert_null(join_broken(j));
	assert_int_equal(join_cut(j), n1);
	for (int64_t n = n0; n < n1; n++)
		check_slot(j, &g, n0, n1, n);
	assert_int_equal(join_head(j), n1);
	assert_int_equal(join_bytes(j), 0);
	join_free(j);
}

static void
every_unit_comes_back_in_its_slot(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		round_trip(i, 65536);
}

static void
the_split_of_reads_does_not_matter(void **state)
{
	static const size_t reads[] = { 1, 100, 187, 188, 189, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
		round_trip(0, reads[i]);
}

static void
stamps_may_wrap_in_mid_programme(void **state)
{
	struct grid g = house(0);
	int64_t wraps = EPOCH * TS_HZ / TS_WRAP + 1;
	int64_t n0 = muldiv_floor(wraps * TS_WRAP, g.rate.num,
	    TS_HZ * g.rate.den) - 40, n1 = n0 + 100;
	struct join *j = fed(&g, n0, n1, n1, 4096);

	(void)state;
	join_end(j);
	for (int64_t n = n0; n < n1; n++)
		check_slot(j, &g, n0, n1, n);
	join_free(j);
}

/* Wherever it ends, the slots before the cut display [n0, cut) entirely. */
static void
a_successor_begins_where_no_picture_is_missing(void **state)
{
	struct grid g = house(0);
	int64_t n0 = begin(&g), n1 = n0 + 100;

	(void)state;
	for (int64_t until = n0 + 1; until < n0 + 30; until++) {
		struct join *j = fed(&g, n0, n1, until, 4096);
		int64_t cut, sum = 0;

		join_end(j);
		cut = join_cut(j);
		assert_true(cut > until - 4 && cut <= until);
		for (int64_t n = n0; n < cut; n++)
			sum += synth_index(&g, n0, n1, n) - n;
		assert_int_equal(sum, 0);
		for (int64_t n = n0; n < cut; n++)
			check_slot(j, &g, n0, n1, n);
		assert_false(join_has(j, cut));
		join_free(j);
	}
}

/* A picture too long for PES_packet_length ends where the next begins, as all
 * of ffmpeg's do. */
static void
a_picture_cut_short_is_not_aired(void **state)
{
	static const uint8_t body[80000] = { 0, 0, 0, 1, 0x65 };
	struct grid g = house(1);
	int64_t n0 = begin(&g);
	struct join *j = join_new(&g, n0, n0 + 9);
	struct mux *m = mux_new(&g, "", "");
	struct au *u = au_new(n0, true, body, sizeof body);
	struct buf b = { 0 };

	(void)state;
	mux_slot(m, n0, u, NULL, 0, &b);
	join_feed(j, b.data, 188 * 100);
	join_end(j);
	assert_int_equal(join_cut(j), n0);
	buf_fini(&b);
	free(u);
	mux_free(m);
	join_free(j);
}

static void
skipping_goes_on_at_the_next_key_frame(void **state)
{
	struct grid g = house(0);
	int64_t n0 = begin(&g), n1 = n0 + 3 * g.gop;
	int64_t key = div_floor(n0 + 10, g.gop) * g.gop + g.gop;
	struct join *j = fed(&g, n0, n1, n1, 4096);

	(void)state;
	join_end(j);
	join_skip(j, n0 + 10);
	assert_int_equal(join_head(j), key);
	assert_false(join_has(j, key - 1));
	for (int64_t n = key; n < n1; n++)
		check_slot(j, &g, n0, n1, n);
	join_free(j);
}

static void
skipping_ahead_of_the_child_waits_for_a_key_frame(void **state)
{
	struct grid g = house(0);
	int64_t n0 = begin(&g), n1 = n0 + 3 * g.gop;
	int64_t key = div_floor(n0 + 10, g.gop) * g.gop + g.gop;
	struct join *j = join_new(&g, n0, n1);
	struct buf b = { 0 };

	(void)state;
	join_skip(j, n0 + 10);
	synth_run(&g, n0, n1, n1, &b);
	join_feed(j, b.data, b.len);
	join_end(j);
	for (int64_t n = key; n < n1; n++)
		check_slot(j, &g, n0, n1, n);
	buf_fini(&b);
	join_free(j);
}

static void
a_lost_packet_breaks_the_join_after_what_was_whole(void **state)
{
	struct grid g = house(1);
	int64_t n0 = begin(&g), n1 = n0 + 60;
	struct join *j = join_new(&g, n0, n1);
	struct buf b = { 0 };

	(void)state;
	synth_run(&g, n0, n1, n1, &b);
	size_t half = b.len / 188 / 2 * 188;
	join_feed(j, b.data, half);
	join_feed(j, b.data + half + 188 * 2, b.len - half - 188 * 2);
	join_end(j);
	assert_non_null(join_broken(j));
	assert_true(join_cut(j) > n0 + 20 && join_cut(j) < n0 + 35);
	buf_fini(&b);
	join_free(j);
}

static void
pictures_past_the_end_are_dropped(void **state)
{
	struct grid g = house(1);
	int64_t n0 = begin(&g);
	struct join *j = join_new(&g, n0, n0 + 20);
	struct buf b = { 0 };

	(void)state;
	synth_run(&g, n0, n0 + 20, n0 + 40, &b);
	join_feed(j, b.data, b.len);
	join_end(j);
	assert_null(join_broken(j));
	assert_int_equal(join_cut(j), n0 + 20);
	buf_fini(&b);
	join_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unit_comes_back_in_its_slot),
		cmocka_unit_test(the_split_of_reads_does_not_matter),
		cmocka_unit_test(stamps_may_wrap_in_mid_programme),
		cmocka_unit_test(a_successor_begins_where_no_picture_is_missing),
		cmocka_unit_test(a_picture_cut_short_is_not_aired),
		cmocka_unit_test(skipping_goes_on_at_the_next_key_frame),
		cmocka_unit_test(
		    skipping_ahead_of_the_child_waits_for_a_key_frame),
		cmocka_unit_test(
		    a_lost_packet_breaks_the_join_after_what_was_whole),
		cmocka_unit_test(pictures_past_the_end_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
