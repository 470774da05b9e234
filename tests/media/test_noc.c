/* test_noc.c - the real ffmpeg decodes the slate to exactly what was drawn,
 * and plays it between an encoder's pictures and pad without a word. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "air/argv.h"
#include "air/house.h"
#include "air/noc.h"
#include "air/noc_draw.h"
#include "air/pad.h"
#include "base/xmem.h"
#include "decoded.h"
#include "ts/h264_head.h"
#include "ts/join.h"
#include "ts/mux.h"

#define OUT_MAX		(256u << 20)
#define FAR		INT64_C(44750000000)

static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 },
	{ 30, 1 }, { 50, 1 }, { 60000, 1001 }, { 60, 1 },
};
#define NRATES	(sizeof rates / sizeof rates[0])

/* The shown part of one component, w samples wide. */
static void
component_add(struct buf *out, const struct h264_picture *p, int w, int h,
    int side, size_t offset)
{
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			const struct h264_mb *mb =
			    &p->mb[y / side * p->width + x / side];

			*buf_extend(out, 1) = ((const uint8_t *)mb)[offset +
			    (size_t)(y % side * side + x % side)];
		}
}

static void
picture_add(struct buf *out, const struct h264_picture *p, int w, int h)
{
	component_add(out, p, w, h, 16, offsetof(struct h264_mb, y));
	component_add(out, p, w / 2, h / 2, 8, offsetof(struct h264_mb, cb));
	component_add(out, p, w / 2, h / 2, 8, offsetof(struct h264_mb, cr));
}

static void
check_decoded(const struct tree *t, struct buf *stream, struct buf *meant)
{
	struct buf got = decoded(t, stream, "h264", "rawvideo", OUT_MAX);

	assert_int_equal(got.len, meant->len);
	assert_memory_equal(got.data, meant->data, got.len);
	buf_fini(&got);
	buf_fini(stream);
	buf_fini(meant);
}

static struct h264_picture
picture_new(int width, int height)
{
	struct h264_picture p = { (width + 15) / 16, (height + 15) / 16, 0 };

	p.mb = xcalloc((size_t)(p.width * p.height), sizeof *p.mb);
	return p;
}

static uint32_t
dice(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* ---- any picture */

static void
flat_fill(struct h264_mb *mb, uint32_t *seed)
{
	/* From the plane's luma by elevens, chroma by sevens. */
	memset(mb->y, 40 + 11 * (int)(dice(seed) % 18), sizeof mb->y);
	memset(mb->cb, 138 + 7 * ((int)(dice(seed) % 33) - 16),
	    sizeof mb->cb);
	memset(mb->cr, 123 + 7 * ((int)(dice(seed) % 33) - 16),
	    sizeof mb->cr);
}

static void
dots_fill(struct h264_mb *mb, uint32_t *seed)
{
	uint32_t bits = dice(seed) & dice(seed);

	if (dice(seed) % 2 == 0)
		bits = ~bits;
	for (int i = 0; i < 256; i++)
		mb->y[i] = bits >> (i / 64 * 4 + i % 16 / 4) & 1 ? 216 : 40;
	memset(mb->cb, 138, sizeof mb->cb);
	memset(mb->cr, 123, sizeof mb->cr);
}

static void
noise_fill(struct h264_mb *mb, uint32_t *seed)
{
	uint8_t *p = (uint8_t *)mb;

	/* Zeros too: what must be escaped. */
	for (size_t i = 0; i < sizeof *mb; i++)
		p[i] = (uint8_t)(dice(seed) % 3 == 0 ? dice(seed) : 0);
}

static void
scribble(struct h264_picture *p, uint32_t *seed, uint32_t one_in)
{
	for (int i = 0; i < p->width * p->height; i++) {
		uint32_t d = dice(seed);

		if (d % one_in != 0)
			continue;
		d = d / one_in % 16;
		if (d == 0)
			noise_fill(&p->mb[i], seed);
		else if (d < 4)
			flat_fill(&p->mb[i], seed);
		else
			dots_fill(&p->mb[i], seed);
	}
}

/* An IDR of random macroblocks, then pictures in which ever fewer change. */
static void
scribbles_decode(const struct tree *t, int w, int h, uint32_t seed)
{
	struct h264_sequence s = { w, h, rates[2], 2, NULL };
	struct h264_picture now = picture_new(w, h), then = picture_new(w, h);
	struct buf stream = { 0 }, meant = { 0 };
	struct h264_bits b = { 0 };
	size_t all = (size_t)(now.width * now.height) * sizeof *now.mb;

	for (uint32_t n = 0; n < 12; n++) {
		memcpy(then.mb, now.mb, all);
		scribble(&now, &seed, n + 1);
		h264_delimiter_add(&stream, n == 0);
		if (n == 0)
			h264_parameters_add(&stream, &s);
		h264_slice_header(&b, &s, &(struct h264_place){ n, 0 });
		h264_picture_code(&b, &now, n == 0 ? NULL : &then);
		h264_nal_add(&stream, n == 0 ? H264_NAL_IDR : H264_NAL_SLICE,
		    &b);
		picture_add(&meant, &now, w, h);
	}
	check_decoded(t, &stream, &meant);
	buf_fini(&b.bytes);
	free(now.mb);
	free(then.mb);
}

static void
any_picture_decodes_to_itself(void **state)
{
	for (uint32_t i = 0; i < 8; i++)
		scribbles_decode(*state, 160 + 46 * (int)i,
		    90 + 38 * (int)i, i);
}

/* Samples that at most so many levels lead to from 128, most of them +-1;
 * false if these are no samples. */
static bool
levels_fill(struct h264_mb *mb, uint32_t *seed, uint32_t count)
{
	static const int h[4][4] = {
		{ 1, 1, 1, 1 }, { 1, 1, -1, -1 }, { 1, -1, -1, 1 },
		{ 1, -1, 1, -1 },
	};
	static const uint8_t zigzag[] = {
		0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15
	};
	uint32_t sparse = dice(seed) % 16;
	int f[16] = { 0 };

	for (uint32_t n = 0; n < count; n++) {
		uint32_t at = zigzag[n], d = dice(seed);
		int level = d % 16 < sparse ? 0 : (d & 16 ? 1 : -1) *
		    (d % 7 == 0 ? 3 : 1);

		for (uint32_t i = 0; i < 16; i++)
			f[i] += level * h[i / 4][at / 4] * h[i % 4][at % 4];
	}
	for (int i = 0; i < 256; i++) {
		int v = 128 + 11 * f[i / 64 * 4 + i % 16 / 4];

		if (v < 0 || v > 255)
			return false;
		mb->y[i] = (uint8_t)v;
	}
	return true;
}

/* Every other row of macroblocks is flat, so that it is these levels which are
 * coded in the next. */
static void
any_levels_decode_to_themselves(void **state)
{
	struct h264_sequence s = { 640, 640, rates[2], 2, NULL };
	struct buf stream = { 0 }, meant = { 0 };
	struct h264_bits b = { 0 };
	struct h264_picture p = picture_new(s.width, s.height);
	uint32_t seed = 1;

	for (uint32_t n = 0; n < 20; n++) {
		memset(p.mb, 128, 1600 * sizeof *p.mb);
		for (int i = 0; i < 1600; i++)
			while (i / 40 % 2 == 1 &&
			    !levels_fill(&p.mb[i], &seed, dice(&seed) % 17))
				;
		h264_delimiter_add(&stream, true);
		h264_parameters_add(&stream, &s);
		h264_slice_header(&b, &s, &(struct h264_place){ 0, n % 2 });
		h264_picture_code(&b, &p, NULL);
		h264_nal_add(&stream, H264_NAL_IDR, &b);
		picture_add(&meant, &p, s.width, s.height);
	}
	/* None of them uncompressed: that would prove nothing. */
	assert_true(stream.len < 20 * 1600 * 24);
	check_decoded(*state, &stream, &meant);
	buf_fini(&b.bytes);
	free(p.mb);
}

/* ---- the slate */

static void
text_of(int64_t n, int64_t hz, char *t, size_t size)
{
	snprintf(t, size, "CHANNEL %d\nNo such file: /films/%d.mkv\n"
	    "ffmpeg: {\"~@#$%%&*'}\n12:%02d:%02d", (int)(n / 70 % 9),
	    (int)(n / 50 % 977), (int)(n / hz / 60 % 60),
	    (int)(n / hz % 60));
}

static void
random_text(uint32_t *seed, char *t, size_t size)
{
	size_t len = dice(seed) % size;

	for (size_t i = 0; i < len; i++)
		t[i] = (char)(dice(seed) % 9 == 0 ? '\n' :
		    1 + dice(seed) % 127);
	t[len] = '\0';
}

static void
slate_decodes(const struct tree *t, int w, int h, struct rate rate,
    int64_t count)
{
	struct grid g = grid_make(rate, 48000, 1024);
	struct noc *s = noc_new(&g, w, h);
	struct h264_picture p = picture_new(w, h);
	struct buf stream = { 0 }, meant = { 0 };
	char text[200];

	for (int64_t n = FAR + 11; n < FAR + 11 + count; n++) {
		struct au *u;

		text_of(n, count / 5 + 1, text, sizeof text);
		u = noc_picture(s, FAR + 11, n, text);
		buf_add(&stream, u->data, u->len);
		noc_draw(&p, w, h, text);
		picture_add(&meant, &p, w, h);
		free(u);
	}
	check_decoded(t, &stream, &meant);
	free(p.mb);
	noc_free(s);
}

static void
every_size_decodes_to_what_was_drawn(void **state)
{
	static const int sizes[][2] = {
		{ 160, 90 }, { 176, 144 }, { 320, 180 }, { 426, 240 },
		{ 640, 360 }, { 720, 480 }, { 720, 576 }, { 854, 480 },
		{ 960, 540 }, { 1280, 720 }, { 1440, 1080 }, { 1920, 1080 },
		{ 3840, 2160 }, { 160, 2160 }, { 3840, 90 }, { 16, 16 },
		{ 18, 34 }, { 2, 2 }, { 1078, 1918 },
	};

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		slate_decodes(*state, sizes[i][0], sizes[i][1],
		    rates[i % NRATES], sizes[i][0] > 2000 ? 5 : 20);
}

static void
any_text_decodes_to_what_was_drawn(void **state)
{
	uint32_t seed = 3;
	char text[300];

	for (int i = 0; i < 10; i++) {
		int w = 2 * (int)(8 + dice(&seed) % 240);
		int h = 2 * (int)(8 + dice(&seed) % 130);
		struct grid g = grid_make(rates[i % 8], 48000, 1024);
		struct noc *s = noc_new(&g, w, h);
		struct h264_picture p = picture_new(w, h);
		struct buf stream = { 0 }, meant = { 0 };

		for (int64_t n = FAR; n < FAR + 100; n++) {
			struct au *u;

			random_text(&seed, text, sizeof text);
			u = noc_picture(s, FAR, n, text);
			buf_add(&stream, u->data, u->len);
			noc_draw(&p, w, h, text);
			picture_add(&meant, &p, w, h);
			free(u);
		}
		check_decoded(*state, &stream, &meant);
		free(p.mb);
		noc_free(s);
	}
}

static void
a_long_stretch_decodes_at_every_rate(void **state)
{
	for (size_t i = 0; i < NRATES; i++)
		slate_decodes(*state, 162, 92, rates[i], 270);
}

/* ---- what the parameter sets say, in the words of ffprobe */

static void
check_probe(const struct tree *t, int w, int h, struct rate rate,
    const char *want)
{
	struct grid g = grid_make(rate, 48000, 1024);
	struct noc *s = noc_new(&g, w, h);
	struct au *u = noc_picture(s, FAR, FAR, "probe");
	char *path = tree_path(t, "probe");
	const char *argv[] = {
		"ffprobe", "-v", "error", "-f", "h264", "-show_entries",
		"stream=profile,width,height,has_b_frames,level,pix_fmt,"
		"sample_aspect_ratio,color_range,color_space,color_transfer,"
		"color_primaries,field_order,refs,r_frame_rate",
		"-of", "csv=p=0", path, NULL
	};
	FILE *f = fopen(path, "we");
	struct buf out;

	assert_non_null(f);
	fwrite(u->data, 1, u->len, f);
	fclose(f);
	out = program_run(argv, OUT_MAX);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
	free(path);
	free(u);
	noc_free(s);
}

static void
the_parameters_are_the_house_s(void **state)
{
	check_probe(*state, 640, 360, rates[2], "High,640,360,2,1:1,yuv420p,"
	    "30,tv,bt709,bt709,bt709,progressive,1,25/1\n");
	check_probe(*state, 160, 90, rates[0], "High,160,90,2,1:1,yuv420p,"
	    "20,tv,bt709,bt709,bt709,progressive,1,24000/1001\n");
	check_probe(*state, 1920, 1080, rates[3], "High,1920,1080,2,1:1,"
	    "yuv420p,40,tv,bt709,bt709,bt709,progressive,1,30000/1001\n");
	check_probe(*state, 3840, 2160, rates[7], "High,3840,2160,2,1:1,"
	    "yuv420p,52,tv,bt709,bt709,bt709,progressive,1,60/1\n");
}

/* ---- by turns with what an encoder made */

static struct format
format_small(void)
{
	struct format f = format_default();

	f.width = 320;
	f.height = 180;
	f.video_bitrate = 300000;
	return f;
}

/* A child's output for [n0, n1): B pictures in it. */
static struct join *
child_for(const struct format *f, int64_t n0, int64_t n1)
{
	struct grid g = house_grid(f);
	struct join *j = join_new(&g, n0, n1);
	char *video = xasprintf("testsrc=s=%dx%d:r=30000/1001,"
	    "format=yuv420p,trim=end_frame=%d", f->width, f->height,
	    (int)(n1 - n0));
	char *audio = xasprintf("anullsrc=r=48000:cl=stereo,"
	    "atrim=end_sample=%d", (int)(n1 - n0 + 1) * 1602);
	char *keys = xasprintf("expr:not(mod(n+%d,%d))",
	    (int)mod_floor(n0, g.gop), (int)g.gop);
	const char *argv[] = {
		"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error",
		"-f", "lavfi", "-i", video, "-f", "lavfi", "-i", audio,
		"-c:v", "libx264", "-preset", "veryfast", "-bf", "2",
		"-profile:v", "high", "-sc_threshold", "0",
		"-forced-idr", "1", "-force_key_frames", keys,
		"-c:a", "aac", "-b:a", "128k", "-f", "mpegts",
		"-mpegts_flags", "+initial_discontinuity",
		"-omit_video_pes_length", "0", "-muxpreload",
		"0", "-muxdelay", "0", "pipe:1", NULL
	};
	struct buf out = program_run(argv, OUT_MAX);

	join_feed(j, out.data, out.len);
	join_end(j);
	if (join_broken(j) != NULL)
		fail_msg("%s", join_broken(j));
	buf_fini(&out);
	free(video);
	free(audio);
	free(keys);
	return j;
}

static struct pad *
pad_for(const struct format *f)
{
	struct grid g = house_grid(f);
	char **argv = argv_pad("ffmpeg", NULL, f);
	struct buf out = program_run((const char *const *)argv, OUT_MAX);
	const char *why;
	struct pad *p = pad_new(&g, out.data, out.len, &why);

	assert_non_null(p);
	buf_fini(&out);
	argv_free(argv);
	return p;
}

struct air {
	struct format format;
	struct grid grid;
	struct mux *mux;
	struct pad *pad;
	struct noc *noc;
	struct buf out;
};

static void
air_slot(struct air *a, int64_t n, struct au *u)
{
	const struct au *audio[JOIN_AUDIO_MAX];
	size_t count = (size_t)(grid_audio(&a->grid, n + 1) -
	    grid_audio(&a->grid, n));

	for (size_t i = 0; i < count; i++)
		audio[i] = pad_silence(a->pad);
	mux_slot(a->mux, n, u, audio, count, &a->out);
	free(u);
}

static void
air_child(struct air *a, int64_t n0, int64_t n1)
{
	struct join *j = child_for(&a->format, n0, n1);

	for (int64_t n = n0; n < n1; n++) {
		struct au *u, *audio[JOIN_AUDIO_MAX];
		size_t count;

		assert_true(join_has(j, n));
		count = join_take(j, n, &u, audio);
		for (size_t i = 0; i < count; i++)
			free(audio[i]);
		air_slot(a, n, u);
	}
	join_free(j);
}

static void
air_pad(struct air *a, int64_t n0, int64_t n1)
{
	for (int64_t n = n0; n < n1; n++)
		air_slot(a, n, pad_picture(a->pad, n0, n));
}

static void
air_noc(struct air *a, int64_t n0, int64_t n1)
{
	char text[200];

	for (int64_t n = n0; n < n1; n++) {
		text_of(n, 30, text, sizeof text);
		air_slot(a, n, noc_picture(a->noc, n0, n, text));
	}
}

/* One picture for each slot, each a frame's time (framecrc's unit) after the
 * one before. */
static void
check_pictures(struct buf *crc, int64_t count)
{
	int64_t n = 0, last = 0;

	for (char *line = strtok((char *)(uintptr_t)buf_str(crc), "\n");
	    line != NULL; line = strtok(NULL, "\n")) {
		long pts;

		if (line[0] == '#')
			continue;
		pts = strtol(strchr(strchr(line, ',') + 1, ',') + 1, NULL, 10);
		if (n++ != 0)
			assert_int_equal(pts - last, 1);
		last = pts;
	}
	assert_int_equal(n, count);
}

static void
air_all(struct air *a, int64_t *n, const char *turns)
{
	/* Of all lengths, so that joints fall on the grid and off it. */
	static const int lengths[] = { 47, 1, 13, 60, 2, 75, 5, 3, 31 };

	for (int i = 0; turns[i] != '\0'; i++) {
		int64_t end = *n + lengths[i % 9];

		(turns[i] == 'c' ? air_child : turns[i] == 'p' ? air_pad :
		    air_noc)(a, *n, end);
		*n = end;
	}
}

static void
it_plays_between_children_and_pad(void **state)
{
	struct air a = { .format = format_small() };
	int64_t n = FAR + 7, n0 = n;
	struct buf crc;

	a.grid = house_grid(&a.format);
	a.mux = mux_new(&a.grid, "Retrovue", "Slate");
	a.pad = pad_for(&a.format);
	a.noc = noc_new(&a.grid, a.format.width, a.format.height);
	air_all(&a, &n, "cncnpncnncpcnnpnpnccncn");
	crc = decoded(*state, &a.out, "mpegts", "framecrc", OUT_MAX);
	check_pictures(&crc, n - n0);
	buf_fini(&crc);
	buf_fini(&a.out);
	noc_free(a.noc);
	pad_free(a.pad);
	mux_free(a.mux);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_picture_decodes_to_itself),
		TEST(any_levels_decode_to_themselves),
		TEST(every_size_decodes_to_what_was_drawn),
		TEST(any_text_decodes_to_what_was_drawn),
		TEST(a_long_stretch_decodes_at_every_rate),
		TEST(the_parameters_are_the_house_s),
		TEST(it_plays_between_children_and_pad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
