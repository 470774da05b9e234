#include "base/clock.h"

#include "base/arith.h"
#include "base/instant.h"

#define LAST_NS		(INSTANT_LAST_S * NS_PER_S)
#define STEP_NS		NS_PER_S
#define SLEW_PER	40000		/* 25 ppm: one in so many */

void
clock_init(struct clock *c, int64_t mono, int64_t utc, int64_t start)
{
	utc = utc < 0 ? 0 : utc < LAST_NS ? utc : LAST_NS;
	c->bias = start >= 0 ? start - utc : 0;
	c->offset = utc + c->bias - mono;
	c->last_mono = mono;
	c->stepped = 0;
}

/* Is the house's time, at that UTC, one that there are plans for? */
static bool
is_sane(const struct clock *c, int64_t utc)
{
	return utc >= 0 && utc <= LAST_NS && c->bias >= -utc &&
	    c->bias <= LAST_NS - utc;
}

int64_t
clock_read(struct clock *c, int64_t mono, int64_t utc, bool *stepped)
{
	int64_t slew = (mono - c->last_mono) / SLEW_PER;
	int64_t err;

	if (!is_sane(c, utc)) {
		c->last_mono = mono;	/* nothing to catch up on */
		return mono + c->offset;
	}
	err = utc + c->bias - (mono + c->offset);
	if (err >= STEP_NS || err <= -STEP_NS) {
		*stepped = true;
		c->offset += err;
		c->stepped += err;
		c->last_mono = mono;
	} else if (slew > 0) {
		/* Only whole nanoseconds of correction move the mark. */
		if (err > slew)
			err = slew;
		else if (err < -slew)
			err = -slew;
		c->offset += err;
		c->last_mono = mono;
	}
	return mono + c->offset;
}
