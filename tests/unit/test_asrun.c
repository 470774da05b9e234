/* test_asrun.c - what an as-run log says of what was on the air. */

#include "world.h"

#include <stdio.h>

#include "air/asrun.h"
#include "base/buf.h"
#include "plan/timeline.h"

#define ROWS_MAX	128
#define NEW_YORK	0
#define FPS		25

static struct world *w;
static struct timeline *t;
static struct asrun a;
static struct asrun_row rows[ROWS_MAX];	/* without their names */
static char *texts[ROWS_MAX];
static size_t nrows;
static struct asrun_env env;

static void
on_row(void *ctx, const struct asrun_row *r)
{
	struct buf b = { 0 };

	(void)ctx;
	assert_true(nrows < ROWS_MAX);
	asrun_add_row(&b, &env, r);
	texts[nrows] = xstrdup(buf_str(&b));
	rows[nrows] = *r;
	rows[nrows++].asset = NULL;
	buf_fini(&b);
}

static void
line_new(void)
{
	timeline_free(t);
	t = timeline_new(&w->ch, &w->lib, w->z, 20454);
	env = (struct asrun_env){ .ch = &w->ch, .timeline = t,
	    .put = on_row };
}

/* Days from six; an episode of 22 minutes with a break in it, spots of three
 * seconds. */
static int
setup(void **state)
{
	static char number[] = "1";
	struct asset *e;

	(void)state;
	w = world_new(pal);
	w->ch.number = number;
	w->ch.day_start_s = 6 * HOUR_S;
	world_zone(w, NEW_YORK);
	e = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);
	world_marker(e, MARKER_avail, 11 * MINUTE, -1);
	world_asset(w, "/s/1", ASSET_commercial, 3 * S);
	world_asset(w, "/s/2", ASSET_commercial, 3 * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	line_new();
	nrows = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < nrows; i++)
		free(texts[i]);
	asrun_fini(&a);
	a = (struct asrun){ 0 };
	timeline_free(t);
	t = NULL;
	world_free(w);
	return 0;
}

/* The segment on the air at a local time of New York. */
static struct segment
at(int year, int month, int day, int hour, int min, int sec)
{
	struct civil c = { year, month, day, hour, min, sec };

	return *timeline_at(t, tz_instant(w->z, &c) * FPS);
}

/* A spot of a minute that begins at that UTC time, planned or not. */
static struct segment
spot(int year, int month, int day, int hour, int min)
{
	int64_t n = (civil_to_days(year, month, day) * DAY_S + hour * 3600 +
	    min * 60) * FPS;

	return (struct segment){ .n0 = n, .n1 = n + 60 * FPS,
	    .kind = SEGMENT_spot, .asset = &w->assets[1],
	    .programme = DAY_OFF_AIR };
}

/* The first one of a day's programme. */
static struct segment
usual(void)
{
	return at(2026, 1, 15, 20, 0, 0);
}

static void
on(const struct segment *s, int64_t slot)
{
	struct channel_event e = { .kind = EVENT_ON_AIR, .segment = *s,
	    .slot = slot, .late_ns = 12345678 };

	asrun_event(&a, &env, &e, 2, NULL);
}

static void
off(const struct segment *s, int64_t slot, struct channel_source from,
    int64_t held, const char *why)
{
	struct channel_event e = { .kind = EVENT_OFF_AIR,
	    .segment = { .n0 = s->n0 }, .slot = slot, .from = from,
	    .held = held };

	asrun_event(&a, &env, &e, 1, why);
}

static void
fail_child(const struct segment *s, const char *text)
{
	struct channel_event e = { .kind = EVENT_CHILD_FAILED,
	    .segment = *s, .slot = s->n0, .until = s->n1 };

	snprintf(e.text, sizeof e.text, "%s", text);
	asrun_event(&a, &env, &e, 1, NULL);
}

/* All of it, from those sources. */
static void
airs(const struct segment *s, struct channel_source from, int64_t held)
{
	on(s, s->n0);
	off(s, s->n1, from, held, NULL);
}

static struct channel_source
all_of(const struct segment *s)
{
	return (struct channel_source){ .asset = s->n1 - s->n0 };
}

static void
check_last(enum asrun_status status, int64_t frames, const char *reason)
{
	const struct asrun_row *r = &rows[nrows - 1];

	assert_int_equal(r->status, status);
	assert_int_equal(asrun_frames(r), frames);
	assert_string_equal(r->reason, reason);
}

static void
what_airs_as_planned_has_two_rows(void **state)
{
	struct segment s = usual();

	(void)state;
	airs(&s, all_of(&s), 0);
	assert_int_equal(nrows, 2);
	assert_int_equal(rows[0].status, ASRUN_SEG_START);
	check_last(ASRUN_AIRED, s.n1 - s.n0, "");
	assert_int_equal(rows[1].late_ns, 12345678);
}

static struct channel_event
over(enum channel_event_kind kind, const struct segment *s, int64_t slot,
    const char *text)
{
	struct channel_event e = { .kind = kind, .segment = *s, .slot = slot };

	snprintf(e.text, sizeof e.text, "%s", text);
	return e;
}

/* A takeover by a file from a hundred frames into the programme on. */
static int64_t
take_over(const struct segment *s, int64_t frames)
{
	int64_t n = s->n0 + 100;
	struct segment alarm = { .n0 = n, .n1 = n + frames,
	    .kind = SEGMENT_takeover, .asset = &w->assets[1],
	    .programme = DAY_OFF_AIR };
	struct channel_event e;

	on(s, s->n0);
	e = over(EVENT_OFF_AIR, s, n, "takeover by uid 7");
	e.displaced = true;
	e.from.asset = 100;
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_ON_AIR, &alarm, n, "takeover by uid 7");
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_OFF_AIR, &alarm, alarm.n1, "released by uid 8");
	e.from.asset = frames;
	asrun_event(&a, &env, &e, 1, NULL);
	return alarm.n1;
}

static void
a_takeover_has_rows_and_so_has_all_that_it_displaced(void **state)
{
	struct segment s = usual(), spot, back;
	int64_t end;

	(void)state;
	spot = *timeline_at(t, s.n1);
	end = take_over(&s, spot.n1 - s.n0 - 100 + 30);
	back = *timeline_at(t, end);
	assert_int_equal(rows[1].status, ASRUN_SUBSTITUTED);
	assert_int_equal(asrun_frames(&rows[1]), 100);
	assert_string_equal(rows[1].reason, "takeover by uid 7");
	assert_int_equal(rows[2].status, ASRUN_SEG_START);
	assert_int_equal(rows[3].status, ASRUN_AIRED);
	assert_int_equal(rows[3].kind, SEGMENT_takeover);
	assert_string_equal(rows[3].reason,
	    "takeover by uid 7; released by uid 8");
	/* The spot that nobody saw; what is on at the end comes on itself. */
	assert_int_equal(nrows, 5);
	assert_int_equal(rows[4].n0, spot.n0);
	assert_true(rows[4].never);
	check_last(ASRUN_SUBSTITUTED, 0, "takeover by uid 7");
	on(&back, end);
	off(&back, back.n1, (struct channel_source){ .asset = back.n1 - end },
	    0, NULL);
	check_last(ASRUN_TRUNCATED, back.n1 - end, "joined in progress");
}

/* The clock jumps while a takeover is on: what it jumps over is skipped, and
 * not displaced, too. */
static void
what_is_skipped_under_a_takeover_is_told_of_once(void **state)
{
	struct segment s = usual(), last = s, alarm;
	struct channel_event e;

	(void)state;
	for (int i = 0; i < 6; i++)
		last = *timeline_at(t, last.n1);
	alarm = (struct segment){ .n0 = s.n0 + 100, .n1 = last.n1,
	    .kind = SEGMENT_takeover, .asset = &w->assets[1],
	    .programme = DAY_OFF_AIR };
	on(&s, s.n0);
	e = over(EVENT_OFF_AIR, &s, alarm.n0, "takeover by uid 7");
	e.displaced = true;
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_ON_AIR, &alarm, alarm.n0, "takeover by uid 7");
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_OFF_AIR, &alarm, alarm.n0 + 50, "");
	asrun_event(&a, &env, &e, 1, "the clock was set");
	e = over(EVENT_ON_AIR, &alarm, last.n0 + 10, "takeover by uid 7");
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_OFF_AIR, &alarm, last.n1, "released by uid 8");
	asrun_event(&a, &env, &e, 1, NULL);
	assert_int_equal(rows[nrows - 1].kind, SEGMENT_takeover);
	for (size_t i = 0; i < nrows; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(rows[i].never && rows[k].never &&
			    rows[i].n0 == rows[k].n0);
}

/* The clock goes back while a takeover is on: what it displaces there again is
 * told of again. */
static void
what_a_takeover_displaces_again_is_told_of_again(void **state)
{
	struct segment s = usual(), last = s, alarm;
	struct channel_event e;
	size_t never[2] = { 0 };

	(void)state;
	for (int i = 0; i < 6; i++)
		last = *timeline_at(t, last.n1);
	alarm = (struct segment){ .n0 = s.n0, .n1 = last.n1,
	    .kind = SEGMENT_takeover, .asset = &w->assets[1],
	    .programme = DAY_OFF_AIR };
	for (int i = 0; i < 2; i++) {
		e = over(EVENT_ON_AIR, &alarm, s.n0, "takeover by uid 7");
		asrun_event(&a, &env, &e, 1, NULL);
		e = over(EVENT_OFF_AIR, &alarm, last.n0, "");
		asrun_event(&a, &env, &e, 1, "the clock was set");
		for (size_t k = 0; k < nrows; k++)
			never[i] += rows[k].never;
	}
	assert_int_equal(never[0], 6);
	assert_int_equal(never[1], 12);
}

static void
what_ends_with_a_takeover_is_not_displaced(void **state)
{
	struct segment s = usual();
	struct channel_event e;

	(void)state;
	on(&s, s.n0);
	e = over(EVENT_OFF_AIR, &s, s.n1, "takeover by uid 7");
	e.displaced = true;
	e.from.asset = s.n1 - s.n0;
	asrun_event(&a, &env, &e, 1, NULL);
	check_last(ASRUN_AIRED, s.n1 - s.n0, "");
}

static void
what_a_skip_brings_on_early_is_called_as_planned(void **state)
{
	struct segment s = usual(), spot;
	int64_t n = s.n0 + 40, ahead = s.n1 - n;
	struct channel_event e;

	(void)state;
	spot = *timeline_at(t, s.n1);
	on(&s, s.n0);
	e = over(EVENT_OFF_AIR, &s, n, "skip by uid 7");
	e.from.asset = 40;
	asrun_event(&a, &env, &e, 1, NULL);
	check_last(ASRUN_TRUNCATED, 40, "skip by uid 7");
	e = over(EVENT_ON_AIR, &spot, n, "skip by uid 7");
	e.ahead = ahead;
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_OFF_AIR, &spot, spot.n1 - ahead, "");
	e.ahead = ahead;
	e.from = all_of(&spot);
	asrun_event(&a, &env, &e, 1, NULL);
	assert_int_equal(nrows, 4);
	check_last(ASRUN_AIRED, spot.n1 - spot.n0, "skip by uid 7");
	assert_int_equal(rows[3].n0, spot.n0);
	assert_int_equal(rows[3].slot, n);
	/* Ten frames late, though long before its time. */
	e = over(EVENT_ON_AIR, &spot, n + 10, "skip by uid 7");
	e.ahead = ahead;
	asrun_event(&a, &env, &e, 1, NULL);
	e = over(EVENT_OFF_AIR, &spot, spot.n1 - ahead, "");
	e.ahead = ahead;
	e.from.asset = spot.n1 - spot.n0 - 10;
	asrun_event(&a, &env, &e, 1, NULL);
	check_last(ASRUN_TRUNCATED, spot.n1 - spot.n0 - 10,
	    "skip by uid 7; joined in progress");
}

static void
columns_stand_where_they_should(void **state)
{
	struct segment s = usual();
	struct buf head = { 0 };
	char *line;

	(void)state;
	airs(&s, all_of(&s), 0);
	asrun_add_head(&head, &env, rows[0].date);
	assert_string_equal(buf_str(&head),
	    "# channel 1 (one), broadcast day 2026-01-15 from 06:00 "
	    "UTC-05:00, 25/1 pictures a second\n"
	    "ACTUAL       DUR          STATUS       TYPE        EVENT_ID"
	    "                  NOTES\n");
	line = xasprintf("20:00:00:00  00:11:00:00  SEG_START    programme"
	    "   one-%lld           /a/1 | /a/1\n", (long long)s.n0);
	assert_string_equal(texts[0], line);
	free(line);
	line = xasprintf("20:00:00:00  00:11:00:00  AIRED        programme"
	    "   one-%lld           16500 of 16500\n", (long long)s.n0);
	assert_string_equal(texts[1], line);
	free(line);
	buf_fini(&head);
}

static void
planned_black_is_aired(void **state)
{
	struct segment s = usual();

	(void)state;
	airs(&s, (struct channel_source){ .pad = s.n1 - s.n0 }, 0);
	check_last(ASRUN_AIRED, s.n1 - s.n0, "");
}

static void
slate_is_an_error_with_the_last_failure(void **state)
{
	struct segment s = usual(), later = s;

	(void)state;
	later.n0 = s.n1;
	on(&s, s.n0);
	fail_child(&s, "exit status 1");
	fail_child(&s, "exit status 2");
	fail_child(&later, "exit status 3");	/* waits for its turn */
	off(&s, s.n1, (struct channel_source){ .asset = s.n1 - s.n0 - 30,
	    .slate = 30 }, 0, NULL);
	check_last(ASRUN_ERROR, s.n1 - s.n0 - 30, "exit status 2");
	assert_non_null(strstr(texts[1], "16470 of 16500, slate 30 | exit"));
}

static void
what_failed_before_is_not_the_cause(void **state)
{
	struct segment s = usual(), before = s, run = s;

	(void)state;
	before.n0 = s.n0 - 100;
	before.n1 = s.n0;
	fail_child(&before, "exit status 1");
	airs(&s, (struct channel_source){ .slate = s.n1 - s.n0 }, 0);
	check_last(ASRUN_ERROR, 0, "nothing had come when it was due");
	/* Unless it was to play on into it. */
	run.n0 = before.n0;
	fail_child(&run, "exit status 2");
	airs(&s, (struct channel_source){ .slate = s.n1 - s.n0 }, 0);
	check_last(ASRUN_ERROR, 0, "exit status 2");
}

static void
slate_without_a_failure_has_a_reason_too(void **state)
{
	struct segment s = usual();

	(void)state;
	airs(&s, (struct channel_source){ .slate = s.n1 - s.n0 }, 0);
	check_last(ASRUN_ERROR, 0, "nothing had come when it was due");
}

static void
filler_substitutes(void **state)
{
	struct segment s = usual();

	(void)state;
	on(&s, s.n0);
	fail_child(&s, "no such file");
	off(&s, s.n1, (struct channel_source){ .filler = s.n1 - s.n0 }, 0,
	    NULL);
	check_last(ASRUN_SUBSTITUTED, 0, "no such file");
	assert_non_null(strstr(texts[1], "0 of 16500, filler 16500"));
}

static void
a_held_picture_is_short(void **state)
{
	struct segment s = usual();

	(void)state;
	airs(&s, all_of(&s), 50);
	check_last(ASRUN_SHORT, s.n1 - s.n0 - 50, "the source ended early");
	/* Sound that goes on for a moment is no early end. */
	airs(&s, all_of(&s), 12);
	check_last(ASRUN_AIRED, s.n1 - s.n0, "");
}

static void
what_is_left_is_truncated_and_says_why(void **state)
{
	struct segment s = usual();

	(void)state;
	on(&s, s.n0);
	off(&s, s.n0 + 100, (struct channel_source){ .asset = 100 }, 0,
	    "nobody watched any more");
	check_last(ASRUN_TRUNCATED, 100, "nobody watched any more");
	on(&s, s.n0);
	off(&s, s.n0 + 100, (struct channel_source){ .asset = 100 }, 0,
	    NULL);
	check_last(ASRUN_TRUNCATED, 100, "the plan was changed");
}

static void
a_daemon_that_could_not_run_is_told(void **state)
{
	struct segment s = usual();
	struct channel_event e = { .kind = EVENT_OFF_AIR,
	    .segment = { .n0 = s.n0 }, .slot = s.n0 + 25,
	    .from = { .asset = 25 }, .late_ns = 31 * NS_PER_S };

	(void)state;
	on(&s, s.n0);
	asrun_event(&a, &env, &e, 1, NULL);
	check_last(ASRUN_TRUNCATED, 25, "the daemon could not run");
}

static void
what_is_joined_in_progress_is_not_all_aired(void **state)
{
	struct segment s = usual();

	(void)state;
	on(&s, s.n0 + 40);
	off(&s, s.n1, (struct channel_source){ .asset = s.n1 - s.n0 - 40 },
	    0, NULL);
	check_last(ASRUN_TRUNCATED, s.n1 - s.n0 - 40, "joined in progress");
	assert_memory_equal(texts[0], "20:00:01:15  00:11:00:00", 24);
	assert_memory_equal(texts[1], "20:00:01:15  00:10:58:10", 24);
}

static void
the_worst_is_the_status_and_all_is_told(void **state)
{
	struct segment s = usual();

	(void)state;
	on(&s, s.n0 + 1);
	off(&s, s.n1 - 1, (struct channel_source){ .asset = 20, .slate = 1,
	    .filler = 1 }, 13, "the daemon ended");
	check_last(ASRUN_ERROR, 7, "nothing had come when it was due; the "
	    "source ended early; joined in progress; the daemon ended");
}

static void
segments_that_the_clock_jumps_over_are_skipped(void **state)
{
	struct segment s = usual(), next = s;
	int64_t to;

	(void)state;
	on(&s, s.n0);
	off(&s, s.n0 + 25, (struct channel_source){ .asset = 25 }, 0,
	    "the clock was set");
	for (int i = 0; i < 6; i++)
		next = *timeline_at(t, next.n1);
	to = next.n0 + 10;
	on(&next, to);
	for (size_t i = 2; i + 1 < nrows; i++) {
		assert_int_equal(rows[i].status, ASRUN_SKIPPED);
		assert_string_equal(rows[i].reason, "the clock was set");
		assert_int_equal(asrun_frames(&rows[i]), 0);
		assert_true(rows[i].n0 >= s.n1 && rows[i].n1 <= next.n0);
		assert_true(i == 2 || rows[i].n0 == rows[i - 1].n1);
	}
	assert_int_equal(nrows, 3 + 5);
	assert_int_equal(rows[nrows - 1].status, ASRUN_SEG_START);
	assert_non_null(strstr(texts[2], "00:00:00:00  SKIPPED      spot"));
	assert_int_equal(rows[nrows - 1].slot, to);
}

static void
a_jump_of_a_year_has_few_rows(void **state)
{
	struct segment s = usual(), next = at(2027, 1, 15, 20, 0, 0);

	(void)state;
	airs(&s, all_of(&s), 0);
	on(&next, next.n0);
	assert_int_equal(nrows, 2 + 99 + 1);
	assert_non_null(strstr(rows[100].reason, "more were skipped"));
}

static void
nothing_is_skipped_while_the_channel_is_off(void **state)
{
	struct segment s = usual(), next = at(2026, 1, 15, 21, 0, 0);

	(void)state;
	on(&s, s.n0);
	off(&s, s.n0 + 25, (struct channel_source){ .asset = 25 }, 0,
	    "nobody watched any more");
	asrun_stopped(&a);
	on(&next, next.n0);
	assert_int_equal(nrows, 3);
}

static void
a_clock_set_back_airs_a_segment_twice(void **state)
{
	struct segment s = usual();

	(void)state;
	airs(&s, all_of(&s), 0);
	airs(&s, all_of(&s), 0);
	assert_int_equal(nrows, 4);
	check_last(ASRUN_AIRED, s.n1 - s.n0, "");
}

static void
the_most_viewers_of_its_time_are_told(void **state)
{
	struct segment s = usual();

	(void)state;
	on(&s, s.n0);		/* two are there */
	asrun_viewers(&a, 7);
	asrun_viewers(&a, 1);
	off(&s, s.n1, all_of(&s), 0, NULL);
	assert_int_equal(rows[0].viewers_max, 2);
	assert_int_equal(rows[1].viewers_max, 7);
	on(&s, s.n0);
	assert_int_equal(rows[2].viewers_max, 2);
}

static void
hours_count_on_past_midnight(void **state)
{
	struct segment s = at(2026, 1, 16, 1, 30, 0);

	(void)state;
	airs(&s, all_of(&s), 0);
	assert_int_equal(rows[0].date, civil_to_days(2026, 1, 15));
	assert_memory_equal(texts[0], "25:30:00:00", 11);
}

static void
the_day_rolls_over_at_its_start(void **state)
{
	struct segment last = at(2026, 1, 16, 5, 59, 59);
	struct segment first = at(2026, 1, 16, 6, 0, 0);

	(void)state;
	airs(&last, all_of(&last), 0);
	airs(&first, all_of(&first), 0);
	assert_int_equal(last.n1, first.n0);
	assert_int_equal(rows[1].date, civil_to_days(2026, 1, 15));
	assert_memory_equal(texts[1], "29:", 3);
	assert_int_equal(rows[2].date, civil_to_days(2026, 1, 16));
	assert_memory_equal(texts[2], "06:00:00:00", 11);
}

/* Both of its rows are in the day in which it was to begin, even if it is
 * joined after that has ended. */
static void
what_crosses_the_start_of_a_day_stays_in_one_file(void **state)
{
	struct segment s = spot(2026, 1, 16, 10, 59);

	(void)state;
	on(&s, s.n0);
	off(&s, s.n0 + 100, (struct channel_source){ .asset = 100 }, 0,
	    "nobody watched any more");
	s.n1 += 60 * FPS;
	on(&s, s.n0 + 90 * FPS);
	off(&s, s.n1, all_of(&s), 0, NULL);
	for (size_t i = 0; i < nrows; i++)
		assert_int_equal(rows[i].date, civil_to_days(2026, 1, 15));
	assert_memory_equal(texts[0], "29:59:00:00", 11);
	assert_memory_equal(texts[2], "30:00:30:00", 11);
}

static void
the_hour_that_comes_twice_is_told_apart(void **state)
{
	struct segment s = spot(2026, 11, 1, 5, 30);
	struct segment again = spot(2026, 11, 1, 6, 30);

	(void)state;
	airs(&s, all_of(&s), 0);
	asrun_stopped(&a);
	airs(&again, all_of(&again), 0);
	assert_int_equal(rows[2].date, civil_to_days(2026, 10, 31));
	assert_memory_equal(texts[1], "25:30:00:00", 11);
	assert_memory_equal(texts[2], "25:30:00:00", 11);
	assert_null(strstr(texts[1], "UTC"));
	assert_non_null(strstr(texts[2], " UTC-05:00 | "));
}

static void
the_hour_that_never_comes_is_left_out(void **state)
{
	struct segment before = spot(2026, 3, 8, 6, 30);
	struct segment after = spot(2026, 3, 8, 7, 0);

	(void)state;
	airs(&before, all_of(&before), 0);
	asrun_stopped(&a);
	airs(&after, all_of(&after), 0);
	assert_memory_equal(texts[0], "25:30:00:00", 11);
	assert_memory_equal(texts[2], "27:00:00:00", 11);
	assert_non_null(strstr(texts[2], " UTC-04:00 | "));
}

static void
pictures_are_counted_within_their_second_at_any_rate(void **state)
{
	struct segment s;

	(void)state;
	w->ch.format.rate = (struct rate){ 30000, 1001 };
	line_new();
	s = *timeline_at(t, INT64_C(53001620440));
	on(&s, rate_frame_from(w->ch.format.rate,
	    INT64_C(1768487402) * NS_PER_S) + 29);
	assert_memory_equal(texts[0], "09:30:02:29", 11);
}

static void
names_cannot_break_a_line(void **state)
{
	struct segment s;

	(void)state;
	free(w->assets[0].title);
	w->assets[0].title = xstrdup("Two\nLines\x1b[2J");
	s = usual();
	airs(&s, all_of(&s), 0);
	assert_non_null(strstr(texts[0], "Two\\x0aLines\\x1b[2J | /a/1\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_airs_as_planned_has_two_rows),
		TEST(columns_stand_where_they_should),
		TEST(a_takeover_has_rows_and_so_has_all_that_it_displaced),
		TEST(what_is_skipped_under_a_takeover_is_told_of_once),
		TEST(what_a_takeover_displaces_again_is_told_of_again),
		TEST(what_ends_with_a_takeover_is_not_displaced),
		TEST(what_a_skip_brings_on_early_is_called_as_planned),
		TEST(planned_black_is_aired),
		TEST(slate_is_an_error_with_the_last_failure),
		TEST(what_failed_before_is_not_the_cause),
		TEST(slate_without_a_failure_has_a_reason_too),
		TEST(filler_substitutes),
		TEST(a_held_picture_is_short),
		TEST(what_is_left_is_truncated_and_says_why),
		TEST(a_daemon_that_could_not_run_is_told),
		TEST(what_is_joined_in_progress_is_not_all_aired),
		TEST(the_worst_is_the_status_and_all_is_told),
		TEST(segments_that_the_clock_jumps_over_are_skipped),
		TEST(a_jump_of_a_year_has_few_rows),
		TEST(nothing_is_skipped_while_the_channel_is_off),
		TEST(a_clock_set_back_airs_a_segment_twice),
		TEST(the_most_viewers_of_its_time_are_told),
		TEST(hours_count_on_past_midnight),
		TEST(the_day_rolls_over_at_its_start),
		TEST(what_crosses_the_start_of_a_day_stays_in_one_file),
		TEST(the_hour_that_comes_twice_is_told_apart),
		TEST(the_hour_that_never_comes_is_left_out),
		TEST(pictures_are_counted_within_their_second_at_any_rate),
		TEST(names_cannot_break_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
