/* The sample station: every channel of it is planned for two weeks, from a
 * library that has what it names. */

#include "../support/samplelib.h"
#include "../unit/world.h"
#include "media/config.h"
#include "plan/timeline.h"

#define FROM	INT64_C(20783)		/* 2026-11-26: Thanksgiving */
#define DAYS	32			/* over Christmas */

static struct library *library;

static int
setup(void **state)
{
	(void)state;
	library = samplelib_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	library_free(library);
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
		struct selection *s = selection_new(c->chans[i], library);

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
		struct selection *s = selection_new(ch, library);
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

/* What is on a channel at an hour of a day; ">X": it has X below its name. */
static void
assert_on(const struct config *c, const char *slug, int64_t date, int hour,
    int min, const char *title)
{
	const struct chan *ch = sample_of(c, slug);
	struct tz *z = tz_utc();
	struct timeline *t = timeline_new(ch, library, z, FROM - 7);
	int64_t second = (date * 24 + hour) * 3600 + min * 60;
	const struct programme *p = timeline_programme(t, timeline_at(t,
	    rate_frame_from(ch->format.rate, second * NS_PER_S)));
	bool below = title != NULL && title[0] == '>';

	if (title == NULL)
		assert_null(p);
	else
		assert_string_equal(below ? p->subtitle : p->title,
		    title + below);
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
	assert_on(c, "films", FROM, 1, 0, ">Midnight Horror");
	assert_on(c, "cartoons", FROM + 2, 8, 0, "Saturday Shorts");
	assert_on(c, "cartoons", FROM + 2, 12, 0, ">The Saturday Film");
	assert_on(c, "holidays", FROM, 9, 0, "The Parade");
	assert_on(c, "holidays", FROM, 22, 0, ">Holiday Films");
	assert_on(c, "holidays", FROM + 28, 20, 0, "A Carol");
	assert_on(c, "holidays", FROM + 29, 12, 0, ">Merry Christmas");
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
