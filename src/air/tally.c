#include "air/tally.h"

#include <stdio.h>

static const int bounds_ms[TALLY_NJOINS - 1] = TALLY_JOIN_MS;

const char *
tally_exit_name(enum tally_exit e)
{
	static const char *const names[] = {
#define X(name) [TALLY_##name] = #name,
		TALLY_EXITS(X)
#undef X
	};

	return names[e];
}

static void
join_add(struct tally *t, int64_t late_ns)
{
	size_t i = 0;

	while (i < TALLY_NJOINS - 1 && late_ns > bounds_ms[i] *
	    (NS_PER_S / 1000))
		i++;
	t->joins[i]++;
	t->join_ns += late_ns;
}

void
tally_event(struct tally *t, const struct channel_event *e)
{
	if (e->kind == EVENT_ON_AIR && e->slot == e->segment.n0 && !e->cold)
		join_add(t, e->late_ns);
	if (e->kind == EVENT_OFF_AIR)
		tally_aired(t, &e->from);
}

void
tally_aired(struct tally *t, const struct channel_source *from)
{
	t->aired.asset += from->asset;
	t->aired.pad += from->pad;
	t->aired.filler += from->filler;
	t->aired.slate += from->slate;
}

void
tally_join_bound(char out[16], size_t i)
{
	if (i == TALLY_NJOINS - 1)
		(void)snprintf(out, 16, "+Inf");
	else
		(void)snprintf(out, 16, "%d.%03d", bounds_ms[i] / 1000,
		    bounds_ms[i] % 1000);
}
