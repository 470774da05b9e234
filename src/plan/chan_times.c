/* Which times of a schedule nobody has, and which entries have none. */

#include "plan/chan.h"

#include <stdlib.h>

#include "base/tz.h"
#include "base/xmem.h"
#include "plan/day.h"

#define DAY_S		86400
#define HOUR_S		3600
#define MINUTE_S	60

static void
warn_hole(const struct chan *c, const struct hole *h, struct errs *e)
{
	int from = h->start_s, to = h->end_s % DAY_S;
	struct civil day = { 0 };

	civil_from_days(h->date, &day.year, &day.month, &day.day);
	errs_warn(e, c->file, 0, 0, "nothing is scheduled from %02d:%02d to "
	    "%02d:%02d (as on %04d-%02d-%02d): off the air", from / HOUR_S,
	    from / MINUTE_S % 60, to / HOUR_S, to / MINUTE_S % 60, day.year,
	    day.month, day.day);
}

/* How long what airs at a time lasts the library knows: here it covers next
 * to nothing, and no hole is told of that begins with its end. */
void
chan_check_times(const struct chan *c, struct errs *e)
{
	int64_t *at_s = xcalloc(c->nblocks, sizeof *at_s);
	struct survey s;

	for (size_t b = 0; b < c->nblocks; b++)
		at_s[b] = 1;
	day_survey(c, at_s, &s);
	for (size_t i = 0; i < s.nholes; i++)
		warn_hole(c, &s.holes[i], e);
	for (size_t b = 0; b < c->nblocks; b++)
		if (s.longest[b] == 0)
			errs_warn(e, c->file, c->blocks[b].line,
			    c->blocks[b].column,
			    "later entries cover all of this one");
	free(s.longest);
	free(at_s);
}
