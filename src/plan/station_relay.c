/* How the station's streams reach viewers. */

#include "plan/station_parts.h"

#include "base/arith.h"
#include "plan/conf.h"

#define BACKLOG_S	5	/* players based on ffmpeg read so much first */
#define RING_S		66	/* no less: HLS lists so much */
#define RING_MAX_S	600
#define COALESCE_MS	100
#define COALESCE_MAX_MS	1000

void
station_read_relay(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "relay");
	int64_t backlog = BACKLOG_S, ring = RING_S, coalesce = COALESCE_MS;

	CONF_KEYS(e, m, "backlog", "ring_s", "coalesce_ms", "sendfile");
	conf_duration(e, m, "backlog", 0, STATION_BACKLOG_MAX_S, &backlog);
	conf_int(e, m, "ring_s", RING_S, RING_MAX_S, &ring);
	conf_int(e, m, "coalesce_ms", 0, COALESCE_MAX_MS, &coalesce);
	st->relay = (struct station_relay){
		.backlog_ns = backlog * NS_PER_S,
		.ring_ns = ring * NS_PER_S,
		.coalesce_ms = (int)coalesce,
		.sendfile = true,
	};
	conf_bool(e, m, "sendfile", &st->relay.sendfile);
}
