/* What the stream says is on now and next: all from the timeline, so that two
 * nodes say the same of any slot. */

#include "air/channel_child.h"

#include <stdlib.h>

#include "air/genre.h"
#include "base/xmem.h"
#include "plan/daytext.h"
#include "plan/language.h"
#include "plan/network.h"
#include "ts/eit.h"

/* Its place among the channels of the house. */
static void
place_in_network(struct channel *c)
{
	const struct chan *ch = timeline_chan(c->timeline);
	size_t n = ch->network != NULL ? ch->network->n : 0;
	struct mux_stream *v = xcalloc(n, sizeof *v);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct mux_stream){
			.ts_id = ch->network->v[i].ts_id,
			.height = ch->network->v[i].height,
		};
	mux_set_network(c->mux, ch->ts_id, v, n);
	free(v);
}

void
channel_describe(struct channel *c)
{
	const struct chan *ch = timeline_chan(c->timeline);
	char key[4];

	place_in_network(c);
	mux_describe(c->mux, ch->name, ch->format.height,
	    ch->language != NULL && language_key(ch->language, key) ? key :
	    NULL);
}

/* What is said in the slots [from, until). */
struct saying {
	int64_t from;
	int64_t until;
	struct buf present, following;
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
	char language[4], *subtitle = daytext_subtitle(p);
	struct eit_event e = {
		.id = (uint16_t)(start & 0xffff),
		.start = start,
		.duration = second_of(c, p->n1) - start,
		.title = p->title,
		.subtitle = subtitle,
		.description = p->description,
	};

	if (ch->language != NULL && language_key(ch->language, language))
		e.language = language;
	if (p->asset != NULL && !p->several) {
		e.content = genre_content(p->asset);
		e.age = genre_age(p->asset->about.rating, &e.country);
	}
	eit_event_put(out, &e);
	free(subtitle);
}

/* The broadcast day of slot n: first slot, and that of the next. */
static void
day_bounds(struct channel *c, int64_t n, int64_t *from, int64_t *until)
{
	struct timeline *tl = c->timeline;
	int64_t date = day_of(timeline_chan(tl), timeline_zone(tl),
	    rate_frame_ns(c->grid.rate, n) / NS_PER_S);

	*from = timeline_day(tl, date);
	*until = timeline_day(tl, date + 1);
}

/* Off the air since the last programme of that day. */
static void
gap_bounds(struct channel *c, int64_t n, int64_t *from, int64_t *until)
{
	const struct segment *s = timeline_at(c->timeline, n);

	day_bounds(c, n, from, until);
	while (s->programme == DAY_OFF_AIR && s->n0 > *from)
		s = timeline_at(c->timeline, s->n0 - 1);
	if (s->programme != DAY_OFF_AIR)
		*from = s->n1;
}

/* Programmes are written down at once: they are only lent. */
static struct saying
saying_at(struct channel *c, int64_t n)
{
	struct timeline *tl = c->timeline;
	const struct programme *p;
	struct saying s = { 0 };

	p = timeline_programme(tl, timeline_at(tl, n));
	if (p != NULL) {
		s.from = p->n0;
		s.until = p->n1;
		event_put(c, p, &s.present);
	} else {
		gap_bounds(c, n, &s.from, &s.until);
	}
	p = timeline_next(tl, n + 1);
	if (p != NULL) {
		if (p->n0 < s.until)
			s.until = p->n0;
		event_put(c, p, &s.following);
	}
	return s;
}

void
channel_say(struct channel *c, int64_t n)
{
	struct saying s;

	if (n < c->said_until)
		return;
	s = saying_at(c, n);
	c->said_until = s.until;
	mux_events(c->mux, s.from, s.until, timeline_changes(c->timeline, n),
	    &s.present, &s.following);
	buf_fini(&s.present);
	buf_fini(&s.following);
}
