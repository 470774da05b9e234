/* test_sets.c - pad, slate and text air under the parameter sets of the
 * programmes' children, byte for byte, and show what they did under their
 * own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "air/house.h"
#include "air/noc.h"
#include "air/pad.h"
#include "base/xmem.h"
#include "decoded.h"
#include "media/padfile.h"

#define OUT_MAX		(64u << 20)
#define START		INT64_C(44750000000)	/* a slot of this century */

static const struct {
	int width, height;
	struct rate rate;
	int64_t bitrate;
	const char *preset;		/* NULL: as is usual */
} houses[] = {
	{ 320, 180, { 25, 1 }, 400000, NULL },
	{ 320, 180, { 25, 1 }, 3000000, "ultrafast" },	/* Main, CAVLC */
	{ 320, 180, { 50, 1 }, 300000, "slow" },	/* weights */
	{ 426, 240, { 24000, 1001 }, 700000, "medium" },
	{ 640, 360, { 30000, 1001 }, 3000000, NULL },
	{ 426, 240, { 60, 1 }, 800000, "superfast" },
	{ 1280, 720, { 60000, 1001 }, 3000000, NULL },
	{ 1920, 1080, { 25, 1 }, 6000000, NULL },
};
#define NHOUSES	(sizeof houses / sizeof houses[0])

static struct format
format_of(size_t i)
{
	struct format f = format_default();

	f.width = houses[i].width;
	f.height = houses[i].height;
	f.rate = houses[i].rate;
	f.video_bitrate = houses[i].bitrate;
	return f;
}

/* What a child puts out, of a lively picture. */
static struct buf
child_run(const struct format *f, const struct argv_caps *caps)
{
	char **argv = argv_trial("ffmpeg", caps, f, 1);
	struct buf out = program_run((const char *const *)argv, OUT_MAX);

	argv_free(argv);
	return out;
}

static void
check_set(const struct h264_set *a, const struct h264_set *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->nal, b->nal, a->len);
}

static void
check_picture(const struct pad *p, int64_t n, const struct h264_sets *want)
{
	struct au *u = pad_picture(p, n, n);
	struct h264_sets got;

	assert_true(u->key);
	assert_true(h264_sets_find(&got, u->data, u->len));
	check_set(&got.sps, &want->sps);
	check_set(&got.pps, &want->pps);
	free(u);
}

static void
check_pad(const struct tree *t, const char *ffmpeg, size_t i,
    const struct h264_sets *want)
{
	struct format f = format_of(i);
	const struct argv_caps caps = { .preset = houses[i].preset };
	const struct padfile_options o = {
		.ffmpeg = ffmpeg, .state_dir = t->dir, .caps = &caps,
	};
	struct errs e = { 0 };
	struct pad *p = padfile_load(&o, &f, &e);

	assert_non_null(p);
	check_picture(p, START, want);
	check_picture(p, START + house_grid(&f).gop, want);
	pad_free(p);
	errs_fini(&e);
}

static void
pads_have_the_children_s_sets(void **state)
{
	for (size_t i = 0; i < NHOUSES; i++) {
		struct format f = format_of(i);
		const struct argv_caps caps = { .preset = houses[i].preset };
		struct buf ts = child_run(&f, &caps);
		struct h264_sets child;

		assert_true(pad_sets_find(&child, ts.data, ts.len));
		check_pad(*state, "ffmpeg", i, &child);
		check_pad(*state, "/no/ffmpeg", i, &child);	/* cached */
		buf_fini(&ts);
	}
}

/* ---- what a decoder makes of it */

static void
check_same(const struct tree *t, struct buf *a, struct buf *b)
{
	struct buf x = decoded(t, a, "h264", "rawvideo", OUT_MAX);
	struct buf y = decoded(t, b, "h264", "rawvideo", OUT_MAX);

	assert_true(x.len > 0);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.data, y.data, x.len);
	buf_fini(&x);
	buf_fini(&y);
	buf_fini(a);
	buf_fini(b);
}

/* As a slate of a video is made: a picture that moves and fades. */
static struct pad *
slate_run(const struct format *f, const struct argv_caps *caps)
{
	struct grid g = house_grid(f);
	char **argv = argv_pad("ffmpeg", caps, f), **a = argv;
	struct pad *p;
	struct buf ts;
	const char *why;

	while (strncmp(*a, "color=c=black:", 14) != 0)
		a++;
	free(*a);
	*a = xasprintf("testsrc2=s=%dx%d:r=%d/%d,fade=t=in:n=30,"
	    "fade=t=out:s=50:n=40", f->width, f->height, (int)f->rate.num,
	    (int)f->rate.den);
	ts = program_run((const char *const *)argv, OUT_MAX);
	p = pad_new(&g, ts.data, ts.len, &why);
	assert_non_null(p);
	buf_fini(&ts);
	argv_free(argv);
	return p;
}

/* Groups that are cut short, too. */
static struct buf
pad_stream(const struct pad *p, const struct grid *g)
{
	int64_t first = div_floor(START, g->gop) * g->gop;
	struct buf out = { 0 };

	for (int64_t n = first; n < first + 2 * g->gop + 7; n++) {
		struct au *u = pad_picture(p, first, n);

		buf_add(&out, u->data, u->len);
		free(u);
	}
	return out;
}

static void
pictures_stay_the_same_under_other_sets(void **state)
{
	/* All but the large ones, which are no other case. */
	for (size_t i = 0; i < NHOUSES && houses[i].width < 1000; i++) {
		struct format f = format_of(i);
		struct grid g = house_grid(&f);
		const struct argv_caps caps = { .preset = houses[i].preset };
		struct buf ts = child_run(&f, &caps), before, after;
		struct pad *p = slate_run(&f, &caps);
		struct h264_sets child;

		assert_true(pad_sets_find(&child, ts.data, ts.len));
		before = pad_stream(p, &g);
		assert_null(pad_sets(p));
		assert_true(pad_sets_change(p, &child));
		check_set(&pad_sets(p)->sps, &child.sps);
		after = pad_stream(p, &g);
		check_same(*state, &before, &after);
		pad_free(p);
		buf_fini(&ts);
	}
}

/* Another size, another way to code: then pad stays what it was. */
static void
sets_that_do_not_fit_change_nothing(void **state)
{
	struct format f = format_of(0), other = format_of(3);
	struct grid g = house_grid(&f);
	const struct argv_caps fast = { .preset = "ultrafast" };
	struct pad *p = slate_run(&f, NULL);
	struct buf before = pad_stream(p, &g), after;
	struct buf sized = child_run(&other, NULL);
	struct buf coded = child_run(&f, &fast);
	struct h264_sets s;

	(void)state;
	assert_true(pad_sets_find(&s, sized.data, sized.len));
	assert_false(pad_sets_change(p, &s));
	assert_true(pad_sets_find(&s, coded.data, coded.len));
	assert_false(pad_sets_change(p, &s));
	assert_null(pad_sets(p));
	after = pad_stream(p, &g);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, after.len);
	assert_false(pad_sets_find(&s, sized.data, 188));
	pad_free(p);
	buf_fini(&before);
	buf_fini(&after);
	buf_fini(&sized);
	buf_fini(&coded);
}

static struct buf
noc_stream(const struct format *f, const struct h264_sets *sets)
{
	struct grid g = house_grid(f);
	struct noc *s = noc_new(&g, f->width, f->height);
	struct buf out = { 0 };
	char text[40];

	noc_set_sets(s, sets);
	for (int64_t n = START + 3; n < START + 3 + 2 * g.gop; n++) {
		struct au *u;

		snprintf(text, sizeof text, "CHANNEL 5\n12:00:%02d",
		    (int)(n / 20 % 60));
		u = noc_picture(s, START + 3, n, text);
		if (sets != NULL && u->key)
			assert_non_null(memmem(u->data, u->len, sets->sps.nal,
			    sets->sps.len));
		buf_add(&out, u->data, u->len);
		free(u);
	}
	noc_free(s);
	return out;
}

static void
text_stays_the_same_under_the_children_s_sps(void **state)
{
	for (size_t i = 0; i < NHOUSES && houses[i].width < 1000; i++) {
		struct format f = format_of(i);
		const struct argv_caps caps = { .preset = houses[i].preset };
		struct buf ts = child_run(&f, &caps), before, after;
		struct h264_sets child;

		assert_true(pad_sets_find(&child, ts.data, ts.len));
		before = noc_stream(&f, NULL);
		after = noc_stream(&f, &child);
		check_same(*state, &before, &after);
		buf_fini(&ts);
	}
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pads_have_the_children_s_sets),
		TEST(pictures_stay_the_same_under_other_sets),
		TEST(sets_that_do_not_fit_change_nothing),
		TEST(text_stays_the_same_under_the_children_s_sps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
