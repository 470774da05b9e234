#include "plan/changes.h"

#include "plan/plan.h"

static int64_t
on_in(const struct day *d, const struct segment *s)
{
	return s->programme != DAY_OFF_AIR ?
	    d->programmes[s->programme].n0 : 0;
}

void
changes_add(struct changes *c, const struct day *d, int64_t n0, int64_t n1)
{
	for (size_t i = 0; i < d->nsegments; i++) {
		const struct segment *s = &d->segments[i];

		if (s->n1 <= n0 || s->n0 > n1 || on_in(d, s) == c->on)
			continue;
		c->on = on_in(d, s);
		c->n++;
	}
}
