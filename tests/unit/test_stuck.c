/* What never fits, or not for long, holds nobody up. */

#include "oneday.h"

#define AIRED_MAX	4000

static struct {
	const struct asset *asset;
	int64_t date;
} aired[AIRED_MAX];
static size_t naired;
static struct cursors cur;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	w->ch.type = CHAN_MOVIE;
	d = NULL;
	naired = 0;
	cur = (struct cursors){ 0 };
	return 0;
}

static int
finish(void **state)
{
	cursors_fini(&cur);
	return teardown(state);
}

/* Note what block i airs on so many days more. */
static void
run(size_t i, int64_t date, int days)
{
	struct selection *s = selection_new(&w->ch, &w->lib);

	if (cur.v == NULL)
		cursors_init(&cur, &w->ch);
	for (int64_t last = date + days; date < last; date++) {
		day_free(d);
		d = plan_day(&w->ch, s, w->z, &cur, date);
		check_day(w, d);
		for (size_t k = 0; k < d->nprogrammes; k++) {
			if (d->programmes[k].block != &w->blocks[i])
				continue;
			assert_true(naired < AIRED_MAX);
			aired[naired].asset = d->programmes[k].asset;
			aired[naired++].date = date;
		}
	}
	selection_free(s);
}

/* What has aired, by the last letters of the paths. */
static void
check_aired(const char *want)
{
	char got[AIRED_MAX + 1] = "";

	for (size_t i = 0; i < naired; i++)
		got[i] = aired[i].asset->path[strlen(aired[i].asset->path) -
		    1];
	assert_string_equal(got, want);
}

static size_t
count(const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < naired; i++)
		n += strcmp(aired[i].asset->path, path) == 0;
	return n;
}

static bool
is_told(const char *path)
{
	struct selection *s = selection_new(&w->ch, &w->lib);
	struct errs e = { 0 };
	bool told = false;

	selection_check(s, true, &e);
	for (size_t i = 0; i < e.n; i++)
		told |= strcmp(e.items[i].file, path) == 0 &&
		    strstr(e.items[i].text, "too long") != NULL;
	errs_fini(&e);
	selection_free(s);
	return told;
}

static size_t
films(const char *dir, const int *minutes, int n)
{
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("%s/%03d", dir, i + 1);

		world_asset(w, path, ASSET_movie, minutes[i] * MINUTE);
		free(path);
	}
	return world_pool(w, dir);
}

static struct block *
news(int start_h, size_t pool)
{
	struct block *b = world_block(w, start_h * HOUR_S, 0, pool);

	b->kind = BLOCK_AT;
	b->hard = true;
	return b;
}

/* It may bleed for hours, but not over the news. */
static void
what_a_hard_start_never_lets_end_is_told_of(void **state)
{
	static const int minutes[] = { 100, 125, 110 }, half[] = { 25 };

	(void)state;
	for (int mode = 0; mode < 3; mode++) {
		struct block *b = world_block(w, 20 * HOUR_S, 2 * HOUR_S,
		    films("/a", minutes, 3));

		b->mode = (enum block_mode)mode;
		b->bleed = true;
		news(22, films("/b", half, 1));
		assert_true(is_told("/a/002"));
		assert_false(is_told("/a/003"));
		run(0, DATE, 20);
		assert_int_equal(naired, 20);
		assert_int_equal(count("/a/001"), 10);
		assert_int_equal(count("/a/003"), 10);
		finish(NULL);
		setup(NULL);
	}
}

/* A block that always runs 30 minutes late, and what it delays. */
static struct block *
late_block(const int *minutes, int n)
{
	static const int film[] = { 140 };

	world_block(w, 20 * HOUR_S, 2 * HOUR_S, films("/a", film, 1))->bleed =
	    true;
	return world_block(w, 22 * HOUR_S, 2 * HOUR_S, films("/b", minutes,
	    n));
}

static void
in_order_what_always_comes_too_late_is_passed_over(void **state)
{
	static const int minutes[] = { 80, 110, 70, 90 };

	(void)state;
	late_block(minutes, 4);
	run(1, DATE, 10);
	check_aired("1341341341");
}

/* On Saturday there is time for it.  Then the others go on where they
 * were. */
static void
what_is_passed_over_keeps_its_turn(void **state)
{
	static const int minutes[] = { 80, 110, 70, 90, 85, 75 };

	(void)state;
	late_block(minutes, 6);
	assert_true(when_layer("weekdays", &w->blocks[0].when));
	run(1, DATE + 2, 6);		/* from Sunday on */
	check_aired("134561");
	naired = 0;
	run(1, DATE + 8, 8);
	check_aired("23456132");
}

static void
shuffled_what_always_comes_too_late_is_passed_over(void **state)
{
	static const int minutes[] = { 80, 110, 70, 90 };

	(void)state;
	late_block(minutes, 4)->mode = BLOCK_SHUFFLE;
	run(1, DATE, 60);
	assert_int_equal(naired, 60);
	assert_int_equal(count("/b/001"), 20);
	assert_int_equal(count("/b/002"), 0);
	assert_int_equal(count("/b/003"), 20);
	for (size_t i = 1; i < naired; i++)
		assert_ptr_not_equal(aired[i].asset, aired[i - 1].asset);
}

static void
the_only_one_that_fits_airs_every_day(void **state)
{
	static const int minutes[] = { 110, 80 };

	(void)state;
	for (int mode = 0; mode < 3; mode++) {
		late_block(minutes, 2)->mode = (enum block_mode)mode;
		run(1, DATE, 9);
		check_aired("222222222");
		finish(NULL);
		setup(NULL);
	}
}

/* An hour at 18, where the films do not fit, and three from 20 on. */
static void
in_a_short_piece_others_air_and_none_comes_twice(void **state)
{
	static const int minutes[] = { 170, 170, 170, 60, 60, 60, 60 };
	static const int hour[] = { 55 };

	(void)state;
	world_block(w, 18 * HOUR_S, 5 * HOUR_S, films("/a", minutes, 7));
	news(19, films("/b", hour, 1));
	run(0, DATE, 3);
	check_aired("415263");
	naired = 0;
	run(0, DATE + 3, 3);
	check_aired("714253");
}

/* Files come and go, but for one that waits for ever. */
static void
of_what_is_gone_nothing_is_kept(void **state)
{
	int minutes[200];

	(void)state;
	for (int i = 0; i < 200; i++)
		minutes[i] = i == 0 ? 110 : 80;
	late_block(minutes, 200);
	for (size_t i = 12; i <= 200; i++)
		w->assets[i].bad = (char[]){ "gone" };
	for (size_t i = 2; i < 180; i++) {
		run(1, DATE + (int64_t)i, 1);
		assert_true(cur.nahead <= 11);
		w->assets[i].bad = (char[]){ "gone" };
		w->assets[i + 10].bad = NULL;
	}
	assert_int_equal(naired, 178);
	assert_int_equal(count("/b/001"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_hard_start_never_lets_end_is_told_of),
		TEST(in_order_what_always_comes_too_late_is_passed_over),
		TEST(what_is_passed_over_keeps_its_turn),
		TEST(shuffled_what_always_comes_too_late_is_passed_over),
		TEST(the_only_one_that_fits_airs_every_day),
		TEST(in_a_short_piece_others_air_and_none_comes_twice),
		TEST(of_what_is_gone_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
