#include "aired.h"

static void
a_shuffled_cycle_airs_each_once(void **state)
{
	(void)state;
	for (int n = 1; n <= 40; n++) {
		stock("a", n, 30);
		block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/a"));
		play_days(0, 30);
		assert_int_equal(naired, 30 * 48);
		check_cycles((size_t)n);
		if (n > 1)
			check_no_repeat();
		teardown(NULL);
		setup(NULL);
	}
}

/* Nothing is remembered longer than needed. */
static void
check_ahead(const struct cursors *c)
{
	for (size_t i = 0; i < c->nahead; i++)
		assert_true(c->ahead[i].key >=
		    c->v[c->ahead[i].cursor].last);
}

static void
a_shuffled_cycle_airs_each_once_however_long_they_are(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		int n = 2 + (int)(seed % 30);
		struct cursors c;

		w->seed = seed;
		for (int i = 0; i < n; i++) {
			char *path = xasprintf("/a/%03d", i);

			world_asset(w, path, ASSET_movie, (10 +
			    world_random(w, 110)) * MINUTE);
			free(path);
		}
		block(10, 150, BLOCK_SHUFFLE, world_pool(w, "/a"));
		cursors_init(&c, &w->ch);
		for (int day = 0; day < 500; day++) {
			play(w, &c, 0, FROM + day, 1);
			check_ahead(&c);
		}
		cursors_fini(&c);
		check_cycles((size_t)n);
		check_no_repeat();
		assert_true(naired >= 500);
		teardown(NULL);
		setup(NULL);
	}
}

static void
every_order_comes_up_about_as_often(void **state)
{
	int count[4][4] = { { 0 } };

	(void)state;
	stock("a", 4, 30);
	block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/a"));
	play_days(0, 200);
	for (size_t i = 0; i < naired; i++)
		count[i % 4][aired[i] - w->assets]++;
	for (int place = 0; place < 4; place++)
		for (int a = 0; a < 4; a++)
			assert_in_range(count[place][a], 520, 680);
}

static void
two_take_turns_for_ever(void **state)
{
	(void)state;
	stock("a", 2, 30);
	block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/a"));
	play_days(0, 30);
	check_no_repeat();
}

static void
shuffled_pools_take_turns(void **state)
{
	struct block *b;

	(void)state;
	stock("a", 7, 30);
	stock("b", 5, 30);
	b = block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/b"));
	b->pools[b->npools++] = world_pool(w, "/a");
	play_days(0, 35);
	for (size_t i = 0; i < naired; i++)
		assert_int_equal(aired[i]->path[1], i % 2 > 0 ? 'a' : 'b');
	for (size_t i = 0; i < naired / 2; i++)
		aired[i] = aired[2 * i];
	naired /= 2;
	check_cycles(5);
}

static void
a_pool_given_twice_has_two_turns_and_one_cycle(void **state)
{
	struct block *b;

	(void)state;
	stock("a", 6, 30);
	stock("b", 2, 30);
	b = block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/a"));
	b->pools[b->npools++] = 0;
	b->pools[b->npools++] = world_pool(w, "/b");
	play_days(0, 20);
	for (size_t i = 0; i < naired; i++)
		assert_int_equal(aired[i]->path[1], i % 3 == 2 ? 'b' : 'a');
	for (size_t i = 0, k = 0; i < naired; i++)
		if (i % 3 < 2)
			aired[k++] = aired[i];
	naired = naired / 3 * 2;
	check_cycles(6);
}

static void
an_empty_pool_is_passed_over(void **state)
{
	struct block *b;

	(void)state;
	stock("a", 3, 30);
	b = block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/none"));
	b->pools[b->npools++] = world_pool(w, "/a");
	play_days(0, 20);
	assert_int_equal(naired, 20 * 48);
	check_cycles(3);
}

/* Two hours of film leave half an hour, for which there are episodes. */
static void
where_one_pool_does_not_fit_another_may(void **state)
{
	struct block *b;

	(void)state;
	stock("a", 9, 120);
	stock("b", 9, 30);
	b = block(20, 180, BLOCK_SHUFFLE, world_pool(w, "/a"));
	b->pools[b->npools++] = world_pool(w, "/b");
	play_days(0, 50);
	assert_int_equal(naired, 150);
	check_no_repeat();
}

static void
pools_that_overlap_never_starve(void **state)
{
	struct block *b;
	size_t seen[3] = { 0 };

	(void)state;
	stock("a", 3, 30);
	b = block(0, 24 * 60, BLOCK_SHUFFLE, world_pool(w, "/a/000"));
	b->pools[b->npools++] = world_pool(w, "/a");
	play_days(0, 30);
	assert_int_equal(naired, 30 * 48);
	for (size_t i = 0; i < naired; i++)
		seen[aired[i] - w->assets]++;
	assert_true(seen[1] >= 30 * 48 / 6);
	assert_true(seen[2] >= 30 * 48 / 6);
}

static void
random_never_repeats_what_just_aired(void **state)
{
	(void)state;
	for (int n = 2; n < 12; n++) {
		size_t seen[12] = { 0 };

		stock("a", n, 30);
		block(0, 24 * 60, BLOCK_RANDOM, world_pool(w, "/a"));
		play_days(0, 100);
		assert_int_equal(naired, 4800);
		check_no_repeat();
		for (size_t i = 0; i < naired; i++)
			seen[aired[i] - w->assets]++;
		for (int i = 0; i < n; i++)
			assert_in_range(seen[i], 4800 / n * 8 / 10,
			    4800 / n * 12 / 10);
		teardown(NULL);
		setup(NULL);
	}
}

static void
one_alone_airs_again_and_again(void **state)
{
	(void)state;
	for (int mode = 0; mode < 3; mode++) {
		stock("a", 1, 30);
		block(0, 24 * 60, (enum block_mode)mode, world_pool(w, "/a"));
		play_days(0, 2);
		assert_int_equal(naired, 96);
		teardown(NULL);
		setup(NULL);
	}
}

static void
random_draws_each_file_of_its_pools_alike(void **state)
{
	struct block *b;
	size_t first = 0;

	(void)state;
	stock("a", 2, 30);
	stock("b", 8, 30);
	b = block(0, 24 * 60, BLOCK_RANDOM, world_pool(w, "/a"));
	b->pools[b->npools++] = world_pool(w, "/b");
	b->pools[b->npools++] = world_pool(w, "/a/000");
	play_days(0, 100);
	for (size_t i = 0; i < naired; i++)
		first += aired[i] == &w->assets[0];
	assert_in_range(first, 400, 560);
}

/* How often the one that aired least did. */
static size_t
least(const size_t *seen)
{
	size_t min = seen[0];

	for (size_t i = 1; i < w->lib.n; i++)
		min = seen[i] < min ? seen[i] : min;
	return min;
}

/* Of all that would fit there is none that aired neither just now nor, with
 * shuffle, in this cycle. */
static void
check_rest(const size_t *seen, bool shuffle)
{
	size_t min = least(seen);

	for (size_t i = 0; i < w->lib.n; i++)
		if (w->assets[i].duration_us <= rest_s * S &&
		    &w->assets[i] != aired[naired - 1])
			assert_true(shuffle && seen[i] > min);
}

static void
out_of_order_no_room_is_left_for_what_is_due(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		enum block_mode mode = seed % 2 > 0 ? BLOCK_SHUFFLE :
		    BLOCK_RANDOM;
		size_t seen[ASSETS_MAX] = { 0 }, k = 0;
		struct cursors c;

		w->seed = seed;
		for (int i = 0; i < 9; i++) {
			char *path = xasprintf("/a/%03d", i);

			world_asset(w, path, ASSET_movie, (1 +
			    world_random(w, 4)) * 30 * MINUTE);
			free(path);
		}
		block(10, 150, mode, world_pool(w, "/a"));
		cursors_init(&c, &w->ch);
		for (int day = 0; day < 200; day++) {
			play(w, &c, 0, FROM + day, 1);
			for (; k < naired; k++)
				seen[aired[k] - w->assets]++;
			check_rest(seen, mode == BLOCK_SHUFFLE);
		}
		check_no_repeat();
		cursors_fini(&c);
		teardown(NULL);
		setup(NULL);
	}
}

/* The film waits for tomorrow. */
static void
in_order_what_does_not_fit_leaves_a_gap(void **state)
{
	(void)state;
	world_asset(w, "/a/1", ASSET_movie, 60 * MINUTE);
	world_asset(w, "/a/2", ASSET_movie, 90 * MINUTE);
	world_asset(w, "/a/3", ASSET_movie, 30 * MINUTE);
	block(10, 90, BLOCK_SEQUENTIAL, world_pool(w, "/a"));
	play_days(0, 1);
	assert_int_equal(naired, 1);
	assert_int_equal(rest_s, 1800);
}

static void
days_open_differently_and_so_do_channels(void **state)
{
	for (int mode = BLOCK_RANDOM; mode <= BLOCK_SHUFFLE; mode++) {
		bool opens[40] = { false };
		size_t n = 0, same = 0;
		const struct asset *other[60];

		(void)state;
		stock("a", 40, 30);
		block(0, 30, (enum block_mode)mode, world_pool(w, "/a"));
		play_days(0, 60);
		memcpy(other, aired, sizeof other);
		for (size_t i = 0; i < 40; i++)
			opens[aired[i] - w->assets] = true;
		for (size_t i = 0; i < 40; i++)
			n += opens[i];
		assert_true(n > 20);
		free(w->ch.slug);
		w->ch.slug = xstrdup("two");
		naired = 0;
		play_days(0, 60);
		for (size_t i = 0; i < 60; i++)
			same += aired[i] == other[i];
		assert_true(same < 10);
		teardown(NULL);
		setup(NULL);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_shuffled_cycle_airs_each_once),
		TEST(a_shuffled_cycle_airs_each_once_however_long_they_are),
		TEST(every_order_comes_up_about_as_often),
		TEST(two_take_turns_for_ever),
		TEST(shuffled_pools_take_turns),
		TEST(a_pool_given_twice_has_two_turns_and_one_cycle),
		TEST(an_empty_pool_is_passed_over),
		TEST(where_one_pool_does_not_fit_another_may),
		TEST(pools_that_overlap_never_starve),
		TEST(random_never_repeats_what_just_aired),
		TEST(one_alone_airs_again_and_again),
		TEST(random_draws_each_file_of_its_pools_alike),
		TEST(out_of_order_no_room_is_left_for_what_is_due),
		TEST(in_order_what_does_not_fit_leaves_a_gap),
		TEST(days_open_differently_and_so_do_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
