#include "memfile.h"

#include <stdlib.h>

#include "plan/conf.h"
#include "plan/value.h"

static struct node_doc *doc;

static const struct node *
load(const char *text)
{
	memfile_add("f", text);
	doc = node_load("f", memfile_read, NULL, &errs);
	assert_non_null(doc);
	return node_root(doc);
}

static int
teardown(void **state)
{
	node_doc_free(doc);
	doc = NULL;
	return memfile_teardown(state);
}

static int64_t
duration(const char *s)
{
	int64_t v;

	return value_duration(s, &v) ? v : -1;
}

static int64_t
clock_s(const char *s)
{
	int64_t v;

	return value_clock(s, &v) ? v : -1;
}

static int64_t
time_us(const char *s)
{
	int64_t v;

	return value_time(s, &v) ? v : -1;
}

static int64_t
bitrate(const char *s)
{
	int64_t v;

	return value_bitrate(s, &v) ? v : -1;
}

static int64_t
date(const char *s)
{
	int64_t v;

	return value_date(s, &v) ? v : -1;
}

static void
a_number_is_whole_and_in_range(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_true(value_int("-12", -12, 5, &v));
	assert_int_equal(v, -12);
	assert_true(value_int("0005", -12, 5, &v));
	assert_false(value_int("6", -12, 5, &v));
	assert_false(value_int("", -12, 5, &v));
	assert_false(value_int("-", -12, 5, &v));
	assert_false(value_int("1.0", -12, 5, &v));
	assert_false(value_int("1 ", -12, 5, &v));
	assert_false(value_int("0x1", -12, 5, &v));
	assert_false(value_int("99999999999999999999", 0, INT64_MAX, &v));
	assert_int_equal(v, 5);
}

static void
a_duration_is_hours_minutes_seconds(void **state)
{
	(void)state;
	assert_int_equal(duration("24h"), 86400);
	assert_int_equal(duration("90m"), 5400);
	assert_int_equal(duration("1h30m"), 5400);
	assert_int_equal(duration("1h5s"), 3605);
	assert_int_equal(duration("20s"), 20);
	assert_int_equal(duration("20"), 20);
	assert_int_equal(duration("0"), 0);
}

static void
a_duration_out_of_order_is_none(void **state)
{
	static const char *const bad[] = {
		"", "h", "1h1h", "30m1h", "1h30", "-5", "1.5h", "1d", "1 h",
		"9999999999h", "1hm",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(duration(bad[i]), -1);
}

static void
a_time_of_day_ends_at_24(void **state)
{
	(void)state;
	assert_int_equal(clock_s("00:00"), 0);
	assert_int_equal(clock_s("6:30"), 23400);
	assert_int_equal(clock_s("23:59:59"), 86399);
	assert_int_equal(clock_s("24:00"), 86400);
	assert_int_equal(clock_s("24:00:01"), -1);
	assert_int_equal(clock_s("24:01"), -1);
	assert_int_equal(clock_s("12:60"), -1);
	assert_int_equal(clock_s("12:5"), -1);
	assert_int_equal(clock_s("12"), -1);
	assert_int_equal(clock_s("012:00"), -1);
	assert_int_equal(clock_s("12:00 "), -1);
	assert_int_equal(clock_s("12:00:"), -1);
}

static void
a_media_time_is_exact_to_the_microsecond(void **state)
{
	(void)state;
	assert_int_equal(time_us("0"), 0);
	assert_int_equal(time_us("4.5"), 4500000);
	assert_int_equal(time_us("0:12.5"), 12500000);
	assert_int_equal(time_us("7:13.240"), 433240000);
	assert_int_equal(time_us("1:02:03.000001"), 3723000001);
	assert_int_equal(time_us("90:00"), 5400000000);
	assert_int_equal(time_us("0.123456789"), 123456);
}

static void
what_is_no_media_time_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "-1", "1:60", "1:2", "1:60:00", "1:2:3:4", "1:", "1.",
		".5", "1.5.5", "1:00.", "0.1234567890", "1e3", "9999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(time_us(bad[i]), -1);
}

static void
a_rate_is_in_lowest_terms(void **state)
{
	struct rate r = { 0, 0 };

	(void)state;
	assert_true(value_rate("60000/2002", &r));
	assert_int_equal(r.num, 30000);
	assert_int_equal(r.den, 1001);
	assert_true(value_rate("29.970", &r));
	assert_int_equal(r.num, 2997);
	assert_int_equal(r.den, 100);
	assert_true(value_rate("25", &r));
	assert_int_equal(r.num, 25);
	assert_int_equal(r.den, 1);
	assert_false(value_rate("25/0", &r));
	assert_false(value_rate("0", &r));
	assert_false(value_rate("25/1/1", &r));
	assert_false(value_rate("-25", &r));
}

static void
a_bit_rate_has_a_unit(void **state)
{
	(void)state;
	assert_int_equal(bitrate("1200k"), 1200000);
	assert_int_equal(bitrate("3M"), 3000000);
	assert_int_equal(bitrate("2.5M"), 2500000);
	assert_int_equal(bitrate("128000"), 128000);
	assert_int_equal(bitrate("1.5"), -1);
	assert_int_equal(bitrate("3G"), -1);
	assert_int_equal(bitrate("3Mb"), -1);
	assert_int_equal(bitrate("k"), -1);
}

static void
a_date_is_one_of_the_calendar(void **state)
{
	(void)state;
	assert_int_equal(date("1970-01-01"), 0);
	assert_int_equal(date("2024-01-01"), 19723);
	assert_int_equal(date("2024-02-29"), 19782);
	assert_int_equal(date("2023-02-29"), -1);
	assert_int_equal(date("2023-13-01"), -1);
	assert_int_equal(date("2023-00-01"), -1);
	assert_int_equal(date("1969-12-31"), -1);
	assert_int_equal(date("2024-1-1"), -1);
}

static void
a_zone_never_leaves_its_directory(void **state)
{
	(void)state;
	assert_true(value_zone("UTC"));
	assert_true(value_zone("America/Argentina/Buenos_Aires"));
	assert_true(value_zone("Etc/GMT+5"));
	assert_false(value_zone(""));
	assert_false(value_zone("/etc/passwd"));
	assert_false(value_zone("../passwd"));
	assert_false(value_zone("America/"));
	assert_false(value_zone("America//New_York"));
	assert_false(value_zone("America/New York"));
}

static void
what_is_absent_or_null_leaves_the_default(void **state)
{
	const struct node *m = load("a:\nb: ~\nc: null\n");
	const char *s = "default";
	int64_t v = 5;

	(void)state;
	assert_false(conf_str(&errs, m, "a", &s));
	assert_false(conf_str(&errs, m, "b", &s));
	assert_false(conf_int(&errs, m, "c", 0, 9, &v));
	assert_false(conf_int(&errs, m, "d", 0, 9, &v));
	assert_null(conf_map(&errs, m, "a"));
	assert_null(conf_list(&errs, NULL, "a"));
	assert_string_equal(s, "default");
	assert_int_equal(v, 5);
	assert_int_equal(errs.n, 0);
}

static void
quotes_make_text_of_anything(void **state)
{
	const struct node *m = load("a: 'null'\nb: '1'\nc: 'true'\n");
	const char *s = NULL;
	int64_t v = 5;
	bool b = false;

	(void)state;
	assert_true(conf_str(&errs, m, "a", &s));
	assert_string_equal(s, "null");
	assert_false(conf_int(&errs, m, "b", 0, 9, &v));
	assert_false(conf_bool(&errs, m, "c", &b));
	assert_faults("f:2:4: b must be a whole number from 0 to 9, without "
	    "quotes\nf:3:4: c must be true or false, not 'true'\n");
}

static void
a_boolean_has_yaml_1_1_spellings(void **state)
{
	const struct node *m = load("a: yes\nb: Off\nc: y\n");
	bool a = false, b = true, c = true;

	(void)state;
	assert_true(conf_bool(&errs, m, "a", &a));
	assert_true(conf_bool(&errs, m, "b", &b));
	assert_false(conf_bool(&errs, m, "c", &c));
	assert_true(a && !b && c);
}

static void
a_missing_key_is_reported_where_the_map_begins(void **state)
{
	const struct node *m = load("x:\n  {a: 1, b: }\n");

	(void)state;
	m = conf_map(&errs, m, "x");
	assert_true(conf_need(&errs, m, "a"));
	assert_false(conf_need(&errs, m, "b"));
	assert_false(conf_need(&errs, m, "c"));
	assert_faults("f:2:3: 'c' is missing\nf:2:13: 'b' has no value\n");
}

static void
every_reader_says_what_it_takes(void **state)
{
	const struct node *m = load("i: 10\nd: soon\nl: 2h\nc: 25:00\n"
	    "t: 1:99\nr: fast\nb: 9G\nw: 1M\nz: ../x\ny: 1.1.24\n"
	    "m: [1]\nn: {}\ns: \"\"\n");
	int64_t v = 0;
	struct rate r;
	const char *s;
	char *z = NULL;
	int c;

	(void)state;
	conf_int(&errs, m, "i", 0, 9, &v);
	conf_duration(&errs, m, "d", 0, 60, &v);
	conf_duration(&errs, m, "l", 0, 60, &v);
	conf_clock(&errs, m, "c", &c);
	conf_time(&errs, m, "t", &v);
	conf_rate(&errs, m, "r", &r);
	conf_bitrate(&errs, m, "b", 0, 500000, &v);
	conf_bitrate(&errs, m, "w", 0, 500000, &v);
	conf_zone(&errs, m, "z", &z);
	conf_date(&errs, m, "y", &v);
	conf_map(&errs, m, "m");
	conf_list(&errs, m, "n");
	conf_str(&errs, m, "s", &s);
	assert_faults(
	    "f:1:4: i must be a whole number from 0 to 9, not '10'\n"
	    "f:2:4: d must be a duration like 90m, 1h30m or 20s, not "
	    "'soon'\n"
	    "f:3:4: l must be from 0 to 60 seconds, not '2h'\n"
	    "f:4:4: c must be a time of day like 06:00, from 00:00 to "
	    "24:00, not '25:00'\n"
	    "f:5:4: t must be a time like 4.5, 1:30.250 or 1:02:03 from the "
	    "beginning, not '1:99'\n"
	    "f:6:4: r must be a rate like 30000/1001 or 25, not 'fast'\n"
	    "f:7:4: b must be a bit rate like 1200k or 3M, not '9G'\n"
	    "f:8:4: w must be from 0k to 500k bit/s, not '1M'\n"
	    "f:9:4: z must be a time zone like America/New_York or UTC, not "
	    "'../x'\n"
	    "f:10:4: y must be a date like 2024-01-01, not '1.1.24'\n"
	    "f:11:4: m must be a map of keys, not a list\n"
	    "f:12:4: n must be a list, not a map\n"
	    "f:13:4: s is empty\n");
}

static void
an_unknown_key_is_reported_with_what_was_meant(void **state)
{
	const struct node *m = load("naem: 1\nxyzzy: 2\nname: 3\n");

	(void)state;
	CONF_KEYS(&errs, m, "name", "pools");
	assert_faults("f:1:1: unknown key 'naem'; did you mean 'name'?\n"
	    "f:2:1: unknown key 'xyzzy'\n");
}

static void
an_unknown_choice_is_reported_with_what_was_meant(void **state)
{
	static const char *const names[] = { "network", "movie" };
	const struct node *m = load("a: movie\nb: moive\n");
	int i = 0;

	(void)state;
	assert_true(conf_choice(&errs, m, "a", names, 2, &i));
	assert_int_equal(i, 1);
	assert_false(conf_choice(&errs, m, "b", names, 2, &i));
	assert_faults("f:2:4: unknown b 'moive'; did you mean 'movie'?\n");
}

static void
one_text_is_a_list_of_one(void **state)
{
	const struct node *m = load("a: x\nb: [y, z]\n");
	struct node *const *texts;

	(void)state;
	assert_int_equal(conf_texts(&errs, m, "a", &texts), 1);
	assert_string_equal(texts[0]->text, "x");
	assert_int_equal(conf_texts(&errs, m, "b", &texts), 2);
	assert_string_equal(texts[1]->text, "z");
	assert_int_equal(errs.n, 0);
}

static void
a_list_of_texts_holds_nothing_else(void **state)
{
	const struct node *m = load("a: []\nb: [x, {}, ~]\nc: {}\n");
	struct node *const *texts;

	(void)state;
	assert_int_equal(conf_texts(&errs, m, "a", &texts), 0);
	assert_int_equal(conf_texts(&errs, m, "b", &texts), 0);
	assert_int_equal(conf_texts(&errs, m, "c", &texts), 0);
	assert_faults("f:1:4: a is an empty list\n"
	    "f:2:8: b must be a list of texts, not a map\n"
	    "f:2:12: b must be a list of texts, not '~'\n"
	    "f:3:4: c must be a text or a list of texts, not a map\n");
}

static void
of_a_bad_value_no_more_is_said(void **state)
{
	const struct node *m = load("a: !include gone\n"
	    "b: !x {c: 1}\n");
	int64_t v = 0;

	(void)state;
	conf_int(&errs, m, "a", 0, 9, &v);
	assert_null(conf_map(&errs, m, "a"));
	assert_false(conf_need(&errs, m, "a"));
	assert_null(conf_map(&errs, m, "b"));
	assert_int_equal(errs.faults, 2);
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_number_is_whole_and_in_range),
		TEST(a_duration_is_hours_minutes_seconds),
		TEST(a_duration_out_of_order_is_none),
		TEST(a_time_of_day_ends_at_24),
		TEST(a_media_time_is_exact_to_the_microsecond),
		TEST(what_is_no_media_time_is_refused),
		TEST(a_rate_is_in_lowest_terms),
		TEST(a_bit_rate_has_a_unit),
		TEST(a_date_is_one_of_the_calendar),
		TEST(a_zone_never_leaves_its_directory),
		TEST(what_is_absent_or_null_leaves_the_default),
		TEST(quotes_make_text_of_anything),
		TEST(a_boolean_has_yaml_1_1_spellings),
		TEST(a_missing_key_is_reported_where_the_map_begins),
		TEST(every_reader_says_what_it_takes),
		TEST(an_unknown_key_is_reported_with_what_was_meant),
		TEST(an_unknown_choice_is_reported_with_what_was_meant),
		TEST(one_text_is_a_list_of_one),
		TEST(a_list_of_texts_holds_nothing_else),
		TEST(of_a_bad_value_no_more_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
