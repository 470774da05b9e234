/* test_codecs.c - what the real ffmpeg encodes, in every codec and number of
 * channels that a house format may have, has its place on the grids: no slot
 * lacks a picture or a sound, and what is muxed is what went in. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "air/house.h"
#include "air/pad.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "media/run.h"
#include "ts/join.h"
#include "ts/mux.h"

#define TIMEOUT_MS	60000
#define OUT_MAX		(32u << 20)
#define EPOCH		INT64_C(1790000000)	/* s */

static const struct {
	enum format_codec codec;
	int channels;
	const char *layout;
} sounds[] = {
	{ FORMAT_AAC, 1, "mono" }, { FORMAT_AAC, 2, "stereo" },
	{ FORMAT_AAC, 6, "5.1" }, { FORMAT_AC3, 1, "mono" },
	{ FORMAT_AC3, 2, "stereo" }, { FORMAT_AC3, 6, "5.1" },
	{ FORMAT_MP2, 1, "mono" }, { FORMAT_MP2, 2, "stereo" },
};
#define NSOUNDS	(sizeof sounds / sizeof sounds[0])

static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 },
	{ 30, 1 }, { 50, 1 }, { 60000, 1001 }, { 60, 1 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

static struct format
format_for(size_t sound, struct rate rate)
{
	struct format f = format_default();

	f.width = 160;
	f.height = 90;
	f.rate = rate;
	f.video_bitrate = 200000;
	f.audio_codec = sounds[sound].codec;
	f.channels = sounds[sound].channels;
	f.audio_bitrate = format_audio_bitrate(f.audio_codec, f.channels);
	return f;
}

/* What is encoded: a moving picture and noise, or black and silence without
 * reordering, as pad is. */
struct source {
	const char *video, *audio, *reorder;
};

static const struct source lively = { "testsrc=", "anoisesrc=a=0.3:", "2" };
static const struct source dead = { "color=c=black:", "anullsrc=", "0" };

/* ffmpeg's output for slots [n0, n1).  Sound is fed so that with the encoder's
 * priming before it a frame begins one frame before the first that is
 * wanted. */
static void
encode(const struct source *s, const struct format *f, const char *layout,
    int64_t n0, int64_t n1, struct buf *out)
{
	struct grid g = house_grid(f);
	int64_t first = grid_audio_lag(&g, n0) +
	    format_priming(f->audio_codec) - g.spf;
	int64_t count = (grid_audio(&g, n1) - grid_audio(&g, n0)) * g.spf +
	    g.spf - format_priming(f->audio_codec);
	char *video = xasprintf("%ss=%dx%d:r=%d/%d,format=yuv420p,"
	    "trim=end_frame=%d,setpts=N", s->video, f->width, f->height,
	    (int)f->rate.num, (int)f->rate.den, (int)(n1 - n0));
	/* A filter of the output's: ffmpeg lets every input begin at 0. */
	char *audio = xasprintf("aformat=channel_layouts=%s,"
	    "atrim=end_sample=%d,asetpts=N%+d", layout, (int)count,
	    (int)first);
	char *sound = xasprintf("%sr=48000", s->audio);
	char *keys = xasprintf("expr:not(mod(n+%d,%d))",
	    (int)mod_floor(n0, g.gop), (int)g.gop);
	char *rate = xasprintf("%d", (int)f->audio_bitrate);
	const char *argv[] = {
		"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error",
		"-f", "lavfi", "-i", video, "-f", "lavfi", "-i", sound,
		"-map", "0:0", "-map", "1:0", "-af", audio,
		"-fps_mode", "passthrough", "-c:v", "libx264",
		"-preset", "ultrafast", "-bf", s->reorder,
		"-sc_threshold", "0", "-forced-idr", "1",
		"-force_key_frames", keys,
		"-c:a", format_codec_name(f->audio_codec), "-b:a", rate,
		"-f", "mpegts", "-mpegts_flags", "+initial_discontinuity",
		"-omit_video_pes_length", "0", "-muxpreload", "0",
		"-muxdelay", "0", "pipe:1", NULL
	};
	struct run_job r = {
		.argv = argv, .timeout_ms = TIMEOUT_MS, .max_out = OUT_MAX,
	};

	run_program(&r);
	assert_int_equal(r.end, RUN_EXITED);
	if (r.status != 0)
		fail_msg("ffmpeg: %s", buf_str(&r.err));
	buf_fini(&r.err);
	*out = r.out;
	free(video);
	free(audio);
	free(sound);
	free(keys);
	free(rate);
}

/* Take every slot, check that nothing is missing, and mux it. */
static void
relay(const struct grid *g, const struct buf *in, int64_t n0, int64_t n1,
    struct buf *out)
{
	struct join *j = join_new(g, n0, n1);
	struct mux *m = mux_new(g, "Retrovue", "Codecs");

	join_feed(j, in->data, in->len);
	join_end(j);
	if (join_broken(j) != NULL)
		fail_msg("%s", join_broken(j));
	for (int64_t n = n0; n < n1; n++) {
		struct au *u, *audio[JOIN_AUDIO_MAX];
		size_t count;

		assert_true(join_has(j, n));
		count = join_take(j, n, &u, audio);
		assert_int_equal(count, grid_audio(g, n + 1) -
		    grid_audio(g, n));
		for (size_t i = 0; i < count; i++)
			assert_non_null(audio[i]);
		mux_slot(m, n, u, (const struct au *const *)audio, count,
		    out);
		for (size_t i = 0; i < count; i++)
			free(audio[i]);
		free(u);
	}
	assert_int_equal(join_bytes(j), 0);
	mux_free(m);
	join_free(j);
}

/* Through a join to our own stream, and through another back to the same. */
static void
round_trip(size_t sound, struct rate rate)
{
	struct format f = format_for(sound, rate);
	struct grid g = house_grid(&f);
	int64_t n0 = rate_frame_at(rate, EPOCH * NS_PER_S) + 7;
	int64_t n1 = n0 + g.gop + 13;
	struct buf child = { 0 }, ours = { 0 }, again = { 0 };

	encode(&lively, &f, sounds[sound].layout, n0, n1, &child);
	relay(&g, &child, n0, n1, &ours);
	relay(&g, &ours, n0, n1, &again);
	assert_int_equal(ours.len, again.len);
	assert_memory_equal(ours.data, again.data, ours.len);
	buf_fini(&child);
	buf_fini(&ours);
	buf_fini(&again);
}

static void
every_slot_has_its_sound_in_every_codec(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSOUNDS; i++)
		round_trip(i, rates[i % NRATES]);
}

static void
every_slot_has_its_sound_at_every_rate(void **state)
{
	static const size_t stereo[] = { 1, 4, 7 };

	(void)state;
	for (size_t i = 0; i < NRATES; i++)
		round_trip(stereo[i % 3], rates[i]);
}

/* What stands for silence is a whole frame in house format. */
static void
pad_is_made_in_every_codec(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSOUNDS; i++) {
		struct format f = format_for(i, rates[NRATES - 1 - i]);
		struct grid g = house_grid(&f);
		struct buf b = { 0 };
		const char *why = NULL;
		struct aframe a;
		struct pad *p;

		encode(&dead, &f, sounds[i].layout, 0, 2 * g.gop, &b);
		p = pad_new(&g, b.data, b.len, &why);
		assert_null(why);
		assert_true(aframe_parse(g.codec, pad_silence(p)->data,
		    pad_silence(p)->len, &a));
		assert_int_equal(a.len, pad_silence(p)->len);
		assert_int_equal(a.samples, g.spf);
		assert_int_equal(a.channels, f.channels);
		pad_free(p);
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slot_has_its_sound_in_every_codec),
		cmocka_unit_test(every_slot_has_its_sound_at_every_rate),
		cmocka_unit_test(pad_is_made_in_every_codec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
