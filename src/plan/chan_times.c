/* Which times of a schedule nobody has, and which entries have none. */

#include "plan/chan.h"

#include <stdlib.h>

#include "base/tz.h"
#include "base/xmem.h"
#include "plan/day.h"

#define DAY_S		86400
#define HOUR_S		3600
#define MINUTE_S	60

/* "08:00", with seconds where there are any. */
static void
add_clock(struct buf *out, int s)
{
	buf_addf(out, "%02d:%02d", s / HOUR_S, s / MINUTE_S % 60);
	if (s % MINUTE_S != 0)
		buf_addf(out, ":%02d", s % MINUTE_S);
}

static void
warn_hole(const struct chan *c, const struct hole *h, struct errs *e)
{
	struct civil day = { 0 };
	struct buf span = { 0 };

	civil_from_days(h->date, &day.year, &day.month, &day.day);
	add_clock(&span, h->start_s);
	buf_adds(&span, " to ");
	add_clock(&span, h->end_s % DAY_S);
	errs_warn(e, c->file, c->schedule_at.line, c->schedule_at.column,
	    "nothing is scheduled from %s (as on %04d-%02d-%02d): off the air",
	    buf_str(&span), day.year, day.month, day.day);
	buf_fini(&span);
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
	survey_fini(&s);
	free(at_s);
}
