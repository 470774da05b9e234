#include "base/clock.h"

#include "base/arith.h"

#define STEP_NS		NS_PER_S
#define SLEW_PER	40000		/* 25 ppm: one in so many */

void
clock_init(struct clock *c, int64_t mono, int64_t utc, int64_t start)
{
	c->bias = start >= 0 ? start - utc : 0;
	c->offset = utc + c->bias - mono;
	c->last_mono = mono;
}

int64_t
clock_read(struct clock *c, int64_t mono, int64_t utc, bool *stepped)
{
	int64_t err = utc + c->bias - (mono + c->offset);
	int64_t slew = (mono - c->last_mono) / SLEW_PER;

	if (err >= STEP_NS || err <= -STEP_NS) {
		*stepped = true;
		c->offset += err;
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
