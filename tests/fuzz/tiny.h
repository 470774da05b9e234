/* tiny.h - the smallest station that answers: one channel, which waits for
 * its library, a loader that has nothing to load, and a loop that is never
 * run. */

#ifndef TINY_H
#define TINY_H

#include <string.h>
#include <uv.h>

#include "fuzz.h"
#include "io/catchup.h"
#include "io/feed.h"
#include "io/loader.h"
#include "io/measurer.h"
#include "io/pages.h"
#include "io/reply.h"
#include "io/request.h"
#include "io/takeover.h"
#include "io/www.h"
#include "plan/chan.h"
#include "plan/format.h"
#include "plan/station.h"

#define TINY_NOW	(INT64_C(1768487400) * 1000000000)

struct tiny {
	uv_loop_t loop;
	struct station *station;
	struct chan chan;
	struct feed *feed;
	struct pages pages;
};

static int
tiny_read(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)path;
	(void)why;
	buf_adds(out, ctx);
	return 0;
}

static int64_t
tiny_now(void *ctx)
{
	(void)ctx;
	return TINY_NOW;
}

static void
tiny_wake(void *ctx)
{
	(void)ctx;
}

static int64_t
tiny_stepped(void *ctx)
{
	(void)ctx;
	return 0;
}

static void
tiny_loaded(void *ctx, struct edition *ed, const struct errs *e, size_t n)
{
	(void)ctx;
	(void)ed;
	(void)e;
	(void)n;
}

static inline void
tiny_init(struct tiny *t)
{
	static char text[] = "station: {name: 'A <&> \"B\"'}\n"
	    "http: {hosts: [tv.example.org]}\nlibraries: [{path: /tv}]\n"
	    "channels: [one.yaml]\n";
	const struct loader_env loader = {
		.loop = &t->loop, .config = "/nowhere/retrovued.yaml",
		.ffmpeg = "/nowhere/ffmpeg", .ffprobe = "/nowhere/ffprobe",
		.state_dir = "/nowhere", .now = tiny_now,
		.on_begin = tiny_wake, .on_loaded = tiny_loaded,
	};
	const struct measurer_env measurer = {
		.loop = &t->loop, .ffmpeg = "/nowhere/ffmpeg",
		.state_dir = "/nowhere", .on_measured = tiny_wake,
	};
	const struct feed_env feed = {
		.loop = &t->loop, .now = tiny_now, .wake = tiny_wake,
		.ffmpeg = "/nowhere/ffmpeg", .station = "Tiny",
		.asrun_dir = "/nowhere",
	};
	static char number[] = "5.1", slug[] = "one", name[] = "One";
	static char group[] = "", file[] = "one.yaml";
	const struct catchups_env catchups = {
		.feed = feed, .state_dir = "/nowhere",
	};
	const struct takeovers_env takeovers = {
		.loop = &t->loop, .now = tiny_now,
		.stepped = tiny_stepped, .ffprobe = "/nowhere/ffprobe",
		.state_dir = "/nowhere", .pages = &t->pages,
	};
	struct errs e = { 0 };

	need(uv_loop_init(&t->loop) == 0);
	t->station = station_load("/tv/retrovued.yaml", tiny_read, text, &e);
	need(t->station != NULL);
	t->chan = (struct chan){ .number = number, .slug = slug,
	    .name = name, .group = group, .file = file,
	    .format = format_default() };
	t->feed = feed_new(&feed, &t->chan);
	t->pages = (struct pages){
		.loop = &t->loop, .station = t->station,
		.feeds = &t->feed, .nfeeds = 1,
		.device_id = 0x1038a145, .now = tiny_now,
		.measurer = measurer_new(&measurer),
		.guides = guides_new(&t->loop, tiny_now, NULL),
		.loader = loader_new(&loader),
		.catchups = catchups_new(&catchups),
		.takeovers = takeovers_new(&takeovers),
		.www = www_new(),
	};
}

/* What a connection would have asked. */
static inline struct http_request
tiny_request(struct request *r, struct http_peer from)
{
	return (struct http_request){
		.head = r->head, .post = r->post,
		.gzip = request_takes_gzip(r), .from = from,
		.path = r->path, .query = r->query,
		.peer = "127.0.0.1:4711",
		.host = request_value(r, FIELD_HOST),
		.if_none_match = request_value(r, FIELD_IF_NONE_MATCH),
		.if_modified_since = request_value(r,
		    FIELD_IF_MODIFIED_SINCE),
		.user_agent = request_value(r, FIELD_USER_AGENT),
	};
}

static inline void
tiny_answer_fini(struct http_answer *a)
{
	buf_fini(&a->fields);
	buf_fini(&a->body);
	blob_unref(a->blob);
}

#endif
