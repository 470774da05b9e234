/* Networks and the names by which a house knows itself. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>

#include "base/length.h"
#include "base/net.h"

static bool
is_in(const char *network, const char *address)
{
	struct net n;
	uint8_t v4[4], addr[NET_ADDR];

	assert_true(net_parse(network, &n));
	if (inet_pton(AF_INET, address, v4) == 1)
		net_map(v4, addr);
	else
		assert_int_equal(inet_pton(AF_INET6, address, addr), 1);
	return net_has(&n, addr);
}

static void
an_address_is_in_its_network_and_in_no_other(void **state)
{
	(void)state;
	assert_true(is_in("192.168.0.0/16", "192.168.255.255"));
	assert_false(is_in("192.168.0.0/16", "192.169.0.0"));
	assert_true(is_in("172.16.0.0/12", "172.31.1.1"));
	assert_false(is_in("172.16.0.0/12", "172.32.0.0"));
	assert_true(is_in("10.1.2.3", "10.1.2.3"));
	assert_false(is_in("10.1.2.3", "10.1.2.2"));
	assert_true(is_in("fd00::/8", "fdff::1"));
	assert_false(is_in("fd00::/8", "fe80::1"));
	assert_false(is_in("fd00::/8", "10.0.0.1"));
	assert_true(is_in("0.0.0.0/0", "203.0.113.9"));
	assert_false(is_in("0.0.0.0/0", "2001:db8::1"));
	assert_true(is_in("::/0", "203.0.113.9"));
}

static void
every_length_of_prefix_splits_where_it_says(void **state)
{
	(void)state;
	for (unsigned bits = 1; bits <= 128; bits++) {
		struct net n = { .bits = bits };
		uint8_t addr[NET_ADDR] = { 0 };

		addr[(bits - 1) / 8] = (uint8_t)(0x80 >> (bits - 1) % 8);
		assert_false(net_has(&n, addr));
		n.bits = bits - 1;
		assert_true(net_has(&n, addr));
	}
}

static void
what_is_no_network_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.1/8", "10.0.0/8", "fd00::/129", "fd00::1/8", "house",
		"10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0.0/0008", "::1%lo",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:"
		"0000/8",
	};
	struct net n;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(net_parse(bad[i], &n));
}

static void
names_that_nobody_outside_can_give_us_are_local(void **state)
{
	static const char *const local[] = {
		"127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[fd00::7]",
		"localhost", "LOCALHOST:80", "nas", "nas:8080", "tv.local",
		"tv.lan", "tv.Home.Arpa", "tv.home",
		"host.docker.internal:8080", "tv.localdomain", "a.b.lan.",
		"203.0.113.9", "nas:", "a_b-c",
	};
	static const char *const foreign[] = {
		"", ":80", "evil.example", "evil.example:8080", "lan.example",
		"x.local.example", "127.0.0.1.example", ".", "[::1", "[evil]",
		"[127.0.0.1]", "1.2.3.4.5", "notlan.lanx", "[::1]evil.example",
		"[::1]:80x", "127.0.0.1:x.evil.example", "nas:80:80",
		"a b", "nas ", "nas\t", "na\xc3\xa4s", "a@nas", "nas%20", "a,b",
		"[::1%lo]", "[::1]]",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(local); i++)
		if (!host_is_local(local[i]))
			fail_msg("%s is not local", local[i]);
	for (size_t i = 0; i < LENGTH(foreign); i++)
		if (host_is_local(foreign[i]))
			fail_msg("%s is local", foreign[i]);
}

static void
a_name_is_compared_without_port_and_case(void **state)
{
	(void)state;
	assert_true(host_is("TV.example:8080", "tv.example"));
	assert_true(host_is("tv.example.", "tv.example"));
	assert_false(host_is("tv.example.org", "tv.example"));
	assert_false(host_is("tv.exampl", "tv.example"));
	assert_false(host_is("tv.example:x", "tv.example"));
	assert_false(host_is("a b", ""));
}

static void
what_counts_as_one_address_is_a_house(void **state)
{
	uint64_t v4 = net_group("127.0.0.1:80");
	uint64_t house = net_group("[2001:db8:0:7::1]:4711");

	(void)state;
	assert_true(net_group("127.0.0.1:4711") == v4);
	assert_true(net_group("[::ffff:127.0.0.1]:80") == v4);
	assert_false(net_group("127.0.0.2:80") == v4);
	assert_true(house == 0x20010db800000007);
	assert_true(net_group("[2001:db8:0:7:ffff:ffff:ffff:ffff]:1") == house);
	assert_false(net_group("[2001:db8:0:8::1]:4711") == house);
	assert_false(v4 == 0);
	assert_true(net_group("uid 7") == 0);
	assert_true(net_group("") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_in_its_network_and_in_no_other),
		cmocka_unit_test(every_length_of_prefix_splits_where_it_says),
		cmocka_unit_test(what_is_no_network_is_refused),
		cmocka_unit_test(
		    names_that_nobody_outside_can_give_us_are_local),
		cmocka_unit_test(a_name_is_compared_without_port_and_case),
		cmocka_unit_test(what_counts_as_one_address_is_a_house),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
