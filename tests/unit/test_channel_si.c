/* test_channel_si.c - what a channel's stream says is on, against its
 * timeline. */

#include "world.h"
#include "air/channel_child.h"
#include "air/genre.h"
#include "plan/timeline.h"
#include "packets.h"
#include "synth.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>

#define SINCE	INT64_C(20454)		/* 2026-01-01 */

static struct world *w;
static struct timeline *t;
static struct channel *c;
static struct pad *pad;
static struct grid g;
static struct channel_out out;

static void
begin(struct rate rate)
{
	static char name[] = "One";

	w = world_new(rate);
	w->ch.name = name;
	g = grid_make(rate, 48000, 1024);
	pad = synth_pad(&g);
}

/* Two shows that take turns, half an hour each. */
static void
shows(void)
{
	world_asset(w, "/a/Fog", ASSET_episode, 22 * MINUTE);
	world_asset(w, "/a/Rain", ASSET_episode, 22 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
}

static void
channel_begin(void)
{
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	c = channel_new(t, pad, "ffmpeg", "Retrovue");
	c->said_until = SLOT_NONE;
}

static int
setup(void **state)
{
	(void)state;
	begin(pal);
	shows();
	channel_begin();
	return 0;
}

static void
end(void)
{
	channel_out_fini(&out);
	channel_free(c);
	timeline_free(t);
	pad_free(pad);
	world_free(w);
}

static int
teardown(void **state)
{
	(void)state;
	end();
	return 0;
}

/* The slot at so many seconds of the first day. */
static int64_t
slot_at(int64_t s)
{
	return rate_frame_from(g.rate, (SINCE * DAY_S + s) * NS_PER_S);
}

static void
put(int64_t from, int64_t to)
{
	for (int64_t n = from; n < to; n++) {
		channel_put_pad(c, pad, n, &out);
		channel_put_half(c, &out);
	}
}

/* The last EIT section of that number, or NULL; all of these are short. */
static const uint8_t *
last_eit(int number)
{
	for (size_t i = out.bytes.len; i >= PACKET; i -= PACKET) {
		const uint8_t *p = out.bytes.data + i - PACKET;

		if (pid_of(p) == EIT_PID && psi_get_section(p + 5) == number)
			return p + 5;
	}
	return NULL;
}

static void
assert_says(const char *now, const char *next)
{
	struct check *k = check_new();
	const struct check_report *r;

	check_feed(k, out.bytes.data, out.bytes.len, -1);
	r = check_end(k);
	assert_true(r->programmes[0].has_eit);
	assert_string_equal(r->programmes[0].now, now);
	assert_string_equal(r->programmes[0].next, next);
	assert_int_equal(complaints(r, CHECK_EIT), 0);
	assert_int_equal(complaints(r, CHECK_TDT), 0);
	assert_int_equal(complaints(r, CHECK_VERSION), 0);
	assert_int_equal(complaints(r, CHECK_CRC), 0);
	assert_int_equal(complaints(r, CHECK_TABLES_100MS), 0);
	check_free(k);
}

static void
the_stream_says_what_is_on_and_what_follows(void **state)
{
	int64_t n = slot_at(12 * 3600);

	(void)state;
	put(n - 100, n);
	assert_says("/a/Rain", "/a/Fog");
	put(n, n + 100);
	assert_says("/a/Fog", "/a/Rain");
}

static void
a_programme_is_announced_in_its_first_slot(void **state)
{
	int64_t n = slot_at(12 * 3600);
	const uint8_t *e;

	(void)state;
	put(n - 1000, n + 1);
	e = last_eit(0) + EIT_HEADER_SIZE;
	assert_int_equal(eitn_get_event_id(e),
	    (SINCE * DAY_S + 12 * 3600) & 0xffff);
	assert_int_equal(eitn_get_duration_bcd(e), 0x003000);
}

/* version_number of what is told at so many seconds. */
static int
version_at(int64_t s)
{
	int64_t n = slot_at(s);
	int version;

	buf_reset(&out.bytes);
	put(n, n + 100);
	version = psi_get_version(last_eit(0));
	assert_int_equal(psi_get_version(last_eit(1)), version);
	return version;
}

/* Another daemon's, which begins there. */
static int
version_begun_at(int64_t s)
{
	struct channel *running = c;
	struct timeline *its = t;
	int version;

	channel_begin();
	version = version_at(s);
	channel_free(c);
	timeline_free(t);
	c = running;
	t = its;
	return version;
}

/* Two weeks of programmes that cross midnight, and an hour off the air. */
static void
every_change_has_the_next_version_on_every_node(void **state)
{
	int last = 0;

	(void)state;
	end();
	begin(pal);
	shows();
	w->blocks[0].start_s = 8 * 3600;
	w->blocks[0].length_s = 23 * 3600;
	channel_begin();
	for (int i = 0; i < 47 * 14; i++) {
		int64_t s = i / 47 * INT64_C(86400) + 8 * 3600 +
		    i % 47 * 1800;
		int version = version_at(s);

		if (i > 0)
			assert_int_equal(version, (last + 1) % 32);
		if (i % 5 == 0)
			assert_int_equal(version_begun_at(s + 60), version);
		last = version;
	}
}

/* A reload in the middle of a programme: what is on is called otherwise. */
static void
another_plan_has_the_next_version(void **state)
{
	static char title[] = "Weather";
	struct timeline *old = t;
	int version;

	(void)state;
	version = version_at(3600);
	w->blocks[0].title = title;
	t = timeline_new(&w->ch, &w->lib, w->z, SINCE);
	channel_set_timeline(c, t, pad, 0, &out);
	timeline_free(old);
	assert_int_equal(version_at(3660), (version + 1) % 32);
	assert_int_equal(version_at(3720), (version + 1) % 32);
	assert_int_equal(version_at(5400), (version + 2) % 32);
}

static void
off_the_air_nothing_is_on(void **state)
{
	int64_t n = slot_at(9 * 3600);

	(void)state;
	end();
	begin(pal);
	shows();
	w->blocks[0].length_s = 9 * 3600;
	channel_begin();
	put(n - 100, n + 200);
	assert_says("", "/a/Fog");
	assert_int_equal(psi_get_length(last_eit(0)), 15);
	put(slot_at(86400), slot_at(86400) + 60);
	assert_int_equal(eitn_get_running(last_eit(0) + EIT_HEADER_SIZE), 4);
}

/* The bytes of all EIT and TDT packets from slot n on, but the counters. */
static void
said_from(int64_t begin_at, int64_t n, struct buf *said)
{
	channel_begin();
	put(begin_at, n);
	buf_reset(&out.bytes);
	put(n, n + 500);
	for (size_t i = 0; i < out.bytes.len; i += PACKET) {
		uint8_t *p = out.bytes.data + i;

		if (pid_of(p) != EIT_PID && pid_of(p) != TDT_PID)
			continue;
		p[3] &= 0xf0;
		buf_add(said, &i, sizeof i);
		buf_add(said, p, PACKET);
	}
	channel_out_fini(&out);
	channel_free(c);
	timeline_free(t);
}

static void
whenever_it_began_it_says_the_same(void **state)
{
	int64_t n = slot_at(12 * 3600) - 250;
	struct buf a = { 0 }, b = { 0 };

	(void)state;
	channel_free(c);
	timeline_free(t);
	said_from(n - 2000, n, &a);
	said_from(n - 7, n, &b);
	assert_true(a.len > 20 * PACKET);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_fini(&a);
	buf_fini(&b);
	channel_begin();
}

/* Every instant at which the schedule changes is odd to the rhythm; and there
 * is much to tell. */
static void
sections_keep_their_distance_at_any_rate(void **state)
{
	static char plot[2500];

	(void)state;
	memset(plot, 'x', sizeof plot - 1);
	for (size_t i = 0; i < NRATES; i++)
		for (int64_t s = 0; s < 90; s += 17) {
			int64_t n;

			end();
			begin(rates[i]);
			shows();
			w->blocks[0].length_s = 9 * 3600 + (int)s;
			w->assets[0].about.plot = plot;
			channel_begin();
			n = slot_at(9 * 3600 + s);
			put(n - 200, n + 250);
			assert_says("", "/a/Fog");
		}
}

/* The last one before a change may be left out. */
static void
sections_come_in_time_over_a_change_at_any_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < NRATES; i++) {
		end();
		begin(rates[i]);
		world_asset(w, "/a/Fog", ASSET_episode, 50 * MINUTE);
		world_asset(w, "/a/Rain", ASSET_episode, 50 * MINUTE);
		world_block(w, 0, 86400, world_pool(w, "/a"));
		channel_begin();
		for (int h = 1; h < 24; h++) {
			int64_t n = slot_at(h * 3600);

			buf_reset(&out.bytes);
			put(n - 200, n + 150);
			assert_says(h % 2 == 0 ? "/a/Fog" : "/a/Rain",
			    h % 2 == 0 ? "/a/Rain" : "/a/Fog");
		}
	}
}

static void
the_time_is_that_of_the_slot(void **state)
{
	int64_t n = slot_at(3600);
	int found = 0;

	(void)state;
	put(n - 30, n + 760);
	for (size_t i = 0; i < out.bytes.len; i += PACKET) {
		const uint8_t *p = out.bytes.data + i;

		if (pid_of(p) != TDT_PID)
			continue;
		assert_true(tdt_validate(p + 5));
		assert_int_equal(tdt_get_utc(p + 5) & 0xffffff,
		    0x010000 + 0x10 * found++);
	}
	assert_int_equal(found, 4);
}

static void
a_description_comes_from_the_entry_or_the_asset(void **state)
{
	static char plot[] = "A plot.", text[] = "An entry's.";
	int64_t n = slot_at(12 * 3600);

	(void)state;
	w->assets[0].about.plot = plot;
	put(n, n + 1);
	assert_memory_equal(last_eit(0) + 14 + 12 + 2 + 3 + 8, "\x08\x15" "A plot.",
	    9);
	w->blocks[0].description = text;
	channel_free(c);
	timeline_free(t);
	channel_begin();
	put(n, n + 1);
	assert_memory_equal(last_eit(0) + 14 + 12 + 2 + 3 + 8,
	    "\x0c\x15" "An entry's.", 13);
}

static void
genres_have_codes(void **state)
{
	static const struct {
		const char *genre;
		enum asset_type type;
		int content;
	} cases[] = {
		{ "Comedy", ASSET_episode, 0x14 },
		{ "Sci-Fi & Fantasy", ASSET_episode, 0x13 },
		{ "Animation", ASSET_movie, 0x55 },
		{ "Gardening", ASSET_episode, 0xa7 },
		{ "Sports", ASSET_episode, 0x40 },
		{ "Whatever", ASSET_episode, 0 },
		{ "Whatever", ASSET_movie, 0x10 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct asset a = { .type = cases[i].type };

		texts_add(&a.about.genres, cases[i].genre);
		assert_int_equal(genre_content(&a), cases[i].content);
		texts_fini(&a.about.genres);
	}
}

static void
ratings_have_ages(void **state)
{
	static const struct {
		const char *rating, *country;
		int age;
	} cases[] = {
		{ "TV-14", "USA", 14 }, { "tv-ma", "USA", 17 },
		{ "R", "USA", 17 }, { "PG-13", "USA", 13 },
		{ "FSK 16", "DEU", 16 }, { "FSK-0", "DEU", 0 },
		{ "BBFC-99999999999999999999", "GBR", 0 },
		{ "TV-PG", NULL, 0 }, { "Rotten", NULL, 0 }, { "", NULL, 0 },
		{ NULL, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *country = NULL;

		assert_int_equal(genre_age(cases[i].rating, &country),
		    cases[i].age);
		if (cases[i].age != 0)
			assert_string_equal(country, cases[i].country);
	}
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_stream_says_what_is_on_and_what_follows),
		TEST(a_programme_is_announced_in_its_first_slot),
		TEST(every_change_has_the_next_version_on_every_node),
		TEST(another_plan_has_the_next_version),
		TEST(off_the_air_nothing_is_on),
		TEST(whenever_it_began_it_says_the_same),
		TEST(sections_keep_their_distance_at_any_rate),
		TEST(sections_come_in_time_over_a_change_at_any_rate),
		TEST(the_time_is_that_of_the_slot),
		TEST(a_description_comes_from_the_entry_or_the_asset),
		cmocka_unit_test(genres_have_codes),
		cmocka_unit_test(ratings_have_ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
