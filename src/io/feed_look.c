#include "io/feed_parts.h"

bool
feed_is_wanted(const struct feed *f)
{
	return !f->ended && !f->barred && (feed_viewers(f) != 0 || f->held ||
	    (f->chan->always && f->env.again_ns == 0));
}

bool
feed_waits(const struct feed *f)
{
	return f->channel == NULL;
}

const char *
feed_reason(const struct feed *f)
{
	return f->reason;
}

bool
feed_idle(const struct feed *f)
{
	return f->nprocs == 0 && f->nwaiting == 0 &&
	    (f->channel == NULL || channel_idle(f->channel));
}

const struct chan *
feed_chan(const struct feed *f)
{
	return f->chan;
}

const char *
feed_fault(const struct feed *f)
{
	if (f->reason != NULL)
		return f->reason;
	if (feed_is_wanted(f) && uv_now(f->env.loop) > f->silent_ms)
		return "on the air, but nothing has come for two seconds";
	return NULL;
}

bool
feed_barred(const struct feed *f)
{
	return f->barred;
}

void
feed_forgive(struct feed *f)
{
	if (f->channel != NULL)
		channel_forgive(f->channel);
}

void
feed_order_as(struct feed *f, const struct feed *other)
{
	f->held = other->held;
	f->barred = other->barred;
}

struct tally
feed_tally(const struct feed *f)
{
	struct channel_source now = feed_counts(f).from;
	struct tally t = f->tally;

	tally_aired(&t, &now);
	return t;
}

struct channel_counts
feed_counts(const struct feed *f)
{
	return f->channel != NULL ? channel_counts(f->channel) :
	    (struct channel_counts){ 0 };
}

uint64_t
feed_failures(const struct feed *f)
{
	return f->log.failures;
}

struct relay *
feed_relay(struct feed *f)
{
	return f->relay;
}

struct hls_server *
feed_hls(struct feed *f)
{
	return f->hls;
}

size_t
feed_viewers(const struct feed *f)
{
	return f->watching + f->asking;
}

struct timeline *
feed_timeline(struct feed *f)
{
	return f->timeline;
}

struct sight
feed_at(struct feed *f, int64_t n)
{
	return channel_at(f->channel, n);
}

bool
feed_on_air(const struct feed *f)
{
	return f->channel != NULL && channel_on_air(f->channel);
}

enum channel_airs
feed_airs(const struct feed *f)
{
	return f->channel != NULL ? channel_airs(f->channel) : AIRS_NOTHING;
}

struct channel_state
feed_state(const struct feed *f)
{
	return f->channel != NULL ? channel_state(f->channel) :
	    (struct channel_state){ 0 };
}
