#include "plan/brk_stock.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "plan/layout.h"
#include "plan/seed.h"

#define PIECE_MAX_S	30	/* of a piece of no length in particular */

static int
compare_id(const void *pa, const void *pb)
{
	const struct stock_item *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

size_t
stock_find(const struct stock *s, uint64_t id, size_t hint)
{
	size_t lo = 0, hi = s->n;

	if (hint < s->n && s->v[hint].id == id)
		return hint;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->n && s->v[lo].id == id ? lo : s->n;
}

/* How far a piece is from the length that a place asks for, in us; all are
 * equally near where it asks for none. */
static int64_t
distance(const struct traffic *t, enum traffic_place p,
    const struct asset *a)
{
	int64_t want = t->rules.wanted[p].ms * 1000;

	if (!t->rules.wanted[p].given)
		return 0;
	return a->duration_us < want ? want - a->duration_us :
	    a->duration_us - want;
}

/* More than twice as long as it should be is too long for a place. */
static bool
is_for_place(const struct traffic *t, enum traffic_place p,
    const struct asset *a)
{
	int64_t max_ms = t->rules.wanted[p].given ?
	    2 * t->rules.wanted[p].ms : PIECE_MAX_S * 1000;

	return traffic_has_place(t, p) &&
	    traffic_type(t, a) == traffic_place_type(p) &&
	    a->duration_us <= max_ms * 1000 && traffic_suits(p, a);
}

struct making {
	const struct chan *ch;
	const struct library *library;
	struct stock *stock;
	int64_t nearest[TRAFFIC_NPLACES];	/* the least distance */
};

static int64_t
frames_of(const struct making *m, const struct asset *a)
{
	return rate_frames_of_us(m->ch->format.rate, a->duration_us);
}

static bool
can_air(const struct making *m, const struct asset *a)
{
	return a->bad == NULL &&
	    frames_of(m, a) >= half_second(m->ch->format.rate);
}

static void
find_nearest(struct making *m)
{
	const struct traffic *t = &m->ch->traffic;

	for (int p = 0; p < TRAFFIC_NPLACES; p++)
		m->nearest[p] = INT64_MAX;
	for (size_t i = 0; i < m->library->n; i++) {
		const struct asset *a = &m->library->assets[i];

		for (enum traffic_place p = 0; p < TRAFFIC_NPLACES; p++) {
			if (!can_air(m, a) || !is_for_place(t, p, a))
				continue;
			if (distance(t, p, a) < m->nearest[p])
				m->nearest[p] = distance(t, p, a);
		}
	}
}

/* Those about as near as the nearest take turns. */
static unsigned
places_of(const struct making *m, const struct asset *a)
{
	const struct traffic *t = &m->ch->traffic;
	unsigned places = 0;

	for (enum traffic_place p = 0; p < TRAFFIC_NPLACES; p++)
		if (is_for_place(t, p, a) &&
		    distance(t, p, a) - m->nearest[p] <= US_PER_S / 2)
			places |= 1u << p;
	return places;
}

static void
count_item(struct stock *s, const struct stock_item *x)
{
	if (x->places == 0) {
		if (s->nspots == 0 || x->frames < s->shortest)
			s->shortest = x->frames;
		if (x->frames > s->longest)
			s->longest = x->frames;
		if (s->nspots == 0 || x->cooldown < s->cooldown)
			s->cooldown = x->cooldown;
		s->nspots++;
	}
	for (int p = 0; p < TRAFFIC_NPLACES; p++) {
		if ((x->places >> p & 1) == 0)
			continue;
		s->nplace[p]++;
		if (x->frames > s->most[p])
			s->most[p] = x->frames;
	}
}

/* Spots air whole, whatever their markers say. */
static void
add_item(struct making *m, const struct asset *a)
{
	struct rate rate = m->ch->format.rate;
	const struct traffic *t = &m->ch->traffic;
	enum asset_type type = traffic_type(t, a);
	struct stock *s = m->stock;
	struct stock_item x = {
		.asset = a,
		.id = seed_add(seed_text(m->ch->slug), seed_text(a->path)),
		.frames = frames_of(m, a),
	};

	if (type == ASSET_NTYPES || !can_air(m, a))
		return;
	x.places = places_of(m, a);
	if (x.places == 0 && !traffic_has_spots(t, type))
		return;
	x.cooldown = muldiv_ceil(traffic_cooldown_s(t, type), rate.num,
	    rate.den);
	xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
	s->v[s->n++] = x;
	count_item(s, &x);
}

/* A name without regard to the case of ASCII letters; of a kind. */
static uint64_t
label_hash(const char *name, uint64_t kind)
{
	uint64_t h = seed_add(0, kind);

	for (; *name != '\0'; name++)
		h = seed_add(h, (unsigned char)*name >= 'A' &&
		    (unsigned char)*name <= 'Z' ?
		    (uint64_t)(*name - 'A' + 'a') : (unsigned char)*name);
	return h;
}

static const char *
label_of(const struct stock_item *x, int kind)
{
	const char *s = kind == STOCK_ADVERTISER ?
	    x->asset->about.advertiser : x->asset->about.category;

	return x->places == 0 && s != NULL && s[0] != '\0' ? s : NULL;
}

static int
compare_hash(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* Advertisers and categories become small numbers. */
static void
number_labels(struct stock *s)
{
	uint64_t *names = xcalloc(s->n, STOCK_NLABELS * sizeof *names);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < s->n; i++)
		for (int k = 0; k < STOCK_NLABELS; k++)
			if (label_of(&s->v[i], k) != NULL)
				names[n++] = label_hash(label_of(&s->v[i], k),
				    (uint64_t)k);
	qsort(names, n, sizeof *names, compare_hash);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || names[i] != names[kept - 1])
			names[kept++] = names[i];
	for (size_t i = 0; i < s->n; i++)
		for (int k = 0; k < STOCK_NLABELS; k++) {
			const char *name = label_of(&s->v[i], k);
			uint64_t h;

			if (name == NULL)
				continue;
			h = label_hash(name, (uint64_t)k);
			s->v[i].labels[k] = 1 + (size_t)((uint64_t *)bsearch(
			    &h, names, kept, sizeof h, compare_hash) - names);
		}
	s->nlabels = kept + 1;
	free(names);
}

struct stock *
stock_new(const struct chan *ch, const struct library *l)
{
	struct making m = {
		.ch = ch, .library = l,
		.stock = xcalloc(1, sizeof *m.stock),
	};
	struct stock *s = m.stock;

	find_nearest(&m);
	for (size_t i = 0; i < l->n; i++)
		add_item(&m, &l->assets[i]);
	if (s->n > 0)
		qsort(s->v, s->n, sizeof *s->v, compare_id);
	number_labels(s);
	return s;
}

void
stock_free(struct stock *s)
{
	if (s == NULL)
		return;
	free(s->v);
	free(s);
}
