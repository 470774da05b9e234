/* aired.h - what one block of a world airs, programme after programme and
 * day after day, for the tests of its turns. */

#ifndef AIRED_H
#define AIRED_H

#include "world.h"
#include "plan/turn.h"

#define FROM	INT64_C(20000)		/* 2024-10-04 */
#define AIRED_MAX	40000

static const struct asset *aired[AIRED_MAX];
static int64_t whole_s[AIRED_MAX];	/* the room in its piece, if empty */
static size_t naired;
static int64_t rest_s;			/* what was left of the last piece */
static struct world *w;

static inline int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	naired = 0;
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

/* n assets in a directory, of so many minutes each. */
static inline void
stock(const char *dir, int n, int minutes)
{
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("/%s/%03d", dir, i);

		world_asset(w, path, ASSET_episode, minutes * MINUTE);
		free(path);
	}
}

static inline struct block *
block(int start_h, int length_min, enum block_mode mode, size_t pool)
{
	struct block *b = world_block(w, start_h * HOUR_S, length_min * 60,
	    pool);

	b->mode = mode;
	return b;
}

/* Note what block i of v airs on so many days from the cursors on. */
static inline void
play(const struct world *v, struct cursors *c, size_t i, int64_t date,
    int days)
{
	struct selection *s = selection_new(&v->ch, &v->lib);

	for (int64_t last = date + days; date < last; date++) {
		int64_t end = day_begin(&v->ch, v->z, date + 1);
		struct pieces ps;

		day_pieces(&(struct calendar){ &v->ch, v->z, NULL }, date,
		    date, &ps);
		for (size_t k = 0; k < ps.n; k++) {
			struct slot slot;
			struct turn t;

			if (ps.v[k].block == PIECE_FREE || ps.v[k].t1 > end)
				continue;
			t = turn_begin(s, v->z, &ps.v[k], 0, c);
			while (turn_next(&t, &slot)) {
				if (ps.v[k].block != i)
					continue;
				assert_true(slot.t0 + slot.choice->need_s <=
				    slot.t1);
				assert_true(naired < AIRED_MAX);
				whole_s[naired] = t.t1 - t.t0;
				aired[naired++] = slot.choice->asset;
			}
			turn_end(&t);
			if (ps.v[k].block == i)
				rest_s = t.t1 - t.t;
		}
		free(ps.v);
	}
	selection_free(s);
}

static inline void
play_days(size_t i, int days)
{
	struct cursors c;

	cursors_init(&c, &w->ch);
	play(w, &c, i, FROM, days);
	cursors_fini(&c);
}

static inline void
check_no_repeat(void)
{
	for (size_t i = 1; i < naired; i++)
		assert_ptr_not_equal(aired[i], aired[i - 1]);
}

/* Every n in a row are n different ones. */
static inline void
check_cycles(size_t n)
{
	size_t seen[ASSETS_MAX] = { 0 };

	for (size_t i = 0; i < naired; i++)
		assert_int_equal(seen[aired[i] - w->assets]++, i / n);
}

#endif
