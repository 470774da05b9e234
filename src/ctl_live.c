#include "ctl_live.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "base/rate.h"
#include "ctl_http.h"
#include "ctl_table.h"

#define CLOCKS_S	60	/* that a daemon's clock may be off at most */

static const char *
text_of(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

/* Text of the daemon's, made safe for a terminal. */
static void
add_clean(struct buf *out, const char *text)
{
	char *clean = table_clean(text, 0);

	buf_adds(out, clean);
	free(clean);
}

static void
add_override(struct buf *out, const json_t *o)
{
	const char *kind = text_of(o, "kind"), *why = text_of(o, "why");
	const char *file = text_of(o, "file");

	add_clean(out, why != NULL ? why : kind != NULL ? kind : "override");
	if (kind != NULL && strcmp(kind, "skip") == 0) {
		buf_adds(out, ", so that what follows airs early");
	} else {
		buf_adds(out, ", of ");
		add_clean(out, file != NULL ? file : "the slate");
	}
}

static void
add_instead(struct buf *out, const json_t *channel)
{
	const json_t *o = json_object_get(channel, "override");
	const char *reason = text_of(channel, "reason");

	if (reason != NULL) {
		buf_adds(out, "nothing: ");
		add_clean(out, reason);
	} else if (json_is_true(json_object_get(channel, "slate"))) {
		buf_adds(out, "the slate, for want of anything else");
	} else if (json_is_true(json_object_get(channel, "filler"))) {
		buf_adds(out, "filler, for want of anything else");
	} else if (json_is_object(o)) {
		add_override(out, o);
	}
}

/* A daemon may have been told to live in another time. */
static bool
is_now(const json_t *channel, int64_t now_s)
{
	const char *time = text_of(channel, "time");
	int64_t ns = time != NULL ? instant_parse(time) : -1;

	return time == NULL || (ns >= 0 &&
	    llabs(ns / NS_PER_S - now_s) <= CLOCKS_S);
}

void
ctl_live_add(struct buf *out, const char *socket, const char *slug,
    int64_t now_s)
{
	struct buf target = { 0 }, body = { 0 };
	json_t *j = NULL;

	buf_addf(&target, "/channel/%s/status", slug);
	if (ctl_http_ask(socket, "GET", buf_str(&target), &body) == CTL_OK)
		j = json_loadb(buf_str(&body), body.len, 0, NULL);
	if (json_is_object(j) && is_now(j, now_s))
		add_instead(out, j);
	json_decref(j);
	buf_fini(&body);
	buf_fini(&target);
}
