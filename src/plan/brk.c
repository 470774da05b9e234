#include "plan/brk.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "plan/layout.h"
#include "plan/seed.h"

#define CANDIDATES	24	/* weighed against each other at a time */
#define FILLER_MIN_S	10	/* in a break, less is pad */
#define WORD		64	/* bits of a set's word */

struct spot {
	TAILQ_ENTRY(spot) link;
	const struct asset *asset;
	int64_t frames;
};

TAILQ_HEAD(spotq, spot);

struct brk {
	const struct selection *sel;
	struct rate rate;
	struct spot *spots;
	struct spotq queue;		/* the least recently aired first */
};

/* Sums that can be reached: bit i says that i frames can. */
struct sums {
	uint64_t *words;
	size_t n;
};

static bool
sums_has(const struct sums *s, int64_t i)
{
	return s->words[i / WORD] >> (i % WORD) & 1;
}

/* to = from and everything in from with `frames` more. */
static void
sums_extend(struct sums *to, const struct sums *from, int64_t frames)
{
	size_t skip = (size_t)(frames / WORD);
	unsigned shift = (unsigned)(frames % WORD);

	memcpy(to->words, from->words, to->n * sizeof *to->words);
	for (size_t i = skip; i < to->n; i++) {
		to->words[i] |= from->words[i - skip] << shift;
		if (shift > 0 && i > skip)
			to->words[i] |= from->words[i - skip - 1] >>
			    (WORD - shift);
	}
}

/* Keep of the n candidates those that fill `room` best and, of equals, those
 * that come first.  reach[i] is what the candidates from i on can make. */
static size_t
pack(struct spot **cand, size_t n, int64_t room)
{
	struct sums reach[CANDIDATES + 1];
	size_t nwords = (size_t)(room / WORD) + 1, kept = 0;
	uint64_t *words = xcalloc((CANDIDATES + 1) * nwords, sizeof *words);

	for (size_t i = n + 1; i-- > 0;) {
		reach[i] = (struct sums){ words + i * nwords, nwords };
		if (i == n)
			reach[i].words[0] = 1;
		else
			sums_extend(&reach[i], &reach[i + 1], cand[i]->frames);
	}
	while (!sums_has(&reach[0], room))
		room--;
	for (size_t i = 0; i < n; i++) {
		if (cand[i]->frames > room ||
		    !sums_has(&reach[i + 1], room - cand[i]->frames))
			continue;
		room -= cand[i]->frames;
		cand[kept++] = cand[i];
	}
	free(words);
	return kept;
}

/* The first spots in turn that fit into `room` one by one. */
static size_t
find_candidates(const struct brk *b, int64_t room, struct spot **cand,
    int64_t *sum)
{
	struct spot *s;
	size_t n = 0;

	*sum = 0;
	TAILQ_FOREACH(s, &b->queue, link) {
		if (n == CANDIDATES)
			break;
		if (s->frames > room)
			continue;
		cand[n++] = s;
		*sum += s->frames;
	}
	return n;
}

static void
take(struct brk *b, struct spot *s, int64_t *room, struct spotq *chosen)
{
	TAILQ_REMOVE(&b->queue, s, link);
	TAILQ_INSERT_TAIL(chosen, s, link);
	*room -= s->frames;
}

/* Move the spots of a break from the queue to `chosen` and return how many
 * there are.  In a long break the first is taken until there is room for
 * half of the candidates: then there are the most ways to choose. */
static size_t
choose(struct brk *b, int64_t *room, struct spotq *chosen)
{
	struct spot *cand[CANDIDATES];
	size_t n, total = 0;
	int64_t sum;

	while ((n = find_candidates(b, *room, cand, &sum)) == CANDIDATES &&
	    sum < 2 * *room) {
		take(b, cand[0], room, chosen);
		total++;
	}
	if (sum > *room)
		n = pack(cand, n, *room);
	for (size_t i = 0; i < n; i++)
		take(b, cand[i], room, chosen);
	return total + n;
}

static int64_t
put_pad(struct segs *out, int64_t n0, int64_t n1, size_t programme)
{
	segs_add(out, (struct segment){
		.n0 = n0, .n1 = n1, .kind = SEGMENT_pad,
		.programme = programme,
	});
	return n1;
}

/* The reel rolls on behind everything else: at frame n its frame n modulo
 * its length is due, wherever it is seen. */
static void
put_filler(const struct brk *b, struct segs *out, int64_t n, int64_t n1,
    size_t programme)
{
	const struct reel *r = &b->sel->filler;

	while (n < n1) {
		int64_t at = mod_floor(n, r->frames);
		const struct reel_part *p = reel_at(r, at);
		int64_t in = at - p->begin, left = p->frames - in;
		int64_t end = n1 - n < left ? n1 : n + left;

		segs_add(out, (struct segment){
			.n0 = n, .n1 = end, .kind = SEGMENT_filler,
			.asset = p->asset, .in = in,
			.programme = programme,
		});
		n = end;
	}
}

/* The i-th of `parts` pads that `frames` are spread over. */
static int64_t
pad_share(int64_t frames, size_t parts, size_t i)
{
	return frames / (int64_t)parts + ((int64_t)i < frames % (int64_t)parts);
}

/* Air the n chosen spots from n0 on, a pad after each of the last ones: as
 * many pads as last half a second, but one at least. */
static int64_t
put_spots(const struct brk *b, struct segs *out, int64_t n0, size_t programme,
    const struct spotq *chosen, size_t n, int64_t pad)
{
	size_t parts = (size_t)(pad / half_second(b->rate)), i = 0;
	const struct spot *s;

	parts = parts < 1 ? 1 : parts > n ? n : parts;
	TAILQ_FOREACH(s, chosen, link) {
		segs_add(out, (struct segment){
			.n0 = n0, .n1 = n0 + s->frames, .kind = SEGMENT_spot,
			.asset = s->asset, .programme = programme,
		});
		n0 += s->frames;
		if (i + parts >= n)
			n0 = put_pad(out, n0, n0 +
			    pad_share(pad, parts, i + parts - n), programme);
		i++;
	}
	return n0;
}

void
brk_fill(struct brk *b, struct segs *out, int64_t n0, int64_t n1,
    size_t programme)
{
	struct spotq chosen = TAILQ_HEAD_INITIALIZER(chosen);
	int64_t left = n1 - n0;
	size_t n = choose(b, &left, &chosen);
	bool filler = b->sel->filler.n > 0 &&
	    left * b->rate.den > FILLER_MIN_S * b->rate.num;

	n0 = put_spots(b, out, n0, programme, &chosen, n, filler ? 0 : left);
	if (filler)
		put_filler(b, out, n0, n1, programme);
	else
		put_pad(out, n0, n1, programme);	/* without any spot */
	TAILQ_CONCAT(&b->queue, &chosen, link);
}

void
brk_idle(const struct brk *b, struct segs *out, int64_t n0, int64_t n1)
{
	if (b->sel->filler.n > 0)
		put_filler(b, out, n0, n1, DAY_OFF_AIR);
	else
		put_pad(out, n0, n1, DAY_OFF_AIR);
}

/* The end of the run of filler that begins at s[i]. */
static size_t
filler_run(const struct segs *s, size_t i)
{
	for (i++; i < s->n; i++) {
		const struct segment *a = &s->v[i - 1], *b = &s->v[i];

		if (b->kind != SEGMENT_filler || b->asset != a->asset ||
		    b->in != a->in + (a->n1 - a->n0))
			break;
	}
	return i;
}

void
brk_trim(const struct brk *b, struct segs *day, int64_t n0, int64_t n1)
{
	for (size_t i = 0, end; i < day->n; i = end) {
		struct segment *s = day->v;
		int64_t frames;

		end = i + 1;
		if (s[i].kind != SEGMENT_filler)
			continue;
		end = filler_run(day, i);
		frames = s[end - 1].n1 - s[i].n0;
		if (frames >= half_second(b->rate) || s[i].n0 == n0 ||
		    s[end - 1].n1 == n1)
			continue;
		for (size_t k = i; k < end; k++) {
			s[k].kind = SEGMENT_pad;
			s[k].asset = NULL;
			s[k].in = 0;
		}
	}
}

struct brk *
brk_new(const struct selection *sel, int64_t date)
{
	struct brk *b = xcalloc(1, sizeof *b);
	size_t n = sel->spots.n;
	uint64_t seed = seed_add(seed_text(sel->ch->slug), (uint64_t)date);
	size_t first = n > 0 ? (size_t)seed_below(seed, n) : 0;

	b->sel = sel;
	b->rate = sel->ch->format.rate;
	b->spots = xcalloc(n, sizeof *b->spots);
	TAILQ_INIT(&b->queue);
	for (size_t i = 0; i < n; i++) {
		const struct choice *c = &sel->spots.v[(first + i) % n];

		b->spots[i].asset = c->asset;
		b->spots[i].frames = c->frames;
		TAILQ_INSERT_TAIL(&b->queue, &b->spots[i], link);
	}
	return b;
}

void
brk_free(struct brk *b)
{
	free(b->spots);
	free(b);
}
