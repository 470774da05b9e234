/* test_network.c - what tells a house's channels apart. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/chan.h"

static char retro_music[] = "music-retro", retro_ten[] = "retro-ten";
static char other[] = "five";

static struct network net;

static int
teardown(void **state)
{
	(void)state;
	network_fini(&net);
	return 0;
}

static void
a_channel_has_the_same_id_beside_any_others(void **state)
{
	struct chan a = { .slug = retro_music }, b = { .slug = other };
	struct chan *chans[] = { &a, &b };

	(void)state;
	network_make(&net, chans, 1);
	assert_int_equal(a.ts_id, 0xe34d);
	network_fini(&net);
	network_make(&net, chans, 2);
	assert_int_equal(a.ts_id, 0xe34d);
	assert_int_not_equal(b.ts_id, 0xe34d);
}

/* Of these two it is the same, were each alone. */
static void
no_two_channels_have_one_id_in_whatever_order(void **state)
{
	struct chan a = { .slug = retro_music }, b = { .slug = retro_ten };
	struct chan *chans[][2] = { { &a, &b }, { &b, &a } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		network_make(&net, chans[i], 2);
		assert_int_equal(a.ts_id, 0xe34d);
		assert_int_equal(b.ts_id, 0xe34e);
		assert_int_equal(net.n, 2);
		assert_int_equal(net.v[1].ts_id, 0xe34e);
		assert_ptr_equal(b.network, &net);
		network_fini(&net);
	}
	net = (struct network){ 0 };
}

static void
nobody_is_a_network_too(void **state)
{
	(void)state;
	network_make(&net, NULL, 0);
	assert_int_equal(net.n, 0);
}

#define TEST(f)	cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_channel_has_the_same_id_beside_any_others),
		TEST(no_two_channels_have_one_id_in_whatever_order),
		TEST(nobody_is_a_network_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
