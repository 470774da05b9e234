/* The order in which a pool's assets come. */

#include "plan/select.h"

#include <stdlib.h>
#include <string.h>

#include "plan/seed.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of the number at s without the zeros it begins with, where *s
 * then stands. */
static size_t
number_len(const char **s)
{
	size_t n = 0;

	while (**s == '0')
		++*s;
	while (is_digit((*s)[n]))
		n++;
	return n;
}

/* Bytewise, but numbers as numbers: S01E2 comes before S01E10. */
static int
natural_cmp(const char *a, const char *b)
{
	const char *a0 = a, *b0 = b;

	while (*a != '\0' && *b != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			size_t na = number_len(&a), nb = number_len(&b);
			int c = na != nb ? (na < nb ? -1 : 1) :
			    memcmp(a, b, na);

			if (c != 0)
				return c;
			a += na;
			b += nb;
		} else if (*a == *b) {
			a++;
			b++;
		} else {
			break;
		}
	}
	if (*a != *b)
		return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
	return strcmp(a0, b0);		/* 01 and 1 */
}

int
choice_compare_path(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	return natural_cmp(a->asset->path, b->asset->path);
}

/* Episodes come under their series' name, all else under its own. */
static const char *
name_of(const struct asset *a)
{
	return a->about.series != NULL ? a->about.series :
	    a->title != NULL ? a->title : a->path;
}

static int
compare_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_name(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;
	const struct asset_about *x = &a->asset->about, *y = &b->asset->about;
	int c;

	if ((c = natural_cmp(name_of(a->asset), name_of(b->asset))) != 0 ||
	    (c = compare_int(x->series_year, y->series_year)) != 0 ||
	    (c = compare_int(x->season, y->season)) != 0 ||
	    (c = compare_int(x->episode, y->episode)) != 0)
		return c;
	return choice_compare_path(pa, pb);
}

static int
compare_rank(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return compare_name(pa, pb);
}

/* In the order that the pool asks for. */
void
select_sort(const struct selection *s, size_t pool)
{
	const struct pool *p = chan_pool(s->ch, pool);
	struct choices *c = &s->pools[pool];
	uint64_t seed = seed_add(seed_text(s->ch->slug), seed_text(p->name));

	for (size_t i = 0; i < c->n; i++) {
		if (p->order == POOL_BY_YEAR)
			c->v[i].rank = (uint64_t)c->v[i].asset->about.year;
		else if (p->order == POOL_SHUFFLED)
			c->v[i].rank = seed_add(seed, c->v[i].id);
	}
	if (c->n > 0)
		qsort(c->v, c->n, sizeof *c->v,
		    p->order == POOL_BY_PATH ? choice_compare_path :
		    compare_rank);
}
