/* test_stand_in.c - what a channel does about children that cannot play what
 * they were to: whom it tries again, and what airs meanwhile. */

#include <stdio.h>

#include "world.h"
#include "air/channel_child.h"
#include "plan/timeline.h"
#include "synth.h"

#define SINCE	INT64_C(20454)		/* 2026-01-01 */
#define TICK	(20 * INT64_C(1000000))	/* ns */
#define SPAWNS	64
#define FILLER_S 40

/* How the children of one path end; what none says plays well. */
struct fate {
	const char *path;	/* its begin */
	enum channel_end end;
	const char *why;
	bool stays;		/* no signal ends it */
	int64_t gives;		/* pictures, before it ends */
	const char *but;	/* that one plays well */
};

static struct world *w;
static struct timeline *t;
static struct channel *c;
static struct pad *pad;
static struct grid g;
static struct channel_out out;
static const struct fate *fate;
static int64_t now, first;
static int64_t told;		/* by children: their asset's last picture */
static bool lingers;		/* they send all and do not end */
static struct {
	size_t spawned, doomed, filler, rejoined, bad, failed;
	int64_t held;
	char last_bad[64], bad_why[160];
	struct channel_source from;
} seen;

/* One film of twenty-five minutes in slots of thirty, a name in its last one,
 * and filler. */
static int
setup(void **state)
{
	static char name[] = "One";

	(void)state;
	w = world_new(pal);
	world_marker(world_asset(w, "/a/1", ASSET_episode, 25 * MINUTE),
	    MARKER_outro, 24 * MINUTE + 30 * S, 25 * MINUTE);
	world_asset(w, "/f/1", ASSET_filler, FILLER_S * S);
	world_asset(w, "/f/2", ASSET_filler, FILLER_S * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	w->ch.filler_pool = &w->pools[world_pool(w, "/f")];
	w->ch.name = name;
	w->ch.type = CHAN_MOVIE;	/* programmes in one piece */
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	g = grid_make(pal, 48000, 1024);
	pad = synth_pad(&g);
	c = channel_new(t, pad, "ffmpeg", "Retrovue");
	fate = NULL;
	told = -1;
	lingers = false;
	memset(&seen, 0, sizeof seen);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	channel_out_fini(&out);
	channel_free(c);
	pad_free(pad);
	timeline_free(t);
	world_free(w);
	return 0;
}

static struct kid *
kid_of(uint64_t id)
{
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].id == id)
			return &c->kids[i];
	return NULL;
}

static bool
is_doomed(const struct kid *k)
{
	return fate != NULL && strncmp(k->path, fate->path,
	    strlen(fate->path)) == 0 && (fate->but == NULL ||
	    strcmp(k->path, fate->but) != 0);
}

static void
finish(uint64_t id, enum channel_end end, const char *why)
{
	channel_on_eof(c, id, now);
	channel_on_exit(c, id, end, why, now);
}

/* It sends its pictures up to that one. */
static void
play(const struct kid *k, int64_t end)
{
	struct buf b = { 0 };

	synth_run(&g, k->n0, k->n1, end, &b);
	channel_on_bytes(c, k->id, b.data, b.len, now);
	buf_fini(&b);
}

/* A good child sends all that it has at once. */
static void
spawned(uint64_t id)
{
	const struct kid *k = kid_of(id);

	channel_on_started(c, id, now);
	seen.spawned++;
	if (is_doomed(k)) {
		seen.doomed++;
		if (fate->gives != 0)
			play(k, k->n0 + fate->gives);
		if (!fate->stays)
			finish(id, fate->end, fate->why);
		return;
	}
	play(k, k->n1);
	if (told >= 0)
		channel_on_told(c, id, told);
	if (!lingers)
		finish(id, END_WELL, NULL);
}

static void
event_take(const struct channel_event *e)
{
	seen.failed += e->kind == EVENT_CHILD_FAILED;
	seen.filler += e->kind == EVENT_FILLER;
	seen.rejoined += e->kind == EVENT_REJOINED;
	if (e->kind == EVENT_OFF_AIR) {
		seen.from = e->from;
		seen.held += e->held;
	}
	if (e->kind != EVENT_BAD_ASSET)
		return;
	seen.bad++;
	snprintf(seen.last_bad, sizeof seen.last_bad, "%s",
	    e->segment.asset->path);
	snprintf(seen.bad_why, sizeof seen.bad_why, "%s", e->text);
}

static void
tick(void)
{
	channel_step(c, now, &out);
	for (size_t i = 0; i < out.nevents; i++)
		event_take(&out.events[i]);
	for (size_t i = 0; i < out.norders; i++)
		if (out.orders[i].kind == ORDER_SPAWN)
			spawned(out.orders[i].id);
	channel_out_reset(&out);
	now += TICK;
}

static void
run(int64_t s)
{
	for (int64_t end = now + s * NS_PER_S; now < end;)
		tick();
}

static void
go(int64_t s)
{
	now = (SINCE * DAY_S + s) * NS_PER_S;
	channel_start(c, now, 2 * NS_PER_S);
	first = channel_slot(c);
}

static void
stop(void)
{
	for (size_t i = 0; i < c->nkids; i++)
		finish(c->kids[i].id, END_KILLED, "killed by signal 9");
	channel_stop(c, now, &out);
	for (size_t i = 0; i < out.nevents; i++)
		event_take(&out.events[i]);
	channel_out_reset(&out);
	channel_step(c, now, &out);
	channel_out_reset(&out);
	assert_true(channel_idle(c));
}

static void
filler_stands_in_for_a_file_that_no_child_can_begin(void **state)
{
	static const struct fate bad = {
		.path = "/a", .end = END_BADLY, .why = "exit 1: no",
	};

	(void)state;
	fate = &bad;
	go(60);
	run(15);
	assert_int_equal(seen.doomed, 2);
	/* Tried again after 20 s and after a minute more. */
	run(85);
	stop();
	assert_int_equal(seen.doomed, 4);
	assert_int_equal(seen.failed, 4);
	assert_int_equal(seen.bad, 1);
	assert_string_equal(seen.last_bad, "/a/1");
	assert_string_equal(seen.bad_why, "exit 1: no");
	assert_int_equal(seen.filler, 1);
	assert_int_equal(seen.from.slate, 0);
	assert_int_equal(seen.from.asset, 0);
	assert_int_equal(seen.from.filler, channel_slot(c) - first);
}

/* As a share that was unmounted for a while. */
static void
a_file_that_is_back_takes_over_from_filler_at_a_key_frame(void **state)
{
	static const struct fate gone = {
		.path = "/a", .end = END_BADLY, .why = "exit 1: no",
	};
	int64_t filler;

	(void)state;
	fate = &gone;
	go(60);
	run(15);
	fate = NULL;
	run(30);
	filler = c->from.filler;
	assert_int_equal((first + filler) % g.gop, 0);
	assert_in_range(filler, 15 * 25, 35 * 25);
	assert_int_equal(seen.rejoined, 1);
	run(30);
	assert_int_equal(c->from.filler, filler);
	assert_int_equal(c->from.slate, 0);
	assert_int_equal(c->from.asset, channel_slot(c) - first - filler);
	assert_int_equal(c->nkids, 1);
	assert_true(retry_is_new(&c->retry, c->kids[0].retry));
	stop();
}

/* It should take over where the next piece of filler begins. */
static void
filler_does_not_wait_for_what_is_only_tried(void **state)
{
	static const struct fate gone = {
		.path = "/a", .end = END_BADLY, .why = "exit 1: no",
	}, mute = {
		.path = "/a", .end = END_KILLED, .why = "", .stays = true,
	};

	(void)state;
	fate = &gone;
	go(2 * FILLER_S - 24);
	run(15);
	fate = &mute;
	run(30);
	assert_int_equal(seen.doomed, 3);
	assert_int_equal(c->from.slate, 0);
	assert_int_equal(c->from.filler, channel_slot(c) - first);
	stop();
}

/* Filler airs for as long as what comes back is of no use. */
static void
a_file_that_gives_half_a_second_does_not_take_over(void **state)
{
	static const struct fate poor = {
		.path = "/a", .end = END_BADLY, .why = "exit 1", .gives = 12,
	};
	struct channel_source was;

	(void)state;
	fate = &poor;
	go(60);
	run(10);
	assert_int_equal(c->standing_in, true);
	was = c->from;
	run(110);
	assert_true(seen.doomed > 4);
	assert_int_equal(c->from.asset, was.asset);
	assert_int_equal(c->from.slate, was.slate);
	stop();
}

static void
a_bad_piece_of_filler_does_not_hold_the_next_one(void **state)
{
	static const struct fate bad = {
		.path = "/", .end = END_BADLY, .why = "exit 1", .but = "/f/2",
	};

	(void)state;
	fate = &bad;
	go(60);
	run(2 * FILLER_S + 10);
	stop();
	/* The bad one has one turn in that time. */
	assert_in_range(seen.from.slate, FILLER_S * 25, FILLER_S * 25 + 25);
	assert_int_equal(seen.from.filler, channel_slot(c) - first -
	    seen.from.slate);
}

static void
nothing_at_the_in_point_is_believed_at_once(void **state)
{
	static const struct fate none = { .path = "/a", .end = END_WELL };

	(void)state;
	fate = &none;
	go(60);
	run(10);
	stop();
	assert_int_equal(seen.doomed, 1);
	assert_int_equal(seen.bad, 1);
	assert_string_equal(seen.bad_why, "no picture at its in-point");
	assert_int_equal(seen.from.slate, 0);
}

static void
four_killed_in_a_row_are_enough(void **state)
{
	static const struct fate sig = {
		.path = "/a", .end = END_KILLED, .why = "killed by signal 11",
	};

	(void)state;
	fate = &sig;
	go(60);
	run(20);
	assert_int_equal(seen.doomed, 4);
	run(40);
	stop();
	assert_int_equal(seen.doomed, 5);
	assert_int_equal(seen.bad, 1);
	/* While they were tried, after 0, 0, 1 and 2 s. */
	assert_in_range(seen.from.slate, 1, 7 * 25);
	assert_true(seen.from.filler > 50 * 25);
}

/* No program, no memory, no disk: it is tried for ever, and comes back. */
static void
what_the_system_does_is_not_held_against_the_file(void **state)
{
	static const struct fate sys = {
		.path = "/a", .end = END_OUTSIDE, .why = "exec ffmpeg: no",
	};

	(void)state;
	fate = &sys;
	go(60);
	run(60);
	assert_in_range(seen.doomed, 6, 10);
	run(120);
	assert_in_range(seen.doomed, 10, 16);
	fate = NULL;
	run(25);
	stop();
	assert_int_equal(seen.bad, 0);
	assert_int_equal(seen.filler, 0);
	assert_true(seen.from.asset > 2 * 25);
}

static void
of_bad_filler_no_more_is_tried_than_of_anything(void **state)
{
	static const struct fate all = {
		.path = "/", .end = END_BADLY, .why = "exit 1",
	};

	(void)state;
	fate = &all;
	go(60);
	run(60);
	assert_in_range(seen.spawned, 5, 10);
	seen.spawned = 0;
	run(180);
	assert_in_range(seen.spawned, 6, 9);
	stop();
	assert_int_equal(seen.from.filler, 0);
	assert_int_equal(seen.from.slate, channel_slot(c) - first);
	/* Where nothing can be played, no file is to blame but the first. */
	assert_in_range(seen.bad, 1, 3);
}

static void
the_next_segment_is_on_time_after_filler(void **state)
{
	static const struct fate bad = {
		.path = "/a", .end = END_BADLY, .why = "exit 1",
	};

	(void)state;
	fate = &bad;
	go(25 * 60 - 20);	/* then filler that was planned */
	run(40);
	assert_int_equal(seen.filler, 1);
	assert_int_equal(seen.from.slate, 0);
	stop();
	assert_int_equal(seen.from.slate, 0);
	assert_int_equal(seen.from.filler, 0);
	assert_true(seen.from.asset > 0);
}

/* On a disk that does not answer: children that not even SIGKILL ends. */
static void
the_unkillable_do_not_take_the_places_of_the_living(void **state)
{
	static const struct fate stuck = {
		.path = "/a", .end = END_KILLED, .why = "", .stays = true,
	};

	(void)state;
	fate = &stuck;
	go(60);
	run(120);
	assert_int_equal(seen.doomed, 2);
	assert_int_equal(c->nkids, 2);
	assert_int_equal(c->kids[0].child.state, CHILD_KILLED);
	assert_int_equal(seen.bad, 0);
	/* It answers again. */
	fate = NULL;
	for (size_t i = 0; i < 2; i++)
		finish(c->kids[i].id, END_KILLED, "killed by signal 9");
	seen.from = (struct channel_source){ 0 };
	run(10);
	assert_int_equal(c->from.asset != 0, 1);
	stop();
	assert_true(seen.from.asset > 5 * 25);
}

static void
pictures_held_for_want_of_more_are_counted(void **state)
{
	(void)state;
	told = 24 * 60 * 25 + 9;	/* ten pictures after 24 minutes */
	go(25 * 60 - 20);		/* the film should last 25 */
	run(22);
	assert_int_equal(seen.from.asset, rate_frame_at(pal,
	    (SINCE * DAY_S + 25 * 60) * NS_PER_S) - first);
	assert_int_equal(seen.held, seen.from.asset);
	stop();
	seen.held = 0;
	go(24 * 60 - 5);
	run(70);
	assert_int_equal(seen.held, 25 * 60 - 10);
	stop();
	seen.held = 0;
	told = -1;
	go(24 * 60 - 5);
	run(70);
	assert_int_equal(seen.held, 0);
	stop();
}

/* The film's last row is the name's, and the child plays on into it: what is
 * held before is known when the row before it ends. */
static void
pictures_held_are_known_before_the_child_has_ended(void **state)
{
	(void)state;
	told = 24 * 60 * 25 + 9;
	lingers = true;
	go(24 * 60 - 5);
	run(42);
	assert_true(c->nkids > 0);
	assert_false(c->kids[0].child.exited);
	assert_int_equal(seen.held, 30 * 25 - 10);
	stop();
}

/* A tick in which none of those ordered is started; what is not wanted any
 * more leaves the queue.  Returns the last one ordered, or 0. */
static uint64_t
tick_waiting(void)
{
	uint64_t ordered = 0;

	channel_step(c, now, &out);
	for (size_t i = 0; i < out.nevents; i++)
		event_take(&out.events[i]);
	for (size_t i = 0; i < out.norders; i++) {
		assert_true(out.orders[i].kind != ORDER_KILL);
		if (out.orders[i].kind == ORDER_SPAWN)
			ordered = out.orders[i].id;
		if (out.orders[i].kind == ORDER_TERM)
			finish(out.orders[i].id, END_OUTSIDE,
			    "not started yet");
	}
	channel_out_reset(&out);
	now += TICK;
	return ordered;
}

/* What it has sent before still airs; what it sends on would cost a processor
 * that its successor needs. */
static void
a_child_that_sends_nonsense_is_ended_at_once(void **state)
{
	uint64_t id, ended = 0;

	(void)state;
	go(60);
	id = tick_waiting();
	channel_on_started(c, id, now);
	play(kid_of(id), kid_of(id)->n0 + 200);
	play(kid_of(id), kid_of(id)->n0 + 50);	/* again */
	channel_step(c, now, &out);
	for (size_t i = 0; i < out.norders; i++)
		if (out.orders[i].kind == ORDER_TERM)
			ended = out.orders[i].id;
	channel_out_reset(&out);
	assert_int_equal(ended, id);
	assert_int_equal(c->airs, AIRS_PLANNED);
	assert_false(c->faltering);
	stop();
}

static void
a_crowd_that_waits_its_turn_is_waited_for_once(void **state)
{
	int64_t cold;

	(void)state;
	go(60);
	cold = c->cold_ns;
	channel_step(c, now, &out);
	assert_int_equal(c->nkids, 1);
	c->kids[c->nkids++] = (struct kid){ .id = 99, .spawned_ns = now };
	now += 3 * NS_PER_S;
	channel_on_started(c, c->kids[0].id, now);
	channel_on_started(c, 99, now + NS_PER_S);
	assert_int_equal(c->cold_ns - cold, 4 * NS_PER_S);
	c->nkids--;
	channel_out_reset(&out);
	stop();
}

/* It is not blamed, and at any moment the one that waits would still be in
 * time, so that the programme is back a second after its turn has come. */
static void
a_child_whose_turn_comes_late_begins_where_it_can_be_in_time(void **state)
{
	uint64_t id, last = 0;
	int64_t slate;

	(void)state;
	go(60);
	for (int i = 0; i < 400; i++) {
		bool faltered = c->faltering;

		id = tick_waiting();
		last = id != 0 ? id : last;
		assert_non_null(kid_of(last));
		assert_true(!faltered ||
		    kid_of(last)->n0 + 1 >= c->next);
	}
	assert_true(c->faltering);
	assert_int_equal(seen.failed, 0);
	spawned(last);
	slate = c->next;
	run(3);
	assert_false(c->faltering);
	assert_int_equal(kid_of(last)->late, false);
	assert_in_range(kid_of(last)->n0 - slate, 0, 25);
	stop();
	assert_int_equal(seen.failed, 0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(filler_stands_in_for_a_file_that_no_child_can_begin),
		TEST(a_file_that_is_back_takes_over_from_filler_at_a_key_frame),
		TEST(filler_does_not_wait_for_what_is_only_tried),
		TEST(a_file_that_gives_half_a_second_does_not_take_over),
		TEST(a_bad_piece_of_filler_does_not_hold_the_next_one),
		TEST(nothing_at_the_in_point_is_believed_at_once),
		TEST(four_killed_in_a_row_are_enough),
		TEST(what_the_system_does_is_not_held_against_the_file),
		TEST(of_bad_filler_no_more_is_tried_than_of_anything),
		TEST(the_next_segment_is_on_time_after_filler),
		TEST(pictures_held_for_want_of_more_are_counted),
		TEST(pictures_held_are_known_before_the_child_has_ended),
		TEST(a_child_that_sends_nonsense_is_ended_at_once),
		TEST(a_crowd_that_waits_its_turn_is_waited_for_once),
		TEST(a_child_whose_turn_comes_late_begins_where_it_can_be_in_time),
		TEST(the_unkillable_do_not_take_the_places_of_the_living),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
