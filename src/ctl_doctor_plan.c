/* Holes: where the plan of the next 24 hours has nothing but black. */

#include "ctl_doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/arith.h"
#include "ctl_plan.h"
#include "plan/timeline.h"

#define PART	"plan"
#define AHEAD_S	86400
#define HOLE_S	1	/* less is a seam */

/* What the last scan has found, or NULL. */
static struct library *
library_read(struct doctor *d)
{
	char *why;
	struct library *l = ctl_plan_library(d->cfg, &why);

	if (l == NULL)
		doctor_say(d, PART, "library", DOCTOR_NOTE, "%s", why);
	else
		doctor_say(d, PART, "library", l->n != 0 ? DOCTOR_GOOD :
		    DOCTOR_NOTE, "%zu files at the last scan", l->n);
	free(why);
	return l;
}

/* Seconds of holes from now on; *at is when the first begins (UTC), -1:
 * never. */
static int64_t
count_black(struct timeline *t, struct rate rate, int64_t now, int64_t *at)
{
	int64_t n = rate_frame_at(rate, now * NS_PER_S), black = 0;
	int64_t end = rate_frame_at(rate, (now + AHEAD_S) * NS_PER_S);
	int64_t least = rate_frame_at(rate, HOLE_S * NS_PER_S);

	*at = -1;
	while (n < end) {
		struct run r = timeline_run(t, n, end - n);

		if (r.asset == NULL && r.n1 - n >= least) {
			black += r.n1 - n;
			if (*at < 0)
				*at = rate_frame_ns(rate, n) / NS_PER_S;
		}
		n = r.n1;
	}
	return muldiv_floor(black, rate.den, rate.num);
}

static void
check_chan(struct doctor *d, const struct chan *ch, const struct library *l)
{
	struct tz *z = ctl_plan_zone(d->cfg, ch);
	struct timeline *t;
	struct civil c;
	int64_t black, at;

	t = timeline_new(ch, l, z, d->cfg->station->since_days);
	black = count_black(t, ch->format.rate, (int64_t)time(NULL), &at);
	c = tz_local(z, at);
	timeline_free(t);
	tz_free(z);
	if (black == 0) {
		doctor_say(d, PART, "holes", DOCTOR_GOOD, "channel %s: none in "
		    "the next 24 hours", ch->number);
		return;
	}
	doctor_say(d, PART, "holes", DOCTOR_NOTE, "channel %s: %" PRId64 " s "
	    "of black in the next 24 hours, from %02d:%02d:%02d on",
	    ch->number, black, c.hour, c.min, c.sec);
}

void
doctor_plan(struct doctor *d)
{
	struct library *l = library_read(d);

	for (size_t i = 0; l != NULL && i < d->cfg->nchans; i++)
		check_chan(d, d->cfg->chans[i], l);
	library_free(l);
}
