/* test_aframe.c - audio frames' headers, as ffmpeg writes them and as a child
 * gone wrong might. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ts/aframe.h"

#define ROOM	8192

static const struct {
	enum aframe_codec codec;
	uint8_t head[8];
	struct aframe frame;
} real[] = {
	{ AFRAME_AAC, { 0xff, 0xf1, 0x4c, 0x40, 0x26, 0x3f, 0xfc },
	    { 305, 1024, 48000, 1 } },
	{ AFRAME_AAC, { 0xff, 0xf1, 0x4c, 0x80, 0x47, 0x7f, 0xfc },
	    { 571, 1024, 48000, 2 } },
	{ AFRAME_AAC, { 0xff, 0xf1, 0x4d, 0x80, 0x5e, 0x3f, 0xfc },
	    { 753, 1024, 48000, 6 } },
	{ AFRAME_AAC, { 0xff, 0xf9, 0x50, 0x80, 0x26, 0x3f, 0xfd },
	    { 305, 2048, 44100, 2 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0xb2, 0x0c, 0x0c, 0x40, 0x2f },
	    { 384, 1536, 48000, 1 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0x9a, 0x4b, 0x14, 0x40, 0x43 },
	    { 768, 1536, 48000, 2 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0x81, 0xe2, 0x1e, 0x40, 0xeb },
	    { 1792, 1536, 48000, 6 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0x00, 0x00, 0x40, 0x40, 0x2f },
	    { 138, 1536, 44100, 1 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0x00, 0x00, 0x65, 0x40, 0x2f },
	    { 2788, 1536, 44100, 1 } },
	{ AFRAME_AC3, { 0x0b, 0x77, 0x00, 0x00, 0xa5, 0x40, 0x2f },
	    { 3840, 1536, 32000, 1 } },
	{ AFRAME_MP2, { 0xff, 0xfd, 0x64, 0xc4 }, { 288, 1152, 48000, 1 } },
	{ AFRAME_MP2, { 0xff, 0xfd, 0xa4, 0x04 }, { 576, 1152, 48000, 2 } },
	{ AFRAME_MP2, { 0xff, 0xfc, 0xe4, 0x44 }, { 1152, 1152, 48000, 2 } },
	{ AFRAME_MP2, { 0xff, 0xfd, 0xa2, 0x04 }, { 627, 1152, 44100, 2 } },
};
#define NREAL	(sizeof real / sizeof real[0])

static uint8_t data[ROOM];

static bool
parse(enum aframe_codec c, const uint8_t head[8], size_t len,
    struct aframe *f)
{
	memset(data, 0, sizeof data);
	memcpy(data, head, 8);
	return aframe_parse(c, data, len, f);
}

static void
headers_say_length_samples_rate_and_channels(void **state)
{
	(void)state;
	for (size_t i = 0; i < NREAL; i++) {
		const struct aframe *want = &real[i].frame;
		struct aframe f;

		assert_true(parse(real[i].codec, real[i].head, ROOM, &f));
		assert_int_equal(f.len, want->len);
		assert_int_equal(f.samples, want->samples);
		assert_int_equal(f.sample_rate, want->sample_rate);
		assert_int_equal(f.channels, want->channels);
	}
}

/* The bytes behind len are not ours: the sanitizer sees to that. */
static void
a_frame_longer_than_what_is_there_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < NREAL; i++)
		for (size_t len = 0; len <= real[i].frame.len; len++) {
			uint8_t *p = malloc(len != 0 ? len : 1);
			struct aframe f;

			memset(p, 0, len != 0 ? len : 1);
			memcpy(p, real[i].head, len < 8 ? len : 8);
			assert_int_equal(aframe_parse(real[i].codec, p, len,
			    &f), len == real[i].frame.len);
			free(p);
		}
}

static void
no_codec_takes_another_s_frame(void **state)
{
	(void)state;
	for (size_t i = 0; i < NREAL; i++)
		for (int c = 0; c < AFRAME_NCODECS; c++) {
			struct aframe f;

			assert_int_equal(parse((enum aframe_codec)c,
			    real[i].head, ROOM, &f),
			    (enum aframe_codec)c == real[i].codec);
		}
}

static void
reserved_values_are_refused(void **state)
{
	static const struct {
		enum aframe_codec codec;
		uint8_t head[8];
	} bad[] = {
		/* AAC: layer, rate, a length shorter than the header. */
		{ AFRAME_AAC, { 0xff, 0xf3, 0x4c, 0x80, 0x47, 0x7f, 0xfc } },
		{ AFRAME_AAC, { 0xff, 0xf1, 0x74, 0x80, 0x47, 0x7f, 0xfc } },
		{ AFRAME_AAC, { 0xff, 0xf1, 0x4c, 0x80, 0x00, 0xff, 0xfc } },
		{ AFRAME_AAC, { 0xff, 0xf0, 0x4c, 0x80, 0x01, 0x1f, 0xfc } },
		/* AC-3: sync, fscod, frmsizecod, bsid of Enhanced AC-3. */
		{ AFRAME_AC3, { 0x0b, 0x76, 0, 0, 0x14, 0x40, 0x43 } },
		{ AFRAME_AC3, { 0x0b, 0x77, 0, 0, 0xd4, 0x40, 0x43 } },
		{ AFRAME_AC3, { 0x0b, 0x77, 0, 0, 0x26, 0x40, 0x43 } },
		{ AFRAME_AC3, { 0x0b, 0x77, 0, 0, 0x14, 0x80, 0x43 } },
		/* MP2: layer I and III, MPEG-2, free format, rates. */
		{ AFRAME_MP2, { 0xff, 0xff, 0xa4, 0x04 } },
		{ AFRAME_MP2, { 0xff, 0xfb, 0xa4, 0x04 } },
		{ AFRAME_MP2, { 0xff, 0xf5, 0xa4, 0x04 } },
		{ AFRAME_MP2, { 0xff, 0xfd, 0x04, 0x04 } },
		{ AFRAME_MP2, { 0xff, 0xfd, 0xf4, 0x04 } },
		{ AFRAME_MP2, { 0xff, 0xfd, 0xac, 0x04 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct aframe f;

		assert_false(parse(bad[i].codec, bad[i].head, ROOM, &f));
	}
}

/* Every header there is: whatever it says, a frame has bytes, samples and a
 * rate, so nobody who walks along them stands still or divides by zero. */
static void
any_header_that_is_taken_moves_on(void **state)
{
	(void)state;
	for (int c = 0; c < AFRAME_NCODECS; c++)
		for (unsigned x = 0; x < 1u << 20; x++) {
			uint8_t head[8] = { c == AFRAME_AC3 ? 0x0b : 0xff,
			    c == AFRAME_AC3 ? 0x77 : 0xf1 | (x & 0xe),
			    (uint8_t)(x >> 4), (uint8_t)(x >> 12),
			    (uint8_t)x, (uint8_t)(x >> 8), (uint8_t)(x >> 12),
			};
			struct aframe f;

			memcpy(data, head, sizeof head);
			if (!aframe_parse((enum aframe_codec)c, data, ROOM,
			    &f))
				continue;
			assert_true(f.len >= 4 && f.len <= ROOM);
			assert_true(f.samples >= 1024 && f.samples <= 4096);
			assert_true(f.sample_rate >= 7350);
			assert_true(f.channels >= 0 && f.channels <= 8);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_say_length_samples_rate_and_channels),
		cmocka_unit_test(a_frame_longer_than_what_is_there_is_none),
		cmocka_unit_test(no_codec_takes_another_s_frame),
		cmocka_unit_test(reserved_values_are_refused),
		cmocka_unit_test(any_header_that_is_taken_moves_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
