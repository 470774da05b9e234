#include "chanfile.h"

#include <stdlib.h>

#define HEAD	"channel: one\nnumber: 1\npools: {p: {path: x}}\n"	\
		"schedule: {all_day: []}\n"

static void
without_traffic_every_spot_may_air_at_any_time(void **state)
{
	(void)state;
	load(HEAD);
	assert_true(traffic_has_spots(&ch->traffic, ASSET_commercial));
	assert_true(traffic_has_spots(&ch->traffic, ASSET_stinger));
	assert_false(traffic_has_spots(&ch->traffic, ASSET_bumper));
	assert_false(traffic_has_spots(&ch->traffic, ASSET_episode));
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_promo), 0);
	assert_int_equal(ch->traffic.rules.plays_max, 0);
	for (int p = 0; p < TRAFFIC_NPLACES; p++)
		assert_true(traffic_has_place(&ch->traffic,
		    (enum traffic_place)p));
}

/* The first generation. */
static void
types_and_cooldowns_are_read(void **state)
{
	(void)state;
	load(HEAD "traffic:\n"
	    "  allowed_types: [commercial, promo, bumper, filler]\n"
	    "  default_cooldown_seconds: 3600\n"
	    "  type_cooldowns:\n"
	    "    promo: 1800\n"
	    "    bumper: 5m\n"
	    "  max_plays_per_day: 7\n");
	assert_faults("");
	assert_true(traffic_has_spots(&ch->traffic, ASSET_promo));
	assert_false(traffic_has_spots(&ch->traffic, ASSET_psa));
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_commercial),
	    3600);
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_promo), 1800);
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_bumper), 300);
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_station_id),
	    0);
	assert_int_equal(ch->traffic.rules.plays_max, 7);
	assert_true(traffic_has_place(&ch->traffic,
	    TRAFFIC_from_break_bumper));
	assert_false(traffic_has_place(&ch->traffic, TRAFFIC_station_id));
}

/* The second one. */
static void
the_default_profile_goes_before_the_rest(void **state)
{
	(void)state;
	load(HEAD "traffic:\n"
	    "  break_config: {to_break_bumper_ms: 3000, station_id_ms: 0}\n"
	    "  default_cooldown_seconds: 60\n"
	    "  max_plays_per_day: 3\n"
	    "  default_profile: sitcom\n"
	    "  profiles:\n"
	    "    film: {max_plays_per_day: 1}\n"
	    "    sitcom:\n"
	    "      allowed_types: [commercial, trailer]\n"
	    "      type_cooldowns_seconds: {trailer: 7200}\n"
	    "      max_plays_per_day: 0\n");
	assert_faults("");
	assert_true(traffic_has_spots(&ch->traffic, ASSET_trailer));
	assert_false(traffic_has_spots(&ch->traffic, ASSET_promo));
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_trailer),
	    7200);
	assert_int_equal(traffic_cooldown_s(&ch->traffic, ASSET_commercial),
	    60);
	assert_int_equal(ch->traffic.rules.plays_max, 0);
	/* By its length, by its type, by its length. */
	assert_true(traffic_has_place(&ch->traffic,
	    TRAFFIC_to_break_bumper));
	assert_false(traffic_has_place(&ch->traffic,
	    TRAFFIC_from_break_bumper));
	assert_false(traffic_has_place(&ch->traffic, TRAFFIC_station_id));
}

static void
an_inventory_is_all_there_is_of_its_type(void **state)
{
	struct asset cola = { .type = ASSET_commercial };
	struct asset soap = { .type = ASSET_commercial };
	struct asset promo = { .type = ASSET_promo };
	struct asset film = { .type = ASSET_movie };

	(void)state;
	cola.title = film.title = (char[]){ "Cola" };
	load(HEAD "traffic:\n"
	    "  inventories:\n"
	    "    old: {match: {type: commercial, title: cola}, "
	    "asset_type: commercial}\n"
	    "    film: {match: {title: cola}, asset_type: trailer}\n");
	assert_faults("");
	assert_int_equal(traffic_type(&ch->traffic, &cola),
	    ASSET_commercial);
	assert_int_equal(traffic_type(&ch->traffic, &soap), ASSET_NTYPES);
	assert_int_equal(traffic_type(&ch->traffic, &promo), ASSET_promo);
	assert_int_equal(traffic_type(&ch->traffic, &film), ASSET_trailer);
}

static void
check_at(struct traffic_at at, unsigned line, unsigned column)
{
	assert_int_equal(at.line, line);
	assert_int_equal(at.column, column);
}

/* Of what is included, it is the key. */
static void
warnings_know_where_things_stand(void **state)
{
	const struct traffic_rules *r;

	(void)state;
	load(HEAD "traffic:\n"
	    "  allowed_types: [promo, psa]\n"
	    "  break_config: {station_id_ms: 5000}\n"
	    "  inventories:\n"
	    "    old: {match: {type: promo}, asset_type: promo}\n");
	assert_faults("");
	r = &ch->traffic.rules;
	check_at(r->allowed_at[ASSET_psa], 6, 26);
	check_at(r->wanted[TRAFFIC_station_id].at, 7, 33);
	check_at(ch->traffic.inventories[0].at, 9, 5);
	chan_free(ch);
	nmemfiles = 0;
	memfile_add("channels/_t.yaml", "a: 1\nt:\n  allowed_types: psa\n");
	load(HEAD "traffic: !include _t.yaml:t\n");
	assert_faults("");
	check_at(ch->traffic.rules.allowed_at[ASSET_psa], 5, 1);
}

static void
every_fault_is_found_in_one_pass(void **state)
{
	(void)state;
	check_refused(HEAD "traffic:\n"
	    "  allowed_types: [comercial, episode]\n"
	    "  default_cooldown_seconds: -1\n"
	    "  type_cooldowns: {promos: 1}\n"
	    "  type_cooldowns_seconds: {promo: 1}\n"
	    "  max_plays_per_day: x\n"
	    "  break_config: {to_break_bumper: 1, station_id_ms: -1}\n"
	    "  inventories:\n"
	    "    a: {match: {type: commercial}}\n"
	    "    b: {asset_type: episode}\n"
	    "    c: 1\n"
	    "  default_profile: sitcon\n"
	    "  profiles:\n"
	    "    sitcom: {plays: 1}\n"
	    "    film: [1]\n",
	    "channels/c.yaml:6:19: unknown type of spot 'comercial'; did you "
	    "mean 'commercial'?\n"
	    "channels/c.yaml:6:30: unknown type of spot 'episode'\n"
	    "channels/c.yaml:7:29: default_cooldown_seconds must be a duration "
	    "like 90m, 1h30m or 20s, not '-1'\n"
	    "channels/c.yaml:8:19: 'type_cooldowns' and "
	    "'type_cooldowns_seconds' are the same: use one\n"
	    "channels/c.yaml:10:22: max_plays_per_day must be a whole number "
	    "from 0 to 100000, not 'x'\n"
	    "channels/c.yaml:11:18: unknown key 'to_break_bumper'; did you "
	    "mean 'to_break_bumper_ms'?\n"
	    "channels/c.yaml:11:53: station_id_ms must be a whole number "
	    "from 0 to 600000, not '-1'\n"
	    "channels/c.yaml:13:8: 'asset_type' is missing\n"
	    "channels/c.yaml:14:8: 'match' is missing\n"
	    "channels/c.yaml:14:21: unknown type of spot 'episode'\n"
	    "channels/c.yaml:15:8: inventory 'c' must be a map with 'match' "
	    "and 'asset_type'\n"
	    "channels/c.yaml:16:20: unknown profile 'sitcon'; did you mean "
	    "'sitcom'?\n"
	    "channels/c.yaml:18:14: unknown key 'plays'\n"
	    "channels/c.yaml:19:11: profile 'film' must be a map\n");
	check_refused(HEAD "traffic: {default_profile: a}\n",
	    "channels/c.yaml:5:28: unknown profile 'a'\n");
	check_refused(HEAD "traffic: {type_cooldowns: {promos: 1}, "
	    "allowed_types: []}\n",
	    "channels/c.yaml:5:28: unknown type of spot 'promos'; did you "
	    "mean 'promo'?\n"
	    "channels/c.yaml:5:55: allowed_types is an empty list\n");
	check_refused(HEAD "traffic: 1\n",
	    "channels/c.yaml:5:10: traffic must be a map of keys, not '1'\n");
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, memfile_setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_traffic_every_spot_may_air_at_any_time),
		TEST(types_and_cooldowns_are_read),
		TEST(the_default_profile_goes_before_the_rest),
		TEST(an_inventory_is_all_there_is_of_its_type),
		TEST(warnings_know_where_things_stand),
		TEST(every_fault_is_found_in_one_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
