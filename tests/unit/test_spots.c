/* What must hold of the breaks of any channel, from day to day. */

#include "world.h"
#include "plan/brk_stock.h"
#include "plan/select.h"

#define DAYS	5
#define FROM	INT64_C(20000)		/* 2024-10-04 */

/* What has been seen so far. */
static struct seen {
	struct world *w;
	const struct selection *sel;
	int64_t last[ASSETS_MAX];	/* frame it began at, or -1 */
	int64_t plays[ASSETS_MAX];	/* of the day */
	const struct asset *spots[ASSETS_MAX];	/* of the break */
	size_t nspots;
	size_t breaks, rests, capped;
} seen;

static size_t
index_of(const struct asset *a)
{
	return (size_t)(a - seen.w->assets);
}

static bool
in_break(const struct segment *s)
{
	switch (s->kind) {
	case SEGMENT_spot: case SEGMENT_bumper: case SEGMENT_station_id:
	case SEGMENT_pad: case SEGMENT_filler:
		return s->programme != DAY_OFF_AIR;
	default:
		return false;
	}
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void
check_spot(const struct segment *s)
{
	const struct traffic *t = &seen.w->ch.traffic;
	const struct asset *a = s->asset;
	struct rate r = seen.w->ch.format.rate;
	int64_t rest_s = traffic_cooldown_s(t, a->type);
	int64_t last = seen.last[index_of(a)];

	assert_int_equal(s->in, 0);
	assert_int_equal(seg_len(s), rate_frames_of_us(r, a->duration_us));
	if (last >= 0 && rest_s > 0) {
		assert_true((s->n0 - last) * r.den >= rest_s * r.num);
		seen.rests++;
	}
	assert_true(t->rules.plays_max == 0 ||
	    seen.plays[index_of(a)] < t->rules.plays_max);
	for (size_t i = 0; i < seen.nspots; i++) {
		const struct asset *b = seen.spots[i];

		assert_ptr_not_equal(a, b);
		assert_false(same(a->about.advertiser, b->about.advertiser));
		assert_false(same(a->about.category, b->about.category));
	}
	seen.spots[seen.nspots++] = a;
	seen.last[index_of(a)] = s->n0;
	seen.plays[index_of(a)]++;
}

/* Pieces stand where they belong, and none is there while one that goes
 * later is not.  A break at the day's edge may have but some of them. */
static void
check_pieces(const struct segment *s, size_t n, bool whole)
{
	const size_t *there = seen.sel->stock->nplace;
	bool to = s[0].kind == SEGMENT_bumper &&
	    there[TRAFFIC_to_break_bumper] > 0;
	bool from = s[n - 1].kind == SEGMENT_bumper && n - 1 >= to;
	bool id = n > (size_t)from + to &&
	    s[n - 1 - from].kind == SEGMENT_station_id;

	for (size_t i = to; i + from + id < n; i++)
		assert_true(s[i].kind != SEGMENT_bumper &&
		    s[i].kind != SEGMENT_station_id);
	if (whole && there[TRAFFIC_to_break_bumper] > 0)
		assert_true(to || (!from && !id));
	if (whole && there[TRAFFIC_from_break_bumper] > 0)
		assert_true(from || !id);
	seen.breaks++;
}

static void
check_breaks(const struct day *d)
{
	const struct segment *s = d->segments;

	memset(seen.plays, 0, sizeof seen.plays);
	for (size_t i = 0, end; i < d->nsegments; i = end) {
		bool begins = i > 0 || d->nprogrammes == 0 ||
		    s[0].programme == DAY_OFF_AIR ||
		    d->programmes[s[0].programme].n0 >= d->n0;

		end = i + 1;
		if (!in_break(&s[i])) {
			seen.nspots = 0;
			continue;
		}
		while (end < d->nsegments && in_break(&s[end]) &&
		    s[end].programme == s[i].programme)
			end++;
		if (begins)
			seen.nspots = 0;
		for (size_t k = i; k < end; k++)
			if (s[k].kind == SEGMENT_spot)
				check_spot(&s[k]);
		check_pieces(s + i, end - i, i > 0 && end < d->nsegments);
	}
}

static void
check_world(uint64_t seed)
{
	struct selection *sel;
	struct cursors c;

	memset(&seen, 0, offsetof(struct seen, breaks));
	memset(seen.last, 0xff, sizeof seen.last);
	seen.w = wild_world(seed);
	seen.sel = sel = selection_new(&seen.w->ch, &seen.w->lib);
	cursors_init(&c, &seen.w->ch);
	for (int64_t i = 0; i < DAYS; i++) {
		struct day *d = plan_day(&seen.w->ch, sel, seen.w->z, &c,
		    FROM + i);

		check_day(seen.w, d);
		check_breaks(d);
		day_free(d);
	}
	cursors_fini(&c);
	selection_free(sel);
	world_free(seen.w);
}

static void
breaks_keep_their_rules_from_day_to_day(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 150; seed++)
		check_world(seed);
	assert_true(seen.breaks > 10000);
	assert_true(seen.rests > 10000);
}

/* A copy of what a day hands on is as good as it; and skipping a day does
 * what planning it does. */
static void
a_day_hangs_on_nothing_but_its_cursors(void **state)
{
	(void)state;
	for (uint64_t seed = 200; seed < 230; seed++) {
		struct world *w = wild_world(seed);
		struct selection *s = selection_new(&w->ch, &w->lib);
		struct selection *other = selection_new(&w->ch, &w->lib);
		struct cursors a, b;
		struct day *x, *y;

		cursors_init(&a, &w->ch);
		for (int64_t i = 0; i < 3; i++)
			plan_skip_day(&w->ch, s, w->z, &a, FROM + i);
		cursors_copy(&b, &a);
		x = plan_day(&w->ch, s, w->z, &a, FROM + 3);
		y = plan_day(&w->ch, other, w->z, &b, FROM + 3);
		assert_true(cursors_equal(&a, &b));
		assert_int_equal(x->nsegments, y->nsegments);
		for (size_t i = 0; i < x->nsegments; i++) {
			assert_int_equal(x->segments[i].n0,
			    y->segments[i].n0);
			assert_ptr_equal(x->segments[i].asset,
			    y->segments[i].asset);
		}
		assert_true(a.naired <= s->stock->n);
		day_free(x);
		day_free(y);
		cursors_fini(&a);
		cursors_fini(&b);
		selection_free(s);
		selection_free(other);
		world_free(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breaks_keep_their_rules_from_day_to_day),
		cmocka_unit_test(a_day_hangs_on_nothing_but_its_cursors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
