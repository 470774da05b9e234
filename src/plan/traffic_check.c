#include "plan/traffic_check.h"

#include <stdbool.h>

#include "plan/brk_stock.h"
#include "plan/layout.h"

#define SHORT_S		10	/* what is left over of a slot; no break */

static size_t
count_type(const struct selection *s, enum asset_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < s->library->n; i++) {
		const struct asset *a = &s->library->assets[i];

		n += a->bad == NULL &&
		    traffic_type(&s->ch->traffic, a) == type;
	}
	return n;
}

/* Filler is the business of another key. */
static void
check_types(const struct selection *s, struct errs *e)
{
	const struct traffic_rules *r = &s->ch->traffic.rules;

	for (enum asset_type t = 0; t < ASSET_NTYPES; t++)
		if ((r->allowed >> t & 1) != 0 && t != ASSET_filler &&
		    count_type(s, t) == 0)
			errs_warn(e, s->ch->file, r->allowed_at[t].line,
			    r->allowed_at[t].column, "there is no %s that "
			    "can air", asset_type_name(t));
}

static void
check_inventories(const struct selection *s, struct errs *e)
{
	const struct traffic *t = &s->ch->traffic;

	for (size_t i = 0; i < t->ninventories; i++) {
		const struct inventory *v = &t->inventories[i];
		size_t n = 0;

		for (size_t k = 0; k < s->library->n; k++)
			n += s->library->assets[k].bad == NULL &&
			    match_has(&v->match, &s->library->assets[k]);
		if (n == 0)
			errs_warn(e, s->ch->file, v->at.line, v->at.column,
			    "inventory '%s' has nothing that can air",
			    v->name);
	}
}

static void
check_places(const struct selection *s, struct errs *e)
{
	const struct traffic_rules *r = &s->ch->traffic.rules;

	for (enum traffic_place p = 0; p < TRAFFIC_NPLACES; p++)
		if (r->wanted[p].given && r->wanted[p].ms > 0 &&
		    s->stock->nplace[p] == 0)
			errs_warn(e, s->ch->file, r->wanted[p].at.line,
			    r->wanted[p].at.column, "there is no %s of up to "
			    "%d ms", asset_type_name(traffic_place_type(p)),
			    (int)(2 * r->wanted[p].ms));
}

/* What the choice leaves of its slots on the grid. */
static int64_t
budget_s(const struct selection *s, const struct choice *c)
{
	int64_t grid = s->ch->format.grid_minutes * INT64_C(60);

	return (grid - c->need_s % grid) % grid;
}

/* Is all that breaks with it too short for any spot? */
static bool
is_tight(const struct selection *s, const struct choice *c)
{
	struct rate rate = s->ch->format.rate;
	int64_t budget = budget_s(s, c), frames, n = 1;
	struct layout l;

	if (budget <= SHORT_S)
		return false;
	layout_make(&l, c->asset, rate, s->ch->type == CHAN_NETWORK);
	if (l.navails > 0)
		n = (int64_t)l.navails;
	layout_fini(&l);
	frames = muldiv_ceil(budget, rate.num, rate.den);
	return (frames + n - 1) / n < s->stock->shortest;
}

static void
check_breaks(const struct selection *s, struct errs *e)
{
	const struct asset *first = NULL;
	size_t n = 0;

	for (size_t b = 0; b < s->ch->nblocks; b++)
		for (size_t k = 0; k < s->entries[b].nlists; k++) {
			const struct choices *c =
			    &s->entries[b].lists[k].choices;

			for (size_t i = 0; i < c->n; i++) {
				if (!is_tight(s, &c->v[i]))
					continue;
				first = first != NULL ? first :
				    c->v[i].asset;
				n++;
			}
		}
	if (n > 0)
		errs_warn(e, first->path, 0, 0, "its breaks on channel '%s' "
		    "are shorter than every spot%s", s->ch->slug,
		    n > 1 ? ", and so are those of others" : "");
}

void
traffic_check(const struct selection *s, struct errs *e)
{
	check_types(s, e);
	check_inventories(s, e);
	check_places(s, e);
	if (s->stock->nspots > 0)
		check_breaks(s, e);
}
