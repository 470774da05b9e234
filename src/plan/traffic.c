#include "plan/traffic.h"

#include <string.h>
#include <strings.h>

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

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of word, spaces and the like at s, 0: it is not there. */
static size_t
word_at(const char *s, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(s, word, n) == 0 ? n + strspn(s + n, " -_.") : 0;
}

/* Does the text of n bytes say "WHICH break", as words? */
static bool
says(const char *text, size_t n, const char *which)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = text + i;
		size_t first = i == 0 || !is_letter(s[-1]) ?
		    word_at(s, which) : 0;
		size_t last = first > 0 ? word_at(s + first, "break") : 0;

		if (last > 0 && i + first + 5 <= n &&
		    !is_letter(s[first + 5]))
			return true;
	}
	return false;
}

/* 1: for before a break, -1: for after it, 0: it does not say. */
static int
side_of(const char *text, size_t n)
{
	return says(text, n, "to") ? 1 : says(text, n, "from") ? -1 : 0;
}

static int
bumper_side(const struct asset *a)
{
	const char *name = strrchr(a->path, '/'), *dir = name;
	int side = 0;

	for (size_t i = 0; i < a->about.tags.n && side == 0; i++)
		side = side_of(a->about.tags.v[i],
		    strlen(a->about.tags.v[i]));
	if (side != 0 || name == NULL)
		return side;
	while (dir > a->path && dir[-1] != '/')
		dir--;
	side = side_of(name + 1, strlen(name + 1));
	return side != 0 ? side : side_of(dir, (size_t)(name - dir));
}

bool
traffic_suits(enum traffic_place p, const struct asset *a)
{
	switch (p) {
	case TRAFFIC_to_break_bumper:
		return bumper_side(a) >= 0;
	case TRAFFIC_from_break_bumper:
		return bumper_side(a) <= 0;
	case TRAFFIC_station_id:
	case TRAFFIC_NPLACES:
		break;
	}
	return true;
}

int64_t
traffic_cooldown_s(const struct traffic *t, enum asset_type type)
{
	if ((t->rules.typed >> type & 1) != 0)
		return t->rules.type_cooldown_s[type];
	return asset_type_is_spot(type) ? t->rules.cooldown_s : 0;
}
