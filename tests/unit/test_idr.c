/* test_idr.c - two key frames in a row never have the same name. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "ts/idr.h"

/* As x264 writes it: High, frame_num of four bits. */
static const char sps[] = "\0\0\0\1\x67\x64\x00\x1e\xac\xd9\x40\xa0\x2f";
static const char rest[] = "\x5a\xa5\x00\x00\x03\x01\xff";

struct writer {
	struct buf out;
	unsigned byte, n;
};

static void
put(struct writer *w, uint32_t v, unsigned bits)
{
	while (bits-- > 0) {
		w->byte = w->byte << 1 | (v >> bits & 1);
		if (++w->n == 8) {
			buf_add(&w->out, &(uint8_t){ (uint8_t)w->byte }, 1);
			w->n = w->byte = 0;
		}
	}
}

static void
put_golomb(struct writer *w, uint32_t v)
{
	unsigned bits = 0;

	while ((v + 1) >> bits != 0)
		bits++;
	put(w, 0, bits - 1);
	put(w, v + 1, bits);
}

/* An IDR slice of that name, `qp` and then the rest behind it. */
static void
slice(struct writer *w, uint32_t mb, uint32_t id, uint32_t qp)
{
	buf_add(&w->out, "\0\0\1\x65", 4);
	put_golomb(w, mb);
	put_golomb(w, 7);
	put_golomb(w, 0);
	put(w, 0, 4);
	put_golomb(w, id);
	put_golomb(w, qp);
	while (w->n != 0)
		put(w, 1, 1);
	buf_add(&w->out, rest, sizeof rest - 1);
}

static struct au *
picture(uint32_t id, uint32_t qp, int slices)
{
	struct writer w = { 0 };
	struct au *u;

	buf_add(&w.out, sps, sizeof sps - 1);
	for (int i = 0; i < slices; i++)
		slice(&w, (uint32_t)i * 100, id, qp);
	u = au_new(7, true, w.out.data, w.out.len);
	buf_fini(&w.out);
	return u;
}

static void
check_same(struct au *a, struct au *b)
{
	assert_non_null(a);
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, b->len);
	assert_int_equal(a->index, 7);
	assert_true(a->key);
	free(a);
	free(b);
}

static void
a_picture_says_its_name(void **state)
{
	(void)state;
	for (uint32_t id = 0; id < 300; id++) {
		struct au *u = picture(id, 3, 1);

		assert_int_equal(idr_id(u->data, u->len), id);
		free(u);
	}
}

/* What is written under another name is what an encoder would have written
 * under it, to the bit, but for the filling of the last byte. */
static void
every_slice_is_renamed_and_nothing_else(void **state)
{
	static const uint32_t names[][2] = { { 0, 15 }, { 1, 2 }, { 2, 1 },
	    { 15, 16 }, { 16, 15 }, { 3, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (uint32_t qp = 0; qp < 40; qp++) {
			struct au *u = picture(names[i][0], qp, 3);

			check_same(idr_renamed(u),
			    picture(names[i][1], qp, 3));
			free(u);
		}
}

static void
what_brings_no_sps_has_no_name(void **state)
{
	struct au *u = picture(0, 3, 1);
	size_t n = sizeof sps - 1;
	struct au *bare = au_new(0, true, u->data + n, u->len - n);

	(void)state;
	assert_int_equal(idr_id(bare->data, bare->len), -1);
	assert_null(idr_renamed(bare));
	free(bare);
	free(u);
}

static void
bytes_cut_anywhere_are_no_harm(void **state)
{
	struct au *u = picture(0, 3, 2);

	(void)state;
	for (size_t len = 0; len < u->len; len++) {
		struct au *cut = au_new(0, true, u->data, len);

		free(idr_renamed(cut));
		free(cut);
	}
	free(u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_says_its_name),
		cmocka_unit_test(every_slice_is_renamed_and_nothing_else),
		cmocka_unit_test(what_brings_no_sps_has_no_name),
		cmocka_unit_test(bytes_cut_anywhere_are_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
