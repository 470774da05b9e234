#include "plan/traffic.h"

static const struct {
	const char *name;
	enum asset_type type;
} places[TRAFFIC_NPLACES] = {
	[TRAFFIC_to_break_bumper] = { "to_break_bumper", ASSET_bumper },
	[TRAFFIC_from_break_bumper] = { "from_break_bumper", ASSET_bumper },
	[TRAFFIC_station_id] = { "station_id", ASSET_station_id },
};

const char *
traffic_place_name(enum traffic_place p)
{
	return places[p].name;
}

enum asset_type
traffic_place_type(enum traffic_place p)
{
	return places[p].type;
}

enum asset_type
traffic_type(const struct traffic *t, const struct asset *a)
{
	enum asset_type own = a->type;

	for (size_t i = 0; i < t->ninventories; i++) {
		const struct inventory *v = &t->inventories[i];

		if (match_has(&v->match, a))
			return v->type;
		if (v->type == a->type)
			own = ASSET_NTYPES;
	}
	return own;
}

static bool
is_allowed(const struct traffic *t, enum asset_type type)
{
	return t->rules.allowed == 0 || (t->rules.allowed >> type & 1) != 0;
}

bool
traffic_has_spots(const struct traffic *t, enum asset_type type)
{
	return asset_type_is_spot(type) && is_allowed(t, type);
}

bool
traffic_has_place(const struct traffic *t, enum traffic_place p)
{
	if (t->rules.wanted[p].given)
		return t->rules.wanted[p].ms > 0;
	return is_allowed(t, places[p].type);
}

int64_t
traffic_cooldown_s(const struct traffic *t, enum asset_type type)
{
	if ((t->rules.typed >> type & 1) != 0)
		return t->rules.type_cooldown_s[type];
	return asset_type_is_spot(type) ? t->rules.cooldown_s : 0;
}
