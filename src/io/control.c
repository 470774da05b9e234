#include "io/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/xmem.h"
#include "io/answer.h"
#include "io/logfile.h"
#include "io/takeover.h"
#include "io/viewers.h"
#include "media/jsontext.h"
#include "plan/format.h"

typedef void control_fn(struct pages *g, const struct http_request *q,
    struct http_answer *a);

/* ---- Reading files anew */

/* 202: it will be in the edition of that number, see GET. */
static void
post_reload(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	uint64_t number = loader_ask(g->loader);

	(void)q;
	answer_json(a, 202, json_pack("{s:I}", "number",
	    (json_int_t)number));
}

static json_t *
json_err(const struct err_item *it)
{
	json_t *j = json_object();

	json_object_set_new(j, "file", json_text(it->file));
	json_object_set_new(j, "line", json_integer(it->line));
	json_object_set_new(j, "column", json_integer(it->column));
	json_object_set_new(j, "text", json_text(it->text));
	return j;
}

static void
counts_set(json_t *j, const struct scan_counts *c)
{
	const struct {
		const char *key;
		size_t n;
	} counts[] = {
		{ "assets", c->assets }, { "bad", c->bad },
		{ "new", c->fresh }, { "changed", c->changed },
		{ "gone", c->gone },
	};

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		json_object_set_new(j, counts[i].key,
		    json_integer((json_int_t)counts[i].n));
}

static void
get_reload(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct loader_state s = loader_state(g->loader);
	struct measurer_state m = measurer_state(g->measurer);
	json_t *faults = json_array(), *warnings = json_array();
	json_t *j = json_object();

	(void)q;
	for (size_t i = 0; i < s.errs->n; i++)
		json_array_append_new(s.errs->items[i].warning ? warnings :
		    faults, json_err(&s.errs->items[i]));
	json_object_set_new(j, "state", json_text(s.busy ? "scanning" :
	    "idle"));
	json_object_set_new(j, "done", json_integer((json_int_t)s.done));
	json_object_set_new(j, "total", json_integer((json_int_t)s.total));
	json_object_set_new(j, "number", json_integer((json_int_t)s.number));
	json_object_set_new(j, "refused", json_boolean(s.refused));
	counts_set(j, &s.counts);
	json_object_set_new(j, "measuring", m.busy ? json_pack("{s:I, s:I}",
	    "done", (json_int_t)m.done, "total", (json_int_t)m.total) :
	    json_null());
	json_object_set_new(j, "finished", s.finished_ns != 0 ?
	    json_instant(s.finished_ns) : json_null());
	json_object_set_new(j, "faults", faults);
	json_object_set_new(j, "warnings", warnings);
	answer_json(a, 200, j);
}

/* ---- Channels */

static json_t *
json_format(const struct format *f)
{
	json_t *j = json_object();

	json_object_set_new(j, "width", json_integer(f->width));
	json_object_set_new(j, "height", json_integer(f->height));
	json_object_set_new(j, "frame_rate", json_sprintf("%" PRId64 "/%"
	    PRId64, f->rate.num, f->rate.den));
	json_object_set_new(j, "video_bitrate",
	    json_integer(f->video_bitrate));
	json_object_set_new(j, "audio_codec",
	    json_text(format_codec_name(f->audio_codec)));
	json_object_set_new(j, "audio_channels", json_integer(f->channels));
	json_object_set_new(j, "audio_bitrate",
	    json_integer(f->audio_bitrate));
	return j;
}

static json_t *
json_chan(struct feed *f)
{
	const struct chan *ch = feed_chan(f);
	json_t *j = json_object();

	json_object_set_new(j, "number", json_text(ch->number));
	json_object_set_new(j, "channel", json_text(ch->slug));
	json_object_set_new(j, "name", json_text(ch->name));
	json_object_set_new(j, "group", json_text(ch->group));
	json_object_set_new(j, "mode", json_text(ch->always ? "always" :
	    "on_demand"));
	json_object_set_new(j, "format", json_format(&ch->format));
	json_object_set_new(j, "file", json_text(ch->file));
	json_object_set_new(j, "url", json_sprintf("/channel/%s/stream.ts",
	    ch->number));
	json_object_set_new(j, "active", json_boolean(feed_on_air(f)));
	json_object_set_new(j, "reason", json_text(feed_reason(f)));
	return j;
}

static void
get_channels(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *list = json_array();

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++)
		json_array_append_new(list, json_chan(g->feeds[i]));
	answer_json(a, 200, json_pack("{s:o}", "channels", list));
}

/* why: what was in the way; NULL: nothing. */
static void
answer_outcome(struct http_answer *a, const char *why)
{
	if (why == NULL)
		answer_done(a);
	else
		answer_text(a, 409, why);
}

static void
post_start(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	(void)g;
	(void)q;
	feed_operate(f, true);
	answer_done(a);
}

static void
post_stop(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	(void)g;
	(void)q;
	feed_operate(f, false);
	answer_done(a);
}

static void
post_restart(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	(void)g;
	(void)q;
	answer_outcome(a, feed_restart(f));
}

static void
post_skip(struct pages *g, struct feed *f, const struct http_request *q,
    struct http_answer *a)
{
	char *by = xasprintf("skip by uid %" PRId64, q->from.uid);

	(void)g;
	answer_outcome(a, feed_skip(f, by));
	free(by);
}

static const struct {
	const char *rest;		/* of /channel/N */
	void (*post)(struct pages *g, struct feed *f,
	    const struct http_request *q, struct http_answer *a);
} channel_commands[] = {
	{ "/start", post_start },
	{ "/stop", post_stop },
	{ "/restart", post_restart },
	{ "/skip", post_skip },
	{ "/takeover", takeover_post },
	{ "/release", takeover_release },
};

static void
post_channel(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const char *rest;
	struct feed *f = pages_find(g, q->path + strlen("/channel/"), &rest);
	size_t i = 0;

	while (i < LENGTH(channel_commands) &&
	    (f == NULL || strcmp(rest, channel_commands[i].rest) != 0))
		i++;
	if (i < LENGTH(channel_commands))
		channel_commands[i].post(g, f, q, a);
	else
		answer_text(a, 404, f == NULL ? "no such channel" :
		    "no such command");
}

static void
post_takeover(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	takeover_post(g, NULL, q, a);
}

static void
post_release(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	takeover_release(g, NULL, q, a);
}

/* ---- Log */

static void
post_log(struct pages *g, const struct http_request *q, struct http_answer *a)
{
	const char *level = strncmp(q->query, "level=", 6) == 0 ?
	    q->query + 6 : "";

	(void)g;
	if (logfile_set_level(level) == 0)
		answer_done(a);
	else
		answer_text(a, 400, "level must be error, warn, info or "
		    "debug");
}

/* ---- Table */

static const struct command {
	const char *path;		/* one that ends in '/' is a prefix */
	control_fn *get, *post;
} commands[] = {
	{ "/reload", get_reload, post_reload },
	{ "/scan", get_reload, post_reload },
	{ "/channels", get_channels, NULL },
	{ "/channel/", NULL, post_channel },
	{ "/takeover", NULL, post_takeover },
	{ "/release", NULL, post_release },
	{ "/log", NULL, post_log },
	{ "/viewers", viewers_get, NULL },
	{ "/viewers/kick", NULL, viewers_kick },
};

static const struct command *
command_find(const char *path)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		const char *p = commands[i].path;
		size_t n = strlen(p);

		if (p[n - 1] == '/' ? strncmp(p, path, n) == 0 :
		    strcmp(p, path) == 0)
			return &commands[i];
	}
	return NULL;
}

static void
post(const struct command *c, struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	if (!q->from.trusted)
		answer_text(a, 403, "only for root, the daemon's own user and "
		    "the socket's group");
	else if (c == NULL || c->post == NULL)
		a->status = 405;
	else
		c->post(g, q, a);
	if (a->status == 405)
		a->allow = "GET, HEAD";
	logfile(a->status < 300 ? LOG_INFO : LOG_WARN, "control",
	    "path=%s query=%s uid=%" PRId64 " pid=%" PRId64 " status=%d",
	    logfile_value(q->path), logfile_value(q->query), q->from.uid,
	    q->from.pid, a->status);
}

bool
control_answer(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const struct command *c = command_find(q->path);

	if (q->post)
		post(c, g, q, a);
	else if (c != NULL && c->get != NULL)
		c->get(g, q, a);
	else if (c != NULL && c->post != post_channel)
		*a = (struct http_answer){ .status = 405, .allow = "POST" };
	else
		return false;
	return true;
}
