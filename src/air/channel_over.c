/* What the operator puts above the timeline, while the channel is on the air:
 * where it begins and where it ends, so that what was read ahead of children
 * airs up to a place where they are whole, and others are there by then. */

#include "air/channel_child.h"

#include <stdio.h>

#define LEAD_NS		(NS_PER_S * 3 / 2)	/* a child needs to begin in */
#define ROW_S		600	/* of slate in one row of the as-run log */

/* Where something else can begin: at once, or when its child can be there. */
static int64_t
place(struct channel *c, bool child, int64_t now, struct channel_out *out)
{
	int64_t n = rate_frame_at(c->grid.rate, now);

	if (!c->on_air)
		return n;
	if (child)
		n = rate_frame_from(c->grid.rate, now + LEAD_NS);
	return kids_cut(c, n > c->next ? n : c->next, now, out);
}

/* What has aired is forgotten, off the air as much later as a backlog is. */
static void
prune(struct channel *c, int64_t now)
{
	overrides_prune(&c->overrides, c->on_air ? c->next - 1 :
	    rate_frame_at(c->grid.rate, now) - kids_seconds(c, ROW_S));
}

/* Children of what is not to air any more are ended, others wanted. */
static void
changed(struct channel *c, int64_t now, struct channel_out *out)
{
	prune(c, now);
	(void)kids_compare(c, now, out);
}

void
channel_shift(struct channel *c, int64_t by, int64_t now)
{
	prune(c, now - by);
	overrides_shift(&c->overrides,
	    rate_frames_of_us(c->grid.rate, by / (NS_PER_S / US_PER_S)),
	    rate_frame_at(c->grid.rate, now));
}

int64_t
channel_take_over(struct channel *c, const struct override *o, int64_t now,
    struct channel_out *out)
{
	struct override put = *o;

	if (put.n0 == SLOT_NONE)
		put.n0 = place(c, o->kind == OVERRIDE_FILE, now, out);
	if (put.origin == SLOT_NONE)
		put.origin = put.n0;
	if (put.span != 0)
		put.n1 = put.origin + put.span;
	if (put.kind == OVERRIDE_SLATE)
		put.frames = kids_seconds(c, ROW_S);
	overrides_put(&c->overrides, &put);
	changed(c, now, out);
	return put.n0;
}

/* The last one, if it has not ended by slot n. */
static const struct override *
standing(const struct channel *c, int64_t n)
{
	const struct overrides *s = &c->overrides;

	return s->n > 0 && s->v[s->n - 1].n1 > n ? &s->v[s->n - 1] : NULL;
}

bool
channel_is_overridden(const struct channel *c, int64_t now)
{
	return standing(c, c->on_air ? c->next :
	    rate_frame_at(c->grid.rate, now)) != NULL;
}

bool
channel_release(struct channel *c, const char *why, int64_t now,
    struct channel_out *out)
{
	if (!channel_is_overridden(c, now))
		return false;
	overrides_end(&c->overrides, place(c, true, now, out), why);
	changed(c, now, out);
	return true;
}

/* Where the block ends that slot n is in, as it is seen. */
static int64_t
block_end(struct channel *c, int64_t n, const struct sight *s)
{
	return s->by != NULL ? s->by->n1 :
	    timeline_item_end(c->timeline, n);
}

const char *
channel_skip(struct channel *c, const char *why, int64_t now,
    struct channel_out *out)
{
	struct override o = { .kind = OVERRIDE_SKIP };
	struct sight is, then;
	int64_t n;

	if (!c->on_air)
		return "off the air: there is nothing to skip";
	n = rate_frame_from(c->grid.rate, now + LEAD_NS);
	n = n > c->next ? n : c->next;
	is = channel_sight(c, c->next);
	if (standing(c, n) != NULL && standing(c, n)->kind != OVERRIDE_SKIP)
		return "a takeover is on: release it first";
	if (is.by != NULL && is.by->kind == OVERRIDE_SKIP && is.ahead == 0)
		return "the block has nothing more: filler airs to its end";
	then = channel_sight(c, n);
	if (then.segment.n0 - then.ahead != is.segment.n0 - is.ahead)
		return NULL;		/* it ends by itself */
	n = place(c, true, now, out);
	o.n0 = n;
	o.n1 = block_end(c, n, &then);
	o.ahead = then.segment.n1 - n;
	o.rest = o.n1 - o.ahead > n ? o.n1 - o.ahead : n;
	snprintf(o.why, sizeof o.why, "%s", why);
	if (o.ahead > then.ahead && o.n0 < o.n1)
		overrides_put(&c->overrides, &o);
	changed(c, now, out);
	return NULL;
}

struct sight
channel_at(struct channel *c, int64_t n)
{
	return channel_sight(c, n);
}
