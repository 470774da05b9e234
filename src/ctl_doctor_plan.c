/* Holes: where the plan of the next 24 hours has nothing but black. */

#include "ctl_doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/arith.h"
#include "ctl_plan.h"
#include "plan/explain.h"
#include "plan/timeline.h"

#define PART	"plan"
#define AHEAD_S	86400
#define HOLE_S	10	/* what filler fills; less is a seam */

/* Black that the schedule has not asked for. */
struct holes {
	int64_t frames;		/* of all */
	int64_t first;		/* frame at which the first begins, -1: none */
};

static void
say_library(struct doctor *d, const struct library *l)
{
	size_t good = 0;

	for (size_t i = 0; i < l->n; i++)
		good += l->assets[i].bad == NULL;
	if (good == l->n)
		doctor_say(d, PART, "library", l->n != 0 ? DOCTOR_GOOD :
		    DOCTOR_NOTE, "%zu files at the last scan", l->n);
	else
		doctor_say(d, PART, "library", DOCTOR_NOTE, "%zu of %zu files "
		    "can air: see 'retrovuectl assets --bad'", good, l->n);
}

/* What the last scan has found, or NULL. */
static struct library *
library_read(struct doctor *d)
{
	char *why;
	struct library *l = ctl_plan_library(d->cfg, &why);

	if (l == NULL)
		doctor_say(d, PART, "library", DOCTOR_NOTE, "%s", why);
	else
		say_library(d, l);
	free(why);
	return l;
}

static void
hole_end(struct holes *h, struct rate rate, int64_t n0, int64_t n1)
{
	if (n1 - n0 < rate_frame_at(rate, HOLE_S * NS_PER_S))
		return;
	h->frames += n1 - n0;
	if (h->first < 0)
		h->first = n0;
}

/* From now on. */
static struct holes
find_holes(struct timeline *t, struct rate rate, int64_t now)
{
	int64_t n = rate_frame_at(rate, now * NS_PER_S), from = n;
	int64_t end = rate_frame_at(rate, (now + AHEAD_S) * NS_PER_S);
	struct holes h = { .first = -1 };

	while (n < end) {
		struct segment s = *timeline_at(t, n);
		int64_t next = s.n1 < end ? s.n1 : end;

		if (s.asset != NULL || explain_off_air(t, &s, n) != NULL) {
			hole_end(&h, rate, from, n);
			from = next;
		}
		n = next;
	}
	hole_end(&h, rate, from, end);
	return h;
}

/* From the first of them on, which is c by the channel's clock. */
static void
say_holes(struct doctor *d, const struct chan *ch, const struct holes *h,
    const struct civil *c)
{
	struct rate rate = ch->format.rate;
	int64_t s = muldiv_floor(h->frames, rate.den, rate.num);
	char *zone = ctl_plan_zone_name(d->cfg, ch);

	doctor_say(d, PART, "holes", DOCTOR_NOTE, "channel %s: %" PRId64
	    ":%02d:%02d of black in the next 24 hours, from %02d:%02d:%02d "
	    "on by the channel's clock (%s)", ch->number, s / 3600,
	    (int)(s / 60 % 60), (int)(s % 60), c->hour, c->min, c->sec, zone);
	free(zone);
}

static void
check_chan(struct doctor *d, const struct chan *ch, const struct library *l)
{
	struct tz *z = ctl_plan_zone(d->cfg, ch);
	struct rate rate = ch->format.rate;
	struct timeline *t;
	struct holes h;
	struct civil c;

	t = timeline_new(ch, l, z, d->cfg->station->since_days);
	h = find_holes(t, rate, (int64_t)time(NULL));
	c = tz_local(z, muldiv_floor(h.first, rate.den, rate.num));
	timeline_free(t);
	tz_free(z);
	if (h.first < 0)
		doctor_say(d, PART, "holes", DOCTOR_GOOD, "channel %s: none in "
		    "the next 24 hours", ch->number);
	else
		say_holes(d, ch, &h, &c);
}

void
doctor_plan(struct doctor *d)
{
	struct library *l = library_read(d);

	for (size_t i = 0; l != NULL && i < d->cfg->nchans; i++)
		check_chan(d, d->cfg->chans[i], l);
	library_free(l);
}
