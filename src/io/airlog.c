#include "io/airlog.h"

#include <inttypes.h>
#include <string.h>

#include "io/logfile.h"

static void
on_air(const struct chan *ch, const struct channel_event *e)
{
	const struct segment *s = &e->segment;

	logfile(LOG_INFO, "stream_created", "channel=%s event_id=%s-%" PRId64
	    " kind=%s frames=%" PRId64 " slot=%" PRId64 " late_ms=%" PRId64
	    ".%03" PRId64 " airs=%s asset=%s", logfile_value(ch->number),
	    ch->slug, s->n0, segment_kind_name(s->kind), s->n1 - s->n0,
	    e->slot, e->late_ns / 1000000, e->late_ns / 1000 % 1000,
	    channel_airs_name(e->airs),
	    s->asset != NULL ? logfile_value(s->asset->path) : "-");
}

static void
off_air(const struct chan *ch, const struct channel_event *e)
{
	const struct channel_source *f = &e->from;

	logfile(LOG_INFO, "stream_ended", "channel=%s event_id=%s-%" PRId64
	    " asset=%" PRId64 " pad=%" PRId64 " filler=%" PRId64 " slate=%"
	    PRId64 " held=%" PRId64, logfile_value(ch->number), ch->slug,
	    e->segment.n0, f->asset, f->pad, f->filler, f->slate, e->held);
}

static void
trouble(const struct chan *ch, const struct channel_event *e,
    const char *name, uint64_t times)
{
	const struct asset *a = e->segment.asset;

	logfile(LOG_WARN, "mpegts_stream", "channel=%s event=%s event_id=%s-%"
	    PRId64 " slot=%" PRId64 " asset=%s cause=%s times=%" PRIu64,
	    logfile_value(ch->number), name, ch->slug, e->segment.n0, e->slot,
	    a != NULL ? logfile_value(a->path) : "-",
	    e->text[0] != '\0' ? logfile_value(e->text) : "-", times);
}

static void
slow(const struct chan *ch, const struct channel_event *e)
{
	const struct asset *a = e->segment.asset;

	logfile(LOG_WARN, "child_slow", "channel=%s event_id=%s-%" PRId64
	    " speed=%d.%02d asset=%s", logfile_value(ch->number), ch->slug,
	    e->segment.n0, e->speed / 100, e->speed % 100,
	    a != NULL ? logfile_value(a->path) : "-");
}

/* How often this very thing has happened, this time included. */
static uint64_t
failure_count(struct airlog *l, const struct channel_event *e)
{
	struct airlog_failure *f;

	l->failures++;
	for (size_t i = 0; i < AIRLOG_FAILURES; i++) {
		f = &l->last[i];
		if (f->times != 0 && f->n0 == e->segment.n0 &&
		    strcmp(f->text, e->text) == 0)
			return ++f->times;
	}
	f = &l->last[l->next++ % AIRLOG_FAILURES];
	*f = (struct airlog_failure){ .n0 = e->segment.n0, .times = 1 };
	memcpy(f->text, e->text, sizeof f->text);
	return 1;
}

void
airlog_event(struct airlog *l, const struct chan *ch,
    const struct channel_event *e)
{
	uint64_t times;

	switch (e->kind) {
	case EVENT_ON_AIR:
		on_air(ch, e);
		break;
	case EVENT_OFF_AIR:
		off_air(ch, e);
		break;
	case EVENT_CHILD_SLOW:
		slow(ch, e);
		break;
	case EVENT_PAD:
		trouble(ch, e, "pad", 1);
		break;
	case EVENT_REJOINED:
		trouble(ch, e, "programme", 1);
		break;
	case EVENT_FILLER:
		trouble(ch, e, "filler", 1);
		break;
	case EVENT_BAD_ASSET:
		trouble(ch, e, "bad_asset", 1);
		break;
	case EVENT_CHILD_FAILED:
		times = failure_count(l, e);
		if ((times & (times - 1)) == 0)
			trouble(ch, e, "child_failed", times);
		break;
	}
}
