/* test_check_si.c - what is on and what time it is, told and judged. */

#include "checked.h"
#include "ts/eit.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>

static void
tell(int64_t from, uint8_t version, const char *now, const char *next)
{
	struct eit_event e[2] = { { .title = now }, { .title = next } };
	struct buf events[2] = { { 0 }, { 0 } };

	for (int i = 0; i < 2; i++)
		if (e[i].title != NULL)
			eit_event_put(&events[i], &e[i]);
	mux_events(m, from, INT64_MAX, version, &events[0], &events[1]);
	for (int i = 0; i < 2; i++)
		buf_fini(&events[i]);
}

static void
drop_following(void)
{
	for (size_t i = 0; i < b.len / PACKET;)
		if (pid_at(i) == EIT_PID &&
		    psi_get_section(packet_at(i) + 5) == 1)
			cut(i);
		else
			i++;
	recount(EIT_PID);
}

static void
silence_from(uint16_t pid, size_t i)
{
	silence(pid, i, b.len / PACKET);
}

/* Of all of the EIT's sections that have it. */
static void
forge_version(uint8_t from, uint8_t to)
{
	for (size_t i = 0; i < b.len / PACKET; i++) {
		uint8_t *s = packet_at(i) + 5;

		if (pid_at(i) != EIT_PID || psi_get_version(s) != from)
			continue;
		psi_set_version(s, to);
		psi_set_current(s);
		psi_set_crc(s);
	}
}

static void
now_and_next_are_read(void **state)
{
	(void)state;
	tell(N0, 0, "Fog \033", "Rain");
	slots(N0, N0 + 300);
	judge();
	assert_true(r->programmes[0].has_eit);
	assert_string_equal(r->programmes[0].now, "Fog  ");
	assert_string_equal(r->programmes[0].next, "Rain");
	assert_int_equal(r->utc, N0 / 25 + 10);
	assert_int_equal(r->total_faults, 0);
}

static void
who_tells_nothing_need_not_go_on(void **state)
{
	(void)state;
	slots(N0, N0 + 300);
	silence_from(TDT_PID, 0);
	judge();
	assert_false(r->programmes[0].has_eit);
	assert_int_equal(r->utc, CHECK_NO_TIME);
	assert_int_equal(r->total_faults, 0);
}

static void
what_is_on_must_go_on_being_told(void **state)
{
	(void)state;
	tell(N0, 0, "Fog", "Rain");
	slots(N0, N0 + 300);
	silence_from(EIT_PID, middle());
	judge();
	assert_int_equal(fault(CHECK_EIT, EIT_PID)->count, 2);
	assert_true(value(CHECK_EIT, EIT_PID) > 2000000);
}

static void
one_section_alone_misses_the_other(void **state)
{
	(void)state;
	tell(N0, 0, "Fog", "Rain");
	slots(N0, N0 + 300);
	drop_following();
	judge();
	assert_int_equal(fault(CHECK_EIT, EIT_PID)->count, 1);
}

static void
a_section_too_soon_is_found(void **state)
{
	uint8_t copy[PACKET];
	size_t i;

	(void)state;
	tell(N0, 0, "Fog", "Rain");
	slots(N0, N0 + 300);
	i = find(middle(), EIT_PID, true);
	memcpy(copy, packet_at(i), PACKET);
	insert((i + 2) * PACKET, copy, PACKET);
	recount(EIT_PID);
	judge();
	assert_found(CHECK_EIT, EIT_PID, i + 2);
	assert_int_equal(r->total_faults, 1);
}

static void
a_change_without_a_version_is_found(void **state)
{
	(void)state;
	tell(N0, 7, "Fog", "Rain");
	slots(N0, N0 + 150);
	tell(N0 + 150, 8, "Fog", "Snow");
	slots(N0 + 150, N0 + 300);
	forge_version(8, 7);
	judge();
	assert_int_equal(fault(CHECK_VERSION, EIT_PID)->count, 1);
	assert_int_equal(value(CHECK_VERSION, EIT_PID), 0x4e);
}

static void
the_time_must_go_on_being_told(void **state)
{
	(void)state;
	slots(N0, N0 + 45 * 25);
	silence_from(TDT_PID, find(0, TDT_PID, true) + 1);
	judge();
	assert_int_equal(fault(CHECK_TDT, TDT_PID)->count, 1);
	assert_true(value(CHECK_TDT, TDT_PID) > 30000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(now_and_next_are_read),
		TEST(who_tells_nothing_need_not_go_on),
		TEST(what_is_on_must_go_on_being_told),
		TEST(one_section_alone_misses_the_other),
		TEST(a_section_too_soon_is_found),
		TEST(a_change_without_a_version_is_found),
		TEST(the_time_must_go_on_being_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
