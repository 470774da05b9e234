#include "io/airlog.h"

#include <inttypes.h>

#include "io/logfile.h"

static void
on_air(const struct chan *ch, const struct channel_event *e)
{
	const struct segment *s = &e->segment;

	logfile(LOG_INFO, "stream_created", "channel=%s event_id=%s-%" PRId64
	    " kind=%s frames=%" PRId64 " slot=%" PRId64 " late_ms=%" PRId64
	    ".%03" PRId64 " asset=%s", logfile_value(ch->number),
	    ch->slug, s->n0, segment_kind_name(s->kind), s->n1 - s->n0,
	    e->slot, e->late_ns / 1000000, e->late_ns / 1000 % 1000,
	    s->asset != NULL ? logfile_value(s->asset->path) : "-");
}

void
airlog_event(const struct chan *ch, const struct channel_event *e)
{
	const char *name = e->kind == EVENT_PAD ? "pad" :
	    e->kind == EVENT_REJOINED ? "programme" : "child_failed";
	const struct asset *a = e->segment.asset;

	if (e->kind == EVENT_ON_AIR) {
		on_air(ch, e);
		return;
	}
	logfile(LOG_WARN, "mpegts_stream", "channel=%s event=%s event_id=%s-%"
	    PRId64 " slot=%" PRId64 " asset=%s cause=%s",
	    logfile_value(ch->number), name, ch->slug,
	    e->segment.n0, e->slot, a != NULL ? logfile_value(a->path) : "-",
	    e->text[0] != '\0' ? logfile_value(e->text) : "-");
}
