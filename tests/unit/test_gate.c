/* http.allow, hosts, token and limits of the station file. */

#include "memfile.h"

#include <stdlib.h>

#include "plan/station.h"

static struct station *st;

static void
load(const char *text)
{
	memfile_add("/srv/tv/retrovued.yaml", text);
	st = station_load("/srv/tv/retrovued.yaml", memfile_read, NULL,
	    &errs);
}

static int
teardown(void **state)
{
	station_free(st);
	st = NULL;
	return memfile_teardown(state);
}

static bool
allows(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	const uint8_t v4[4] = { a, b, c, d };
	uint8_t addr[NET_ADDR];

	net_map(v4, addr);
	return station_allows(st, addr);
}

static void
by_default_everybody_is_answered_by_local_names(void **state)
{
	(void)state;
	load("");
	assert_true(allows(203, 0, 113, 9));
	assert_true(station_is_host(st, "192.168.1.2:8080"));
	assert_false(station_is_host(st, "tv.example"));
	assert_null(st->gate.token);
	assert_int_equal(st->gate.limits.viewers, 2048);
	assert_int_equal(st->gate.limits.viewers_per_address, 64);
	assert_int_equal(st->gate.limits.pending, 256);
	assert_int_equal(st->gate.limits.request_line, 4096);
	assert_int_equal(st->gate.limits.head, 16384);
	assert_int_equal(st->gate.limits.fields, 64);
	assert_int_equal(st->gate.limits.control, 16);
	assert_int_equal(st->gate.limits.head_seconds, 10);
	assert_int_equal(st->gate.limits.stuck_seconds, 30);
	assert_int_equal(st->gate.limits.answer_seconds, 300);
	assert_int_equal(st->gate.limits.user_timeout_seconds, 20);
	assert_int_equal(st->ffmpeg.spawns, 10);
}

static void
private_is_what_no_router_outside_knows(void **state)
{
	(void)state;
	load("http: {allow: [private, 203.0.113.0/24]}\n");
	assert_true(allows(127, 0, 0, 1));
	assert_true(allows(10, 9, 8, 7));
	assert_true(allows(172, 20, 0, 1));
	assert_true(allows(192, 168, 1, 1));
	assert_true(allows(203, 0, 113, 9));
	assert_false(allows(172, 32, 0, 1));
	assert_false(allows(8, 8, 8, 8));
}

static void
names_and_the_base_urls_are_ours(void **state)
{
	(void)state;
	load("http: {hosts: [tv.example], "
	    "base_url: 'https://www.tv.example:8443/retro'}\n");
	assert_true(station_is_host(st, "TV.example:80"));
	assert_true(station_is_host(st, "www.tv.example"));
	assert_false(station_is_host(st, "evil.example"));
}

static void
a_token_stands_in_the_urls_that_are_handed_out(void **state)
{
	struct buf out = { 0 };

	(void)state;
	load("http: {token: abcd-1234}\n");
	station_base_url(st, "tv.lan:8080", &out);
	assert_string_equal(buf_str(&out), "http://tv.lan:8080/abcd-1234");
	buf_fini(&out);
}

static void
what_is_wrong_is_said_with_its_place(void **state)
{
	(void)state;
	load("http:\n"
	    "  allow: [10.0.0.0/8, home]\n"
	    "  hosts: ['tv.example:80']\n"
	    "  token: short\n"
	    "  limits: {viewers: 0, viewer: 9}\n");
	assert_null(st);
	assert_fault_has("/srv/tv/retrovued.yaml:2:23: allow must be `private' or "
	    "networks like 192.168.1.0/24 or fd00::/8, not 'home'");
	assert_fault_has("/srv/tv/retrovued.yaml:3:11: hosts must be names like "
	    "tv.example, without a port, not 'tv.example:80'");
	assert_fault_has("/srv/tv/retrovued.yaml:4:10: token must be 8 to 128 "
	    "letters, digits, '-' and '_'");
	assert_fault_has("/srv/tv/retrovued.yaml:5:21: viewers must be a whole "
	    "number from 1 to 100000, not '0'");
	assert_fault_has("/srv/tv/retrovued.yaml:5:24: unknown key 'viewer'; did "
	    "you mean 'viewers'?");
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_default_everybody_is_answered_by_local_names),
		TEST(private_is_what_no_router_outside_knows),
		TEST(names_and_the_base_urls_are_ours),
		TEST(a_token_stands_in_the_urls_that_are_handed_out),
		TEST(what_is_wrong_is_said_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
