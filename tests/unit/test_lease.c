#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/lease.h"

#define MAX	3

/* Its group is the key's tens. */
static void
renew(struct leases *l, uint64_t key, uint64_t until_ms)
{
	char words[24];
	const struct lease who = {
		.key = key, .group = key / 10, .since_ms = until_ms,
		.until_ms = until_ms,
	};

	snprintf(words, sizeof words, "peer %llu", (unsigned long long)key);

	leases_renew(l, &who, words, NULL, MAX);
}

static void
one_key_counts_once(void **state)
{
	struct leases l = { 0 };

	(void)state;
	renew(&l, 7, 100);
	renew(&l, 8, 100);
	renew(&l, 7, 200);
	assert_int_equal(l.n, 2);
	leases_fini(&l);
	assert_int_equal(l.n, 0);
}

static void
who_renews_stays_and_the_others_go(void **state)
{
	struct leases l = { 0 };

	(void)state;
	renew(&l, 7, 100);
	renew(&l, 8, 100);
	renew(&l, 9, 90);
	renew(&l, 8, 200);
	leases_expire(&l, 89);
	assert_int_equal(l.n, 3);
	leases_expire(&l, 100);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].key, 8);
	leases_expire(&l, 200);
	assert_int_equal(l.n, 0);
	leases_fini(&l);
}

static void
where_it_is_full_only_who_is_there_is_renewed(void **state)
{
	struct leases l = { 0 };

	(void)state;
	for (uint64_t key = 0; key < MAX + 2; key++)
		renew(&l, key, 100);
	assert_int_equal(l.n, MAX);
	renew(&l, 1, 200);
	leases_expire(&l, 100);
	assert_int_equal(l.n, 1);
	leases_fini(&l);
}

static void
who_is_there_is_known_by_key_and_group(void **state)
{
	struct leases l = { 0 };

	(void)state;
	renew(&l, 11, 100);
	renew(&l, 12, 100);
	renew(&l, 21, 100);
	assert_string_equal(leases_find(&l, 12)->peer, "peer 12");
	assert_null(leases_find(&l, 1));
	assert_int_equal(leases_count(&l, 1), 2);
	assert_int_equal(leases_count(&l, 2), 1);
	assert_int_equal(leases_count(&l, 11), 0);
	leases_fini(&l);
}

/* What is said of him first stands, and his id is nobody else's. */
static void
a_newcomer_has_an_id_and_words_of_his_own(void **state)
{
	struct leases l = { 0 };

	(void)state;
	renew(&l, 11, 100);
	renew(&l, 12, 100);
	renew(&l, 11, 200);
	assert_int_equal(leases_find(&l, 11)->since_ms, 100);
	assert_int_equal(leases_find_id(&l, 2)->key, 12);
	leases_drop(&l, leases_find_id(&l, 1));
	assert_null(leases_find(&l, 11));
	assert_string_equal(leases_find_id(&l, 2)->peer, "peer 12");
	leases_clear(&l);
	assert_int_equal(l.n, 0);
	renew(&l, 11, 300);
	assert_int_equal(leases_find(&l, 11)->id, 3);
	assert_null(leases_find_id(&l, 1));
	leases_fini(&l);
}

static void
who_has_not_settled_gives_way_where_there_are_many(void **state)
{
	struct leases l = { 0 };

	(void)state;
	leases_yield(&l, 0);
	renew(&l, 11, 100);
	renew(&l, 12, 300);
	renew(&l, 21, 200);
	leases_find(&l, 11)->settled = true;
	assert_int_equal(leases_fleeting(&l), 2);
	leases_yield(&l, 3);
	assert_int_equal(l.n, 3);
	leases_yield(&l, 2);
	assert_int_equal(l.n, 2);
	assert_null(leases_find(&l, 21));
	leases_yield(&l, 1);
	leases_yield(&l, 0);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].key, 11);
	assert_int_equal(leases_fleeting(&l), 0);
	leases_fini(&l);
}

static void
what_he_says_he_is_is_cut(void **state)
{
	struct leases l = { 0 };
	const struct lease who = { .key = 1, .until_ms = 100 };
	char agent[4096];

	(void)state;
	memset(agent, 'a', sizeof agent);
	agent[sizeof agent - 1] = '\0';
	leases_renew(&l, &who, "127.0.0.1:4711", agent, MAX);
	assert_int_equal(strlen(l.v[0].agent), AGENT_MAX);
	leases_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key_counts_once),
		cmocka_unit_test(who_renews_stays_and_the_others_go),
		cmocka_unit_test(
		    where_it_is_full_only_who_is_there_is_renewed),
		cmocka_unit_test(who_is_there_is_known_by_key_and_group),
		cmocka_unit_test(
		    who_has_not_settled_gives_way_where_there_are_many),
		cmocka_unit_test(what_he_says_he_is_is_cut),
		cmocka_unit_test(a_newcomer_has_an_id_and_words_of_his_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
