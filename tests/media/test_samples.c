/* The sample station: every channel of it is planned for two weeks, from a
 * library that has what it names. */

#include "../unit/world.h"
#include "media/config.h"
#include "plan/timeline.h"

#define FILES_MAX	1000
#define FROM	INT64_C(20783)		/* 2026-11-26: Thanksgiving */
#define DAYS	32			/* over Christmas */

static struct asset files[FILES_MAX];
static struct library library = { .assets = files };

static struct asset *
add(char *path, enum asset_type type, int64_t seconds)
{
	struct asset *a = &files[library.n++];

	assert_true(library.n <= FILES_MAX);
	*a = (struct asset){
		.path = path, .title = xstrdup(path), .type = type,
		.duration_us = seconds * S, .has_video = true,
		.about = ASSET_ABOUT_NONE,
	};
	return a;
}

static void
add_series(const char *name, const char *genre)
{
	for (int i = 0; i < 60; i++) {
		struct asset *a = add(xasprintf("/srv/media/shows/%s/%s "
		    "S%02dE%02d.mkv", name, name, 1 + i / 20, 1 + i % 20),
		    ASSET_episode, 22 * 60 + i * 7 % 90);

		a->about.series = xstrdup(name);
		a->about.season = 1 + i / 20;
		a->about.episode = 1 + i % 20;
		texts_add(&a->about.genres, genre);
	}
}

static void
add_films(void)
{
	static const char *const ratings[] = { "G", "PG", "PG-13", "R" };
	static const char *const genres[] = { "horror", "animation", "drama" };

	for (int i = 0; i < 60; i++) {
		struct asset *a = add(xasprintf("/srv/media/films/%02d.mkv", i),
		    ASSET_movie, 80 * 60 + i * 91 % 2400);

		a->about.year = 1950 + i;
		a->about.rating = xstrdup(ratings[i % 4]);
		texts_add(&a->about.genres, genres[i % 3]);
		if (i % 4 == 1)
			texts_add(&a->about.tags, "christmas");
	}
}

/* So many of them, in a directory, with a tag. */
static void
add_some(const char *dir, const char *name, int n, enum asset_type type,
    int64_t seconds, const char *tag)
{
	for (int i = 0; i < n; i++) {
		struct asset *a = add(xasprintf("/srv/media/%s/%s%02d.mkv",
		    dir, name, i), type, seconds + i * 13 % 60);

		if (tag != NULL)
			texts_add(&a->about.tags, tag);
	}
}

static int
by_path(const void *pa, const void *pb)
{
	const struct asset *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

static int
setup(void **state)
{
	(void)state;
	add_series("Cheers", "comedy");
	add_series("Wings", "comedy");
	add_series("Taxi", "comedy");
	add_series("Barney Miller", "comedy");
	add_series("General Hospital", "drama");
	add_series("Jonny Quest", "animation");
	add_films();
	add_some("shows/Shorts", "", 40, ASSET_episode, 6 * 60, "cartoon");
	add_some("bumpers", "hello", 3, ASSET_bumper, 10, NULL);
	add_some("bumpers", "bye", 3, ASSET_bumper, 10, NULL);
	add_some("bumpers", "card", 4, ASSET_bumper, 10, "ratings");
	add_some("bumpers", "feature", 2, ASSET_bumper, 20, "feature");
	add_some("specials/Parade", "", 3, ASSET_movie, 55 * 60, NULL);
	add_some("commercials", "", 40, ASSET_commercial, 15, NULL);
	add_some("filler", "", 5, ASSET_filler, 200, NULL);
	add(xstrdup("/srv/media/bumpers/anthem.mkv"), ASSET_bumper, 90);
	add(xstrdup("/srv/media/shows/News/Bulletin.mkv"), ASSET_episode,
	    25 * 60);
	add(xstrdup("/srv/media/specials/Carol.mkv"), ASSET_movie, 70 * 60);
	qsort(files, library.n, sizeof files[0], by_path);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < library.n; i++) {
		free(files[i].path);
		free(files[i].title);
		asset_about_fini(&files[i].about);
	}
	return 0;
}

static struct config *
sample(void)
{
	struct errs e = { 0 };
	struct config *c = config_load("etc/retrovued.yaml", &e);
	struct buf b = { 0 };

	errs_print(&e, &b);
	assert_string_equal(buf_str(&b), "");
	assert_non_null(c);
	buf_fini(&b);
	errs_fini(&e);
	return c;
}

static struct chan *
sample_of(const struct config *c, const char *slug)
{
	for (size_t i = 0; i < c->nchans; i++)
		if (strcmp(c->chans[i]->slug, slug) == 0)
			return c->chans[i];
	fail_msg("no sample '%s'", slug);
	return NULL;
}

static void
no_sample_has_a_warning(void **state)
{
	struct config *c = sample();
	struct errs e = { 0 };
	struct buf b = { 0 };

	(void)state;
	assert_true(c->nchans >= 7);
	for (size_t i = 0; i < c->nchans; i++) {
		struct selection *s = selection_new(c->chans[i], &library);

		selection_check(s, true, &e);
		selection_free(s);
	}
	errs_print(&e, &b);
	assert_string_equal(buf_str(&b), "");
	buf_fini(&b);
	errs_fini(&e);
	config_free(c);
}

/* How much of the day is somebody's programme, in hundredths. */
static int64_t
share(const struct day *d)
{
	int64_t n = 0;

	for (size_t i = 0; i < d->nsegments; i++)
		if (d->segments[i].programme != DAY_OFF_AIR)
			n += seg_len(&d->segments[i]);
	return n * 100 / (d->n1 - d->n0);
}

static void
every_sample_airs_all_day_for_a_month(void **state)
{
	struct config *c = sample();
	struct world w = { .z = tz_utc() };

	(void)state;
	for (size_t i = 0; i < c->nchans; i++) {
		const struct chan *ch = c->chans[i];
		struct selection *s = selection_new(ch, &library);
		struct cursors cur;

		w.ch = *ch;
		cursors_init(&cur, ch);
		for (int k = 0; k < DAYS; k++) {
			struct day *d = plan_day(ch, s, w.z, &cur, FROM + k);

			check_day(&w, d);
			assert_true(share(d) >= (strcmp(ch->slug, "films") ==
			    0 ? 75 : 88));
			day_free(d);
		}
		cursors_fini(&cur);
		selection_free(s);
	}
	tz_free(w.z);
	config_free(c);
}

/* What is on a channel at an hour of a day. */
static void
assert_on(const struct config *c, const char *slug, int64_t date, int hour,
    int min, const char *title)
{
	const struct chan *ch = sample_of(c, slug);
	struct tz *z = tz_utc();
	struct timeline *t = timeline_new(ch, &library, z, FROM - 7);
	int64_t second = (date * 24 + hour) * 3600 + min * 60;
	const struct programme *p = timeline_programme(t, timeline_at(t,
	    rate_frame_from(ch->format.rate, second * NS_PER_S)));

	if (title == NULL)
		assert_null(p);
	else
		assert_string_equal(p->title, title);
	timeline_free(t);
	tz_free(z);
}

static void
samples_air_what_they_say(void **state)
{
	struct config *c = sample();

	(void)state;
	assert_on(c, "sitcoms", FROM + 1, 18, 30, "News");
	assert_on(c, "sitcoms", FROM + 7, 20, 0, "Must See Cheers");
	assert_on(c, "films", FROM, 5, 30, NULL);
	assert_on(c, "films", FROM, 1, 0, "Midnight Horror");
	assert_on(c, "cartoons", FROM + 2, 8, 0, "Saturday Shorts");
	assert_on(c, "cartoons", FROM + 2, 12, 0, "The Saturday Film");
	assert_on(c, "holidays", FROM, 9, 0, "The Parade");
	assert_on(c, "holidays", FROM, 22, 0, "Holiday Films");
	assert_on(c, "holidays", FROM + 28, 20, 0, "A Carol");
	assert_on(c, "holidays", FROM + 29, 12, 0, "Merry Christmas");
	assert_on(c, "loop", FROM + 3, 3, 0, "Cheers");
	config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_sample_has_a_warning),
		cmocka_unit_test(every_sample_airs_all_day_for_a_month),
		cmocka_unit_test(samples_air_what_they_say),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
