/* test_eit.c - what is on and what time it is, byte by byte; biTStream reads
 * what its getters can. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bitstream/dvb/si/datetime.h>
#include <bitstream/dvb/si/desc_4d.h>
#include <bitstream/dvb/si/desc_4e.h>
#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#include "base/utf8.h"
#include "ts/eit.h"

#define AFTERNOON	INT64_C(1768487400)	/* 2026-01-15T14:30:00Z */

static struct buf event;
static uint8_t s[EIT_SECTION_MAX];

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&event);
	return 0;
}

/* The section that has this event, valid. */
static size_t
made(const struct eit_event *e)
{
	size_t len;

	buf_reset(&event);
	eit_event_put(&event, e);
	memset(s, 0, sizeof s);
	len = eit_make(s, 1, false, 0, &event);
	assert_true(eit_validate(s));
	return len;
}

static const struct eit_event fog = {
	.id = 0x1234, .start = AFTERNOON, .duration = 5400 + 90,
	.language = "eng", .title = "Fog", .subtitle = "At sea",
	.description = "It lifts.", .content = 0x13, .country = "USA",
	.age = 14,
};

static void
a_section_is_what_the_standard_says(void **state)
{
	static const uint8_t want[] = {
		0x4e, 0xf0, 66,		/* actual, 66 bytes follow */
		0, 1,			/* the service */
		0xc0 | 21 << 1 | 1, 0, 1,	/* version, section, last */
		0, 1, 0xff, 1,		/* stream and network */
		1, 0x4e,		/* the last section and table */
		0x12, 0x34,		/* the event */
		0xee, 0x7f, 0x14, 0x30, 0x00,	/* MJD 61055, 14:30:00 */
		0x01, 0x31, 0x30,	/* lasts 1:31:30 */
		4 << 5, 39,		/* running; 39 bytes of descriptors */
		0x4d, 27, 'e', 'n', 'g', 4, 0x15, 'F', 'o', 'g',
		18, 0x15, 'A', 't', ' ', 's', 'e', 'a', ':', ' ',
		'I', 't', ' ', 'l', 'i', 'f', 't', 's', '.',
		0x54, 2, 0x13, 0,	/* science fiction, fantasy, horror */
		0x55, 4, 'U', 'S', 'A', 11,	/* 14 years */
	};
	size_t len;

	(void)state;
	eit_event_put(&event, &fog);
	len = eit_make(s, 1, false, 21, &event);
	for (size_t i = 0; i < sizeof want; i++)
		if (s[i] != want[i])
			fail_msg("byte %zu: 0x%02x, not 0x%02x", i, s[i],
			    want[i]);
	assert_int_equal(len, sizeof want + 4);
	assert_true(psi_check_crc(s));
}

static void
a_dvb_library_reads_it(void **state)
{
	uint8_t *e, len;
	const uint8_t *d;

	(void)state;
	made(&fog);
	e = eit_get_event(s, 0);
	d = e + EIT_EVENT_SIZE;
	assert_int_equal(eitn_get_event_id(e), 0x1234);
	assert_int_equal(dvb_time_decode_UTC(eitn_get_start_time(e)),
	    AFTERNOON);
	assert_int_equal(eitn_get_running(e), 4);
	assert_true(desc4d_validate(d));
	assert_memory_equal(desc4d_get_lang(d), "eng", 3);
	assert_memory_equal(desc4d_get_event_name(d, &len), "\x15" "Fog", 4);
	assert_int_equal(len, 4);
	assert_null(eit_get_event(s, 1));
}

static void
nothing_on_is_an_empty_section(void **state)
{
	(void)state;
	assert_int_equal(eit_make(s, 1, false, 3, &event), EIT_HEADER_SIZE + 4);
	assert_true(eit_validate(s));
	assert_null(eit_get_event(s, 0));
}

static void
what_follows_is_section_1_and_not_running(void **state)
{
	(void)state;
	eit_event_put(&event, &fog);
	eit_make(s, 1, true, 3, &event);
	assert_int_equal(psi_get_section(s), 1);
	assert_int_equal(eitn_get_running(eit_get_event(s, 0)), 1);
}

static void
any_moment_of_any_year_has_its_code(void **state)
{
	static const int64_t moments[] = {
		0, 951782399, 951782400, 1774746000 /* DST begins */,
		AFTERNOON + 86399, 2147483647, 2147483648,
		INT64_C(2155593599) /* 2038-04-22, the last 16 bits hold */,
	};

	(void)state;
	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		assert_int_equal(tdt_make(s, moments[i]), TDT_HEADER_SIZE);
		assert_true(tdt_validate(s));
		assert_int_equal(dvb_time_decode_UTC(tdt_get_utc(s)),
		    moments[i]);
	}
	tdt_make(s, INT64_C(2155593600));
	assert_int_equal(tdt_get_utc(s), 0);
}

/* All that the extended descriptors of the first event say, in order. */
static void
extended_text(struct buf *out)
{
	uint8_t *e = eit_get_event(s, 0), *d = e + EIT_EVENT_SIZE, len;
	uint8_t *end = d + eitn_get_desclength(e), number = 0;

	for (; d < end; d += 2 + d[1]) {
		const uint8_t *text;

		if (d[0] != 0x4e)
			continue;
		assert_true(desc4e_validate(d));
		assert_int_equal(desc4e_get_desc_number(d), number++);
		text = desc4e_get_text(d, &len);
		assert_int_equal(text[0], 0x15);
		buf_add(out, text + 1, len - 1u);
	}
}

static void
assert_characters(const uint8_t *p, size_t len)
{
	uint8_t text[300] = { 0 };

	memcpy(text, p, len);
	for (size_t i = 0; i < len; i += utf8_len(text + i))
		assert_true(utf8_len(text + i) != 0);
}

static void
a_long_description_goes_on_in_extended_descriptors(void **state)
{
	struct eit_event e = fog;
	struct buf want = { 0 }, got = { 0 };
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_addf(&b, "%d \xe2\x82\xac ", i);
	e.description = buf_str(&b);
	made(&e);
	buf_addf(&want, "At sea: %s", e.description);
	extended_text(&got);
	assert_in_range(got.len, 1900, 8 * 248);
	assert_memory_equal(got.data, want.data, got.len);
	buf_fini(&want);
	buf_fini(&got);
	buf_fini(&b);
}

/* By every length, so that each cut falls on every byte of a character. */
static void
texts_are_cut_between_characters(void **state)
{
	char text[1000];

	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		struct eit_event e = { .title = text, .subtitle = text };
		const uint8_t *d = NULL, *p;
		uint8_t len;

		memset(text, 'x', shift);
		for (size_t i = shift; i + 4 < sizeof text; i += 4)
			memcpy(text + i, "\xf0\x9f\x93\xba", 5);
		made(&e);
		d = eit_get_event(s, 0) + EIT_EVENT_SIZE;
		assert_true(desc4d_validate(d));
		p = desc4d_get_event_name(d, &len);
		assert_in_range(len, 100, 120);
		assert_characters(p + 1, len - 1u);
		p = desc4d_get_text(d, &len);
		assert_in_range(len, 120, 150);
		assert_characters(p + 1, len - 1u);
	}
}

static void
a_text_of_any_bytes_is_clean(void **state)
{
	struct eit_event e = { .title = "a\xff\033[2J\xc2\x9b" "b" };
	const uint8_t *name;
	uint8_t len;

	(void)state;
	made(&e);
	name = desc4d_get_event_name(eit_get_event(s, 0) + EIT_EVENT_SIZE,
	    &len);
	assert_int_equal(len, 1 + 10);
	assert_memory_equal(name + 1, "a\xef\xbf\xbd [2J b", 10);
}

static void
no_event_is_too_long_for_its_section(void **state)
{
	char text[5000];
	struct eit_event e = fog;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	e.title = e.subtitle = e.description = text;
	e.duration = INT64_MAX / 2;
	assert_in_range(made(&e), 2000, EIT_SECTION_MAX);
	assert_int_equal(eitn_get_duration_bcd(eit_get_event(s, 0)),
	    0x995959);
}

#define TEST(f)	cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_section_is_what_the_standard_says),
		TEST(a_dvb_library_reads_it),
		TEST(nothing_on_is_an_empty_section),
		TEST(what_follows_is_section_1_and_not_running),
		TEST(any_moment_of_any_year_has_its_code),
		TEST(a_long_description_goes_on_in_extended_descriptors),
		TEST(texts_are_cut_between_characters),
		TEST(a_text_of_any_bytes_is_clean),
		TEST(no_event_is_too_long_for_its_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
