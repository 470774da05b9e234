#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl_top.h"

#define STATUS(bytes, cpu)						\
	"{\"station\":\"Demo\",\"version\":\"1.2\",\"uptime_s\":93784,"	\
	"\"process\":{\"cpu_ms\":" #cpu ",\"resident\":12000000},"	\
	"\"channels\":[{\"number\":\"1\",\"channel\":\"one\","		\
	"\"name\":\"One\\u001b[2J\",\"active\":true,\"viewers\":12,"	\
	"\"bytes_made\":" #bytes ",\"speed\":4.25,"			\
	"\"content\":{\"title\":\"The Ferry and the Fog\"},"		\
	"\"next\":{\"title\":\"Cola\"}},"				\
	"{\"number\":\"2\",\"channel\":\"two\",\"name\":\"Two\","	\
	"\"active\":true,\"slate\":true,\"content\":null},"		\
	"{\"number\":\"3\",\"channel\":\"three\",\"name\":\"Three\","	\
	"\"active\":false}]}"

static struct top top;

static int
setup(void **state)
{
	json_t *was = json_loads(STATUS(1000000, 100), 0, NULL);
	json_t *is = json_loads(STATUS(1500000, 125), 0, NULL);

	(void)state;
	assert_int_equal(top_make(&top, is, was, 500), 0);
	json_decref(was);
	json_decref(is);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	top_fini(&top);
	return 0;
}

static void
two_looks_tell_what_goes_by_in_a_second(void **state)
{
	(void)state;
	assert_int_equal(top.rows[0].kbit_s, 8000);
	assert_true(top.cpu > 4.99 && top.cpu < 5.01);
	assert_int_equal(top.viewers, 12);
}

static void
a_count_that_begins_anew_tells_nothing(void **state)
{
	json_t *was = json_loads(STATUS(1500000, 125), 0, NULL);
	json_t *is = json_loads(STATUS(10, 1), 0, NULL);
	struct top t;

	(void)state;
	assert_int_equal(top_make(&t, is, was, 500), 0);
	assert_int_equal(t.rows[0].kbit_s, 0);
	assert_int_equal((int)t.cpu, 0);
	top_fini(&t);
	json_decref(was);
	json_decref(is);
}

static void
what_went_wrong_is_the_state(void **state)
{
	(void)state;
	assert_string_equal(top.rows[0].state, "on");
	assert_string_equal(top.rows[1].state, "slate");
	assert_true(top.rows[1].bad);
	assert_string_equal(top.rows[2].state, "off");
}

static void
check_screen(size_t width, size_t height)
{
	const struct top_view v = { .width = width, .height = height };
	struct buf out = { 0 };
	size_t lines = 1;
	const char *p;

	top_draw(&top, &v, &out);
	assert_null(strchr(buf_str(&out), '\033'));
	for (p = buf_str(&out); *p != '\0'; p += *p == '\n') {
		size_t n = strcspn(p, "\n");

		assert_true(n <= width);
		p += n;
		lines += *p == '\n';
	}
	assert_int_equal(lines, height);
	buf_fini(&out);
}

static void
a_screen_is_as_large_as_the_terminal(void **state)
{
	(void)state;
	for (size_t width = 20; width < 200; width += 7)
		for (size_t height = 5; height < 40; height++)
			check_screen(width, height);
}

static void
a_line_has_what_an_operator_looks_for(void **state)
{
	const struct top_view v = { .width = 80, .height = 7 };
	struct buf out = { 0 };

	(void)state;
	top_draw(&top, &v, &out);
	assert_non_null(strstr(buf_str(&out),
	    "Demo: retrovued 1.2, up 1 d 02:03:04, 12 viewers, cpu 5.0%, "
	    "12 MB"));
	assert_non_null(strstr(buf_str(&out), "1  One?[2J      on       "
	    "The Ferry and the Fog Cola             12   8000   4.2x"));
	buf_fini(&out);
}

/* What a screen of that width begins the line of one channel with. */
static void
assert_row(const char *channel, size_t width, const char *row)
{
	const struct top_view v = { .width = width, .height = 5, .word = "" };
	struct buf text = { 0 }, out = { 0 };
	const char *p;
	struct top t;
	json_t *j;

	buf_addf(&text, "{\"channels\":[%s]}", channel);
	j = json_loads(buf_str(&text), 0, NULL);
	assert_int_equal(top_make(&t, j, NULL, 0), 0);
	top_draw(&t, &v, &out);
	p = buf_str(&out);
	for (int i = 0; i < 3; i++)
		p = strchr(p, '\n') + 1;
	assert_memory_equal(p, row, strlen(row));
	buf_fini(&text);
	buf_fini(&out);
	top_fini(&t);
	json_decref(j);
}

/* Bytes that go on a character take no place of their own. */
static void
names_are_cut_between_characters(void **state)
{
	(void)state;
	assert_row("{\"number\":\"1\",\"name\":\""
	    "\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc"
	    "\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\"}",
	    80, "1  \u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\u00c4\u00d6"
	    "\u00dc\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\u00c4 off      "
	    "- ");
}

/* At the cut there may be room for half a wide one: a blank. */
static void
wide_characters_shift_nothing(void **state)
{
	(void)state;
	assert_row("{\"number\":\"1\",\"name\":\"\u6620\u753b\","
	    "\"active\":true,\"content\":{\"title\":\"x\u6620\u753b"
	    "\u6620\u753b\u6620\u753b\u6620\u753b\u6620\u753b\u6620\"},"
	    "\"next\":{\"title\":\"Cafe\u0301\"}}", 80,
	    "1  \u6620\u753b         on       x\u6620\u753b\u6620\u753b"
	    "\u6620\u753b\u6620\u753b\u6620\u753b Cafe\u0301             ");
}

static void
a_channel_number_is_shown_whole(void **state)
{
	(void)state;
	assert_row("{\"number\":\"65535.999\",\"name\":\"One\"}", 80,
	    "65535.999 One          off      - ");
}

static void
a_wide_screen_has_room_for_names(void **state)
{
	(void)state;
	assert_row("{\"number\":\"1\",\"name\":"
	    "\"The Silent Film Society\"}", 120,
	    "1  The Silent Film Society off      - ");
}

static void
no_more_is_scrolled_than_there_is(void **state)
{
	struct top_view v = { .width = 80, .height = 6, .first = 100 };

	(void)state;
	assert_int_equal(top_clamp(&top, &v), 1);
	v.height = 24;
	assert_int_equal(top_clamp(&top, &v), 0);
}

static void
what_is_no_status_is_none(void **state)
{
	json_t *j = json_loads("{\"channels\":7}", 0, NULL);
	struct top t;

	(void)state;
	assert_int_equal(top_make(&t, j, NULL, 0), -1);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(two_looks_tell_what_goes_by_in_a_second),
		T(a_count_that_begins_anew_tells_nothing),
		T(what_went_wrong_is_the_state),
		T(a_screen_is_as_large_as_the_terminal),
		T(a_line_has_what_an_operator_looks_for),
		T(names_are_cut_between_characters),
		T(wide_characters_shift_nothing),
		T(a_channel_number_is_shown_whole),
		T(a_wide_screen_has_room_for_names),
		T(no_more_is_scrolled_than_there_is),
		T(what_is_no_status_is_none),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
