/* test_logo.c - a channel's picture: from its file, or a card; and how
 * documents are packed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "media/card.h"
#include "media/gzip.h"
#include "media/logo.h"
#include "tmptree.h"

/* ---- Files */

static void
check_type(const char *head, size_t len, const char *want)
{
	const char *got = logo_type((const uint8_t *)head, len);

	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}
#define CHECK_TYPE(head, want) check_type(head, sizeof head - 1, want)

static void
a_picture_is_known_by_how_it_begins(void **state)
{
	(void)state;
	CHECK_TYPE("\x89PNG\r\n\x1a\n...", "image/png");
	CHECK_TYPE("\xff\xd8\xff\xe0", "image/jpeg");
	CHECK_TYPE("GIF89a..", "image/gif");
	CHECK_TYPE("RIFF\0\0\0\0WEBPVP8 ", "image/webp");
	CHECK_TYPE("<?xml version='1.0'?>\n<!-- x --><svg xmlns=''/>",
	    "image/svg+xml");
	CHECK_TYPE("<html><body>", NULL);
	CHECK_TYPE("\0\0<svg", NULL);
	CHECK_TYPE("\x89PN", NULL);
	CHECK_TYPE("RIFF\0\0\0\0WEB", NULL);
	CHECK_TYPE("", NULL);
}

/* What becomes of dir/name: its type, or why not. */
static const char *
read_one(const struct tree *t, const char *name, struct buf *out)
{
	char *path = tree_path(t, name);
	const char *why, *type = logo_read(path, out, &why, NULL);

	free(path);
	return type != NULL ? type : why;
}

static void
a_file_is_read_as_it_is(void **state)
{
	const struct tree *t = *state;
	struct buf out = { 0 };

	tree_write(t, "a.svg", "<svg/>");
	assert_string_equal(read_one(t, "a.svg", &out), "image/svg+xml");
	assert_string_equal(buf_str(&out), "<svg/>");
	buf_fini(&out);
}

static void
what_is_no_logo_is_said_why(void **state)
{
	const struct tree *t = *state;
	char *pipe = tree_path(t, "pipe"), *big = xmalloc(LOGO_MAX + 2);
	struct buf out = { 0 };

	memset(big, ' ', LOGO_MAX + 1);
	memcpy(big, "GIF89a", 6);
	big[LOGO_MAX + 1] = '\0';
	tree_write(t, "big.gif", big);
	tree_write(t, "text.png", "no picture");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_string_equal(read_one(t, "none.png", &out), "is not there");
	assert_string_equal(read_one(t, "big.gif", &out),
	    "has more than 1 MiB");
	assert_string_equal(read_one(t, "pipe", &out), "is no file");
	assert_string_equal(read_one(t, "text.png", &out),
	    "is neither PNG, JPEG, GIF, WebP nor SVG");
	assert_int_equal(out.len, 0);
	free(pipe);
	free(big);
}

/* ---- Cards */

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

/* The samples of a PNG as card.c makes it, a filter type before each row. */
static size_t
samples_of(const struct buf *png, uint8_t *out, size_t room)
{
	uLongf len = room;
	size_t at = 8;

	assert_memory_equal(png->data, "\x89PNG\r\n\x1a\n", 8);
	while (at < png->len) {
		const uint8_t *p = png->data + at;
		uint32_t n = be32(p);

		assert_true(at + n + 12 <= png->len);
		assert_int_equal(be32(p + 8 + n), crc32_z(0, p + 4, n + 4));
		if (memcmp(p + 4, "IDAT", 4) == 0)
			assert_int_equal(uncompress(out, &len, p + 8, n), Z_OK);
		at += n + 12;
	}
	assert_memory_equal(png->data + at - 8, "IEND", 4);
	return len;
}

static size_t
ink(const char *number)
{
	static uint8_t s[400 * 400];
	struct buf png = { 0 };
	size_t n = 0, len;

	card_draw(&png, "one", number);
	len = samples_of(&png, s, sizeof s);
	assert_int_equal(len, 270 * 361);
	for (size_t i = 0; i < len; i++) {
		assert_true(s[i] <= 1 && (i % 361 != 0 || s[i] == 0));
		n += s[i];
	}
	buf_fini(&png);
	return n;
}

static void
a_card_is_a_picture_of_its_number(void **state)
{
	(void)state;
	assert_int_equal(ink(""), 0);
	/* Dots of the glyphs, each a square. */
	assert_int_equal(ink("1"), 10 * 24 * 24);
	assert_int_equal(ink("11"), 2 * 10 * 24 * 24);
	assert_true(ink("65535.65535") > 0);
	assert_true(ink("5") != ink("6"));
}

/* ---- Packing */

static void
check_packed(const char *a, const char *b)
{
	struct gzip_part first, last;
	struct buf x = { 0 }, y = { 0 }, file = { 0 };
	uint8_t got[4096] = { 0 };
	z_stream z = { 0 };

	buf_adds(&x, a);
	buf_adds(&y, b);
	assert_true(gzip_part(&last, &y, true, NULL));
	assert_true(gzip_part(&first, &x, false, NULL));
	gzip_join(&file, &first, &last);
	assert_int_equal(inflateInit2(&z, 16 + 15), Z_OK);
	z.next_in = file.data;
	z.avail_in = (uInt)file.len;
	z.next_out = got;
	z.avail_out = sizeof got;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, x.len + y.len);
	assert_memory_equal(got, a, x.len);
	assert_memory_equal(got + x.len, b, y.len);
	inflateEnd(&z);
	buf_fini(&first.deflated);
	buf_fini(&last.deflated);
	buf_fini(&x);
	buf_fini(&y);
	buf_fini(&file);
}

static void
two_parts_are_one_file(void **state)
{
	(void)state;
	check_packed("the head ", "and the body and the body and the body");
	check_packed("", "a body");
	check_packed("a head", "");
	check_packed("", "");
}

static void
packing_can_be_given_up(void **state)
{
	const volatile int stop = 1;
	struct gzip_part p;
	struct buf b = { 0 };

	(void)state;
	memset(buf_extend(&b, 1 << 20), 'x', 1 << 20);
	assert_false(gzip_part(&p, &b, true, &stop));
	buf_fini(&p.deflated);
	buf_fini(&b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_known_by_how_it_begins),
		TEST(a_file_is_read_as_it_is),
		TEST(what_is_no_logo_is_said_why),
		cmocka_unit_test(a_card_is_a_picture_of_its_number),
		cmocka_unit_test(two_parts_are_one_file),
		cmocka_unit_test(packing_can_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
