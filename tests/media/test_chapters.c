#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/rate.h"
#include "base/xmem.h"
#include "media/chapters.h"
#include "plan/layout.h"

#define S	INT64_C(1000000)

struct row {
	int64_t start_s, end_s;
	const char *title;
};

/* An asset of 600 s with these chapters for markers; *said is what there is
 * to complain about. */
static struct asset
import(const struct row *rows, size_t n, char **said)
{
	struct asset a = { .duration_us = 600 * S };
	struct chapters c = { .v = xcalloc(n, sizeof *c.v), .n = n };

	for (size_t i = 0; i < n; i++)
		c.v[i] = (struct chapter){ rows[i].start_s * S,
		    rows[i].end_s * S, xstrdup(rows[i].title) };
	*said = chapters_import(&c, &a);
	chapters_fini(&c);
	return a;
}

static void
check(const struct asset *a, size_t i, enum marker_kind kind, int64_t start_s,
    int64_t end_s)
{
	const struct marker *m = &a->markers[i];

	assert_true(i < a->nmarkers);
	assert_int_equal(m->kind, kind);
	assert_true(m->start_us == start_s * S);
	assert_true(m->end_us == end_s * S);
	assert_int_equal(m->range, start_s != end_s);
	assert_true(m->imported);
}

static void
titles_tell_what_a_chapter_is(void **state)
{
	static const struct {
		const char *title;
		enum marker_kind kind;
	} table[] = {
		{ "Intro", MARKER_intro },
		{ "INTRO", MARKER_intro },
		{ "Opening", MARKER_intro },
		{ "Opening Credits", MARKER_intro },
		{ "Opening Theme", MARKER_intro },
		{ "[intro]", MARKER_intro },
		{ "Credits", MARKER_outro },
		{ "End Credits", MARKER_outro },
		{ "Closing credits", MARKER_outro },
		{ "Outro", MARKER_outro },
		{ "Ending", MARKER_outro },
		{ "Ad", MARKER_avail },
		{ "Ads", MARKER_avail },
		{ "Ad 3", MARKER_avail },
		{ "ad-break", MARKER_avail },
		{ "Commercial", MARKER_avail },
		{ "Commercial Break #2", MARKER_avail },
		{ "Advertisement", MARKER_avail },
		{ "Break", MARKER_avail },
		{ "", MARKER_chapter },
		{ "Chapter 1", MARKER_chapter },
		{ "00:05:00.000", MARKER_chapter },
		{ "Ad Astra", MARKER_chapter },
		{ "Break Point", MARKER_chapter },
		{ "The Commercial", MARKER_chapter },
		{ "Introduction", MARKER_chapter },
		{ "Cold Opening Scene", MARKER_chapter },
		{ "Main Title", MARKER_chapter },
		{ "Adl", MARKER_chapter },
		{ "Ad\xc3\xa9", MARKER_chapter },
		{ "\xff" "Ad", MARKER_chapter },
		{ "...", MARKER_chapter },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (chapter_kind(table[i].title) != table[i].kind)
			fail_msg("'%s' is no %s", table[i].title,
			    marker_kind_name(table[i].kind));
}

static void
a_chapter_is_a_point_and_an_intro_a_range(void **state)
{
	static const struct row rows[] = {
		{ 0, 30, "Intro" }, { 30, 300, "One" },
		{ 300, 330, "Commercial" }, { 330, 590, "Two" },
		{ 590, 600, "Credits" },
	};
	char *said;
	struct asset a = import(rows, 5, &said);

	(void)state;
	assert_null(said);
	assert_int_equal(a.nmarkers, 5);
	check(&a, 0, MARKER_intro, 0, 30);
	check(&a, 1, MARKER_chapter, 30, 30);
	check(&a, 2, MARKER_avail, 300, 330);
	check(&a, 3, MARKER_chapter, 330, 330);
	check(&a, 4, MARKER_outro, 590, 600);
	free(a.markers);
}

static void
markers_come_in_order_whatever_the_container_s(void **state)
{
	static const struct row rows[] = {
		{ 300, 400, "b" }, { 0, 300, "a" }, { 0, 10, "Intro" },
	};
	char *said;
	struct asset a = import(rows, 3, &said);

	(void)state;
	assert_int_equal(a.nmarkers, 3);
	check(&a, 0, MARKER_chapter, 0, 0);
	check(&a, 1, MARKER_intro, 0, 10);
	check(&a, 2, MARKER_chapter, 300, 300);
	free(a.markers);
}

static void
what_lies_outside_the_file_is_left_out_with_a_word(void **state)
{
	static const struct row rows[] = {
		{ 601, 700, "late" }, { -20, -10, "early" },
		{ 50, 40, "backwards" }, { 10, 20, "fine" },
		{ -2000000000, 2000000000, "Intro" },
	};
	char *said;
	struct asset a = import(rows, 5, &said);

	(void)state;
	assert_int_equal(a.nmarkers, 2);
	check(&a, 0, MARKER_intro, 0, 600);
	check(&a, 1, MARKER_chapter, 10, 10);
	assert_non_null(strstr(said, "3 of its chapters lie outside"));
	free(said);
	free(a.markers);
}

static void
an_end_a_little_late_is_cut_without_a_word(void **state)
{
	static const struct row rows[] = { { 590, 601, "Credits" } };
	static const struct row far[] = { { 590, 602, "Credits" } };
	char *said;
	struct asset a = import(rows, 1, &said);

	(void)state;
	assert_null(said);
	check(&a, 0, MARKER_outro, 590, 600);
	free(a.markers);
	a = import(far, 1, &said);
	check(&a, 0, MARKER_outro, 590, 600);
	assert_non_null(strstr(said, "1 of its chapters reaches beyond"));
	free(said);
	free(a.markers);
}

static void
a_range_without_length_is_a_point(void **state)
{
	static const struct row rows[] = {
		{ 100, 100, "Ad" }, { 600, 600, "Credits" },
	};
	char *said;
	struct asset a = import(rows, 2, &said);

	(void)state;
	check(&a, 0, MARKER_avail, 100, 100);
	check(&a, 1, MARKER_outro, 600, 600);
	free(a.markers);
}

static void
a_commercial_is_not_cut_out_of_itself(void **state)
{
	static const struct row rows[] = { { 0, 600, "Commercial" } };
	char *said;
	struct asset a = import(rows, 1, &said);

	(void)state;
	check(&a, 0, MARKER_chapter, 0, 0);
	assert_non_null(strstr(said, "more than half"));
	free(said);
	free(a.markers);
}

static void
chapters_replace_the_markers_before(void **state)
{
	struct chapters none = { 0 };
	struct asset a = { .duration_us = S };

	(void)state;
	a.markers = xcalloc(1, sizeof *a.markers);
	a.nmarkers = 1;
	assert_null(chapters_import(&none, &a));
	assert_int_equal(a.nmarkers, 0);
	assert_null(a.markers);
}

/* What the planner makes of it: breaks at 200 and 400 only. */
static void
no_break_comes_at_the_begin_or_the_end(void **state)
{
	static const struct row rows[] = {
		{ 0, 200, "a" }, { 200, 400, "b" }, { 400, 600, "c" },
		{ 600, 600, "d" },
	};
	static const struct row ads[] = {
		{ 0, 20, "Ad" }, { 300, 320, "Ad" }, { 580, 600, "Ad" },
	};
	const struct rate rate = { 25, 1 };
	struct layout l;
	char *said;
	struct asset a = import(rows, 4, &said);

	(void)state;
	layout_make(&l, &a, rate, true);
	assert_int_equal(l.navails, 2);
	assert_int_equal(l.frames, 600 * 25);
	layout_fini(&l);
	free(a.markers);
	a = import(ads, 3, &said);
	layout_make(&l, &a, rate, true);
	assert_int_equal(l.navails, 1);
	assert_int_equal(l.frames, 540 * 25);
	layout_fini(&l);
	free(a.markers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_tell_what_a_chapter_is),
		cmocka_unit_test(a_chapter_is_a_point_and_an_intro_a_range),
		cmocka_unit_test(
		    markers_come_in_order_whatever_the_container_s),
		cmocka_unit_test(
		    what_lies_outside_the_file_is_left_out_with_a_word),
		cmocka_unit_test(an_end_a_little_late_is_cut_without_a_word),
		cmocka_unit_test(a_range_without_length_is_a_point),
		cmocka_unit_test(a_commercial_is_not_cut_out_of_itself),
		cmocka_unit_test(chapters_replace_the_markers_before),
		cmocka_unit_test(no_break_comes_at_the_begin_or_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
