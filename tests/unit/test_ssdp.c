#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "air/ssdp.h"

#define UUID	"7ef0b1c2-5e1d-4d5a-8a4e-00001038a145"
#define URL	"http://10.0.0.1:8080"

static struct buf out;

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&out);
	return 0;
}

static enum ssdp_target
search(const char *text)
{
	return ssdp_search(text, strlen(text), UUID);
}

/* A search for st, as it should be. */
static enum ssdp_target
search_for(const char *st)
{
	char text[256];

	(void)snprintf(text, sizeof text, "M-SEARCH * HTTP/1.1\r\n"
	    "HOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
	    "MX: 1\r\nST: %s\r\n\r\n", st);
	return search(text);
}

static void
a_device_has_a_uuid_of_its_own(void **state)
{
	char uuid[SSDP_UUID_SIZE];

	(void)state;
	ssdp_uuid(0x1038a145, uuid);
	assert_string_equal(uuid, UUID);
}

static void
who_searches_finds_what_we_are(void **state)
{
	(void)state;
	assert_int_equal(search_for("ssdp:all"), SSDP_ROOT);
	assert_int_equal(search_for("upnp:rootdevice"), SSDP_ROOT);
	assert_int_equal(search_for("uuid:" UUID), SSDP_UUID);
	assert_int_equal(search_for(SSDP_DEVICE_TYPE), SSDP_DEVICE);
	assert_int_equal(search_for("uuid:" UUID "0"), SSDP_NOTHING);
	assert_int_equal(search_for("uuid:"), SSDP_NOTHING);
	assert_int_equal(search_for("roku:ecp"), SSDP_NOTHING);
	assert_int_equal(search_for(""), SSDP_NOTHING);
}

static void
a_search_may_be_written_in_many_ways(void **state)
{
	(void)state;
	assert_int_equal(search("M-SEARCH * HTTP/1.1\r\nst:ssdp:all\r\n"
	    "Man:\t\"ssdp:discover\" \r\n\r\n"), SSDP_ROOT);
	assert_int_equal(search("M-SEARCH * HTTP/1.1\n"
	    "MAN: \"ssdp:discover\"\nST: ssdp:all\n"), SSDP_ROOT);
}

static void
what_is_no_search_is_not_answered(void **state)
{
	(void)state;
	assert_int_equal(search(""), SSDP_NOTHING);
	assert_int_equal(search("M-SEARCH * HTTP/1.1"), SSDP_NOTHING);
	assert_int_equal(search("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n"
	    "\r\n"), SSDP_NOTHING);
	assert_int_equal(search("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n"
	    "MAN: ssdp:discover\r\n\r\n"), SSDP_NOTHING);
	assert_int_equal(search("NOTIFY * HTTP/1.1\r\nST: ssdp:all\r\n"
	    "MAN: \"ssdp:discover\"\r\n\r\n"), SSDP_NOTHING);
	assert_int_equal(search("M-SEARCH * HTTP/1.1\r\n"
	    "MAN: \"ssdp:discover\"\r\n\r\nST: ssdp:all\r\n"), SSDP_NOTHING);
}

static void
an_answer_says_where_we_are(void **state)
{
	(void)state;
	ssdp_add_answer(&out, SSDP_ROOT, UUID, URL);
	assert_string_equal(buf_str(&out), "HTTP/1.1 200 OK\r\n"
	    "EXT:\r\n"
	    "CACHE-CONTROL: max-age=1800\r\n"
	    "LOCATION: " URL "/device.xml\r\n"
	    "SERVER: POSIX UPnP/1.0 retrovued/0.1.0\r\n"
	    "ST: upnp:rootdevice\r\n"
	    "USN: uuid:" UUID "::upnp:rootdevice\r\n\r\n");
	buf_reset(&out);
	ssdp_add_answer(&out, SSDP_UUID, UUID, URL);
	assert_non_null(strstr(buf_str(&out), "\r\nST: uuid:" UUID "\r\n"
	    "USN: uuid:" UUID "\r\n\r\n"));
}

static void
we_say_when_we_come_and_go(void **state)
{
	(void)state;
	ssdp_add_alive(&out, SSDP_DEVICE, UUID, URL);
	assert_string_equal(buf_str(&out), "NOTIFY * HTTP/1.1\r\n"
	    "HOST: 239.255.255.250:1900\r\n"
	    "NTS: ssdp:alive\r\n"
	    "CACHE-CONTROL: max-age=1800\r\n"
	    "LOCATION: " URL "/device.xml\r\n"
	    "SERVER: POSIX UPnP/1.0 retrovued/0.1.0\r\n"
	    "NT: " SSDP_DEVICE_TYPE "\r\n"
	    "USN: uuid:" UUID "::" SSDP_DEVICE_TYPE "\r\n\r\n");
	buf_reset(&out);
	ssdp_add_byebye(&out, SSDP_ROOT, UUID);
	assert_string_equal(buf_str(&out), "NOTIFY * HTTP/1.1\r\n"
	    "HOST: 239.255.255.250:1900\r\n"
	    "NTS: ssdp:byebye\r\n"
	    "NT: upnp:rootdevice\r\n"
	    "USN: uuid:" UUID "::upnp:rootdevice\r\n\r\n");
}

/* Every beginning of a search, every byte of it changed. */
static void
any_bytes_are_safe(void **state)
{
	static const char whole[] = "M-SEARCH * HTTP/1.1\r\n"
	    "MAN: \"ssdp:discover\"\r\nST:\t uuid:" UUID "\t\r\n\r\n";
	char p[sizeof whole];

	(void)state;
	for (size_t n = 0; n < sizeof whole; n++) {
		memcpy(p, whole, sizeof p);
		(void)ssdp_search(p, n, UUID);
		for (int c = 0; c < 256; c++) {
			p[n] = (char)c;
			(void)ssdp_search(p, sizeof whole - 1, UUID);
		}
	}
}

#define TEST(name)	cmocka_unit_test_teardown(name, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_device_has_a_uuid_of_its_own),
		TEST(who_searches_finds_what_we_are),
		TEST(a_search_may_be_written_in_many_ways),
		TEST(what_is_no_search_is_not_answered),
		TEST(an_answer_says_where_we_are),
		TEST(we_say_when_we_come_and_go),
		TEST(any_bytes_are_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
