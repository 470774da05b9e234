/* What the stream says is on now and next: all from the timeline, so that two
 * nodes say the same of any slot. */

#include "air/channel_child.h"
#include "air/genre.h"
#include "plan/language.h"
#include "plan/seed.h"
#include "ts/eit.h"

/* What is said from a slot on, until something else is. */
struct saying {
	int64_t from;		/* 0: off the air since who knows when */
	int64_t until;		/* INT64_MAX: nothing is known to come */
	struct buf present, following;
	uint64_t digest;
};

static int64_t
second_of(const struct channel *c, int64_t n)
{
	return rate_ticks(c->grid.rate, n, 1);
}

/* The first frame names it: so long as it is no more than 18 hours from
 * another one, no other has that name. */
static void
event_put(struct channel *c, const struct programme *p, struct buf *out)
{
	const struct chan *ch = timeline_chan(c->timeline);
	int64_t start = second_of(c, p->n0);
	char language[4];
	struct eit_event e = {
		.id = (uint16_t)(start & 0xffff),
		.start = start,
		.duration = second_of(c, p->n1) - start,
		.title = p->title,
		.subtitle = p->subtitle,
		.description = p->description,
	};

	if (ch->language != NULL && language_key(ch->language, language))
		e.language = language;
	if (p->asset != NULL) {
		if (e.description == NULL)
			e.description = p->asset->about.plot;
		e.content = genre_content(p->asset);
		e.age = genre_age(p->asset->about.rating, &e.country);
	}
	eit_event_put(out, &e);
}

static uint64_t
digest_add(uint64_t digest, const struct buf *b)
{
	digest = seed_add(digest, b->len);
	for (size_t i = 0; i < b->len; i++)
		digest = seed_add(digest, b->data[i]);
	return digest;
}

/* Programmes are written down at once: they are only lent. */
static struct saying
saying_at(struct channel *c, int64_t n)
{
	struct timeline *tl = c->timeline;
	const struct programme *p;
	struct saying s = { .until = INT64_MAX };

	p = timeline_programme(tl, timeline_at(tl, n));
	if (p != NULL) {
		s.from = p->n0;
		s.until = p->n1;
		event_put(c, p, &s.present);
	}
	p = timeline_next(tl, n + 1);
	if (p != NULL) {
		if (p->n0 < s.until)
			s.until = p->n0;
		event_put(c, p, &s.following);
	}
	s.digest = digest_add(digest_add(0, &s.present), &s.following);
	return s;
}

static void
saying_fini(struct saying *s)
{
	buf_fini(&s->present);
	buf_fini(&s->following);
}

void
channel_say(struct channel *c, int64_t n)
{
	struct saying now, next = { 0 };

	if (n < c->said_until)
		return;
	now = saying_at(c, n);
	c->said_until = now.until;
	if (now.until != INT64_MAX)
		next = saying_at(c, now.until);
	else
		c->said_until = n + c->grid.gop;	/* look again */
	mux_events(c->mux, now.from, now.until,
	    eit_version((uint32_t)now.digest, (uint32_t)next.digest),
	    &now.present, &now.following);
	saying_fini(&now);
	saying_fini(&next);
}
