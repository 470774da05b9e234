#include "simkid.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "fakechild.h"

#define KIDS_MAX	64
#define NEVER		INT64_MAX
#define MS		INT64_C(1000000)
#define PERCENT		100
#define SHORT_LIFE	2000		/* pictures: where half of them fail */
#define NOISE		3000		/* bytes */

const struct simkids_habits simkids_calm = { 0 };
const struct simkids_habits simkids_wild = {
	.late = 3, .die = 12, .early = 3, .mute = 2, .noise = 3, .slow = 2,
	.unborn = 2,
};

enum fate {
	FATE_GOOD,
	FATE_DIE,
	FATE_EARLY,
	FATE_MUTE,
	FATE_NOISE,
	FATE_CUT,
	FATE_SLOW,
};

struct simkid {
	uint64_t id;
	struct fakechild *child;
	enum fate fate;
	int64_t fate_at;	/* pictures */
	int64_t slot_ns;	/* of one picture, roughly */
	uint32_t asset;
	int64_t end;		/* the asset's picture after its last one */
	bool ending;		/* it was told to */
	bool held, stubborn;
	bool eof, gone;		/* told to the channel */
	int64_t write_at, eof_at, exit_at;
	enum channel_end how;	/* it ends */
	const char *why;
};

struct simkids {
	struct channel *channel;
	const struct simkids_habits *habits;
	uint64_t seed;
	bool strike;
	uint32_t spoilt;	/* no child can play this asset */
	bool all_spoilt;	/* nor any other */
	struct simkid kids[KIDS_MAX];
	size_t n;
	struct buf bytes;
	struct simkids_counts counts;
};

struct simkids *
simkids_new(struct channel *c, const struct simkids_habits *habits,
    uint64_t seed)
{
	struct simkids *s = xcalloc(1, sizeof *s);

	s->channel = c;
	s->habits = habits;
	s->seed = seed;
	return s;
}

void
simkids_free(struct simkids *s)
{
	for (size_t i = 0; i < s->n; i++)
		fakechild_free(s->kids[i].child);
	buf_fini(&s->bytes);
	free(s);
}

const struct simkids_counts *
simkids_counts(const struct simkids *s)
{
	return &s->counts;
}

/* splitmix64 */
int64_t
simkids_random(struct simkids *s, int64_t n)
{
	uint64_t x = s->seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (int64_t)((x ^ x >> 31) % (uint64_t)n);
}

void
simkids_strike(struct simkids *s, bool on)
{
	s->strike = on;
}

void
simkids_spoil(struct simkids *s, uint32_t asset)
{
	s->spoilt = asset;
}

void
simkids_spoil_all(struct simkids *s, bool on)
{
	s->all_spoilt = on;
}

static struct simkid *
kid_find(struct simkids *s, uint64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->kids[i].id == id)
			return &s->kids[i];
	s->counts.fault = "an order for a child that is not there";
	return NULL;
}

/* Its end, in either order, a little apart. */
static void
kid_ends(struct simkids *s, struct simkid *k, const char *why, int64_t now)
{
	if (k->eof_at != NEVER || k->exit_at != NEVER || k->eof || k->gone)
		return;
	k->how = why == NULL ? END_WELL : END_KILLED;
	k->why = why;
	k->write_at = NEVER;
	k->eof_at = now + simkids_random(s, 40 * MS);
	k->exit_at = now + simkids_random(s, 40 * MS);
}

static enum fate
fate_draw(struct simkids *s)
{
	const struct simkids_habits *h = s->habits;
	int64_t x = simkids_random(s, PERCENT);

	if ((x -= h->die) < 0)
		return FATE_DIE;
	if ((x -= h->early) < 0)
		return FATE_EARLY;
	if ((x -= h->mute) < 0)
		return FATE_MUTE;
	if ((x -= h->noise) < 0)
		return simkids_random(s, 2) == 0 ? FATE_NOISE : FATE_CUT;
	if ((x -= h->slow) < 0)
		return FATE_SLOW;
	return FATE_GOOD;
}

static int64_t
start_draw(struct simkids *s)
{
	if (simkids_random(s, PERCENT) < s->habits->late)
		return 2500 * MS + simkids_random(s, 3500 * MS);
	return 40 * MS + simkids_random(s, 900 * MS);
}

/* One that is given up and one in its place are enough: more would only
 * take each other's processor. */
static void
crowd_check(struct simkids *s, const struct simkid *k)
{
	int others = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct simkid *o = &s->kids[i];

		others += o != k && o->asset == k->asset &&
		    o->end == k->end && !o->ending && !o->gone;
	}
	if (others > 1)
		s->counts.fault = "a crowd of children for one segment";
}

static void
spawn(struct simkids *s, const struct channel_order *o, int64_t now)
{
	struct fakechild_plan plan;
	struct simkid *k = &s->kids[s->n++];
	int64_t life;

	*k = (struct simkid){ .id = o->id, .write_at = NEVER,
	    .eof_at = NEVER, .exit_at = NEVER };
	s->counts.spawned++;
	if (s->n == KIDS_MAX || fakechild_parse(o->argv, &plan) != NULL) {
		s->counts.fault = "a child that cannot be";
		s->n--;
		return;
	}
	k->child = fakechild_new(&plan);
	k->asset = plan.asset;
	k->end = plan.in + plan.pictures;
	crowd_check(s, k);
	k->fate = fate_draw(s);
	life = plan.pictures;
	if (simkids_random(s, 2) == 0 && life > SHORT_LIFE)
		life = SHORT_LIFE;
	k->fate_at = 1 + simkids_random(s, life);
	s->counts.slow += k->fate == FATE_SLOW;
	k->slot_ns = plan.den * NS_PER_S / plan.num;
	k->stubborn = simkids_random(s, 3) == 0;
	if (s->strike || simkids_random(s, PERCENT) < s->habits->unborn) {
		s->counts.unborn++;
		k->how = END_OUTSIDE;
		k->why = "exec: no such file";
		k->exit_at = k->eof_at = now;
		return;
	}
	k->write_at = now + start_draw(s);
	if (s->all_spoilt || (s->spoilt != 0 && k->asset == s->spoilt)) {
		s->counts.unborn++;
		kid_ends(s, k, "exit 1: Invalid data", now);
		k->how = END_BADLY;
	}
}

/* A burst, in a split that the packets know nothing of. */
static void
deliver(struct simkids *s, struct simkid *k, int64_t now)
{
	size_t cut = (size_t)simkids_random(s, (int64_t)s->bytes.len + 1);

	if (cut != 0)
		channel_on_bytes(s->channel, k->id, s->bytes.data, cut, now);
	if (cut != s->bytes.len)
		channel_on_bytes(s->channel, k->id, s->bytes.data + cut,
		    s->bytes.len - cut, now);
	buf_reset(&s->bytes);
}

/* A fault that is written into the stream; true if the child goes on. */
static bool
fate_write(struct simkids *s, struct simkid *k)
{
	size_t cut = (size_t)simkids_random(s, 187) + 1;

	if (k->fate == FATE_NOISE) {
		uint8_t *p = buf_extend(&s->bytes, NOISE);

		for (size_t i = 0; i < NOISE; i++)
			p[i] = (uint8_t)simkids_random(s, 256);
		s->counts.noise++;
	} else if (s->bytes.len > cut) {
		s->bytes.len -= cut;
	}
	return k->fate == FATE_NOISE;
}

static void
fate_do(struct simkids *s, struct simkid *k, int64_t now)
{
	switch (k->fate) {
	case FATE_DIE:
	case FATE_CUT:
		s->counts.died++;
		kid_ends(s, k, "killed by signal 9", now);
		break;
	case FATE_EARLY:
		s->counts.early++;
		kid_ends(s, k, NULL, now);
		break;
	case FATE_MUTE:
		s->counts.mute++;
		k->write_at = NEVER;
		break;
	case FATE_SLOW:
	case FATE_NOISE:
	case FATE_GOOD:
		break;
	}
}

static void
kid_write(struct simkids *s, struct simkid *k, int64_t now)
{
	int64_t n = 1 + simkids_random(s, 60);
	int64_t pause = simkids_random(s, 10 * k->slot_ns);
	bool more = true, fated = false;

	/* 71 percent of real time. */
	if (k->fate == FATE_SLOW) {
		n = 10;
		pause = 14 * k->slot_ns;
	}
	while (n-- > 0 && more && !fated) {
		more = fakechild_next(k->child, &s->bytes);
		fated = fakechild_count(k->child) == k->fate_at &&
		    k->fate != FATE_GOOD && k->fate != FATE_SLOW;
	}
	if (fated && (k->fate == FATE_NOISE || k->fate == FATE_CUT))
		fated = !fate_write(s, k);
	deliver(s, k, now);
	/* About six times real time, and never silent for half a second. */
	k->write_at = now + pause;
	if (fated)
		fate_do(s, k, now);
	else if (!more)
		kid_ends(s, k, NULL, now);
}

void
simkids_run(struct simkids *s, int64_t now)
{
	for (size_t i = 0; i < s->n; i++) {
		struct simkid *k = &s->kids[i];

		if (k->write_at <= now && !k->held) {
			if (s->strike || s->all_spoilt)
				kid_ends(s, k, "killed by signal 9", now);
			else
				kid_write(s, k, now);
		}
		if (k->eof_at <= now) {
			k->eof_at = NEVER;
			k->eof = true;
			channel_on_eof(s->channel, k->id, now);
		}
		if (k->exit_at <= now) {
			k->exit_at = NEVER;
			k->gone = true;
			channel_on_exit(s->channel, k->id, k->how, k->why,
			    now);
		}
	}
}

int64_t
simkids_next(const struct simkids *s)
{
	int64_t t = NEVER;

	for (size_t i = 0; i < s->n; i++) {
		const struct simkid *k = &s->kids[i];

		if (!k->held && k->write_at < t)
			t = k->write_at;
		if (k->eof_at < t)
			t = k->eof_at;
		if (k->exit_at < t)
			t = k->exit_at;
	}
	return t;
}

static void
forget(struct simkids *s, struct simkid *k)
{
	if (!k->eof || !k->gone)
		s->counts.fault = "a child is forgotten before its end";
	fakechild_free(k->child);
	*k = s->kids[--s->n];
}

static void
signal_take(struct simkids *s, struct simkid *k, bool term, int64_t now)
{
	k->ending = true;
	if (k->gone)
		s->counts.fault = "a signal for a child that was reaped";
	if (!term || !k->stubborn)
		kid_ends(s, k, term ? "killed by signal 15" :
		    "killed by signal 9", now);
}

void
simkids_obey(struct simkids *s, const struct channel_out *o, int64_t now)
{
	for (size_t i = 0; i < o->norders; i++) {
		const struct channel_order *order = &o->orders[i];
		struct simkid *k = NULL;

		if (order->kind == ORDER_SPAWN) {
			channel_on_started(s->channel, order->id, now);
			spawn(s, order, now);
			continue;
		}
		if ((k = kid_find(s, order->id)) == NULL)
			continue;
		switch (order->kind) {
		case ORDER_TERM:
		case ORDER_KILL:
			signal_take(s, k, order->kind == ORDER_TERM, now);
			break;
		case ORDER_READ:
			k->held = false;
			break;
		case ORDER_HOLD:
			k->held = true;
			break;
		case ORDER_CLOSE:
			k->eof_at = now;
			break;
		case ORDER_FORGET:
			forget(s, k);
			break;
		case ORDER_SPAWN:
			break;
		}
	}
}
