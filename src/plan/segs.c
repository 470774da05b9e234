#include "plan/segs.h"

#include "base/xmem.h"

void
segs_add(struct segs *s, struct segment seg)
{
	if (seg.n0 >= seg.n1)
		return;
	xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
	s->v[s->n++] = seg;
}
