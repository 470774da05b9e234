#include "plan/network.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/chan.h"
#include "plan/seed.h"

static int
compare_slugs(const void *a, const void *b)
{
	return strcmp((*(struct chan *const *)a)->slug,
	    (*(struct chan *const *)b)->slug);
}

static bool
is_taken(const struct network *net, uint16_t id)
{
	for (size_t i = 0; i < net->n; i++)
		if (net->v[i].ts_id == id)
			return true;
	return false;
}

/* From 1 to 0xffff. */
static uint16_t
free_id(const struct network *net, const char *slug)
{
	uint64_t n = seed_text(slug);

	while (is_taken(net, (uint16_t)(1 + n % 0xffff)))
		n++;
	return (uint16_t)(1 + n % 0xffff);
}

void
network_make(struct network *net, struct chan *const *chans, size_t n)
{
	struct chan **by_slug = xcalloc(n, sizeof *by_slug);

	*net = (struct network){ .v = xcalloc(n, sizeof *net->v) };
	for (size_t i = 0; i < n; i++)
		by_slug[i] = chans[i];
	if (n > 0)
		qsort(by_slug, n, sizeof *by_slug, compare_slugs);
	for (size_t i = 0; i < n; i++) {
		struct chan *ch = by_slug[i];

		ch->ts_id = free_id(net, ch->slug);
		ch->network = net;
		net->v[net->n++] = (struct network_stream){
			ch->ts_id, ch->format.height,
		};
	}
	free(by_slug);
}

void
network_fini(struct network *net)
{
	free(net->v);
}
