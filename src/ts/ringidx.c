#include "ts/ringidx.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void
ringidx_fini(struct ringidx *x)
{
	free(x->marks);
	*x = (struct ringidx){ 0 };
}

void
ringidx_reset(struct ringidx *x)
{
	x->n = 0;
	x->broken = false;
}

void
ringidx_break(struct ringidx *x)
{
	x->broken = true;
}

struct ringidx_mark *
ringidx_add(struct ringidx *x, int64_t frame, int64_t air_ns, uint64_t pos)
{
	bool breaks = x->broken;

	x->breaks += breaks && x->n > 0;	/* else it is a beginning */
	if (x->n > 0 && x->marks[x->n - 1].pos == pos)
		breaks |= x->marks[--x->n].breaks;
	xgrow(&x->marks, &x->cap, x->n + 1, sizeof(x->marks[0]));
	x->marks[x->n++] = (struct ringidx_mark){
		.frame = frame, .air_ns = air_ns, .pos = pos,
		.breaks = breaks,
	};
	x->broken = false;
	return &x->marks[x->n - 1];
}

/* A clock that was set back leaves marks from the future: these are as void
 * as those from long ago. */
static bool
is_stale(const struct ringidx *x, const struct ringidx_mark *m)
{
	int64_t keep = x->keep_ns != 0 ? x->keep_ns : RINGIDX_NS;
	int64_t newest = x->marks[x->n - 1].air_ns;

	return m->air_ns < newest - keep || m->air_ns > newest + keep;
}

uint64_t
ringidx_trim(struct ringidx *x, uint64_t tail, uint64_t head)
{
	size_t drop = 0;

	if (head > RINGIDX_BYTES && tail < head - RINGIDX_BYTES)
		tail = head - RINGIDX_BYTES;
	while (drop < x->n && (x->marks[drop].pos < tail ||
	    is_stale(x, &x->marks[drop])))
		drop++;
	if (drop > 0) {
		x->n -= drop;
		memmove(x->marks, x->marks + drop,
		    x->n * sizeof(x->marks[0]));
	}
	if (x->n > 0)
		tail = x->marks[0].pos;
	return tail;
}

const struct ringidx_mark *
ringidx_join(const struct ringidx *x, int64_t backlog_ns)
{
	size_t i = x->n;

	if (i == 0)
		return NULL;
	while (--i > 0)
		if (x->marks[x->n - 1].air_ns - x->marks[i].air_ns >=
		    backlog_ns)
			break;
	return &x->marks[i];
}

int64_t
ringidx_behind(const struct ringidx *x, uint64_t pos)
{
	size_t i = x->n;

	while (i > 1 && x->marks[i - 1].pos > pos)
		i--;
	return i > 0 ? x->marks[x->n - 1].air_ns - x->marks[i - 1].air_ns : 0;
}
