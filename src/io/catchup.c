#include "io/catchup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/instant.h"
#include "base/uri.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/discard.h"
#include "io/gate.h"
#include "io/logfile.h"
#include "media/tlogfile.h"

#define KNOWN_S		(2 * 86400)	/* of stored logs, from there on */
#define HOUR_NS		(3600 * NS_PER_S)

enum session_state {
	SESSION_READING,	/* the thread has it */
	SESSION_ON,
	SESSION_ENDING,		/* its children are */
};

struct session {
	LIST_ENTRY(session) link;
	struct catchups *owner;
	enum session_state state;
	uint64_t number;
	struct edition *edition;	/* held */
	size_t channel;			/* of the edition */
	int64_t at_ns;			/* what the viewer asked for */
	int64_t offset_ns;		/* its clock - the monotonic one */
	struct http_ticket *ticket;
	uv_work_t work;
	struct timeline *timeline;	/* the thread's, then ours */
	struct errs errs;		/* logs that cannot be believed */
	struct feed *feed;
};

LIST_HEAD(sessions, session);

struct catchups {
	struct catchups_env env;
	char *dir;			/* of the transmission logs */
	struct edition *edition;	/* the newest, held; or NULL */
	struct sessions sessions;
	size_t n;
	uint64_t last;			/* session's number */
	bool ended;
};

static int64_t
house_now(const struct catchups *c)
{
	return c->env.feed.now(c->env.feed.ctx);
}

/* ---- What its feed is told of the world */

/* Once it has begun its viewer has no part in what the house's clock is set
 * to. */
static int64_t
session_now(void *ctx)
{
	const struct session *s = ctx;

	return (int64_t)uv_hrtime() + s->offset_ns;
}

static void
session_wake(void *ctx)
{
	const struct session *s = ctx;

	s->owner->env.feed.wake(s->owner->env.feed.ctx);
}

static bool
session_may_spawn(void *ctx)
{
	const struct session *s = ctx;

	return s->owner->env.feed.may_spawn(s->owner->env.feed.ctx);
}

/* ---- Its end */

/* What a hundred thousand assets hang on is not freed on the loop. */
static void
free_work(uv_work_t *w)
{
	struct session *s = w->data;

	timeline_free(s->timeline);
	edition_free(s->edition);
}

static void
free_done(uv_work_t *w, int status)
{
	(void)status;
	free(w->data);
}

static void
session_free(struct session *s)
{
	LIST_REMOVE(s, link);
	s->owner->n--;
	errs_fini(&s->errs);
	s->work.data = s;
	uv_queue_work(s->owner->env.feed.loop, &s->work, free_work,
	    free_done);
}

static void
session_end(struct session *s)
{
	if (s->state != SESSION_ON)
		return;
	s->state = SESSION_ENDING;
	logfile(LOG_INFO, "catchup", "channel=%s event=end session=%" PRIu64,
	    logfile_value(feed_chan(s->feed)->number), s->number);
	feed_retire(s->feed);
}

/* ---- Its begin */

static void
read_work(uv_work_t *w)
{
	struct session *s = w->data;
	const struct edition *ed = s->edition;
	const struct chan *ch = ed->cfg->chans[s->channel];
	const struct tlogfile_start start = {
		.dir = s->owner->dir, .library = ed->library,
		.now_ns = s->at_ns, .lock_s = KNOWN_S,
	};
	int64_t n = rate_frame_at(ch->format.rate, s->at_ns);

	s->timeline = timeline_new(ch, ed->library, ed->zones[s->channel],
	    ed->cfg->station->since_days);
	tlogfile_start(s->timeline, &start, &s->errs);
	/* The loop cannot wait for more. */
	timeline_at(s->timeline, n);
	timeline_at(s->timeline, rate_frame_at(ch->format.rate, s->at_ns +
	    24 * HOUR_NS));
	timeline_settle(s->timeline);
}

/* It has its backlog at once, like any viewer, of what has been by now. */
static void
clock_begin(struct session *s, int64_t backlog_ns)
{
	int64_t ago = house_now(s->owner) - s->at_ns;
	int64_t ahead = ago < backlog_ns ? ago : backlog_ns;

	/* The house's may have been set back since it was asked for. */
	s->offset_ns = s->at_ns + (ahead > 0 ? ahead : 0) -
	    (int64_t)uv_hrtime();
}

static void
feed_begin(struct session *s)
{
	struct feed_env env = s->owner->env.feed;
	const struct edition *ed = s->edition;
	size_t i = s->channel;

	env.now = session_now;
	env.stepped = NULL;
	env.wake = session_wake;
	env.may_spawn = session_may_spawn;
	env.ctx = s;
	env.again_ns = s->at_ns;
	clock_begin(s, ed->cfg->chans[i]->backlog_ns);
	s->feed = feed_new(&env, ed->cfg->chans[i]);
	feed_tune(s->feed, ed->cfg->station);
	feed_update(s->feed, ed->cfg->chans[i], s->timeline, ed->pads[i],
	    ed->slates[i], &ed->caps);
}

static void
read_done(uv_work_t *w, int status)
{
	struct session *s = w->data;
	struct http_answer a = { .status = 200, .type = "video/mp2t" };
	bool wanted = !s->owner->ended && !http_ticket_gone(s->ticket);
	const char *why = "the daemon ends";

	(void)status;
	for (size_t i = 0; i < s->errs.n; i++)
		logfile(LOG_WARN, "tlog", "file=%s text=%s",
		    logfile_value(s->errs.items[i].file),
		    logfile_value(s->errs.items[i].text));
	if (wanted) {
		s->state = SESSION_ON;
		feed_begin(s);
		why = feed_reason(s->feed);
	}
	if (why == NULL)
		a.stream = feed_relay(s->feed);
	else
		answer_text(&a, 503, why);
	http_settle(s->ticket, &a);
	s->ticket = NULL;
	if (!wanted)
		session_free(s);
	else if (relay_counts(feed_relay(s->feed)).viewers == 0)
		session_end(s);
}

/* The channel in the newest edition, or its number of channels. */
static size_t
channel_find(const struct catchups *c, const char *slug)
{
	size_t i = 0, n = c->edition != NULL ? c->edition->cfg->nchans : 0;

	while (i < n && strcmp(c->edition->cfg->chans[i]->slug, slug) != 0)
		i++;
	return i;
}

static void
session_begin(struct catchups *c, const struct http_request *q,
    size_t channel, int64_t at_ns)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->owner = c;
	s->number = ++c->last;
	s->edition = edition_ref(c->edition);
	s->channel = channel;
	s->at_ns = at_ns;
	s->ticket = http_hold(q);
	s->work.data = s;
	LIST_INSERT_HEAD(&c->sessions, s, link);
	c->n++;
	logfile(LOG_INFO, "catchup", "channel=%s event=begin session=%" PRIu64
	    " ago_s=%" PRId64 " peer=%s",
	    logfile_value(c->edition->cfg->chans[channel]->number), s->number,
	    (house_now(c) - at_ns) / NS_PER_S, logfile_value(q->peer));
	uv_queue_work(c->env.feed.loop, &s->work, read_work, read_done);
}

/* Why nobody gets that, with its status; NULL: he may. */
static const char *
refusal(const struct pages *g, struct feed *f, int64_t at_ns, int *status)
{
	const struct catchups *c = g->catchups;
	const struct chan *ch = feed_chan(f);
	int64_t ago = house_now(c) - at_ns;

	*status = 404;
	if (ch->catchup_h == 0)
		return "this channel has no catch-up";
	*status = 403;
	if (ago < 0)
		return "that is still to come";
	if (ago > ch->catchup_h * HOUR_NS)
		return "that is too long ago";
	*status = 503;
	if (feed_reason(f) != NULL)
		return feed_reason(f);
	if ((int64_t)c->n >= g->station->gate.limits.catchups)
		return "too many watch what has aired: try again later";
	if (c->ended || channel_find(c, ch->slug) == c->edition->cfg->nchans)
		return "not now: try again later";
	return NULL;
}

bool
catchup_answer(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	char *text = uri_query(q->query, "at");
	int64_t at_ns;
	const char *why;
	int status;

	if (text == NULL)
		return false;
	at_ns = instant_parse_player(text);
	free(text);
	if (at_ns < 0) {
		answer_text(a, 400, "at must be a time like "
		    "2026-01-15T14:30:00Z, or seconds since 1970");
	} else if ((why = refusal(g, f, at_ns, &status)) != NULL) {
		answer_text(a, status, why);
	} else if (q->head) {
		a->status = 200;
		a->stream = feed_relay(f);
	} else if (!gate_is_full(g, q, false, a)) {
		a->status = 200;
		session_begin(g->catchups, q, channel_find(g->catchups,
		    feed_chan(f)->slug), at_ns);
	}
	return true;
}

/* ---- All of them */

struct catchups *
catchups_new(const struct catchups_env *env)
{
	struct catchups *c = xcalloc(1, sizeof *c);

	c->env = *env;
	c->dir = tlogfile_dir(env->state_dir);
	LIST_INIT(&c->sessions);
	return c;
}

void
catchups_take(struct catchups *c, struct edition *ed)
{
	if (c->edition != NULL)
		discard_edition(c->env.feed.loop, c->edition);
	c->edition = edition_ref(ed);
}

int64_t
catchups_step(struct catchups *c, int64_t now, int64_t next)
{
	struct session *s, *after;

	for (s = LIST_FIRST(&c->sessions); s != NULL; s = after) {
		int64_t was, at;

		after = LIST_NEXT(s, link);
		if (s->state == SESSION_READING)
			continue;
		was = session_now(s);
		at = feed_step(s->feed, was);
		if (at - was < next - now)
			next = now + (at - was);
		if (s->state == SESSION_ON &&
		    relay_counts(feed_relay(s->feed)).viewers == 0)
			session_end(s);
		if (s->state == SESSION_ENDING && feed_idle(s->feed)) {
			feed_close(s->feed);
			session_free(s);
		}
	}
	return next;
}

void
catchups_end(struct catchups *c)
{
	struct session *s;

	c->ended = true;
	LIST_FOREACH(s, &c->sessions, link)
		session_end(s);
}

bool
catchups_idle(const struct catchups *c)
{
	struct session *s;

	LIST_FOREACH(s, &c->sessions, link)
		if (s->feed != NULL && !feed_idle(s->feed))
			return false;
	return true;
}

void
catchups_kill(struct catchups *c)
{
	struct session *s;

	LIST_FOREACH(s, &c->sessions, link)
		if (s->feed != NULL)
			feed_kill(s->feed);
}

void
catchups_close(struct catchups *c)
{
	struct session *s, *after;

	c->ended = true;
	for (s = LIST_FIRST(&c->sessions); s != NULL; s = after) {
		after = LIST_NEXT(s, link);
		if (s->feed == NULL)
			continue;
		feed_close(s->feed);
		session_free(s);
	}
}

void
catchups_free(struct catchups *c)
{
	edition_free(c->edition);
	free(c->dir);
	free(c);
}

void
catchups_list(const struct catchups *c, void (*each)(void *ctx,
    struct feed *f, uint64_t number), void *ctx)
{
	struct session *s;

	LIST_FOREACH(s, &c->sessions, link)
		if (s->state == SESSION_ON)
			each(ctx, s->feed, s->number);
}
