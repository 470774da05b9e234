/* Cursors as text: what is stored with a day's log, and read again by another
 * version of the channel file. */

#include "plan/cursors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/seed.h"

#define HEAD		"cursors 1\n"
#define LATE_MAX	(4 * 86400)	/* seconds from `from` to `busy` */

/* Whose a cursor is. */
struct owner {
	uint64_t key;
	size_t cursor;
};

static uint64_t
layer_key(const struct when *w)
{
	const int64_t parts[] = {
		w->kind, w->weekdays, w->first, w->last, w->month, w->day,
		w->last_month, w->last_day, w->nth, w->weekday, w->offset,
	};
	uint64_t key = 0;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		key = seed_add(key, (uint64_t)parts[i]);
	return key;
}

static uint64_t
pools_key(const struct chan *ch, const size_t *pools, size_t n, uint64_t key)
{
	for (size_t i = 0; i < n; i++)
		key = seed_add(key, seed_text(chan_pool(ch, pools[i])->name));
	return key;
}

static uint64_t
program_key(const struct chan *ch, size_t program, uint64_t key)
{
	const struct program *p = &ch->programs[program];

	if (p->name != NULL)
		return seed_add(key, seed_text(p->name));
	return pools_key(ch, p->pools, p->npools, key);
}

/* Of a block's i-th cursor: the first is the block's own, with all that it
 * has; the others are of its lists. */
static uint64_t
cursor_key(const struct chan *ch, const struct block *b, size_t i)
{
	uint64_t key = seed_add(layer_key(&b->when), (uint64_t)b->start_s);

	key = seed_add(seed_add(key, b->mode), i > 0);
	if (i > 0 && b->nprograms > 0)
		return program_key(ch, b->programs[i - 1], key);
	if (i > 0)
		return pools_key(ch, &b->pools[i - 1], 1, key);
	for (size_t k = 0; k < b->nprograms; k++)
		key = program_key(ch, b->programs[k], key);
	return pools_key(ch, b->pools, b->npools, key);
}

static int
compare_owner(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->cursor > b->cursor) - (a->cursor < b->cursor);
}

/* All of a channel's, by key; those that would be the same are told apart by
 * their order in the file. */
static struct owner *
find_owners(const struct chan *ch, size_t *n)
{
	struct owner *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t b = 0; b < ch->nblocks; b++) {
		size_t own = cursors_of_block(&ch->blocks[b]);

		xgrow(&v, &cap, *n + own, sizeof *v);
		for (size_t i = 0; i < own; i++, ++*n)
			v[*n] = (struct owner){ cursor_key(ch,
			    &ch->blocks[b], i), *n };
	}
	if (*n == 0)
		return v;
	qsort(v, *n, sizeof *v, compare_owner);
	for (size_t i = 1, first = 0; i < *n; i++) {
		/* The first of them keeps its key: it is what is compared. */
		if (v[i].key != v[first].key)
			first = i;
		else
			v[i].key = seed_add(v[i].key, i - first);
	}
	qsort(v, *n, sizeof *v, compare_owner);
	return v;
}

static const struct owner *
find_key(const struct owner *v, size_t n, uint64_t key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && v[lo].key == key ? &v[lo] : NULL;
}

void
cursors_print(const struct cursors *c, const struct chan *ch,
    struct buf *out)
{
	size_t n;
	struct owner *v = find_owners(ch, &n);

	buf_adds(out, HEAD);
	buf_addf(out, "from %" PRId64 " %" PRId64 "\n", c->from, c->busy);
	buf_addf(out, "changes %" PRIu64 " %" PRId64 "\n", c->changes.n,
	    c->changes.on);
	for (size_t i = 0; i < n; i++) {
		const struct cursor *x = &c->v[v[i].cursor];

		buf_addf(out, "at %016" PRIx64 " %" PRIu64 " %016" PRIx64
		    "\n", v[i].key, x->place, x->last);
		for (size_t k = 0; k < c->nahead; k++)
			if (c->ahead[k].cursor == v[i].cursor)
				buf_addf(out, "ahead %016" PRIx64 " %016"
				    PRIx64 "\n", v[i].key, c->ahead[k].key);
	}
	free(v);
	for (size_t i = 0; i < c->naired; i++)
		buf_addf(out, "aired %016" PRIx64 " %" PRId64 "\n",
		    c->aired[i].id, c->aired[i].at_ms);
}

/* What aired, line by line. */
struct aired_list {
	struct aired *v;
	size_t n, cap;
};

static bool
parse_aired(struct aired_list *l, const char *line)
{
	struct aired a = { 0 };

	if (sscanf(line, "aired %" SCNx64 " %" SCNd64, &a.id, &a.at_ms) != 2)
		return false;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = a;
	return true;
}

/* One line; false where it is none of ours.  A cursor that the channel has no
 * more is let go. */
static bool
parse_line(struct cursors *c, const struct owner *v, size_t n,
    const char *line)
{
	const struct owner *o;
	uint64_t key, a, b;
	int64_t from, busy;

	if (sscanf(line, "from %" SCNd64 " %" SCNd64, &from, &busy) == 2) {
		c->from = from;
		c->busy = busy;
		return from >= 0 && (busy == 0 || (busy >= from &&
		    busy - from < LATE_MAX));
	}
	if (sscanf(line, "changes %" SCNu64 " %" SCNd64, &a, &from) == 2) {
		c->changes = (struct changes){ a, from };
		return from >= 0;
	}
	if (sscanf(line, "at %" SCNx64 " %" SCNu64 " %" SCNx64, &key, &a,
	    &b) == 3) {
		if ((o = find_key(v, n, key)) != NULL)
			c->v[o->cursor] = (struct cursor){ a, b };
		return true;
	}
	if (sscanf(line, "ahead %" SCNx64 " %" SCNx64, &key, &a) == 2) {
		if ((o = find_key(v, n, key)) != NULL &&
		    !cursors_has_ahead(c, o->cursor, a))
			cursors_put_ahead(c, o->cursor, a);
		return true;
	}
	return false;
}

bool
cursors_parse(struct cursors *c, const struct chan *ch, const char *text)
{
	bool good = strncmp(text, HEAD, strlen(HEAD)) == 0;
	struct aired_list aired = { 0 };
	size_t n;
	struct owner *v = find_owners(ch, &n);

	cursors_init(c, ch);
	text += good ? strlen(HEAD) : 0;
	while (good && *text != '\0') {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text, len);

		good = text[len] == '\n' && (parse_aired(&aired, line) ||
		    parse_line(c, v, n, line));
		free(line);
		text += len + (text[len] == '\n');
	}
	free(v);
	cursors_set_aired(c, aired.v, aired.n);
	if (good)
		return true;
	cursors_fini(c);
	cursors_init(c, ch);
	return false;
}
