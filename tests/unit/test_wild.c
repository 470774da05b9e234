/* What holds of any day of any schedule, whatever its entries are. */

#include "wild.h"
#include "plan/layout.h"
#include "plan/select.h"
#include "plan/skip.h"
#include "plan/timeline.h"

/* Days around the changes of the clock in all of the zones. */
static const int64_t changes[] = {
	20154 /* 2025-03-08 */, 20175, 20182, 20364, 20385, 20392,
};
#define NCHANGES	(sizeof changes / sizeof changes[0])

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_programme(const struct programme *a, const struct programme *b)
{
	return a->n0 == b->n0 && a->n1 == b->n1 && a->asset == b->asset &&
	    same_text(a->title, b->title) &&
	    same_text(a->subtitle, b->subtitle) &&
	    a->description == b->description && a->several == b->several;
}

static bool
same_segment(const struct segment *a, const struct segment *b)
{
	return a->n0 == b->n0 && a->n1 == b->n1 && a->kind == b->kind &&
	    a->asset == b->asset && a->in == b->in &&
	    a->programme == b->programme;
}

static void
check_same(const struct day *a, const struct day *b)
{
	assert_int_equal(a->nsegments, b->nsegments);
	for (size_t i = 0; i < a->nsegments; i++)
		assert_true(same_segment(&a->segments[i], &b->segments[i]));
	assert_int_equal(a->nprogrammes, b->nprogrammes);
	for (size_t i = 0; i < a->nprogrammes; i++)
		assert_true(same_programme(&a->programmes[i],
		    &b->programmes[i]));
}

static int64_t
frame_at(const struct world *w, int64_t t)
{
	return rate_frame_from(w->ch.format.rate, t * NS_PER_S);
}

/* Which block a programme is of. */
static const struct block *
block_of(const struct world *w, const struct programme *p)
{
	for (size_t i = 0; i < w->ch.nblocks; i++)
		if (w->blocks[i].description == p->description)
			return &w->blocks[i];
	fail_msg("a programme of no block");
	return NULL;
}

static const struct program *
program_of(const struct wild *x, const struct programme *p)
{
	for (size_t i = 0; i < PROGRAMS; i++)
		if (p->title == x->titles[i] || p->subtitle == x->titles[i])
			return &x->programs[i];
	return NULL;
}

/* How many frames of an asset air where nothing ends it too early. */
static int64_t
frames_of(const struct world *w, const struct asset *a, bool skip_intro,
    bool skip_outro)
{
	struct layout l;
	int64_t n;

	layout_make(&l, a, w->ch.format.rate, w->ch.type == CHAN_NETWORK);
	layout_skip(&l, w->ch.format.rate, skip_intro, skip_outro);
	n = l.frames;
	layout_fini(&l);
	return n;
}

/* Is a hard start of the channel at frame n? */
static bool
is_hard(const struct world *w, const struct pieces *ps, int64_t n)
{
	for (size_t i = 0; i < ps->n; i++)
		if (ps->v[i].block != PIECE_FREE &&
		    w->blocks[ps->v[i].block].hard &&
		    frame_at(w, ps->v[i].t0) == n)
			return true;
	return false;
}

static bool
is_content(const struct world *w, const struct segment *s)
{
	return s->asset != NULL && (s->asset->path[1] == 'a' ||
	    s->asset->path[1] == 'b') && s->kind != SEGMENT_spot &&
	    w->lib.n > 0;
}

/* Every asset of a programme that is whole in the day airs to its end, in
 * order, but where a hard start ends it; a frame may be lost where rounding
 * has left the slot short. */
static void
check_whole(const struct world *w, const struct day *d, size_t i,
    const struct pieces *ps)
{
	const struct programme *p = &d->programmes[i];
	const struct block *b = block_of(w, p);
	int64_t sum = 0, next = 0, lost = 0;
	const struct asset *now = NULL;
	bool cut = is_hard(w, ps, p->n1);

	for (size_t k = 0; k <= d->nsegments; k++) {
		const struct segment *s = &d->segments[k];
		bool on = k < d->nsegments && s->programme == i &&
		    is_content(w, s);

		if (k < d->nsegments && s->programme == i && !on)
			continue;
		if (now != NULL && (!on || s->asset != now)) {
			int64_t all = frames_of(w, now, false, b->skip_outro);
			int64_t less = frames_of(w, now, true, b->skip_outro);

			lost += (b->skip_intro && sum <= less ? less : all) -
			    sum;
			sum = 0;
			next = 0;
			now = NULL;
		}
		if (!on)
			continue;
		assert_true(s->in >= next);
		assert_true(seg_len(s) >= half_second(w->ch.format.rate) - 1);
		now = s->asset;
		next = s->in + seg_len(s);
		sum += seg_len(s);
	}
	if (!cut)
		assert_in_range(lost, 0, 20);
	else
		assert_true(lost >= 0);
}

static void
check_place(const struct wild *x, const struct programme *p,
    const struct pieces *ps)
{
	const struct world *w = x->w;
	const struct block *b = block_of(w, p);
	const struct program *g = program_of(x, p);
	int64_t grid_s = w->ch.format.grid_minutes * 60;
	struct rate r = w->ch.format.rate;

	for (size_t i = 0; i < ps->n; i++) {
		const struct piece *q = &ps->v[i];

		if (q->block == PIECE_FREE || &w->blocks[q->block] != b ||
		    p->n0 < frame_at(w, q->t0) || p->n0 >= frame_at(w, q->t1))
			continue;
		assert_true(q->hard == INT64_MAX ||
		    p->n1 <= frame_at(w, q->hard));
		if (b->kind == BLOCK_SHOWS && !b->bleed &&
		    (g == NULL || !g->bleed))
			assert_true(p->n1 <= frame_at(w, q->t1));
		if (g != NULL && g->grid_blocks > 0)
			assert_in_range((p->n1 - p->n0 + 1) * r.den,
			    (g->grid_blocks * grid_s * r.num),
			    (g->grid_blocks * grid_s * r.num + 2 * r.den));
		return;
	}
	assert_int_equal(b->kind, BLOCK_AT);	/* begins late */
	assert_false(b->hard);
}

/* A hard start that anything airs at is never late. */
static void
check_hard(const struct wild *x, const struct day *d,
    const struct selection *s, const struct pieces *ps)
{
	const struct world *w = x->w;

	for (size_t i = 0; i < ps->n; i++) {
		const struct piece *q = &ps->v[i];
		int64_t n = frame_at(w, q->t0);
		size_t k = 0;

		if (q->block == PIECE_FREE || !w->blocks[q->block].hard ||
		    n < d->n0 || n >= d->n1)
			continue;
		assert_true(s->at_s[q->block] > 0);
		while (k < d->nprogrammes && d->programmes[k].n0 != n)
			k++;
		assert_true(k < d->nprogrammes);
		assert_ptr_equal(d->programmes[k].description,
		    w->blocks[q->block].description);
	}
}

static void
check_programmes(const struct wild *x, const struct day *d,
    const struct selection *s, int64_t date)
{
	const struct calendar cal = selection_calendar(s, x->w->z);
	struct pieces ps;

	day_pieces(&cal, date - 1, date + 1, &ps);
	for (size_t i = 0; i < d->nprogrammes; i++) {
		const struct programme *p = &d->programmes[i];

		check_place(x, p, &ps);
		if (p->n0 >= d->n0 && p->n1 <= d->n1)
			check_whole(x->w, d, i, &ps);
	}
	check_hard(x, d, s, &ps);
	free(ps.v);
}

/* Off the air on purpose is neither filler nor a programme. */
static size_t
count_sign_offs(const struct day *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->nsegments; i++)
		if (d->segments[i].kind == SEGMENT_sign_off) {
			assert_int_equal(d->segments[i].programme,
			    DAY_OFF_AIR);
			n++;
		}
	return n;
}

static int nbled, ncrossed, nsigned;

static void
check_follows(const struct day *last, const struct day *d)
{
	const struct programme *p, *q;

	assert_int_equal(last->n1, d->n0);
	if (last->nprogrammes == 0)
		return;
	p = &last->programmes[last->nprogrammes - 1];
	if (p->n1 <= d->n0) {
		assert_true(d->nprogrammes == 0 ||
		    d->programmes[0].n0 >= d->n0);
		return;
	}
	q = &d->programmes[0];
	assert_true(same_programme(p, q));
	ncrossed++;
}

/* Two planners agree on each day, one that skips has the same cursors, and
 * what crosses is the same on both days. */
static void
check_days(struct wild *x, int64_t from, int days)
{
	const struct world *w = x->w;
	struct selection *s = selection_new(&w->ch, &w->lib);
	struct selection *other = selection_new(&w->ch, &w->lib);
	struct cursors c, again, skip;
	struct day *last = NULL;

	cursors_init(&c, &w->ch);
	cursors_copy(&skip, &c);
	for (int64_t date = from; date < from + days; date++) {
		struct day *d, *e;

		cursors_copy(&again, &c);
		d = plan_day(&w->ch, s, w->z, &c, date);
		e = plan_day(&w->ch, other, w->z, &again, date);
		plan_skip_day(&w->ch, s, w->z, &skip, date);
		check_same(d, e);
		assert_true(cursors_equal(&c, &again));
		assert_true(cursors_equal(&c, &skip));
		check_day(w, d);
		check_programmes(x, d, s, date);
		nsigned += count_sign_offs(d) > 0;
		nbled += c.from != 0;
		if (last != NULL)
			check_follows(last, d);
		day_free(e);
		day_free(last);
		last = d;
		cursors_fini(&again);
	}
	day_free(last);
	cursors_fini(&c);
	cursors_fini(&skip);
	selection_free(s);
	selection_free(other);
}

static void
wild_schedules_are_planned_well(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct wild *x = wild_new(seed);

		check_days(x, changes[seed % NCHANGES], 6);
		check_days(x, 20000 + (int64_t)seed, 6);
		wild_free(x);
	}
	assert_true(nbled > 100);
	assert_true(ncrossed > 100);
	assert_true(nsigned > 10);
}

static void
wild_schedules_are_planned_well_for_a_season(void **state)
{
	(void)state;
	for (uint64_t seed = 1000; seed < 1012; seed++) {
		struct wild *x = wild_new(seed);

		check_days(x, 20000, 120);
		wild_free(x);
	}
}

/* Whatever is asked for first. */
static void
a_wild_timeline_is_the_same_from_everywhere(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		struct wild *x = wild_new(seed);
		const struct world *w = x->w;
		struct timeline *a = timeline_new(&w->ch, &w->lib, w->z,
		    20000);
		struct timeline *b = timeline_new(&w->ch, &w->lib, w->z,
		    20000);
		int64_t n = frame_at(w, 20012 * DAY_S), next = n;

		(void)timeline_at(b, frame_at(w, 20020 * DAY_S));
		for (int i = 0; i < 500; i++, n = next) {
			struct segment p = *timeline_at(a, n);
			struct segment q = *timeline_at(b, n);

			assert_int_equal(p.n0, q.n0);
			assert_int_equal(p.n1, q.n1);
			assert_ptr_equal(p.asset, q.asset);
			assert_int_equal(p.in, q.in);
			next = p.n1;
		}
		timeline_free(a);
		timeline_free(b);
		wild_free(x);
	}
}

/* One series all day and all night, and how many minutes the days of a year
 * have: none of it comes twice or not at all, and there is no hole. */
static void
check_year(size_t zone, int start_s, int *shortest, int *longest)
{
	struct world *w = world_new(pal);
	struct selection *s;
	struct cursors c;
	int64_t end = 0, aired = 0;

	world_zone(w, zone);
	w->ch.day_start_s = start_s;
	for (int i = 0; i < 7; i++)
		world_asset(w, (char[]){ '/', 'a', '/', (char)('0' + i), 0 },
		    ASSET_episode, 25 * MINUTE);
	world_block(w, start_s, 86400, world_pool(w, "/a"));
	s = selection_new(&w->ch, &w->lib);
	cursors_init(&c, &w->ch);
	*shortest = *longest = 24 * 60;
	for (int64_t date = 20000; date < 20366; date++) {
		struct day *d = plan_day(&w->ch, s, w->z, &c, date);
		int minutes = (int)((d->n1 - d->n0) / 25 / 60);

		check_day(w, d);
		for (size_t i = 0; i < d->nprogrammes; i++, aired++) {
			const struct programme *p = &d->programmes[i];

			assert_ptr_equal(p->asset, &w->assets[aired % 7]);
			assert_true(end == 0 || p->n0 == end);
			assert_int_equal(p->n1 - p->n0, 30 * 60 * 25);
			end = p->n1;
		}
		assert_int_equal(end, d->n1);
		*shortest = minutes < *shortest ? minutes : *shortest;
		*longest = minutes > *longest ? minutes : *longest;
		day_free(d);
	}
	cursors_fini(&c);
	selection_free(s);
	world_free(w);
}

static void
a_series_loses_and_doubles_nothing_when_the_clock_changes(void **state)
{
	/* New York, London, Sydney, Lord Howe, UTC */
	static const int change[NZONES] = { 60, 60, 60, 30, 0 };

	(void)state;
	for (size_t zone = 0; zone < NZONES; zone++) {
		for (int h = 0; h < 24; h += 2) {
			int shortest, longest;

			check_year(zone, h * HOUR_S, &shortest, &longest);
			assert_int_equal(shortest, 24 * 60 - change[zone]);
			assert_int_equal(longest, 24 * 60 + change[zone]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wild_schedules_are_planned_well),
		cmocka_unit_test(wild_schedules_are_planned_well_for_a_season),
		cmocka_unit_test(a_wild_timeline_is_the_same_from_everywhere),
		cmocka_unit_test(
		    a_series_loses_and_doubles_nothing_when_the_clock_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
