/* wild.h - wild worlds with entries of every kind: programs with slots and
 * leads, what runs over, what airs at a time, hard and soft, off air. */

#ifndef WILD_H
#define WILD_H

#include <stdio.h>

#include "world.h"

#define PROGRAMS	4

struct wild {
	struct world *w;
	size_t lead;			/* the pool of leads */
	size_t first_at;		/* pools of a film each, as many ... */
	struct program programs[PROGRAMS];
	size_t program_pools[PROGRAMS][3];
	char titles[PROGRAMS][8];
	size_t block_programs[BLOCKS_MAX][3];
	char ids[BLOCKS_MAX][24];	/* a block's description: its name */
};

#define FILMS		2		/* ... as this */

static inline struct pool_list
wild_lead(struct wild *x)
{
	struct pool_list none = { 0 };

	if (world_random(x->w, 3) > 0)
		return none;
	return (struct pool_list){ &x->lead, 1, 1 };
}

static inline void
wild_program(struct wild *x, size_t i)
{
	struct program *p = &x->programs[i];
	struct world *w = x->w;

	snprintf(x->titles[i], sizeof x->titles[i], "p%zu", i);
	*p = (struct program){
		.name = x->titles[i], .title = x->titles[i],
		.pools = x->program_pools[i], .used = true,
		.bleed = world_random(w, 3) == 0,
	};
	for (int64_t k = world_random(w, 3); k >= 0; k--)
		p->pools[p->npools++] = (size_t)world_random(w, 3);
	switch (world_random(w, 4)) {
	case 0:
		break;
	case 1:
		p->grid_max = 1 + (int)world_random(w, 6);
		p->accumulate = world_random(w, 2) > 0;
		break;
	default:
		p->grid_blocks = 1 + (int)world_random(w, 6);
		p->accumulate = world_random(w, 2) > 0;
		break;
	}
	p->presentation = wild_lead(x);
	p->intro = wild_lead(x);
	p->outro = wild_lead(x);
}

static inline void
wild_entry(struct wild *x, struct block *b, size_t i)
{
	struct world *w = x->w;

	snprintf(x->ids[i], sizeof x->ids[i], "b%zu", i);
	b->description = x->ids[i];
	b->bleed = world_random(w, 3) == 0;
	b->skip_intro = world_random(w, 3) == 0;
	b->skip_outro = world_random(w, 3) == 0;
	switch (world_random(w, 8)) {
	case 0:
	case 1:
		b->kind = BLOCK_AT;
		b->hard = world_random(w, 2) > 0;
		b->npools = 1 + (size_t)world_random(w, FILMS);
		for (size_t k = 0; k < b->npools; k++)
			b->pools[k] = x->first_at + k;
		b->start_s += (int)world_random(w, 2) * 420;
		break;
	case 2:
		b->kind = BLOCK_OFF_AIR;
		b->npools = (size_t)world_random(w, 2);
		b->pools[0] = x->lead;
		break;
	case 3:
	case 4:
	case 5:
		b->programs = x->block_programs[i];
		for (int64_t k = world_random(w, 3); k >= 0; k--)
			b->programs[b->nprograms++] =
			    (size_t)world_random(w, PROGRAMS);
		b->npools = 0;
		break;
	default:
		break;
	}
}

static inline struct wild *
wild_new(uint64_t seed)
{
	struct wild *x = xcalloc(1, sizeof *x);
	struct world *w = x->w = wild_world(seed);

	x->lead = world_pool(w, "/c");
	x->first_at = world_pool(w, "/b/003");
	world_pool(w, "/b/004");
	for (int64_t i = 2 + world_random(w, 4); i > 0; i--)
		wild_block(w);
	sort_blocks(w);
	for (size_t i = 0; i < PROGRAMS; i++)
		wild_program(x, i);
	for (size_t i = 0; i < w->ch.nblocks; i++)
		wild_entry(x, &w->blocks[i], i);
	w->ch.programs = x->programs;
	w->ch.nprograms = PROGRAMS;
	return x;
}

static inline void
wild_free(struct wild *x)
{
	world_free(x->w);
	free(x);
}

#endif
