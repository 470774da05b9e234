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
	{ 24, 1 }, { 30, 1 }, { 50, 1 }, { 60, 1 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

static const struct {
	enum aframe_codec codec;
	int64_t samples;
	int channels;
} sounds[] = {
	{ AFRAME_AAC, 1024, 1 }, { AFRAME_AAC, 1024, 2 },
	{ AFRAME_AAC, 1024, 6 }, { AFRAME_AC3, 1536, 1 },
	{ AFRAME_AC3, 1536, 2 }, { AFRAME_AC3, 1536, 6 },
	{ AFRAME_MP2, 1152, 1 }, { AFRAME_MP2, 1152, 2 },
};
#define NSOUNDS	(sizeof sounds / sizeof sounds[0])

static struct grid
house_of(size_t rate, size_t sound)
{
	struct grid g = grid_make(rates[rate], 48000, sounds[sound].samples);

	g.codec = sounds[sound].codec;
	g.channels = sounds[sound].channels;
	return g;
}

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
round_trip(struct grid g, size_t read)
{
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
	for (size_t i = 0; i < NRATES; i++)
		round_trip(house(i), 65536);
}

static void
every_sound_comes_back_at_every_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES * NSOUNDS; i++)
		round_trip(house_of(i / NSOUNDS, i % NSOUNDS), 65536);
}

static void
the_split_of_reads_does_not_matter(void **state)
{
	static const size_t reads[] = { 1, 100, 187, 188, 189, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
		round_trip(house(0), reads[i]);
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

/* Whatever has been taken by then, and however much has come: what is let go
 * is whole, and no more than was asked for but for a few pictures. */
static void
an_end_at_a_slot_is_the_first_whole_place_from_there(void **state)
{
	struct grid g = house(0);
	int64_t n0 = begin(&g), n1 = n0 + 100;

	(void)state;
	for (int64_t at = n0; at < n0 + 40; at++) {
		struct join *j = fed(&g, n0, n1, n0 + 30, 4096);
		int64_t taken = n0 + (at - n0) / 2, have = join_cut(j);
		int64_t sum = 0, cut;

		taken = taken < have ? taken : have;
		for (int64_t n = n0; n < taken; n++)
			check_slot(j, &g, n0, n1, n);
		join_end_at(j, at);
		cut = join_cut(j);
		assert_true(cut == have || (cut >= at && cut <= at + 3));
		for (int64_t n = n0; n < cut; n++)
			sum += synth_index(&g, n0, n1, n) - n;
		assert_int_equal(sum, 0);
		for (int64_t n = taken; n < cut; n++)
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

/* A header with nothing behind it would air as that. */
static void
an_empty_picture_is_none(void **state)
{
	struct grid g = house(7);
	int64_t n0 = begin(&g);
	struct join *j = join_new(&g, n0, n0 + 9);
	struct mux *m = mux_new(&g, "", "");
	struct au *u = synth_picture(n0, true);
	struct au *empty = au_new(n0 + 1, false, u->data, 0);
	struct buf b = { 0 };

	(void)state;
	mux_slot(m, n0, u, NULL, 0, &b);
	mux_slot(m, n0 + 1, empty, NULL, 0, &b);
	mux_slot(m, n0 + 2, u, NULL, 0, &b);
	join_feed(j, b.data, b.len);
	join_end(j);
	assert_int_equal(join_cut(j), n0 + 1);
	assert_string_equal(join_broken(j), "an empty picture");
	buf_fini(&b);
	free(empty);
	free(u);
	mux_free(m);
	join_free(j);
}

/* The join's cut after a picture of so many bytes and one behind it. */
static int64_t
cut_after_picture_of(size_t len, const char **broken)
{
	struct grid g = house(7);
	int64_t n0 = begin(&g);
	struct join *j = join_new(&g, n0, n0 + 9);
	struct mux *m = mux_new(&g, "", "");
	uint8_t *body = calloc(1, len);
	struct au *u, *next = synth_picture(n0 + 1, false);
	struct buf b = { 0 };

	memcpy(body, "\0\0\0\1\x65", 5);
	u = au_new(n0, true, body, len);
	mux_slot(m, n0, u, NULL, 0, &b);
	mux_slot(m, n0 + 1, next, NULL, 0, &b);
	join_feed(j, b.data, b.len);
	join_end(j);
	*broken = join_broken(j);
	n0 = join_cut(j) - n0;
	buf_fini(&b);
	free(body);
	free(next);
	free(u);
	mux_free(m);
	join_free(j);
	return n0;
}

static void
a_picture_may_be_large_but_not_of_any_size(void **state)
{
	const char *broken;

	(void)state;
	assert_int_equal(cut_after_picture_of(15u << 20, &broken), 2);
	assert_null(broken);
	assert_int_equal(cut_after_picture_of(17u << 20, &broken), 0);
	assert_string_equal(broken, "damaged packets");
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
lone_picture(struct mux *m, int64_t n, struct buf *b)
{
	struct au *u = synth_picture(n, true);

	mux_slot(m, n, u, NULL, 0, b);
	free(u);
}

/* Time stamps wrap after 26.5 h, and half of that is as far as two of them
 * tell their distance. */
static void
a_child_may_play_for_a_day(void **state)
{
	struct grid g = house(1);
	int64_t hour = 3600 * 25, n0 = begin(&g);
	int64_t day = div_floor(n0 + 24 * hour, g.gop) * g.gop;
	int64_t n1 = day + 2 * g.gop;
	struct join *j = join_new(&g, n0, n1);
	struct mux *m = mux_new(&g, "", "");
	struct buf b = { 0 };

	(void)state;
	join_skip(j, day);
	for (int64_t n = n0; n < day - 1; n += hour)
		lone_picture(m, n, &b);
	lone_picture(m, day - 1, &b);
	for (int64_t n = day; n < n1; n++)
		synth_slot(m, &g, n0, n1, n, &b);
	join_feed(j, b.data, b.len);
	join_end(j);
	assert_null(join_broken(j));
	assert_int_equal(join_head(j), day);
	for (int64_t n = day; n < n1; n++)
		check_slot(j, &g, day, n1, n);
	buf_fini(&b);
	mux_free(m);
	join_free(j);
}

/* More than PAT and PMT, of which none is missed. */
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
	join_feed(j, b.data + half + 188 * 4, b.len - half - 188 * 4);
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

/* One slot from a child of `from`, its audio frame's bytes at `at` set to b,
 * fed to a join that expects `to`. */
static struct join *
one_slot(const struct grid *from, const struct grid *to, size_t at, uint8_t b)
{
	int64_t n0 = begin(to);
	struct mux *m = mux_new(from, "", "");
	struct au *u = synth_picture(n0, true);
	struct au *sound[JOIN_AUDIO_MAX];
	size_t count = (size_t)(grid_audio(from, n0 + 1) -
	    grid_audio(from, n0));
	struct join *j = join_new(to, n0, n0 + 100);
	struct buf out = { 0 };

	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		sound[i] = synth_sound(from, grid_audio(from, n0) +
		    (int64_t)i);
		sound[i]->data[at] = b;
	}
	mux_slot(m, n0, u, (const struct au *const *)sound, count, &out);
	join_feed(j, out.data, out.len);
	join_end(j);
	for (size_t i = 0; i < count; i++)
		free(sound[i]);
	free(u);
	buf_fini(&out);
	mux_free(m);
	return j;
}

static void
sound_that_is_not_the_house_s_breaks_the_join(void **state)
{
	static const struct {
		size_t from, to;
		const char *why;
	} pairs[] = {
		{ 1, 4, "a damaged audio frame, or of another codec" },
		{ 4, 7, "a damaged audio frame, or of another codec" },
		{ 7, 1, "a damaged audio frame, or of another codec" },
		{ 0, 1, "audio with another number of channels" },
		{ 5, 4, "audio with another number of channels" },
		{ 7, 6, "audio with another number of channels" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct grid from = house_of(1, pairs[i].from);
		struct grid to = house_of(1, pairs[i].to);
		struct join *j = one_slot(&from, &to, 20, 0);

		assert_string_equal(join_broken(j), pairs[i].why);
		join_free(j);
	}
}

static void
a_damaged_audio_header_breaks_the_join(void **state)
{
	static const struct {
		size_t sound, at;
		uint8_t b;
		const char *why;
	} damages[] = {
		/* AAC: sync, 44.1 kHz, two blocks, longer than its PES. */
		{ 1, 0, 0xfe, "a damaged audio frame, or of another codec" },
		{ 1, 2, 0x50, "audio of another sample rate" },
		{ 1, 6, 0xfd, "audio frames of another length" },
		{ 1, 4, 0xff, "a damaged audio frame, or of another codec" },
		/* AC-3: sync, 44.1 kHz, 640 kbit/s in a small PES. */
		{ 4, 1, 0x78, "a damaged audio frame, or of another codec" },
		{ 4, 4, 0x26, "a damaged audio frame, or of another codec" },
		{ 4, 4, 0x25, "a damaged audio frame, or of another codec" },
		/* MP2: free format; at 32 kHz a frame is longer, and at
		 * 44.1 kHz as well: it is cut. */
		{ 7, 2, 0x04, "a damaged audio frame, or of another codec" },
		{ 7, 2, 0x48, "a damaged audio frame, or of another codec" },
		{ 7, 2, 0x10, "audio of another sample rate" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct grid g = house_of(1, damages[i].sound);
		struct join *j = one_slot(&g, &g, damages[i].at,
		    damages[i].b);

		assert_string_equal(join_broken(j), damages[i].why);
		assert_int_equal(join_cut(j), begin(&g) + 1);
		join_free(j);
	}
}

/* The sound of slots n to n + count - 1 from a child, without their pictures:
 * one frame each. */
static void
sound_feed(struct join *j, struct mux *mux, const struct grid *g, int64_t n,
    int count)
{
	struct buf out = { 0 };

	for (int i = 0; i < count; i++) {
		struct au *u = synth_sound(g, grid_audio(g, n + i));
		struct au *p = synth_picture(n + i, true);
		const struct au *one = u;

		buf_reset(&out);
		mux_slot(mux, n + i, p, &one, 1, &out);
		/* Tables and sound, but not the picture. */
		for (size_t at = 0; at < out.len; at += 188)
			if ((out.data[at + 1] & 0x1f) != MUX_PID_VIDEO >> 8 ||
			    out.data[at + 2] != (MUX_PID_VIDEO & 0xff))
				join_feed(j, out.data + at, 188);
		free(u);
		free(p);
	}
	buf_fini(&out);
}

static void
sound_without_pictures_breaks_the_join(void **state)
{
	struct grid g = house(1);
	int64_t n0 = begin(&g);
	struct join *j = join_new(&g, n0, n0 + 5000);
	struct mux *m = mux_new(&g, "", "");

	(void)state;
	sound_feed(j, m, &g, n0, 500);
	assert_null(join_broken(j));
	sound_feed(j, m, &g, n0 + 500, 100);
	assert_string_equal(join_broken(j), "audio without pictures");
	mux_free(m);
	join_free(j);
}

/* A time stamp may claim anything: no queue is made up to it. */
static void
sound_far_ahead_of_the_pictures_breaks_the_join(void **state)
{
	struct grid g = house(1);
	int64_t n0 = begin(&g), n1 = n0 + 25 * 86400;
	struct join *j = join_new(&g, n0, n1);
	struct mux *m = mux_new(&g, "", "");
	struct buf b = { 0 };

	(void)state;
	for (int64_t n = n0; n < n0 + 3; n++)
		synth_slot(m, &g, n0, n1, n, &b);
	join_feed(j, b.data, b.len);
	sound_feed(j, m, &g, n0 + 25 * 28, 2);
	assert_null(join_broken(j));
	sound_feed(j, m, &g, n0 + 25 * 3600 * 10, 2);
	assert_string_equal(join_broken(j),
	    "audio far ahead of the pictures");
	buf_fini(&b);
	mux_free(m);
	join_free(j);
}

/* Whatever the bytes, the join takes or breaks, and what it lets go has a
 * place. */
static void
no_bytes_can_hurt_it(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < 100 * NSOUNDS; i++) {
		struct grid g = house_of(1, i % NSOUNDS);
		int64_t n0 = begin(&g), n1 = n0 + 30;
		struct join *j = join_new(&g, n0, n1);
		struct au *u, *audio[JOIN_AUDIO_MAX];
		struct buf b = { 0 };

		synth_run(&g, n0, n1, n1, &b);
		for (size_t at = 0; at < b.len; at += 1 + (x >> 19)) {
			x = x * 1664525u + 1013904223u;
			if (at % 188 > 3)
				b.data[at] ^= (uint8_t)(1 << (x >> 29));
		}
		join_feed(j, b.data, b.len);
		join_end(j);
		for (int64_t n = n0; join_has(j, n); n++) {
			size_t count = join_take(j, n, &u, audio);

			assert_true(u->index >= n - g.reorder &&
			    u->index < n1);
			free(u);
			while (count-- > 0)
				free(audio[count]);
		}
		buf_fini(&b);
		join_free(j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unit_comes_back_in_its_slot),
		cmocka_unit_test(every_sound_comes_back_at_every_rate),
		cmocka_unit_test(the_split_of_reads_does_not_matter),
		cmocka_unit_test(stamps_may_wrap_in_mid_programme),
		cmocka_unit_test(
		    a_successor_begins_where_no_picture_is_missing),
		cmocka_unit_test(
		    an_end_at_a_slot_is_the_first_whole_place_from_there),
		cmocka_unit_test(a_picture_cut_short_is_not_aired),
		cmocka_unit_test(an_empty_picture_is_none),
		cmocka_unit_test(a_picture_may_be_large_but_not_of_any_size),
		cmocka_unit_test(skipping_goes_on_at_the_next_key_frame),
		cmocka_unit_test(
		    skipping_ahead_of_the_child_waits_for_a_key_frame),
		cmocka_unit_test(a_child_may_play_for_a_day),
		cmocka_unit_test(
		    a_lost_packet_breaks_the_join_after_what_was_whole),
		cmocka_unit_test(pictures_past_the_end_are_dropped),
		cmocka_unit_test(
		    sound_that_is_not_the_house_s_breaks_the_join),
		cmocka_unit_test(a_damaged_audio_header_breaks_the_join),
		cmocka_unit_test(sound_without_pictures_breaks_the_join),
		cmocka_unit_test(no_bytes_can_hurt_it),
		cmocka_unit_test(
		    sound_far_ahead_of_the_pictures_breaks_the_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
