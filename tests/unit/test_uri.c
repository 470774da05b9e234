#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/uri.h"
#include "base/utf8.h"
#include "base/xmem.h"

/* Splits a copy, so that AddressSanitizer sees what is read beyond it. */
static void
check_split(const char *target, const char *path, const char *query)
{
	const char *p, *q;
	char *copy = xstrdup(target);

	assert_int_equal(uri_split(copy, &p, &q), 0);
	assert_string_equal(p, path);
	assert_string_equal(q, query);
	free(copy);
}

static void
check_refused(const char *target)
{
	const char *p, *q;
	char *copy = xstrdup(target);

	assert_int_equal(uri_split(copy, &p, &q), -1);
	free(copy);
}

static void
the_path_ends_at_the_first_question_mark(void **state)
{
	(void)state;
	check_split("/a/b.ts", "/a/b.ts", "");
	check_split("/a?", "/a", "");
	check_split("/a?x=1&y", "/a", "x=1&y");
	check_split("/a?x?y", "/a", "x?y");
}

static void
an_absolute_uri_is_its_path(void **state)
{
	(void)state;
	check_split("http://h:8080/a?b", "/a", "b");
	check_split("HTTPS://[::1]/a", "/a", "");
	check_split("http://h", "/", "");
	check_split("http://h?b", "/", "b");
}

static void
an_absolute_uri_says_of_whom_it_asks(void **state)
{
	size_t n;

	(void)state;
	assert_string_equal(uri_authority("HTTP://[::1]:80/a", &n),
	    "[::1]:80/a");
	assert_int_equal(n, strlen("[::1]:80"));
	assert_non_null(uri_authority("https://h?b", &n));
	assert_int_equal(n, 1);
	assert_null(uri_authority("/http://h/", &n));
	assert_null(uri_authority("h:80", &n));
}

static void
a_uri_of_no_known_form_is_refused(void **state)
{
	(void)state;
	check_refused("");
	check_refused("*");
	check_refused("a/b");
	check_refused("ftp://h/");
	check_refused("http:///a");
	check_refused("http://?a");
	check_refused("/a#b");
}

static void
the_path_is_decoded_and_the_query_is_not(void **state)
{
	(void)state;
	check_split("/%41%2f%c3%a9?%41", "/A/\xc3\xa9", "%41");
	check_split("/%2541", "/%41", "");
	check_split("/a?%zz", "/a", "%zz");
	check_split("/%f0%9f%93%ba", "/\xf0\x9f\x93\xba", "");
}

static void
a_bad_escape_is_refused(void **state)
{
	(void)state;
	check_refused("/%");
	check_refused("/%4");
	check_refused("/%4?1");
	check_refused("/%zz");
	check_refused("/%00");
	check_refused("/%-1");
}

static void
invalid_utf8_is_refused(void **state)
{
	(void)state;
	check_refused("/%c0%af");
	check_refused("/%c1%bf");
	check_refused("/%e0%9f%bf");
	check_refused("/%ed%a0%80");
	check_refused("/%f0%8f%bf%bf");
	check_refused("/%f4%90%80%80");
	check_refused("/%f5%80%80%80");
	check_refused("/%80");
	check_refused("/%c3");
	check_refused("/%e2%82");
	check_refused("/%e2%82x");
	check_refused("/%c3%c3");
}

static void
the_bounds_of_utf8_are_valid(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(""));
	assert_true(utf8_is_valid("\x7f\xc2\x80\xdf\xbf"));
	assert_true(utf8_is_valid("\xe0\xa0\x80\xed\x9f\xbf"));
	assert_true(utf8_is_valid("\xee\x80\x80\xef\xbf\xbf"));
	assert_true(utf8_is_valid("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
}

static void
check_query(const char *query, const char *key, const char *value)
{
	char *got = uri_query(query, key);

	if (value == NULL)
		assert_null(got);
	else
		assert_string_equal(got, value);
	free(got);
}

static void
a_query_is_asked_by_key(void **state)
{
	(void)state;
	check_query("a=1&ab=2&b=3", "a", "1");
	check_query("a=1&ab=2&b=3", "b", "3");
	check_query("a=1&ab=2&b=3", "ab", "2");
	check_query("a=1&ab=2&b=3", "c", NULL);
	check_query("ab=2&a=1", "a", "1");
	check_query("ab=2", "a", NULL);
	check_query("", "a", NULL);
	check_query("a", "a", NULL);
	check_query("a=", "a", "");
	check_query("file=%2Fx%20y%26z+1", "file", "/x y&z+1");
	check_query("a=%", "a", NULL);
	check_query("a=%00", "a", NULL);
}

static void
what_is_escaped_comes_back(void **state)
{
	struct buf b = { 0 };
	char s[256];

	(void)state;
	for (int i = 0; i < 255; i++)
		s[i] = (char)(i + 1);
	s[255] = '\0';
	buf_adds(&b, "a=1&s=");
	uri_add_escaped(&b, s);
	buf_adds(&b, "&t=2");
	check_query(buf_str(&b), "s", s);
	check_query(buf_str(&b), "t", "2");
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_ends_at_the_first_question_mark),
		cmocka_unit_test(an_absolute_uri_is_its_path),
		cmocka_unit_test(an_absolute_uri_says_of_whom_it_asks),
		cmocka_unit_test(a_uri_of_no_known_form_is_refused),
		cmocka_unit_test(the_path_is_decoded_and_the_query_is_not),
		cmocka_unit_test(a_bad_escape_is_refused),
		cmocka_unit_test(invalid_utf8_is_refused),
		cmocka_unit_test(the_bounds_of_utf8_are_valid),
		cmocka_unit_test(a_query_is_asked_by_key),
		cmocka_unit_test(what_is_escaped_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
