/* match.h - which assets are meant, by what is known of them.
 *
 * Every criterion that is given must hold; of several values of one any will
 * do.  Texts are compared whole and without regard to the case of ASCII
 * letters.  A zeroed match has no criterion and means every asset. */

#ifndef PLAN_MATCH_H
#define PLAN_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/library.h"
#include "plan/node.h"

struct range {
	int64_t min, max;	/* both included */
};

struct ranges {
	struct range *v;
	size_t n, cap;
};

struct match {
	unsigned types;		/* 1 << asset_type; 0: any */
	struct texts titles, series, genres, tags, ratings;
	struct texts not_ratings;	/* none of these */
	struct ranges seasons, episodes, years;
	int64_t min_us, max_us;	/* of duration; max 0: any */
};

/* A map of criteria: type, title, series_title, genre or genres, rating,
 * season, episode, year, tags, min_duration_sec, max_duration_sec. */
void match_read(struct match *m, const struct node *map, struct errs *e);

/* Only rating, min_duration_sec and max_duration_sec, of a map that may have
 * other keys. */
void match_read_limits(struct match *m, const struct node *map,
    struct errs *e);
void match_fini(struct match *m);

bool match_has(const struct match *m, const struct asset *a);

#endif
