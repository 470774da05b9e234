#include "plan/select.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "plan/layout.h"
#include "plan/traffic_check.h"

static void
check_pools(const struct selection *s, struct errs *e)
{
	for (size_t p = 0; p < s->npools; p++) {
		const struct pool *pool = chan_pool(s->ch, p);

		if (s->pools[p].n == 0)
			errs_warn(e, s->ch->file, pool->line, pool->column,
			    p < s->ch->npools ? "pool '%s' has nothing that "
			    "can air" : "'%s' is no file that can air, in no "
			    "library or at fault", pool->name);
	}
}

/* An asset that is not there has been reported as such. */
static bool
has_choices(const struct entry *e)
{
	if (e->block->kind != BLOCK_SHOWS)
		return true;
	for (size_t k = 0; k < e->nlists; k++)
		if (e->lists[k].choices.n > 0)
			return true;
	return false;
}

static bool
are_empty(const struct selection *s, const size_t *pools, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s->pools[pools[i]].n > 0)
			return false;
	return true;
}

static bool
has_empty_pools(const struct selection *s, const struct block *b)
{
	for (size_t i = 0; i < b->nprograms; i++) {
		const struct program *p = &s->ch->programs[b->programs[i]];

		if (!are_empty(s, p->pools, p->npools))
			return false;
	}
	return are_empty(s, b->pools, b->npools);
}

static void
check_blocks(const struct selection *s, bool whole, struct errs *e)
{
	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct block *x = &s->ch->blocks[b];

		/* One that is covered has been reported as such. */
		if (s->survey.longest[b] == 0 || has_choices(&s->entries[b]))
			continue;
		if (!has_empty_pools(s, x))
			errs_warn(e, s->ch->file, x->line, x->column,
			    "nothing in its pools fits into this block");
		else if (whole)
			errs_fault(e, s->ch->file, x->line, x->column,
			    "this block has only empty pools");
		else
			errs_warn(e, s->ch->file, x->line, x->column,
			    "this block has only empty pools");
	}
}

/* Programs of an entry that have something to air in the others' place. */
static void
check_lists(const struct selection *s, struct errs *e)
{
	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct entry *x = &s->entries[b];

		for (size_t k = 0; k < x->nlists; k++) {
			const struct program *p = x->lists[k].program;

			if (p != NULL && p->name != NULL &&
			    x->lists[k].choices.n == 0 && has_choices(x))
				errs_warn(e, s->ch->file, x->block->line,
				    x->block->column, "nothing of program "
				    "'%s' fits into its slots", p->name);
		}
	}
}

/* The sign-offs, which are put on only where they end in time. */
static void
check_sign_offs(const struct selection *s, struct errs *e)
{
	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct block *x = &s->ch->blocks[b];

		if (x->kind == BLOCK_OFF_AIR && s->survey.longest[b] > 0 &&
		    select_at_need(s, x) > s->survey.longest[b])
			errs_warn(e, s->ch->file, x->line, x->column,
			    "the sign-off is longer than its time");
	}
}

/* What the blocks do with each asset of the library. */
struct use {
	bool wanted;			/* in a pool of a block */
	bool chosen;			/* fits into such a block */
};

static void
mark_chosen(const struct entry *e, struct use *uses,
    const struct asset *first)
{
	for (size_t k = 0; k < e->nlists; k++) {
		const struct choices *c = &e->lists[k].choices;

		for (size_t i = 0; i < c->n; i++)
			uses[c->v[i].asset - first].chosen = true;
	}
}

/* What its selector leaves out is not wanted. */
static void
mark_wanted(const struct selection *s, const struct block *b,
    const size_t *pools, size_t n, struct use *uses)
{
	const struct asset *first = s->library->assets;

	for (size_t k = 0; k < n; k++) {
		const struct choices *c = &s->pools[pools[k]];

		for (size_t i = 0; i < c->n; i++) {
			struct use *u = &uses[c->v[i].asset - first];

			if (b->kind != BLOCK_SHOWS)
				u->chosen = true;
			if (match_has(&b->only, c->v[i].asset))
				u->wanted = true;
		}
	}
}

static struct use *
find_uses(const struct selection *s)
{
	struct use *uses = xcalloc(s->library->n, sizeof *uses);

	for (size_t b = 0; b < s->ch->nblocks; b++) {
		const struct block *x = &s->ch->blocks[b];

		mark_wanted(s, x, x->pools, x->npools, uses);
		for (size_t k = 0; k < x->nprograms; k++) {
			const struct program *p =
			    &s->ch->programs[x->programs[k]];

			mark_wanted(s, x, p->pools, p->npools, uses);
		}
		mark_chosen(&s->entries[b], uses, s->library->assets);
	}
	return uses;
}

static size_t
count_merged(const struct selection *s, const struct asset *a)
{
	struct layout l;
	size_t merged;

	layout_make(&l, a, s->ch->format.rate, s->ch->type == CHAN_NETWORK);
	merged = l.merged;
	layout_fini(&l);
	return merged;
}

static void
check_assets(const struct selection *s, struct errs *e)
{
	struct use *uses = find_uses(s);

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];

		if (uses[i].wanted && !uses[i].chosen)
			errs_warn(e, a->path, 0, 0, "too long for every block "
			    "of channel '%s' that may choose it", s->ch->slug);
		if (uses[i].chosen && count_merged(s, a) > 0)
			errs_warn(e, a->path, 0, 0, "markers less than 0.5 s "
			    "apart, or from the start or end: the later ones "
			    "do not count");
	}
	free(uses);
}

/* An empty pool has been reported as such; a file that is not known may not
 * have been looked at yet. */
static void
check_filler(const struct selection *s, bool whole, struct errs *e)
{
	const struct chan *ch = s->ch;
	const struct asset *a;
	const char *why = "shorter than half a second";

	if (ch->filler == NULL || s->filler.n > 0)
		return;
	a = library_find(s->library, ch->filler);
	if (a == NULL && !whole)
		return;
	if (a == NULL)
		why = "no such media file (a directory can be a pool, and "
		    "the pool's name stand here)";
	else if (a->bad != NULL)
		why = a->bad;
	errs_warn(e, ch->file, ch->filler_at.line, ch->filler_at.column,
	    "filler '%s' cannot air: %s", ch->filler, why);
}

void
selection_check(const struct selection *s, bool whole, struct errs *e)
{
	check_pools(s, e);
	check_blocks(s, whole, e);
	check_lists(s, e);
	check_sign_offs(s, e);
	check_filler(s, whole, e);
	check_assets(s, e);
	traffic_check(s, e);
}
