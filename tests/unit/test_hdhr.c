/* Frames are written out by hand: hdhomerun_pkt.h says what is in them. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "air/hdhr.h"
#include "plan/device_id.h"

#define ID	0x10a0d0f0	/* whatever: the protocol does not check it */

static const struct hdhr_tuner used[] = {
	{ "5.1", "Retro\nTV", 1504000 },
};

static const struct hdhr_device device = {
	.id = ID,
	.tuners = 3,
	.base_url = "http://10.0.0.1:8080",
	.used = used,
	.nused = 1,
};

/* A search for any tuner with any id, as hdhomerun_config sends it. */
static const uint8_t search[] = {
	0x00, 0x02, 0x00, 0x0c,
	0x01, 0x04, 0x00, 0x00, 0x00, 0x01,
	0x02, 0x04, 0xff, 0xff, 0xff, 0xff,
	0x4e, 0x50, 0x7f, 0x35,
};

/* For anything, as Jellyfin sends it. */
static const uint8_t jellyfin[] = {
	0x00, 0x02, 0x00, 0x0c,
	0x01, 0x04, 0xff, 0xff, 0xff, 0xff,
	0x02, 0x04, 0xff, 0xff, 0xff, 0xff,
	0x73, 0xcc, 0x7d, 0x8f,
};

static struct buf out;

static int
setup(void **state)
{
	(void)state;
	out = (struct buf){ 0 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&out);
	return 0;
}

/* ---- Frames made for the tests, by a second hand */

/* Of the table-driven kind, so that it is another than what it judges. */
static uint32_t
crc(const uint8_t *p, size_t n)
{
	static uint32_t table[256];
	uint32_t c = 0xffffffff;

	for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
		uint32_t v = i;

		for (int k = 0; k < 8; k++)
			v = v & 1 ? 0xedb88320 ^ v >> 1 : v >> 1;
		table[i] = v;
	}
	while (n-- > 0)
		c = table[(c ^ *p++) & 0xff] ^ c >> 8;
	return c ^ 0xffffffff;
}

static size_t
frame(uint8_t *p, unsigned type, const void *payload, size_t n)
{
	uint32_t c;

	p[0] = (uint8_t)(type >> 8);
	p[1] = (uint8_t)type;
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
	memcpy(p + 4, payload, n);
	c = crc(p, 4 + n);
	for (size_t i = 0; i < 4; i++)
		p[4 + n + i] = (uint8_t)(c >> 8 * i);
	return n + 8;
}

/* The value of a tag of what was answered, as a string. */
static const char *
answered(unsigned tag)
{
	static char text[1500];
	size_t i = 4;

	assert_true(out.len >= 8);
	assert_int_equal(hdhr_frame_size(out.data, out.len), out.len);
	assert_int_equal(crc(out.data, out.len - 4),
	    out.data[out.len - 4] | (uint32_t)out.data[out.len - 3] << 8 |
	    (uint32_t)out.data[out.len - 2] << 16 |
	    (uint32_t)out.data[out.len - 1] << 24);
	while (i < out.len - 4) {
		unsigned is = out.data[i++];
		size_t len = out.data[i++];

		if (len > 127)
			len = (len & 127) | (size_t)out.data[i++] << 7;
		assert_true(i + len <= out.len - 4);
		if (is == tag) {
			memcpy(text, out.data + i, len);
			text[len] = '\0';
			return text;
		}
		i += len;
	}
	return NULL;
}

/* Ask for a setting, or set it. */
static bool
ask(const char *name, const char *value)
{
	uint8_t payload[600], p[700];
	size_t n = 0;
	const char *s[] = { name, value };

	for (size_t i = 0; i < 2 && s[i] != NULL; i++) {
		payload[n++] = (uint8_t)(3 + i);
		payload[n++] = (uint8_t)(strlen(s[i]) + 1);
		memcpy(payload + n, s[i], strlen(s[i]) + 1);
		n += strlen(s[i]) + 1;
	}
	buf_reset(&out);
	return hdhr_control(&device, p, frame(p, 4, payload, n), &out);
}

static void
assert_is(const char *name, const char *value)
{
	assert_true(ask(name, NULL));
	assert_int_equal(out.data[1], 5);
	assert_string_equal(answered(3), name);
	assert_string_equal(answered(4), value);
}

/* ---- Discovery */

static void
who_looks_for_tuners_finds_us(void **state)
{
	(void)state;
	assert_true(hdhr_is_search(search, sizeof search, ID));
	assert_true(hdhr_is_search(jellyfin, sizeof jellyfin, ID));
	hdhr_add_found(&out, &device);
	assert_int_equal(out.data[1], 3);
	assert_memory_equal(answered(0x01), "\0\0\0\1", 4);
	assert_memory_equal(answered(0x02), "\x10\xa0\xd0\xf0", 4);
	assert_memory_equal(answered(0x10), "\3", 1);
	assert_string_equal(answered(0x2a), "http://10.0.0.1:8080");
	assert_string_equal(answered(0x27),
	    "http://10.0.0.1:8080/lineup.json");
	assert_string_equal(answered(0x2b), "retrovue");
}

static bool
found(const char *payload, size_t n)
{
	uint8_t p[64];

	return hdhr_is_search(p, frame(p, 2, payload, n), ID);
}

static void
only_who_looks_for_the_like_of_us_finds_us(void **state)
{
	(void)state;
	assert_true(found("\1\4\0\0\0\1", 6));
	assert_true(found("\1\4\xff\xff\xff\xff", 6));
	assert_true(found("\1\4\0\0\0\1\2\4\x10\xa0\xd0\xf0", 12));
	assert_true(found("\1\4\0\0\0\1\x7f\1x", 9));
	assert_true(found("\x2d\x08\0\0\0\5\0\0\0\1", 10));
	assert_false(found("\1\4\0\0\0\1\2\4\x10\xa0\xd0\xf1", 12));
	assert_false(found("\1\4\0\0\0\5", 6));
	assert_false(found("\x2d\x04\0\0\0\5", 6));
	assert_false(found("\2\4\xff\xff\xff\xff", 6));
	assert_false(found("\1\3\0\0\1", 5));
	assert_false(found("", 0));
}

static void
an_answer_is_six_times_the_question_at_most(void **state)
{
	(void)state;
	hdhr_add_found(&out, &device);
	assert_in_range(out.len, 1, 6 * sizeof search);
}

static void
a_damaged_frame_is_none(void **state)
{
	uint8_t p[sizeof search];

	(void)state;
	for (size_t i = 0; i < sizeof search * 8; i++) {
		memcpy(p, search, sizeof p);
		p[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(hdhr_is_search(p, sizeof p, ID));
	}
	for (size_t n = 0; n < sizeof search; n++)
		assert_false(hdhr_is_search(search, n, ID));
}

static void
a_tag_that_is_cut_is_no_search(void **state)
{
	(void)state;
	assert_false(found("\1\4\0\0\0\1\2", 7));
	assert_false(found("\1\4\0\0\0\1\2\4\xff\xff\xff", 11));
	assert_false(found("\1\4\0\0\0\1\2\x84", 8));
	assert_false(found("\1\4\0\0\0\1\2\x84\x01\xff", 10));
	assert_false(found("\1\4\0\0\0\1\2\xff\xff\xff", 10));
}

static void
the_size_of_a_frame_is_known_from_its_head(void **state)
{
	static const uint8_t most[] = { 0, 4, 0x05, 0xac };	/* 1452 */
	static const uint8_t more[] = { 0, 4, 0x05, 0xad };

	(void)state;
	assert_int_equal(hdhr_frame_size(search, 3), 0);
	assert_int_equal(hdhr_frame_size(search, sizeof search - 1), 0);
	assert_int_equal(hdhr_frame_size(search, sizeof search), 20);
	assert_int_equal(hdhr_frame_size(most, 4), 0);
	assert_int_equal(hdhr_frame_size(more, 4), -1);
}

/* ---- Settings */

static void
settings_can_be_asked_for(void **state)
{
	(void)state;
	assert_is("/sys/model", "hdhomerun4_atsc");
	assert_is("/sys/hwmodel", "HDHR4-2US");
	assert_is("/sys/version", "20200225");
	assert_true(ask("/sys/features", NULL));
	assert_non_null(strstr(answered(4), "modulation: 8vsb"));
	assert_true(ask("help", NULL));
	assert_non_null(strstr(answered(4), "\n/sys/model\n"));
	assert_non_null(strstr(answered(4), "\n/tuner<n>/status\n"));
}

static void
a_tuner_tells_the_channel_that_is_watched(void **state)
{
	(void)state;
	assert_is("/tuner0/status", "ch=auto:5.1 lock=8vsb ss=100 snq=100 "
	    "seq=100 bps=1504000 pps=1000");
	assert_is("/tuner0/channel", "auto:5.1");
	assert_is("/tuner0/vchannel", "5.1");
	assert_is("/tuner0/program", "1");
	assert_is("/tuner0/streaminfo", "1: 5.1 Retro TV\n");
	assert_is("/tuner0/lockkey", "none");
}

static void
an_idle_tuner_has_no_channel(void **state)
{
	(void)state;
	assert_is("/tuner2/status", "ch=none lock=none ss=0 snq=0 seq=0 "
	    "bps=0 pps=0");
	assert_is("/tuner1/channel", "none");
	assert_is("/tuner1/vchannel", "none");
	assert_is("/tuner1/program", "0");
	assert_is("/tuner1/streaminfo", "none");
	assert_is("/tuner1/target", "none");
	assert_is("/tuner1/filter", "0x0000-0x1fff");
	assert_is("/tuner1/channelmap", "us-bcast");
}

static void
what_there_is_not_is_an_error(void **state)
{
	static const char *const names[] = { "", "/sys", "/sys/modelx",
		"/tuner", "/tuner0", "/tuner0/", "/tuner0/x", "/tuner3/status",
		"/tuner-1/status", "/tunerx/status",
		"/tuner99999999999999999999/status", "/tuner0status" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(ask(names[i], NULL));
		assert_string_equal(answered(5),
		    "ERROR: unknown getset variable");
		assert_null(answered(4));
	}
}

static void
nothing_can_be_set_but_to_what_it_is(void **state)
{
	(void)state;
	assert_true(ask("/tuner0/channel", "auto:7"));
	assert_string_equal(answered(5), "ERROR: cannot be set: channels are "
	    "tuned by HTTP");
	assert_true(ask("/tuner0/target", "none"));
	assert_null(answered(5));
	assert_string_equal(answered(4), "none");
}

static void
a_request_that_is_cut_or_of_another_kind_has_no_answer(void **state)
{
	uint8_t p[700];
	uint8_t longer[300] = { 3, 0x80 | (296 & 127), 296 >> 7 };

	(void)state;
	assert_false(hdhr_control(&device, search, sizeof search, &out));
	assert_false(hdhr_control(&device, p, frame(p, 4, "\3\5help", 6),
	    &out));
	assert_false(hdhr_control(&device, p, frame(p, 4, "\3\5he\0p", 7),
	    &out));
	memset(longer + 3, 'x', 296);
	assert_false(hdhr_control(&device, p, frame(p, 4, longer, 299),
	    &out));
	assert_int_equal(out.len, 0);
}

static uint32_t
lcg(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* With a right CRC, so that what is behind it is reached; ASan looks on. */
static void
any_bytes_are_safe(void **state)
{
	uint32_t seed = 1;
	uint8_t payload[64], p[80];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t n = lcg(&seed) % sizeof payload;

		for (size_t k = 0; k < n; k++)
			payload[k] = (uint8_t)(lcg(&seed) % (k & 1 ? 256 : 8));
		n = frame(p, 2 + 2 * (lcg(&seed) & 1), payload, n);
		buf_reset(&out);
		(void)hdhr_is_search(p, n, ID);
		(void)hdhr_control(&device, p, n, &out);
		assert_in_range(out.len, 0, HDHR_FRAME_MAX);
	}
}

/* ---- Identity */

static void
an_id_checks_itself(void **state)
{
	uint32_t id = 0;

	(void)state;
	assert_true(device_id_parse("1038A145", &id));
	assert_int_equal(id, 0x1038a145);
	assert_true(device_id_parse("1038a145", &id));
	assert_false(device_id_parse("1038A146", &id));
	assert_false(device_id_parse("1308A145", &id));
	assert_false(device_id_parse("1038A14", &id));
	assert_false(device_id_parse("1038A1455", &id));
	assert_false(device_id_parse("1038A14g", &id));
	assert_false(device_id_parse("00000000", &id));
	assert_false(device_id_parse("", &id));
	assert_int_equal(id, 0x1038a145);
}

static void
an_id_of_any_bits_passes(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		uint32_t id = device_id_make(lcg(&seed) << 8);

		assert_true(device_id_check(id));
		assert_int_equal(id >> 28, 5);
	}
	assert_int_not_equal(device_id_make(0x10), device_id_make(0x20));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(who_looks_for_tuners_finds_us),
		TEST(only_who_looks_for_the_like_of_us_finds_us),
		TEST(an_answer_is_six_times_the_question_at_most),
		TEST(a_damaged_frame_is_none),
		TEST(a_tag_that_is_cut_is_no_search),
		TEST(the_size_of_a_frame_is_known_from_its_head),
		TEST(settings_can_be_asked_for),
		TEST(a_tuner_tells_the_channel_that_is_watched),
		TEST(an_idle_tuner_has_no_channel),
		TEST(what_there_is_not_is_an_error),
		TEST(nothing_can_be_set_but_to_what_it_is),
		TEST(a_request_that_is_cut_or_of_another_kind_has_no_answer),
		TEST(any_bytes_are_safe),
		TEST(an_id_checks_itself),
		TEST(an_id_of_any_bits_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
