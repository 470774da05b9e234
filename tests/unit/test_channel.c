/* test_channel.c - a channel against a fake clock and fake children. */

#include "world.h"
#include "air/channel_child.h"
#include "plan/timeline.h"
#include "packets.h"
#include "synth.h"

#define SINCE	INT64_C(20454)		/* 2026-01-01 */
#define TICK	(20 * INT64_C(1000000))	/* ns */
#define SPEED	6			/* slots a child makes per tick */
#define FAKES	512
#define SLOTS	4096
#define EVENTS	1024
#define MS	INT64_C(1000000)

struct fake {
	uint64_t id;
	int64_t n0, n1, next;
	struct mux *mux;	/* NULL: it has ended */
	bool held, mute;
};

static struct world *w;
static struct timeline *t;
static struct channel *c;
static struct pad *pad;
static struct grid g;
static struct channel_out out;
static struct fake fakes[FAKES];
static size_t nfakes, mute_next;
static int64_t now;
static struct demux *viewer;
static int64_t first, seen;	/* pictures the viewer got */
static int64_t numbers[SLOTS];	/* what they are, in decoding order */
static bool keys[SLOTS];
static int64_t shown[SLOTS];	/* their PTS */
static int64_t frame;		/* the next audio frame expected */
static struct channel_event events[EVENTS];
static size_t nevents;
static int begun;		/* key frames that said to be the first */

static void
see_picture(int64_t pts, int64_t dts, const uint8_t *data, size_t len)
{
	struct au *u = au_new(0, h264_is_idr(data, len), data, len);

	assert_int_equal(dts, grid_dts(&g, first + seen) & (TS_WRAP - 1));
	assert_true(ts_diff(pts, dts) >= 0);
	assert_true(seen < SLOTS);
	keys[seen] = u->key;
	shown[seen] = pts;
	numbers[seen++] = synth_number(u);
	free(u);
}

static void
on_pes(void *ctx, enum demux_stream s, int64_t pts, int64_t dts,
    const uint8_t *data, size_t len)
{
	(void)ctx;
	if (s == DEMUX_VIDEO)
		see_picture(pts, dts, data, len);
	else
		assert_int_equal(pts, grid_audio_pts(&g, frame++) &
		    (TS_WRAP - 1));
}

/* Episodes with a break after eleven minutes, spots of three seconds. */
static void
programme(void)
{
	static char name[] = "One";
	char path[] = "/s/0";
	struct asset *a = world_asset(w, "/a/1", ASSET_episode, 22 * MINUTE);

	world_marker(a, MARKER_avail, 11 * MINUTE, -1);
	for (path[3] = '1'; path[3] <= '9'; path[3]++)
		world_asset(w, path, ASSET_commercial, 3 * S);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	w->ch.name = name;
}

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	programme();
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	g = grid_make(pal, 48000, 1024);
	pad = synth_pad(&g);
	c = channel_new(t, pad, "ffmpeg", "Retrovue");
	viewer = demux_new(on_pes, NULL);
	nfakes = nevents = 0;
	begun = 0;
	seen = 0;
	mute_next = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < nfakes; i++)
		mux_free(fakes[i].mux);
	channel_out_fini(&out);
	channel_free(c);
	pad_free(pad);
	demux_free(viewer);
	timeline_free(t);
	world_free(w);
	return 0;
}

static struct fake *
fake_find(uint64_t id)
{
	for (size_t i = 0; i < nfakes; i++)
		if (fakes[i].id == id)
			return &fakes[i];
	fail();
	return NULL;
}

static void
fake_end(struct fake *f, const char *why)
{
	if (f->mux == NULL)
		return;
	mux_free(f->mux);
	f->mux = NULL;
	channel_on_eof(c, f->id, now);
	channel_on_exit(c, f->id, why == NULL ? END_WELL : END_KILLED, why,
	    now);
}

static void
fake_start(uint64_t id)
{
	struct fake *f = &fakes[nfakes++];

	assert_true(nfakes < FAKES);
	*f = (struct fake){ .id = id, .mux = mux_new(&g, "", "") };
	channel_on_started(c, id, now);
	for (size_t i = 0; i < c->nkids; i++)
		if (c->kids[i].id == id) {
			f->n0 = f->next = c->kids[i].n0;
			f->n1 = c->kids[i].n1;
		}
	assert_true(f->n0 < f->n1);
	if (mute_next > 0) {
		mute_next--;
		f->mute = true;
	}
}

static void
fake_run(struct fake *f)
{
	struct buf b = { 0 };

	if (f->mux == NULL || f->held || f->mute)
		return;
	for (int i = 0; i < SPEED && f->next < f->n1; i++)
		synth_slot(f->mux, &g, f->n0, f->n1, f->next++, &b);
	channel_on_bytes(c, f->id, b.data, b.len, now);
	buf_fini(&b);
	if (f->next == f->n1)
		fake_end(f, NULL);
}

static void
obey(const struct channel_order *o)
{
	switch (o->kind) {
	case ORDER_SPAWN:
		assert_string_equal(o->argv[0], "ffmpeg");
		fake_start(o->id);
		break;
	case ORDER_TERM:
	case ORDER_KILL:
		assert_non_null(fake_find(o->id)->mux);
		fake_end(fake_find(o->id), "killed by SIGTERM");
		break;
	case ORDER_READ:
	case ORDER_HOLD:
		fake_find(o->id)->held = o->kind == ORDER_HOLD;
		break;
	case ORDER_CLOSE:
		break;
	case ORDER_FORGET:
		assert_null(fake_find(o->id)->mux);
		break;
	}
}

static void
apply(void)
{
	demux_feed(viewer, out.bytes.data, out.bytes.len);
	for (size_t i = 0; i < out.nmarks; i++)
		begun += out.marks[i].first;
	for (size_t i = 0; i < out.nevents; i++) {
		assert_true(nevents < EVENTS);
		events[nevents++] = out.events[i];
	}
	for (size_t i = 0; i < out.norders; i++)
		obey(&out.orders[i]);
	channel_out_reset(&out);
}

static void
tick(void)
{
	for (size_t i = 0; i < nfakes; i++)
		fake_run(&fakes[i]);
	assert_true(channel_step(c, now, &out) > now);
	apply();
	now += TICK;
}

static void
run(int64_t s)
{
	for (int64_t end = now + s * NS_PER_S; now < end;)
		tick();
}

/* On the air at so many seconds of the day, with two seconds of backlog. */
static void
go(int64_t s)
{
	now = (SINCE * DAY_S + s) * NS_PER_S;
	channel_start(c, now, 2 * NS_PER_S);
	first = channel_slot(c);
	frame = grid_audio(&g, first);
}

static void
stop(void)
{
	for (int i = 0; i < 500 && !channel_idle(c); i++) {
		channel_stop(c, now, &out);
		tick();
	}
	assert_true(channel_idle(c));
	assert_int_equal(demux_counts(viewer)->cc_errors, 0);
	assert_int_equal(demux_counts(viewer)->damaged, 0);
}

static size_t
count_events(enum channel_event_kind kind, struct channel_event *last)
{
	size_t n = 0;

	for (size_t i = 0; i < nevents; i++)
		if (events[i].kind == kind) {
			*last = events[i];
			n++;
		}
	return n;
}

/* Every picture of [from, to) was aired once; pad does not count. */
static void
check_all_aired(int64_t from, int64_t to)
{
	for (int64_t n = from; n < to; n++) {
		int times = 0;

		for (int64_t i = 0; i < seen; i++)
			times += numbers[i] == n;
		if (timeline_at(t, n)->asset != NULL)
			assert_int_equal(times, 1);
		else
			assert_int_equal(times, 0);
	}
}

static void
boundaries_lose_no_picture_and_no_sound(void **state)
{
	struct channel_event e;

	(void)state;
	go(11 * 60 - 5);
	run(120);
	stop();
	assert_true(seen >= 120 * 25);
	check_all_aired(first, first + seen - 4);
	assert_true(count_events(EVENT_ON_AIR, &e) >= 4);
	assert_int_equal(count_events(EVENT_CHILD_FAILED, &e), 0);
	assert_int_equal(count_events(EVENT_PAD, &e), 0);
}

static void
pictures_leave_when_they_are_due(void **state)
{
	(void)state;
	go(60);
	run(5);
	assert_int_equal(channel_slot(c),
	    rate_frame_at(pal, now - TICK) + 1);
	stop();
}

static void
the_second_half_of_a_slot_leaves_half_a_picture_later(void **state)
{
	(void)state;
	go(60);
	run(5);
	channel_step(c, now, &out);
	assert_true(out.bytes.len > 0);
	apply();
	assert_int_equal(channel_step(c, now + TICK - 1, &out), now + TICK);
	assert_int_equal(out.bytes.len, 0);
	channel_step(c, now += TICK, &out);
	assert_true(out.bytes.len > PACKET);
	assert_int_equal(out.bytes.data[3] & 0x30, 0x20);
	stop();
}

/* It ends, or its clock is set, in the middle of a picture. */
static void
no_picture_is_left_half(void **state)
{
	for (int i = 0; i < 2; i++) {
		teardown(state);
		setup(state);
		go(60);
		run(5);
		tick();
		if (i == 0)
			channel_stop(c, now, &out);
		else
			channel_rejoin(c, now, &out);
		apply();
		demux_end(viewer);
		assert_int_equal(demux_counts(viewer)->damaged, 0);
		assert_int_equal(seen, rate_frame_at(pal, now) - first + 1);
		demux_free(viewer);
		viewer = demux_new(on_pes, NULL);
		first = channel_slot(c) - seen;
		frame = grid_audio(&g, channel_slot(c));
		stop();
	}
}

/* Kill the child that is on the air; where it could be cut. */
static int64_t
kill_one(void)
{
	int64_t cut;

	assert_int_equal(c->nkids, 1);
	fake_end(fake_find(c->kids[0].id), "killed by SIGKILL");
	cut = join_cut(c->kids[0].join);
	assert_true(cut > channel_slot(c));
	return cut;
}

/* The events of segments alternate, and name the same one. */
static void
check_segments_end(void)
{
	const struct channel_event *on = NULL;

	for (size_t i = 0; i < nevents; i++) {
		const struct channel_event *e = &events[i];

		if (e->kind == EVENT_ON_AIR) {
			assert_null(on);
			on = e;
		} else if (e->kind == EVENT_OFF_AIR) {
			assert_non_null(on);
			assert_int_equal(e->segment.n0, on->segment.n0);
			assert_int_equal(e->from.asset + e->from.pad +
			    e->from.filler + e->from.slate, e->slot -
			    on->slot);
			on = NULL;
		}
	}
	assert_null(on);
}

static void
a_segment_that_ends_says_where_its_slots_came_from(void **state)
{
	struct channel_event e;

	(void)state;
	go(60);
	run(45);
	kill_one();
	mute_next = 1;
	run(20);
	stop();
	check_segments_end();
	count_events(EVENT_OFF_AIR, &e);
	assert_true(e.from.asset > 0);
	assert_true(e.from.slate > 0);
	assert_int_equal(e.from.pad, 0);
}

static void
a_killed_child_is_replaced_at_its_cut(void **state)
{
	struct channel_event e;
	int64_t cut;

	(void)state;
	go(60);
	run(5);
	cut = kill_one();
	tick();
	assert_int_equal(fakes[nfakes - 1].n0, cut);
	run(6);
	stop();
	check_all_aired(first, first + seen - 4);
	assert_int_equal(count_events(EVENT_CHILD_FAILED, &e), 1);
	assert_string_equal(e.text, "killed by SIGKILL");
	assert_int_equal(count_events(EVENT_PAD, &e), 0);
}

static void
a_silent_child_is_waited_for_500_ms_then_pad_airs(void **state)
{
	struct channel_event e;
	int64_t cut;

	(void)state;
	go(60);
	run(45);		/* cold, it would be waited for longer */
	cut = kill_one();
	mute_next = 1;
	run(4);
	assert_int_equal(count_events(EVENT_PAD, &e), 1);
	assert_int_equal(e.slot, cut);
	assert_in_range(e.late_ns, 500 * MS, 500 * MS + 2 * TICK);
	assert_true(keys[cut - first]);
	assert_true(numbers[cut - first] < 2 * g.gop);
	stop();
}

static void
the_slate_airs_for_want_of_a_child(void **state)
{
	struct pad *slate = synth_pad(&g);
	struct channel_event e;

	(void)state;
	channel_set_slate(c, slate);
	go(60);
	run(45);
	assert_ptr_equal(c->padding, NULL);
	kill_one();
	mute_next = 1;
	run(4);
	assert_int_equal(count_events(EVENT_PAD, &e), 1);
	assert_ptr_equal(c->padding, slate);
	stop();
	pad_free(slate);
}

static void
pad_that_was_planned_is_no_slate(void **state)
{
	struct pad *slate = synth_pad(&g);
	int64_t s = 11 * 60;

	(void)state;
	channel_set_slate(c, slate);
	while (timeline_at(t, (SINCE * DAY_S + s) * 25)->asset != NULL)
		s++;
	go(s - 1);
	run(2);
	assert_ptr_equal(c->padding, pad);
	stop();
	pad_free(slate);
}

static void
the_programme_is_rejoined_at_a_key_frame(void **state)
{
	struct channel_event e;

	(void)state;
	go(60);
	run(5);
	kill_one();
	mute_next = 1;
	run(20);
	stop();
	assert_int_equal(count_events(EVENT_PAD, &e), 1);
	assert_int_equal(count_events(EVENT_REJOINED, &e), 1);
	assert_true(keys[e.slot - first]);
	assert_int_equal(numbers[e.slot - first], e.slot);
	check_all_aired(e.slot, first + seen - 4);
}

static void
stopping_ends_all_children(void **state)
{
	(void)state;
	go(11 * 60 - 2);
	run(1);
	assert_false(channel_idle(c));
	stop();
	assert_false(channel_on_air(c));
	assert_true(channel_step(c, now, &out) == INT64_MAX);
}

static void
a_clock_step_begins_again_at_the_new_time(void **state)
{
	(void)state;
	go(60);
	run(3);
	now += 3600 * NS_PER_S;
	channel_rejoin(c, now, &out);
	assert_true(rate_frame_at(pal, now) - channel_slot(c) < g.gop);
	assert_true(channel_slot(c) <= rate_frame_at(pal, now));
	for (size_t i = 0; i < out.norders; i++)
		obey(&out.orders[i]);
	channel_out_reset(&out);
	channel_stop(c, now, &out);
	channel_step(c, now, &out);
	assert_true(channel_idle(c));
}

/* The slate, for so many seconds; 0: until it is ended. */
static void
step_under_slate(int64_t by, int64_t span_s)
{
	struct override o = {
		.kind = OVERRIDE_SLATE, .n0 = SLOT_NONE, .origin = SLOT_NONE,
		.n1 = OVERRIDE_EVER, .span = span_s * 25, .why = "takeover",
	};

	go(60);
	run(3);
	channel_take_over(c, &o, now, &out);
	apply();
	run(3);
	assert_non_null(channel_at(c, channel_slot(c)).by);
	now += by;
	channel_shift(c, by, now);
	channel_rejoin(c, now, &out);
	for (size_t i = 0; i < out.norders; i++)
		obey(&out.orders[i]);
	channel_out_reset(&out);
	assert_true(channel_slot(c) <= rate_frame_at(pal, now));
	assert_non_null(channel_at(c, channel_slot(c)).by);
	assert_non_null(channel_at(c, rate_frame_at(pal, now)).by);
	assert_true(channel_is_overridden(c, now));
}

static void
a_takeover_is_on_until_its_release_whatever_the_clock_does(void **state)
{
	static const int64_t by_s[] = { -600, -30, 60, 86400 };

	for (size_t i = 0; i < sizeof by_s / sizeof *by_s; i++) {
		if (i > 0)
			setup(state);
		step_under_slate(by_s[i] * NS_PER_S, 0);
		assert_true(channel_release(c, "released", now, &out));
		assert_null(channel_at(c, rate_frame_at(pal, now +
		    3 * NS_PER_S)).by);
		channel_stop(c, now, &out);
		channel_step(c, now, &out);
		if (i + 1 < sizeof by_s / sizeof *by_s)
			teardown(state);
	}
}

static void
a_takeover_lasts_as_long_as_was_asked_for(void **state)
{
	(void)state;
	step_under_slate(-600 * NS_PER_S, 60);
	assert_non_null(channel_at(c, rate_frame_at(pal, now +
	    56 * NS_PER_S)).by);
	assert_null(channel_at(c, rate_frame_at(pal, now +
	    58 * NS_PER_S)).by);
	channel_stop(c, now, &out);
	channel_step(c, now, &out);
}

static void
only_a_channel_that_begins_anew_breaks_with_its_past(void **state)
{
	(void)state;
	go(60);
	run(3);
	kill_one();
	mute_next = 1;
	run(20);
	assert_int_equal(begun, 1);
	now += 2 * NS_PER_S;
	channel_rejoin(c, now, &out);
	demux_free(viewer);
	viewer = demux_new(on_pes, NULL);
	first = channel_slot(c) - seen;
	frame = grid_audio(&g, channel_slot(c));
	run(3);
	assert_int_equal(begun, 2);
	stop();
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Each picture that was decoded has a place of its own on display, and those
 * leave none out: wherever a child was left, it was whole. */
static void
check_display(void)
{
	static int times[SLOTS];

	memset(times, 0, sizeof times);
	for (int64_t i = 0; i < seen; i++) {
		int64_t ticks = ts_diff(shown[i], grid_pts(&g, first) &
		    (TS_WRAP - 1));

		assert_true(ticks >= 0 && ticks / 3600 < SLOTS);
		times[ticks / 3600]++;
	}
	for (int64_t n = 0; n < seen - 4; n++)
		assert_int_equal(times[n], 1);
}

/* A file of some seconds, or the slate; for a while, or until it is ended. */
static void
take_over(void)
{
	struct override o = {
		.kind = world_random(w, 2) > 0 ? OVERRIDE_FILE :
		    OVERRIDE_SLATE,
		.n0 = SLOT_NONE, .origin = SLOT_NONE, .n1 = OVERRIDE_EVER,
		.span = world_random(w, 2) * world_random(w, 200),
		.why = "takeover",
	};

	if (o.kind == OVERRIDE_FILE) {
		o.asset = xcalloc(1, sizeof *o.asset);
		asset_copy(o.asset, &w->assets[world_random(w, 2)]);
		o.frames = 25 + world_random(w, 100);
	}
	assert_true(channel_take_over(c, &o, now, &out) >= channel_slot(c));
}

/* The picture that went out last is of the file, and of the place in it, that
 * was to air then; and so is what was told of it. */
static void
check_airs(void)
{
	int64_t n = channel_slot(c) - 1;
	struct sight is = channel_at(c, n);
	struct channel_event e;

	assert_true(count_events(EVENT_ON_AIR, &e) > 0);
	assert_int_equal(e.segment.n0, is.segment.n0);
	assert_int_equal(e.segment.kind, is.segment.kind);
	assert_int_equal(e.ahead, is.ahead);
	if (c->airing == 0) {
		assert_null(is.segment.asset);
		return;
	}
	for (size_t i = 0; i < c->nkids; i++) {
		const struct kid *k = &c->kids[i];

		if (k->id != c->airing)
			continue;
		assert_string_equal(k->path, is.segment.asset->path);
		assert_int_equal(k->in + n - k->n0, is.segment.in + n +
		    is.ahead - is.segment.n0);
	}
}

static void
operate(void)
{
	switch (world_random(w, 3)) {
	case 0:
		take_over();
		break;
	case 1:
		(void)channel_release(c, "released", now, &out);
		break;
	default:
		(void)channel_skip(c, "skip", now, &out);
	}
	apply();
}

/* Whatever he does and however fast, the stream is unbroken, nothing is put
 * on the slate for want of a child, and in the end the plan goes on. */
static void
an_operator_may_do_anything_at_any_time(void **state)
{
	struct channel_event e;

	for (uint64_t seed = 0; seed < 60; seed++) {
		setup(state);
		w->seed = seed;
		go(11 * 60 - 30);
		run(3);
		for (int i = 0; i < 25; i++) {
			operate();
			for (int64_t k = world_random(w, 150); k >= 0; k--) {
				tick();
				check_airs();
			}
		}
		(void)channel_release(c, "released", now, &out);
		apply();
		run(8);
		assert_null(channel_at(c, channel_slot(c)).by);
		assert_false(channel_is_overridden(c, now));
		channel_stop(c, now, &out);
		tick();
		stop();
		check_display();
		check_segments_end();
		assert_int_equal(count_events(EVENT_PAD, &e), 0);
		assert_int_equal(count_events(EVENT_CHILD_FAILED, &e), 0);
		teardown(state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(boundaries_lose_no_picture_and_no_sound),
		TEST(a_segment_that_ends_says_where_its_slots_came_from),
		TEST(pictures_leave_when_they_are_due),
		TEST(the_second_half_of_a_slot_leaves_half_a_picture_later),
		TEST(no_picture_is_left_half),
		TEST(a_killed_child_is_replaced_at_its_cut),
		TEST(a_silent_child_is_waited_for_500_ms_then_pad_airs),
		TEST(the_slate_airs_for_want_of_a_child),
		TEST(pad_that_was_planned_is_no_slate),
		TEST(the_programme_is_rejoined_at_a_key_frame),
		TEST(stopping_ends_all_children),
		TEST(a_clock_step_begins_again_at_the_new_time),
		TEST(a_takeover_is_on_until_its_release_whatever_the_clock_does),
		TEST(a_takeover_lasts_as_long_as_was_asked_for),
		TEST(only_a_channel_that_begins_anew_breaks_with_its_past),
		cmocka_unit_test(an_operator_may_do_anything_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
