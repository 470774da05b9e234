#include "aired.h"

/* Its seed hangs on what it is, not on where it stands. */
static void
another_block_changes_no_choice(void **state)
{
	(void)state;
	for (int mode = 0; mode < 3; mode++) {
		const struct asset *before[200];
		size_t n;

		stock("a", 20, 30);
		stock("b", 20, 30);
		world_pool(w, "/a");
		world_pool(w, "/b");
		block(10, 120, (enum block_mode)mode, 0);
		play_days(0, 50);
		n = naired;
		assert_int_equal(n, 200);
		memcpy(before, aired, sizeof before);
		w->ch.nblocks = naired = 0;
		block(2, 60, BLOCK_SHUFFLE, 1);
		block(10, 120, (enum block_mode)mode, 0);
		block(14, 60, BLOCK_RANDOM, 1);
		play_days(1, 50);
		assert_int_equal(naired, n);
		assert_memory_equal(aired, before, sizeof before);
		teardown(NULL);
		setup(NULL);
	}
}

/* There was nothing else for the piece. */
static void
check_alone(const struct list *l, size_t i)
{
	for (size_t k = 0; k < l->choices.n; k++)
		assert_true(l->choices.v[k].asset == aired[i] ||
		    l->choices.v[k].need_s > whole_s[i]);
}

/* A choice comes again only where all the others that fit have been on. */
static void
check_rounds(const struct world *v, const struct list *l)
{
	bool seen[ASSETS_MAX] = { false };

	for (size_t i = 0; i < naired; i++) {
		for (size_t k = 0; k < l->choices.n &&
		    seen[aired[i] - v->assets]; k++)
			assert_true(seen[l->choices.v[k].asset - v->assets] ||
			    l->choices.v[k].need_s > whole_s[i]);
		if (seen[aired[i] - v->assets])
			memset(seen, 0, sizeof seen);
		seen[aired[i] - v->assets] = true;
	}
}

static void
check_block(const struct world *v, const struct entry *e)
{
	const struct list *l = &e->lists[0];

	for (size_t i = 1; i < naired && e->nlists == 1; i++)
		if (e->block->mode != BLOCK_SEQUENTIAL &&
		    aired[i] == aired[i - 1])
			check_alone(l, i);
	if (e->block->mode == BLOCK_SHUFFLE && e->nlists == 1)
		check_rounds(v, l);
}

/* Blocks anywhere in the day, cut up by others, over both changes of the
 * clock. */
static void
wild_blocks_keep_their_rules(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 64; seed++) {
		struct world *v = wild_world(seed);
		struct selection *s = selection_new(&v->ch, &v->lib);

		for (size_t b = 0; b < v->ch.nblocks; b++) {
			struct cursors c;

			naired = 0;
			cursors_init(&c, &v->ch);
			play(v, &c, b, FROM, 200);
			check_block(v, &s->entries[b]);
			cursors_fini(&c);
		}
		selection_free(s);
		world_free(v);
	}
}

static struct world *
world_of(int n, int without, enum block_mode mode)
{
	struct world *v = world_new(pal);

	for (int i = 0; i < n; i++) {
		char *path = xasprintf("/a/%03d", i);

		if (i != without)
			world_asset(v, path, ASSET_episode, 30 * MINUTE);
		free(path);
	}
	world_block(v, 0, 86400, world_pool(v, "/a"))->mode = mode;
	return v;
}

/* All but the new one go on in cycles, as if it were not there. */
static void
check_old_turns(const struct world *old, int n, const char *added)
{
	size_t seen[ASSETS_MAX] = { 0 }, i = 0;
	bool met = false;

	for (size_t k = 0; k < naired; k++) {
		const struct asset *a;

		if (strcmp(aired[k]->path, added) == 0) {
			met = true;
			continue;
		}
		a = library_find(&old->lib, aired[k]->path);
		assert_int_equal(seen[a - old->assets]++,
		    i++ / (size_t)n);
	}
	assert_true(met);
}

/* Three quarters through a cycle, or anywhere else. */
static void
a_new_episode_never_moves_an_old_ones_turn_twice(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		int n = 60 + i % 7, added = i % (n + 1);
		enum block_mode mode = i % 2 > 0 ? BLOCK_SHUFFLE :
		    BLOCK_SEQUENTIAL;
		struct world *before = world_of(n + 1, added, mode);
		struct world *after = world_of(n + 1, -1, mode);
		char *path = xasprintf("/a/%03d", added);
		struct cursors c;

		naired = 0;
		cursors_init(&c, &before->ch);
		play(before, &c, 0, FROM, 1 + i % 5);
		play(after, &c, 0, FROM + 1 + i % 5, 4);
		check_old_turns(before, n, path);
		cursors_fini(&c);
		free(path);
		world_free(before);
		world_free(after);
	}
}

/* The one that aired last is gone: the one after it is next. */
static void
the_next_one_is_not_skipped_when_the_last_is_gone(void **state)
{
	struct world *before = world_of(9, -1, BLOCK_SEQUENTIAL);
	struct world *after = world_of(9, 2, BLOCK_SEQUENTIAL);
	struct cursors c;

	(void)state;
	cursors_init(&c, &before->ch);
	play(before, &c, 0, FROM, 1);	/* 48 of 9: the third is the last */
	assert_string_equal(aired[naired - 1]->path, "/a/002");
	play(after, &c, 0, FROM + 1, 1);
	assert_string_equal(aired[48]->path, "/a/003");
	cursors_fini(&c);
	world_free(before);
	world_free(after);
}

/* /a/004 is in both pools: it is the second one that aired last. */
static void
a_file_in_two_pools_has_a_turn_in_each(void **state)
{
	struct world *before = world_of(9, 0, BLOCK_SEQUENTIAL);
	struct world *after = world_of(9, -1, BLOCK_SEQUENTIAL);
	struct cursors c;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct world *v = i > 0 ? after : before;
		struct block *b = &v->blocks[0];

		b->length_s = 9 * 30 * 60;
		b->pools[b->npools++] = world_pool(v, "/a/004");
		b->pools[b->npools++] = world_pool(v, "/a/007");
	}
	cursors_init(&c, &before->ch);
	play(before, &c, 0, FROM, 1);
	assert_int_equal(naired, 9);
	assert_string_equal(aired[7]->path, "/a/008");
	assert_string_equal(aired[8]->path, "/a/004");
	play(after, &c, 0, FROM + 1, 1);
	assert_string_equal(aired[9]->path, "/a/007");
	assert_string_equal(aired[10]->path, "/a/000");
	cursors_fini(&c);
	world_free(before);
	world_free(after);
}

/* As drawn when this was written: a change of them moves what airs on every
 * channel there is. */
static void
what_is_drawn_is_the_same_everywhere(void **state)
{
	static const char *const expected[] = {
		[BLOCK_RANDOM] = "67342591671603196101",
		[BLOCK_SHUFFLE] = "40675182395206743891",
	};

	(void)state;
	for (int mode = BLOCK_RANDOM; mode <= BLOCK_SHUFFLE; mode++) {
		char drawn[21] = "";

		stock("a", 10, 30);
		block(20, 120, (enum block_mode)mode, world_pool(w, "/a"));
		play_days(0, 5);
		assert_int_equal(naired, 20);
		for (size_t i = 0; i < naired; i++)
			drawn[i] = aired[i]->path[5];
		assert_string_equal(drawn, expected[mode]);
		teardown(NULL);
		setup(NULL);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(another_block_changes_no_choice),
		TEST(wild_blocks_keep_their_rules),
		TEST(a_new_episode_never_moves_an_old_ones_turn_twice),
		TEST(the_next_one_is_not_skipped_when_the_last_is_gone),
		TEST(a_file_in_two_pools_has_a_turn_in_each),
		TEST(what_is_drawn_is_the_same_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
