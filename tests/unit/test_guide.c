/* What the guide says is what airs. */

#include "wild.h"
#include "base/length.h"
#include "plan/daytext.h"
#include "plan/guide.h"

#define SINCE	INT64_C(19723)		/* 2024-01-01 */
#define DAYS	3

static struct world *w;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

static struct timeline *
timeline_of(const struct world *x)
{
	return timeline_new(&x->ch, &x->lib, x->z, SINCE);
}

static struct guide *
guide_of_days(struct timeline *t, int64_t first, int64_t days)
{
	return guide_new(t, timeline_day(t, first),
	    timeline_day(t, first + days));
}

static int64_t
at(int64_t date, int hour, int min)
{
	return (date * 86400 + hour * 3600 + min * 60) * 25;
}

/* Three episodes of 22 minutes with a break, and two commercials. */
static void
sitcoms(void)
{
	static const char *const paths[] = { "/a/1", "/a/2", "/a/3" };

	for (int i = 0; i < 3; i++)
		world_marker(world_asset(w, paths[i], ASSET_episode,
		    22 * MINUTE), MARKER_avail, 11 * MINUTE, -1);
	world_asset(w, "/s/1", ASSET_commercial, 4 * MINUTE);
	world_asset(w, "/s/2", ASSET_commercial, 4 * MINUTE);
}

/* No gap, no overlap, and what it says of each segment's first and last frame
 * is what the timeline has there. */
static void
check_guide(const struct guide *g, struct timeline *t)
{
	size_t i = 0;

	for (size_t k = 1; k < g->n; k++)
		assert_int_equal(g->v[k].n0, g->v[k - 1].n1);
	for (int64_t n = g->v[0].n0; n < g->v[g->n - 1].n1;) {
		const struct segment *s = timeline_at(t, n);
		const struct programme *p = timeline_programme(t, s);
		const struct guide_entry *e;

		while (g->v[i].n1 <= n)
			i++;
		e = &g->v[i];
		assert_true(e->n0 <= n && s->n1 <= e->n1);
		assert_int_equal(e->off_air, p == NULL);
		if (p != NULL) {
			assert_string_equal(e->title, p->title);
			assert_int_equal(e->n0, p->n0);
			assert_int_equal(e->n1, p->n1);
			/* Of the wild assets' seasons all are 0. */
			assert_int_equal(e->about.season, p->several ? -1 : 0);
		}
		n = s->n1;
	}
}

static void
the_guide_says_what_airs_at_every_boundary_of_three_days(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct wild *x = wild_new(seed);
		struct timeline *t = timeline_of(x->w);
		struct guide *g = guide_of_days(t, SINCE + 70, DAYS);

		check_guide(g, t);
		guide_unref(g);
		timeline_free(t);
		wild_free(x);
	}
}

static void
a_guide_made_day_by_day_is_the_same(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct wild *x = wild_new(seed);
		struct timeline *t = timeline_of(x->w);
		struct guide *whole = guide_of_days(t, SINCE + 70, DAYS);
		struct guide *g = guide_of_days(t, SINCE + 70, 1);

		for (int64_t d = 2; d <= DAYS; d++)
			guide_extend(g, t, timeline_day(t, SINCE + 70 + d));
		assert_int_equal(g->n, whole->n);
		for (size_t i = 0; i < g->n; i++) {
			const struct guide_entry *a = &g->v[i];
			const struct guide_entry *b = &whole->v[i];

			assert_int_equal(a->start_ns, b->start_ns);
			assert_int_equal(a->end_ns, b->end_ns);
			assert_int_equal(a->end_east_s, b->end_east_s);
			assert_string_equal(a->title, b->title);
		}
		guide_unref(whole);
		guide_unref(g);
		timeline_free(t);
		wild_free(x);
	}
}

static void
breaks_are_not_seen(void **state)
{
	char title[] = "The same";
	struct timeline *t;
	struct guide *g;

	(void)state;
	sitcoms();
	world_block(w, 0, 86400, world_pool(w, "/a"))->title = title;
	t = timeline_of(w);
	g = guide_of_days(t, SINCE, DAYS);
	assert_int_equal(g->n, DAYS * 48);
	for (size_t i = 0; i < g->n; i++) {
		assert_int_equal(g->v[i].n0, at(SINCE, 0, (int)i * 30));
		assert_false(g->v[i].off_air);
	}
	guide_unref(g);
	timeline_free(t);
}

static void
what_is_on_at_either_end_is_there_as_a_whole(void **state)
{
	struct timeline *t;
	struct guide *g;

	(void)state;
	sitcoms();
	world_block(w, 0, 86400, world_pool(w, "/a"));
	t = timeline_of(w);
	g = guide_new(t, at(SINCE, 10, 12), at(SINCE, 11, 3));
	assert_int_equal(g->n, 3);
	assert_int_equal(g->v[0].n0, at(SINCE, 10, 0));
	assert_int_equal(g->v[2].n1, at(SINCE, 11, 30));
	guide_unref(g);
	timeline_free(t);
}

/* Midnight is none of its ends. */
static void
what_nobody_has_is_off_the_air_in_one_piece(void **state)
{
	struct timeline *t;
	struct guide *g;

	(void)state;
	sitcoms();
	world_block(w, 12 * HOUR_S, 8 * HOUR_S, world_pool(w, "/a"));
	t = timeline_of(w);
	g = guide_of_days(t, SINCE, 2);
	assert_int_equal(g->n, 1 + 16 + 1 + 16 + 1);
	for (size_t i = 0; i < g->n; i += 17) {
		assert_true(g->v[i].off_air);
		assert_string_equal(g->v[i].title, "Off air");
	}
	assert_int_equal(g->v[17].n0, at(SINCE, 20, 0));
	assert_int_equal(g->v[17].n1, at(SINCE + 1, 12, 0));
	assert_int_equal(g->v[34].n1, at(SINCE + 2, 0, 0));
	guide_unref(g);
	timeline_free(t);
}

static void
what_a_reload_kept_is_in_the_guide_as_it_airs(void **state)
{
	static const struct {
		int hour, min;
		const char *title;
	} airs[] = {
		{ 9, 5, "/b/1" }, { 9, 15, "/a/1" }, { 10, 5, "/a/3" },
		{ 10, 35, "/b/1" },
	};
	struct world *was = w;
	struct timeline *old, *t;
	struct guide *g;

	(void)state;
	sitcoms();
	world_block(w, 0, 86400, world_pool(w, "/a"));
	old = timeline_of(was);
	w = world_new(pal);
	world_asset(w, "/b/1", ASSET_movie, 50 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/b"));
	t = timeline_of(w);
	assert_true(timeline_keep(t, old, at(SINCE, 9, 10),
	    at(SINCE, 10, 30)));
	timeline_free(old);
	world_free(was);
	g = guide_of_days(t, SINCE, 2);
	for (size_t i = 1; i < g->n; i++)
		assert_int_equal(g->v[i].n0, g->v[i - 1].n1);
	for (size_t i = 0; i < LENGTH(airs); i++) {
		const struct guide_entry *e = &g->v[guide_find(g,
		    at(SINCE, airs[i].hour, airs[i].min) * (NS_PER_S / 25))];

		assert_string_equal(e->title, airs[i].title);
	}
	guide_unref(g);
	timeline_free(t);
}

/* By local time 02:30 is missing on one night, and there twice on another. */
static void
offsets_are_those_of_their_moment(void **state)
{
	static const struct {
		int64_t date;
		size_t entries;
		int before, after;
	} nights[] = {
		{ 20157 /* 2025-03-10, New York */, 46, -5, -4 },
		{ 20395 /* 2025-11-03 */, 50, -4, -5 },
	};
	struct timeline *t;

	(void)state;
	sitcoms();
	world_zone(w, 0);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	t = timeline_of(w);
	for (int i = 0; i < 2; i++) {
		struct guide *g = guide_of_days(t, nights[i].date - 1, 1);

		assert_int_equal(g->n, nights[i].entries);
		assert_int_equal(g->v[0].start_east_s,
		    nights[i].before * HOUR_S);
		assert_int_equal(g->v[3].start_east_s,
		    nights[i].before * HOUR_S);
		assert_int_equal(g->v[g->n - 1].end_east_s,
		    nights[i].after * HOUR_S);
		for (size_t k = 1; k < g->n; k++) {
			assert_int_equal(g->v[k].start_ns,
			    g->v[k - 1].end_ns);
			assert_int_equal(g->v[k].start_east_s,
			    g->v[k - 1].end_east_s);
		}
		check_guide(g, t);
		guide_unref(g);
	}
	timeline_free(t);
}

static void
a_guide_outlives_what_it_was_made_from(void **state)
{
	struct timeline *t;
	struct guide *g, *other;
	struct asset *a;

	(void)state;
	a = world_asset(w, "/a/1", ASSET_movie, 25 * MINUTE);
	texts_add(&a->about.genres, "Horror");
	texts_add(&a->about.actors, "Nobody");
	a->about.year = 1979;
	world_block(w, 0, 86400, world_pool(w, "/a"))->first_run = true;
	t = timeline_of(w);
	g = guide_of_days(t, SINCE, 1);
	other = guide_ref(g);
	guide_unref(g);
	timeline_free(t);
	texts_fini(&a->about.genres);
	texts_fini(&a->about.actors);
	world_free(w);
	w = world_new(pal);
	assert_string_equal(other->slug, "one");
	assert_true(other->v[7].movie && other->v[7].first_run);
	assert_string_equal(other->v[7].about.genres.v[0], "Horror");
	assert_string_equal(other->v[7].about.actors.v[0], "Nobody");
	assert_int_equal(other->v[7].about.year, 1979);
	guide_unref(other);
}

static void
an_instant_is_found_in_its_entry(void **state)
{
	struct timeline *t;
	struct guide *g;

	(void)state;
	sitcoms();
	world_block(w, 0, 86400, world_pool(w, "/a"));
	t = timeline_of(w);
	g = guide_of_days(t, SINCE, 1);
	assert_int_equal(guide_find(g, 0), 0);
	for (size_t i = 0; i < g->n; i++) {
		assert_int_equal(guide_find(g, g->v[i].start_ns), i);
		assert_int_equal(guide_find(g, g->v[i].end_ns - 1), i);
	}
	assert_int_equal(guide_find(g, g->v[g->n - 1].end_ns), g->n);
	guide_unref(g);
	timeline_free(t);
}

static void
check_episode(int season, int episode, const char *want)
{
	const struct asset_about a = { .season = season, .episode = episode };
	struct buf b = { 0 };

	guide_add_episode(&b, &a);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void
check_subtitle(const struct programme *p, const char *want)
{
	char *text = daytext_subtitle(p);

	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text, want);
	free(text);
}

/* A block of several series has a title of its own. */
static void
below_another_title_stands_what_it_really_is(void **state)
{
	char series[] = "Cheers";
	struct asset a = { .about = {
		.series = series, .season = 3, .episode = 4 } };
	struct programme p = { .title = "Prime Time", .subtitle = "Endless",
	    .asset = &a };

	(void)state;
	check_subtitle(&p, "Cheers S03E04: Endless");
	p.subtitle = NULL;
	check_subtitle(&p, "Cheers S03E04");
	a.about.episode = -1;
	check_subtitle(&p, "Cheers");
	p.subtitle = "Endless";
	p.several = true;
	check_subtitle(&p, "Endless");
	p.several = false;
	p.title = series;
	check_subtitle(&p, "Endless");
	p.asset = NULL;
	p.subtitle = NULL;
	check_subtitle(&p, NULL);
}

static void
an_episode_is_named_by_what_is_known_of_it(void **state)
{
	(void)state;
	check_episode(1, 2, "S01E02");
	check_episode(0, 12, "S00E12");
	check_episode(-1, 7, "E07");
	check_episode(3, -1, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_guide_says_what_airs_at_every_boundary_of_three_days),
		TEST(a_guide_made_day_by_day_is_the_same),
		TEST(breaks_are_not_seen),
		TEST(what_is_on_at_either_end_is_there_as_a_whole),
		TEST(what_nobody_has_is_off_the_air_in_one_piece),
		TEST(what_a_reload_kept_is_in_the_guide_as_it_airs),
		TEST(offsets_are_those_of_their_moment),
		TEST(a_guide_outlives_what_it_was_made_from),
		TEST(an_instant_is_found_in_its_entry),
		TEST(below_another_title_stands_what_it_really_is),
		TEST(an_episode_is_named_by_what_is_known_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
