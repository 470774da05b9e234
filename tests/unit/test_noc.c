/* test_noc.c - the slate with text: what its access units are made of, and
 * where its letters stand.  That a decoder sees what was drawn is
 * tests/media/test_noc.c's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "air/noc.h"
#include "air/noc_draw.h"
#include "air/noc_font.h"
#include "base/xmem.h"
#include "ts/h264_head.h"

#define FAR	INT64_C(44750000000)	/* a slot of this century */
#define PLANE	40
#define INK	216

static const struct rate pal = { 25, 1 };
static const char text[] = "CHANNEL 5\nNo such file: /films/fog.mkv";

static struct noc *
slate(int width, int height)
{
	struct grid g = grid_make(pal, 48000, 1024);

	return noc_new(&g, width, height);
}

/* The NAL unit at *at; its length, without the start code.  0: no more. */
static size_t
nal_next(const struct au *u, size_t *at)
{
	size_t begin, end;

	if (*at == u->len)
		return 0;
	assert_true(u->len - *at > 4);
	assert_memory_equal(u->data + *at, "\0\0\0\1", 4);
	begin = end = *at += 4;
	while (end < u->len && (u->len - end < 4 ||
	    memcmp(u->data + end, "\0\0\0\1", 4) != 0))
		end++;
	return end - begin;
}

/* No start code, nor what may not stand in a NAL unit but for one (7.4.1). */
static void
check_nal(const uint8_t *p, size_t len)
{
	for (size_t i = 2; i < len; i++)
		if (p[i - 2] == 0 && p[i - 1] == 0)
			assert_true(p[i] > 3 || (p[i] == 3 &&
			    (i + 1 == len || p[i + 1] <= 3)));
	assert_int_not_equal(p[len - 1], 0);
}

/* The NAL units' headers are these. */
static void
check_unit(const struct au *u, const char *headers)
{
	size_t at = 0, len;

	for (; (len = nal_next(u, &at)) != 0; at += len) {
		assert_int_equal(u->data[at], (uint8_t)*headers++);
		check_nal(u->data + at, len);
	}
	assert_int_equal(*headers, '\0');
}

static const char idr_unit[] = { H264_NAL_AUD, H264_NAL_SPS, H264_NAL_PPS,
	H264_NAL_IDR, 0 };
static const char p_unit[] = { H264_NAL_AUD, H264_NAL_SLICE, 0 };

static struct au *
show(struct noc *s, int64_t start, int64_t n, const char *t)
{
	struct au *u = noc_picture(s, start, n, t);

	assert_int_equal(u->index, n);
	assert_int_equal(u->key, h264_is_idr(u->data, u->len));
	check_unit(u, u->key ? idr_unit : p_unit);
	return u;
}

/* Bits of a payload: the first hundred need no unescaping here. */
struct reader {
	const uint8_t *p;
	int at;
};

static uint32_t
read_u(struct reader *r, int n)
{
	uint32_t v = 0;

	for (; n > 0; n--, r->at++)
		v = v << 1 | (r->p[r->at / 8] >> (7 - r->at % 8) & 1);
	return v;
}

static uint32_t
read_ue(struct reader *r)
{
	int zeros = 0;

	while (read_u(r, 1) == 0)
		zeros++;
	return (1u << zeros) - 1 + read_u(r, zeros);
}

struct slice {
	uint32_t type, frame_num, idr_id, order;
};

static struct slice
slice_of(const struct au *u)
{
	struct slice s = { 0 };
	struct reader r = { 0 };
	size_t at = 0, len;

	while ((len = nal_next(u, &at)) != 0) {
		r.p = u->data + at + 1;
		at += len;
	}
	assert_int_equal(read_ue(&r), 0);	/* first_mb_in_slice */
	s.type = read_ue(&r);
	assert_int_equal(read_ue(&r), 0);
	s.frame_num = read_u(&r, 8);
	if (u->key)
		s.idr_id = read_ue(&r);
	s.order = read_u(&r, 8);
	return s;
}

static void
check_stretch(struct noc *s, int64_t start)
{
	int64_t gop = 50, key = start;
	uint32_t last_id = 99;

	for (int64_t n = start; n < start + 3 * gop; n++) {
		struct au *u = show(s, start, n, text);
		struct slice head = slice_of(u);

		assert_int_equal(u->key, n == start || n % gop == 0);
		if (u->key) {
			assert_true(head.idr_id != last_id);
			last_id = head.idr_id;
			key = n;
		}
		assert_int_equal(head.type, u->key ? 7 : 5);
		assert_int_equal(head.frame_num, n - key);
		assert_int_equal(head.order, 2 * (n - key));
		free(u);
	}
}

static void
any_stretch_has_its_key_frames_and_they_take_turns(void **state)
{
	struct noc *s = slate(160, 90);

	(void)state;
	for (int64_t i = 0; i < 100; i++)
		check_stretch(s, FAR + i);
	noc_free(s);
}

/* The one thing that the standard asks of idr_pic_id, and encoders' are 0 and
 * 1. */
static void
one_picture_after_another_may_be_an_idr(void **state)
{
	struct noc *s = slate(160, 90);
	uint32_t last = 0;

	(void)state;
	for (int64_t n = FAR; n < FAR + 120; n++) {
		struct au *u = show(s, n, n, text);
		uint32_t id = slice_of(u).idr_id;

		assert_true(u->key && id > 1 && id != last);
		last = id;
		free(u);
	}
	noc_free(s);
}

static void
what_does_not_follow_is_an_idr(void **state)
{
	struct noc *s = slate(160, 90);
	static const struct {
		int64_t start, n;
		bool key;
	} steps[] = {
		{ 7, 9, true }, { 7, 10, false }, { 7, 12, true },
		{ 7, 11, true }, { 7, 12, false }, { 3, 13, true },
		{ 3, 14, false }, { 3, 14, true }, { 3, 50, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct au *u = show(s, FAR + steps[i].start,
		    FAR + steps[i].n, text);

		assert_int_equal(u->key, steps[i].key);
		free(u);
	}
	noc_free(s);
}

static char *
clock_text(int64_t n)
{
	return xasprintf("%s\n12:00:%02d", text, (int)(n / 25 % 60));
}

static void
the_same_texts_give_the_same_bytes(void **state)
{
	struct noc *a = slate(640, 360), *b = slate(640, 360);

	(void)state;
	free(show(b, FAR - 3, FAR - 3, "before"));
	free(show(b, FAR - 3, FAR - 2, "of another stretch"));
	for (int64_t n = FAR; n < FAR + 120; n++) {
		char *t = clock_text(n);
		struct au *u = show(a, FAR, n, t), *v = show(b, FAR, n, t);

		assert_int_equal(u->len, v->len);
		assert_memory_equal(u->data, v->data, u->len);
		free(u);
		free(v);
		free(t);
	}
	noc_free(a);
	noc_free(b);
}

static void
what_does_not_change_costs_next_to_nothing(void **state)
{
	struct noc *s = slate(1920, 1080);
	struct au *u;

	(void)state;
	free(show(s, FAR, FAR, "12:00:00"));
	u = show(s, FAR, FAR + 1, "12:00:00");
	assert_true(u->len < 24);
	free(u);
	u = show(s, FAR, FAR + 2, "12:00:01");
	assert_true(u->len > 24 && u->len < 250);
	free(u);
	u = show(s, FAR, FAR + 3, "12:00:01");
	assert_true(u->len < 24);
	free(u);
	noc_free(s);
}

/* Four lines of forty, and as much as there is room for. */
static void
a_full_card_is_small(void **state)
{
	static const struct {
		int width, height;
		size_t four, all;
	} sizes[] = {
		{ 640, 360, 80000, 260000 },
		{ 1280, 720, 10000, 22000 },
		{ 1920, 1080, 14000, 36000 },
	};
	char full[2001];

	(void)state;
	memset(full, '@', sizeof full - 1);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct noc *s = slate(sizes[i].width, sizes[i].height);
		struct au *u;

		full[2000] = '\0';
		u = show(s, FAR, FAR, full);
		assert_true(u->len < sizes[i].all);
		free(u);
		for (int l = 1; l <= 4; l++)
			full[41 * l - 1] = l == 4 ? '\0' : '\n';
		u = show(s, FAR, FAR, full);
		assert_true(u->len < sizes[i].four);
		free(u);
		memset(full, '@', sizeof full - 1);
		noc_free(s);
	}
}

static uint32_t
dice(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void
random_text(uint32_t *seed, char *t, size_t size)
{
	size_t len = dice(seed) % size;

	for (size_t i = 0; i < len; i++) {
		uint32_t d = dice(seed);

		t[i] = (char)(d % 9 == 0 ? '\n' : d % 5 == 0 ? ' ' :
		    d % 2 == 0 ? ' ' + d / 9 % 95 : 1 + d / 9 % 255);
	}
	t[len] = '\0';
}

static void
any_bytes_are_a_text_at_any_size(void **state)
{
	uint32_t seed = 5;
	char t[400];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int width = 2 * (int)(1 + dice(&seed) % 200);
		int height = 2 * (int)(1 + dice(&seed) % 120);
		struct noc *s = slate(width, height);

		for (int64_t n = 0; n < 10; n++) {
			random_text(&seed, t, sizeof t);
			free(show(s, FAR + 48, FAR + 48 + n, t));
		}
		noc_free(s);
	}
}

static void
start_codes_within_are_escaped(void **state)
{
	/* In 00 00 0v and six more zeros: after every two. */
	static const size_t escapes[] = { 4, 3, 3, 3, 2 };

	(void)state;
	for (uint32_t v = 0; v < 5; v++) {
		struct h264_bits b = { 0 };
		struct buf out = { 0 };

		h264_u(&b, 24, v);
		h264_u(&b, 24, 0);
		h264_u(&b, 24, 0);
		h264_nal_add(&out, H264_NAL_SPS, &b);
		check_nal(out.data + 4, out.len - 4);
		assert_int_equal(out.len, 4 + 1 + 9 + 1 + escapes[v]);
		buf_fini(&out);
		buf_fini(&b.bytes);
	}
}

/* ---- what is drawn */

struct drawing {
	struct h264_picture p;
	int width, height;
};

static struct drawing
draw(int width, int height, const char *t)
{
	struct drawing d = {
		{ (width + 15) / 16, (height + 15) / 16, NULL },
		width, height
	};

	d.p.mb = xcalloc((size_t)(d.p.width * d.p.height), sizeof *d.p.mb);
	noc_draw(&d.p, width, height, t);
	return d;
}

static int
luma(const struct drawing *d, int x, int y)
{
	return d->p.mb[y / 16 * d->p.width + x / 16].y[y % 16 * 16 + x % 16];
}

static int
ink_count(const struct drawing *d)
{
	int n = 0;

	for (int y = 0; y < d->height; y++)
		for (int x = 0; x < d->width; x++)
			n += luma(d, x, y) == INK;
	return n;
}

/* Samples of ink in a text at 160x90. */
static int
ink_of(const char *t)
{
	struct drawing d = draw(160, 90, t);
	int n = ink_count(&d);

	free(d.p.mb);
	return n;
}

static bool
same(const char *a, const char *b)
{
	struct drawing x = draw(320, 180, a), y = draw(320, 180, b);
	bool equal = memcmp(x.p.mb, y.p.mb, (size_t)(x.p.width * x.p.height) *
	    sizeof *x.p.mb) == 0;

	free(x.p.mb);
	free(y.p.mb);
	return equal;
}

static void
without_a_text_there_is_but_the_plane(void **state)
{
	struct drawing d = draw(320, 180, "");

	(void)state;
	for (int y = 0; y < 180; y++)
		for (int x = 0; x < 320; x++)
			assert_int_equal(luma(&d, x, y), PLANE);
	free(d.p.mb);
}

static void
every_glyph_is_another(void **state)
{
	char a[2] = "", b[2] = "";

	(void)state;
	for (int i = '!'; i < NOC_FONT_BOX; i++)
		for (int j = i + 1; j <= NOC_FONT_BOX; j++) {
			a[0] = (char)i;
			b[0] = (char)j;
			assert_false(same(a, b));
		}
}

static void
what_has_no_glyph_is_a_box(void **state)
{
	(void)state;
	assert_true(same("Am\xc3\xa9lie", "Am\x7flie"));
	assert_true(same("a\xff\xc3" "b\xe2\x82\xac", "a\x7f\x7f" "b\x7f"));
	assert_true(same("a\tb\r", "a b "));
}

static void
long_lines_are_broken_at_spaces(void **state)
{
	(void)state;
	/* At this size a line holds 44. */
	assert_true(same("There is nothing on this channel at the moment, "
	    "stay tuned",
	    "There is nothing on this channel at the\nmoment, stay tuned") ||
	    same("There is nothing on this channel at the moment, "
	    "stay tuned",
	    "There is nothing on this channel at the moment,\nstay tuned"));
	assert_false(same("one two", "one\ntwo"));
	assert_true(same("one\n", "one"));
	assert_false(same("one\n\ntwo", "one\ntwo"));
}

static void
what_does_not_fit_ends_in_an_ellipsis(void **state)
{
	(void)state;
	assert_true(ink_of("1\n2\n3\n4\n5\n6\n7\n8") ==
	    ink_of("1\n2\n3\n4\n5\n6...") );
	assert_true(ink_of("1\n2\n3\n4\n5\n6") < ink_of("1\n2\n3\n4\n5\n6..."));
}

static void
letters_are_as_large_as_the_text_allows(void **state)
{
	struct drawing few = draw(1280, 720, "one\ntwo");
	struct drawing many = draw(1280, 720,
	    "one\ntwo\n\n\n\n\n\n\n\n\n\n.");

	(void)state;
	assert_true(ink_count(&few) > 3 * ink_count(&many));
	free(few.p.mb);
	free(many.p.mb);
}

static void
nothing_stands_at_the_edge(void **state)
{
	static const int sizes[][2] = {
		{ 160, 90 }, { 640, 360 }, { 720, 576 }, { 1280, 720 },
		{ 1920, 1080 }, { 3840, 2160 },
	};
	char t[2001];

	(void)state;
	memset(t, 'W', sizeof t - 1);
	t[2000] = '\0';
	for (size_t i = 0; i < 6; i++) {
		int w = sizes[i][0], h = sizes[i][1];
		struct drawing d = draw(w, h, t);

		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++)
				if (x < w / 20 - 6 || x > w - w / 20 + 6 ||
				    y < h / 20 - 16 || y > h - h / 20)
					assert_int_equal(luma(&d, x, y),
					    PLANE);
		free(d.p.mb);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		any_stretch_has_its_key_frames_and_they_take_turns),
	    cmocka_unit_test(one_picture_after_another_may_be_an_idr),
	    cmocka_unit_test(what_does_not_follow_is_an_idr),
	    cmocka_unit_test(the_same_texts_give_the_same_bytes),
	    cmocka_unit_test(what_does_not_change_costs_next_to_nothing),
	    cmocka_unit_test(a_full_card_is_small),
	    cmocka_unit_test(any_bytes_are_a_text_at_any_size),
	    cmocka_unit_test(start_codes_within_are_escaped),
	    cmocka_unit_test(without_a_text_there_is_but_the_plane),
	    cmocka_unit_test(every_glyph_is_another),
	    cmocka_unit_test(what_has_no_glyph_is_a_box),
	    cmocka_unit_test(long_lines_are_broken_at_spaces),
	    cmocka_unit_test(what_does_not_fit_ends_in_an_ellipsis),
	    cmocka_unit_test(letters_are_as_large_as_the_text_allows),
	    cmocka_unit_test(nothing_stands_at_the_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
