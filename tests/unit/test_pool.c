#include "chanfile.h"

#include <stdlib.h>

#include "plan/glob.h"

#define HEAD	"channel: one\nnumber: 1\n"

static bool
has(const char *pool, const char *path)
{
	struct asset a = { 0 };
	char text[512], name[512];
	bool in;

	snprintf(text, sizeof text, HEAD "pools: {p: {%s}}\n"
	    "schedule: {all_day: []}\n", pool);
	load(text);
	assert_faults("");
	snprintf(name, sizeof name, "%s", path);
	a.path = name;
	in = pool_has(&ch->pools[0], &a);
	unload();
	return in;
}

static void
a_directory_stands_for_all_below_it(void **state)
{
	(void)state;
	assert_true(has("path: m/a", "/srv/tv/m/a/x.mkv"));
	assert_true(has("path: m/a/", "/srv/tv/m/a/b/c/x.mkv"));
	assert_true(has("path: m/a", "/srv/tv/m/a"));
	assert_false(has("path: m/a", "/srv/tv/m/ab/x.mkv"));
	assert_false(has("path: m/a", "/srv/tv/m"));
	assert_false(has("path: m/a", "/m/a/x.mkv"));
	assert_true(has("path: /", "/m/a/x.mkv"));
	assert_true(has("path: /m/a", "/m/a/x.mkv"));
	assert_true(has("files: m/a", "/srv/tv/m/a/x.mkv"));
}

static void
a_relative_path_is_also_below_each_library(void **state)
{
	(void)state;
	assert_true(has("path: cheers", "/lib/shows/cheers/x.mkv"));
	assert_true(has("path: cheers", "/lib/[old] spots/cheers/x.mkv"));
	assert_true(has("path: '*.mkv'", "/lib/[old] spots/x.mkv"));
	assert_false(has("path: /cheers", "/lib/shows/cheers/x.mkv"));
}

static void
a_star_stays_in_its_directory(void **state)
{
	(void)state;
	assert_true(has("files: '/m/*.mkv'", "/m/a.mkv"));
	assert_false(has("files: '/m/*.mkv'", "/m/a/b.mkv"));
	assert_false(has("files: '/m/*'", "/m/a/b.mkv"));
	assert_true(has("files: '/m/**'", "/m/a/b.mkv"));
	assert_true(has("files: '/m/**/*.mkv'", "/m/b.mkv"));
	assert_true(has("files: '/m/**/*.mkv'", "/m/a/a/b.mkv"));
	assert_false(has("files: '/m/**/*.mkv'", "/m/a/b.mp4"));
}

static void
a_pattern_may_name_directories(void **state)
{
	(void)state;
	assert_true(has("path: '/m/s*'", "/m/shows/a/b.mkv"));
	assert_true(has("path: '/m/*/cheers'", "/m/x/cheers/b.mkv"));
	assert_false(has("path: '/m/*/cheers'", "/m/x/y/cheers/b.mkv"));
	assert_false(has("path: '/m/*.mkv'", "/m/a/b.mkv"));
}

static void
a_name_with_brackets_is_found_as_it_is(void **state)
{
	(void)state;
	assert_true(has("path: '/m/[1982] x'", "/m/[1982] x/a.mkv"));
	assert_true(has("path: 'm/a*[b]'", "/srv/tv/m/a*[b]/a.mkv"));
	assert_true(has("files: '/m/what?.mkv'", "/m/what?.mkv"));
	assert_true(has("files: '/m/\\[x\\]/*.mkv'", "/m/[x]/a.mkv"));
}

static void
one_of_several_patterns_is_enough(void **state)
{
	(void)state;
	assert_true(has("path: [/a, /b], files: ['/c/*.ts']", "/b/x"));
	assert_true(has("path: [/a, /b], files: ['/c/*.ts']", "/c/x.ts"));
	assert_false(has("path: [/a, /b], files: ['/c/*.ts']", "/c/x.mp4"));
}

static void
a_glob_is_matched_whole(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool match;
	} cases[] = {
		{ "", "", true }, { "", "a", false }, { "a", "", false },
		{ "*", "", true }, { "*", "abc", true }, { "*", "a/c", false },
		{ "a*c", "abcbc", true }, { "a*c", "abcb", false },
		{ "*a*b", "xaxxb", true }, { "*a*b", "xbxxa", false },
		{ "?", "a", true }, { "?", "\xc3\xa9", true },
		{ "?", "/", false }, { "?", "", false },
		{ "[a-c]x", "bx", true }, { "[a-c]x", "dx", false },
		{ "[!a-c]x", "dx", true }, { "[^a]", "a", false },
		{ "[]a]", "]", true }, { "[a-]", "-", true },
		{ "[!a]", "/", false }, { "[\xc3\xa0-\xc3\xbf]",
		    "\xc3\xa9", true }, { "[a", "[a", true },
		{ "[a", "a", false }, { "\\*", "*", true },
		{ "\\*", "x", false }, { "a\\", "a\\", true },
		{ "**", "a/b/c", true }, { "a/**", "a/b/c", true },
		{ "**/c", "c", true }, { "**/c", "a/b/c", true },
		{ "**/c", "a/bc", false }, { "a/**/b/*/c", "a/x/b/b/y/c",
		    true }, { "a/**/b/*/c", "a/x/b/y/z/c", false },
		{ "a**c", "a/b/c", true }, { "**/*x*/y", "p/q/axb/y", true },
		{ "*/a", "b/b/a", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (glob_match(cases[i].pattern, cases[i].path) !=
		    cases[i].match)
			fail_msg("'%s' and '%s'", cases[i].pattern,
			    cases[i].path);
}

static void
a_glob_of_many_stars_ends(void **state)
{
	char path[1001], pattern[121] = { 0 };

	(void)state;
	memset(path, 'a', 1000);
	path[1000] = '\0';
	for (size_t i = 0; i < 60; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	assert_true(glob_match(pattern, path));
	pattern[119] = 'b';
	assert_false(glob_match(pattern, path));
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_directory_stands_for_all_below_it),
		TEST(a_relative_path_is_also_below_each_library),
		TEST(a_star_stays_in_its_directory),
		TEST(a_pattern_may_name_directories),
		TEST(a_name_with_brackets_is_found_as_it_is),
		TEST(one_of_several_patterns_is_enough),
		TEST(a_glob_is_matched_whole),
		TEST(a_glob_of_many_stars_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
