#include "memfile.h"

#include <stdlib.h>
#include <time.h>

static struct node_doc *doc;

static int
teardown(void **state)
{
	node_doc_free(doc);
	doc = NULL;
	return memfile_teardown(state);
}

/* Milliseconds of processor time that loading these bytes took. */
static long
load_ms(const char *text, size_t len)
{
	clock_t t = clock();

	memfile_add_bytes("dir/a.yaml", text, len);
	doc = node_load("dir/a.yaml", memfile_read, NULL, &errs);
	return (long)((clock() - t) / (CLOCKS_PER_SEC / 1000));
}

static int
endless_read(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)ctx;
	(void)path;
	(void)why;
	memfile_reads++;
	buf_adds(out, "a: !include sub/x.yaml\n");
	return 0;
}

static void
an_endless_chain_of_includes_ends(void **state)
{
	(void)state;
	doc = node_load("a.yaml", endless_read, NULL, &errs);
	assert_fault_has("too many files");
	assert_int_equal(memfile_reads, 16);
}

static void
a_hundred_thousand_brackets_are_refused_at_once(void **state)
{
	static char text[128 << 10];

	(void)state;
	memset(text, '[', sizeof text);
	assert_true(load_ms(text, sizeof text) < 100);
	assert_null(doc);
	assert_faults("dir/a.yaml:1:65: nested deeper than 64\n");
}

static void
deep_blocks_are_refused_at_once(void **state)
{
	static char text[128 << 10];

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 2 ? ' ' : '-';
	assert_true(load_ms(text, sizeof text) < 100);
	assert_null(doc);
	assert_fault_has("nested deeper than 64");
}

static void
nesting_of_64_is_read(void **state)
{
	char text[2 * 64 + 1] = { 0 };

	(void)state;
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	load_ms(text, 2 * 64);
	assert_non_null(doc);
	assert_int_equal(errs.n, 0);
}

static void
aliases_count_for_depth(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_adds(&b, "a0: &a0 []\n");
	for (int i = 1; i < 64; i++)
		buf_addf(&b, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	load_ms(buf_str(&b), b.len);
	assert_faults("dir/a.yaml:64:12: nested deeper than 64\n");
	buf_fini(&b);
}

static void
a_billion_laughs_are_refused_at_once(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_adds(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 10; i++) {
		buf_addf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_addf(&b, "%s*a%d", k != 0 ? ", " : "", i - 1);
		buf_adds(&b, "]\n");
	}
	assert_true(load_ms(buf_str(&b), b.len) < 100);
	assert_null(doc);
	assert_fault_has("more than 1000000 values");
	buf_fini(&b);
}

static void
laughs_by_merge_and_include_are_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 1100; i++)
		buf_addf(&b, "k%d: 1\n", i);
	memfile_add("dir/b.yaml", buf_str(&b));
	struct buf c = { 0 };
	for (int i = 0; i < 1000; i++)
		buf_adds(&c, "- {<<: !include b.yaml}\n");
	load_ms(buf_str(&c), c.len);
	assert_null(doc);
	assert_fault_has("more than 1000000 values");
	assert_int_equal(memfile_reads, 2);
	buf_fini(&b);
	buf_fini(&c);
}

static void
ten_thousand_tag_directives_are_refused_at_once(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_addf(&b, "%%TAG !a%d! x\n", i);
	assert_true(load_ms(buf_str(&b), b.len) < 100);
	assert_null(doc);
	assert_fault_has("more than 1000 %TAG directives");
	buf_fini(&b);
}

static void
a_hundred_thousand_anchors_are_refused_at_once(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "a%d: &a%d x\n", i, i);
	assert_true(load_ms(buf_str(&b), b.len) < 100);
	assert_null(doc);
	assert_faults("dir/a.yaml:1001:8: more than 1000 anchors\n");
	buf_fini(&b);
}

static void
a_hundred_thousand_keys_are_compared_quickly(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "k%d: 1\n", i);
	buf_adds(&b, "k500: 1\n");
	assert_true(load_ms(buf_str(&b), b.len) < 5000);
	assert_faults("dir/a.yaml:100001:1: duplicate key 'k500'; it is "
	    "already on line 501\n");
	buf_fini(&b);
}

static void
more_than_16_mib_are_refused(void **state)
{
	size_t len = (16u << 20) + 1;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, '#', len);
	load_ms(text, len);
	assert_null(doc);
	assert_faults("dir/a.yaml: more than 16 MiB in all\n");
	free(text);
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_endless_chain_of_includes_ends),
		TEST(a_hundred_thousand_brackets_are_refused_at_once),
		TEST(deep_blocks_are_refused_at_once),
		TEST(nesting_of_64_is_read),
		TEST(aliases_count_for_depth),
		TEST(a_billion_laughs_are_refused_at_once),
		TEST(laughs_by_merge_and_include_are_refused),
		TEST(ten_thousand_tag_directives_are_refused_at_once),
		TEST(a_hundred_thousand_anchors_are_refused_at_once),
		TEST(a_hundred_thousand_keys_are_compared_quickly),
		TEST(more_than_16_mib_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
