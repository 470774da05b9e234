/* What the days of a channel are like: how long a block's pieces can get, as
 * what is longer than that is never chosen for it; and what is left over. */

#include "plan/day.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/plan.h"
#include "plan/seed.h"

#define DAY_S		86400
#define FIRST_DAY	19723	/* 2024-01-01 */
#define DAYS		10228	/* 28 years: weekdays and leap years recur */
#define AROUND_BEFORE	2	/* days whose blocks reach into a day ... */
#define AROUND		4	/* ... and how many in all */
#define TABLE		4096	/* sorts of days at most; a power of two */

/* Which blocks are on, as one number. */
static uint64_t
sort_of(const struct chan *ch, int64_t date)
{
	uint64_t sort = 1;

	for (size_t b = 0; b < ch->nblocks; b++)
		if (ch->blocks[b].when.kind != WHEN_ALWAYS &&
		    when_has(&ch->blocks[b].when, date))
			sort = seed_add(sort, b);
	return sort;
}

/* True the first time that it is called with a sort; where the table is full
 * every day is the first of its sort. */
static bool
is_new(uint64_t *table, size_t *n, uint64_t sort)
{
	size_t i = sort % TABLE;

	while (table[i] != 0 && table[i] != sort)
		i = (i + 1) % TABLE;
	if (table[i] == sort)
		return false;
	if (*n < TABLE - 1) {
		table[i] = sort;
		++*n;
	}
	return true;
}

/* A hole counts where it begins.  What is left of a whole free day, or is cut
 * off by the days around, has no begin of its own. */
static void
note_hole(struct survey *s, int64_t date, int64_t t0, int64_t t1)
{
	int start = (int)mod_floor(t0, DAY_S);
	struct hole h = { start, start + (int)(t1 - t0), date };

	for (size_t i = 0; i < s->nholes; i++)
		if (s->holes[i].start_s == h.start_s &&
		    s->holes[i].end_s == h.end_s)
			return;
	if (s->nholes < HOLES_MAX)
		s->holes[s->nholes++] = h;
}

/* Where that ends the library knows. */
static bool
follows_at(const struct chan *ch, const struct pieces *p, size_t i)
{
	size_t b = i > 0 ? p->v[i - 1].block : PIECE_FREE;

	return b != PIECE_FREE && ch->blocks[b].kind == BLOCK_AT;
}

static void
note_most(int64_t *most, int64_t x)
{
	if (x > *most)
		*most = x;
}

static void
measure(const struct calendar *cal, int64_t date, struct survey *s)
{
	int64_t begin = day_begin(cal->ch, cal->z, date);
	struct pieces p;

	day_pieces(cal, date, date, &p);
	for (size_t i = 0; i < p.n; i++) {
		int64_t t0 = p.v[i].t0, t1 = p.v[i].t1;
		size_t b = p.v[i].block;

		if (b != PIECE_FREE) {
			note_most(&s->longest[b], t1 - t0);
			note_most(&s->reach[b], piece_limit(&p.v[i]) - t0);
			continue;
		}
		if (t1 - t0 > DAY_S) {
			t0 = begin;
			t1 = begin + DAY_S;
		}
		if (t0 >= begin && !follows_at(cal->ch, &p, i))
			note_hole(s, date, t0, t1);
	}
	free(p.v);
}

/* Where nothing depends on the day one is enough, else one of each sort in
 * the years to come, by what is on around it. */
void
day_survey(const struct chan *ch, const int64_t *at_s, struct survey *s)
{
	uint64_t *table = xcalloc(TABLE, sizeof *table), sorts[AROUND];
	struct tz *utc = tz_utc();
	const struct calendar cal = { ch, utc, at_s };
	size_t n = 0;

	*s = (struct survey){
		.longest = xcalloc(ch->nblocks, sizeof *s->longest),
		.reach = xcalloc(ch->nblocks, sizeof *s->reach),
	};
	for (int i = 0; i < AROUND - 1; i++)
		sorts[i] = sort_of(ch, FIRST_DAY - AROUND_BEFORE + i);
	for (int64_t d = FIRST_DAY; d < FIRST_DAY + DAYS; d++) {
		uint64_t sort = 0;

		sorts[AROUND - 1] = sort_of(ch, d - AROUND_BEFORE + AROUND -
		    1);
		for (int i = 0; i < AROUND; i++)
			sort = seed_add(sort, sorts[i]);
		if (is_new(table, &n, sort + (sort == 0)))
			measure(&cal, d, s);
		for (int i = 0; i < AROUND - 1; i++)
			sorts[i] = sorts[i + 1];
	}
	free(table);
	tz_free(utc);
}

void
survey_fini(struct survey *s)
{
	free(s->longest);
	free(s->reach);
}
