/* test_pad.c - black that begins anywhere and ends anywhere. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "air/pad.h"
#include "synth.h"

static struct grid g;
static struct buf b;
static const char *why;

static int
setup(void **state)
{
	struct grid flat;

	(void)state;
	g = grid_make((struct rate){ 25, 1 }, 48000, 1024);
	flat = g;
	flat.reorder = 0;
	synth_run(&flat, 0, 2 * g.gop, 2 * g.gop, &b);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&b);
	return 0;
}

static void
check_stretch(const struct pad *p, int64_t start)
{
	int64_t last_group = -1;

	for (int64_t n = start; n < start + 3 * g.gop; n++) {
		struct au *u = pad_picture(p, start, n);
		int64_t group = synth_number(u) / g.gop;

		assert_int_equal(u->index, n);
		assert_int_equal(u->key, n == start || n % g.gop == 0);
		if (u->key) {
			assert_int_equal(synth_number(u) % g.gop, 0);
			assert_true(group != last_group);
			last_group = group;
		}
		assert_int_equal(group, last_group);
		free(u);
	}
}

static void
any_stretch_has_its_key_frames_and_they_take_turns(void **state)
{
	struct pad *p = pad_new(&g, b.data, b.len, &why);

	(void)state;
	assert_non_null(p);
	for (int64_t i = 0; i < 2 * g.gop; i++)
		check_stretch(p, INT64_C(44750000000) + i);
	pad_free(p);
}

/* A slate of a video: its groups follow each other, by the clock. */
static void
a_loop_of_five_groups_goes_round(void **state)
{
	struct grid flat = g;
	struct pad *p;
	int64_t last = -1;

	(void)state;
	flat.reorder = 0;
	buf_reset(&b);
	synth_run(&flat, 0, 5 * g.gop, 5 * g.gop, &b);
	assert_null(pad_new_loop(&g, 6, b.data, b.len, &why));
	assert_string_equal(why, "pictures are missing");
	p = pad_new_loop(&g, 5, b.data, b.len, &why);
	assert_non_null(p);
	for (int64_t n = 1000 * g.gop; n < 1011 * g.gop; n++) {
		struct au *u = pad_picture(p, 1000 * g.gop, n);

		assert_int_equal(synth_number(u), n % (5 * g.gop));
		assert_true(last < 0 || synth_number(u) ==
		    (last + 1) % (5 * g.gop));
		last = synth_number(u);
		free(u);
	}
	check_stretch(p, INT64_C(44750000017));
	pad_free(p);
}

static void
silence_is_one_audio_frame(void **state)
{
	struct pad *p = pad_new(&g, b.data, b.len, &why);

	(void)state;
	assert_non_null(p);
	assert_int_equal(pad_silence(p)->len, SYNTH_AUDIO);
	pad_free(p);
}

/* Pad made for a grid, at such a rate and with such sound. */
static struct pad *
made_for(struct rate rate, int64_t samples, enum aframe_codec codec)
{
	struct grid flat;

	buf_reset(&b);
	g = grid_make(rate, 48000, samples);
	g.codec = codec;
	g.channels = 2;
	flat = g;
	flat.reorder = 0;
	synth_run(&flat, 0, 2 * g.gop, 2 * g.gop, &b);
	return pad_new(&g, b.data, b.len, &why);
}

static void
silence_is_in_the_house_s_codec(void **state)
{
	static const struct rate ntsc60 = { 60000, 1001 };
	struct pad *p;

	(void)state;
	p = made_for(ntsc60, 1536, AFRAME_AC3);
	assert_non_null(p);
	assert_int_equal(pad_silence(p)->len, SYNTH_AC3);
	check_stretch(p, INT64_C(107000000001));
	pad_free(p);
	p = made_for(ntsc60, 1152, AFRAME_MP2);
	assert_non_null(p);
	assert_int_equal(pad_silence(p)->len, 2 * SYNTH_MP2);
	pad_free(p);
	g.codec = AFRAME_AC3;
	assert_null(pad_new(&g, b.data, b.len, &why));
	assert_string_equal(why,
	    "a damaged audio frame, or of another codec");
}

static void
half_of_it_is_refused(void **state)
{
	(void)state;
	assert_null(pad_new(&g, b.data, b.len / 376 * 188, &why));
	assert_string_equal(why, "pictures are missing");
	assert_null(pad_new(&g, b.data, 0, &why));
	assert_non_null(why);
}

static void
another_grid_s_is_refused(void **state)
{
	struct grid other = g;

	(void)state;
	other.gop = 40;
	assert_null(pad_new(&other, b.data, b.len, &why));
	assert_string_equal(why, "key frames are not where they belong");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_stretch_has_its_key_frames_and_they_take_turns),
		TEST(a_loop_of_five_groups_goes_round),
		TEST(silence_is_one_audio_frame),
		TEST(silence_is_in_the_house_s_codec),
		TEST(half_of_it_is_refused),
		TEST(another_grid_s_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
