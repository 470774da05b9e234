#include "air/preroll.h"

#include <stdbool.h>
#include <string.h>

#include "base/arith.h"

#define SHORTEST_NS	(3 * NS_PER_S)
#define LONGEST_NS	(20 * NS_PER_S)
#define FORGET		8	/* a quicker start takes so much of it away */

static bool
is_kind(const struct preroll_kind *k, const struct asset *a)
{
	return k->height == a->height &&
	    strcmp(k->codec, a->video_codec) == 0;
}

size_t
preroll_kind(struct preroll *p, const struct asset *a)
{
	struct preroll_kind *k;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (is_kind(&p->kinds[i], a))
			return i;
	if (p->n < PREROLL_KINDS)
		p->n++;
	else
		i = p->next++ % PREROLL_KINDS;
	k = &p->kinds[i];
	*k = (struct preroll_kind){ .height = a->height };
	memcpy(k->codec, a->video_codec, sizeof k->codec);
	return i;
}

void
preroll_note(struct preroll *p, size_t kind, int64_t took_ns)
{
	struct preroll_kind *k = &p->kinds[kind];

	if (took_ns > k->slowest_ns)
		k->slowest_ns = took_ns;
	else
		k->slowest_ns -= (k->slowest_ns - took_ns) / FORGET;
}

static int64_t
within_limits(int64_t ns)
{
	return ns < SHORTEST_NS ? SHORTEST_NS :
	    ns > LONGEST_NS ? LONGEST_NS : ns;
}

int64_t
preroll_ns(const struct preroll *p, const struct asset *a)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_kind(&p->kinds[i], a))
			return within_limits(2 * p->kinds[i].slowest_ns);
	return SHORTEST_NS;
}

int64_t
preroll_longest_ns(const struct preroll *p)
{
	int64_t longest = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->kinds[i].slowest_ns > longest)
			longest = p->kinds[i].slowest_ns;
	return within_limits(2 * longest);
}
