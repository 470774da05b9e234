/* traffic.h - what a channel's breaks are made of: which spots may air and
 * how often, and which pieces stand around them.
 *
 * A zeroed struct traffic is that of a channel that says nothing of it: all
 * spots, as often as their turn comes, and every bumper and station id. */

#ifndef PLAN_TRAFFIC_H
#define PLAN_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/library.h"
#include "plan/match.h"

#define TRAFFIC_COOLDOWN_MAX_S	(7 * 86400)

/* The pieces of a break that are no spots.  When time is short the last one
 * here goes first. */
#define TRAFFIC_PLACES(X)						\
	X(to_break_bumper) X(from_break_bumper) X(station_id)

enum traffic_place {
#define X(name) TRAFFIC_##name,
	TRAFFIC_PLACES(X)
#undef X
	TRAFFIC_NPLACES
};

/* Where a key or value stands, for warnings; where it is included, the key
 * `traffic` does. */
struct traffic_at {
	unsigned line, column;
};

/* What a profile may say, too. */
struct traffic_rules {
	unsigned allowed;		/* 1 << asset_type; 0: all */
	struct traffic_at allowed_at[ASSET_NTYPES];
	int64_t cooldown_s;		/* of spots, from begin to begin */
	unsigned typed;			/* 1 << asset_type: has its own ... */
	int64_t type_cooldown_s[ASSET_NTYPES];	/* ... cooldown */
	int64_t plays_max;		/* of a spot in a day; 0: no cap */
	struct {
		bool given;
		int64_t ms;		/* 0: none */
		struct traffic_at at;
	} wanted[TRAFFIC_NPLACES];
};

/* Some assets of the library, and as what they air.  Where a type has an
 * inventory, nothing else is of that type. */
struct inventory {
	char *name;
	struct match match;
	enum asset_type type;
	struct traffic_at at;
};

struct traffic {
	struct traffic_rules rules;	/* with those of the profile */
	struct inventory *inventories;
	size_t ninventories;
};

/* As what the asset airs in breaks, ASSET_NTYPES for nothing. */
enum asset_type traffic_type(const struct traffic *t, const struct asset *a);

/* May assets that air as this type be spots of the channel? */
bool traffic_has_spots(const struct traffic *t, enum asset_type type);

/* The type of asset that a place takes, and whether it is taken at all: by
 * the length that is asked for or, where none is, by the types allowed. */
enum asset_type traffic_place_type(enum traffic_place p);
bool traffic_has_place(const struct traffic *t, enum traffic_place p);

/* False where the asset says that it is for the other side of a break: by a
 * tag, else in its file's name, else in its directory's: "to break", "from
 * break", in any case, with spaces, '-', '_' or '.' or without. */
bool traffic_suits(enum traffic_place p, const struct asset *a);

/* How long an asset of that type rests.  Spots have the default; bumpers and
 * station ids, of which there are few, only what is said of their type. */
int64_t traffic_cooldown_s(const struct traffic *t, enum asset_type type);

/* "to_break_bumper" and so on. */
const char *traffic_place_name(enum traffic_place p);

#endif
