/* sim.c - a day and more of air in a minute: a channel against a fake clock
 * and children that misbehave, watched by someone who misses nothing.
 *
 *	sim [-h HOURS] [-r RATE] [-s SEED] [-q]
 *	sim -e STATION CHANNEL...
 *
 * Without HOURS, 26.6: two wraps of the 33 bits of a time stamp.  The first
 * falls into a segment, the second on the first picture of one.  Thirty more
 * over each of four nights in which clocks change, at two of the rates.  What
 * the channel says of its segments is held against the timeline, row for row.
 * RATE is one of the house rates (25, 30000/1001, ...), all of them otherwise.
 * -q is the short form that make check runs: an hour around a wrap.  -e airs
 * an hour of each of the sample station's channel files.  Prints a line per
 * run; exit code 1 where anything was not as it should be. */

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "air/argv.h"
#include "air/channel.h"
#include "air/house.h"
#include "base/xmem.h"
#include "fakechild.h"
#include "simkid.h"
#include "simworld.h"
#include "watch.h"
#include "../unit/zones.h"

#define FIRST_WRAP	18550		/* in 2026 */
#define WRAP_S		INT64_C(95443)	/* 2^33 / 90000, and .7 */
#define SINCE		INT64_C(20454)	/* 2026-01-01 */
#define BACKLOG_NS	(5 * NS_PER_S)
#define AVAIL_MIN_US	(40 * US_PER_S)
#define AVAIL_MAX_US	(900 * US_PER_S)
#define SLOT_S		1800		/* format_default()'s grid */
#define HALF_DAY_S	43200
#define MIN_S		60
#define SAMPLES_OFF	2		/* where rounding may put sound */
#define NIGHT_S		(30 * 3600)
#define SAMPLE_DAY	INT64_C(20783)	/* 2026-11-26 */
#define SAMPLE_AT_S	(20 * 3600 - MIN_S)
#define SLATE_MAX_S	30		/* no child is waited for longer */

__extension__ typedef __int128 wide;

struct sim {
	struct simworld *world;
	struct timeline *timeline, *truth;
	struct channel *channel;
	struct pad *pad;
	struct grid grid;
	struct channel_out out;
	struct simkids *kids;
	struct watch *watch;
	int64_t now;
	struct {
		uint64_t programme, filler, pad, slate, silent, failed,
		    rejoined, bad, on_air, slow;
		int64_t slow_at;		/* the first was told of */
		int speed;			/* ... and had, percent */
		int64_t stretch, longest;	/* of slate, slots */
		uint64_t rows;
	} counts;
	struct {		/* the log's row that is open */
		bool open;
		int64_t n0, n1;	/* its segment's */
		int64_t from;	/* the slot it went on the air with */
		int64_t next;	/* with which another must begin; -1: any */
	} row;
};

static const struct rate rates[] = {
	{ 24000, 1001 }, { 24, 1 }, { 25, 1 }, { 30000, 1001 }, { 30, 1 },
	{ 50, 1 }, { 60000, 1001 }, { 60, 1 },
};

static uint32_t
hash_of(const struct sim *s, const struct asset *a)
{
	return a == NULL ? 0 : s->world->hashes[a - s->world->lib.assets];
}

/* What may air for picture n: filler where it is by the clock. */
static bool
is_filler(struct sim *s, int64_t n, uint32_t asset, int64_t position)
{
	struct run f = timeline_filler(s->truth, n);

	return f.asset != NULL && asset == hash_of(s, f.asset) &&
	    position == n - f.n0;
}

static void
on_picture(void *ctx, int64_t n, bool key, uint32_t asset, int64_t position)
{
	struct sim *s = ctx;
	const struct segment *g = timeline_at(s->truth, n);

	(void)key;
	if (asset == 0 && g->asset != NULL) {
		s->counts.slate++;
		if (++s->counts.stretch > s->counts.longest)
			s->counts.longest = s->counts.stretch;
		return;
	}
	s->counts.stretch = 0;
	if (asset == 0) {
		s->counts.pad++;
		return;
	}
	if (asset == hash_of(s, g->asset) && position == g->in + n - g->n0)
		s->counts.programme++;
	else if (is_filler(s, n, asset, position))
		s->counts.filler++;
	else
		watch_fault(s->watch, "picture %" PRId64 " shows asset %" PRIu32
		    " at %" PRId64 ", not %s at %" PRId64, n, asset, position,
		    g->asset != NULL ? g->asset->path : "pad",
		    g->in + n - g->n0);
}

/* Audio frame m belongs to the picture during which it begins. */
static void
on_sound(void *ctx, int64_t m, bool key, uint32_t asset, int64_t position)
{
	struct sim *s = ctx;
	const struct grid *g = &s->grid;
	int64_t n = (int64_t)((wide)m * g->spf * g->rate.num /
	    ((wide)g->rate.den * g->sample_rate));
	const struct segment *seg = timeline_at(s->truth, n);
	int64_t begin = seg->n0 - seg->in, want, off;

	(void)key;
	if (asset == 0) {
		s->counts.silent += seg->asset != NULL;
		return;
	}
	if (asset != hash_of(s, seg->asset)) {
		struct run f = timeline_filler(s->truth, n);

		if (f.asset != NULL && asset == hash_of(s, f.asset))
			begin = f.n0;
	}
	/* The asset's sample at the instant at which the frame begins. */
	want = (int64_t)((wide)m * g->spf - (wide)begin *
	    g->rate.den * g->sample_rate / g->rate.num);
	off = position - FAKE_SAMPLE_BIAS - want;
	if ((asset != hash_of(s, seg->asset) && begin == seg->n0 - seg->in) ||
	    off < -SAMPLES_OFF || off > SAMPLES_OFF)
		watch_fault(s->watch, "sound %" PRId64 " is of asset %" PRIu32
		    ", %" PRId64 " samples off", m, asset, off);
}

/* The second in which a programme begins names it. */
static void
on_event(void *ctx, int64_t slot, int number, int id)
{
	struct sim *s = ctx;
	const struct rate *r = &s->grid.rate;
	const struct programme *p = number != 0 ?
	    timeline_next(s->truth, slot + 1) :
	    timeline_programme(s->truth, timeline_at(s->truth, slot));
	int want = p == NULL ? -1 : (int)(((wide)p->n0 * r->den * 2 + r->num) /
	    (2 * r->num) & 0xffff);

	if (id != want)
		watch_fault(s->watch, "event %d is said to %s, not %d", id,
		    number != 0 ? "follow" : "be on", want);
}

static struct pad *
pad_make(const struct format *f)
{
	char **argv = argv_pad("ffmpeg", NULL, f);
	struct grid g = house_grid(f);
	struct fakechild_plan plan;
	struct fakechild *child;
	struct buf b = { 0 };
	const char *why = fakechild_parse(argv, &plan);
	struct pad *p = NULL;

	if (why == NULL) {
		child = fakechild_new(&plan);
		while (fakechild_next(child, &b))
			;
		fakechild_free(child);
		p = pad_new(&g, b.data, b.len, &why);
	}
	if (p == NULL) {
		printf("no pad: %s\n", why);
		exit(1);
	}
	buf_fini(&b);
	argv_free(argv);
	return p;
}

static void
sim_start(struct sim *s, const struct simkids_habits *habits, uint64_t seed,
    int64_t now)
{
	const struct format *f = &s->world->chan.format;

	s->now = now;
	s->row.next = -1;
	s->grid = house_grid(f);
	s->timeline = timeline_new(&s->world->chan, &s->world->lib,
	    s->world->zone, SINCE);
	s->pad = pad_make(f);
	s->channel = channel_new(s->timeline, s->pad, "ffmpeg", "Retrovue");
	s->kids = simkids_new(s->channel, habits, seed);
	channel_start(s->channel, now, BACKLOG_NS);
	s->watch = watch_new(f->rate.num, f->rate.den,
	    format_samples(f->audio_codec), channel_slot(s->channel),
	    on_picture, on_sound, on_event, s);
}

/* ---- the log, row for row against the timeline */

static void
row_begin(struct sim *s, const struct channel_event *e)
{
	const struct segment *want = timeline_at(s->truth, e->slot);
	const struct segment *got = &e->segment;

	if (s->row.open)
		watch_fault(s->watch, "row %" PRId64 " begins in another",
		    got->n0);
	if (s->row.next >= 0 && (e->slot != s->row.next ||
	    e->slot != want->n0))
		watch_fault(s->watch, "a row begins with %" PRId64 ", not %"
		    PRId64, e->slot, s->row.next);
	if (got->n0 != want->n0 || got->n1 != want->n1 ||
	    got->kind != want->kind || got->in != want->in ||
	    hash_of(s, got->asset) != hash_of(s, want->asset))
		watch_fault(s->watch, "row %" PRId64 "..%" PRId64 " is not %"
		    PRId64 "..%" PRId64, got->n0, got->n1, want->n0, want->n1);
	s->row.open = true;
	s->row.n0 = want->n0;
	s->row.n1 = want->n1;
	s->row.from = e->slot;
}

/* Where nobody ended it, a row ends where its segment does, and every one of
 * its slots came from somewhere. */
static void
row_end(struct sim *s, const struct channel_event *e, bool cut)
{
	int64_t all = e->from.asset + e->from.filler + e->from.pad +
	    e->from.slate;

	if (!s->row.open || e->segment.n0 != s->row.n0)
		watch_fault(s->watch, "row %" PRId64 " ends, not %" PRId64,
		    e->segment.n0, s->row.n0);
	if (e->slot > s->row.n1 || (!cut && e->slot != s->row.n1))
		watch_fault(s->watch, "row %" PRId64 " ends before %" PRId64
		    ", not %" PRId64, s->row.n0, e->slot, s->row.n1);
	if (all != e->slot - s->row.from)
		watch_fault(s->watch, "row %" PRId64 " has %" PRId64 " slots, "
		    "not %" PRId64, s->row.n0, all, e->slot - s->row.from);
	s->row.open = false;
	s->row.next = cut ? -1 : e->slot;
	s->counts.rows++;
}

static void
slow_note(struct sim *s, const struct channel_event *e)
{
	if (s->counts.slow++ != 0)
		return;
	s->counts.slow_at = s->now;
	s->counts.speed = e->speed;
}

static void
event_take(struct sim *s, const struct channel_event *e, bool cut)
{
	switch (e->kind) {
	case EVENT_ON_AIR:
		row_begin(s, e);
		s->counts.on_air++;
		break;
	case EVENT_OFF_AIR:
		row_end(s, e, cut);
		break;
	case EVENT_CHILD_FAILED:
		s->counts.failed++;
		break;
	case EVENT_REJOINED:
		s->counts.rejoined++;
		break;
	case EVENT_BAD_ASSET:
		s->counts.bad++;
		break;
	case EVENT_CHILD_SLOW:
		slow_note(s, e);
		break;
	case EVENT_PAD:
	case EVENT_FILLER:
		break;
	}
}

/* cut: the channel was taken off the air, or stepped. */
static void
out_take(struct sim *s, bool cut)
{
	watch_feed(s->watch, s->out.bytes.data, s->out.bytes.len);
	for (size_t i = 0; i < s->out.nevents; i++)
		event_take(s, &s->out.events[i], cut);
	simkids_obey(s->kids, &s->out, s->now);
	channel_out_reset(&s->out);
}

static void
sim_run(struct sim *s, int64_t seconds)
{
	int64_t end = s->now + seconds * NS_PER_S;

	while (s->now < end) {
		int64_t next = channel_step(s->channel, s->now, &s->out), t;

		out_take(s, false);
		if ((t = simkids_next(s->kids)) < next)
			next = t;
		s->now = next > s->now ? next : s->now + 1;
		simkids_run(s->kids, s->now);
	}
	if (simkids_counts(s->kids)->fault != NULL)
		watch_fault(s->watch, "%s", simkids_counts(s->kids)->fault);
}

/* The daemon's house clock steps; it re-joins every channel. */
static void
sim_step_clock(struct sim *s, int64_t seconds)
{
	s->now += seconds * NS_PER_S;
	channel_rejoin(s->channel, s->now, &s->out);
	/* What is left of the last picture is still of the old time. */
	out_take(s, true);
	watch_step(s->watch, channel_slot(s->channel));
}

static void
sim_stop(struct sim *s)
{
	int64_t end = s->now + 20 * NS_PER_S;

	channel_stop(s->channel, s->now, &s->out);
	while (!channel_idle(s->channel) && s->now < end) {
		out_take(s, true);
		s->now += NS_PER_S / 100;
		simkids_run(s->kids, s->now);
		channel_step(s->channel, s->now, &s->out);
	}
	out_take(s, true);
	if (!channel_idle(s->channel))
		watch_fault(s->watch, "a child is left");
	if (s->row.open)
		watch_fault(s->watch, "row %" PRId64 " has no end",
		    s->row.n0);
}

static void
sim_free(struct sim *s)
{
	simkids_free(s->kids);
	channel_out_fini(&s->out);
	channel_free(s->channel);
	timeline_free(s->timeline);
	timeline_free(s->truth);
	pad_free(s->pad);
	watch_free(s->watch);
	simworld_free(s->world);
}

/* ---- what must hold */

/* Neighbours of a rate that is no whole number of ticks, else equal. */
static void
deltas_check(struct sim *s)
{
	const struct watch_counts *c = watch_counts(s->watch);
	int64_t num = s->grid.rate.num, t = s->grid.rate.den * TS_HZ;
	int64_t lo = t / num, hi = (t + num - 1) / num;

	if (c->dts.min != lo || c->dts.max != hi || c->pts.min != lo ||
	    c->pts.max != hi)
		watch_fault(s->watch, "picture deltas %" PRId64 "..%" PRId64
		    " and %" PRId64 "..%" PRId64, c->dts.min, c->dts.max,
		    c->pts.min, c->pts.max);
	if (c->sound.min != 1920 || c->sound.max != 1920)
		watch_fault(s->watch, "sound deltas %" PRId64 "..%" PRId64,
		    c->sound.min, c->sound.max);
	if (c->av_first != c->av_last)
		watch_fault(s->watch, "sound and picture have moved by %" PRId64,
		    c->av_last - c->av_first);
}

static void
slate_check(struct sim *s, bool calm)
{
	const struct simkids_counts *k = simkids_counts(s->kids);

	if (s->counts.programme == 0)
		watch_fault(s->watch, "no programme at all");
	if (calm && s->counts.slate + s->counts.silent != 0)
		watch_fault(s->watch, "%" PRIu64 " pictures of slate, %" PRIu64
		    " silent frames without a reason", s->counts.slate,
		    s->counts.silent);
	if (calm && s->counts.failed != 0)
		watch_fault(s->watch, "%" PRIu64 " failures of %" PRIu64
		    " good children", s->counts.failed, k->spawned);
	if (calm && s->counts.slow != 0)
		watch_fault(s->watch, "a good child is called slow");
	if (s->counts.longest * s->grid.rate.den >
	    SLATE_MAX_S * s->grid.rate.num)
		watch_fault(s->watch, "%" PRId64 " pictures of slate at a "
		    "stretch", s->counts.longest);
}

static double
seconds_of_cpu(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
report(const struct sim *s, const char *what, uint64_t seed, double hours,
    double cpu)
{
	const struct watch_counts *c = watch_counts(s->watch);
	const struct simkids_counts *k = simkids_counts(s->kids);

	printf("%-8s %5" PRId64 "/%-4" PRId64 " %6.2f h %5.0f h/s seed %"
	    PRIu64 ": %" PRIu64 " pictures, %" PRIu64 " wraps, %" PRIu64
	    " children (%" PRIu64 " bad), pad %" PRIu64 ", slate %" PRIu64
	    " (longest %" PRId64 "), silent %" PRIu64 ", rows %" PRIu64
	    ", A/V %+" PRId64 ", delay %" PRId64 "..%" PRId64 ": %s\n", what,
	    s->grid.rate.num, s->grid.rate.den, hours,
	    cpu > 0 ? hours / cpu : 0, seed, c->pictures, c->wraps,
	    k->spawned, k->died + k->early + k->mute + k->noise +
	    k->slow + k->unborn,
	    s->counts.pad, s->counts.slate, s->counts.longest,
	    s->counts.silent, s->counts.rows, c->av_last - c->av_first, c->delay.min,
	    c->delay.max, c->faults == 0 ? "ok" : "FAULTS");
	fflush(stdout);
}

/* ---- worlds in which a wrap falls where it is wanted */

static int64_t
wrap_ns(struct rate r, int64_t k)
{
	return rate_frame_ns(r, watch_wrap_picture(r.num, r.den, k));
}

/* An episode's first break begins at the picture of wrap k; false where that
 * picture is too near to a slot's ends. */
static bool
world_for_wrap(struct sim *s, struct rate r, int64_t k)
{
	int64_t n = watch_wrap_picture(r.num, r.den, k);
	int64_t begin = wrap_ns(r, k) / NS_PER_S / SLOT_S * SLOT_S;
	int64_t into = n - rate_frame_from(r, begin * NS_PER_S);
	int64_t us = muldiv_round(into, r.den * US_PER_S, r.num);

	if (us < AVAIL_MIN_US || us > AVAIL_MAX_US)
		return false;
	s->world = simworld_new(r, us, -1);
	s->truth = timeline_new(&s->world->chan, &s->world->lib,
	    s->world->zone, SINCE);
	if (timeline_at(s->truth, n)->n0 == n)
		return true;
	timeline_free(s->truth);
	simworld_free(s->world);
	return false;
}

/* Wrap k in mid-segment, wrap k + 1 at a boundary: the first such k. */
static int64_t
world_for_two(struct sim *s, struct rate r)
{
	for (int64_t k = FIRST_WRAP;; k++) {
		const struct segment *g;
		int64_t n = watch_wrap_picture(r.num, r.den, k);

		if (!world_for_wrap(s, r, k + 1))
			continue;
		g = timeline_at(s->truth, n);
		if (g->asset != NULL && g->n0 + 300 < n && n + 300 < g->n1)
			return k;
		timeline_free(s->truth);
		simworld_free(s->world);
	}
}

static bool
finish(struct sim *s, const char *what, bool calm, uint64_t seed, double hours,
    double cpu)
{
	bool good;

	sim_stop(s);
	deltas_check(s);
	slate_check(s, calm);
	report(s, what, seed, hours, seconds_of_cpu() - cpu);
	good = watch_counts(s->watch)->faults == 0;
	sim_free(s);
	return good;
}

/* Over as many wraps as there are in so many hours. */
static bool
long_run(struct rate r, int64_t seconds, bool calm, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r);

	sim_start(&s, calm ? &simkids_calm : &simkids_wild, seed,
	    wrap_ns(r, k) - 2 * MIN_S * NS_PER_S);
	sim_run(&s, seconds);
	if (watch_counts(s.watch)->wraps == 0)
		watch_fault(s.watch, "no wrap was crossed");
	return finish(&s, calm ? "calm" : "wild", calm, seed,
	    (double)seconds / 3600, cpu);
}

/* Thirty hours over the night in which the clocks change, which hold a wrap
 * and a change of the day, too. */
static bool
night_run(struct rate r, size_t zone, int64_t change, bool calm,
    uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	const char *why;

	s.world = simworld_new(r, 5 * MIN_S * US_PER_S, -1);
	tz_free(s.world->zone);
	s.world->zone = tz_parse(zones[zone].data, zones[zone].len, &why);
	s.truth = timeline_new(&s.world->chan, &s.world->lib, s.world->zone,
	    SINCE);
	sim_start(&s, calm ? &simkids_calm : &simkids_wild, seed,
	    (change - NIGHT_S / 2) * NS_PER_S);
	sim_run(&s, NIGHT_S);
	if (tz_offset(s.world->zone, change - 1) ==
	    tz_offset(s.world->zone, change))
		watch_fault(s.watch, "the clocks did not change");
	if (watch_counts(s.watch)->wraps == 0)
		watch_fault(s.watch, "no wrap was crossed");
	return finish(&s, calm ? "night" : "w.night", calm, seed,
	    (double)NIGHT_S / 3600, cpu);
}

static bool
boundary_run(struct rate r, bool calm, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = FIRST_WRAP;

	while (!world_for_wrap(&s, r, k))
		k++;
	sim_start(&s, calm ? &simkids_calm : &simkids_wild, seed,
	    wrap_ns(r, k) - MIN_S * NS_PER_S);
	sim_run(&s, 2 * MIN_S);
	return finish(&s, "boundary", calm, seed, 2.0 / 60, cpu);
}

/* Nothing is scheduled around the wrap. */
static bool
hole_run(struct rate r, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = FIRST_WRAP, day;

	do
		day = wrap_ns(r, ++k) / NS_PER_S % 86400;
	while (day < HALF_DAY_S / 2 || day > HALF_DAY_S);
	s.world = simworld_new(r, 5 * MIN_S * US_PER_S, (int)day - 5 * MIN_S);
	s.truth = timeline_new(&s.world->chan, &s.world->lib, s.world->zone,
	    SINCE);
	sim_start(&s, &simkids_calm, seed,
	    wrap_ns(r, k) - 7 * MIN_S * NS_PER_S);
	sim_run(&s, 14 * MIN_S);
	if (s.counts.pad < 500)
		watch_fault(s.watch, "no pad over the wrap");
	return finish(&s, "hole", true, seed, 14.0 / 60, cpu);
}

/* All children are struck down before the wrap, and come back after it. */
static bool
slate_run(struct rate r, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r);

	sim_start(&s, &simkids_calm, seed, wrap_ns(r, k) - MIN_S * NS_PER_S);
	sim_run(&s, MIN_S - 5);
	simkids_strike(s.kids, true);
	sim_run(&s, 10);
	simkids_strike(s.kids, false);
	sim_run(&s, MIN_S);
	if (s.counts.slate == 0)
		watch_fault(s.watch, "no slate over the wrap");
	return finish(&s, "slate", false, seed, 2.0 / 60, cpu);
}

static bool
clock_run(struct rate r, int64_t step, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r);

	sim_start(&s, &simkids_calm, seed, wrap_ns(r, k) + 300 * NS_PER_S);
	sim_run(&s, MIN_S);
	s.counts.stretch = 0;
	sim_step_clock(&s, step);
	sim_run(&s, MIN_S);
	if (watch_counts(s.watch)->discontinuities != 1)
		watch_fault(s.watch, "%" PRIu64 " discontinuities, not one",
		    watch_counts(s.watch)->discontinuities);
	return finish(&s, step > 0 ? "clock +" : "clock -", false, seed,
	    2.0 / 60, cpu);
}

/* The daemon sleeps for so long: its children are not to blame. */
static bool
nap_run(struct rate r, int64_t seconds, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r);

	sim_start(&s, &simkids_calm, seed, wrap_ns(r, k) - MIN_S * NS_PER_S);
	sim_run(&s, 30);
	s.now += seconds * NS_PER_S;
	sim_run(&s, MIN_S);
	if (s.counts.failed != 0)
		watch_fault(s.watch, "a child failed while we slept");
	return finish(&s, "nap", false, seed, 1.5 / 60, cpu);
}

/* The hour that never comes, and the one that comes twice; on Lord Howe it is
 * half of one. */
static bool
night_runs(struct rate r, uint64_t seed)
{
	static const struct {
		size_t zone;		/* see zones.h */
		int64_t change;
	} nights[] = {
		{ 0, 1772953200 },	/* New York, 2026-03-08 */
		{ 1, 1792890000 },	/* London, 2026-10-25 */
		{ 3, 1775314800 },	/* Lord Howe, 2026-04-05 */
		{ 3, 1791041400 },	/* ... and 2026-10-04 */
	};
	bool good = true;

	for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++)
		good &= night_run(r, nights[i].zone, nights[i].change,
		    i % 2 == 0, seed + i);
	return good;
}

/* One film cannot be played: filler airs in its place, to its very end and
 * without a picture of slate; it is tried twice, and then now and then. */
static bool
spoilt_run(struct rate r, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r), n, begin;
	const struct segment *g;

	sim_start(&s, &simkids_calm, seed, wrap_ns(r, k) - MIN_S * NS_PER_S);
	begin = s.now;
	n = channel_slot(s.channel);
	do
		n = timeline_at(s.truth, n)->n1;
	while ((g = timeline_at(s.truth, n))->kind != SEGMENT_programme ||
	    g->in != 0);
	simkids_spoil(s.kids, hash_of(&s, g->asset));
	sim_run(&s, (rate_frame_ns(r, g->n1) - s.now) / NS_PER_S + 30);
	if (s.counts.slate != 0 || s.counts.bad != 1 || s.counts.failed < 2 ||
	    s.counts.failed > 4)
		watch_fault(s.watch, "%" PRIu64 " pictures of slate, %" PRIu64
		    " failures, %" PRIu64 " of them the last",
		    s.counts.slate, s.counts.failed, s.counts.bad);
	g = timeline_at(s.truth, n);
	if ((int64_t)s.counts.filler != g->n1 - g->n0)
		watch_fault(s.watch, "%" PRIu64 " pictures of filler, not %"
		    PRId64, s.counts.filler, g->n1 - g->n0);
	return finish(&s, "spoilt", false, seed, (double)(s.now - begin) /
	    (3600.0 * NS_PER_S), cpu);
}

/* No child can play anything any more: ten are tried in the first minute, then
 * three in each, and one for each segment that should begin. */
static bool
dead_run(struct rate r, uint64_t seed)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r);
	uint64_t spawned, limit;

	sim_start(&s, &simkids_calm, seed, wrap_ns(r, k) - MIN_S * NS_PER_S);
	sim_run(&s, 30);
	simkids_spoil_all(s.kids, true);
	limit = 10;
	for (int minute = 0; minute < 5; minute++, limit = 3) {
		spawned = simkids_counts(s.kids)->spawned;
		s.counts.on_air = 0;
		sim_run(&s, MIN_S);
		spawned = simkids_counts(s.kids)->spawned - spawned;
		/* One more for the segment that comes next. */
		if (spawned > limit + s.counts.on_air + 1)
			watch_fault(s.watch, "%" PRIu64 " children in minute "
			    "%d, for %" PRIu64 " segments", spawned, minute,
			    s.counts.on_air);
	}
	simkids_spoil_all(s.kids, false);
	sim_run(&s, 60);
	s.counts.longest = 0;
	return finish(&s, "dead", false, seed, 7.0 / 60, cpu);
}

/* All children make 71 percent of real time: that is said within ten seconds,
 * and what airs of them is always where the clock is. */
static bool
slow_run(struct rate r, uint64_t seed)
{
	static const struct simkids_habits slow = { .slow = 100 };
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	int64_t k = world_for_two(&s, r), begin;

	begin = wrap_ns(r, k) - MIN_S * NS_PER_S;
	sim_start(&s, &slow, seed, begin);
	sim_run(&s, 2 * MIN_S);
	if (s.counts.slow == 0 || s.counts.slow_at > begin + 10 * NS_PER_S ||
	    s.counts.speed < 64 || s.counts.speed > 78)
		watch_fault(s.watch, "%" PRIu64 " slow children, the first at "
		    "%d percent after %" PRId64 " ms", s.counts.slow,
		    s.counts.speed, (s.counts.slow_at - begin) / 1000000);
	return finish(&s, "slow", false, seed, 2.0 / 60, cpu);
}

static bool
short_runs(struct rate r, uint64_t seed)
{
	bool good = boundary_run(r, true, seed);

	good &= boundary_run(r, false, seed);
	good &= hole_run(r, seed);
	good &= slate_run(r, seed);
	good &= clock_run(r, 3600, seed);
	good &= clock_run(r, -3600, seed);
	good &= nap_run(r, 4, seed);
	good &= spoilt_run(r, seed);
	good &= dead_run(r, seed);
	good &= slow_run(r, seed);
	return good;
}

/* An hour of the evening, over a boundary of the grid at either end; the odd
 * channels' with children that misbehave. */
static bool
sample_run(const char *station, const char *channel, bool calm)
{
	struct sim s = { 0 };
	double cpu = seconds_of_cpu();
	const char *name = strrchr(channel, '/');

	if ((s.world = simworld_load(station, channel)) == NULL)
		return false;
	s.truth = timeline_new(&s.world->chan, &s.world->lib, s.world->zone,
	    SINCE);
	sim_start(&s, calm ? &simkids_calm : &simkids_wild, 1,
	    (SAMPLE_DAY * 86400 + SAMPLE_AT_S) * NS_PER_S);
	sim_run(&s, 3600 + 2 * MIN_S);
	if (s.counts.programme == 0)
		watch_fault(s.watch, "no programme has aired");
	return finish(&s, name != NULL ? name + 1 : channel, calm, 1, 1, cpu);
}

static struct rate
rate_parse(const char *s)
{
	char *end;
	struct rate r = { strtoll(s, &end, 10), 1 };

	if (*end == '/')
		r.den = strtoll(end + 1, NULL, 10);
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		if (rates[i].num == r.num && rates[i].den == r.den)
			return r;
	fprintf(stderr, "sim: %s is no house rate\n", s);
	exit(64);
}

int
main(int argc, char **argv)
{
	int64_t seconds = 95760;	/* 26.6 h */
	uint64_t seed = 1;
	struct rate only = { 0, 1 };
	bool good = true, quick = false;
	const char *station = NULL;
	int c;

	while ((c = getopt(argc, argv, "e:h:r:s:q")) != -1)
		switch (c) {
		case 'e':
			station = optarg;
			break;
		case 'h':
			seconds = (int64_t)(strtod(optarg, NULL) * 3600);
			break;
		case 'r':
			only = rate_parse(optarg);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 10);
			break;
		case 'q':
			quick = true;
			break;
		default:
			return 64;
		}
	if (station != NULL) {
		for (int i = optind; i < argc; i++)
			good &= sample_run(station, argv[i],
			    (i - optind) % 2 == 0);
		return good ? 0 : 1;
	}
	if (quick)
		seconds = 3600;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		struct rate r = rates[i];

		if (only.num != 0 && (only.num != r.num || only.den != r.den))
			continue;
		good &= short_runs(r, seed);
		good &= long_run(r, seconds, i % 2 == 0, seed);
		if (!quick && i % 4 == 2)
			good &= night_runs(r, seed);
		if (!quick || i % 2 == 0)
			good &= long_run(r, quick ? seconds : 6 * 3600,
			    i % 2 != 0, seed + 1);
	}
	return good ? 0 : 1;
}
