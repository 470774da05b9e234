#include "memfile.h"

static const char *const keys[] = { "name", "pools", "schedule", "pool" };

static const char *
suggest(const char *written)
{
	return err_suggest(written, keys, 4);
}

static void
faults_are_printed_in_the_order_of_the_file(void **state)
{
	(void)state;
	errs_fault(&errs, "b", 1, 1, "fourth");
	errs_fault(&errs, "a", 10, 1, "third");
	errs_fault(&errs, "a", 9, 12, "second");
	errs_fault(&errs, "a", 9, 2, "first");
	assert_faults("a:9:2: first\na:9:12: second\na:10:1: third\n"
	    "b:1:1: fourth\n");
}

static void
faults_of_one_place_keep_their_order(void **state)
{
	(void)state;
	errs_fault(&errs, "a", 1, 1, "z");
	errs_fault(&errs, "a", 1, 1, "b");
	errs_fault(&errs, "a", 1, 1, "y");
	assert_faults("a:1:1: z\na:1:1: b\na:1:1: y\n");
}

static void
what_is_moved_is_there_once(void **state)
{
	struct errs more = { 0 };

	(void)state;
	errs_fault(&errs, "a", 1, 1, "one");
	errs_fault(&more, "a", 2, 3, "two");
	errs_warn(&more, NULL, 0, 0, "three");
	more.lacking = 1;
	errs_move(&errs, &more);
	assert_int_equal(more.n + more.faults, 0);
	errs_move(&errs, &more);
	assert_int_equal(errs.faults, 2);
	assert_true(errs.lacking);
	assert_faults("warning: three\na:1:1: one\na:2:3: two\n");
}

static void
what_has_no_place_is_printed_without(void **state)
{
	(void)state;
	errs_fault(&errs, NULL, 0, 0, "no file");
	errs_fault(&errs, "a", 0, 0, "no line");
	errs_fault(&errs, "a", 3, 0, "no column");
	assert_faults("no file\na: no line\na:3: no column\n");
}

static void
a_warning_is_no_fault(void **state)
{
	(void)state;
	errs_warn(&errs, "a", 1, 2, "pool '%s' is empty", "x");
	assert_int_equal(errs.faults, 0);
	assert_int_equal(errs.n, 1);
	assert_faults("a:1:2: warning: pool 'x' is empty\n");
}

static void
a_fault_found_twice_is_printed_once(void **state)
{
	(void)state;
	errs_fault(&errs, "a", 1, 2, "same");
	errs_fault(&errs, "a", 1, 2, "same");
	errs_fault(&errs, "a", 1, 2, "other");
	assert_int_equal(errs.faults, 3);
	assert_faults("a:1:2: same\na:1:2: other\n");
}

static void
control_characters_and_broken_utf8_are_escaped(void **state)
{
	(void)state;
	errs_fault(&errs, "a\nb", 1, 1, "\x1b[2J \xc3\xa9 \xff \xc2\x9b "
	    "\xe2\x82 \xed\xa0\x80 \xf4\x90\x80\x80 \x7f");
	assert_faults("a\\x0ab:1:1: \\x1b[2J \xc3\xa9 \\xff \\xc2\\x9b "
	    "\\xe2\\x82 \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\x7f\n");
}

static void
faults_beyond_the_thousandth_are_counted(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 1002; i++)
		errs_fault(&errs, "a", i, 1, "x");
	assert_int_equal(errs.faults, 1002);
	assert_int_equal(errs.n, 1000);
	errs_warn(&errs, "b", 1, 1, "still heard");
	assert_int_equal(errs.n, 1001);
	assert_fault_has("a:1000:1: x\nb:1:1: warning: still heard\n"
	    "2 more faults\n");
}

static void
a_long_text_is_cut(void **state)
{
	static char text[5000];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	errs_fault(&errs, "a", 1, 1, "%s", text);
	assert_true(strlen(errs.items[0].text) < 1000);
}

static void
the_nearest_name_is_suggested(void **state)
{
	(void)state;
	assert_string_equal(suggest("nmae"), "name");
	assert_string_equal(suggest("pols"), "pools");
	assert_string_equal(suggest("shedule"), "schedule");
	assert_string_equal(suggest("scheduel"), "schedule");
	assert_string_equal(suggest("pol"), "pool");
}

static void
of_equally_near_names_the_first_is_suggested(void **state)
{
	static const char *const names[] = { "cart", "card" };

	(void)state;
	assert_string_equal(err_suggest("carx", names, 2), "cart");
}

static void
a_swap_of_neighbours_is_one_mistake(void **state)
{
	static const char *const names[] = { "ab" };

	(void)state;
	assert_string_equal(err_suggest("ba", names, 1), "ab");
	assert_null(err_suggest("xy", names, 1));
}

static void
what_is_too_far_is_not_suggested(void **state)
{
	(void)state;
	assert_null(suggest("traffic"));
	assert_null(suggest("nnname"  "xx"));
	assert_null(suggest(""));
	assert_null(suggest("p"));
}

static void
an_endless_name_is_not_compared(void **state)
{
	static char text[1 << 20];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	assert_null(suggest(text));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(faults_are_printed_in_the_order_of_the_file),
		TEST(faults_of_one_place_keep_their_order),
		TEST(what_is_moved_is_there_once),
		TEST(what_has_no_place_is_printed_without),
		TEST(a_warning_is_no_fault),
		TEST(a_fault_found_twice_is_printed_once),
		TEST(control_characters_and_broken_utf8_are_escaped),
		TEST(faults_beyond_the_thousandth_are_counted),
		TEST(a_long_text_is_cut),
		TEST(the_nearest_name_is_suggested),
		TEST(of_equally_near_names_the_first_is_suggested),
		TEST(a_swap_of_neighbours_is_one_mistake),
		TEST(what_is_too_far_is_not_suggested),
		TEST(an_endless_name_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
