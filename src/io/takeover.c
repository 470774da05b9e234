#include "io/takeover.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uri.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/logfile.h"
#include "media/files.h"
#include "media/look.h"
#include "media/takeoverfile.h"
#include "plan/value.h"

#define PROBE_MS	4000	/* an operator does not wait longer */
#define LOOKS_MAX	8	/* at files, at a time */
#define SPAN_MAX_S	(31 * 86400)
#define SHORTEST_US	US_PER_S	/* a child a second is enough */

struct takeovers {
	struct takeovers_env env;
	char *path;
	struct takeover_list list;
	int64_t stepped;		/* the clock has, before list's times */
	size_t looks;			/* under way */
	bool saving, unsaved;
	volatile int stop;		/* the daemon ends */
};

/* A file is looked at: for an operator who waits, or after a start. */
struct look {
	struct takeovers *owner;
	struct http_ticket *ticket;	/* NULL: nobody waits */
	uv_work_t work;
	char *file;			/* NULL: the slate */
	struct asset asset;		/* the thread's, then the answer */
	char *channel;			/* a slug; NULL: all */
	int64_t span_s;			/* 0: until it is released */
	char *why;
	bool again;			/* it is in the list already */
};

/* ---- On disk */

struct save {
	struct takeovers *owner;
	uv_work_t work;
	char *path;
	struct buf text;
	int error;
};

static void save(struct takeovers *t);

static void
save_work(uv_work_t *w)
{
	struct save *s = w->data;

	if (files_replace(s->path, s->text.data, s->text.len) < 0)
		s->error = errno;
}

static void
save_done(uv_work_t *w, int status)
{
	struct save *s = w->data;
	struct takeovers *t = s->owner;

	(void)status;
	if (s->error != 0)
		logfile(LOG_WARN, "takeover", "event=not_stored file=%s text=%s",
		    logfile_value(s->path), logfile_value(strerror(s->error)));
	free(s->path);
	buf_fini(&s->text);
	free(s);
	t->saving = false;
	if (t->unsaved)
		save(t);
}

/* One after the other: the last word counts. */
static void
save(struct takeovers *t)
{
	struct save *s;

	t->unsaved = t->saving;
	if (t->saving)
		return;
	t->saving = true;
	s = xcalloc(1, sizeof *s);
	s->owner = t;
	s->path = xstrdup(t->path);
	s->work.data = s;
	takeoverfile_print(&t->list, &s->text);
	uv_queue_work(t->env.loop, &s->work, save_work, save_done);
}

/* ---- What holds for which channel */

/* The time, when the list is by it: a takeover goes by time that passes. */
static int64_t
now_of(struct takeovers *t)
{
	int64_t now = t->env.now(t->env.ctx);
	int64_t by = t->env.stepped(t->env.ctx) - t->stepped;

	takeover_list_shift(&t->list, by);
	t->stepped += by;
	return now;
}

static void
list_remove(struct takeover_list *l, size_t i)
{
	takeover_fini(&l->v[i]);
	l->n--;
	memmove(&l->v[i], &l->v[i + 1], (l->n - i) * sizeof *l->v);
}

/* Those of the channel go, and those whose time is over. */
static void
list_clean(struct takeovers *t, const char *slug)
{
	int64_t now = now_of(t);

	for (size_t i = t->list.n; i-- > 0;)
		if (strcmp(t->list.v[i].channel, slug) == 0 ||
		    t->list.v[i].until_ns <= now)
			list_remove(&t->list, i);
}

static const struct takeover *
list_find(struct takeovers *t, const char *slug)
{
	int64_t now = now_of(t);

	for (size_t i = 0; i < t->list.n; i++)
		if (strcmp(t->list.v[i].channel, slug) == 0 &&
		    t->list.v[i].until_ns > now)
			return &t->list.v[i];
	return NULL;
}

static struct override
override_make(const struct asset *asset, struct rate rate, const char *why)
{
	struct override o = {
		.kind = OVERRIDE_SLATE, .n0 = SLOT_NONE, .origin = SLOT_NONE,
		.n1 = OVERRIDE_EVER,
	};

	snprintf(o.why, sizeof o.why, "%s", why);
	if (asset != NULL) {
		o.kind = OVERRIDE_FILE;
		o.asset = xcalloc(1, sizeof *o.asset);
		asset_copy(o.asset, asset);
		o.frames = rate_frames_of_us(rate, asset->duration_us);
	}
	return o;
}

/* Where it would be by now had nothing happened; asset NULL: the slate. */
static void
put_again(struct feed *f, const struct takeover *k, const struct asset *asset)
{
	struct rate r = feed_chan(f)->format.rate;
	struct override o = override_make(asset, r, k->why);

	o.origin = rate_frame_at(r, k->from_ns);
	if (asset == NULL || !feed_on_air(f))
		o.n0 = o.origin;
	if (k->until_ns != INT64_MAX)
		o.n1 = rate_frame_at(r, k->until_ns);
	(void)feed_take_over(f, &o);
}

/* The channel is taken over from now on. */
static void
put(struct takeovers *t, struct feed *f, const struct look *l)
{
	const struct chan *ch = feed_chan(f);
	struct rate r = ch->format.rate;
	const struct asset *asset = l->file != NULL ? &l->asset : NULL;
	struct override o = override_make(asset, r, l->why);
	struct takeover k = { .until_ns = INT64_MAX };

	list_clean(t, ch->slug);
	k.from_ns = now_of(t);
	o.span = rate_frame_from(r, l->span_s * NS_PER_S);
	if (feed_waits(f)) {
		if (o.asset != NULL)
			asset_fini(o.asset);
		free(o.asset);
	} else {
		k.from_ns = rate_frame_ns(r, feed_take_over(f, &o));
	}
	if (l->span_s != 0)
		k.until_ns = k.from_ns + l->span_s * NS_PER_S;
	k.channel = xstrdup(ch->slug);
	k.file = asset != NULL ? xstrdup(asset->path) : NULL;
	k.why = xstrdup(l->why);
	xgrow(&t->list.v, &t->list.cap, t->list.n + 1, sizeof *t->list.v);
	t->list.v[t->list.n++] = k;
	logfile(LOG_WARN, "takeover", "channel=%s event=begin why=%s file=%s "
	    "span_s=%" PRId64, logfile_value(ch->number),
	    logfile_value(l->why), asset != NULL ?
	    logfile_value(asset->path) : "-", l->span_s);
}

/* Each feed that the look is for. */
static void
look_apply(struct look *l)
{
	struct takeovers *t = l->owner;
	const struct pages *g = t->env.pages;

	for (size_t i = 0; i < g->nfeeds; i++) {
		const struct takeover *k;
		const char *slug = feed_chan(g->feeds[i])->slug;

		if (l->channel != NULL && strcmp(l->channel, slug) != 0)
			continue;
		if (!l->again) {
			put(t, g->feeds[i], l);
			continue;
		}
		k = list_find(t, slug);
		if (k != NULL && k->file != NULL && strcmp(k->file,
		    l->asset.path) == 0 && !feed_waits(g->feeds[i]))
			put_again(g->feeds[i], k, &l->asset);
	}
	if (!l->again)
		save(t);
}

/* ---- Looking at a file */

static void
settle(struct look *l, const char *wrong)
{
	struct http_answer a = { 0 };

	if (l->ticket == NULL)
		return;
	if (wrong != NULL)
		answer_text(&a, 409, wrong);
	else
		answer_done(&a);
	http_settle(l->ticket, &a);
}

static void
look_work(uv_work_t *w)
{
	struct look *l = w->data;
	const struct takeovers_env *env = &l->owner->env;

	look_at(env->ffprobe, env->shim, l->file, PROBE_MS, &l->owner->stop,
	    &l->asset);
}

/* What is wrong with it, malloc'd, or NULL. */
static char *
verdict(const struct asset *a)
{
	if (a->bad != NULL)
		return xasprintf("%s: %s", a->path, a->bad);
	if (a->duration_us < SHORTEST_US)
		return xasprintf("%s: shorter than a second", a->path);
	return NULL;
}

static void
look_free(struct look *l)
{
	asset_fini(&l->asset);
	free(l->channel);
	free(l->file);
	free(l->why);
	l->owner->looks--;
	free(l);
}

static void
look_done(uv_work_t *w, int status)
{
	struct look *l = w->data;
	char *wrong = verdict(&l->asset);

	(void)status;
	if (wrong != NULL)
		logfile(LOG_WARN, "takeover", "event=refused text=%s",
		    logfile_value(wrong));
	else if (l->owner->stop == 0)
		look_apply(l);
	settle(l, wrong);
	free(wrong);
	look_free(l);
}

/* Takes channel, file and why. */
static struct look *
look_new(struct takeovers *t, char *channel, char *file, char *why)
{
	struct look *l = xcalloc(1, sizeof *l);

	l->owner = t;
	l->channel = channel;
	l->file = file;
	l->why = why;
	l->work.data = l;
	t->looks++;
	return l;
}

static void
look_begin(struct look *l)
{
	uv_queue_work(l->owner->env.loop, &l->work, look_work, look_done);
}

/* ---- What is asked for */

/* NULL: all is well. */
static const char *
query_check(const char *query, char **file, bool *slate, int64_t *span_s)
{
	char *span = uri_query(query, "for"), *s = uri_query(query, "slate");
	const char *wrong = NULL;

	*file = uri_query(query, "file");
	*slate = s != NULL;
	*span_s = 0;
	if (span != NULL && !value_int(span, 1, SPAN_MAX_S, span_s))
		wrong = "for must be seconds, from one to 31 days";
	else if ((*file != NULL) == *slate)
		wrong = "what is to air? ?file=PATH or ?slate=1";
	else if (*file != NULL && **file != '/')
		wrong = "file must be an absolute path";
	free(span);
	free(s);
	return wrong;
}

void
takeover_post(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	struct takeovers *t = g->takeovers;
	struct look *l;
	int64_t span_s;
	bool slate;
	char *file;
	const char *wrong = query_check(q->query, &file, &slate, &span_s);

	if (wrong != NULL || t->looks >= LOOKS_MAX) {
		answer_text(a, wrong != NULL ? 400 : 503, wrong != NULL ?
		    wrong : "too many files are being looked at");
		free(file);
		return;
	}
	l = look_new(t, f != NULL ? xstrdup(feed_chan(f)->slug) : NULL, file,
	    xasprintf("takeover by uid %" PRId64, q->from.uid));
	l->span_s = span_s;
	if (slate) {
		look_apply(l);
		look_free(l);
		answer_done(a);
		return;
	}
	a->status = 202;
	l->ticket = http_hold(q);
	look_begin(l);
}

/* False where there was nothing to release. */
static bool
release(struct takeovers *t, struct feed *f, const char *why)
{
	const char *slug = feed_chan(f)->slug;
	bool any = list_find(t, slug) != NULL;

	any |= !feed_waits(f) && feed_release(f, why);
	list_clean(t, slug);
	return any;
}

void
takeover_release(struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	struct takeovers *t = g->takeovers;
	char *why = xasprintf("released by uid %" PRId64, q->from.uid);
	bool any = false;

	for (size_t i = 0; i < g->nfeeds; i++) {
		struct feed *is = g->feeds[i];

		if (f != NULL && is != f)
			continue;
		if (release(t, is, why)) {
			logfile(LOG_WARN, "takeover", "channel=%s event=end "
			    "why=%s", logfile_value(feed_chan(is)->number),
			    logfile_value(why));
			any = true;
		}
	}
	free(why);
	save(t);
	if (any)
		answer_done(a);
	else
		answer_text(a, 409, "nothing is taken over");
}

void
takeovers_apply(struct takeovers *t, struct feed *f)
{
	const struct takeover *k = list_find(t, feed_chan(f)->slug);
	struct look *l;

	if (t->unsaved)			/* since the start */
		save(t);
	if (k == NULL || feed_waits(f) || feed_is_overridden(f))
		return;
	put_again(f, k, NULL);
	if (k->file == NULL)
		return;
	l = look_new(t, xstrdup(k->channel), xstrdup(k->file),
	    xstrdup(k->why));
	l->again = true;
	look_begin(l);
}

void
takeovers_rejoin(struct takeovers *t)
{
	(void)now_of(t);
	if (t->list.n > 0)
		save(t);
}

/* ---- Begin and end */

struct takeovers *
takeovers_new(const struct takeovers_env *env)
{
	struct takeovers *t = xcalloc(1, sizeof *t);
	const char *why;
	int64_t now;

	t->env = *env;
	now = now_of(t);
	t->path = takeoverfile_path(env->state_dir);
	if (takeoverfile_load(t->path, &t->list, &why) < 0)
		logfile(LOG_WARN, "takeover", "event=not_read file=%s text=%s",
		    logfile_value(t->path), logfile_value(why));
	t->unsaved = takeover_list_settle(&t->list, now);
	return t;
}

void
takeovers_stop(struct takeovers *t)
{
	t->stop = 1;
}

void
takeovers_free(struct takeovers *t)
{
	takeover_list_fini(&t->list);
	free(t->path);
	free(t);
}
