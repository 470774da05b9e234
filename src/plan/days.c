#include "plan/days.h"

#include <string.h>

/* The stretch that is kept, or NULL. */
static const struct day *
stretch(const struct days *s)
{
	return s->kept != NULL ? kept_day(s->kept) : NULL;
}

/* Put a day in front of the others; the last one goes where it stood. */
static void
push(struct days *s, struct day *d, size_t from)
{
	memmove(s->v + 1, s->v, from * sizeof *s->v);
	s->v[0] = d;
}

static void
add(struct days *s, struct day *d)
{
	day_free(s->v[DAYS_HELD - 1]);
	push(s, d, DAYS_HELD - 1);
}

/* Takes d. */
static void
add_whole(struct days *s, struct day *d)
{
	size_t i = 0;

	while (i < DAYS_WHOLE - 1 && s->whole[i] != NULL &&
	    s->whole[i]->date != d->date)
		i++;
	day_free(s->whole[i]);
	memmove(s->whole + 1, s->whole, i * sizeof *s->whole);
	s->whole[0] = d;
}

/* Is a part of that day kept? */
static bool
is_cut(const struct days *s, const struct day *d)
{
	const struct day *k = stretch(s);

	return k != NULL && k->n0 < d->n1 && k->n1 > d->n0;
}

/* The day around n has no say in the stretch that is kept.  What would be on
 * when that ends is joined in progress; a programme of which nothing is left
 * stands in its place as an empty one. */
static void
leave_room(struct day *d, const struct day *k, int64_t n)
{
	if (n < k->n0) {
		day_trim(d, d->n0, k->n0);
		return;
	}
	day_trim(d, k->n1, d->n1);
	for (size_t i = 0; i < d->nprogrammes; i++) {
		struct programme *p = &d->programmes[i];

		p->n0 = p->n0 > k->n1 ? p->n0 : k->n1;
		p->n1 = p->n1 > p->n0 ? p->n1 : p->n0;
	}
}

/* The part of a cut day around n. */
static void
add_part(struct days *s, const struct day *d, int64_t n)
{
	struct day *part = day_copy(d);

	leave_room(part, stretch(s), n);
	add(s, part);
}

static void
drop(struct days *s, int64_t date)
{
	for (size_t i = 0; i < DAYS_HELD; i++) {
		if (s->v[i] == NULL || s->v[i]->date != date)
			continue;
		day_free(s->v[i]);
		s->v[i] = NULL;
	}
}

const struct day *
days_find(struct days *s, int64_t n)
{
	const struct day *k = stretch(s);

	if (k != NULL && n >= k->n0 && n < k->n1)
		return k;
	for (size_t i = 0; i < DAYS_HELD; i++) {
		struct day *d = s->v[i];

		if (d == NULL || n < d->n0 || n >= d->n1)
			continue;
		push(s, d, i);
		return d;
	}
	return NULL;
}

void
days_put(struct days *s, struct day *d)
{
	const struct day *k = stretch(s);

	if (!is_cut(s, d)) {
		add(s, d);
		return;
	}
	if (d->n0 < k->n0)
		add_part(s, d, d->n0);
	if (d->n1 > k->n1)
		add_part(s, d, k->n1);
	add_whole(s, d);
}

const struct day *
days_put_at(struct days *s, struct day *d, int64_t n)
{
	if (is_cut(s, d)) {
		add_part(s, d, n);
		add_whole(s, d);
	} else {
		add(s, d);
	}
	return s->v[0];
}

bool
days_has_date(const struct days *s, int64_t date)
{
	for (size_t i = 0; i < DAYS_HELD; i++)
		if (s->v[i] != NULL && s->v[i]->date == date)
			return true;
	return false;
}

void
days_keep(struct days *s, struct kept *k)
{
	struct day *was[DAYS_HELD];

	days_let_go(s);
	s->kept = k;
	memcpy(was, s->v, sizeof was);
	memset(s->v, 0, sizeof s->v);
	for (size_t i = DAYS_HELD; i-- > 0;)
		if (was[i] != NULL)
			days_put(s, was[i]);
}

void
days_let_go(struct days *s)
{
	kept_free(s->kept);
	s->kept = NULL;
	for (size_t i = 0; i < DAYS_WHOLE && s->whole[i] != NULL; i++) {
		drop(s, s->whole[i]->date);
		add(s, s->whole[i]);
		s->whole[i] = NULL;
	}
}

int64_t
days_kept_until(const struct days *s)
{
	const struct day *k = stretch(s);

	return k != NULL ? k->n1 : 0;
}

void
days_fini(struct days *s)
{
	for (size_t i = 0; i < DAYS_HELD; i++)
		day_free(s->v[i]);
	for (size_t i = 0; i < DAYS_WHOLE; i++)
		day_free(s->whole[i]);
	kept_free(s->kept);
}
