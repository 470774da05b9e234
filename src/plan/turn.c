#include "plan/turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/seed.h"

#define MINUTE_S	60

static int64_t
min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The first grid point at or after t. */
static int64_t
grid_up(const struct turn *u, int64_t t)
{
	return t + mod_floor(u->anchor - t, u->grid);
}

/* The end of the n-th grid slot from t on. */
static int64_t
grid_end(const struct turn *u, int64_t t, int n)
{
	return grid_up(u, t + 1) + (n - 1) * u->grid;
}

static void
parts_add(struct turn *u, const struct choice *c, enum segment_kind kind,
    bool skip_intro)
{
	xgrow(&u->parts, &u->cap, u->nparts + 1, sizeof *u->parts);
	u->parts[u->nparts++] = (struct part){ c, kind, skip_intro };
}

/* At least a second, so that every slot has a length. */
static int64_t
part_need(const struct part *p)
{
	int64_t need = p->choice->need_s -
	    (p->skip_intro ? p->choice->intro_s : 0);

	return need > 0 ? need : 1;
}

static int64_t
parts_need(const struct turn *u)
{
	int64_t need = 0;

	for (size_t i = 0; i < u->nparts; i++)
		need += part_need(&u->parts[i]);
	return need;
}

/* One of each pool, drawn; one that is empty has none. */
static void
add_drawn(struct turn *u, const struct pool_list *from,
    enum segment_kind kind)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct choices *c = &u->sel->pools[from->v[i]];
		uint64_t seed = seed_add(seed_add(u->seed, u->made),
		    ((uint64_t)kind << 32) + i);

		if (c->n > 0)
			parts_add(u, &c->v[seed_below(seed, c->n)], kind,
			    false);
	}
}

/* Of the same series or, where it has none, of the same list. */
static bool
follows(const struct turn *u, const struct choice *c, const struct list *l)
{
	const char *a, *b = c->asset->about.series;

	if (u->prev == NULL)
		return false;
	a = u->prev->asset->about.series;
	if (a != NULL || b != NULL)
		return a != NULL && b != NULL && strcmp(a, b) == 0;
	return u->prev >= l->choices.v && u->prev < l->choices.v +
	    l->choices.n;
}

/* Another one into the slot, if one fits. */
static bool
add_content(struct turn *u, const struct list *l, int64_t room_s,
    int64_t whole_s)
{
	const struct choice *c = turn_pick(u, l, room_s, whole_s);

	if (c == NULL)
		return false;
	parts_add(u, c, SEGMENT_programme, u->entry->block->skip_intro &&
	    follows(u, c, l));
	u->prev = c;
	u->made++;
	return true;
}

/* When the content of a slot from t on must have ended; 0 where a program
 * has no room for its slots. */
static int64_t
slot_limit(const struct turn *u, const struct list *l, int64_t t)
{
	const struct program *p = l->program;
	int64_t limit = l->bleed ? u->limit : u->t1, end;

	if (p == NULL)
		return limit;
	if (p->grid_blocks > 0) {
		end = grid_end(u, t, p->grid_blocks);
		return end <= limit ? end : 0;
	}
	if (p->grid_max > 0)
		return min64(limit, grid_end(u, t, p->grid_max));
	return limit;
}

/* A list's next programme with all that belongs to it; the outro is drawn
 * first, as it needs its room, and goes to the end. */
static bool
fill(struct turn *u, const struct list *l)
{
	const struct program *p = l->program;
	int64_t room = slot_limit(u, l, u->t) - u->t;
	int64_t whole = slot_limit(u, l, u->t0) - u->t0;
	size_t n;

	u->nparts = u->nout = 0;
	if (p == NULL)
		return add_content(u, l, room, whole);
	add_drawn(u, &p->outro, SEGMENT_outro);
	n = u->nparts;
	add_drawn(u, &p->presentation, SEGMENT_bumper);
	add_drawn(u, &p->intro, SEGMENT_intro);
	whole -= parts_need(u);
	if (!add_content(u, l, room - parts_need(u), whole))
		return false;
	while (p->accumulate &&
	    add_content(u, l, room - parts_need(u), whole))
		;
	for (size_t i = 0; i < n; i++)
		parts_add(u, u->parts[i].choice, SEGMENT_outro, false);
	u->nparts -= n;
	memmove(u->parts, u->parts + n, u->nparts * sizeof *u->parts);
	return true;
}

static void
set_slot(const struct turn *u, struct slot *s, int64_t end)
{
	*s = (struct slot){
		.t0 = u->t, .t1 = end, .parts = u->parts,
		.nparts = u->nparts,
	};
	for (size_t i = 0; i < u->nparts; i++) {
		if (u->parts[i].kind != SEGMENT_programme)
			continue;
		if (s->ncontent++ == 0)
			s->choice = u->parts[i].choice;
	}
}

/* The slot of what was filled from list l. */
static void
finish(struct turn *u, const struct list *l, struct slot *s)
{
	int64_t end = u->t + parts_need(u);

	if (l->program != NULL && l->program->grid_blocks > 0)
		end = slot_limit(u, l, u->t);
	else
		end = min64(grid_up(u, end), end <= u->t1 ? u->t1 : u->limit);
	set_slot(u, s, end);
	s->program = l->program;
	u->t = end;
}

static bool
next_show(struct turn *u, struct slot *s)
{
	const struct entry *e = u->entry;
	struct cursor *c = &u->cur->v[e->cursor];
	uint64_t first = c->place;

	if (u->t >= u->t1)
		return false;
	if (e->block->mode == BLOCK_RANDOM)
		first = seed_below(seed_add(~u->seed, u->made), e->nlists);
	for (size_t k = 0; k < e->nlists; k++) {
		size_t i = e->turns ? (size_t)((first + k) % e->nlists) : 0;

		if (!fill(u, &e->lists[i]))
			continue;
		if (e->turns)
			*c = (struct cursor){ (i + 1) % e->nlists,
			    u->prev->id };
		finish(u, &e->lists[i], s);
		return true;
	}
	return false;
}

/* All of it, once. */
static bool
next_at(struct turn *u, struct slot *s)
{
	const struct block *b = u->entry->block;
	int64_t end;

	if (u->made++ > 0 || u->t >= u->limit)
		return false;
	for (size_t k = 0; k < b->npools; k++) {
		const struct choices *c = &u->sel->pools[b->pools[k]];

		for (size_t i = 0; i < c->n; i++)
			parts_add(u, &c->v[i], SEGMENT_programme, false);
	}
	if (u->nparts == 0)
		return false;
	end = u->t + parts_need(u);
	set_slot(u, s, min64(grid_up(u, end), u->limit));
	s->cut = end > u->limit;
	u->t = s->t1;
	return true;
}

/* Slots are counted from where their entry starts, on the station's grid or
 * not; else the grid is midnight's.  It hangs on the local time at the piece's
 * begin and goes on in elapsed time. */
struct turn
turn_begin(const struct selection *sel, const struct tz *z,
    const struct piece *p, int64_t busy, struct cursors *cur)
{
	const struct entry *e = &sel->entries[p->block];
	int64_t grid = sel->ch->format.grid_minutes * MINUTE_S;
	bool slots = e->block->nprograms > 0;
	int64_t local = p->t0 + tz_offset(z, p->t0) -
	    (slots ? e->block->start_s : 0);
	struct turn u = {
		.sel = sel,
		.entry = e,
		.cur = cur,
		.seed = seed_add(e->seed, (uint64_t)p->t0),
		.t = p->t0,
		.t1 = p->t1,
		.limit = e->bleeds ? piece_limit(p) : p->t1,
		.anchor = p->t0 - mod_floor(local, grid),
		.grid = grid,
	};

	if (slots || busy > p->t0)
		u.t = grid_up(&u, max64(busy, p->t0));
	u.t0 = u.t;
	return u;
}

void
turn_end(struct turn *u)
{
	free(u->parts);
	free(u->out);
	u->parts = NULL;
	u->out = NULL;
}

bool
turn_next(struct turn *u, struct slot *s)
{
	switch (u->entry->block->kind) {
	case BLOCK_SHOWS:
		return next_show(u, s);
	case BLOCK_AT:
		return next_at(u, s);
	case BLOCK_OFF_AIR:
		break;
	}
	return false;
}
