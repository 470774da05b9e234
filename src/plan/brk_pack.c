#include "plan/brk_pack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define WORD		64	/* bits of a set's word */
#define OPTIONS_EACH	16	/* for every item of a group */
#define OPTIONS_MAX	(PACK_MAX * OPTIONS_EACH)

/* Some items of a group that may air together. */
struct option {
	uint32_t set;
	int64_t frames;
};

/* Items that hang together by their clashes, and the ways to choose of
 * them: options[first] on, the ones with the first items first.  Most groups
 * are one item, or such that each clashes with each. */
struct group {
	size_t first, n;
};

struct packing {
	const struct pack_item *v;
	int64_t room;
	struct group groups[PACK_MAX];
	size_t ngroups;
	struct option options[OPTIONS_MAX];
	size_t noptions;
};

/* Sums that can be reached: bit i says that i frames can. */
struct sums {
	uint64_t *words;
	size_t n;			/* of them; those behind are 0 */
};

static bool
sums_has(const struct sums *s, int64_t i)
{
	size_t word = (size_t)(i / WORD);

	return word < s->n && (s->words[word] >> (i % WORD) & 1) != 0;
}

/* Add to `to` everything in from with `frames` more, as far as it goes.  This
 * is where planning spends its time. */
static void
sums_add(struct sums *to, const struct sums *from, int64_t frames)
{
	size_t skip = (size_t)(frames / WORD), room = to->n - skip;
	size_t n = from->n < room ? from->n : room;
	unsigned shift = (unsigned)(frames % WORD);
	uint64_t *t = to->words + skip, carry = 0;
	const uint64_t *f = from->words;

	for (size_t i = 0; i < n; i++) {
		t[i] |= f[i] << shift | carry;
		carry = f[i] >> 1 >> (WORD - 1 - shift);
	}
	if (n < room)
		t[n] |= carry;
}

/* All of `items` that item i hangs together with. */
static uint32_t
group_of(const struct pack_item *v, uint32_t items, size_t i)
{
	uint32_t group = UINT32_C(1) << i, before = 0;

	while (group != before) {
		uint32_t fresh = group & ~before;

		before = group;
		for (size_t k = 0; fresh >> k != 0; k++)
			if ((fresh >> k & 1) != 0)
				group |= v[k].clashes & items;
	}
	return group;
}

/* Every way to choose of `rest` beside what is chosen. */
static void
add_options(struct packing *p, uint32_t rest, struct option chosen,
    size_t limit)
{
	for (size_t i = 0; rest >> i != 0; i++) {
		struct option o = {
			.set = chosen.set | UINT32_C(1) << i,
			.frames = chosen.frames + p->v[i].frames,
		};

		if ((rest >> i & 1) == 0)
			continue;
		rest &= ~(UINT32_C(1) << i);
		if (o.frames > p->room || p->noptions == limit)
			continue;
		add_options(p, rest & ~p->v[i].clashes, o, limit);
		if (p->noptions < limit)
			p->options[p->noptions++] = o;
	}
}

static void
add_single(struct packing *p, size_t i)
{
	p->groups[p->ngroups++] = (struct group){ p->noptions, 1 };
	p->options[p->noptions++] = (struct option){
		UINT32_C(1) << i, p->v[i].frames,
	};
}

static void
make_groups(struct packing *p, size_t n)
{
	uint32_t items = (UINT32_C(1) << n) - 1;

	for (size_t i = 0; i < n; i++) {
		struct group *g = &p->groups[p->ngroups];
		uint32_t group;
		size_t size = 0;

		if ((items >> i & 1) == 0)
			continue;
		if (p->v[i].clashes == 0) {
			add_single(p, i);
			continue;
		}
		group = group_of(p->v, items, i);
		items &= ~group;
		for (size_t k = 0; k < n; k++)
			size += group >> k & 1;
		g->first = p->noptions;
		add_options(p, group, (struct option){ 0 },
		    p->noptions + size * OPTIONS_EACH);
		g->n = p->noptions - g->first;
		p->ngroups++;
	}
}

static size_t
words_for(int64_t frames)
{
	return (size_t)(frames / WORD) + 1;
}

/* Make `to` of from: what the groups before g, and g, can make. */
static void
extend(const struct packing *p, struct sums *to, const struct sums *from,
    const struct group *g)
{
	const struct option *o = &p->options[g->first];
	int64_t most = 0;

	for (size_t k = 0; k < g->n; k++)
		most = o[k].frames > most ? o[k].frames : most;
	to->n = from->n + words_for(most);
	if (to->n > words_for(p->room))
		to->n = words_for(p->room);
	to->words = from->words + from->n;
	memcpy(to->words, from->words, from->n * sizeof *to->words);
	memset(to->words + from->n, 0,
	    (to->n - from->n) * sizeof *to->words);
	for (size_t k = 0; k < g->n; k++)
		sums_add(to, from, o[k].frames);
}

/* The set of the first n groups that makes just so many frames, without the
 * later ones where it can be. */
static uint32_t
choose(const struct packing *p, const struct sums *reach, size_t n,
    int64_t frames)
{
	uint32_t set = 0;

	for (size_t g = n; g-- > 0;) {
		const struct option *o = &p->options[p->groups[g].first];

		if (sums_has(&reach[g], frames))
			continue;
		while (o->frames > frames ||
		    !sums_has(&reach[g], frames - o->frames))
			o++;
		frames -= o->frames;
		set |= o->set;
	}
	return set;
}

uint32_t
pack(const struct pack_item *v, size_t n, int64_t room)
{
	struct packing p;
	struct sums reach[PACK_MAX + 1];
	int64_t sum = 0;
	uint32_t set;
	size_t g = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i].frames;
	p.v = v;
	p.room = room = sum < room ? sum : room;
	p.ngroups = p.noptions = 0;
	make_groups(&p, n);
	reach[0].n = 1;
	reach[0].words = xreallocarray(NULL, (p.ngroups + 1) *
	    words_for(room), sizeof *reach[0].words);
	reach[0].words[0] = 1;
	while (g < p.ngroups && !sums_has(&reach[g], room)) {
		extend(&p, &reach[g + 1], &reach[g], &p.groups[g]);
		g++;
	}
	while (!sums_has(&reach[g], room))
		room--;
	set = choose(&p, reach, g, room);
	free(reach[0].words);
	return set;
}
