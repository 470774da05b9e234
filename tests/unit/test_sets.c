/* test_sets.c - pictures under other parameter sets than they were encoded
 * under: as if they had been encoded under these, and never a wrong read.
 * What an encoder makes is tests/media/test_sets.c's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "air/noc.h"
#include "base/xmem.h"
#include "ts/h264_sets.h"

#define START	INT64_C(44750000000)	/* begins a group of pictures */

/* Picture i of a stretch; the house's reorder depth is in its SPS. */
static struct au *
picture(int width, int64_t reorder, int64_t i)
{
	struct grid g = grid_make((struct rate){ 25, 1 }, 48000, 1024);
	struct au *u = NULL;
	struct noc *s;

	g.reorder = reorder;
	s = noc_new(&g, width, 90);
	for (int64_t n = 0; n <= i; n++) {
		free(u);
		u = noc_picture(s, START, START + n, n % 2 == 0 ? "1" : "2");
	}
	noc_free(s);
	return u;
}

static struct h264_sets
sets_of(int width, int64_t reorder)
{
	struct au *u = picture(width, reorder, 0);
	struct h264_sets s;

	assert_true(h264_sets_find(&s, u->data, u->len));
	free(u);
	return s;
}

static void
a_picture_is_as_if_encoded_under_the_other_sets(void **state)
{
	const struct h264_sets from = sets_of(160, 0), to = sets_of(160, 2);

	(void)state;
	assert_true(from.sps.len != to.sps.len || memcmp(from.sps.nal,
	    to.sps.nal, to.sps.len) != 0);
	for (uint32_t i = 0; i < 5; i++) {
		struct au *u = picture(160, 0, i), *want = picture(160, 2, i);
		struct au *got = h264_sets_change(u, &from, &to, i);

		assert_non_null(got);
		assert_int_equal(got->index, u->index);
		assert_int_equal(got->key, i == 0);
		assert_int_equal(got->len, want->len);
		assert_memory_equal(got->data, want->data, want->len);
		free(u);
		free(want);
		free(got);
	}
}

static void
what_does_not_fit_is_refused(void **state)
{
	const struct h264_sets s = sets_of(160, 2), wide = sets_of(192, 2);
	struct au *u = picture(160, 2, 3);

	(void)state;
	assert_null(h264_sets_change(u, &s, &wide, 3));
	assert_null(h264_sets_change(u, &s, &s, 2));
	assert_null(h264_sets_change(u, &s, &s, 0));
	free(u);
}

static void
try_bytes(const uint8_t *data, size_t len, const struct h264_sets *to)
{
	/* Exactly so many bytes, that a read beyond them is seen. */
	struct au *u = au_new(START, true, data, len);
	struct h264_sets from;

	if (h264_sets_find(&from, u->data, u->len))
		free(h264_sets_change(u, &from, to, 0));
	free(h264_sets_change(u, to, to, 0));
	free(u);
}

static void
bytes_cut_or_turned_anywhere_are_no_harm(void **state)
{
	const struct h264_sets s = sets_of(160, 2);
	struct au *u = picture(160, 2, 0);
	size_t most = u->len < 300 ? u->len : 300;

	(void)state;
	for (size_t i = 0; i < most; i++)
		try_bytes(u->data, i, &s);
	for (size_t i = 0; i < 8 * most; i++) {
		u->data[i / 8] ^= (uint8_t)(1 << i % 8);
		try_bytes(u->data, u->len, &s);
		u->data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	free(u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_picture_is_as_if_encoded_under_the_other_sets),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(bytes_cut_or_turned_anywhere_are_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
