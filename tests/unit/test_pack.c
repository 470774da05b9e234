#include "world.h"
#include "plan/brk_pack.h"

static struct world *w;		/* for its numbers */
static struct pack_item v[PACK_MAX];

static int
setup(void **state)
{
	(void)state;
	w = world_new(pal);
	memset(v, 0, sizeof v);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

static void
clash(size_t a, size_t b)
{
	v[a].clashes |= UINT32_C(1) << b;
	v[b].clashes |= UINT32_C(1) << a;
}

/* What a set makes, or -1 if two in it clash. */
static int64_t
sum_of(uint32_t set, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		if ((set >> i & 1) == 0)
			continue;
		if ((v[i].clashes & set) != 0)
			return -1;
		sum += v[i].frames;
	}
	return sum;
}

/* By trying every set. */
static int64_t
best_sum(size_t n, int64_t room)
{
	int64_t best = 0;

	for (uint32_t set = 0; set < UINT32_C(1) << n; set++) {
		int64_t sum = sum_of(set, n);

		if (sum <= room && sum > best)
			best = sum;
	}
	return best;
}

static void
an_exact_fill_is_found(void **state)
{
	static const int64_t frames[] = { 700, 701, 310, 325, 480, 515 };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		v[i].frames = frames[i];
	assert_int_equal(pack(v, 6, 701 + 325 + 515), 1 << 1 | 1 << 3 |
	    1 << 5);
}

static void
the_first_of_equals_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACK_MAX; i++)
		v[i].frames = 300;
	assert_int_equal(pack(v, PACK_MAX, 900), 7);
	clash(0, 1);
	assert_int_equal(pack(v, PACK_MAX, 900), 1 | 4 | 8);
}

static void
all_that_fits_together_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACK_MAX; i++)
		v[i].frames = 300;
	assert_int_equal(pack(v, PACK_MAX, INT64_C(1) << 40), 0xffffff);
}

static void
two_that_clash_are_never_together(void **state)
{
	(void)state;
	v[0].frames = 300;
	v[1].frames = 500;
	clash(0, 1);
	assert_int_equal(pack(v, 2, 900), 2);
}

/* Up to eight items that clash as they like, beside such that do not. */
static void
nothing_packs_better(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 600; seed++) {
		size_t n = 1 + seed % 12;
		int64_t room = 800;
		uint32_t set;

		w->seed = seed;
		memset(v, 0, sizeof v);
		for (size_t i = 0; i < n; i++)
			v[i].frames = 13 + world_random(w, 700);
		for (int64_t k = world_random(w, 14); n > 1 && k > 0; k--) {
			size_t most = n < 8 ? n : 8;
			size_t a = (size_t)world_random(w, (int64_t)most);
			size_t b = (size_t)world_random(w, (int64_t)most);

			if (a != b)
				clash(a, b);
		}
		room += world_random(w, 3000);
		set = pack(v, n, room);
		assert_true(sum_of(set, n) >= 0);
		assert_int_equal(sum_of(set, n), best_sum(n, room));
	}
}

/* More sets than are looked at: still one that may air. */
static void
a_tangle_of_clashes_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACK_MAX; i++)
		v[i].frames = 100 + (int64_t)i;
	for (size_t i = 1; i < PACK_MAX; i++)
		clash(i - 1, i);
	assert_true(sum_of(pack(v, PACK_MAX, 1500), PACK_MAX) > 1000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_exact_fill_is_found),
		TEST(the_first_of_equals_are_taken),
		TEST(all_that_fits_together_is_taken),
		TEST(two_that_clash_are_never_together),
		TEST(nothing_packs_better),
		TEST(a_tangle_of_clashes_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
