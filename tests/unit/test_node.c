#include "memfile.h"

#include <stdlib.h>

static struct node_doc *doc;

static struct node *
load(const char *text)
{
	memfile_add("dir/a.yaml", text);
	doc = node_load("dir/a.yaml", memfile_read, NULL, &errs);
	return doc != NULL ? node_root(doc) : NULL;
}

static void
load_bytes(const char *text, size_t len)
{
	memfile_add_bytes("dir/a.yaml", text, len);
	doc = node_load("dir/a.yaml", memfile_read, NULL, &errs);
}

static int
teardown(void **state)
{
	node_doc_free(doc);
	doc = NULL;
	return memfile_teardown(state);
}

static void
a_tree_knows_where_everything_stood(void **state)
{
	const struct node *root, *b;

	(void)state;
	root = load("a: 1\nb:\n  - x\n  - \"y\"\n");
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(root->n, 2);
	b = node_get(root, "b");
	assert_int_equal(b->kind, NODE_LIST);
	assert_int_equal(b->n, 2);
	assert_string_equal(b->items[1]->text, "y");
	assert_true(b->items[1]->quoted);
	assert_false(b->items[0]->quoted);
	assert_int_equal(b->items[1]->line, 4);
	assert_int_equal(b->items[1]->column, 5);
	assert_string_equal(b->items[1]->file, "dir/a.yaml");
	assert_int_equal(root->keys[1]->line, 2);
	assert_null(node_get(root, "c"));
	assert_null(node_get(b, "x"));
}

static void
an_empty_document_is_an_empty_map(void **state)
{
	static const char *const texts[] = { "", "# only this\n", "---\n" };

	for (size_t i = 0; i < 3; i++) {
		memfile_setup(state);
		const struct node *root = load(texts[i]);

		assert_int_equal(root->kind, NODE_MAP);
		assert_int_equal(root->n, 0);
		node_doc_free(doc);
		doc = NULL;
	}
}

static void
a_byte_order_mark_and_crlf_are_read(void **state)
{
	(void)state;
	const struct node *root = load("\xef\xbb\xbf" "a: 1\r\nb: 2\r\n");

	assert_string_equal(node_get(root, "a")->text, "1");
	assert_string_equal(node_get(root, "b")->text, "2");
}

static void
a_missing_file_is_a_fault_of_the_file(void **state)
{
	(void)state;
	assert_null(node_load("gone", memfile_read, NULL, &errs));
	assert_faults("gone: No such file or directory\n");
}

static void
a_syntax_error_has_line_and_column(void **state)
{
	(void)state;
	assert_null(load("a: 1\nb: [1, 2\nc: 3\n"));
	assert_faults("dir/a.yaml:3:2: did not find expected ',' or ']', "
	    "while parsing a flow sequence that began on line 2\n");
}

static void
a_tab_that_indents_is_named(void **state)
{
	(void)state;
	assert_null(load("a:\n\tb: 1\n"));
	assert_faults("dir/a.yaml:2:1: a tab where only spaces may indent\n");
}

static void
bytes_that_are_no_utf8_have_line_and_column(void **state)
{
	(void)state;
	assert_null(load("a: \xc3\xa9\nb: \xff\n"));
	assert_faults("dir/a.yaml:2:4: not UTF-8 text: "
	    "invalid leading UTF-8 octet\n");
}

static void
utf16_is_refused(void **state)
{
	static const char text[] = "\xff\xfe" "a\0:\0 \0" "1\0";

	(void)state;
	load_bytes(text, sizeof text - 1);
	assert_null(doc);
	assert_fault_has("dir/a.yaml:1:1: not UTF-8 text");
}

static void
a_duplicate_key_is_refused(void **state)
{
	(void)state;
	const struct node *root = load("a: 1\nb: 2\na: 3\n");

	assert_faults("dir/a.yaml:3:1: duplicate key 'a'; it is already on "
	    "line 1\n");
	assert_int_equal(root->n, 2);
	assert_string_equal(node_get(root, "a")->text, "1");
}

static void
a_second_document_is_refused(void **state)
{
	(void)state;
	load("a: 1\n---\nb: 2\n");
	assert_faults("dir/a.yaml:2:1: a second document; a file holds "
	    "one\n");
}

static void
a_key_that_is_no_text_is_refused(void **state)
{
	(void)state;
	load("? [a]\n: 1\n? &k b\n: 2\n? *k\n: 3\n? !include x\n: 4\n");
	assert_fault_has("dir/a.yaml:1:3: a key must be plain text\n");
	assert_fault_has("dir/a.yaml:5:3: a key must be plain text\n");
	assert_fault_has("dir/a.yaml:7:3: a key must be plain text\n");
	assert_int_equal(node_root(doc)->n, 1);
}

static void
an_unknown_tag_is_refused(void **state)
{
	(void)state;
	const struct node *root = load("a: !python/object x\nb: !!str 1\n"
	    "c: ! 2\nd: !!map {}\n");

	assert_fault_has("dir/a.yaml:1:4: unknown tag '!python/object'");
	assert_int_equal(errs.faults, 1);
	assert_true(node_get(root, "a")->bad);
	assert_true(node_get(root, "b")->quoted);
	assert_true(node_get(root, "c")->quoted);
}

static void
text_with_a_nul_is_refused(void **state)
{
	(void)state;
	load("a: \"x\\0y\"\n");
	assert_faults("dir/a.yaml:1:4: text with a NUL character\n");
}

static void
an_alias_is_what_its_anchor_names(void **state)
{
	(void)state;
	const struct node *root = load("a: &x {k: 1}\nb: *x\nc: &x 2\n"
	    "d: *x\n");

	assert_string_equal(node_get(node_get(root, "b"), "k")->text, "1");
	assert_string_equal(node_get(root, "d")->text, "2");
}

static void
an_alias_without_anchor_is_refused(void **state)
{
	(void)state;
	load("a: *x\nb: &x 1\n");
	assert_faults("dir/a.yaml:1:4: no anchor '&x' before this alias\n");
}

static void
a_cycle_is_refused(void **state)
{
	(void)state;
	load("a: &x\n  b: [1, *x]\n");
	assert_faults("dir/a.yaml:2:10: alias '*x' stands inside what it "
	    "names\n");
}

static void
a_merge_key_adds_what_is_not_written(void **state)
{
	(void)state;
	const struct node *m, *root = load(
	    "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
	    "m:\n  <<: [*x, *y]\n  a: 0\n  d: 5\n");

	assert_int_equal(errs.n, 0);
	m = node_get(root, "m");
	assert_int_equal(m->n, 4);
	assert_string_equal(node_get(m, "a")->text, "0");
	assert_string_equal(node_get(m, "b")->text, "2");
	assert_string_equal(node_get(m, "c")->text, "4");
	assert_string_equal(m->keys[0]->text, "a");
	assert_null(node_get(m, "<<"));
}

static void
a_quoted_merge_key_is_a_key(void **state)
{
	(void)state;
	const struct node *root = load("\"<<\": 1\n");

	assert_string_equal(node_get(root, "<<")->text, "1");
}

static void
only_maps_can_be_merged_and_only_once(void **state)
{
	(void)state;
	load("a: {<<: 1}\nb: {<<: [{}, x]}\nc: {<<: {}, <<: {}}\n");
	assert_fault_has("dir/a.yaml:1:9: '<<' merges a map");
	assert_fault_has("dir/a.yaml:2:14: '<<' merges a map");
	assert_fault_has("dir/a.yaml:3:13: duplicate key '<<'");
}

static void
an_included_file_is_found_beside_the_including_one(void **state)
{
	(void)state;
	memfile_add("dir/_d.yaml", "filler:\n  path: /x\n");
	const struct node *root = load("a: !include _d.yaml\n"
	    "b: !include _d.yaml:filler.path\n");

	assert_int_equal(errs.n, 0);
	assert_int_equal(node_get(root, "a")->kind, NODE_MAP);
	assert_string_equal(node_get(root, "b")->text, "/x");
	assert_string_equal(node_get(root, "b")->file, "dir/_d.yaml");
	assert_int_equal(node_get(root, "b")->line, 2);
	assert_int_equal(memfile_reads, 2);
}

static void
an_include_of_what_is_elsewhere_is_refused(void **state)
{
	(void)state;
	memfile_add("/etc/d.yaml", "x\n");
	memfile_add("dir/../d.yaml", "x\n");
	memfile_add("dir/sub/..x.yaml", "x\n");
	load("a: !include /etc/d.yaml\nb: !include ../d.yaml\n"
	    "c: !include sub/..\nd: !include sub/..x.yaml\n");
	assert_faults("dir/a.yaml:1:4: '/etc/d.yaml' is not beside the file "
	    "that includes it\n"
	    "dir/a.yaml:2:4: '../d.yaml' is not beside the file that "
	    "includes it\n"
	    "dir/a.yaml:3:4: 'sub/..' is not beside the file that includes "
	    "it\n");
	assert_int_equal(memfile_reads, 2);
}

static void
an_include_can_be_merged(void **state)
{
	(void)state;
	memfile_add("dir/_d.yaml", "a: 1\nb: 2\n");
	const struct node *root = load("<<: !include _d.yaml\nb: 3\n");

	assert_string_equal(node_get(root, "a")->text, "1");
	assert_string_equal(node_get(root, "b")->text, "3");
}

static void
an_include_that_fails_is_a_fault_where_it_stands(void **state)
{
	(void)state;
	memfile_add("dir/_d.yaml", "a: 1\n");
	const struct node *root = load("a: !include gone.yaml\n"
	    "b: !include _d.yaml:x.y\nc: !include \"\"\n");

	assert_faults(
	    "dir/a.yaml:1:4: cannot include 'dir/gone.yaml': "
	    "No such file or directory\n"
	    "dir/a.yaml:2:4: no 'x.y' in dir/_d.yaml\n"
	    "dir/a.yaml:3:4: !include wants FILE or FILE:key.path\n");
	assert_true(node_get(root, "a")->bad);
}

static void
a_fault_in_an_included_file_names_that_file(void **state)
{
	(void)state;
	memfile_add("dir/_d.yaml", "a: [\n");
	const struct node *root = load("a: !include _d.yaml\nb: 1\nb: 2\n");

	assert_fault_has("dir/_d.yaml:2:1: did not find");
	assert_fault_has("dir/a.yaml:3:1: duplicate key 'b'");
	assert_true(node_get(root, "a")->bad);
}

static void
an_include_cycle_is_refused(void **state)
{
	(void)state;
	memfile_add("dir/b.yaml", "x: !include a.yaml\n");
	load("a: !include b.yaml\nb: !include a.yaml:b\n");
	assert_faults(
	    "dir/a.yaml:2:4: cannot include 'dir/a.yaml': it includes "
	    "itself\n"
	    "dir/b.yaml:1:4: cannot include 'dir/a.yaml': it includes "
	    "itself\n");
}

/* Every prefix of a document that uses everything: no crash, no leak, and
 * either a tree or a fault. */
static void
a_half_written_file_never_harms(void **state)
{
	static const char text[] = "a: &x {k: [1, 'q'], \"e\\n\": |\n}\n"
	    "b: !include _d.yaml:a\nc:\n  <<: *x\n  ? d\n  : >-\n   e\n";

	memfile_add("dir/_d.yaml", "a: {z: 1}\n");
	for (size_t n = 0; n < sizeof text; n++) {
		nmemfiles = 1;
		load_bytes(text, n);
		assert_true(doc != NULL || errs.faults > 0);
		teardown(state);
	}
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_tree_knows_where_everything_stood),
		TEST(an_empty_document_is_an_empty_map),
		TEST(a_byte_order_mark_and_crlf_are_read),
		TEST(a_missing_file_is_a_fault_of_the_file),
		TEST(a_syntax_error_has_line_and_column),
		TEST(a_tab_that_indents_is_named),
		TEST(bytes_that_are_no_utf8_have_line_and_column),
		TEST(utf16_is_refused),
		TEST(a_duplicate_key_is_refused),
		TEST(a_second_document_is_refused),
		TEST(a_key_that_is_no_text_is_refused),
		TEST(an_unknown_tag_is_refused),
		TEST(text_with_a_nul_is_refused),
		TEST(an_alias_is_what_its_anchor_names),
		TEST(an_alias_without_anchor_is_refused),
		TEST(a_cycle_is_refused),
		TEST(a_merge_key_adds_what_is_not_written),
		TEST(a_quoted_merge_key_is_a_key),
		TEST(only_maps_can_be_merged_and_only_once),
		TEST(an_included_file_is_found_beside_the_including_one),
		TEST(an_include_of_what_is_elsewhere_is_refused),
		TEST(an_include_can_be_merged),
		TEST(an_include_that_fails_is_a_fault_where_it_stands),
		TEST(a_fault_in_an_included_file_names_that_file),
		TEST(an_include_cycle_is_refused),
		TEST(a_half_written_file_never_harms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
