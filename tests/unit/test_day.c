/* What holds of any day, in any zone, from any library. */

#include "world.h"
#include "plan/day.h"
#include "plan/layout.h"

static struct world *w;
static struct day *d;

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	d = NULL;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	day_free(d);
	world_free(w);
	return 0;
}

static void
days_with_a_clock_change_have_23_and_25_hours(void **state)
{
	(void)state;
	world_zone(w, 0);
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	d = world_day(w, civil_to_days(2025, 3, 9));
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 46);
	day_free(d);
	d = world_day(w, civil_to_days(2025, 11, 2));
	check_day(w, d);
	assert_int_equal(d->nprogrammes, 50);
}

static void
days_tile_for_years_in_every_zone(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES * NZONES; i++) {
		int64_t end = 0;

		world_zone(w, i / NRATES);
		w->ch.format.rate = rates[i % NRATES];
		w->ch.day_start_s = 2 * HOUR_S + 1800;
		for (int64_t date = 20000; date < 20400; date++) {
			d = world_day(w, date);
			check_day(w, d);
			if (date > 20000)
				assert_int_equal(d->n0, end);
			end = d->n1;
			day_free(d);
		}
	}
	d = NULL;
}

static void
every_instant_has_its_day(void **state)
{
	(void)state;
	w->ch.day_start_s = 2 * HOUR_S + 1800;
	for (size_t i = 0; i < NZONES; i++) {
		world_zone(w, i);
		for (int64_t t = 20000 * DAY_S; t < 20400 * DAY_S; t += 1801) {
			int64_t date = day_of(&w->ch, w->z, t);

			assert_true(day_begin(&w->ch, w->z, date) <= t);
			assert_true(day_begin(&w->ch, w->z, date + 1) > t);
		}
	}
}

/* Of each programme that is whole in the day as much airs as its layout has,
 * or a frame less where rounding left its slot a frame short: so the breaks
 * are what is left, exactly. */
static void
check_sums(const struct world *v, const struct day *day)
{
	int64_t *sums = xcalloc(day->nprogrammes, sizeof *sums);

	for (size_t i = 0; i < day->nsegments; i++) {
		const struct segment *s = &day->segments[i];

		if (s->programme != DAY_OFF_AIR && s->asset ==
		    day->programmes[s->programme].asset)
			sums[s->programme] += seg_len(s);
	}
	for (size_t i = 0; i < day->nprogrammes; i++) {
		const struct programme *p = &day->programmes[i];
		struct layout l;

		if (p->n0 < day->n0 || p->n1 > day->n1)
			continue;
		layout_make(&l, p->asset, v->ch.format.rate,
		    v->ch.type == CHAN_NETWORK);
		assert_in_range(l.frames - sums[i], 0, 1);
		assert_true(l.frames == sums[i] ||
		    p->n1 - p->n0 == sums[i]);
		layout_fini(&l);
	}
	free(sums);
}

/* What airs of a programme airs in order, no frame twice, in pieces long
 * enough for a child. */
static void
check_content(const struct world *v, const struct day *day)
{
	int64_t next = 0, half = half_second(v->ch.format.rate);
	size_t was = DAY_OFF_AIR;

	for (size_t i = 0; i < day->nsegments; i++) {
		const struct segment *s = &day->segments[i];

		if (s->programme == DAY_OFF_AIR || s->asset !=
		    day->programmes[s->programme].asset)
			continue;
		if (s->programme == was)
			assert_true(s->in >= next);
		was = s->programme;
		next = s->in + seg_len(s);
		assert_true(seg_len(s) >= half || s->n0 == day->n0 ||
		    s->n1 == day->n1);
	}
}

static void
check_spots(const struct day *day)
{
	for (size_t i = 0; i + 1 < day->nsegments; i++) {
		const struct segment *s = &day->segments[i];

		if (s->kind != SEGMENT_spot)
			continue;
		for (size_t k = i + 1; k < day->nsegments &&
		    (s[k - i].kind == SEGMENT_spot ||
		    s[k - i].kind == SEGMENT_pad) &&
		    s[k - i].programme == s->programme; k++)
			assert_ptr_not_equal(s[k - i].asset, s->asset);
	}
}

static void
check_same(const struct day *a, const struct day *b)
{
	assert_int_equal(a->nsegments, b->nsegments);
	for (size_t i = 0; i < a->nsegments; i++) {
		const struct segment *x = &a->segments[i];
		const struct segment *y = &b->segments[i];

		assert_int_equal(x->n0, y->n0);
		assert_int_equal(x->kind, y->kind);
		assert_ptr_equal(x->asset, y->asset);
		assert_int_equal(x->in, y->in);
		assert_int_equal(x->programme, y->programme);
	}
	assert_int_equal(a->nprogrammes, b->nprogrammes);
	for (size_t i = 0; i < a->nprogrammes; i++) {
		assert_int_equal(a->programmes[i].n0, b->programmes[i].n0);
		assert_ptr_equal(a->programmes[i].asset,
		    b->programmes[i].asset);
	}
}

/* The assets of the filler, one after the other. */
static size_t
find_reel(const struct world *v, const struct asset **reel, int64_t *frames)
{
	size_t n = 0;

	*frames = 0;
	for (size_t i = 0; i < v->lib.n; i++) {
		const struct asset *a = &v->assets[i];
		int64_t len = rate_frames_of_us(v->ch.format.rate,
		    a->duration_us);

		if (v->ch.filler_pool != NULL ?
		    !pool_has(v->ch.filler_pool, a) :
		    v->ch.filler == NULL || strcmp(v->ch.filler, a->path) != 0)
			continue;
		if (a->bad != NULL || len * 2 * v->ch.format.rate.den <
		    v->ch.format.rate.num)
			continue;
		reel[n++] = a;
		*frames += len;
	}
	return n;
}

/* No child is started for less than half a second of filler, but where the
 * day next to it may go on with it. */
static void
check_runs(const struct world *v, const struct day *x)
{
	int64_t half = half_second(v->ch.format.rate);

	for (size_t i = 0, end; i < x->nsegments; i = end) {
		const struct segment *s = &x->segments[i];
		int64_t n = s->n0;

		for (end = i; end < x->nsegments &&
		    x->segments[end].asset == s->asset &&
		    x->segments[end].in - s->in == n - s->n0; end++)
			n = x->segments[end].n1;
		end += end == i;
		if (s->kind == SEGMENT_filler)
			assert_true(n - s->n0 >= half || s->n0 == x->n0 ||
			    n == x->n1);
	}
}

/* Frame n of the channel shows frame n of the reel, counted round. */
static void
check_filler(const struct world *v, const struct day *x)
{
	const struct asset *reel[ASSETS_MAX];
	int64_t frames;
	size_t n = find_reel(v, reel, &frames);

	for (size_t i = 0; i < x->nsegments; i++) {
		const struct segment *s = &x->segments[i];
		int64_t at;

		if (s->kind != SEGMENT_filler)
			continue;
		at = s->n0 % frames;
		for (size_t k = 0; k < n && reel[k] != s->asset; k++)
			at -= rate_frames_of_us(v->ch.format.rate,
			    reel[k]->duration_us);
		assert_int_equal(s->in, at);
	}
}

/* Of one wild world: two planners agree on each of the days around both
 * changes of the clock, and a third that only skips has the same cursors. */
static void
check_world(struct world *v, int64_t from, int days)
{
	struct selection *s = selection_new(&v->ch, &v->lib);
	struct selection *other = selection_new(&v->ch, &v->lib);
	struct cursors c, again, skip;
	int64_t end = INT64_MIN;

	cursors_init(&c, &v->ch);
	cursors_copy(&skip, &c);
	for (int64_t date = from; date < from + days; date++) {
		struct day *x, *y;

		cursors_copy(&again, &c);
		x = plan_day(&v->ch, s, v->z, &c, date);
		y = plan_day(&v->ch, other, v->z, &again, date);
		plan_skip_day(&v->ch, s, v->z, &skip, date);
		check_same(x, y);
		assert_true(cursors_equal(&c, &again));
		assert_true(cursors_equal(&c, &skip));
		assert_true(end == INT64_MIN || end == x->n0);
		end = x->n1;
		check_day(v, x);
		check_content(v, x);
		check_sums(v, x);
		check_spots(x);
		check_filler(v, x);
		check_runs(v, x);
		day_free(x);
		day_free(y);
		cursors_fini(&again);
	}
	cursors_fini(&c);
	cursors_fini(&skip);
	selection_free(s);
	selection_free(other);
}

static void
wild_worlds_are_planned_well(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 80; seed++) {
		struct world *v = wild_world(seed);

		check_world(v, civil_to_days(2025, 3, 7), 4);
		check_world(v, civil_to_days(2025, 3, 28), 4);
		check_world(v, civil_to_days(2025, 4, 4), 4);
		check_world(v, civil_to_days(2025, 10, 3), 4);
		check_world(v, civil_to_days(2025, 10, 24), 4);
		check_world(v, civil_to_days(2025, 10, 31), 4);
		world_free(v);
	}
}

static void
skipping_is_planning_for_400_days(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < NRATES; seed++) {
		struct world *v = wild_world(seed);

		world_zone(v, seed % 3 == 2 ? 3 : seed % 3);
		v->ch.day_start_s = (int)(seed % 4) * 2 * HOUR_S;
		world_block(v, 3 * HOUR_S, 86400, 0)->mode =
		    (enum block_mode)(seed % 3);
		check_world(v, 20000, 400);
		world_free(v);
	}
}

/* Content on either side of midnight goes on at the very next frame. */
static void
check_carried(const struct day *a, const struct day *b)
{
	const struct segment *x = &a->segments[a->nsegments - 1];
	const struct segment *y = &b->segments[0];

	if (x->asset == a->programmes[a->nprogrammes - 1].asset &&
	    y->asset == x->asset)
		assert_int_equal(y->in, x->in + seg_len(x));
}

static void
what_crosses_is_the_same_on_both_days(void **state)
{
	int crossings = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct world *v = wild_world(seed);
		struct selection *s = selection_new(&v->ch, &v->lib);
		struct cursors c;
		struct day *last = NULL;

		cursors_init(&c, &v->ch);
		for (int64_t date = 20000; date < 20010; date++) {
			struct day *x = plan_day(&v->ch, s, v->z, &c, date);
			const struct programme *p, *q;

			if (last != NULL && last->nprogrammes > 0 &&
			    (p = &last->programmes[last->nprogrammes - 1])
			    ->n1 > x->n0) {
				q = &x->programmes[0];
				assert_int_equal(p->n0, q->n0);
				assert_int_equal(p->n1, q->n1);
				assert_ptr_equal(p->asset, q->asset);
				check_carried(last, x);
				crossings++;
			}
			day_free(last);
			last = x;
		}
		day_free(last);
		cursors_fini(&c);
		selection_free(s);
		world_free(v);
	}
	assert_true(crossings > 20);
}

/* Which block has each moment, looked up without any painting. */
static size_t
owner_at(const struct world *v, int64_t t)
{
	for (size_t b = v->ch.nblocks; b-- > 0;) {
		const struct block *x = &v->ch.blocks[b];
		int64_t since = mod_floor(t - x->start_s, DAY_S);
		int64_t day = div_floor(t - x->start_s, DAY_S) -
		    (x->start_s < v->ch.day_start_s);

		if (since < x->length_s && when_has(&x->when, day))
			return b;
	}
	return PIECE_FREE;
}

static void
the_last_block_that_covers_a_moment_has_it(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct world *v = wild_world(seed);
		struct pieces p;

		world_zone(v, 4);
		day_pieces(&(struct calendar){ &v->ch, v->z, NULL }, 100,
		    100, &p);
		for (size_t i = 0; i < p.n; i++) {
			assert_int_equal(owner_at(v, p.v[i].t0), p.v[i].block);
			assert_int_equal(owner_at(v, p.v[i].t1 - 1),
			    p.v[i].block);
			assert_true(i == 0 || p.v[i].t0 == p.v[i - 1].t1);
		}
		assert_true(p.v[0].t0 <= day_begin(&v->ch, v->z, 100));
		assert_true(p.v[p.n - 1].t1 >= day_begin(&v->ch, v->z, 101));
		free(p.v);
		world_free(v);
	}
}

/* Monday to Sunday of a week; Thursday is Thanksgiving. */
static void
a_layer_replaces_the_times_it_covers(void **state)
{
	int64_t monday = civil_to_days(2026, 11, 23);
	static const size_t evening[] = { 1, 1, 1, 3, 1, 2, 2 };
	const char *why;
	size_t pool;

	(void)state;
	world_asset(w, "/a/1", ASSET_episode, 30 * MINUTE);
	pool = world_pool(w, "/a");
	world_block(w, 0, 86400, pool);
	assert_true(when_layer("weekdays",
	    &world_block(w, 20 * HOUR_S, HOUR_S, pool)->when));
	assert_true(when_layer("saturday",
	    &world_block(w, 20 * HOUR_S, HOUR_S, pool)->when));
	w->blocks[2].when.weekdays |= 1;
	assert_true(when_date("4th thursday of november",
	    &world_block(w, 18 * HOUR_S, 4 * HOUR_S, pool)->when, &why));
	for (int i = 0; i < 7; i++) {
		struct pieces p;

		day_pieces(&(struct calendar){ &w->ch, w->z, NULL },
		    monday + i, monday + i, &p);
		assert_int_equal(p.n, 3);
		assert_int_equal(p.v[0].block, 0);
		assert_int_equal(p.v[1].block, evening[i]);
		assert_int_equal(p.v[1].t1 - p.v[1].t0,
		    i == 3 ? 4 * HOUR_S : HOUR_S);
		assert_int_equal(p.v[2].block, 0);
		free(p.v);
	}
}

/* What is left of a block on its best day decides what it may choose. */
static void
the_longest_piece_is_that_of_the_best_day(void **state)
{
	size_t pool;
	struct survey s;
	const int64_t *longest;

	(void)state;
	pool = world_pool(w, "/a");
	world_block(w, 6 * HOUR_S, 6 * HOUR_S, pool);
	world_block(w, 8 * HOUR_S, HOUR_S, pool);
	assert_true(when_layer("weekdays",
	    &world_block(w, 7 * HOUR_S, 2 * HOUR_S, pool)->when));
	assert_true(when_layer("weekends",
	    &world_block(w, 11 * HOUR_S, HOUR_S, pool)->when));
	day_survey(&w->ch, NULL, &s);
	longest = s.longest;
	assert_int_equal(longest[0], 3 * HOUR_S);
	assert_int_equal(longest[1], HOUR_S);
	assert_int_equal(longest[2], 2 * HOUR_S);
	assert_int_equal(longest[3], HOUR_S);
	survey_fini(&s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(days_with_a_clock_change_have_23_and_25_hours),
		TEST(days_tile_for_years_in_every_zone),
		TEST(every_instant_has_its_day),
		TEST(wild_worlds_are_planned_well),
		TEST(skipping_is_planning_for_400_days),
		TEST(what_crosses_is_the_same_on_both_days),
		TEST(the_last_block_that_covers_a_moment_has_it),
		TEST(a_layer_replaces_the_times_it_covers),
		TEST(the_longest_piece_is_that_of_the_best_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
