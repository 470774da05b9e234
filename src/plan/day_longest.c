/* How long a block's pieces can get: what is longer than that is never chosen
 * for it. */

#include "plan/day.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "plan/seed.h"

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

static void
measure(const struct chan *ch, const struct tz *utc, int64_t date,
    int64_t *longest)
{
	struct pieces p;

	day_pieces(ch, utc, date, &p);
	for (size_t i = 0; i < p.n; i++) {
		const struct piece *x = &p.v[i];

		if (x->block != PIECE_FREE && x->t1 - x->t0 > longest[x->block])
			longest[x->block] = x->t1 - x->t0;
	}
	free(p.v);
}

/* Where nothing depends on the day one is enough, else one of each sort in
 * the years to come, by what is on around it. */
int64_t *
day_longest(const struct chan *ch)
{
	int64_t *longest = xcalloc(ch->nblocks, sizeof *longest);
	uint64_t *table = xcalloc(TABLE, sizeof *table), sorts[AROUND];
	struct tz *utc = tz_utc();
	size_t n = 0;

	for (int i = 0; i < AROUND - 1; i++)
		sorts[i] = sort_of(ch, FIRST_DAY - AROUND_BEFORE + i);
	for (int64_t d = FIRST_DAY; d < FIRST_DAY + DAYS; d++) {
		uint64_t sort = 0;

		sorts[AROUND - 1] = sort_of(ch, d - AROUND_BEFORE + AROUND -
		    1);
		for (int i = 0; i < AROUND; i++)
			sort = seed_add(sort, sorts[i]);
		if (is_new(table, &n, sort + (sort == 0)))
			measure(ch, utc, d, longest);
		for (int i = 0; i < AROUND - 1; i++)
			sorts[i] = sorts[i + 1];
	}
	free(table);
	tz_free(utc);
	return longest;
}
